"""Places of the past in the tree: former names, former doors, and where the place of a row is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


def copy_under(tree: PlaceTree, top: str, goal: str, row: PlaceRow) -> dict[str, str]:
    """A copy of a place and all inside it as another place, that of a row: former id → id of the copy."""
    pairs = {former: goal + former[len(top) :] for former in list(under(tree, top))}
    door = tree.places[top].door
    tree.upsert(row)
    tree.places[goal].door = door
    for name in tree.places[top].aliases:
        add_name(tree, goal, name)
    for former, here in pairs.items():
        place = tree.places[former]
        if former != top:
            tree.hang(replace(place, place_id=here, parent_id=goal + place.parent_id[len(top) :], code=""))
        for number in place.addresses:
            tree.known_by(here, number)
    return pairs


def take_out(tree: PlaceTree, top: str, pairs: Mapping[str, str]) -> set[str]:
    """Take a place and all inside it out of the tree; estates that were known by one of its numbers are known by what that became.
    Gives these estates."""
    estates: set[str] = set()
    for former, here in pairs.items():
        for estate in tree.at_number.pop(former, ()):
            kept = tree.places[estate]
            kept.addresses = tuple(one for one in kept.addresses if one != former)
            tree.known_by(estate, here)
            estates.add(estate)
    for former in pairs:
        place = tree.places.pop(former)
        for number in place.addresses:
            tree.at_number[number] = [site for site in tree.at_number[number] if site != former]
        for step in _STEPS:
            tree.kids.pop(f"{former}/{step}", None)
        siblings = tree.kids.get(f"{place.parent_id}/{place.step}")
        if former == top and siblings:
            siblings.remove(former)
    for key, held in list(tree.by_name.items()):
        if top in held:
            tree.by_name[key] = [place for place in held if place != top]
            if not tree.by_name[key]:
                del tree.by_name[key]
    tree.version += 1
    return estates


def today_of(tree: PlaceTree, place_id: str) -> str:
    """The one place that a former place became, however often it changed; itself when it stands, was parted or is gone."""
    seen = {place_id}
    while (place := tree.places[place_id]).until and len(place.became) == 1 and place.became[0] not in seen:
        place_id = place.became[0]
        seen.add(place_id)
    return place_id
