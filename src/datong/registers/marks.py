"""Marks: things to know before relying on an entry. Derived ones come from the records; others are raised by people.

What people do about either is a case (`cases`); `under_investigation` warns every reader, whoever raised it and why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from datong.domain.errors import BadValue, Missing
from datong.registers import queries
from datong.registers.cases import Case, CaseState, Step, find_case, move_case, open_case
from datong.registers.feed import append_changes
from datong.registers.look_up import family_of, resolve
from datong.registers.values import Mark
from datong.store import Session, in_chunks
from datong.store import marks as named

INVESTIGATION = "under_investigation"
ACTS: Mapping[str, CaseState] = {
    "take": "taken",
    "investigate": "investigating",
    "right": "right",
    "wrong": "wrong",
    "forward": "open",
    "reopen": "open",
    "done": "corrected",
}
"""What the answerable department may do with a case, and the state it comes to. Only a delivery makes a case corrected."""


@dataclass(frozen=True)
class Owner:
    """Who answers for a mark that somebody raises, and until when (ISO day)."""

    department: str
    due: str
    source: str = ""


@dataclass(frozen=True)
class Act:
    """What somebody does with a case: a word of ACTS, who of which department, when, why; `to` is the department it is forwarded to."""

    act: str
    by: str
    department: str
    at: str
    reason: str = ""
    to: str = ""


def raise_mark(
    session: Session,
    code: str,
    kind: str,
    *,
    by: str,
    at: str,
    field: str = "",
    detail: Mapping[str, str] | None = None,
    owner: Owner | None = None,
) -> str:
    """Raise a mark on a subject (for example `under_investigation` while a dispute runs); its id. It outlives every rebuild.

    With an `owner` it is a case of that department until it is settled.
    """
    today = resolve(session, code)
    if not today:
        raise Missing("No subject has this code.")
    number = session.one("SELECT count(*) FROM mark WHERE derived = 0")
    seed = f"{today}|{field}|{kind}|{by}|{at}|{number[0] if number else 0}"
    mark_id = "m" + hashlib.sha256(seed.encode()).hexdigest()[:23]
    body = {"mark_id": mark_id, "code": today, "field": field, "kind": kind, "raised_at": at, "raised_by": by}
    more = {"owner": owner.department if owner else "", "source": owner.source if owner else ""}
    session.run(queries.ADD_MARK, body | more | {"detail": json.dumps(dict(detail or {}), ensure_ascii=False)})
    if owner is not None:
        open_case(session, Case(mark_id, today, field, kind, "", False, owner.department, owner.source, "open", at, owner.due))
    append_changes(session, [(today, "marked", {"mark": kind, "field": field})], at)
    return mark_id


def settle_mark(session: Session, mark_id: str, *, by: str, at: str, outcome: str) -> None:
    """Settle a mark a person raised. A derived mark goes by itself once the source's record is right."""
    row = session.one(queries.MARK, {"mark_id": mark_id})
    if row is None:
        raise Missing("No such mark.")
    mark = _mark(row)
    if mark.derived:
        raise BadValue("mark_id", "this mark is derived from the records", "ask the department that sent the record to correct it")
    detail = {**mark.detail, "settled_by": by, "settled_at": at, "outcome": outcome}
    session.run(queries.SETTLE_MARK, {"mark_id": mark_id, "detail": json.dumps(detail, ensure_ascii=False)})
    if session.one(queries.CASE, {"mark_id": mark_id}):
        case = find_case(session, mark_id)
        state: CaseState = "corrected" if outcome == "corrected" else "lapsed"
        if case.state not in ("corrected", "lapsed"):
            move_case(session, case, replace(case, state=state, settled_at=at, settled_by=by), Step(at, outcome, by, "", ""))
    append_changes(session, [(resolve(session, mark.code), "marked", {"mark": mark.kind, "settled": outcome})], at)


def act_on_mark(session: Session, mark_id: str, act: Act) -> Case:
    """Do something with a case: take it, put it under investigation, say that it is right or wrong, forward it; the case as it is then.

    Raises BadValue for an unknown act or a case at its end, Missing when there is none.
    """
    if act.act not in ACTS:
        raise BadValue("act", "is not known", f"write one of {', '.join(ACTS)}")
    case = find_case(session, mark_id)
    state = ACTS[act.act]
    if act.act == "done":
        settle_mark(session, mark_id, by=act.by, at=act.at, outcome="corrected")
        return find_case(session, mark_id)
    probe = _investigate(session, case, act) if state == "investigating" else ""
    done = state == "right"
    after = replace(
        case,
        state=state,
        reason=act.reason,
        probe=probe,
        owner=act.to if act.act == "forward" else case.owner,
        taken_by="" if state == "open" else act.by,
        settled_at=act.at if done else "",
        settled_by=act.by if done else "",
    )
    move_case(session, case, after, Step(act.at, act.act, act.by, act.department, act.reason))
    if case.probe and case.probe != probe:
        settle_mark(session, case.probe, by=act.by, at=act.at, outcome=act.act)
    if done and not case.derived:
        settle_mark(session, mark_id, by=act.by, at=act.at, outcome="upheld")
    return find_case(session, mark_id)


def _investigate(session: Session, case: Case, act: Act) -> str:
    """The mark every reader sees while it is looked into; a case that is one itself needs no other."""
    if case.probe or case.kind == INVESTIGATION:
        return case.probe
    return raise_mark(session, case.code, INVESTIGATION, by=act.by, at=act.at, field=case.field, detail={"mark": case.mark_id})


def open_marks(session: Session, code: str) -> list[Mark]:
    """Every open mark of a subject, those of codes merged into it too."""
    codes = set(family_of(session, code))
    rows = [row for chunk in in_chunks(codes) for row in session.all(queries.MARKS_OF.format(marks=named(chunk)), chunk)]
    return [_mark(row) for row in rows]


def find_mark(session: Session, mark_id: str) -> Mark | None:
    """One mark as it stands; nothing when the records no longer give rise to it."""
    row = session.one(queries.MARK, {"mark_id": mark_id})
    return _mark(row) if row else None


def _mark(row: tuple[Any, ...]) -> Mark:
    mark_id, code, field, kind, state, derived, detail, raised_at, raised_by = row
    return Mark(mark_id, code, field, kind, state, bool(derived), json.loads(detail), raised_at, raised_by)
