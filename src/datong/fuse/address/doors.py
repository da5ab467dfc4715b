"""From a site and the numbers of an address to a door: try every admissible reading, keep those the register has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from datong.domain.address import NumberToken, ParsedAddress, Part
from datong.fuse.address.tree import PlaceTree

_NUMBERED = re.compile(r"(?P<number>[0-9]+)(?:(?:号|#)?(?P<kind>宿舍|车间|厂房?|仓库))?楼?\Z")
_LETTERED = re.compile(r"([A-Z])([0-9]{3,4})\Z")
"""B501 may be room 501 of tower B."""
_ONE_KIND = {"厂": "车间", "厂房": "车间"}
"""A workshop and a factory hall are one kind (厂 is what a number's value keeps of 厂房)."""
_LADDER = (Part.BUILDING, Part.ENTRANCE, Part.FLOOR, Part.ROOM)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the numbers. `plain`: as the grammar read them."""

    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Door:
    """How far a reading leads inside a site: the deepest place, and what is missing or unknown beyond it."""

    place_id: str
    complete: bool
    trouble: str = ""
    detail: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def readings(tree: PlaceTree, parsed: ParsedAddress, site: str) -> Iterator[Reading]:
    """The grammar's reading first, then every other one its unsaid numbers admit (3-301: building or entrance, and room)."""
    first = first_reading(parsed, site)
    yield first
    if not first.building and (lettered := _LETTERED.match(first.room)) and f"{site}/b:{lettered[1]}" in tree.places:
        yield Reading(lettered[1], first.entrance, first.floor, lettered[2], plain=False)
    tokens = _inner(parsed, site)
    if tokens and len(tokens) <= 4 and not all(token.said for token in tokens):
        for parts in combinations(_LADDER, len(tokens)):
            if all(not token.said or token.part == part for token, part in zip(tokens, parts, strict=True)):
                values = {part: token.value for token, part in zip(tokens, parts, strict=True)}
                other = _reading(values, plain=False)
                if (other.building, other.entrance, other.floor, other.room) != (first.building, first.entrance, first.floor, first.room):
                    yield other


def first_reading(parsed: ParsedAddress, site: str) -> Reading:
    """The numbers as the grammar read them; the first of each kind counts."""
    if parsed.numbers and parsed.numbers[0].part is Part.ROAD_NO and "/E:" in site:
        return _reading({token.part: token.value for token in reversed(_inner(parsed, site))}, plain=True)
    return Reading(parsed.building, parsed.entrance, parsed.floor, parsed.room)


def _inner(parsed: ParsedAddress, site: str) -> list[NumberToken]:
    """The numbers inside the site: door numbers of the road or village are spent on the site itself."""
    if "/E:" in site:
        if parsed.numbers and parsed.numbers[0].part == Part.ROAD_NO:
            return _shifted(parsed.numbers)
        return list(parsed.numbers)
    return [token for token in parsed.numbers if token.part != Part.ROAD_NO]


def _shifted(numbers: tuple[NumberToken, ...]) -> list[NumberToken]:
    """27-2-404 after a street that is an estate's name: what was taken for a door number is the building."""
    rungs = {1: (Part.BUILDING,), 2: (Part.BUILDING, Part.ROOM), 3: (Part.BUILDING, Part.ENTRANCE, Part.ROOM)}.get(len(numbers))
    if rungs is None or any(token.said for token in numbers):
        return [token if token.part != Part.ROAD_NO else token._replace(part=Part.BUILDING, said=False) for token in numbers]
    return [token._replace(part=part) for token, part in zip(numbers, rungs, strict=True)]


def _reading(values: dict[Part, str], *, plain: bool) -> Reading:
    building, entrance, floor, room = (values.get(part, "") for part in _LADDER)
    return Reading(building, entrance, floor, room, plain)


def find_door(tree: PlaceTree, site: str, reading: Reading) -> Door:
    """Follow one reading down the tree, exactly."""
    places = tree.places
    building = site
    if reading.building:
        buildings = _buildings(tree, site, reading.building, inside=bool(reading.entrance or reading.room))
        if len(buildings) > 1:
            return Door(site, False, "building_kind_missing", (places[site].name, reading.building, str(len(buildings))), buildings)
        building = buildings[0] if buildings else ""
        if not building:
            if not tree.below(site, "b"):
                return Door(site, False, "no_doors", (places[site].name,))
            return Door(site, False, "building_unknown", (places[site].name, reading.building))
    elif (reading.entrance or reading.room) and not tree.below(site, "u") and not tree.below(site, "e"):
        inner = tree.below(site, "b")
        if len(inner) == 1:
            building = inner[0]
        elif inner:
            return Door(site, False, "building_missing")
    entrance = building
    if reading.entrance:
        entrance = f"{building}/e:{reading.entrance}"
        if entrance not in places:
            if tree.below(building, "e") or not reading.room:
                return Door(building, False, "entrance_unknown", (_shown(tree, building), reading.entrance))
            entrance = building
    if not reading.room:
        return _without_room(tree, entrance, reading)
    return _room(tree, entrance, reading)


def _buildings(tree: PlaceTree, site: str, wanted: str, *, inside: bool) -> tuple[str, ...]:
    """The building of exactly this name; else those of its number, unless both sides say a kind and the kinds differ.
    `inside`: rooms are named, so that a hall without any yields to the dormitory of its number."""
    exact = f"{site}/b:{wanted}"
    if exact in tree.places and (not inside or tree.has_doors(exact)):
        return (exact,)
    number, kind = _number_and_kind(wanted)
    if exact in tree.places:
        same_number = (place for place in tree.below(site, "b") if _number_and_kind(tree.places[place].name)[0] == number)
        return (() if kind or not number else tuple(place for place in same_number if tree.has_doors(place))) or (exact,)
    held = [(place, *_number_and_kind(tree.places[place].name)) for place in tree.below(site, "b")] if number else []
    same = [(place, other) for place, of_number, other in held if of_number == number]
    told = tuple(place for place, other in same if other == kind)
    return told or tuple(place for place, other in same if not (kind and other))


def _number_and_kind(name: str) -> tuple[str, str]:
    """3号车间 is number 3 of kind 车间, 3 has no kind; a name that is no numbered building of a kind has no number here."""
    found = _NUMBERED.match(name)
    return (found["number"], _ONE_KIND.get(found["kind"], found["kind"] or "")) if found else ("", "")


def _without_room(tree: PlaceTree, at: str, reading: Reading) -> Door:
    place = tree.places[at]
    if reading.floor:
        if (floor := f"{at}/f:{reading.floor}") in tree.places:
            return Door(floor, True)
        top = _top_floor(tree, at)
        if top and reading.floor.isdigit() and int(reading.floor) > top:
            return Door(at, False, "floor_above", (_shown(tree, at), reading.floor, str(top)))
        return Door(at, False, "room_missing")
    if place.door:
        return Door(at, True)
    return Door(at, False, "building_missing" if place.step in ("E", "n", "h", "V", "g") and not reading.building else "room_missing")


def _room(tree: PlaceTree, at: str, reading: Reading) -> Door:
    places = tree.places
    if (
        reading.floor
        and reading.room.isdigit()
        and reading.floor.isdigit()
        and len(reading.room) >= 3
        and not reading.room.startswith(reading.floor)
    ):
        return Door(at, False, "floor_differs", (reading.floor, reading.room))
    if (door := f"{at}/u:{reading.room}") in places:
        return Door(door, True)
    if not reading.entrance:
        inside = [found for entrance in tree.below(at, "e") if (found := f"{entrance}/u:{reading.room}") in places]
        if len(inside) == 1:
            return Door(inside[0], True)
        if inside:
            return Door(at, False, "entrance_missing", (str(len(inside)), reading.room), tuple(inside))
    if not tree.has_doors(at):
        return Door(at, False, "no_doors", (_shown(tree, at),))
    top = _top_floor(tree, at)
    if top and reading.room.isdigit() and len(reading.room) in (3, 4) and int(reading.room[:-2]) > top:
        return Door(at, False, "floor_above", (_shown(tree, at), reading.room[:-2], str(top)))
    return Door(at, False, "room_unknown", (_shown(tree, at), reading.room))


def _top_floor(tree: PlaceTree, at: str) -> int:
    """The highest floor its three- and four-digit rooms tell; 0 when they tell none."""
    rooms = [child.rpartition(":")[2] for place in (at, *tree.below(at, "e")) for child in tree.below(place, "u")]
    return max((int(room[:-2]) for room in rooms if room.isdigit() and len(room) in (3, 4)), default=0)


def _shown(tree: PlaceTree, place_id: str) -> str:
    """The place and, for building or entrance, what it belongs to, in the words of an address."""
    words = {"b": "号楼", "e": "单元", "n": "号"}
    shown: list[str] = []
    for place in tree.ancestors(place_id):
        shown.append(place.name + words.get(place.step, ""))
        if place.step in ("E", "R", "V", ""):
            break
    return "".join(reversed(shown))
