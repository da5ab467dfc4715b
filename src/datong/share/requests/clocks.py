"""The clocks of requests: which one runs, until which day, and how it stands: green, yellow, red."""

from __future__ import annotations

from datetime import date

from datong.share.installed import Installed
from datong.share.requests.rules import ANSWER, Clock
from datong.share.workdays import light


def clock_of(parts: Installed, name: str, sharing_class: str) -> Clock | None:
    """The clock an act names; `answer` is the one of the sharing class."""
    clocks = parts.requests.clocks
    if name != ANSWER:
        return clocks.get(name)
    return clocks.get(f"{ANSWER}_{sharing_class}") or clocks.get(f"{ANSWER}_conditional")


def due_day(parts: Installed, clock: Clock, today: date) -> str:
    """The last day of a clock that begins to run today."""
    return parts.calendar.due(today, clock.days).isoformat()


def days_left(parts: Installed, due: str, today: date) -> int:
    """Working days until the last day; negative when it is over, 0 without a clock."""
    return parts.calendar.left(today, date.fromisoformat(due)) if due else 0


def light_of(parts: Installed, due: str, today: date) -> str:
    """green, yellow (the last days), red (over), or grey where no clock runs."""
    if not due:
        return "grey"
    return light(days_left(parts, due, today), parts.requests.warn)
