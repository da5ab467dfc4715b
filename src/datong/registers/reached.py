"""How far each delivered address reaches: to the door, or to the level at which it stops, with the reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from datong.registers import queries
from datong.store import Session

STATE = "registers.reached"
LEVELS = ("door", "building", "estate", "community", "street", "district", "city", "none")
"""From the deepest to nothing at all."""
_STOPS_AT = {
    "room_missing": "building",
    "room_unknown": "building",
    "entrance_missing": "building",
    "entrance_unknown": "building",
    "unit": "building",
    "building": "building",
    "floor_above": "building",
    "floor_differs": "building",
    "building_missing": "estate",
    "building_unknown": "estate",
    "building_kind_missing": "estate",
    "no_doors": "estate",
    "estate": "estate",
    "outside": "none",
    "empty": "none",
}
"""The address reader's reasons that say at which level it stopped; for the others the division it knew says so."""
_BY_DIGITS = {12: "community", 9: "street", 6: "district", 4: "city"}
Reached = tuple[str, str, str]
"""Resource, level, reason; the reason is empty for the door."""


def reached_of(members: Iterable[Any]) -> list[Reached]:
    """Every address that one subject's records were sent with, and how far it reaches."""
    found: list[Reached] = []
    for member in members:
        body = member.body
        found += [(member.resource, "door", "")] * len(body.get("p", {}))
        found += [(member.resource, _level(why, division), why) for _, why, division in body.get("v", {}).values()]
    return found


def _level(why: str, division: str) -> str:
    return _STOPS_AT.get(why) or next((level for digits, level in _BY_DIGITS.items() if len(division) >= digits), "none")


def keep_reached(session: Session, counted: Counter[Reached]) -> None:
    """Keep the count of a whole build: what one push changes of it does not show until the next."""
    rows = [[*key, number] for key, number in sorted(counted.items())]
    session.run(queries.WRITE_STATE, {"name": STATE, "value": json.dumps(rows, ensure_ascii=False)})


def reached(session: Session) -> list[tuple[str, str, str, int]]:
    """Resource, level, reason and number of addresses, as the last whole build counted them."""
    row = session.one(queries.READ_STATE, {"name": STATE})
    return [(str(r), str(level), str(why), int(number)) for r, level, why, number in (json.loads(row[0]) if row else [])]
