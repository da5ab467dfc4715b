"""The history of marks: a mark is derived anew with the registers, what people did about it is kept here for ever.

A case is known by the mark's id, which is made of what the mark says: a rebuild finds it again, another wrong value is another case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from datong.domain.errors import BadValue, Missing
from datong.registers import queries
from datong.registers.kinds import Kinds
from datong.store import Session, in_chunks, marks

CaseState = Literal["open", "taken", "investigating", "right", "wrong", "corrected", "lapsed"]
WORKED: tuple[CaseState, ...] = ("open", "taken", "investigating", "wrong")
"""States in which a case is not at its end: the value still stands as it was."""
FeedRow = tuple[str, str, Mapping[str, str]]
DEFAULT_DAYS = 30
BY_ITSELF = "registers"
"""Who settled what a delivery mended."""


@dataclass(frozen=True)
class Case:
    """What became of a mark. `due` is the day (ISO) by which its owner should have dealt with it; `owner` is a department.

    States: open, taken (with the department), investigating (核查中, every reader sees it), right (as it is: no reader is warned any
    more), wrong (the next delivery will bring the right value), corrected (it did), lapsed (the question is no more).
    """

    mark_id: str
    code: str
    field: str
    kind: str
    says: str
    derived: bool
    owner: str
    source: str
    state: CaseState
    since: str
    due: str
    taken_by: str = ""
    reason: str = ""
    probe: str = ""
    """The `under_investigation` mark that an investigation raised."""
    settled_at: str = ""
    settled_by: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a case: when, what (opened, taken, …), who of which department, and why."""

    at: str
    act: str
    by: str
    department: str
    reason: str


def find_case(session: Session, mark_id: str) -> Case:
    """One case. Raises Missing."""
    row = session.one(queries.CASE, {"mark_id": mark_id})
    if row is None:
        raise Missing("没有这个问题 (there is no such mark)")
    return case_of(row)


def case_of(row: Sequence[Any]) -> Case:
    """A case from its row."""
    values = dict(zip(queries.CASE_COLUMNS, row, strict=True))
    return Case(**{**values, "derived": bool(values["derived"])})


def steps(session: Session, mark_id: str) -> list[Step]:
    """What happened to a case, oldest first."""
    return [Step(*row) for row in session.all(queries.STEPS, {"mark_id": mark_id})]


def add_step(session: Session, mark_id: str, step: Step) -> None:
    """Note a step; nothing of a case's history is ever overwritten."""
    params = {"mark_id": mark_id, "at": step.at, "act": step.act, "by": step.by, "department": step.department, "reason": step.reason}
    session.run(queries.ADD_STEP, params)


def open_case(session: Session, case: Case) -> None:
    """Begin a case for a mark that somebody raised."""
    session.load("mark_case", queries.CASE_COLUMNS, [_row(case)])
    add_step(session, case.mark_id, Step(case.since, "opened", case.taken_by, case.owner, case.reason))


def _row(case: Case) -> tuple[Any, ...]:
    return tuple(int(value) if name == "derived" else value for name, value in ((n, getattr(case, n)) for n in queries.CASE_COLUMNS))


def move_case(session: Session, before: Case, after: Case, step: Step) -> None:
    """Bring a case from one state to the next and note the step; whether readers are warned follows from the state."""
    if before.state in ("corrected", "lapsed"):
        raise BadValue("mark_id", "is settled already")
    params = {name: getattr(after, name) for name in queries.CASE_COLUMNS}
    session.run(queries.MOVE_CASE, {k: v for k, v in params.items() if f":{k}" in queries.MOVE_CASE})
    if after.derived:
        session.run(queries.SHOW_MARK, {"mark_id": after.mark_id, "state": "settled" if after.state == "right" else "open"})
    add_step(session, after.mark_id, step)


def due_day(kinds: Kinds, kind: str, at: str) -> str:
    """The last day of a mark of this kind that was first seen at a moment."""
    days = kinds[kind].days if kind in kinds else DEFAULT_DAYS
    return (date.fromisoformat(at[:10]) + timedelta(days=days)).isoformat()


def sync_cases(session: Session, kinds: Kinds, now: str, codes: Iterable[str] | None = None) -> list[FeedRow]:
    """Bring the cases in step with the marks just derived, of all subjects or of some; what the change feed should say.

    A new mark opens a case; one that is gone was mended by a delivery, and its case settles by itself; one that came back is open
    again; one that people found right stays quiet. Doing it twice changes nothing more.
    """
    if codes is None:
        return _sync(session, kinds, now, "", {})
    feed: list[FeedRow] = []
    for chunk in in_chunks(set(codes)):
        feed += _sync(session, kinds, now, f"AND {{of}}.code IN ({marks(chunk)})", chunk)
    return feed


def _sync(session: Session, kinds: Kinds, now: str, only: str, params: Mapping[str, str]) -> list[FeedRow]:
    feed = _settle_gone(session, now, session.all(queries.GONE_MARKS.format(only=only.format(of="c")), params))
    for mark_id, code, field, kind in session.all(queries.BACK_AGAIN.format(only=only.format(of="c")), params):
        case = find_case(session, mark_id)
        _restate(session, case, "open", now, due_day(kinds, kind, now))
        add_step(session, mark_id, Step(now, "back", BY_ITSELF, "", ""))
        feed.append((code, "marked", {"mark": kind, "field": field}))
    new = session.all(queries.NEW_MARKS.format(only=only.format(of="m")), params)
    chunks = in_chunks({row[1] for row in new})
    survivors = {row[0] for chunk in chunks for row in session.all(queries.HAS_MERGED.format(marks=marks(chunk)), chunk)}
    session.load("mark_case", queries.CASE_COLUMNS, [_new_case(session, kinds, now, row, survivors) for row in new])
    session.run(queries.QUIETED.format(only=only.format(of="c")), params)
    return feed + [(row[1], "marked", {"mark": row[3], "field": row[2]}) for row in new]


def _new_case(session: Session, kinds: Kinds, now: str, row: tuple[Any, ...], survivors: set[str]) -> tuple[Any, ...]:
    """The case of a mark seen for the first time; what people said of it before its subject's codes merged goes on."""
    mark_id, code, field, kind, says, owner, source = row
    old = session.one(queries.OLD_CASE, {"code": code, "field": field, "kind": kind, "says": says}) if code in survivors else None
    if old is None:
        return _row(Case(mark_id, code, field, kind, says, True, owner, source, "open", now, due_day(kinds, kind, now)))
    state, since, due, taken_by, reason, owner = old
    return _row(
        Case(
            mark_id, code, field, kind, says, True, owner, source, "taken" if state == "investigating" else state,
            since, due, taken_by, reason,
        )
    )  # fmt: skip


def _settle_gone(session: Session, now: str, rows: list[tuple[Any, ...]]) -> list[FeedRow]:
    feed: list[FeedRow] = []
    alive: set[str] = set()
    for chunk in in_chunks({row[1] for row in rows}):
        alive |= {row[0] for row in session.all(queries.BODIES.replace(", body", "").format(marks=marks(chunk)), chunk)}
    for mark_id, code, field, kind, state, probe in rows:
        outcome: CaseState = "corrected" if code in alive and state != "right" else "lapsed"
        _restate(session, find_case(session, mark_id), outcome, now, "")
        add_step(session, mark_id, Step(now, "mended" if outcome == "corrected" else "lapsed", BY_ITSELF, "", ""))
        if probe:
            session.run(queries.SHOW_MARK, {"mark_id": probe, "state": "settled"})
        feed.append((code, "marked", {"mark": kind, "field": field, "settled": outcome}))
    return feed


def _restate(session: Session, case: Case, state: CaseState, now: str, due: str) -> None:
    done = state in ("corrected", "lapsed")
    params = {
        "mark_id": case.mark_id,
        "state": state,
        "reason": case.reason if done else "",
        "taken_by": case.taken_by if done else "",
        "owner": case.owner,
        "due": case.due if done else due,
        "since": case.since if done else now,
        "probe": "",
        "settled_at": now if done else "",
        "settled_by": BY_ITSELF if done else "",
    }
    session.run(queries.MOVE_CASE, params)
