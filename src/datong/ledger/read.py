"""Read the lines: one, those of a subject for the person concerned, those an auditor asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datong.domain.errors import BadValue
from datong.ledger import queries, runs
from datong.ledger.line import Line, StoredLine
from datong.ledger.log import leaf_index_of
from datong.store import Row, Session

MOST_LINES = 1000
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|\+00:00)?)?")


@dataclass(frozen=True)
class LinePage:
    """Lines, newest first, and the cursor of the next page; an empty one when this is the last."""

    lines: tuple[StoredLine, ...]
    next_cursor: str = ""


@dataclass(frozen=True)
class Only:
    """Which lines are let through at all. The others leave no gap: they count neither in a page nor in a cursor."""

    types: tuple[str, ...] = ()
    """Empty: every type."""
    not_purposes: tuple[str, ...] = ()
    late_purposes: tuple[tuple[str, str], ...] = ()
    """Purpose → the time from which on its lines are kept back."""
    not_actor: str = ""


EVERYTHING = Only()


def find_line(session: Session, line_id: str) -> StoredLine | None:
    """The line with this id; nothing when there is none, or it is erased."""
    leaf_index = leaf_index_of(line_id)
    if leaf_index is None:
        return None
    row = session.one(queries.LINE_BY_ID, {"leaf_index": leaf_index, "line_id": line_id})
    return read_row(row) if row else None


def lines_of_subject(
    session: Session,
    code: str | Sequence[str],
    *,
    since: str = "",
    until: str = "",
    purpose: str = "",
    department: str = "",
    actor: str = "",
    limit: int = 50,
    cursor: str = "",
    only: Only = EVERYTHING,
) -> LinePage:
    """Who looked at a subject, newest first. `code` may be several: a merged subject has lines under each of its codes.

    `only` keeps lines back without a trace.
    `since` is the first time wanted, `until` the first no longer wanted; ISO text, a date alone is its midnight in UTC.
    """
    codes = (code,) if isinstance(code, str) else tuple(code)
    if not any(codes):
        raise BadValue("subject", "is empty", "name a permanent code")
    marks: dict[str, str] = {}
    where = _among("subject", "IN", [one for one in codes if one], marks)
    wanted: dict[str, Any] = {"purpose": purpose, "department": department, "actor": actor}
    where += _among("type", "IN", only.types, marks) + _among("purpose", "NOT IN", only.not_purposes, marks)
    for number, (late, silent) in enumerate(only.late_purposes):
        where.append(f"NOT (purpose = :late_{number} AND at >= :late_until_{number})")
        marks |= {f"late_{number}": late, f"late_until_{number}": silent}
    where += _among("actor", "NOT IN", (only.not_actor,) if only.not_actor else (), marks)
    return _page(session, (where, marks), _Window(since, until, limit, cursor), wanted)


def _among(column: str, how: str, values: Sequence[str], params: dict[str, str]) -> list[str]:
    """A condition on a column's values; none when there are no values."""
    names = [f"{column}_{number}" for number in range(len(values))]
    params.update(zip(names, values, strict=True))
    return [f"{column} {how} ({', '.join(f':{name}' for name in names)})"] if names else []


def lines_by(
    session: Session,
    *,
    actor: str = "",
    department: str = "",
    unit: str = "",
    purpose: str = "",
    type: str = "",
    since: str = "",
    until: str = "",
    limit: int = 50,
    cursor: str = "",
) -> LinePage:
    """The lines an auditor asks for, newest first; an empty filter lets everything through."""
    wanted = {"actor": actor, "department": department, "unit": unit, "purpose": purpose, "type": type}
    return _page(session, ([], {}), _Window(since, until, limit, cursor), wanted)


def read_row(row: Row) -> StoredLine:
    """A row of LINE_COLUMNS as a line."""
    leaf_index, line_id, at, kind, subject, actor, department, unit, purpose, body, salt = row
    line = Line(kind, at, subject, actor, department, unit, purpose, json.loads(body))
    return StoredLine(line_id, int(leaf_index), line, bytes.fromhex(salt))


@dataclass(frozen=True)
class _Window:
    """Which stretch of time and which page of it."""

    since: str
    until: str
    limit: int
    cursor: str


def _page(session: Session, begun: tuple[list[str], dict[str, str]], window: _Window, wanted: dict[str, Any]) -> LinePage:
    where, params = list(begun[0]), dict[str, Any](begun[1])
    _check(window, {**params, **wanted})
    for name, value in wanted.items():
        if value:
            where.append(f"{name} = :{name}")
            params[name] = value
    if window.since:
        where.append("at >= :since")
        params["since"] = window.since
    if window.until:
        where.append("at < :until")
        params["until"] = window.until
    if window.cursor:
        where.append("(at, leaf_index) < (:cursor_at, :cursor_index)")
        params["cursor_at"], params["cursor_index"] = _read_cursor(window.cursor)
    rows = _newest(session, where, params, window)
    lines = tuple(read_row(row) for row in rows[: window.limit])
    return LinePage(lines, f"{lines[-1].line.at}_{lines[-1].leaf_index}" if len(rows) > window.limit else "")


def _newest(session: Session, where: Sequence[str], params: dict[str, Any], window: _Window) -> list[Row]:
    """The rows of a page and one more: by the runs where a subject or an actor is named on SQLite, else by an index of the table."""
    condition, limit = " AND ".join(where), window.limit + 1
    key = next((one for one in runs.COLUMNS if any(name.partition("_")[0] == one for name in params)), "")
    if session.dialect == "sqlite" and key:
        search = runs.Search(key, condition, params, window.since, params.get("cursor_at", "") or window.until, limit)
        leaves = runs.newest(session, search)
        params = {f"leaf_{at}": leaf_index for at, leaf_index in enumerate(leaves)}
        chosen = ", ".join(f":{name}" for name in params)
    else:
        params = {**params, "limit": limit}
        where_clause = f" WHERE {condition}" if condition else ""
        chosen = f"SELECT leaf_index FROM ledger_line{where_clause} ORDER BY at DESC, leaf_index DESC LIMIT :limit"  # noqa: S608
    return session.all(
        f"SELECT {queries.LINE_FIELDS} FROM ledger_line WHERE leaf_index IN ({chosen}) ORDER BY at DESC, leaf_index DESC",  # noqa: S608
        params,
    )


def _check(window: _Window, given: dict[str, str]) -> None:
    """What a caller typed must be able to stand in a statement."""
    if not 1 <= window.limit <= MOST_LINES:
        raise BadValue("limit", "is out of bounds", f"ask for 1 to {MOST_LINES} lines at once")
    for name, value in (("since", window.since), ("until", window.until)):
        if value and not _TIME.fullmatch(value):
            raise BadValue(name, "is neither a date nor a time in UTC", "write it like 2026-01-31 or 2026-01-31T08:00:00Z")
    for name, value in given.items():
        if "\x00" in value:
            raise BadValue(name, "holds a NUL character", "leave it out")


def _read_cursor(cursor: str) -> tuple[str, int]:
    at, _, index = cursor.rpartition("_")
    if not _TIME.fullmatch(at) or not (index.isascii() and index.isdigit()) or len(index) > 18:
        raise BadValue("cursor", "is none of this list", "begin again without it")
    return at, int(index)
