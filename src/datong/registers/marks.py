"""Marks: things to know before relying on an entry. Derived ones come from the records; others are raised by people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from datong.domain.errors import BadValue, Missing
from datong.registers import queries
from datong.registers.feed import append_changes
from datong.registers.look_up import family_of, resolve
from datong.registers.stream import in_chunks
from datong.registers.stream import marks as named
from datong.registers.values import Mark
from datong.store import Session


def raise_mark(
    session: Session, code: str, kind: str, *, by: str, at: str, field: str = "", detail: Mapping[str, str] | None = None
) -> str:
    """Raise a mark on a subject (for example `under_investigation` while a dispute runs); its id. It outlives every rebuild."""
    today = resolve(session, code)
    if not today:
        raise Missing("No subject has this code.")
    number = session.one("SELECT count(*) FROM mark WHERE derived = 0")
    seed = f"{today}|{field}|{kind}|{by}|{at}|{number[0] if number else 0}"
    mark_id = "m" + hashlib.sha256(seed.encode()).hexdigest()[:23]
    body = {"mark_id": mark_id, "code": today, "field": field, "kind": kind, "raised_at": at, "raised_by": by}
    session.run(queries.ADD_MARK, body | {"detail": json.dumps(dict(detail or {}), ensure_ascii=False)})
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
    append_changes(session, [(resolve(session, mark.code), "marked", {"mark": mark.kind, "settled": outcome})], at)


def open_marks(session: Session, code: str) -> list[Mark]:
    """Every open mark of a subject, those of codes merged into it too."""
    codes = set(family_of(session, code))
    rows = [row for chunk in in_chunks(codes) for row in session.all(queries.MARKS_OF.format(marks=named(chunk)), chunk)]
    return [_mark(row) for row in rows]


def _mark(row: tuple[Any, ...]) -> Mark:
    mark_id, code, field, kind, state, derived, detail, raised_at, raised_by = row
    return Mark(mark_id, code, field, kind, state, bool(derived), json.loads(detail), raised_at, raised_by)
