"""The walk of a request: sent back for missing papers, sent again, agreed by both, used, narrowed where it is not used, suspended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.walks.conftest import NOW, City, actor

from datong import ledger, share
from datong.domain.access import Actor, Answer, Key, Question

AT = datetime.fromisoformat(NOW)
LATER = AT + timedelta(days=100)
HOME_OF_AN_OWNER = """SELECT r.to_code, k.key_value FROM relation r
JOIN entry_key k ON k.code = r.from_code AND k.key_type = 'citizen_id' JOIN entry e ON e.code = r.to_code
WHERE r.type = 'owns' AND r.until = '' AND e.division LIKE '3703%' ORDER BY r.to_code LIMIT 1"""
TERMS: dict[str, Any] = {
    "register": "premises",
    "operations": ["verify", "look_up"],
    "rows": {"jurisdiction": "own"},
    "fields": {"standard_address": "plain", "area": "plain"},
    "claims": ["owner_citizen_id"],
    "keys": ["code"],
    "roles": ["officer"],
    "quota": {"per_day": 200, "per_minute": 60, "per_call": 1},
    "valid_from": "2026-01-01",
    "valid_to": "2028-12-31",
}
PAPERS = {
    "use_basis": "《住房公积金管理条例》第二十四条",
    "scene": "租房提取公积金时，核对出租房屋和产权人",
    "scope": "限提取窗口人员使用，不向第三方提供",
    "safety": "一人一账号，全程留痕，办结即销毁",
}


def officer(name: str, department: str, role: str) -> Actor:
    return actor("officer", department, id=name, roles=frozenset({role}), jurisdiction=("3703",))


ASKS, ASKS_HEAD = officer("fund", "housing_fund", "officer"), officer("fund_head", "housing_fund", "sharing_officer")
GIVES, GIVES_HEAD = officer("estate", "natural_resources", "officer"), officer("estate_head", "natural_resources", "sharing_officer")
MANAGER = officer("manager", "data", "sharing_manager")


def verify(city: City, now: datetime) -> Answer:
    home, owner = city.one(HOME_OF_AN_OWNER)
    question = Question("rental_registration", "verify", "premises", Key("code", home), claims=(("owner_citizen_id", owner),))
    with city.store.session() as session:
        return share.ask(session, ASKS, question, now=now)


def do(city: City, who: Actor, number: str, act: str, note: str = "") -> share.Request:
    with city.store.session() as session:
        return share.advance_request(session, who, number, share.DoingRequest(act, note), now=AT)


def requested(city: City) -> str:
    """A request that was sent back for missing papers, completed, sent again and taken up."""
    asked = share.Asked("租房提取核验房屋", "natural_resources", "rental_registration", TERMS, {**PAPERS, "safety": ""})
    with city.store.session() as session:
        number = share.draft_request(session, ASKS, asked, now=AT).request_id
    do(city, ASKS_HEAD, number, "submit")
    told = do(city, GIVES, number, "lacking", "请补充安全保护措施")
    assert told.state == "incomplete" and {one.code for one in told.lacking} == {"safety", "note"}
    with city.store.session() as session:
        share.redraft_request(session, ASKS, number, replace(asked, papers=PAPERS), now=AT)
    do(city, ASKS_HEAD, number, "submit")
    assert do(city, GIVES, number, "complete").clock == "answer_conditional"
    return number


def narrowed(city: City, code: str) -> None:
    """What nobody read in ninety days is given up by both."""
    with city.store.session() as session:
        share.count_use(session, now=LATER)
        standing = share.agreement_of(session, MANAGER, code, now=LATER).standing
        assert share.usage(session, standing, now=LATER).unused == ("standard_address", "area")
        share.give_up_fields(session, ASKS_HEAD, code, ("area",), "九十天没有使用过", now=LATER)
        share.sign_agreement(session, GIVES_HEAD, code, 2, now=LATER)
        assert set(share.agreement_of(session, ASKS_HEAD, code, now=LATER).standing.agreement.fields) == {"standard_address"}


def test_from_a_request_to_its_suspension(city: City) -> None:
    assert verify(city, AT).outcome == "refused"
    number = requested(city)
    code = do(city, GIVES_HEAD, number, "accept").agreement
    for who in (GIVES_HEAD, ASKS_HEAD):
        assert verify(city, AT).outcome == "refused", "nothing is given before both have signed"
        with city.store.session() as session:
            share.sign_agreement(session, who, code, 1, now=AT)
    first = verify(city, AT)
    assert first.outcome == "same" and first.decision.agreement == code
    do(city, GIVES, number, "deliver")
    assert verify(city, LATER).outcome == "same"
    narrowed(city, code)
    with city.store.session() as session:
        share.act_on_agreement(session, MANAGER, code, "suspend", "发现超范围使用，限期整改", now=LATER)
    refused = verify(city, LATER)
    assert refused.outcome == "refused" and [(one.code, one.rule) for one in refused.grounds] == [("suspended", code)]

    acts = [row[0] for row in city.all("SELECT act FROM share_step WHERE about = :a ORDER BY number", a=number)]
    assert acts == ["draft", "submit", "lacking", "submit", "complete", "accept", "agree", "deliver"]
    with city.store.session(read_only=True) as session:
        types = [one.line.type for one in ledger.lines_by(session, limit=1000).lines]
    assert types.count("request") == 8 and types.count("agreement") == 7
