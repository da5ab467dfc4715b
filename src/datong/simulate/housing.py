"""Buildings and units: entrances, floors, rooms, areas, title unit numbers and door plates."""

from __future__ import annotations

import random
from typing import NamedTuple

from datong.simulate.draft import Draft
from datong.simulate.draw import table
from datong.simulate.model import Building, Community, Site, Trap, Unit
from datong.simulate.sites import SiteMaker, share_a_number
from datong.simulate.wording import standard_address


class Shape(NamedTuple):
    """How a building is laid out; `entrances` 0 means that no entrance is ever named."""

    entrances: int
    floors: int
    rooms: int
    """A floor's rooms, at each entrance."""
    through: bool = False
    """Room numbers run on from entrance to entrance."""

    @property
    def size(self) -> int:
        """Number of units."""
        return max(1, self.entrances) * self.floors * self.rooms


_OLD = table(
    [(Shape(3, 5, 2), 4), (Shape(4, 5, 2), 3), (Shape(2, 6, 2), 3), (Shape(3, 6, 3), 2), (Shape(0, 3, 10), 2), (Shape(3, 5, 2, True), 2)],
    60,
)
_MIDDLE = table(
    [(Shape(3, 6, 2), 5), (Shape(4, 6, 2), 4), (Shape(5, 6, 2), 2), (Shape(2, 6, 2), 4), (Shape(2, 11, 2), 2), (Shape(3, 6, 2, True), 2)],
    60,
)
_NEW = table(
    [
        (Shape(1, 18, 4), 3),
        (Shape(2, 17, 2), 3),
        (Shape(2, 11, 2), 4),
        (Shape(1, 26, 4), 1),
        (Shape(3, 11, 2), 2),
        (Shape(2, 6, 2), 2),
        (Shape(1, 11, 4, True), 2),
    ],
    60,
)
_AREAS = (48.5, 52.3, 58.9, 63.2, 71.4, 76.8, 82.1, 85.6, 88.9, 91.3, 95.7, 98.4, 103.2, 108.6, 115.3, 121.8, 128.7, 136.5, 143.9, 168.2)
NEW_BUILDING_DAY = "2026-05-20"
"""Completed since: known to the housing department, not yet to the land registry."""


def build(draft: Draft) -> None:
    """Fill the block with sites, buildings and units: about 45 units to 100 people."""
    rng = draft.rng("housing")
    maker = SiteMaker(draft)
    total = max(12, round(draft.size * 0.45))
    homes, offices, works = round(total * 0.84), round(total * 0.11), max(2, round(total * 0.05))
    towns = [community for community in draft.spot.communities if not community.village]
    villages = [community for community in draft.spot.communities if community.village]
    draft.block.communities = list(draft.spot.communities)
    homes -= _villages(draft, maker, rng, villages, homes * (0.24 if towns else 0.8))
    _estates(draft, maker, rng, towns or villages, homes)
    _business(draft, maker, rng, towns or villages, offices)
    _works(draft, maker, rng, villages or towns, works)
    if draft.block.index % 2 == 0:
        share_a_number(draft)
    draft.block.sites = [site for site in draft.block.sites if site.units]
    kept = {site.id for site in draft.block.sites}
    draft.block.traps = [trap for trap in draft.block.traps if trap.kind == "new_building" or kept.issuperset(trap.ids)]
    for unit in draft.block.units:
        unit.address = standard_address(unit)


def _villages(draft: Draft, maker: SiteMaker, rng: random.Random, villages: list[Community], homes: float) -> int:
    made = 0
    for community in villages:
        site = maker.village(community)
        title = _Titles(draft, site)
        before = draft.spot.rounds[community.code]
        groups = 2 + int(rng.random() * 5)
        for number in range(round(homes / len(villages))):
            plot = _unit(draft, site, None, "residential", "住宅")
            plot.group = str(1 + before * 7 + number * groups // max(1, round(homes / len(villages))))
            plot.house_no = str(before * 300 + number + 1)
            plot.area = _AREAS[8 + int(rng.random() * 12)]
            plot.structure, plot.built_year = "砖木" if rng.random() < 0.3 else "砖混", 1975 + int(rng.random() * 45)
            plot.title_unit_no = title.plot()
            _place(plot, rng, 0.004)
            made += 1
    return made


def _estates(draft: Draft, maker: SiteMaker, rng: random.Random, towns: list[Community], homes: int) -> None:
    turn = number = 0
    queue: list[Site] = []
    while homes > 0:
        if not queue:
            queue = maker.estates(towns[turn % len(towns)])
            number, turn = 0, turn + 1
        site = queue.pop(0)
        if not site.base_is_enough:
            number = 0
        shapes = _OLD if site.built_year < 1995 else _MIDDLE if site.built_year < 2010 else _NEW
        title = _Titles(draft, site)
        for _ in range(2 + int(rng.random() * 6)):
            if homes <= 0:
                break
            number += 1
            shape = _fitting(shapes[int(rng.random() * len(shapes))], homes)
            building = _building(draft, site, str(number), shape, rng)
            title.building()
            homes -= _rooms(draft, building, shape, title, rng)
    _newest_building(draft)


def _fitting(shape: Shape, left: int) -> Shape:
    """The shape cut down so that no more than `left` units are made (but never fewer than one landing)."""
    if shape.size <= left * 1.15:
        return shape
    shape = shape._replace(entrances=min(shape.entrances, 1), floors=min(shape.floors, max(1, left // shape.rooms)))
    return shape._replace(rooms=min(shape.rooms, max(1, left)))


def _building(draft: Draft, site: Site, number: str, shape: Shape, rng: random.Random) -> Building:
    year = site.built_year
    building = Building(
        id=draft.id("B"),
        site=site,
        number=number,
        word=site.building_word,
        entrances=shape.entrances,
        floors=shape.floors,
        rooms_per_floor=shape.rooms,
        built_year=year,
        completed_on=f"{year}-{1 + int(rng.random() * 12):02d}-{1 + int(rng.random() * 28):02d}",
        structure="钢混" if shape.floors > 6 else "砖混",
        longitude=round(site.longitude + (rng.random() - 0.5) * 0.0016, 6),
        latitude=round(site.latitude + (rng.random() - 0.5) * 0.0012, 6),
        rooms_through=shape.through or shape.entrances <= 1,
    )
    site.buildings.append(building)
    draft.block.buildings.append(building)
    return building


def _rooms(draft: Draft, building: Building, shape: Shape, title: _Titles, rng: random.Random) -> int:
    areas = [_AREAS[int(rng.random() * len(_AREAS))] for _ in range(shape.rooms)]
    for entrance in range(1, max(1, shape.entrances) + 1):
        skipped = (entrance - 1) * shape.rooms if shape.through else 0
        for floor in range(1, shape.floors + 1):
            for room in range(1, shape.rooms + 1):
                unit = _unit(draft, building.site, building, "residential", "住宅")
                unit.entrance = str(entrance) if shape.entrances else ""
                unit.floor, unit.room = floor, f"{floor}{room + skipped:02d}"
                unit.area = areas[room - 1]
                unit.structure, unit.built_year = building.structure, building.built_year
                unit.title_unit_no = title.room()
                unit.longitude, unit.latitude = building.longitude, building.latitude
    return shape.size


def _newest_building(draft: Draft) -> None:
    """The block's youngest building was finished this summer and waits to be verified in the field."""
    buildings = [building for building in draft.block.buildings if building.site.kind == "estate" and building.built_year >= 2018]
    if not buildings or len(buildings) * 4 > 3 * len(draft.block.buildings):
        return
    newest = min(buildings, key=lambda building: (len(building.units), building.id))
    newest.completed_on, newest.built_year = NEW_BUILDING_DAY, 2026
    for unit in newest.units:
        unit.built_year = 2026
    draft.block.traps.append(Trap("new_building", (newest.id,)))


def _business(draft: Draft, maker: SiteMaker, rng: random.Random, towns: list[Community], offices: int) -> None:
    tower = maker.tower(towns[0], draft.block.index)
    title = _Titles(draft, tower)
    letters = ("A", "B") if rng.random() < 0.4 else ("",)
    left = max(1, round(offices * 0.55))
    for letter in letters:
        floors = 6 + int(rng.random() * 14)
        rooms = max(1, -(-left // len(letters) // floors))
        building = _building(draft, tower, letter, Shape(0, floors, rooms), rng)
        building.word = "座" if letter else ""
        title.building()
        for floor in range(1, floors + 1):
            for room in range(1, rooms + 1):
                unit = _unit(draft, tower, building, "commercial", "商铺" if floor <= 2 else "办公")
                unit.floor, unit.room = floor, f"{floor}{room:02d}"
                unit.area = round(35 + rng.random() * 140, 2)
                unit.structure, unit.built_year = "钢混", building.built_year
                unit.title_unit_no = title.room()
                unit.longitude, unit.latitude = building.longitude, building.latitude
    _shops(draft, maker, rng, towns[-1], offices - left)


def _shops(draft: Draft, maker: SiteMaker, rng: random.Random, community: Community, count: int) -> None:
    """Half of them with numbers of their own, half as sub-numbers of one number."""
    while count > 0:
        site = maker.shops(community)
        row = min(count, 5 + int(rng.random() * 9))
        count -= row
        title = _Titles(draft, site)
        sub = rng.random() < 0.5
        numbers = maker.numbers.take(site.road, 1 if sub else row)
        site.road_no = str(numbers[0])
        for place in range(row):
            unit = _unit(draft, site, None, "commercial", "商铺")
            unit.house_no = f"{numbers[0]}-{place + 1}" if sub else str(numbers[place])
            unit.area = round(20 + rng.random() * 160, 2)
            unit.structure, unit.built_year = "砖混", site.built_year
            unit.title_unit_no = title.plot()
            _place(unit, rng, 0.001)


def _works(draft: Draft, maker: SiteMaker, rng: random.Random, places: list[Community], works: int) -> None:
    serial = draft.block.index * 12
    while works > 0:
        site = maker.factory(places[0], serial)
        serial += 1
        title = _Titles(draft, site)
        halls = min(works, 3 + int(rng.random() * 6))
        works -= halls
        for number in range(1, halls + 1):
            building = _building(draft, site, str(number), Shape(0, 1 + int(rng.random() * 3), 1), rng)
            building.structure = "钢结构"
            title.building()
            unit = _unit(draft, site, building, "industrial", "仓库" if rng.random() < 0.25 else "厂房")
            unit.floor, unit.area = 1, round(400 + rng.random() * 5000, 1)
            unit.structure, unit.built_year = "钢结构", site.built_year
            unit.title_unit_no = title.room()
            unit.longitude, unit.latitude = building.longitude, building.latitude
        if works <= 0 and draft.size >= 400:
            _dormitory(draft, site, title, rng)


def _dormitory(draft: Draft, site: Site, title: _Titles, rng: random.Random) -> None:
    building = _building(draft, site, "1", Shape(0, 3, max(2, draft.size // 330)), rng)
    building.word, building.structure = "号宿舍楼", "砖混"
    title.building()
    for floor in range(1, 4):
        for room in range(1, building.rooms_per_floor + 1):
            unit = _unit(draft, site, building, "residential", "宿舍")
            unit.floor, unit.room, unit.area = floor, f"{floor}{room:02d}", 28.0
            unit.structure, unit.built_year = "砖混", site.built_year
            unit.title_unit_no = title.room()
            unit.longitude, unit.latitude = building.longitude, building.latitude


def _unit(draft: Draft, site: Site, building: Building | None, kind: str, use: str) -> Unit:
    unit = Unit(
        id=draft.id("U"),
        kind=kind,  # type: ignore[arg-type]
        use=use,
        site=site,
        building=building,
        entrance="",
        floor=1,
        room="",
        group="",
        house_no="",
        area=0.0,
        structure="",
        built_year=0,
        title_unit_no="",
        door_plate=f"{site.community.district_code}{draft.issue.serial('door plate'):08d}",
        longitude=0.0,
        latitude=0.0,
    )
    site.units.append(unit)
    if building is not None:
        building.units.append(unit)
    draft.block.units.append(unit)
    return unit


def _place(unit: Unit, rng: random.Random, spread: float) -> None:
    unit.longitude = round(unit.site.longitude + (rng.random() - 0.5) * spread, 6)
    unit.latitude = round(unit.site.latitude + (rng.random() - 0.5) * spread, 6)


class _Titles:
    """Title unit numbers of one site: a parcel a site (a parcel a plot in villages and rows of shops)."""

    def __init__(self, draft: Draft, site: Site) -> None:
        street = draft.spot.street
        self.draft, self.land = draft, site.land
        self.head = f"{street.district_code}{int(street.code[6:9]):03d}{draft.spot.visit + 1:03d}{site.land}"
        self.parcel = ""
        self.houses = 0
        self.household = 0

    def _new_parcel(self) -> str:
        counts = self.draft.parcels
        counts[self.land] = counts.get(self.land, 0) + 1
        return f"{self.head}{counts[self.land]:05d}"

    def plot(self) -> str:
        """A parcel with one building on it."""
        return self._new_parcel() + "F00010001"

    def building(self) -> None:
        """Begin the next building of the parcel."""
        self.parcel = self.parcel or self._new_parcel()
        self.houses += 1
        self.household = 0

    def room(self) -> str:
        """The next unit of the building."""
        self.household += 1
        return f"{self.parcel}F{self.houses:04d}{self.household:04d}"
