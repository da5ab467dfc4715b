"""Minutes at the window: from taking a number, or from beginning where none was taken, to acceptance; by item and by window, each figure
with what it is of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from datong import share
from datong.domain.access import Actor
from datong.services.windows import queries
from datong.spec import Faults, Packs, Shape
from datong.store import Row, Session

READ = "board.read"
PART = "services.windows.rules"
MOST = 200_000
TAKEN_IN = ("accepted", "granted", "refused", "not_accepted")
"""What a case moves to when it has been taken in or turned away: then she may go."""


@dataclass(frozen=True)
class WindowRules:
    """Within how many minutes a matter should be taken in, and what says so."""

    minutes: int = 15
    reference: str = ""


@dataclass(frozen=True)
class Minutes:
    """The figures of an item or of a window. `begun` counts the cases begun at windows; `taken_in` of them were accepted or decided, of
    these `within` in the time; `numbered` of them had taken a number; `left` are numbers whose holders went away."""

    code: str
    department: str
    begun: int
    numbered: int
    taken_in: int
    within: int
    middle: float
    waited: float
    """Median minutes from number to call, of those called; -1: none was."""
    left: int

    @property
    def share(self) -> float:
        """Of those taken in, the part within the time; 0 when there are none."""
        return self.within / self.taken_in if self.taken_in else 0.0


@dataclass(frozen=True)
class WindowTimes:
    """The whole board: all together, by item, by window."""

    whole: Minutes
    items: tuple[Minutes, ...]
    windows: tuple[Minutes, ...]
    rules: WindowRules


@dataclass(frozen=True)
class _Visit:
    department: str
    unit: str
    service: str
    taken_at: str
    called_at: str
    begun_at: str
    left_at: str
    taken_in_at: str

    @property
    def minutes(self) -> float:
        return _between(self.taken_at or self.called_at, self.taken_in_at)


def window_times(session: Session, actor: Actor, since: str, until: str) -> WindowTimes:
    """The figures of the days from `since` to `until` (ISO, both included). Raises Forbidden without `board.read`."""
    share.installed(session).must(actor, READ)
    rules = share.once_of_packs(session, PART, lambda parts, faults: read_window_rules(parts.packs, faults))
    params = {"since": since, "until": until}
    ended: dict[str, str] = {}
    for visit_id, at, data in session.all(queries.TAKEN_IN, params):
        if json.loads(data).get("to") in TAKEN_IN:
            ended.setdefault(visit_id, at)
    visits = [_visit(row, ended.get(row[0], "")) for row in session.all(queries.VISITS, params | {"most": MOST})]
    items = {one.service for one in visits if one.service}
    windows = {(one.department, one.unit) for one in visits if one.unit}
    by_item = [_minutes(code, "", [one for one in visits if one.service == code], rules) for code in sorted(items)]
    by_window = [
        _minutes(unit, who, [one for one in visits if (one.department, one.unit) == (who, unit)], rules) for who, unit in sorted(windows)
    ]
    return WindowTimes(_minutes("", "", visits, rules), _most_first(by_item), _most_first(by_window), rules)


def read_window_rules(packs: Packs, faults: Faults) -> WindowRules:
    """windows.yml; without it fifteen minutes."""
    root = packs.raw("windows", faults)
    if root is None:
        return WindowRules()
    shape = Shape(root, "windows.yml", faults)
    shape.only(("minutes", "reference"))
    return WindowRules(shape.number("minutes", 15, 1), shape.text("reference", required=True))


def _visit(row: Row, taken_in_at: str) -> _Visit:
    values: Sequence[str] = (*row[1:8], taken_in_at)
    return _Visit(*values)


def _minutes(code: str, department: str, visits: Sequence[_Visit], rules: WindowRules) -> Minutes:
    begun = [one for one in visits if one.begun_at]
    ended = [one for one in begun if one.taken_in_at]
    waited = [_between(one.taken_at, one.called_at) for one in visits if one.taken_at and one.called_at]
    return Minutes(
        code, department, len(begun), sum(bool(one.taken_at) for one in begun), len(ended),
        sum(one.minutes <= rules.minutes for one in ended), median(one.minutes for one in ended) if ended else -1.0,
        median(waited) if waited else -1.0, sum(bool(one.left_at) for one in visits),
    )  # fmt: skip


def _most_first(found: Iterable[Minutes]) -> tuple[Minutes, ...]:
    return tuple(sorted(found, key=lambda one: (-one.begun, one.department, one.code)))


def _between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 60
