"""A stranger in another district, planted with values that stand nowhere else, and accounts that have no right to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.archived import file_one
from tests.web.identity_asks import her_sign_in
from tests.web.open_city import know_the_firm, open_the_firm
from tests.web.small_city import CREDIT_CODE, KEY, NOW, PASSWORD, SHOP_ADDRESS, TENANT_ID, SmallCity, _entry, fill

from datong import fuse, licences, services, share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.codes import issue
from datong.domain.identifiers import citizen_check
from datong.settings import Settings, load_settings
from datong.share import open_data
from datong.share.notices import Message, notify
from datong.store import Session, Store, migrate, open_store
from datong.web import NewAccount, NewKey, create_account, create_api_key, create_app, sign_ins
from datong.web.accounts import find_actor

STRANGER = list(islice(issue("person", -1, KEY), 7))[6][1]
FAR = list(islice(issue("premises", -1, KEY), 3))[2][1]
FAR_FIRM = list(islice(issue("organisation", -1, KEY), 2))[1][1]
NAME, WHAT = "欧阳隐秘", "只有她自己说过的话在这里"
CITIZEN_ID = "37030419790909002" + citizen_check("37030419790909002")
CALLED, CAR, TITLE = "13899990001", "鲁C9X9X9", "370304009009GB00009F00090009"
PLACE, FIRM_NAME = "山东省淄博市博山区隐秘路9号9号楼909室", "淄博隐秘商贸有限公司"
SECRETS = (NAME, CITIZEN_ID, CALLED, CAR, TITLE, PLACE, "隐秘路", FIRM_NAME, WHAT, "欧**", "370304********")
WRONG = ("370303",)
"""Where those who ask are in charge: the stranger lives elsewhere."""
DEPARTMENTS = ("sub_district", "data")
"""Their agreements open people and homes of the asker's own area only."""

SHARED = {"resource": "police_household", "form": "csv", "what": "board", "demand_id": "N20261120-0001"}
"""Of the catalogue, which holds nothing of anybody's."""


STANDING = "SELECT w.state, d.state, d.version, a.sha256, x.state FROM open_wish w, open_dataset d, case_archive a, archive_disposal x"
"""What stands of open data and archives, which nobody of the askers may change."""


@dataclass
class Planted:
    """The stranger's things, by what a route calls them."""

    store: Store
    settings: Settings
    keys: dict[str, str]
    params: dict[str, str]
    roles: tuple[str, ...]

    def client(self) -> TestClient:
        return TestClient(create_app(self.settings, self.store), follow_redirects=False)

    def path(self, route: Any) -> str:
        """The route's address with the stranger's things in it; a new kind of parameter must be planted here first."""
        unknown = set(re.findall(r"\{(\w+)", route.path)) - set(self.params)
        assert not unknown, f"{route.path}: plant something of the stranger's for {unknown} in tests/web/test_every_route.py"
        return re.sub(r"\{(\w+)[^}]*\}", lambda found: self.params[found[1]], route.path)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    settings = load_settings(tmp_path_factory.mktemp("planted"), {}, demo="1", rate_per_minute="1000000")
    store = open_store(settings)
    migrate(store)
    city = fill(store, settings)
    with store.session() as session:
        roles = tuple(sorted(share.installed(session).roles))
        _plant(session)
        _make_askers(session, city, roles)
        params = (
            _her_licences(session) | _her_things(session) | _her_links(session) | _their_doors(session) | SHARED | _others_matters(session)
        )
        params |= _open_to_all(session) | file_one(session)
    params |= _her_delivery(store, settings, city)
    yield Planted(store, settings, city.keys, params, roles)
    store.close()


def _open_to_all(session: Session) -> dict[str, str]:
    """Data that the city opened to everybody; what the stranger asked to be opened, and something reported of the data."""
    know_the_firm(session)
    code = open_the_firm(session)
    actor = find_actor(session, "stranger")
    assert actor is not None
    asked = open_data.wish(session, actor, open_data.WishedFor("公交到站数据", "做一个出行提醒小程序", "transport"))
    told = open_data.report_correction(session, code, "登记状态与实际不符")
    return {"dataset": code, "wish_id": asked.wish_id, "correction_id": told.correction_id}


def _plant(session: Session) -> None:
    person = {
        "name": NAME,
        "citizen_id": CITIZEN_ID,
        "phone": CALLED,
        "plate": CAR,
        "address": PLACE,
        "sex": "female",
        "birth_date": "1979-09-09",
    }
    keys = {"citizen_id": CITIZEN_ID, "phone": CALLED, "plate": CAR, "name_birth": f"{NAME}|1979-09-09"}
    _entry(session, STRANGER, "person", "370304009", NAME, person, keys)
    home = {"standard_address": PLACE, "address": PLACE, "title_unit_no": TITLE, "use": "residential", "owner_name": NAME}
    _entry(session, FAR, "premises", "370304009", PLACE, home, {"title_no": TITLE, "address": PLACE})
    _entry(
        session,
        FAR_FIRM,
        "organisation",
        "370304009",
        FIRM_NAME,
        {"org_name": FIRM_NAME, "legal_representative": NAME},
        {"org_name": FIRM_NAME},
    )
    for start, kind, end in ((STRANGER, "owns", FAR), (FAR_FIRM, "registered_at", FAR), (STRANGER, "legal_representative_of", FAR_FIRM)):
        session.run(
            "INSERT INTO relation (from_code, type, to_code, resource, record_id, department, since, until, as_of, delivery_id, detail) "
            "VALUES (:a, :kind, :b, 'estate_title', :a, 'natural_resources', '2020-01-01', '', '2026-11-01', 'd000001', '{}')",
            {"a": start, "kind": kind, "b": end},
        )
    for code, field in ((FAR, "area"), (STRANGER, "phone"), (FAR_FIRM, "status")):
        session.run(
            "INSERT INTO mark (mark_id, code, field, kind, state, derived, detail, raised_at, raised_by) "
            "VALUES (:id, :code, :field, 'conflict', 'open', 1, '{}', :at, '')",
            {"id": f"far-{field}", "code": code, "field": field, "at": NOW},
        )
    sql = "INSERT INTO change (seq, at, code, kind, what, detail) VALUES (:seq, :at, :code, :register, 'changed', '{}')"
    for seq, (code, register) in enumerate(((STRANGER, "person"), (FAR, "premises"), (FAR_FIRM, "organisation")), 9001):
        session.run(sql, {"seq": seq, "at": NOW, "code": code, "register": register})


def _make_askers(session: Session, city: SmallCity, roles: tuple[str, ...]) -> None:
    for role in (*(one for one in roles if one != "citizen"), "none"):
        held = () if role == "none" else (role,)
        for department in DEPARTMENTS:
            create_account(session, NewAccount(f"{role}@{department}", PASSWORD, "某人", "officer", department, "一科", held, WRONG))
    create_account(session, NewAccount("everything", PASSWORD, "某人", "officer", "approval", "一科", roles, ("",)))
    create_account(session, NewAccount("far_steward", PASSWORD, "某人", "officer", "data", "一科", ("steward",), ("370304",)))
    create_account(session, NewAccount("stranger", PASSWORD, NAME, "citizen", subject=STRANGER))
    near = NewKey("本区系统", "police", ("residence_person", "residence_premises"), ("police_household",), WRONG)
    city.keys["near"] = create_api_key(session, near, NOW)
    city.keys["nothing"] = create_api_key(session, NewKey("没有协议", "approval", (), (), ("",)), NOW)


def _her_things(session: Session) -> dict[str, str]:
    """A pass, a consent, a report, a message, a look at her, and something typed at her own browser."""
    actor = find_actor(session, "stranger")
    assert actor is not None
    made = share.issue_pass(session, actor, share.NewPass(FAR, "window_service", timedelta(days=1)))
    consent = share.give_consent(session, actor, "civil_affairs", "means_test", timedelta(days=30))
    civil = Actor("civil", "某人", "officer", "civil_affairs", roles=frozenset({"officer"}), jurisdiction=("",))
    key, why = Key("citizen_id", CITIZEN_ID), Reason("case", "救2026-1")
    asked = share.ask_consent(session, civil, share.WantedConsent("means_test", key, reason=why)).request
    assert asked is not None
    named = share.mandates.NewMandate("李四", TENANT_ID, ("consent",), (), datetime.now(UTC).date() + timedelta(days=30))
    mandate = share.mandates.name_agent(session, actor, named).mandate
    assert mandate is not None
    dispute = share.report_wrong(session, actor, share.Wrong(FAR, "use", WHAT))
    notice = notify(session, STRANGER, Message("note", (NAME, NAME), (WHAT, WHAT), (("premises", FAR), ("pass", made.pass_id))), NOW)
    look = share.ask(session, actor, Question("own_data", "look_up", "person", Key("code", STRANGER)))
    mark = session.one("SELECT mark_id FROM mark_case WHERE code = :code", {"code": FAR})
    token = sign_ins.start(session, "stranger", datetime.now(UTC))
    kept = sign_ins.keep_lookup(session, sign_ins.secret_hash(token), {"text": CITIZEN_ID, "birth_date": ""}, datetime.now(UTC))
    return {
        "code": FAR, "pass_id": made.pass_id, "consent_id": consent.consent_id, "request_id": asked.request_id, "mandate_id": mandate.mandate_id, "dispute_id": dispute.dispute_id, "notice_id": notice,
        "line_id": look.lines[0], "mark_id": mark[0] if mark else "", "sample_id": "Q20261120-001", "number": "1", "lookup_id": kept, "kept_id": kept, "register": "premises", "slug": "refused",
        "path": "0/000", "resource": "market_enterprise", "row_no": "2", "service": "restaurant_opening", "seat": "owner", **_her_case(session, actor),
    } | her_sign_in(session, actor)  # fmt: skip


def _her_licences(session: Session) -> dict[str, str]:
    """A licence of hers, her word that counters may use it, and a document that waits for her signature."""
    actor = find_actor(session, "stranger")
    assert actor is not None
    federation = Actor("federation", "某人", "officer", "disabled_federation", roles=frozenset({"officer"}), jurisdiction=("",))
    facts = {"holder_name": NAME, "citizen_id": CITIZEN_ID, "kind": WHAT, "level": "二级", "number": TITLE, "address": PLACE}
    made = licences.issue(session, federation, licences.NewLicence("disability_card", STRANGER, facts))
    agreed = licences.agree(session, actor, "disability_card", "civil_affairs", timedelta(days=30))
    asked = licences.ask_signature(session, federation, STRANGER, "0" * 64, WHAT)
    return {
        "licence_id": made.licence_id,
        "agreed_id": agreed.agreed_id,
        "signature_id": asked.signature_id,
        "type": "disability_card",
        "list_id": "disability_card-0",
    }


def _her_case(session: Session, actor: Actor) -> dict[str, str]:
    """An application of hers, which waits to be accepted, with a paper; and a draft."""
    form = {
        "credit_code": CREDIT_CODE,
        "firm": FIRM_NAME,
        "premises": TITLE,
        "shop_name": WHAT,
        "area": "80",
        "dishes": "hot",
        "seats": "20",
    }
    answers = {"tobacco": "no", "sign": "no", "own": "yes"}
    now = datetime.now(UTC)
    papers = services.take_papers(session, {"layout": (f"{NAME}.pdf", b"%PDF-1.7 " + WHAT.encode())})
    wanted = services.NewCase("restaurant_opening", answers=answers, form=form, papers=papers)
    case_id = services.begin(session, actor, wanted, now=now).case.case_id
    row = session.one("SELECT paper_id FROM service_paper WHERE case_id = :id", {"id": case_id})
    assert row is not None
    draft = services.keep_draft(session, actor, services.Draft("", "restaurant_opening", {}, {"shop_name": WHAT}), now=now)
    return {"case_id": case_id, "paper_id": row[0], "draft_id": draft}


def _her_links(session: Session) -> dict[str, str]:
    """A record that may be hers and waits for a reviewer, and a judgement on it."""
    sql = (
        "INSERT INTO member (resource, record_id, role, kind, code, delivery_id, as_of, rule, score, evidence, body) "
        "VALUES (:resource, :record, 'person', 'person', :code, 'd000001', '2026-11-01', :rule, 0, '', :body)"
    )
    said = json.dumps({"f": {"name": NAME, "phone": CALLED, "citizen_id": CITIZEN_ID}}, ensure_ascii=False)
    for resource, record, code, rule in (("health_file", "far1", "", "unsure"), ("police_household", "far2", STRANGER, "citizen_id")):
        session.run(sql, {"resource": resource, "record": record, "code": code, "rule": rule, "body": said})
    ref = "health_file/far1/person"
    evidence = json.dumps([["name", "same", 7.0], ["phone", "one_digit", 2.0]])
    session.run(
        "INSERT INTO unsure (kind, left_ref, right_code, score, evidence) VALUES ('person', :ref, :code, 9.0, :evidence)",
        {"ref": ref, "code": STRANGER, "evidence": evidence},
    )
    share.sync_reviews(session)
    number = fuse.judge(session, "person", ref, STRANGER, "unsure", by="far_steward", at=NOW, note=WHAT)
    row = session.one("SELECT pair_id FROM review WHERE left_ref = :ref", {"ref": ref})
    assert row is not None
    return {"pair_id": row[0], "judgement_id": str(number)}


def _their_doors(session: Session) -> dict[str, str]:
    """An approved extract that would hold her, a subscription and a dead letter: another office's, another system's."""
    names = [
        "department",
        "asked_by",
        "asked_name",
        "purpose",
        "register",
        "agreement",
        "question",
        "reason",
        "form",
        "state",
        "asked_at",
        "decided_by",
        "decided_at",
        "said",
        "expires_at",
    ]
    asked = dict.fromkeys(names, "") | {"department": "data", "asked_by": "far_steward", "purpose": "data_mending", "register": "person"}
    asked |= {"agreement": "mending_person", "question": '{"fields": [], "where": []}', "reason": "核对数据", "form": "csv"}
    asked |= {"state": "approved", "asked_at": NOW, "expires_at": "2036-01-01T00:00:00+00:00", "extract_id": "E20261120-9001"}
    columns = ("extract_id", *names)
    sql = (
        f"INSERT INTO door_extract ({', '.join(columns)}, takes, rows, sha256) VALUES ({', '.join(':' + one for one in columns)}, 0, 0, '')"
    )
    session.run(sql, asked)
    session.run(
        "INSERT INTO door_subscription (subscription_id, key_id, department, url, since, state, made_at, attempts, failing_since, due_at, "
        "error, told_at) VALUES ('S900001', 'key_far', 'police', 'https://far.example/x', 0, 'halted', :at, 0, '', :at, '', '')",
        {"at": NOW},
    )
    session.run(
        "INSERT INTO door_dead_letter (letter_id, subscription_id, department, first_seq, last_seq, events, attempts, error, died_at, state, "
        "settled_by, settled_at) VALUES ('D900001', 'S900001', 'police', 1, 2, 2, 9, 'HTTP 500', :at, 'dead', '', '')",
        {"at": NOW},
    )
    session.run(
        "INSERT INTO door_stop (stop_id, scope, target, reason, stopped_by, stopped_at, until, lifted_by, lifted_at, lift_reason) "
        "VALUES ('T20261120-9001', 'purpose', 'tax_service', '演练', 'far_steward', :at, :at, '', '', '')",
        {"at": NOW},
    )
    return {"stop_id": "T20261120-9001", "extract_id": "E20261120-9001", "subscription_id": "S900001", "letter_id": "D900001"}


def _others_matters(session: Session) -> dict[str, str]:
    """A request and an agreement between two other departments, and an alert about its use."""
    terms = {
        "register": "premises",
        "operations": ["look_up"],
        "rows": {"jurisdiction": "city"},
        "fields": {"standard_address": "plain"},
        "claims": [],
        "keys": ["code"],
        "roles": ["officer"],
        "systems": True,
        "valid_from": "2026-01-01",
        "valid_to": "2028-12-31",
    }
    papers = dict.fromkeys(("use_basis", "scene", "scope", "safety"), "租房提取公积金核对房屋，仅限窗口使用")
    for name, department in (("fund_head", "housing_fund"), ("estate_head", "natural_resources")):
        create_account(session, NewAccount(name, PASSWORD, "某人", "officer", department, "一科", ("sharing_officer",), WRONG))
    asks, gives = find_actor(session, "fund_head"), find_actor(session, "estate_head")
    assert asks is not None and gives is not None
    asked = share.Asked("租房提取核验", "natural_resources", "rental_registration", terms, papers)
    number = share.draft_request(session, asks, asked).request_id
    code = ""
    for who, act in ((asks, "submit"), (gives, "complete"), (gives, "accept")):
        code = share.advance_request(session, who, number, share.DoingRequest(act)).agreement
    for who in (asks, gives):
        share.sign_agreement(session, who, code, 1)
    row = {"id": "W20261120-0001", "agreement": code, "at": NOW}
    session.run(
        "INSERT INTO share_alert (alert_id, kind, agreement, actor, department, day, found, usual, state, raised_at, answer, answered_by, "
        "answered_at) VALUES (:id, 'rate', :agreement, 'a', 'housing_fund', '2026-11-20', 99, 9, 'open', :at, '', '', '')",
        row,
    )
    return {"request_id": number, "agreement": code, "alert_id": row["id"]}


def _her_delivery(store: Store, settings: Settings, city: SmallCity) -> dict[str, str]:
    """A delivery in which a row that speaks of her waits."""
    rows = [
        {"主体身份代码": "E1", "企业名称": "淄博好邻居商店", "登记状态": "存续", "住所": SHOP_ADDRESS},
        {"主体身份代码": "E2", "企业名称": FIRM_NAME, "统一社会信用代码": "123", "法定代表人": NAME, "法定代表人证件号码": CITIZEN_ID},
    ]
    with TestClient(create_app(settings, store)) as client:
        headers = {"Authorization": f"Bearer {city.keys['registrar']}"}
        answer = client.post("/api/v1/resources/market_enterprise/records", json={"rows": rows}, headers=headers)
    assert answer.status_code == 200 and answer.json()["rejected"] == 2, answer.text
    return {"delivery_id": answer.json()["delivery"]}
