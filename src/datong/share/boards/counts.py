"""Exchanges counted from the record, month by month, without anybody's code: only what came since the last count is read."""

from __future__ import annotations

from collections.abc import Mapping

from datong.share.boards import queries
from datong.share.queries import KEEP_STATE, READ_STATE
from datong.store import Session

STATE = "boards.exchanges"
AT_ONCE = 500_000
"""Lines counted in one go; the rest the next time."""


def count_exchanges(session: Session) -> bool:
    """Bring the counts up to the record's end; false while there is more to count than fits in one go."""
    row = session.one(READ_STATE, {"name": STATE})
    after = int(row[0]) if row else -1
    newest = session.one(queries.NEWEST_LINE)
    until = int(newest[0]) if newest else -1
    if until <= after:
        return True
    upto = min(until, after + AT_ONCE)
    session.run(queries.COUNT_EXCHANGES, {"after": after, "until": upto})
    session.run(KEEP_STATE, {"name": STATE, "value": str(upto)})
    return upto == until


def exchanges(session: Session) -> tuple[Mapping[str, Mapping[str, int]], Mapping[str, Mapping[str, int]]]:
    """What was counted: month → type → times, and department → type → times."""
    by_month: dict[str, dict[str, int]] = {}
    by_department: dict[str, dict[str, int]] = {}
    for month, department, _, kind, times in session.all(queries.EXCHANGES):
        for table, key in ((by_month, month), (by_department, department)):
            cell = table.setdefault(key, {})
            cell[kind] = cell.get(kind, 0) + int(times)
    return by_month, by_department
