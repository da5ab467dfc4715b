"""Working days: the calendar of holidays and make-up days as data, and the due date of a clock that counts them.

The day of the event is not counted; a clock that would end on a day off ends on the next working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from datong.spec import Faults, Node, Packs

CITY_TIME = timezone(timedelta(hours=8))
"""The whole country keeps one time."""


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up working days, as ISO dates; `fixed` are MM-DD for years without a list."""

    off: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        text = day.isoformat()
        if text in self.on:
            return True
        if text in self.off or (day.year not in self.years and text[5:] in self.fixed):
            return False
        return day.weekday() < 5

    def due(self, start: date, working_days: int) -> date:
        """The last day of a clock of so many working days that an event on `start` sets off."""
        day, left = start, working_days
        while left:
            day += timedelta(days=1)
            left -= self.is_working(day)
        return day

    def left(self, today: date, due: date) -> int:
        """Working days from today until due; negative when it is over."""
        if due < today:
            return -self.left(due, today)
        return sum(self.is_working(today + timedelta(days=ahead)) for ahead in range(1, (due - today).days + 1))


def read_calendar(packs: Packs, faults: Faults) -> Calendar:
    """calendar.yml; dates that are none are noted as faults. Without the file only weekends are off."""
    root = packs.raw("calendar", faults)
    if root is None:
        return Calendar()
    off: set[str] = set()
    on: set[str] = set()
    years: set[int] = set()
    for year, node in (root.get("years") or Node({}, root.file, root.line)).entries():
        off |= _dates(node.get("off"), faults)
        on |= _dates(node.get("on"), faults)
        if year.isdigit():
            years.add(int(year))
        else:
            faults.add(node, f"{year!r} is no year")
    fixed = root.get("fixed")
    return Calendar(
        frozenset(off), frozenset(on), frozenset(item.text for item in fixed.items()) if fixed else frozenset(), frozenset(years)
    )


def calendar_of(packs: Packs) -> Calendar:
    """The city's calendar. Raises BadPack."""
    faults = Faults()
    found = read_calendar(packs, faults)
    faults.raise_any()
    return found


def _dates(node: Node | None, faults: Faults) -> set[str]:
    found: set[str] = set()
    for item in node.items() if node else []:
        try:
            found.add(date.fromisoformat(item.text).isoformat())
        except ValueError:
            faults.add(item, f"{item.text!r} is no date like 2026-01-31")
    return found


@lru_cache(maxsize=256)
def city_day(now: datetime) -> date:
    """The calendar day of a moment, where the city is."""
    return now.astimezone(CITY_TIME).date()


def city_hour(now: datetime) -> int:
    """The hour of a moment, where the city is."""
    return now.astimezone(CITY_TIME).hour


def day_of(at: str) -> str:
    """The city's calendar day of a moment as the store keeps it, as ISO text."""
    return city_day(datetime.fromisoformat(at)).isoformat()


def clock_of(at: str) -> str:
    """A moment (UTC text) by the city's clock, to the minute, as people read it."""
    return datetime.fromisoformat(at).astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")


def day_begins(day: date) -> str:
    """Midnight of a day of the city's, as UTC text."""
    return moment_text(datetime.combine(day, time(), CITY_TIME))


def light(left: int, soon: int) -> str:
    """How a clock stands with so many days left: red (over), yellow (`soon` or fewer left), green."""
    return "red" if left < 0 else "yellow" if left <= soon else "green"


@lru_cache(maxsize=256)
def moment_text(now: datetime) -> str:
    """A moment as the store and the ledger keep it: UTC, to the millisecond."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
