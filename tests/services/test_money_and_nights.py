"""Orders of money, promises in hours and nightly tests on both databases: kept before they are sent, moved once, told once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.services.town import NOW, officer
from tests.share.city import FIRM_CREDIT, WANG_ID, citizen, fill

from datong import services
from datong.domain.access import Actor, Key
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.services import money, nightly
from datong.settings import load_settings
from datong.store import Session

FORM = {"tax": "vat", "period": "2026-10", "amount": "80", "payment": "JK1", "branch": "支行", "account": "62220201"}
ALLOWANCE = {"phone": "13812341234", "registered": "柳泉路1号", "members": "2", "monthly_income": "900", "deposits": "0"}
CIVIL = officer("civil_affairs")


def refund(session: Session) -> str:
    fill(session)
    clerk = Actor("clerk", "窗口", "officer", "tax", "大厅", frozenset({"window_clerk"}), ("",))
    wanted = services.NewCase("tax_refund", Key("credit_code", FIRM_CREDIT), {"kind": "over"}, FORM, name="淄博明月商贸有限公司")
    return services.begin(session, clerk, wanted, now=NOW).case.case_id


def finish(session: Session, department: str, case_id: str, task: str, outcome: str = "agree") -> services.Case:
    services.act(session, officer(department), case_id, services.Doing("claim", task), now=NOW)
    return services.act(session, officer(department), case_id, services.Doing("finish", task, "理由", {"outcome": outcome}), now=NOW)


def only(session: Session, case_id: str, step: str = "treasury") -> services.Sent:
    return [one for one in services.orders_of(session, case_id) if one.step == step][-1]


def test_an_order_is_kept_once_and_settled_once_however_many_workers(any_session: Session) -> None:
    case_id = refund(any_session)
    assert money.keep_orders(any_session, now=NOW) == 0, "the bureau has not ordered it"
    finish(any_session, "tax", case_id, "over")
    assert money.keep_orders(any_session, now=NOW) == 1 and money.keep_orders(any_session, now=NOW) == 0
    order = only(any_session, case_id)
    assert (order.step, order.round, order.state, order.amount) == ("treasury", 1, "waiting", "80")
    assert money.settle_order(any_session, order, services.Receipt("done", "T1"), now=NOW)
    assert not money.settle_order(any_session, order, services.Receipt("done", "T1"), now=NOW), "another worker was faster"
    assert money.keep_orders(any_session, now=NOW) == 1 and only(any_session, case_id, "bank").state == "waiting"


def test_a_case_that_is_opened_again_orders_anew(any_session: Session) -> None:
    case_id = refund(any_session)
    finish(any_session, "tax", case_id, "over")
    for step in ("treasury", "bank"):
        money.keep_orders(any_session, now=NOW)
        money.settle_order(any_session, only(any_session, case_id, step), services.Receipt("done", "T1"), now=NOW)
    again = services.Doing("reopen", "", "少退了", {"tasks": ["treasury"]})
    assert services.act(any_session, officer("tax"), case_id, again, now=NOW).state == "accepted"
    assert money.keep_orders(any_session, now=NOW) == 1
    orders = sorted((one.step, one.round) for one in services.orders_of(any_session, case_id))
    assert orders == [("bank", 1), ("treasury", 1), ("treasury", 2)]


def test_dead_letters_are_the_departments_own_and_are_sent_again_by_its_officers(any_session: Session) -> None:
    case_id = refund(any_session)
    finish(any_session, "tax", case_id, "over")
    money.keep_orders(any_session, now=NOW)
    waits = []
    for _ in range(money.MOST_TRIES):
        before = only(any_session, case_id)
        assert money.settle_order(any_session, before, "TimeoutError", now=NOW)
        waits.append(only(any_session, case_id).next_at)
    assert waits == sorted(waits) and len(set(waits[:6])) == 6, "each wait is longer"
    dead = only(any_session, case_id)
    assert (dead.state, dead.tries, dead.why) == ("dead", 8, "TimeoutError") and money.keep_orders(any_session, now=NOW) == 0
    assert services.dead_letters(any_session, officer("treasury")) == services.dead_letters(any_session, officer("tax")) == (dead,)
    assert services.dead_letters(any_session, officer("housing")) == ()
    with pytest.raises(Missing):
        services.send_again(any_session, officer("housing"), case_id, "treasury", now=NOW)
    with pytest.raises(Forbidden):
        services.dead_letters(any_session, citizen("P1"))
    services.send_again(any_session, officer("treasury"), case_id, "treasury", now=NOW)
    assert (only(any_session, case_id).state, only(any_session, case_id).tries) == ("waiting", 0)


@pytest.mark.parametrize("said", [None, [], "done", {}, {"state": "paid"}, {"state": "done"}, {"state": "done", "number": ""}])
def test_what_is_no_receipt_ends_no_step(said: Any) -> None:
    with pytest.raises(Missing):
        services.receipt_of(said)
    assert services.receipt_of({"state": "back", "why": "x" * 900}).why == "x" * 200


def test_hours_of_the_day_are_told_once_to_whom_it_concerns(any_session: Session) -> None:
    case_id = refund(any_session)
    assert services.tell_late(any_session, now=NOW + timedelta(hours=23, minutes=59)) == 0
    assert services.tell_late(any_session, now=NOW + timedelta(hours=24)) == 1
    assert services.tell_late(any_session, now=NOW + timedelta(hours=30)) == 0
    seen = services.case_of(any_session, officer("tax"), case_id, now=NOW + timedelta(hours=30))
    assert seen.hours is not None and (seen.hours.left, seen.hours.light, seen.hours.ended) == (-360, "red", False)
    assert [one.kind for one in seen.timeline].count("late") == 1


def allowed(session: Session) -> str:
    """Wang, alone, is granted the allowance by an officer."""
    city = fill(session)
    wanted = services.NewCase("minimum_allowance", answers={"married": "no"}, form=ALLOWANCE)
    case = services.begin(session, citizen(city["wang"]), wanted, now=NOW).case
    assert case.state == "accepted", WANG_ID
    for task in list(case.open_tasks):
        case = finish(session, task.department, case.case_id, task.code)
    return finish(session, "civil_affairs", case.case_id, "decide").case_id


def test_a_night_counts_each_case_once_on_both_databases(any_session: Session, tmp_path: Any) -> None:
    case_id = allowed(any_session)
    settings = load_settings(tmp_path / "home", environ={})
    at = NOW.replace(hour=19)
    assert "minimum_allowance" in services.due_tonight(any_session, settings, now=at)
    assert services.due_tonight(any_session, settings, now=NOW) == (), "ten in the morning"
    first = services.retest_piece(any_session, settings, "minimum_allowance", now=at, most=1)
    assert (first.state, first.cases, first.people, first.retested, first.after_case) == ("running", 1, 2, 1, case_id)
    last = services.retest_piece(any_session, settings, "minimum_allowance", now=at, most=1)
    assert (last.state, last.cases, last.people, last.refused, last.not_paid) == ("done", 1, 2, 0, 0)
    assert "minimum_allowance" not in services.due_tonight(any_session, settings, now=at)
    with pytest.raises(BadValue):
        services.retest_piece(any_session, settings, "minimum_allowance", now=at)
    with pytest.raises(BadValue):
        services.retest_piece(any_session, settings, "tax_refund", now=at)
    with pytest.raises(Forbidden):
        services.retest(any_session, settings, officer("tax"), "minimum_allowance", now=at)


def test_two_workers_do_not_move_one_run_twice(any_session: Session, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed(any_session)
    settings, at = load_settings(tmp_path / "home", environ={}), NOW.replace(hour=19)
    real = nightly._running

    def overtaken(session: Session, service: Any, now: Any) -> services.Run:
        run = real(session, service, now)
        monkeypatch.setattr(nightly, "_running", real)
        services.retest_piece(session, settings, service.code, now=now, most=1)  # the other worker, in between
        return run

    monkeypatch.setattr(nightly, "_running", overtaken)
    with pytest.raises(Busy):
        services.retest_piece(any_session, settings, "minimum_allowance", now=at, most=1)


def test_reviews_are_settled_once_with_a_reason_by_their_department(any_session: Session, tmp_path: Any) -> None:
    case_id = allowed(any_session)
    service = services.items(any_session).of("minimum_allowance")
    settings, at = load_settings(tmp_path / "home", environ={}), NOW.replace(hour=19)
    run = services.retest_piece(any_session, settings, service.code, now=at)
    again = services.Again(case_id, "within", "above", "means_test/M03")
    assert nightly._left(any_session, service, again, "v1", run=run, now=at) in (0, 1)
    (review,) = services.reviews(any_session, CIVIL)
    assert review.due > review.night and services.reviews(any_session, officer("tax")) == ()
    for result, note in (("stands", " "), ("gone", "x")):
        with pytest.raises(BadValue):
            services.settle_review(any_session, CIVIL, case_id, review.night, result, note=note, now=at)
    with pytest.raises(Missing):
        services.settle_review(any_session, officer("tax"), case_id, review.night, "stands", note="x", now=at)
    services.settle_review(any_session, CIVIL, case_id, review.night, "stands", note="依规不计", now=at)
    with pytest.raises(Missing):
        services.settle_review(any_session, CIVIL, case_id, review.night, "opened", note="x", now=at)
    (tested,) = services.tests_of(any_session, CIVIL)
    assert tested.reviews == {"stands": 1} and tested.last == run
