"""Settle the address parts that departments give before the tree is built of them: today's divisions, one-storey houses. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from datong.fuse.address import PlaceRow
from datong.spec import Division

_Site = tuple[str, ...]


def settle(rows: Sequence[PlaceRow], divisions: Iterable[Division]) -> list[PlaceRow]:
    """The rows in their order, with abolished divisions replaced and needless floors dropped."""
    return whole_houses(todays_divisions(rows, divisions))


def todays_divisions(rows: Sequence[PlaceRow], divisions: Iterable[Division]) -> list[PlaceRow]:
    """Rows under a county that is no more (or never was) go where other rows have their street and community.

    Departments keep codes for years after a division has gone; one house must not become two for that.
    """
    valid = {one.code[:6] for one in divisions if not one.cells.get("valid_to")}
    if not valid:
        return list(rows)
    homes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.district in valid:
            for key in ((row.street, row.community), (row.street, "")):
                homes[key][row.division] += 1
    return [row if row.district in valid else _moved(row, homes) for row in rows]


def _moved(row: PlaceRow, homes: dict[tuple[str, str], Counter[str]]) -> PlaceRow:
    for key in ((row.street, row.community), (row.street, "")):
        if row.street and (found := homes.get(key)):
            most = max(found.values())
            return replace(row, division=min(code for code, number in found.items() if number == most))
    return row


def whole_houses(rows: Sequence[PlaceRow]) -> list[PlaceRow]:
    """A building of which only one floor and no room is known is one door: its floor says how high it is, not where the door is."""
    floors: dict[_Site, set[str]] = defaultdict(set)
    roomy: set[_Site] = set()
    for row in rows:
        if row.building:
            floors[_site(row)].add(row.floor)
            if row.room or row.entrance:
                roomy.add(_site(row))
    single = {site for site, known in floors.items() if len(known - {""}) == 1 and site not in roomy}
    return [replace(row, floor="") if row.building and _site(row) in single else row for row in rows]


def _site(row: PlaceRow) -> _Site:
    if row.estate:
        return (row.district, row.street, row.estate, row.phase, row.building)
    return (row.district, row.street, row.road, row.road_no, row.village, row.group, row.house_no, row.building)
