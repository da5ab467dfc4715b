"""The change feed: what happened to entries, numbered, for those who keep a copy in step."""

from __future__ import annotations

import json
from collections.abc import Mapping

from datong.domain.codes import kind_of
from datong.registers import queries
from datong.registers.values import Change
from datong.store import Session


def changes(session: Session, since: int = 0, limit: int = 500) -> list[Change]:
    """The changes after number `since`, oldest first."""
    rows = session.all(queries.CHANGES, {"since": since, "limit": limit})
    return [Change(seq, at, code, kind, what, json.loads(detail)) for seq, at, code, kind, what, detail in rows]


def note_changes(session: Session, before: Mapping[str, str], after: Mapping[str, str], now: str) -> list[str]:
    """Append what differs between two states (code → fingerprint); the codes that changed, in order."""
    changed = sorted(code for code in before.keys() | after.keys() if before.get(code) != after.get(code))
    rows = [(code, *_what(session, code, code in before, code in after)) for code in changed]
    append_changes(session, rows, now)
    return changed


def append_changes(session: Session, rows: list[tuple[str, str, Mapping[str, str]]], now: str) -> None:
    """Append changes (code, what, detail), numbered on from the last."""
    row = session.one(queries.LAST_CHANGE)
    first = int(row[0] or 0) + 1 if row else 1
    lines = (
        (seq, now, code, kind_of(code), what, json.dumps(detail, sort_keys=True)) for seq, (code, what, detail) in enumerate(rows, first)
    )
    session.load("change", queries.CHANGE_COLUMNS, lines)


def _what(session: Session, code: str, was: bool, is_now: bool) -> tuple[str, Mapping[str, str]]:
    if was and is_now:
        return "changed", {}
    if is_now:
        row = session.one(queries.SPLIT_FROM, {"code": code})
        return ("split", {"from": row[0]}) if row else ("created", {})
    subject = session.one(queries.SUBJECT, {"code": code})
    return ("merged", {"into": subject[2]}) if subject and subject[2] else ("ended", {})
