"""The premises tree: division → street → community → estate, village or road → number → building → entrance → door.

A place's id is its path of names, so that it depends on what the place is and never on the order in which rows came.
Every level can be addressed; doors are the leaves that rows speak of. All look-ups the matcher needs are exact dictionary
look-ups on such paths; half a million doors take some hundred bytes each.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datong.domain.address import Level, Part
from datong.fuse.address.further import Wording
from datong.fuse.address.lexicon import Entry
from datong.fuse.address.names import hamlet_name, plain, spellings, street_core, village_core
from datong.fuse.address.pause import collector_paused
from datong.fuse.address.rows import PlaceRow, separate_homonyms

_KIND_OF_STEP = {"S": Level.STREET, "C": Level.COMMUNITY, "V": Level.COMMUNITY, "R": Level.ROAD, "E": Level.ESTATE}
_KIND_OF_STEP |= {
    "g": Level.COMMUNITY,
    "n": Level.NUMBER,
    "h": Level.NUMBER,
    "b": Level.BUILDING,
    "e": Level.ENTRANCE,
    "u": Level.UNIT,
    "f": Level.UNIT,
}
_PART_OF_STEP = {"S": Part.STREET, "C": Part.COMMUNITY, "V": Part.VILLAGE, "R": Part.ROAD, "E": Part.ESTATE}
_WORDS = {"b": "号楼", "e": "单元", "u": "室", "n": "号", "h": "号", "g": "组", "f": "层"}


@dataclass(slots=True)
class Place:
    """One place of the tree. `door`: a row speaks of exactly this place; `addresses`: ids of door numbers an estate is known by, or
    of roads it is known on without a number; `until`: since that day it is no more, but what it `became` (nothing, if demolished)."""

    place_id: str
    parent_id: str
    level: Level
    name: str
    division: str
    code: str = ""
    door: bool = False
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    title_unit_no: str = ""
    longitude: float | None = None
    latitude: float | None = None
    source: str = ""
    until: str = ""
    became: tuple[str, ...] = ()

    @property
    def step(self) -> str:
        """The kind letter of the last step of the path; empty for a division."""
        tail = self.place_id.rpartition("/")[2]
        return tail[0] if tail[1:2] == ":" else ""


class PlaceTree:
    """All places of a city in memory, with the exact indexes that matching needs."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.kids: dict[str, list[str]] = {}
        self.by_name: dict[tuple[str, str], list[str]] = {}
        self.at_number: dict[str, list[str]] = {}
        self.by_code: dict[str, str] = {}
        self.division_names: dict[str, str] = {}
        self.wordings: dict[str, Wording] = {}
        self.areas: set[str] = set()
        self.version = 0
        self.memo: dict[Any, Any] = {}
        self._texts: dict[str, str] = {}

    # ── building ─────────────────────────────────────────────────────────────────────────────────

    @classmethod
    def build(cls, rows: Iterable[PlaceRow], division_names: Mapping[str, str] | None = None) -> PlaceTree:
        """A tree of rows in any order. `division_names` gives names to codes (370303 → 张店区)."""
        tree = cls()
        tree.division_names.update(division_names or {})
        with collector_paused():
            for row in sorted(separate_homonyms(rows), key=PlaceRow.order):
                tree._put(row)
        return tree

    def upsert(self, row: PlaceRow) -> str:
        """Add or refresh one row; gives the id of its door. New names bump `version`: readers made before do not know them."""
        self.forget()
        return self._put(self.settled(row))

    def add_division(self, row: PlaceRow) -> None:
        """Add the street or community a row names, as a place that is no door."""
        self.forget()
        street = self._named(self._division(row), "S", row.street, row)
        if row.community:
            self._named(street, "C", row.community, row)

    def forget(self) -> None:
        """Forget what was remembered of the tree: it has changed."""
        self.memo.clear()
        self._texts.clear()

    def settled(self, row: PlaceRow) -> PlaceRow:
        """A row without a street joins the only estate of its name in the district."""
        if row.street or not row.estate:
            return row
        same = [found for found in self.by_name.get(("E", plain(row.estate + row.phase)), ()) if found.startswith(row.district + "/")]
        if len(same) != 1:
            return row
        street = self._street_of(same[0])
        return row.with_street(street) if street else row

    def _put(self, row: PlaceRow) -> str:
        area = self._division(row)
        street = self._named(area, "S", row.street, row) if row.street else area
        home = self._named(street, "C", row.community, row) if row.community else street
        road = self._named(area, "R", row.road, row) if row.road else ""
        number = self._child(road, "n", row.road_no, row) if road and row.road_no else ""
        site = number or road or home
        if row.estate:
            site = self._named(street, "E", row.estate + row.phase, row, parent=home)
            if road:
                self.known_by(site, number or road)
        elif row.village:
            site = self._named(street, "V", row.village, row, parent=home)
            if row.group:
                site = self._child(site, "g", row.group, row)
            if row.house_no:
                site = self._child(site, "h", row.house_no, row)
        for step, value in (("b", row.building), ("e", row.entrance), ("u", row.room)):
            if value:
                site = self._child(site, step, value, row)
        if row.floor and not row.room:
            site = self._child(site, "f", row.floor, row)
        self._mark_door(site, row)
        return site

    def _division(self, row: PlaceRow) -> str:
        """The district node, under its city."""
        city, district = row.district[:4], row.district
        if city and city not in self.places:
            self.hang(Place(city, "", Level.CITY, self.division_names.get(city, ""), city))
        if district not in self.places:
            name = row.district_name or self.division_names.get(district, "")
            self.hang(Place(district, city if city != district else "", Level.DISTRICT, name, district))
        return district

    def _named(self, above: str, step: str, name: str, row: PlaceRow, parent: str = "") -> str:
        """A place with a name of its own, indexed by every spelling and alias."""
        place_id = f"{above}/{step}:{plain(name)}"
        place = self.places.get(place_id)
        shown = name.partition("@")[0]
        if place is None:
            place = Place(place_id, parent or above, _KIND_OF_STEP[step], shown, row.division, source=row.source)
            self.hang(place)
            self.index(step, shown, place_id)
        elif parent and parent < place.parent_id and parent != above:
            self._move(place, parent)
        if step in "EV" and row.aliases:
            for alias in row.aliases:
                if alias not in place.aliases and alias != shown:
                    place.aliases = tuple(sorted((*place.aliases, alias)))
                    self.index(step, alias, place_id)
        return place_id

    def _move(self, place: Place, parent: str) -> None:
        self.kids[f"{place.parent_id}/{place.step}"].remove(place.place_id)
        place.parent_id = parent
        self.kids.setdefault(f"{parent}/{place.step}", []).append(place.place_id)

    def _child(self, above: str, step: str, value: str, row: PlaceRow) -> str:
        place_id = f"{above}/{step}:{value}"
        if place_id not in self.places:
            self.hang(Place(place_id, above, _KIND_OF_STEP[step], value, row.division, source=row.source))
        return place_id

    def hang(self, place: Place) -> None:
        """Hang a place under its parent."""
        self.places[place.place_id] = place
        if "/" not in place.place_id:
            self.areas.add(place.place_id)
        if place.parent_id:
            self.kids.setdefault(f"{place.parent_id}/{place.step}", []).append(place.place_id)

    def index(self, step: str, name: str, place_id: str) -> None:
        """Let a place of a kind be found under a name."""
        keys = {plain(name)}
        if step == "S":
            keys.add(street_core(name))
        if step in "CV":
            keys.add(plain(village_core(name)))
        for key in keys:
            held = self.by_name.setdefault((step, key), [])
            if place_id not in held:
                held.append(place_id)
                held.sort()
        self.version += 1

    def known_by(self, site: str, number: str) -> None:
        """Let an estate be known by a door number, or by a road."""
        held = self.at_number.setdefault(number, [])
        if site not in held:
            held.append(site)
            held.sort()
            self.places[site].addresses = tuple(sorted((*self.places[site].addresses, number)))

    def _mark_door(self, site: str, row: PlaceRow) -> None:
        place = self.places[site]
        place.door = True
        place.code = row.code or place.code
        place.title_unit_no = row.title_unit_no or place.title_unit_no
        if row.longitude is not None and row.latitude is not None:
            place.longitude, place.latitude = row.longitude, row.latitude
        if place.code:
            self.by_code[place.code] = site

    def set_code(self, place_id: str, code: str) -> None:
        """Give a place its permanent code."""
        place = self.places[place_id]
        place.code = code
        if not place.until or code not in self.by_code:
            self.by_code[code] = place_id

    # ── looking up ───────────────────────────────────────────────────────────────────────────────

    def named(self, step: str, name: str) -> list[str]:
        """Ids of places of a kind (S street, C community, V village, R road, E estate) under this plain name or alias."""
        return self.by_name.get((step, name), [])

    def below(self, place_id: str, step: str) -> Sequence[str]:
        """Children of one kind (b building, e entrance, u room, f floor, n and h door numbers, g group …)."""
        return self.kids.get(f"{place_id}/{step}", ())

    def has_doors(self, place_id: str) -> bool:
        """True when the register knows anything inside: buildings, entrances, rooms or floors."""
        return any(f"{place_id}/{step}" in self.kids for step in "beuf")

    def ancestors(self, place_id: str) -> Iterator[Place]:
        """The place itself and all above it."""
        while place_id:
            place = self.places[place_id]
            yield place
            place_id = place.parent_id

    def _street_of(self, place_id: str) -> str:
        return next((place.name for place in self.ancestors(place_id) if place.level == Level.STREET), "")

    def street_of(self, place_id: str) -> str:
        """Name of the street or town the place lies in; empty when the register does not say."""
        return self._street_of(place_id)

    def full_text(self, place_id: str) -> str:
        """The standard wording of a place: divisions, street, road and number, estate, building, entrance, room."""
        place = self.places[place_id]
        above = self._texts.get(place.parent_id)
        if above is None:
            above = self._texts[place.parent_id] = self.full_text(place.parent_id) if place.parent_id else ""
        step = place.step
        own = place.name if place.name.endswith("弄") else place.name + _WORDS.get(step, "")
        if step == "E" and (known_by := next((one for one in place.addresses if "/n:" in one), "")):
            number = self.places[known_by]
            own = self.places[number.parent_id].name + number.name + ("" if number.name.endswith("弄") else "号") + own
        return above + own

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Every name of the tree for the reader's lexicon."""
        for (step, _), ids in self.by_name.items():
            for place_id in ids:
                place = self.places[place_id]
                entry = Entry(_PART_OF_STEP[step], place.division[:6], place.name)
                for name in (place.name, *place.aliases):
                    for spelling in spellings(name):
                        yield spelling, entry
                if step == "V" and (hamlet := hamlet_name(place.name)) and self.by_name.get(("V", hamlet), ids) == ids:
                    yield hamlet, entry

    # ── keeping ──────────────────────────────────────────────────────────────────────────────────

    def to_rows(self) -> Iterator[dict[str, Any]]:
        """Rows of the `place` table, parents before children."""
        for place_id in sorted(self.places):
            place = self.places[place_id]
            yield {
                "place_id": place_id,
                "parent_id": place.parent_id,
                "level": place.level.value,
                "name": place.name,
                "full_text": self.full_text(place_id),
                "division": place.division,
                "code": place.code,
                "door": int(place.door),
                "aliases": json.dumps(place.aliases, ensure_ascii=False),
                "addresses": json.dumps(place.addresses, ensure_ascii=False),
                "title_unit_no": place.title_unit_no,
                "longitude": place.longitude,
                "latitude": place.latitude,
                "source": place.source,
                "until": place.until,
                "became": json.dumps(place.became, ensure_ascii=False),
            }

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> PlaceTree:
        """The tree again from rows of the `place` table, in any order."""
        tree = cls()
        linked: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            place = Place(
                row["place_id"],
                row["parent_id"],
                Level(row["level"]),
                row["name"],
                row["division"],
                row["code"],
                bool(row["door"]),
                tuple(json.loads(row["aliases"])),
                tuple(json.loads(row["addresses"])),
                row["title_unit_no"],
                row["longitude"],
                row["latitude"],
                row["source"],
                row["until"],
                tuple(json.loads(row["became"])),
            )
            tree.hang(place)
            if place.step in _PART_OF_STEP:
                for name in (place.name, *place.aliases):
                    tree.index(place.step, name, place.place_id)
            for number in place.addresses:
                linked[number].append(place.place_id)
            if place.code and not (place.until and place.code in tree.by_code):
                tree.by_code[place.code] = place.place_id
            if not place.step:
                tree.division_names[place.place_id] = place.name
        tree.at_number = {number: sorted(sites) for number, sites in linked.items()}
        return tree
