"""Places that were renamed, renumbered, split, merged, demolished: what a change means for the tree and for codes. Pure.

A change names the place before and the place after in parts. A renamed or renumbered place is the same place: rows that still
use its former name or number are read as they would be written today, and its doors keep their codes. Of merged doors the oldest
code stays; the parts of a split door get codes of their own that say where they came from; a demolished door keeps its code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from datong.domain.registers import PLACE_CHANGES
from datong.fuse.address import PARTS, PlaceRow, PlaceTree, past
from datong.fuse.address.names import plain

_NAMED = (("estate", "E"), ("village", "V"), ("road", "R"))
_NAMES = frozenset(("street", "community", "road", "estate", "phase", "village"))
_OF_SITES = frozenset(("renamed", "renumbered"))
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """One change: what a place was, what it is now, since when. `before` or `after` is missing for new and demolished places."""

    kind: str
    on: str
    before: PlaceRow | None
    after: PlaceRow | None
    reused: bool = False
    """Another place bears the former name or number today: which one a row means, its own day must tell."""


@dataclass
class Changed:
    """What the changes come to, in places of the tree."""

    joined: list[tuple[str, str]] = field(default_factory=list)
    """(former place, place of today): one door, one code."""
    handed_on: dict[str, str] = field(default_factory=dict)
    """A door of today → its former place, whose number is another door's today: its code comes from there once."""
    parted: dict[str, str] = field(default_factory=dict)
    """A door of today → the door it was a part of."""
    ended: dict[str, str] = field(default_factory=dict)
    """Place → the day since which it is no more (demolished, split, merged, or numbered otherwise)."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change as a record tells it: `role` is before or after."""

    resource: str
    record_id: str
    role: str
    kind: str
    on: str
    row: PlaceRow


def read_changes(sides: Iterable[Side]) -> list[PlaceChange]:
    """The changes that records tell side by side, the earliest first. A side without any part of an address is none."""
    records: dict[tuple[str, str], dict[str, Side]] = defaultdict(dict)
    for side in sides:
        if side.kind in PLACE_CHANGES and any(getattr(side.row, part) for part in PARTS):
            records[side.resource, side.record_id][side.role] = side
    found = []
    for both in records.values():
        told = next(iter(both.values()))
        before, after = (both[role].row if role in both else None for role in (BEFORE, AFTER))
        found.append(PlaceChange(told.kind, told.on, before, after))
    given = {_parts(change.after) for change in found if change.after}
    return sorted((replace(one, reused=one.before is not None and _parts(one.before) in given) for one in found), key=_order)


def _parts(row: PlaceRow) -> tuple[str, ...]:
    return (row.district, *(plain(getattr(row, part)) for part in PARTS))


def _order(change: PlaceChange) -> tuple[str, ...]:
    return (change.on, change.kind, *(part for side in (change.before, change.after) if side for part in side.order()))


def todays_rows(rows: Sequence[PlaceRow | None], days: Sequence[str], changes: Sequence[PlaceChange]) -> list[PlaceRow | None]:
    """The rows in their order, written as today: each change of a name or number is applied to the rows it covers.

    `days` are the rows' own days: where another place bears the former number today, a row means the former one only if it is
    from before the change. Where nobody does, the number is the former one for good: departments keep old numbers for years.
    """
    moves = _by_district(change for change in changes if change.kind in _OF_SITES and change.before and change.after)
    return [
        _today(row, day, moves.get(row.district, ())) if row is not None and row.district in moves else row
        for row, day in zip(rows, days, strict=True)
    ]


def _by_district(changes: Iterable[PlaceChange]) -> dict[str, list[PlaceChange]]:
    found: dict[str, list[PlaceChange]] = defaultdict(list)
    for change in changes:
        found[(change.before or change.after or PlaceRow("")).district].append(change)
    return found


def _today(row: PlaceRow, day: str, moves: Sequence[PlaceChange]) -> PlaceRow:
    last = ""
    for change in moves:
        too_late = change.reused and (day >= change.on or last == change.on)  # what took the number that day is not what had it
        if change.before and change.after and not too_late and covers(change.before, row):
            row, last = _moved(row, change.before, change.after), change.on
    return row


def covers(place: PlaceRow, row: PlaceRow) -> bool:
    """Whether a row lies at or inside a place: every part that the place has, the row has as well."""
    if place.district != row.district:
        return False
    return all(not (wanted := getattr(place, part)) or _alike(part, wanted, getattr(row, part)) for part in PARTS)


def _alike(part: str, wanted: str, given: str) -> bool:
    if part in ("street", "community") and not given:
        return True
    return plain(wanted) == plain(given) if part in _NAMES else wanted == given


def _moved(row: PlaceRow, before: PlaceRow, after: PlaceRow) -> PlaceRow:
    """The row with the parts that changed; a former name of an estate or village stays as another name of it."""
    fresh: dict[str, Any] = {}
    for part in PARTS:
        old, new = getattr(before, part), getattr(after, part)
        if old != new and (old or not getattr(row, part)):
            fresh[part] = new
    former = (before.estate + before.phase, before.village)
    names = {name for name, now in zip(former, (after.estate + after.phase, after.village), strict=True) if name and name != now}
    return replace(row, **fresh, aliases=tuple(sorted({*row.aliases, *names})))


def rows_of_changes(changes: Sequence[PlaceChange]) -> list[PlaceRow]:
    """The places of today that the changes name, as rows of the tree. A new name alone says of no door that it is there."""
    return [change.after for change in changes if change.after is not None and change.kind != "renamed"]


def in_todays_words(tree: PlaceTree, row: PlaceRow) -> PlaceRow:
    """A row that calls an estate by a former name, with today's: for a tree that knows former names already."""
    if not row.estate:
        return row
    known = [place for place in tree.named("E", plain(row.estate + row.phase)) if place.startswith(row.district + "/")]
    names = {tree.places[place].name for place in known}
    if len(names) != 1 or row.estate + row.phase in names:
        return row
    return replace(row, estate=next(iter(names)), phase="")


def grow(tree: PlaceTree, changes: Sequence[PlaceChange], pairs: Sequence[tuple[PlaceRow, PlaceRow]]) -> Changed:
    """Put former doors and names into the tree, and say which doors are one, parted, or no more.

    `pairs` are (row as given, row as of today) of the rows that `todays_rows` changed.
    """
    changed = Changed()
    today = set(tree.places)
    for given, now in pairs:
        here = past.place_of(tree, now)
        named = replace(given, **{part: getattr(now, part) for part in _NAMES}, aliases=now.aliases)
        if (former := past.path_of(named)) not in today and former != here:
            changed.ended[tree.upsert(named)] = _day_of(changes, given, named)
        for path in {former, past.path_of(given)} - {here}:
            if here and path not in today:
                changed.joined.append((path, here))
            elif here:
                changed.handed_on[here] = path
    changed.joined.sort()
    for change in changes:
        _grow_one(tree, change, changed)
    for name, place in _former_names(tree, changes):
        past.add_name(tree, place, name)
    joined, parts = _grouped(changed.joined), _grouped((former, here) for here, former in changed.parted.items())
    for place, day in changed.ended.items():
        past.end(tree, place, day, joined.get(place) or parts.get(place, []))
    return changed


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Former place → what it became."""
    found: dict[str, list[str]] = defaultdict(list)
    for former, here in pairs:
        found[former].append(here)
    return found


def _day_of(changes: Sequence[PlaceChange], *rows: PlaceRow) -> str:
    return next((one.on for one in changes if one.kind == "renumbered" and one.before and any(covers(one.before, row) for row in rows)), "")


def _grow_one(tree: PlaceTree, change: PlaceChange, changed: Changed) -> None:
    """Doors that became one, became several, or went."""
    if change.before is None or change.kind in _OF_SITES or change.kind == "new":
        return
    if change.kind == "demolished":
        changed.ended |= dict.fromkeys(_doors_under(tree, change.before), change.on)
        return
    if change.after is None:
        return
    former, here = tree.upsert(change.before), tree.upsert(change.after)
    if former == here:
        return
    changed.ended[former] = change.on
    if change.kind == "merged":
        changed.joined.append((former, here))
    else:
        changed.parted[here] = former


def _doors_under(tree: PlaceTree, before: PlaceRow) -> Iterator[str]:
    top = past.place_of(tree, before)
    if top:
        yield from (place for place in past.under(tree, top) if tree.places[place].door)


def _former_names(tree: PlaceTree, changes: Sequence[PlaceChange]) -> Iterator[tuple[str, str]]:
    """Former names of estates, villages and roads, with the place that bears them no more but answers to them."""
    for change in changes:
        if change.kind != "renamed" or change.before is None or change.after is None:
            continue
        for part, step in _NAMED:
            old, new = getattr(change.before, part), getattr(change.after, part)
            if old and new and old != new and (place := past.site_of(tree, change.after, step)):
                yield old + (change.before.phase if step == "E" else ""), place
