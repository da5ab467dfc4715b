"""The walk of a correction: a clerk reports a wrong fact, a collector looks on site, its source corrects it, earlier readers are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.walks.conftest import City, actor, clerk
from tests.walks.test_new_buildings import AT, HOUSING, new_home, worker

from datong import collect, share
from datong.domain.access import Actor, Key, Question, Reason, SharedFact
from datong.domain.errors import BadValue, Missing


def housing() -> Actor:
    return actor("officer", "housing", unit="房产科", roles=frozenset({"officer"}), jurisdiction=("3703",))


def use_of(city: City, who: Actor, purpose: str, code: str) -> SharedFact:
    with city.store.session() as session:
        question = Question(purpose, "look_up", "premises", Key("code", code), fields=("use",), reason=Reason("case", "BL-2026-31"))
        return share.ask(session, who, question, now=AT).entries[0].facts[0]


def told(city: City, department: str) -> list[str]:
    with city.store.session() as session:
        return [one.kind for one in share.department_notices(session, clerk(department, "officer"), 200)]


def corrected_at_the_source(city: City, code: str, use: str) -> None:
    """The housing department mends its own system, which pushes the record again."""
    source = city.packs.source("housing_unit")
    (record,) = city.all("SELECT record_id FROM member WHERE code = :code AND resource = 'housing_unit'", code=code)
    with city.store.session() as session:
        rows = [row for batch in collect.scan(session, city.settings, source) for row in batch.to_pylist()]
        found = next(row for row in rows if row["record_id"] == record[0])
        sent = {one.name: found.get(f"{one.field}__raw") or found.get(one.field) or "" for one in source.columns}
        taken = share.take_in(session, HOUSING, "housing_unit", [sent | {"房屋用途": use}], now=AT + timedelta(days=3))
    assert taken.receipt.counts.accepted == 1, taken.receipt
    assert code in taken.codes


def test_reported_by_a_clerk_checked_on_site_corrected_and_earlier_readers_told(city: City) -> None:
    code, _ = new_home(city)
    police = actor("officer", "police", roles=frozenset({"officer"}), jurisdiction=("3703",), domains=("public_security",))
    before = use_of(city, police, "police_enquiry", code)
    with city.store.session() as session:
        reported = share.report_wrong(session, clerk(), share.Wrong(code, "use", "到店看过，是临街门面，不是住宅"), now=AT)
        mark = reported.mark_id
        with pytest.raises(Missing):
            share.problem(session, worker(), mark, now=AT)
        share.answer_problems(session, housing(), [mark], share.Doing("forward", "请网格员到现场核实用途", "sub_district"), now=AT)
    assert "under_investigation" in use_of(city, clerk(), "address_at_registration", code).marks
    with city.store.session() as session:
        share.see_on_site(session, worker(), mark, share.Seen("370303008001-07", "门面"), now=AT + timedelta(days=1))
        again = share.problem(session, housing(), mark, now=AT + timedelta(days=1))
    assert again.problem.case.owner == "housing", "after the look it is with the department whose value it is"
    assert any("现场" in step.reason for step in again.steps)
    assert "mark_forwarded" in told(city, "housing")
    assert use_of(city, clerk(), "address_at_registration", code).value == before.value, "nobody edits a register"
    corrected_at_the_source(city, code, "商业")
    with city.store.session() as session:
        day = AT + timedelta(days=3)
        share.answer_problems(session, housing(), [mark], share.Doing("done", "经现场核实，已更正为商业用房"), now=day)
        (mine,) = [one for one in share.my_disputes(session, clerk(), now=day) if one.dispute_id == reported.dispute_id]
    assert mine.state == "corrected" and "商业" in mine.answer
    after = use_of(city, clerk(), "address_at_registration", code)
    assert after.value != before.value and "under_investigation" not in after.marks
    assert "value_corrected" in told(city, "police"), "the police read the old value"
    lines = city.all(
        "SELECT type, body FROM ledger_line WHERE subject = :code AND type IN ('dispute', 'mark') ORDER BY leaf_index", code=code
    )
    assert len(lines) >= 4 and not any("门面" in row[1] for row in lines)


MARKET = actor("system", "market_regulation", id="key_market", resources=("market_enterprise",), jurisdiction=("3703",))
FIRM = """SELECT m.code, m.record_id FROM member m JOIN entry e ON e.code = m.code AND e.kind = 'organisation' AND e.division LIKE '3703%'
WHERE m.resource = 'market_enterprise' ORDER BY m.code LIMIT 1"""


REPORTERS = {
    "market_regulation": "window_clerk",
    "approval": "window_clerk",
    "urban_management": "window_clerk",
    "sub_district": "grid_worker",
}


@pytest.mark.parametrize("reporter", REPORTERS)
def test_a_companys_wrong_address_is_seen_on_site_corrected_at_the_source_and_written_back(city: City, reporter: str) -> None:
    code, record_id = city.one(FIRM)
    before = city.fact(code, "registered_address")
    elsewhere = city.all("SELECT label FROM entry WHERE kind = 'premises' AND division LIKE '3703%' ORDER BY code LIMIT 1")[0][0]
    market = actor("officer", "market_regulation", unit="登记科", roles=frozenset({"officer"}), jurisdiction=("3703",))
    with city.store.session() as session:
        reported = share.report_wrong(
            session, clerk(reporter, REPORTERS[reporter]), share.Wrong(code, "registered_address", "到门口看过，公司不在这里"), now=AT
        )
        share.answer_problems(session, market, [reported.mark_id], share.Doing("forward", "请到现场核实地址", "sub_district"), now=AT)
    with city.store.session() as session, pytest.raises(BadValue):
        share.see_on_site(session, worker(), reported.mark_id, share.Seen(address="长" * 201), now=AT)
    with city.store.session() as session:
        taken = share.see_on_site(session, worker(), reported.mark_id, share.Seen(address=elsewhere), now=AT + timedelta(days=1))
        again = share.problem(session, market, reported.mark_id, now=AT + timedelta(days=1))
    assert taken.receipt.counts.accepted == 1 and code in taken.codes, "her record is the company's own"
    assert again.problem.case.owner == "market_regulation"
    source = city.packs.source("market_enterprise")
    with city.store.session() as session:
        rows = [row for batch in collect.scan(session, city.settings, source) for row in batch.to_pylist()]
        found = next(row for row in rows if row["record_id"] == record_id)
        sent = {one.name: found.get(f"{one.field}__raw") or found.get(one.field) or "" for one in source.columns}
        day = AT + timedelta(days=3)
        share.take_in(session, MARKET, "market_enterprise", [sent | {"住所": elsewhere}], now=day)
        share.answer_problems(session, market, [reported.mark_id], share.Doing("done", "经现场核实，住所已更正"), now=day)
        (mine,) = [
            one
            for one in share.my_disputes(session, clerk(reporter, REPORTERS[reporter]), now=day)
            if one.dispute_id == reported.dispute_id
        ]
    assert mine.state == "corrected"
    assert city.fact(code, "registered_address") != before, "written back from the source"


PERSON = """SELECT m.code, m.record_id FROM member m JOIN entry e ON e.code = m.code AND e.kind = 'person' AND e.division LIKE '3703%'
JOIN entry_key k ON k.code = m.code AND k.key_type = 'citizen_id'
WHERE m.resource = 'police_resident' AND e.body LIKE '%"address"%' ORDER BY m.code"""


def test_a_persons_wrong_address_is_seen_on_site_and_stands_beside_the_polices_word(city: City) -> None:
    code = next(row[0] for row in city.all(PERSON) if _lives(city, row[0]))
    before = city.fact(code, "address")
    elsewhere = city.all("SELECT label FROM entry WHERE kind = 'premises' AND division LIKE '3703%' ORDER BY code LIMIT 1")[0][0]
    with city.store.session() as session:
        reported = share.report_wrong(session, clerk(), share.Wrong(code, "address", "本人说早已搬走，不住这里"), now=AT)
        owner = share.problem(session, actor("officer", "data", roles=frozenset({"steward"}), jurisdiction=("",)), reported.mark_id, now=AT)
        holder = actor("officer", owner.problem.case.owner, roles=frozenset({"officer"}), jurisdiction=("3703",))
        share.answer_problems(session, holder, [reported.mark_id], share.Doing("forward", "请到现场核实住址", "sub_district"), now=AT)
    with city.store.session() as session, pytest.raises(BadValue):
        share.see_on_site(session, worker(), reported.mark_id, share.Seen(address="长" * 201), now=AT)
    with city.store.session() as session:
        taken = share.see_on_site(session, worker(), reported.mark_id, share.Seen(address=elsewhere), now=AT + timedelta(days=1))
        again = share.problem(session, holder, reported.mark_id, now=AT + timedelta(days=1))
    assert taken.receipt.counts.accepted == 1 and code in taken.codes, "the grid's record is hers"
    assert again.problem.case.owner == holder.department, "after the look it is with the department whose value it is"
    stands = city.one("SELECT body FROM entry WHERE code = :code", code=code)[0]
    assert "grid_visit" in stands and city.fact(code, "address"), "both words stand in the register"
    lines = city.all("SELECT body FROM ledger_line WHERE subject = :code AND type IN ('dispute', 'mark')", code=code)
    assert lines and not any(before in row[0] or elsewhere in row[0] for row in lines)


def _lives(city: City, code: str) -> bool:
    try:
        return bool(city.fact(code, "address"))
    except KeyError:
        return False
