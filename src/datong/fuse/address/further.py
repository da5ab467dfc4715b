"""Further names of a door: whole wordings that records with numbers confirm. Exact in every sign, and asked for last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datong.domain.address import ParsedAddress
from datong.fuse.address.names import plain

if TYPE_CHECKING:
    from datong.fuse.address.tree import PlaceTree


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording that means one door; the departments whose records say so (code, Chinese and English name), and by what:
    `title_unit_no`, `certificate_no`, or `place` (the parts a department has in columns)."""

    text: str
    place_id: str
    departments: tuple[tuple[str, str, str], ...]
    numbers: tuple[str, ...]


def spelled(text: str) -> str:
    """The one spelling under which a wording is kept and looked up."""
    return plain(text[:400])


def says_number_of(tree: PlaceTree, place_id: str, parsed: ParsedAddress) -> bool:
    """Whether a wording says the door's own number: one cut short before it would mean every door beside it as well.
    A door without a number of its own (a yard, a shop known by name) is said by any wording without inner numbers."""
    place = tree.places.get(place_id)
    if place is None:
        return False
    said = {token.value for token in parsed.numbers} | set(parsed.rooms) | {parsed.road_no, parsed.sub_no}
    return place.name in said if place.step in "benufhg" and place.step else not (parsed.room or parsed.building)
