"""People's verdicts: two mentions are the same, are different, or still unsure. Kept for ever; the newest on a pair counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datong.domain.access import Register
from datong.domain.codes import read_code
from datong.domain.errors import BadValue, Missing
from datong.domain.judgement import VERDICTS, Reference, Verdict, read_reference
from datong.fuse import store_queries as queries
from datong.fuse.today import resolve
from datong.store import Session, in_chunks, marks


@dataclass(frozen=True)
class Kept:
    """One judgement as it is kept: its number, the two mentions, the verdict, who gave it, when and why."""

    number: int
    kind: Register
    left: Reference
    right: Reference
    verdict: Verdict
    by: str
    at: str
    note: str
    undoes: int = 0
    """The number of the judgement it took back; 0 for a verdict of its own."""


def judge(session: Session, kind: Register, left: str, right: str, verdict: Verdict, *, by: str, at: str, note: str = "") -> int:
    """Keep a person's verdict on two mentions; its number. It outranks every comparison, from `relink` or the next fusion on.

    `left` and `right` are references (`resource/record_id/role`) or permanent codes, which stand for their
    first record with a number. Raises BadValue or Missing.
    """
    if verdict not in VERDICTS:
        raise BadValue("verdict", "is not known", "write same, different or unsure")
    one, two = (_reference(session, kind, text) for text in (left, right))
    if one == two:
        raise BadValue("right", "is the same mention as the left", "name two different mentions")
    return _keep(session, Kept(_next(session), kind, one, two, verdict, by, at, note))


def undo(session: Session, number: int, *, by: str, at: str, days: int, note: str = "") -> Kept:
    """Take the newest judgement on a pair back: what was in force before it is in force again. Gives the judgement that says so.

    Raises Missing when there is no such judgement, BadValue when a later one was given on the pair or it is older than
    `days` (then a new verdict takes it back, whatever its age).
    """
    kept = judgement(session, number)
    before = judgements_on(session, str(kept.left), str(kept.right))
    if before[-1].number != number:
        raise BadValue("judgement", "is not the newest on its pair", f"undo number {before[-1].number}, or judge the pair again")
    if datetime.fromisoformat(at) - datetime.fromisoformat(kept.at) > timedelta(days=days):
        raise BadValue("judgement", f"is older than {days} days", "judge the pair again: a new verdict outranks it whatever its age")
    verdict = before[-2].verdict if len(before) > 1 else "unsure"
    taken_back = Kept(_next(session), kept.kind, kept.left, kept.right, verdict, by, at, note, number)
    _keep(session, taken_back)
    return taken_back


def judgement(session: Session, number: int) -> Kept:
    """One judgement by its number. Raises Missing."""
    row = session.one(queries.JUDGEMENT, {"seq": number})
    if row is None:
        raise Missing("There is no judgement with this number.")
    return _kept(row)


def judgements_on(session: Session, left: str, right: str) -> list[Kept]:
    """Every judgement ever given on a pair of references, the oldest first."""
    return [_kept(row) for row in session.all(queries.JUDGEMENTS_ON, {"left": left, "right": right})]


def judgements_about(session: Session, references: Iterable[str]) -> list[Kept]:
    """Every judgement ever given on any of these references, the oldest first."""
    found: dict[int, Kept] = {}
    for chunk in in_chunks(references):
        rows = session.all(queries.JUDGEMENTS_ABOUT.format(marks=marks(chunk)), chunk)
        found.update({row[0]: _kept(row) for row in rows})
    return [found[number] for number in sorted(found)]


def newest_judgements(session: Session, limit: int = 50, *, by: str = "") -> list[Kept]:
    """What people (or one account) judged last, the newest first."""
    return [_kept(row) for row in session.all(queries.NEWEST_JUDGEMENTS, {"limit": limit, "by": by})]


def _next(session: Session) -> int:
    row = session.one(queries.LAST_JUDGEMENT)
    return int(row[0] or 0) + 1 if row else 1


def _keep(session: Session, one: Kept) -> int:
    body = {"seq": one.number, "kind": one.kind, "left_ref": str(one.left), "right_ref": str(one.right), "verdict": one.verdict}
    session.run(queries.ADD_JUDGEMENT, body | {"judged_by": one.by, "judged_at": one.at, "note": one.note, "undoes": one.undoes})
    return one.number


def _kept(row: tuple[Any, ...]) -> Kept:
    return Kept(row[0], row[1], read_reference(row[2]), read_reference(row[3]), *row[4:])


def judgements(session: Session, kind: Register) -> list[tuple[str, str, str]]:
    """The verdict in force on every judged pair: (left, right, same | different). `unsure` takes a verdict back."""
    newest: dict[tuple[str, str], tuple[str, str, str]] = {}
    for left, right, verdict in session.all(queries.JUDGEMENTS, {"kind": kind}):
        newest[min(left, right), max(left, right)] = (left, right, verdict)
    return sorted(row for row in newest.values() if row[2] != "unsure")


def _reference(session: Session, kind: Register, text: str) -> Reference:
    if "/" not in text:
        return _of_code(session, kind, text)
    reference = read_reference(text)
    row = session.one(queries.MEMBER_BY_REFERENCE, vars(reference))
    if row is None:
        raise Missing("No such mention is linked; name a record that a source sends today.")
    if row[1] != kind:
        raise BadValue("kind", f"the mention is of another register, {row[1]}")
    return reference


def _of_code(session: Session, kind: Register, text: str) -> Reference:
    code = read_code(text)
    today = resolve(session, code.value) if code.sound else ""
    row = session.one(queries.FIRST_MEMBER, {"code": today}) if today else None
    if row is None:
        raise Missing("No subject has this code, or no record speaks of it today.")
    if row[3] != kind:
        raise BadValue("kind", f"the code is of another register, {row[3]}")
    return Reference(row[0], row[1], row[2])
