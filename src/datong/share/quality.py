"""How good the registers are, in figures: each with its denominator, how it was counted, and where the cases behind it are listed.

Figures single nobody out: they count whole registers and sources. Accuracy is never guessed from the registers themselves: it
comes from a simulated city's truth, or from random checks at the door (`checks`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from datong import registers
from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.share import queries
from datong.share.checks import READ, Estimate, samples, wilson
from datong.share.freshness import fresh_by
from datong.share.installed import Installed, installed, moment
from datong.share.workdays import city_day
from datong.store import Session

TRUTH = "quality.truth"
MOST_WORST = 12


@dataclass(frozen=True)
class Rate:
    """One share: how many of how many, and the interval (95 %) where it was measured on a sample."""

    part: int
    whole: int
    low: float = 0.0
    high: float = 0.0

    @property
    def share(self) -> float | None:
        """The share; nothing of nothing is no share."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Truth:
    """Accuracy against the truth of a simulated city."""

    at: str
    city: str
    measures: Mapping[str, Mapping[str, int]]
    """address, domicile → right, wrong, none (leads to no door), and for domicile: nobody (in no register)."""

    def rate(self, measure: str) -> Rate:
        """Right ones of all that have a truth."""
        counts = self.measures.get(measure, {})
        whole = sum(counts.values())
        low, high = wilson(counts.get("right", 0) / whole, whole) if whole else (0.0, 0.0)
        return Rate(counts.get("right", 0), whole, low, high)

    def decided(self, measure: str) -> Rate:
        """Right ones of those that led to a door."""
        counts = self.measures.get(measure, {})
        return Rate(counts.get("right", 0), counts.get("right", 0) + counts.get("wrong", 0))


@dataclass(frozen=True)
class Filled:
    """How many entries of a register have a required field, and how many have sources that differ on it."""

    register: str
    field: str
    filled: Rate
    differing: Rate


@dataclass(frozen=True)
class Fresh:
    """A source's newest delivery. `light`: green in time, yellow late, red very late."""

    resource: str
    department: str
    cycle: str
    newest: str
    days: int
    light: str


@dataclass(frozen=True)
class Worst:
    """A source by its marks: still open, and month by month (YYYY-MM, opened, settled)."""

    resource: str
    open: int
    months: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Quality:
    """Everything the quality page shows."""

    truth: Truth | None
    samples: tuple[Estimate, ...]
    filled: tuple[Filled, ...]
    fresh: tuple[Fresh, ...]
    levels: tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]
    """Level, addresses that reach it, and for what stops there the reasons with their numbers."""
    addresses: int
    worst: tuple[Worst, ...]
    marks: tuple[tuple[str, int, int], ...]
    """Kind of mark, cases still to be done, cases at their end."""


def quality(session: Session, actor: Actor, *, now: datetime | None = None) -> Quality:
    """The figures of today. Raises Forbidden without `quality.read`."""
    parts = installed(session)
    if not parts.may(actor, READ):
        raise Forbidden("您的岗位不能查看质量数据 (your post lacks quality.read)")
    levels, addresses = _levels(session)
    return Quality(
        truth(session),
        samples(session, actor),
        _filled(session, parts),
        _fresh(session, parts, city_day(moment(now))),
        levels,
        addresses,
        _worst(session),
        tuple((kind, int(still), int(done)) for kind, still, done in session.all(queries.CASES_BY_KIND)),
    )


def keep_truth(session: Session, found: Truth) -> None:
    """Keep what was measured against a simulated city's truth, for the quality page."""
    value = json.dumps({"at": found.at, "city": found.city, "measures": found.measures}, ensure_ascii=False)
    session.run(queries.KEEP_STATE, {"name": TRUTH, "value": value})


def truth(session: Session) -> Truth | None:
    """The last measure against truth; nothing in a real city."""
    row = session.one(queries.READ_STATE, {"name": TRUTH})
    return Truth(**json.loads(row[0])) if row else None


def _filled(session: Session, parts: Installed) -> tuple[Filled, ...]:
    entries = {kind: int(number) for kind, number in session.all(queries.ENTRIES_BY_KIND)}
    marked = {(kind, register, field): int(n) for kind, register, field, n in session.all(queries.MARKED_FIELDS)}
    gaps = parts.kinds.get("gap")
    found = []
    for register in ("person", "organisation", "premises"):
        whole = entries.get(register, 0)
        for field in sorted(gaps.fields.get(register, ())) if gaps else ():
            missing, differing = marked.get(("gap", register, field), 0), marked.get(("conflict", register, field), 0)
            found.append(Filled(register, field, Rate(whole - missing, whole), Rate(differing, whole)))
    return tuple(found)


def _fresh(session: Session, parts: Installed, today: date) -> tuple[Fresh, ...]:
    newest: dict[str, str] = dict(session.all(queries.NEWEST_DELIVERIES))
    found = []
    for resource, source in parts.packs.sources.items():
        day = newest.get(resource, "")
        known = fresh_by(day, source.update_cycle, today)
        found.append(Fresh(resource, source.department, source.update_cycle, known.newest, known.days, known.light))
    order = {"red": 0, "yellow": 1, "grey": 2, "green": 3}
    return tuple(sorted(found, key=lambda one: (order[one.light], -one.days, one.resource)))


def _levels(session: Session) -> tuple[tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...], int]:
    reasons: dict[str, Counter[str]] = {}
    for _, level, why, number in registers.reached(session):
        reasons.setdefault(level, Counter())[why] += number
    levels = tuple(
        (level, reasons[level].total(), tuple((why, n) for why, n in reasons[level].most_common(4) if why))
        for level in registers.LEVELS
        if level in reasons
    )
    return levels, sum(number for _, number, _ in levels)


def _worst(session: Session) -> tuple[Worst, ...]:
    still = [(source, int(number)) for source, number in session.all(queries.WORST_SOURCES, {"most": MOST_WORST})]
    months: dict[str, dict[str, list[int]]] = {}
    for at, (sql) in enumerate((queries.OPENED_BY_MONTH, queries.SETTLED_BY_MONTH)):
        for source, month, number in session.all(sql):
            months.setdefault(source, {}).setdefault(month, [0, 0])[at] = int(number)
    return tuple(Worst(source, number, _last_months(months.get(source, {}))) for source, number in still)


def _last_months(found: Mapping[str, Sequence[int]]) -> tuple[tuple[str, int, int], ...]:
    return tuple((month, opened, settled) for month, (opened, settled) in sorted(found.items())[-6:])
