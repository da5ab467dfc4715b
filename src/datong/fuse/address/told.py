"""Places told in words: a list that gives an estate's name and an address text becomes rows of the tree.

Such a list says little by itself: half of its rows name no district, some call an estate by its door number, and two lists
word one estate's road in two ways. What a row lacks it takes from the other rows, and only where they leave no choice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from datong.domain.address import ParsedAddress, Part
from datong.fuse.address.clean import open_brackets
from datong.fuse.address.names import is_generic, plain, street_core, whole_road
from datong.fuse.address.reader import Reader
from datong.fuse.address.rows import PARTS, PlaceRow, row_from_parsed, row_of
from datong.fuse.address.tree import PlaceTree

_PARTS = tuple(part for part in PARTS if part not in ("estate", "phase"))
_NUMBERED_ROAD = frozenset((Part.PROV, Part.CITY, Part.DISTRICT, Part.ZONE, Part.STREET, Part.ROAD, Part.LANE, Part.ROAD_NO, Part.SUB_NO))
_LONG = 5
"""Characters; a road's name told once that is longer has other words in it more often than not."""
Districts = Mapping[tuple[str, str], set[str]]
"""("E" or "R", plain name of an estate or road) → the districts in which it is known."""


def is_told(values: Mapping[str, Any]) -> bool:
    """Whether a record gives its place in words only: a name, an address text, no part of an address in a column of its own."""
    if any(values.get(name) for name in _PARTS):
        return False
    return bool(values.get("address") or (values.get("estate") and not values.get("division")))


def row_of_told(reader: Reader, values: Mapping[str, Any], city: str) -> PlaceRow:
    """A row of the tree from a name and a text. `reader` knows divisions only; `city` is the prefix of the city's codes.

    Where the record names an estate, the text says where it lies (division, street, road and number) and no more: what
    else stands in it are neighbours. A name that is a door number (柳泉路6号) becomes that number.
    """
    given = row_of(values)
    text = reader.read(open_brackets(str(values.get("address") or "")))
    name = reader.read(given.estate) if given.estate else text
    if given.estate and _is_door_number(name):
        row = row_from_parsed(name, division=_division(name, city) or _division(text, city) or given.division)
        row = replace(row, estate="", phase="", street=_street(name) or _street(text))
    elif given.estate:
        row = replace(given, division=_division(text, city) or given.division, street=_street(text), road=whole_road(text.road))
        row = replace(row, estate="", phase="", road=row.road or name.road) if _is_road(name) else row
        row = row if text.relative else replace(row, road_no=row_from_parsed(text).road_no)
    elif text.relative:  # opposite something, so many metres on: only its surroundings are known
        row = PlaceRow(_division(text, city) or given.division, street=_street(text))
    else:
        row = row_from_parsed(text, division=given.division)
    division = row.division if len(row.division.rstrip("0")) > 4 and row.division.startswith(city) else city
    return replace(row, division=division, longitude=given.longitude, latitude=given.latitude, source=given.source, told=True)


def _division(parsed: ParsedAddress, city: str) -> str:
    """The county or what lies below it; empty where the text names none of the city's: 利津 in it is then a road or a shop."""
    return parsed.division[:9] if len(parsed.division) >= 6 and parsed.division.startswith(city) else ""


def _street(parsed: ParsedAddress) -> str:
    """The street or town under its whole official name; a place that only sounds like one (良乡) names none."""
    return parsed.street if len(parsed.division) >= 9 and street_core(parsed.street) != parsed.street else ""


def _is_door_number(name: ParsedAddress) -> bool:
    """A road and a number and nothing else, but for a word that names nothing by itself (华齐街11号小区)."""
    rest = [span for span in name.spans if span.label not in _NUMBERED_ROAD]
    return bool(name.road and name.road_no) and all(span.label is Part.ESTATE and is_generic(span.text) for span in rest)


def _is_road(name: ParsedAddress) -> bool:
    """A road and nothing else: a list's way of saying that it knows no name."""
    return bool(name.road) and all(span.label in _NUMBERED_ROAD for span in name.spans)


def districts_of_rows(rows: Iterable[PlaceRow]) -> Districts:
    """Where the estates and roads of these rows are known to lie."""
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if len(row.division) >= 6:
            for step, name in (("E", row.estate + row.phase), ("R", row.road)):
                if name:
                    known[step, plain(name)].add(row.district)
    return known


def districts_of_tree(tree: PlaceTree) -> Districts:
    """Where the estates and roads of a tree lie."""
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, places in tree.by_name.items():
        if key[0] in "ER":
            known[key] |= {area for place in places if len(area := place.partition("/")[0]) == 6}
    return known


def without_hearsay(rows: Sequence[PlaceRow], held: Collection[tuple[str, str]] = ()) -> list[PlaceRow]:
    """The rows without roads that are likely a road with words before it (位于山泉路): told once, without a number, and long
    or ending in a road that is known better. `held` are names known otherwise, as the keys of `Districts`."""
    said = Counter(plain(row.road) for row in rows if row.road)
    known = {name for name, times in said.items() if times > 1} | {name for step, name in held if step == "R"}
    return [replace(row, road="") if row.told and not row.road_no and _hearsay(plain(row.road), known) else row for row in rows]


def _hearsay(road: str, known: Collection[str]) -> bool:
    return road not in known and (len(road) > _LONG or any(road[start:] in known for start in range(1, len(road) - 2)))


def settle_told(rows: Iterable[PlaceRow], known: Districts) -> Iterator[PlaceRow | None]:
    """The rows in their order. One told without its district goes where its name and road are known; to nowhere (None) where
    they are known in several districts; and lies just in the city when nobody knows them."""
    rows = list(rows)
    streets: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.told and row.street:
            streets[row.site()].add(row.street)
    for row in rows:
        if not row.told:
            yield row
        elif len(row.division) >= 6:
            yield row if len(streets[row.site()]) < 2 or not row.estate else row.with_street("")
        else:
            found = _where(row, known)
            yield None if len(found) > 1 else replace(row, division=next(iter(found), row.division))


def _where(row: PlaceRow, known: Districts) -> set[str]:
    """The districts a row may lie in: where both its name and its road are known, else its road, else its name."""
    estates = known.get(("E", plain(row.estate + row.phase)), set()) if row.estate else set()
    roads = known.get(("R", plain(row.road)), set()) if row.road else set()
    return (estates & roads) or roads or estates
