"""A small invented city, written straight into the registers: three people, two homes, one company, and those who look at them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import islice

from datong import ledger, share
from datong.domain.codes import issue
from datong.registers import write_facts
from datong.settings import Settings
from datong.spec import load_packs
from datong.store import Session, Store
from datong.web import NewAccount, NewKey, create_account, create_api_key

PASSWORD = "correct horse"
NOW = "2026-11-20T02:00:00+00:00"
KEY = b"small city key for tests only!!!"
OWNER_ID = "370303199001011239"
TENANT_ID = "370303198505052320"
CHILD_ID = "370303201503038618"
CREDIT_CODE = "91370303MA3C000004"
TITLE_NO = "370303001001GB00001F00010001"
PHONE = "13800000001"
PLATE = "鲁CA1234"
(_, OWNER), (_, TENANT), (_, CHILD) = islice(issue("person", -1, KEY), 3)
(_, HOME), (_, SHOP) = islice(issue("premises", -1, KEY), 2)
((_, FIRM),) = islice(issue("organisation", -1, KEY), 1)
MARK = "d00000000000000000000001"
ADDRESS = "山东省淄博市张店区四宝山街道鸿泰家园3号楼2单元501室"
SHOP_ADDRESS = "山东省淄博市张店区四宝山街道政通路77号商铺1号"


@dataclass
class SmallCity:
    """What tests need to know of it."""

    keys: dict[str, str] = field(default_factory=dict)
    """Name → secret of an API key."""


ACCOUNTS = (
    NewAccount("clerk", PASSWORD, "王窗口", "officer", "approval", "政务服务大厅", ("window_clerk",), ("3703",), demo_note="窗口核验"),
    NewAccount(
        "registrar",
        PASSWORD,
        "孙登记",
        "officer",
        "market_regulation",
        "登记注册科",
        ("officer",),
        ("3703",),
        demo_note="登记核验",
    ),
    NewAccount("steward", PASSWORD, "李管家", "officer", "data", "数据管理科", ("steward",), ("",), demo_note="数据治理"),
    NewAccount("auditor", PASSWORD, "赵审计", "officer", "data", "审计科", ("auditor",), ("",), demo_note="审计"),
    NewAccount("keeper", PASSWORD, "何共享", "officer", "data", "共享协调科", ("sharing_manager",), ("",), demo_note="审核目录"),
    NewAccount("head", PASSWORD, "吕主任", "officer", "urban_management", "办公室", ("sharing_officer",), ("3703",), demo_note="签批目录"),
    NewAccount("urban_steward", PASSWORD, "施录", "officer", "urban_management", "数据科", ("steward",), ("3703",), demo_note="编制目录"),
    NewAccount("leader", PASSWORD, "钱主任", "officer", "sub_district", "四宝山街道", ("leader",), ("370303",), demo_note="看辖区概况"),
    NewAccount("grid", PASSWORD, "周网格", "officer", "sub_district", "鸿泰社区", ("grid_worker",), ("370303",), demo_note="走访"),
    NewAccount("owner", PASSWORD, "张三", "citizen", subject=OWNER, demo_note="看谁查过自己，出示房码"),
    NewAccount("tenant", PASSWORD, "李四", "citizen", subject=TENANT, demo_note="租客"),
)


def fill(store: Store, settings: Settings) -> SmallCity:
    """Write the city into an empty migrated store."""
    packs = load_packs(settings.packs)
    share.install(store, settings, packs)
    ledger.make_keys(settings.home, settings.origin)
    city = SmallCity()
    with store.session() as session:
        for account in ACCOUNTS:
            create_account(session, account)
        registrar = NewKey("登记系统", "market_regulation", ("gate_registrar_system",), ("market_enterprise",))
        city.keys["registrar"] = create_api_key(session, registrar, NOW)
        window = ("approval_window_person", "approval_window_premises", "approval_window_organisation")
        city.keys["window"] = create_api_key(session, NewKey("综合窗口系统", "approval", window), NOW)
        _entries(session)
        _relations(session)
        _mark(session)
    return city


def _entries(session: Session) -> None:
    _entry(
        session, OWNER, "person", "370303", "张三",
        {"name": "张三", "citizen_id": OWNER_ID, "sex": "male", "birth_date": "1990-01-01", "phone": PHONE, "plate": PLATE,
         "registered_address": ADDRESS, "marital_status": "married"},
        {"citizen_id": OWNER_ID, "phone": PHONE, "plate": PLATE, "name_birth": "张三|1990-01-01"},
    )  # fmt: skip
    _entry(
        session, TENANT, "person", "370303", "李四",
        {"name": "李四", "citizen_id": TENANT_ID, "sex": "female", "birth_date": "1985-05-05", "phone": "13800000002"},
        {"citizen_id": TENANT_ID, "phone": "13800000002", "name_birth": "李四|1985-05-05"},
    )  # fmt: skip
    _entry(session, CHILD, "person", "370303", "张小三", {"name": "张小三", "citizen_id": CHILD_ID}, {"citizen_id": CHILD_ID})
    _entry(
        session, HOME, "premises", "370303", ADDRESS,
        {"standard_address": ADDRESS, "address": ADDRESS, "title_unit_no": TITLE_NO, "area": "98.50", "use": "residential",
         "street": "四宝山街道", "community": "鸿泰社区", "estate": "鸿泰家园",
         "building": "3号楼", "entrance": "2单元", "room": "501", "owner_name": "张三"},
        {"title_no": TITLE_NO, "address": ADDRESS},
    )  # fmt: skip
    _entry(
        session, SHOP, "premises", "370303", SHOP_ADDRESS,
        {"standard_address": SHOP_ADDRESS, "address": SHOP_ADDRESS, "use": "commercial", "area": "40.00",
         "street": "四宝山街道", "owner_name": "李四"},
        {"title_no": "370303001001GB00001F00020001", "address": SHOP_ADDRESS},
    )  # fmt: skip
    _entry(
        session, FIRM, "organisation", "370303", "淄博鸿泰小超市有限公司",
        {"org_name": "淄博鸿泰小超市有限公司", "credit_code": CREDIT_CODE, "status": "active", "org_type": "有限责任公司",
         "founded_on": "2024-05-01", "registered_address": SHOP_ADDRESS, "legal_representative": "张三"},
        {"credit_code": CREDIT_CODE, "org_name": "淄博鸿泰小超市有限公司"},
    )  # fmt: skip


def _entry(session: Session, code: str, kind: str, division: str, label: str, values: dict[str, str], keys: dict[str, str]) -> None:
    facts = {name: [_fact(kind, name, value, "won")] for name, value in values.items()}
    if code == HOME:
        facts["area"].append({**_fact(kind, "area", "96.20", "conflict"), "resource": "housing_contract", "department": "housing"})
    session.run(
        "INSERT INTO subject (code, kind, serial, issued_at, state, merged_into) VALUES (:code, :kind, :serial, :at, 'active', '')",
        {"code": code, "kind": kind, "serial": sum(map(ord, code)), "at": NOW},
    )
    session.run(
        "INSERT INTO entry (code, kind, division, label, body) VALUES (:code, :kind, :division, :label, :body)",
        {"code": code, "kind": kind, "division": division, "label": label, "body": write_facts(facts)},
    )
    for key_type, value in {**keys, "code": code}.items():
        session.run(
            "INSERT INTO entry_key (key_type, key_value, code, kind) VALUES (:type, :value, :code, :kind)",
            {"type": key_type, "value": value, "code": code, "kind": kind},
        )


def _fact(kind: str, name: str, value: str, state: str) -> dict[str, str]:
    resource, department = {
        "person": ("police_household", "police"),
        "organisation": ("market_enterprise", "market_regulation"),
        "premises": ("estate_title", "natural_resources"),
    }[kind]
    return {
        "value": value, "raw": value, "resource": resource, "department": department, "record": "r1", "delivery": "d000001",
        "as_of": "2026-11-01", "state": state, "why": "authority",
    }  # fmt: skip


DEPARTMENTS = {
    "estate": "natural_resources",
    "grid": "sub_district",
    "police": "police",
    "housing": "housing",
    "market": "market_regulation",
    "health": "health",
}


def _relations(session: Session) -> None:
    ties = (
        (OWNER, "owns", HOME, "estate_title", "2018-06-01"),
        (OWNER, "lives_at", HOME, "grid_visit", "2018-07-01"),
        (OWNER, "household_registered_at", HOME, "police_household", "2018-09-01"),
        (TENANT, "owns", SHOP, "estate_title", "2020-03-01"),
        (OWNER, "rents", SHOP, "housing_lease", "2024-04-01"),
        (OWNER, "legal_representative_of", FIRM, "market_enterprise", "2024-05-01"),
        (FIRM, "registered_at", SHOP, "market_enterprise", "2024-05-01"),
        (CHILD, "child_of", OWNER, "health_birth", "2015-03-03"),
    )
    for start, kind, end, resource, since in ties:
        session.run(
            "INSERT INTO relation (from_code, type, to_code, resource, record_id, department, since, until, as_of, delivery_id, detail) "
            "VALUES (:start, :kind, :end, :resource, :record, :department, :since, '', '2026-11-01', 'd000001', '{}')",
            {
                "department": DEPARTMENTS[resource.partition("_")[0]],
                "start": start,
                "kind": kind,
                "end": end,
                "resource": resource,
                "record": f"{start}{kind}",
                "since": since,
            },
        )


def _mark(session: Session) -> None:
    """A conflict on the flat's area, with its case on the registry's list."""
    detail = {"records": [{"resource": "housing_contract", "record": "r1", "reason": "outranked"}], "number": 1}
    session.run(
        "INSERT INTO mark (mark_id, code, field, kind, state, derived, detail, raised_at, raised_by, owner, source, says) "
        "VALUES (:id, :code, 'area', 'conflict', 'open', 1, :detail, :at, '', 'natural_resources', 'housing_contract', 's')",
        {"id": MARK, "code": HOME, "at": NOW, "detail": json.dumps(detail)},
    )
    session.run(
        "INSERT INTO mark_case (mark_id, code, field, kind, says, derived, owner, source, state, since, due, taken_by, reason, probe, "
        "settled_at, settled_by) VALUES (:id, :code, 'area', 'conflict', 's', 1, 'natural_resources', 'housing_contract', 'open', :at, "
        "'2026-12-20', '', '', '', '', '')",
        {"id": MARK, "code": HOME, "at": NOW},
    )
