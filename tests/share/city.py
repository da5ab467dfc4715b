"""A tiny city straight in the registers' tables, for what the door does with them. Every person is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from datong.domain.access import Actor, Register
from datong.domain.codes import issue
from datong.domain.identifiers import citizen_check, credit_check
from datong.registers import write_facts
from datong.store import Session

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
KEY = b"k" * 32
_SERIALS = count(100, 10)


def citizen_id(first17: str) -> str:
    return first17 + citizen_check(first17)


def credit_code(first17: str) -> str:
    return first17 + credit_check(first17)


WANG_ID = citizen_id("37030319850101001")
LI_ID = citizen_id("37030319900202002")
ZHAO_ID = citizen_id("37030519770303003")
TITLE = "370303008001GB00001F00010001"
OTHER_TITLE = "370303008001GB00001F00010002"
FAR_TITLE = "370304001001GB00001F00010001"
FIRM_CREDIT = credit_code("91370303MA3CABCDE")


@dataclass
class City:
    """Writes entries, keys, relations and marks; remembers the codes by a short name."""

    session: Session
    codes: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.codes[name]

    def add(self, name: str, kind: Register, division: str, facts: dict[str, Any], keys: dict[str, str]) -> str:
        serial, code = next(issue(kind, next(_SERIALS), KEY))
        self.codes[name] = code
        label = {"person": "name", "organisation": "org_name", "premises": "standard_address"}[kind]
        values = {field: value if isinstance(value, list) else [fact(value)] for field, value in facts.items()}
        body = write_facts(values)
        self.session.run(
            "INSERT INTO subject (code, kind, serial, issued_at, state, merged_into) VALUES (:code, :kind, :serial, '', 'active', '')",
            {"code": code, "kind": kind, "serial": serial},
        )
        params = {"code": code, "kind": kind, "division": division, "label": values[label][0]["value"], "body": body}
        self.session.run("INSERT INTO entry (code, kind, division, label, body) VALUES (:code, :kind, :division, :label, :body)", params)
        for key_type, value in keys.items():
            params = {"t": key_type, "v": value, "code": code, "kind": kind}
            self.session.run("INSERT INTO entry_key (key_type, key_value, code, kind) VALUES (:t, :v, :code, :kind)", params)
        return code

    def tie(self, source: str, kind: str, target: str, until: str = "") -> None:
        self.session.run(
            "INSERT INTO relation (from_code, type, to_code, resource, record_id, since, until, as_of, delivery_id, detail, department) "
            "VALUES (:f, :t, :o, 'real_estate_title', 'r1', '2020-01-01', :u, '2026-09-30', 'd000001', '{}', 'natural_resources')",
            {"f": self[source], "t": kind, "o": self[target], "u": until},
        )


def fact(value: str, resource: str = "real_estate_title", state: str = "won", department: str = "natural_resources") -> dict[str, str]:
    return {
        "value": value,
        "raw": value,
        "resource": resource,
        "department": department,
        "record": "0" * 32,
        "delivery": "d000001",
        "as_of": "2026-09-30",
        "state": state,
        "why": "",
    }


def fill(session: Session) -> City:
    """Wang owns a flat and lets it to Li; a firm is registered there; Zhao's flat lies in another district."""
    city = City(session)
    person = {"sex": "male", "birth_date": "1985-01-01", "phone": "13812341234", "address": "淄博市高新区柳泉路1号3号楼2单元1501室"}
    city.add(
        "wang", "person", "370303008", {"name": "王小明", "citizen_id": WANG_ID, **person}, {"citizen_id": WANG_ID, "phone": "13812341234"}
    )
    city.add("li", "person", "370303008", {"name": "李小红", "citizen_id": LI_ID}, {"citizen_id": LI_ID})
    city.add("zhao", "person", "370304001", {"name": "赵大力", "citizen_id": ZHAO_ID, "former_name": "赵力"}, {"citizen_id": ZHAO_ID})
    city.add("flat", "premises", "370303008001", _flat("1501"), {"title_no": TITLE})
    city.add("next_door", "premises", "370303008001", _flat("1502"), {"title_no": OTHER_TITLE})
    far = {"standard_address": "淄博市博山区中心路9号1号楼101室", "use": "residential", "title_unit_no": FAR_TITLE}
    city.add("far_flat", "premises", "370304001001", far, {"title_no": FAR_TITLE})
    firm = {"org_name": "淄博明月商贸有限公司", "credit_code": FIRM_CREDIT, "status": "active", "legal_representative": "王小明"}
    city.add("firm", "organisation", "370303008", firm, {"credit_code": FIRM_CREDIT})
    closed = {"org_name": "淄博旧日商行", "credit_code": credit_code("91370303MA3CABCDF"), "status": "revoked"}
    city.add("closed_firm", "organisation", "370303008", closed, {"credit_code": closed["credit_code"]})
    city.tie("wang", "owns", "flat")
    city.tie("li", "rents", "flat")
    city.tie("li", "lives_at", "flat")
    city.tie("firm", "registered_at", "flat")
    city.tie("zhao", "owns", "far_flat")
    return city


def _flat(room: str) -> dict[str, Any]:
    return {
        "standard_address": f"淄博市高新区柳泉路1号3号楼2单元{room}室",
        "use": [fact("residential"), fact("commercial", "rental_filing", "conflict", "housing")],
        "area": "89.50",
        "title_unit_no": TITLE if room == "1501" else OTHER_TITLE,
        "division": "370303008001",
        "estate": "柳泉花园",
        "building": "3号楼",
        "room": room,
        "contact": "13812341234",
        "certificate_no": "鲁(2020)淄博市不动产权第0012345号",
    }


def clerk(department: str = "market_regulation", **changes: Any) -> Actor:
    """A clerk at a window of Zhangdian district and the high-tech zone."""
    values: dict[str, Any] = {
        "id": f"clerk_{department}",
        "name": "窗口甲",
        "kind": "officer",
        "department": department,
        "unit": "3号窗口",
        "roles": frozenset({"window_clerk"}),
        "jurisdiction": ("370303",),
        **changes,
    }
    return Actor(**values)


def citizen(code: str, name: str = "wang") -> Actor:
    return Actor(id=f"citizen_{name}", name=name, kind="citizen", subject=code)


def steward() -> Actor:
    return Actor(id="steward_1", name="管家", kind="officer", department="data", roles=frozenset({"steward"}), jurisdiction=("",))
