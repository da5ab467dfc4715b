"""People's verdicts: two mentions are the same, are different, or still unsure. Kept for ever; the newest on a pair counts."""

from __future__ import annotations

from datong.domain.access import Register
from datong.domain.codes import read_code
from datong.domain.errors import BadValue, Missing
from datong.domain.judgement import VERDICTS, Reference, Verdict, read_reference
from datong.fuse import store_queries as queries
from datong.fuse.today import resolve
from datong.store import Session


def judge(session: Session, kind: Register, left: str, right: str, verdict: Verdict, *, by: str, at: str, note: str = "") -> int:
    """Keep a person's verdict on two mentions; its number. It outranks every comparison from the next fusion on.

    `left` and `right` are references (`resource/record_id/role`) or permanent codes, which stand for their
    first record with a number. Raises BadValue or Missing.
    """
    if verdict not in VERDICTS:
        raise BadValue("verdict", "is not known", "write same, different or unsure")
    one, two = (_reference(session, kind, text) for text in (left, right))
    if one == two:
        raise BadValue("right", "is the same mention as the left", "name two different mentions")
    row = session.one(queries.LAST_JUDGEMENT)
    seq = int(row[0] or 0) + 1 if row else 1
    body = {"seq": seq, "kind": kind, "left_ref": str(one), "right_ref": str(two), "verdict": verdict}
    session.run(queries.ADD_JUDGEMENT, body | {"judged_by": by, "judged_at": at, "note": note})
    return seq


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
