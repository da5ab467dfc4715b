"""What became of a code: a code once printed always resolves, and says how it came to be what it is today."""

from __future__ import annotations

from dataclasses import dataclass

from datong.domain.access import Register
from datong.fuse import store_queries as queries
from datong.fuse.today import resolve
from datong.store import Session


@dataclass(frozen=True)
class Event:
    """A dated event of a code: issued, merged (into `other`), split (from `other`), emptied, revived."""

    number: int
    at: str
    kind: Register
    event: str
    code: str
    other: str


@dataclass(frozen=True)
class Became:
    """A code's whole story. `today` is what it stands for now (empty when it was never issued)."""

    code: str
    today: str
    state: str
    """active, or empty when no record speaks of it any more."""
    events: tuple[Event, ...]
    """Everything that happened to the code, to those it was merged into, and to those that came out of it, the oldest first."""
    parted: tuple[str, ...]
    """Codes that were split off it, or off what it was merged into, since: what was printed under it may be theirs now."""


def became(session: Session, code: str) -> Became:
    """What became of a code."""
    today = resolve(session, code)
    if not today:
        return Became(code, "", "", (), ())
    row = session.one(queries.SUBJECT_BY_CODE, {"code": today})
    family = [code]
    events: dict[int, Event] = {}
    parted: list[str] = []
    for one in family:
        for found in (Event(*row) for row in session.all(queries.EVENTS_OF_CODE, {"code": one})):
            events[found.number] = found
            if found.code == one and found.event == "merged" and found.other not in family:
                family.append(found.other)
            if found.other == one and found.event == "split" and found.code not in parted:
                parted.append(found.code)
    return Became(code, today, str(row[2]) if row else "", tuple(events[number] for number in sorted(events)), tuple(parted))


def merges_and_splits(session: Session, before: int = 0, limit: int = 50) -> list[Event]:
    """The feed of merges and splits, the newest first; `before` is the number of the last one seen."""
    rows = session.all(queries.MERGES_AND_SPLITS, {"before": before or (1 << 62), "limit": limit})
    return [Event(*row) for row in rows]
