"""The parts of an address as names of a module: to look them up on the enumeration takes ten times as long."""

from __future__ import annotations

from typing import Final

from datong.domain.address import Part

COUNTRY: Final = Part.COUNTRY
PROV: Final = Part.PROV
CITY: Final = Part.CITY
DISTRICT: Final = Part.DISTRICT
ZONE: Final = Part.ZONE
STREET: Final = Part.STREET
COMMUNITY: Final = Part.COMMUNITY
VILLAGE: Final = Part.VILLAGE
GROUP: Final = Part.GROUP
ROAD: Final = Part.ROAD
ROAD_NO: Final = Part.ROAD_NO
LANE: Final = Part.LANE
LANE_NO: Final = Part.LANE_NO
SUB_NO: Final = Part.SUB_NO
ESTATE: Final = Part.ESTATE
PHASE: Final = Part.PHASE
BUILDING: Final = Part.BUILDING
ENTRANCE: Final = Part.ENTRANCE
FLOOR: Final = Part.FLOOR
ROOM: Final = Part.ROOM
RELATIVE: Final = Part.RELATIVE
DISTANCE: Final = Part.DISTANCE
PERSON: Final = Part.PERSON
NOISE: Final = Part.NOISE
ASIDE: Final = Part.ASIDE
