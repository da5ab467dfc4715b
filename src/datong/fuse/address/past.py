"""Places of the past in the tree: former names, former doors, and where the place of a row is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from datong.fuse.address.rows import PlaceRow
from datong.fuse.address.tree import PlaceTree

_STEPS = "SCVREgnhbeuf"


def path_of(row: PlaceRow) -> str:
    """The id that a row's place has in any tree that holds it."""
    return PlaceTree().upsert(row)


def place_of(tree: PlaceTree, row: PlaceRow) -> str:
    """The id of a row's place, if the tree has it; else nothing. A row without a street finds the only estate of its name."""
    path = path_of(tree.settled(row))
    return path if path in tree.places else ""


def site_of(tree: PlaceTree, row: PlaceRow, step: str) -> str:
    """The id of the estate (E), village (V) or road (R) of a row, if the tree has it."""
    if step == "R":
        return place_of(tree, PlaceRow(row.division, road=row.road))
    site = replace(row, building="", entrance="", floor="", room="", group="", house_no="")
    return place_of(tree, replace(site, estate="", phase="") if step == "V" else replace(site, village=""))


def under(tree: PlaceTree, place_id: str) -> Iterator[str]:
    """A place and everything inside it."""
    yield place_id
    for step in _STEPS:
        for kid in tree.below(place_id, step):
            yield from under(tree, kid)


def add_name(tree: PlaceTree, place_id: str, name: str) -> None:
    """A further name that a named place answers to."""
    place = tree.places[place_id]
    if name != place.name and name not in place.aliases:
        place.aliases = tuple(sorted((*place.aliases, name)))
        tree.index(place.step, name, place_id)


def end(tree: PlaceTree, place_id: str, day: str, became: Iterable[str]) -> None:
    """The place is no more since a day; what it became, if anything."""
    place = tree.places[place_id]
    place.until, place.became = day, tuple(sorted(became))


def today_of(tree: PlaceTree, place_id: str) -> str:
    """The one place that a former place became, however often it changed; itself when it stands, was parted or is gone."""
    seen = {place_id}
    while (place := tree.places[place_id]).until and len(place.became) == 1 and place.became[0] not in seen:
        place_id = place.became[0]
        seen.add(place_id)
    return place_id
