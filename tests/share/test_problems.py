"""Problems, confirmations, complaints, field checks and the index: one day of each on both stores."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.share.city import FIRM_CREDIT, NOW, WANG_ID, citizen, clerk, fill, steward

from datong import ledger, registers, share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share.checks import allot, rank, stratified, wilson
from datong.store import Session

KEY = Key("code", "")


def officer(department: str, **more: Any) -> Actor:
    return clerk(department, id=f"officer_{department}", roles=frozenset({"officer"}), **more)


def look(session: Session, code: str) -> Any:
    question = Question("window_service", "look_up", "premises", Key("code", code))
    return share.ask(session, clerk("approval"), question, now=NOW).entries[0]


def lines_on(session: Session, code: str, kind: str = "read") -> int:
    return len(list(session.all("SELECT leaf_index FROM ledger_line WHERE subject = :c AND type = :t", {"c": code, "t": kind})))


def test_a_report_is_on_the_list_of_the_department_whose_word_holds_and_its_answer_settles_it(any_session: Session) -> None:
    session, city = any_session, fill(any_session)
    raised = share.report_wrong(session, citizen(city["wang"]), share.Wrong(city["flat"], "use", "这里是住宅，不是商业"), now=NOW)
    estate = officer("natural_resources")
    found = share.problems(session, estate, now=NOW).found
    assert [(one.case.code, one.case.field, one.light) for one in found] == [(city["flat"], "use", "green")]
    assert found[0].case.due == raised.due and lines_on(session, city["flat"]) == 1, "each subject listed leaves its line"
    assert share.problems(session, officer("police"), now=NOW).found == (), "another department's list"
    with pytest.raises(Missing):
        share.problem(session, officer("police"), raised.mark_id, now=NOW)
    assert [one.case.mark_id for one in share.problems(session, steward(), now=NOW).found] == [raised.mark_id], "a steward sees every list"
    one = share.problem(session, estate, raised.mark_id, now=NOW)
    assert [(fact.source, fact.state) for fact in one.entry.facts] == [("real_estate_title", "won"), ("rental_filing", "conflict")]
    with pytest.raises(BadValue):
        share.answer_problems(session, estate, [raised.mark_id], share.Doing("right"), now=NOW)
    share.answer_problems(session, estate, [raised.mark_id], share.Doing("right", "登记簿写明是住宅"), now=NOW)
    assert share.my_disputes(session, citizen(city["wang"]), now=NOW)[0].state == "upheld", "one mechanism: the reporter hears of it"
    assert share.problems(session, estate, now=NOW).found == ()
    settled = share.problems(session, estate, {"state": "all"}, now=NOW).found
    assert [one.light for one in settled] == ["done"]


def test_forwarded_exported_and_late(any_session: Session) -> None:
    session, city = any_session, fill(any_session)
    raised = share.report_wrong(session, citizen(city["wang"]), share.Wrong(city["flat"], "use", "这里是住宅，不是商业"), now=NOW)
    estate, housing = officer("natural_resources"), officer("housing")
    with pytest.raises(BadValue):
        share.answer_problems(session, estate, [raised.mark_id], share.Doing("forward", "应由住建核实", "nobody"), now=NOW)
    share.answer_problems(session, estate, [raised.mark_id], share.Doing("forward", "应由住建核实", "housing"), now=NOW)
    assert share.problems(session, estate, now=NOW).found == ()
    assert [one.kind for one in share.department_notices(session, housing)] == ["mark_forwarded"]
    late = NOW + timedelta(days=40)
    assert [one.light for one in share.problems(session, housing, {"light": "red"}, now=late).found] == ["red"]
    assert share.problems(session, housing, {"light": "green"}, now=late).found == ()
    before = lines_on(session, city["flat"])
    rows = list(csv.DictReader(io.StringIO(share.export_problems(session, housing, {}, now=NOW).removeprefix("\ufeff"))))
    assert [row["问题"] for row in rows] == ["核查中"] and lines_on(session, city["flat"]) == before + 1
    assert WANG_ID not in str(rows)
    with pytest.raises(Forbidden):
        share.problems(session, clerk("approval"), now=NOW)


def test_confirmed_premises_need_no_second_examination(any_session: Session) -> None:
    """Every later reader is told by whom, how, when and until when; a report against them comes first."""
    session, city = any_session, fill(any_session)
    inspector = clerk(id="inspector", roles=frozenset({"inspector"}))
    made = share.confirm(session, inspector, city["flat"], "on_site", 30, now=NOW)
    assert (made.department, made.until) == ("market_regulation", "2026-12-03")
    assert look(session, city["flat"]).confirmed == made
    verify = Question("address_at_registration", "verify", "premises", Key("code", city["flat"]), claims=(("use", "住宅"),))
    answer = share.ask(session, clerk(), verify, now=NOW)
    assert [one.code for one in answer.grounds] == ["same", "confirmed"] and "一事不二审" in answer.grounds[1].zh
    assert share.ask(session, clerk(), verify, now=NOW + timedelta(days=31)).entries[0].confirmed is None, "it has run out"
    again = share.confirm(session, inspector, city["flat"], "papers", now=NOW)
    assert look(session, city["flat"]).confirmed == again, "the newer takes its place"
    with pytest.raises(Missing):
        share.withdraw_confirmation(session, officer("police"), city["flat"], now=NOW)
    share.withdraw_confirmation(session, inspector, city["flat"], now=NOW)
    assert look(session, city["flat"]).confirmed is None
    share.report_wrong(session, citizen(city["wang"]), share.Wrong(city["flat"], "use", "这里是住宅，不是商业"), now=NOW)
    for wrong in ({"code": city["flat"], "how": "on_site"}, {"code": city["next_door"], "how": "by_guess"}):
        with pytest.raises(BadValue):
            share.confirm(session, inspector, **wrong, now=NOW)
    with pytest.raises(Forbidden):
        share.confirm(session, clerk(), city["next_door"], "papers", now=NOW)


def test_a_complaint_shows_every_registration_and_each_is_acted_on(any_session: Session) -> None:
    session, city = any_session, fill(any_session)
    inspector = clerk(id="inspector", roles=frozenset({"inspector"}))
    answer, there = share.registrations(session, inspector, "inspection", city["flat"], Reason("none"), now=NOW)
    assert answer.outcome == "found" and [(one.link.code, one.complaint) for one in there] == [(city["firm"], None)]
    for chosen in ([], [city["closed_firm"]]):
        with pytest.raises(BadValue):
            share.complain(session, inspector, city["flat"], chosen, "从来没有这家公司", now=NOW)
    assert share.complain(session, inspector, city["flat"], [city["firm"]], "从来没有这家公司", now=NOW) == 1
    assert share.complain(session, inspector, city["flat"], [city["firm"]], "从来没有这家公司", now=NOW) == 0, "not sent twice"
    assert "complaint" in look(session, city["flat"]).marks, "every later reader sees it"
    case = share.registrations(session, inspector, "inspection", city["flat"], Reason("none"), now=NOW)[1][0].complaint
    assert case is not None and case.owner == "market_regulation"
    market = officer("market_regulation")
    todo = [one.case.mark_id for one in share.problems(session, market, {"kind": "complaint"}, now=NOW).found]
    assert len(todo) == 2, "the firm's registration and the premises"
    share.answer_problems(session, market, todo, share.Doing("done", "已撤销冒用地址的登记"), now=NOW)
    assert "complaint" not in look(session, city["flat"]).marks
    assert share.registrations(session, inspector, "inspection", city["flat"], Reason("none"), now=NOW)[1][0].complaint is None


def test_a_sample_is_committed_before_it_is_drawn_and_anybody_can_draw_it_again(any_session: Session) -> None:
    session, city = any_session, fill(any_session)
    grid = clerk("sub_district", id="grid", roles=frozenset({"grid_worker"}))
    sample = share.commit_sample(session, steward(), "address", 5, seed="a seed of the test", digits=6, now=NOW)
    assert share.open_checks(session, grid, now=NOW) == (), "nothing is drawn yet"
    number = share.draw_sample(session, steward(), sample.sample_id, now=NOW)
    with pytest.raises(BadValue):
        share.draw_sample(session, steward(), sample.sample_id, now=NOW)
    said = [json.loads(row[0]) for row in session.all("SELECT body FROM ledger_line WHERE type = 'sample' ORDER BY leaf_index")]
    assert [one["act"] for one in said] == ["committed", "drawn"] and "seed" not in said[0]
    assert said[0]["seed_hash"] == hashlib.sha256(said[1]["seed"].encode()).hexdigest()
    population = {code: division[:6] for code, division in session.all("SELECT code, division FROM entry WHERE kind = 'premises'")}
    assert said[1]["population"] == len(population) == 3
    expected = set()
    for stratum, wanted in allot({"370303": 2, "370304": 1}, 5).items():
        here = sorted((rank(said[1]["seed"], said[1]["commitment"], code), code) for code, of in population.items() if of == stratum)
        expected |= {code for _, code in here[:wanted]}
    drawn = {row[0] for row in session.all("SELECT code FROM quality_check")}
    assert drawn == expected and len(drawn) == number
    todo = share.open_checks(session, grid, now=NOW)
    assert {one.code for one in todo} == {city["flat"], city["next_door"]}, "her own divisions only"
    assert all("柳泉路" in one.claimed for one in todo) and lines_on(session, city["flat"]) == 1
    by_code = {one.code: (one.sample_id, one.number) for one in todo}
    with pytest.raises(BadValue):
        share.record_check(session, grid, by_code[city["flat"]], "wrong", now=NOW)
    share.record_check(session, grid, by_code[city["flat"]], "wrong", "门牌已改为3号", now=NOW)
    share.record_check(session, grid, by_code[city["next_door"]], "right", now=NOW)
    with pytest.raises(Missing):
        share.record_check(session, grid, by_code[city["flat"]], "right", now=NOW)
    assert [mark.kind for mark in registers.open_marks(session, city["flat"])] == ["under_investigation"], (
        "what is wrong goes to its department"
    )
    (found,) = share.samples(session, steward())
    assert (found.right, found.wrong, found.waiting, found.population) == (1, 1, 1, 3)
    assert found.share == 0.5 and found.low < 0.5 < found.high
    figures = share.quality(session, steward(), now=NOW)
    assert figures.samples == (found,) and figures.truth is None
    assert {(one.register, one.field): one.filled.whole for one in figures.filled}[("premises", "use")] == 3
    with pytest.raises(Forbidden):
        share.quality(session, clerk(), now=NOW)


def test_the_index_tells_who_knows_and_never_what(any_session: Session) -> None:
    session, city = any_session, fill(any_session)
    for resource, record, day in (
        ("market_enterprise", "a", "2026-10-31"),
        ("tax_paid", "b", "2026-09-30"),
        ("tax_paid", "c", "2026-10-31"),
    ):
        session.run(
            "INSERT INTO member (resource, record_id, role, kind, code, delivery_id, as_of, rule, score, evidence, body) "
            "VALUES (:r, :i, 'organisation', 'organisation', :c, 'd000001', :d, 'number', 1, '[]', '{}')",
            {"r": resource, "i": record, "c": city["firm"], "d": day},
        )
    market = officer("market_regulation")
    answer, known = share.who_knows(session, market, Key("credit_code", FIRM_CREDIT), Reason("case", text="信用核查2026-17"), now=NOW)
    assert answer.outcome == "found" and lines_on(session, city["firm"]) == 1
    assert [(one.department, one.records, one.newest) for one in known] == [
        ("market_regulation", 1, "2026-10-31"),
        ("tax", 2, "2026-10-31"),
    ]
    refused, nothing = share.who_knows(session, market, Key("citizen_id", WANG_ID), Reason("none"), now=NOW)
    assert (refused.outcome, nothing) == ("refused", ()), "of a person only with a reason"
    answer, _ = share.who_knows(session, officer("education"), Key("citizen_id", WANG_ID), Reason("case", text="没有协议的单位"), now=NOW)
    assert answer.outcome == "refused" and ledger.size(session) > 0


def test_intervals_hold_what_is_known_of_them() -> None:
    low, high = wilson(0.9, 100)
    assert (round(low, 4), round(high, 4)) == (0.8256, 0.9448), "the textbook's interval for 90 of 100"
    assert stratified({}, {}) == (None, 0.0, 1.0)
    assert stratified({"": (90, 100)}, {"": 5000})[1:] == pytest.approx((low, high)), "one stratum is the plain interval"
    share_, _, _ = stratified({"a": (10, 10), "b": (0, 10)}, {"a": 900, "b": 100})
    assert share_ == pytest.approx(0.9), "strata count by their populations"


@given(st.dictionaries(st.text("0123456789", max_size=6), st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=5))
def test_an_interval_holds_its_share(found: dict[str, tuple[int, int]]) -> None:
    told = {stratum: (min(right, looked), looked) for stratum, (right, looked) in found.items()}
    value, low, high = stratified(told, dict.fromkeys(told, 10))
    assert 0 <= low <= high <= 1
    assert value is None or low - 1e-9 <= value <= high + 1e-9


@given(st.dictionaries(st.text("0123456789", min_size=1, max_size=6), st.integers(1, 10_000), min_size=1, max_size=8), st.integers(5, 500))
def test_every_stratum_is_looked_at_and_none_more_than_there_is(sizes: dict[str, int], wanted: int) -> None:
    given_ = allot(sizes, wanted)
    assert given_.keys() == sizes.keys()
    assert all(1 <= number <= sizes[stratum] for stratum, number in given_.items())
    assert sum(given_.values()) <= wanted + len(sizes)
