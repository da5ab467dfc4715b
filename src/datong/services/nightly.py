"""Every night everybody who was granted an item on conditions is tested again, piece by piece, and what is another verdict goes to people.

A piece is one transaction: what it asked and counted, the reviews it left and how far the run has come are kept together, or not at
all. A run that is stopped goes on where it was, the same night or the next. Nothing is taken away by rule: an officer says whether it
stands or is opened again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.services import night_queries as queries
from datong.services.flow import Doing, act
from datong.services.installed import items
from datong.services.retest import Again, Tested, people_of, tested_again, year_of
from datong.services.state import RULE
from datong.services.store_case import Kept, kept_of
from datong.services.taken_back import taken_back
from datong.services.told import about_case
from datong.settings import Settings
from datong.spec import Service
from datong.store import Row, Session

AT_ONCE = 100
"""Cases of one piece, of one transaction."""
NIGHT = "night"
INELIGIBLE = ("above",)
STANDS, OPENED = "stands", "opened"
REVIEW_STATES = ("open", STANDS, OPENED)


@dataclass(frozen=True)
class Run:
    """One night's run over an item: how far it has come, and what it counted. `cases` were ever tested, `retested` are those granted.

    `not_paid` is in fen: what the refused would have been paid in a year at the most.
    """

    service: str
    night: str
    state: str
    after_case: str
    version: str
    began_at: str
    changed_at: str
    cases: int
    people: int
    ineligible_cases: int
    ineligible_people: int
    refused: int
    not_paid: int
    retested: int
    retested_people: int
    changed: int
    down: int


@dataclass(frozen=True)
class Review:
    """A granted case whose verdict is another now: what it was and is, by which rule, until when somebody looks, and what she found."""

    case_id: str
    night: str
    service: str
    department: str
    state: str
    was: str
    now: str
    rule: str
    version: str
    due: str
    note: str
    by: str
    at: str


def due_tonight(session: Session, settings: Settings, *, now: datetime) -> tuple[str, ...]:
    """The items to be tested now: in the hours of the night, those not yet done this night and those left unfinished."""
    if not settings.night_from <= share.city_hour(now) < settings.night_until:
        return ()
    known = items(session).services.values()
    return tuple(one.code for one in known if one.deciding is not None and one.deciding.again == NIGHT and _is_due(session, one.code, now))


def _is_due(session: Session, code: str, now: datetime) -> bool:
    last = last_run(session, code)
    return last is None or last.state != "done" or last.night < share.city_day(now).isoformat()


def last_run(session: Session, code: str, *, done: bool = False) -> Run | None:
    """The newest run over an item, or the newest that came to its end."""
    row = session.one(queries.LAST_DONE if done else queries.LAST_RUN, {"service": code})
    return _run_of(row) if row else None


def retest_piece(session: Session, settings: Settings, code: str, *, now: datetime, most: int = AT_ONCE) -> Run:
    """One piece of an item's run, in the caller's transaction: the next cases tested, counted, their reviews left.

    The run goes on while its state is "running". Raises BadValue for an item that no rules decide, Busy when another worker was faster.
    """
    service = items(session).of(code)
    run = _running(session, service, now)
    rows = session.all(queries.TESTED_AFTER, {"service": code, "after": run.after_case, "most": most})
    cases = [kept_of(row) for row in rows]
    granted = [one for one in cases if one.case.state == "granted" and not taken_back(session, one.case.case_id)]
    tested = tested_again(session, settings, service, granted, now=now)
    left = sum([_left(session, service, one, tested.version, run=run, now=now) for one in tested.changed])
    done = len(rows) < most
    counted = _counted(cases, tested, left)
    params = {"service": code, "night": run.night, "before": run.after_case, "at": share.moment_text(now), "version": tested.version}
    after = cases[-1].case.case_id if cases else run.after_case
    if not session.run(queries.MOVE_RUN, {**params, **counted, "state": "done" if done else "running", "after_case": after}):
        raise Busy("另一个进程正在复核 (another worker tests these cases)")
    moved = last_run(session, code)
    assert moved is not None
    if done:
        _line(session, service, moved, now)
    return moved


def _running(session: Session, service: Service, now: datetime) -> Run:
    """The run that goes on, or today's that begins."""
    if service.deciding is None:
        raise BadValue("service", "这个事项不由规则核对 (no rules decide this item)")
    last, night = last_run(session, service.code), share.city_day(now).isoformat()
    if last is None or (last.state == "done" and last.night < night):
        session.run(queries.BEGIN_RUN, {"service": service.code, "night": night, "at": share.moment_text(now)})
        last = last_run(session, service.code)
    assert last is not None
    if last.state == "done":
        raise BadValue("service", "今天已经全部复核 (all of it has been tested today)")
    return last


def _counted(cases: Sequence[Kept], tested: Tested, left: int) -> dict[str, int]:
    above = [one for one in cases if one.decision.get("outcome") in INELIGIBLE]
    refused = [one for one in cases if one.case.state == "refused"]
    return {
        "cases": len(cases),
        "people": people_of(cases),
        "ineligible_cases": len(above),
        "ineligible_people": people_of(above),
        "refused": len(refused),
        "not_paid": sum(int(year_of(one) * 100) for one in refused),
        "retested": tested.cases,
        "retested_people": tested.people,
        "changed": left,
        "down": tested.down,
    }


def _left(session: Session, service: Service, one: Again, version: str, *, run: Run, now: datetime) -> int:
    """Leave a review for the department, unless one is open or an officer has already said that just this verdict changes nothing."""
    row = session.one(queries.LAST_REVIEW, {"case_id": one.case_id})
    last = Review(*row) if row else None
    if last is not None and (last.state == "open" or (last.state == STANDS and (last.now, last.rule) == (one.now, one.rule))):
        return 0
    if due := leave_review(session, service, one, version, night=run.night, now=now):
        _tell(session, service, one, version, due=due, now=now)
    return int(bool(due))


def leave_review(session: Session, service: Service, one: Again, version: str = "", *, night: str, now: datetime) -> str:
    """Leave a review of a granted case: until when somebody looks; empty where that night has left one already."""
    assert service.deciding is not None
    due = items(session).working.due(share.city_day(now).isoformat(), service.deciding.again_days)
    params = {"case_id": one.case_id, "night": night, "service": service.code, "department": service.department, "due": due}
    params |= {"was": one.before, "now_is": one.now, "rule": one.rule, "version": version, "at": share.moment_text(now)}
    return due if session.run(queries.ADD_REVIEW, params) else ""


def _tell(session: Session, service: Service, one: Again, version: str, *, due: str, now: datetime) -> None:
    title = (f"复核结论有变化：办件{one.case_id}", f"Tested again: case {one.case_id}")
    by = f"规则{one.rule}（{version[:12]}）"
    zh = f"按今天的共享信息复核，结论由{one.before}变为{one.now}，依据{by}。请在{due}前核实后依法处理，系统不自动停发。"
    en = f"By today's facts the verdict is {one.now}, no longer {one.before}, by {one.rule}. Find out by {due}; nothing is stopped by rule."
    share.notify(session, f"department:{service.department}", about_case(one.case_id, title, (zh, en)), share.moment_text(now))


def _line(session: Session, service: Service, run: Run, now: datetime) -> None:
    """The ledger's line of a whole run."""
    body = {"act": "retest", "service": run.service, "cases": run.retested, "changed": run.changed, "version": run.version}
    line = ledger.Line("case.retest", share.moment_text(now), "", RULE, service.department, "", service.purpose, body)
    ledger.append(session, line)


def retest(session: Session, settings: Settings, actor: Actor, code: str, *, now: datetime, most: int = AT_ONCE) -> Run:
    """One piece at an officer's word, at any hour. Raises BadValue, Forbidden for other departments, Busy."""
    service = items(session).of(code)
    share.installed(session).must(actor, "cases.work")
    if actor.department != service.department:
        raise Forbidden("只有牵头部门可以复核 (only the department in the lead may do this)")
    return retest_piece(session, settings, code, now=now, most=most)


# ---- what people look at -----------------------------------------------------------------------------------------------


def reviews(session: Session, actor: Actor, state: str = "open", most: int = 100) -> tuple[Review, ...]:
    """What the actor's department has to look at, the most urgent first. Raises Forbidden."""
    share.installed(session).must(actor, "cases.work")
    found = session.all(queries.REVIEWS, {"department": actor.department, "state": state, "most": most})
    return tuple(Review(*row) for row in found)


def settle_review(session: Session, actor: Actor, case_id: str, night: str, result: str, *, note: str, now: datetime) -> None:
    """Say, with the reason, that it stands, or open the case again so that it is decided anew. Raises BadValue, Missing, Forbidden."""
    share.installed(session).must(actor, "cases.work")
    if result not in (STANDS, OPENED) or not note.strip():
        raise BadValue("result", "请选择维持或重新办理，并写明理由 (it stands or is opened again; say why)")
    at = share.moment_text(now)
    params = {"case_id": case_id, "night": night, "department": actor.department, "state": result, "note": note.strip(), "by": actor.id}
    row = session.one(queries.LAST_REVIEW, {"case_id": case_id})
    if not session.run(queries.SETTLE_REVIEW, {**params, "at": at}) or row is None:
        raise Missing("没有这件复核 (there is no such review)")
    if result == OPENED:
        deciding = items(session).of(str(row[2])).deciding
        tasks = [deciding.officers] if deciding is not None and deciding.officers else []
        act(session, actor, case_id, Doing("reopen", "", note.strip(), {"tasks": tasks}), now=now)
    body = {"case": case_id, "result": result}
    ledger.append(session, ledger.Line("case.review", at, "", actor.id, actor.department, actor.unit, "", body))


@dataclass(frozen=True)
class Testing:
    """How the tests of one item stand: the run that goes on, the last that came to its end, and the reviews by state."""

    service: Service
    running: Run | None
    last: Run | None
    reviews: dict[str, int]


def tests_of(session: Session, actor: Actor) -> tuple[Testing, ...]:
    """The items of the actor's department that are tested every night. Raises Forbidden."""
    share.installed(session).must(actor, "cases.work")
    counts: dict[str, dict[str, int]] = {}
    for code, state, number in session.all(queries.REVIEWS_COUNTED, {"department": actor.department}):
        counts.setdefault(str(code), {})[str(state)] = int(number)
    found = []
    for one in items(session).services.values():
        if one.department == actor.department and one.deciding is not None and one.deciding.again == NIGHT:
            newest, last = last_run(session, one.code), last_run(session, one.code, done=True)
            running = newest if newest is not None and newest.state == "running" else None
            found.append(Testing(one, running, last, counts.get(one.code, {})))
    return tuple(found)


def _run_of(row: Row) -> Run:
    texts: list[Any] = [str(one) for one in row[:7]]
    return Run(*texts, *(int(one) for one in row[7:]))
