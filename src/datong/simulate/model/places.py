"""Places: divisions, sites, buildings and the units (premises) in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datong.simulate.model.persons import Person

UnitKind = Literal["residential", "commercial", "industrial"]
SiteKind = Literal["estate", "village", "tower", "factory", "shops"]
"""estate 小区; village (yards, groups); tower 写字楼/商业大厦; factory 厂区/园区; shops: 沿街商铺, numbered on the road itself."""


@dataclass(slots=True, eq=False)
class Division:
    """A row of packs/registers/divisions.csv. Level 1 province … 5 village or community; kind legal or functional."""

    code: str
    name: str
    level: int
    parent: str
    valid_from: str
    valid_to: str
    kind: Literal["legal", "functional"] = "legal"


@dataclass(slots=True, eq=False)
class Community:
    """A community or village with everything above it in one place."""

    code: str
    name: str
    """As the statistics list has it, e.g. 丰泽社区居委会."""
    short: str
    """As people write it: 丰泽社区, 卫固村."""
    street_code: str
    street: str
    district_code: str
    district: str
    zone_code: str
    """Functional zone that runs it (370371) or ""."""
    zone: str
    """高新区 or ""."""
    city: str = "淄博市"
    province: str = "山东省"
    village: bool = False
    police_station: str = ""


@dataclass(slots=True, eq=False)
class Site:
    """A named or numbered place: an estate, a village, a tower, a factory, or a row of shops on a road."""

    id: str
    kind: SiteKind
    name: str
    """Full official name with phase, e.g. 颐和花园二期; "" for shops; the village's short name for villages."""
    base_name: str
    """Without phase: 颐和花园."""
    phase: str
    """一期, 东区, 二区 … or ""."""
    aliases: tuple[str, ...]
    former_names: tuple[str, ...]
    community: Community
    road: str
    road_no: str
    """Digits, sometimes with 甲/乙 or -1; "" where there is none (villages)."""
    other_addresses: tuple[tuple[str, str], ...]
    """Further (road, road_no) of the same site."""
    building_word: str
    """号楼 幢 栋 座, or "" (villages, shops)."""
    land: str
    """Parcel kind in title unit numbers: GB state-owned surface, JC homestead, JB collective construction land."""
    built_year: int
    property_company: str
    developer: str
    longitude: float
    latitude: float
    grid_cell: str
    """Community code + two digits."""
    shared_number: bool = False
    """Another site has the same road and number: road and number alone do not tell which."""
    shared_name: bool = False
    """Other estates of the city bear the same name: it needs its street or road beside it."""
    base_is_enough: bool = True
    """`base_name` without the phase tells the building: no phases, or the phases number their buildings through."""
    buildings: list[Building] = field(default_factory=list, repr=False)
    units: list[Unit] = field(default_factory=list, repr=False)


@dataclass(slots=True, eq=False)
class Building:
    """One building of a site. `entrances` 0: rooms are numbered through, no 单元 is ever said."""

    id: str
    site: Site = field(repr=False)
    number: str
    """3, 12, A."""
    word: str
    entrances: int
    floors: int
    rooms_per_floor: int
    """A landing's rooms (per entrance)."""
    built_year: int
    completed_on: str
    structure: str
    """钢混 砖混 钢结构."""
    longitude: float
    latitude: float
    rooms_through: bool = False
    """Room numbers run through the entrances, so that 3号楼501 is enough."""
    units: list[Unit] = field(default_factory=list, repr=False)

    @property
    def name(self) -> str:
        """3号楼."""
        return self.number + self.word


@dataclass(slots=True, eq=False)
class Unit:
    """One premises: a home, shop, office, workshop or yard. What a department calls 房屋."""

    id: str
    kind: UnitKind
    use: str
    """住宅 宿舍 商铺 办公 厂房 仓库."""
    site: Site = field(repr=False)
    building: Building | None = field(repr=False)
    entrance: str
    """2, or "" where the building has none."""
    floor: int
    room: str
    """501, 0305, or "" for yards, shops and whole factory buildings."""
    group: str
    """Villages: 3 (of 3组), or ""."""
    house_no: str
    """Villages: number of the yard; shops: the number on the road (overrides site.road_no)."""
    area: float
    structure: str
    built_year: int
    title_unit_no: str
    """28 characters, sound; every unit has one even before its first registration."""
    door_plate: str
    """Number of the QR door plate."""
    longitude: float
    latitude: float
    address: str = ""
    """The standard wording (`wording.standard_address`)."""
    certificate_no: str = ""
    """Of the newest registration of title; "" when never registered."""
    residents: list[Person] = field(default_factory=list, repr=False)
    """Who lives there on the reference date."""
