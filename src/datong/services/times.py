"""How long cases took from the first moment to the last, as people lived it: nights, weekends and pauses included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from datong.services import queries
from datong.store import Session

MOST = 10_000
"""The newest cases of an item that are measured."""


@dataclass(frozen=True)
class Times:
    """One item's granted cases: how many were measured, and minutes from the application to the end."""

    service: str
    cases: int
    fastest: float
    middle: float
    mean: float


def times(session: Session, service: str = "") -> tuple[Times, ...]:
    """The times of one item, or of every item that granted anything: of its newest 10,000 granted cases."""
    wanted = [service] if service else [str(row[0]) for row in session.all(queries.GRANTED_ITEMS)]
    found = []
    for code in wanted:
        rows = session.all(queries.GRANTED_TIMES, {"service": code, "most": MOST})
        minutes = [_minutes(str(begun), str(ended)) for begun, ended in rows]
        if minutes:
            found.append(Times(code, len(minutes), min(minutes), median(minutes), fmean(minutes)))
    return tuple(found)


def _minutes(begun: str, ended: str) -> float:
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds() / 60
