"""Rows the premises tree is built of: one door each, from a department that has its parts, or from a standard address text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datong.domain.address import ParsedAddress, Part, Span
from datong.fuse.address.names import plain
from datong.fuse.address.numerals import value_of

if TYPE_CHECKING:
    from datong.fuse.address.reader import Reader

PARTS = (
    *("street", "community", "road", "road_no", "estate", "phase", "building", "entrance", "floor", "room"),
    *("village", "group", "house_no"),
)
"""The parts of an address below its division, as a row and the structured records name them."""
_TEXT = ("street", "community", "road", "estate", "phase", "village", "title_unit_no", "code", "source", "district_name")
_NUMBER = ("road_no", "group", "building", "entrance", "floor", "room", "house_no")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One door in parts. `division` is 6 to 12 digits; numbers are bare values (3号楼 → 3)."""

    division: str
    street: str = ""
    community: str = ""
    road: str = ""
    road_no: str = ""
    estate: str = ""
    phase: str = ""
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""
    village: str = ""
    group: str = ""
    house_no: str = ""
    aliases: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    title_unit_no: str = ""
    code: str = ""
    source: str = ""
    district_name: str = ""
    told: bool = False  # its place is known from words only (`told`)

    @property
    def district(self) -> str:
        """The six digits of the county."""
        return self.division[:6] or "000000"

    def order(self) -> tuple[str, ...]:
        """A full order, so that a tree does not depend on the order of its rows."""
        where = (self.division, self.street, self.community, self.road, self.road_no, self.estate, self.phase)
        inside = (self.building, self.entrance, self.floor, self.room, self.village, self.group, self.house_no)
        rest = ("|".join(self.aliases), self.title_unit_no, self.code, self.source, self.district_name)
        return (*where, *inside, *rest, str(self.longitude), str(self.latitude))

    def with_street(self, street: str) -> PlaceRow:
        """The same row with its street known."""
        return replace(self, street=street)

    def site(self) -> tuple[str, str]:
        """District and plain estate name: what may be one estate."""
        return self.district, plain(self.estate + self.phase)

    def door(self) -> tuple[str, str, str, str]:
        """Which door inside its site."""
        return self.building, self.entrance, self.floor if not self.room else "", self.room


def row_of(values: Mapping[str, Any]) -> PlaceRow:
    """A row from a record's fields as text; unknown fields are passed over, numbers are normalised."""
    given = {key: str(value).strip() for key, value in values.items() if value is not None and str(value).strip()}
    texts: dict[str, Any] = {name: given[name] for name in _TEXT if name in given}
    numbers: dict[str, Any] = {
        name: value_of(given[name].rstrip("组队社") if name == "group" else given[name]) for name in _NUMBER if name in given
    }
    aliases = values.get("aliases") or ()
    if isinstance(aliases, str):
        aliases = tuple(part.strip() for part in aliases.replace("；", ";").replace("|", ";").split(";") if part.strip())
    return PlaceRow(
        given.get("division", ""),
        aliases=tuple(aliases),
        longitude=_coordinate(given.get("longitude")),
        latitude=_coordinate(given.get("latitude")),
        **texts,
        **numbers,
    )


def row_from_text(reader: Reader, text: str, *, division: str = "", **extra: Any) -> PlaceRow:
    """A row from a standard address. The name between road number and building is the estate, whatever it ends with.
    `division` stands in where the text names no county."""
    return row_from_parsed(reader.read(text), division=division, **extra)


def row_from_parsed(parsed: ParsedAddress, *, division: str = "", **extra: Any) -> PlaceRow:
    """A row from an address already read; `extra` are fields the text does not hold (code, aliases, coordinates …)."""
    village_house = bool(parsed.village and parsed.road_no and not parsed.road)
    loose = bool(parsed.road_no and not parsed.road and not village_house)
    estate, inside = _estate_of(parsed)
    return PlaceRow(
        parsed.division[:9] if len(parsed.division) >= 6 else (division[:9] or parsed.division).ljust(6, "0"),
        street=parsed.street,
        community=""
        if inside & {Part.COMMUNITY}
        else parsed.community or (parsed.village if estate and Part.VILLAGE not in inside else ""),
        road=parsed.road,
        road_no="" if village_house or loose else parsed.road_no + (f"-{parsed.sub_no}" if parsed.sub_no else ""),
        estate=estate,
        phase="" if Part.PHASE in inside else parsed.phase,
        building=parsed.building or (parsed.road_no if loose and estate else ""),
        entrance=parsed.entrance,
        floor=parsed.floor,
        room=parsed.room,
        village="" if estate else parsed.village,
        group=parsed.group,
        house_no=parsed.road_no if village_house and not estate else "",
        district_name=parsed.district,
        **extra,
    )


def _estate_of(parsed: ParsedAddress) -> tuple[str, set[Part]]:
    """The whole name from the first place word to the last before the numbers (科技苑樱红村), and the parts that are in it."""
    named: list[Span] = []
    for span in parsed.spans:
        if span.label == Part.ESTATE or (named and span.label in (Part.PHASE, Part.VILLAGE, Part.COMMUNITY)):
            named.append(span)
        elif named:
            break
    return "".join(span.text for span in named), {span.label for span in named} - {Part.ESTATE}


def separate_homonyms(rows: Iterable[PlaceRow]) -> Iterator[PlaceRow]:
    """Two estates of one name stay two: by street where it is known, else by road and number when both have the same door.
    What is known from words only is no such evidence: two lists word one estate's road in two ways."""
    rows = list(rows)
    streets: dict[tuple[str, str], set[str]] = defaultdict(set)
    doors: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if row.estate:
            if row.street:
                streets[row.site()].add(row.street)
            if not row.told:
                doors[(*row.site(), row.street, *row.door())].add((row.road, row.road_no))
    split = {key[:3] for key, roads in doors.items() if len({road for road in roads if road[0]}) > 1}
    for row in rows:
        if not row.estate:
            yield row
        elif (*row.site(), row.street) in split and row.road and not row.told:
            yield replace(row, estate=f"{row.estate}{row.phase}@{row.road}{row.road_no}", phase="")
        elif not row.street and len(known := streets[row.site()]) == 1:
            yield row.with_street(next(iter(known)))
        else:
            yield row


def _coordinate(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
