"""A unit's address cut into the columns that registers of addresses have."""

from __future__ import annotations

from dataclasses import dataclass

from datong.simulate.model import Building, Community, Site, Unit

NEW_SINCE = "2026-05-20"
"""A building completed since is in the housing department's survey, not yet in anybody else's."""


@dataclass(frozen=True)
class Parts:
    """Structured address parts, "" where a part does not exist."""

    division: str
    street: str
    community: str
    road: str
    road_no: str
    estate: str
    phase: str
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""
    village: str = ""
    group: str = ""
    house_no: str = ""

    def to_estate(self) -> tuple[str, str, str, str, str, str, str]:
        """Division, street, community, road, number, estate, phase."""
        return self.division, self.street, self.community, self.road, self.road_no, self.estate, self.phase

    @staticmethod
    def of_site(site: Site) -> Parts:
        """The parts down to the estate."""
        return _parts(site)

    @staticmethod
    def of_building(building: Building) -> Parts:
        """The parts down to the building."""
        return _parts(building.site, building=building.name)

    def text_to_building(self, community: Community) -> str:
        """The standard wording as far as the building."""
        road = f"{self.road}{self.road_no}号" if self.road and self.road_no else self.road
        village = self.village + self.group + self.house_no
        head = f"{community.province}{community.city}{community.district}{self.street}"
        return f"{head}{self.community if self.village else ''}{village}{road}{self.estate}{self.phase}{self.building}"


def meant_by(building: Building) -> str:
    """The world id a row about a building speaks of: a hall without rooms is its only unit."""
    return building.units[0].id if len(building.units) == 1 and not building.units[0].room else building.id


def parts_of(unit: Unit) -> Parts:
    """The address of a unit in columns."""
    site = unit.site
    if site.kind == "village":
        return _parts(site, village=site.name, group=unit.group, house_no=unit.house_no)
    return _parts(
        site,
        road_no=unit.house_no or site.road_no,
        building=unit.building.name if unit.building else "",
        entrance=unit.entrance,
        floor=str(unit.floor) if unit.floor and unit.building else "",
        room=unit.room,
    )


def _parts(site: Site, road_no: str | None = None, **deeper: str) -> Parts:
    community = site.community
    village = site.kind == "village"
    return Parts(
        division=community.code,
        street=community.street,
        community=community.short,
        road="" if village else site.road,
        road_no="" if village else (site.road_no if road_no is None else road_no),
        estate="" if village or site.kind == "shops" else site.base_name,
        phase="" if village else site.phase,
        **deeper,
    )
