"""Where something is: its block of the grid and its point on the map, for every system that keeps addresses ("入块", "上图").

Places only: which division and which block of the grid a door lies in, and where it stands. Who lives or works there is
nobody's business here; a door's own code is told only where an agreement in force opens premises to the asker.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong import fuse, registers
from datong.domain.access import Actor
from datong.domain.codes import read_code
from datong.domain.errors import BadValue, Missing
from datong.share import queries
from datong.share.follow import ReadAddress, may_see, must_look_places_up, opened_premises, read_match
from datong.store import Session

GRID_CELL = "grid_cell"
MOST_AROUND = 150
"""Places drawn around a point."""
FEWEST_AROUND = 6
"""With fewer a sketch shows nothing: the next larger area is drawn."""
_DIVISION_LEVELS = ("city", "district", "street", "community")


@dataclass(frozen=True)
class Step:
    """One place on the way from the city to the door."""

    level: str
    name: str
    division: str
    """Its own administrative code where it is a division, else that of the division it lies in."""


@dataclass(frozen=True)
class Point:
    """A place on the map. Degrees as the building survey gives them (CGCS2000, longitude first)."""

    level: str
    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Located:
    """Where an address or a code lies."""

    read: ReadAddress
    chain: tuple[Step, ...]
    division: str
    """The deepest division: 12 digits for a community, fewer where no more is known; "" when nothing is."""
    block: str
    """The block of the grid; "" when no grid worker has captured anything there."""
    block_of: str
    """Whose block it is: of the door itself, or of its building's doors; "" without one."""
    point: Point | None
    around: tuple[Point, ...]
    """Places beside it, for a sketch."""


def locate(session: Session, actor: Actor, text: str = "", code: str = "", division: str = "", *, now: datetime | None = None) -> Located:
    """Place an address, or premises by their code, in division, block and map. `division` is where to look when the text names none.

    Raises BadValue unless just one of text and code is given, Missing for a code that opens to nobody or not to the asker,
    Forbidden for posts that do not look places up.
    """
    must_look_places_up(session, actor)
    if bool(text.strip()) == bool(code.strip()):
        raise BadValue("text", "one of text and code is needed", "send either the address or the permanent code")
    opened = opened_premises(session, actor, now)
    tree, _ = fuse.places_of(session)
    place_id = _place_of_code(session, tree, code, opened) if code else ""
    said = text or tree.full_text(place_id)
    match = fuse.match_text(session, said, hint_division=division)
    place_id = place_id or match.place_id
    read = read_match(session, said, match, opened)
    way = [*tree.ancestors(place_id)][::-1] if place_id in tree.places else []
    block, block_of = _block(session, place_id) if way and way[-1].level.value not in _DIVISION_LEVELS else ("", "")
    return Located(
        read,
        tuple(Step(one.level.value, one.name, one.division) for one in way),
        max((one.division for one in way), key=len, default=""),
        block,
        block_of,
        next((_point(one) for one in reversed(way) if one.longitude is not None), None),
        _around(session, way),
    )


def _place_of_code(session: Session, tree: Any, code: str, opened: tuple[str, ...]) -> str:
    read = read_code(code)
    today = registers.resolve(session, read.value) if read.sound else ""
    place_id = str(tree.by_code.get(today, ""))
    if not place_id or not may_see(session, today, opened):
        raise Missing("没有这处房屋，或不在您的权限内 (no such premises, or not within what you may see)")
    return place_id


def _block(session: Session, place_id: str) -> tuple[str, str]:
    """The block that was captured for the door itself, else the one most doors beside or below it have."""
    value = registers.value_sql("e.body", GRID_CELL, session.dialect)
    for whose, sql in (("door", queries.BLOCK_OF_PLACE), ("building", queries.BLOCKS_BESIDE), ("building", queries.BLOCKS_BELOW)):
        found = [row[0] for row in session.all(sql.format(value=value), {"place_id": place_id}) if row[0]]
        if found:
            counts = Counter(found)
            return min(counts, key=lambda block: (-counts[block], block)), whose
    return "", ""


def _point(place: Any) -> Point:
    return Point(place.level.value, place.name, place.longitude, place.latitude)


def _around(session: Session, way: list[Any]) -> tuple[Point, ...]:
    """The buildings and door numbers near a place: those of its estate, or of its community or street where that shows too few."""
    found: list[Any] = []
    for place in reversed(way):
        if place.level.value not in ("unit", "entrance", "building", "district", "city") and len(found) < FEWEST_AROUND:
            found = session.all(queries.AROUND, {"place_id": place.place_id, "most": MOST_AROUND})
    return tuple(Point(*row) for row in found)
