"""Quota and rate: how much one asker takes under one agreement. The ledger itself is the count; this only remembers it.

The day's count is read from the ledger when it is first needed and every half minute after, and carried on between, so
that several processes agree within half a minute and nothing is counted twice. On PostgreSQL, where many may serve, each
question through the door is counted once more with its lines, in their transaction (`count_of`): there nobody gives what
another has given.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from datong import ledger
from datong.domain.access import Actor, Ground
from datong.share import queries
from datong.share.agreement import Agreement
from datong.share.words import ground
from datong.share.workdays import city_day, day_begins, moment_text
from datong.store import Session

REMEMBERED = 30.0
"""Seconds for which a count is carried on before it is read again."""

AS_LATE_AS = timedelta(minutes=30)
"""A line is in the record sooner than this after the moment it names."""
_MOST_ASKERS = 50_000


@dataclass
class _Count:
    """What one asker took under one agreement."""

    rows: int = 0
    recorded: int = 0
    """Of these the lines that were found in the ledger, of its first `through`."""
    through: int = 0
    counted_at: float = 0.0
    day: str = ""
    minute: int = 0
    questions: int = 0


class Meter:
    """Counts for every asker and agreement of one process."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], _Count] = {}
        self._lock = threading.Lock()

    def take(self, session: Session, actor: Actor, agreement: Agreement, now: datetime) -> Ground | None:
        """Count one question; the reason when it is over the minute's rate or the day's quota is used up."""
        count = self._count(session, actor, agreement, now)
        if count.questions >= agreement.quota.per_minute:
            return used_up(agreement, "minute")
        if count.rows >= agreement.quota.per_day:
            return used_up(agreement, "day")
        count.questions += 1
        return None

    def add(self, actor: Actor, agreement: Agreement, rows: int) -> None:
        """Count the rows that a question gave."""
        count = self._counts.get((actor.id, agreement.code))
        if count is not None:
            count.rows += rows

    def _count(self, session: Session, actor: Actor, agreement: Agreement, now: datetime) -> _Count:
        stamp = now.timestamp()
        with self._lock:
            if len(self._counts) > _MOST_ASKERS:
                self._counts.clear()
            count = self._counts.setdefault((actor.id, agreement.code), _Count())
        minute = int(stamp // 60)
        if count.minute != minute:
            count.minute, count.questions = minute, 0
        if not 0 <= stamp - count.counted_at < REMEMBERED:
            _count_again(session, actor, agreement, now, count)
        return count


def used_up(agreement: Agreement, span: str) -> Ground:
    """The reason when a day's quota ("day") or a minute's rate ("minute") is used up."""
    shown = str(agreement.quota.per_minute if span == "minute" else agreement.quota.per_day)
    return ground(f"quota_{span}", what=(agreement.title_zh, agreement.title_en), shown=shown, rule=agreement.code)


def count_of(actor: Actor, agreement: Agreement, now: datetime, rows: int) -> ledger.Count:
    """What a question counts as when its lines are written."""
    quota, day = agreement.quota, city_day(now).isoformat()
    return ledger.Count(actor.id, agreement.code, day, int(now.timestamp() // 60), rows, quota.per_day, quota.per_minute)


def _count_again(session: Session, actor: Actor, agreement: Agreement, now: datetime, count: _Count) -> None:
    """Bring a count up to the ledger: whole for a new day, else by the lines that came since: an asker of millions costs no more."""
    day = day_start(now)
    if count.day != day:
        count.rows = count.recorded = count.through = 0
    size = ledger.size(session)
    since = max(day, moment_text(now - AS_LATE_AS)) if count.through else day
    count.recorded += _used(session, actor, agreement, since, count.through)
    count.rows = max(count.rows, count.recorded)  # lines on their way into the record are counted here first
    count.through, count.counted_at, count.day = size, now.timestamp(), day


def day_start(now: datetime) -> str:
    """Midnight of the city's day, as UTC text."""
    return day_begins(city_day(now))


def _used(session: Session, actor: Actor, agreement: Agreement, since: str, after: int) -> int:
    params = {"actor": actor.id, "since": since, "after": after, "purpose": agreement.purpose}
    params["agreement"] = f'%"agreement":"{agreement.code}"%'
    row = session.one(queries.USED_TODAY, params)
    return int(row[0]) if row else 0
