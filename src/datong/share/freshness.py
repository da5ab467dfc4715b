"""How fresh a resource is: days since its newest data against the cycle that was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CYCLE_DAYS = {"realtime": 1, "daily": 2, "weekly": 10, "monthly": 45, "quarterly": 120, "yearly": 400}
"""Days after which data of a cycle counts as late; a cycle of no stated length is taken for a year."""


@dataclass(frozen=True)
class Freshness:
    """How fresh a resource is, measured by what was delivered. `newest`: a day, empty with `days` -1 when nothing ever was."""

    newest: str
    days: int
    light: str
    deliveries: int = 0


def fresh_by(newest: str, cycle: str, today: date, deliveries: int = 0) -> Freshness:
    """The light of a resource whose newest data is of this day: green in time, yellow late, red very late, grey never."""
    if not newest:
        return Freshness("", -1, "grey")
    days = (today - date.fromisoformat(newest[:10])).days
    limit = CYCLE_DAYS.get(cycle, CYCLE_DAYS["yearly"])
    return Freshness(newest[:10], days, "green" if days <= limit else "yellow" if days <= 2 * limit else "red", deliveries)
