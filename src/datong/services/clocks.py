"""Working days as the clocks of cases need them: a calendar that remembers what it has counted."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Protocol

from datong.services.state import Clock


class Days(Protocol):
    """What a calendar of working days says."""

    def due(self, start: date, working_days: int, /) -> date:
        """The last of so many working days after a day."""
        ...

    def left(self, today: date, due: date, /) -> int:
        """Working days from one day until another."""
        ...


class Working:
    """A calendar in ISO dates; the same few thousand pairs of days come again and again, so they are counted once."""

    def __init__(self, calendar: Days) -> None:
        self.due = lru_cache(65536)(lambda start, days: calendar.due(date.fromisoformat(start), days).isoformat())
        self.between = lru_cache(65536)(lambda start, end: calendar.left(date.fromisoformat(start), date.fromisoformat(end)))

    def gone(self, since: str, day: str) -> int:
        """Working days after `since` up to `day`; never fewer than none."""
        return max(0, int(self.between(since, day))) if since and day > since else 0

    def left(self, clock: Clock, day: str) -> int:
        """Working days a clock has left; negative when it is over. A standing clock keeps what it had."""
        if not clock.due:
            return clock.days - clock.used
        return int(self.between(day, clock.due))

    def used(self, clock: Clock, day: str) -> int:
        """Working days a clock has run in all."""
        return clock.used + self.gone(clock.since, day)

    def resumed(self, clock: Clock, day: str) -> str:
        """The last day of a clock that runs on from this day with what it has left."""
        return str(self.due(day, max(0, clock.days - clock.used)))
