"""What reading and matching an address gives: parts with their places in the text, and a match with its reasons.

Offsets always count characters of the text as it was sent, end exclusive, so that a page can underline
exactly what was used, passed over or contradicted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Part(StrEnum):
    """What a piece of an address says. The order is from the nation down to the door."""

    COUNTRY = "country"
    PROV = "prov"
    CITY = "city"
    DISTRICT = "district"
    ZONE = "zone"  # 高新区, 经济开发区: runs a part of the city without being a division
    STREET = "street"  # 街道, 镇, 乡
    COMMUNITY = "community"  # 社区, 居委会
    VILLAGE = "village"
    GROUP = "group"  # 村民小组, 队
    ROAD = "road"
    ROAD_NO = "road_no"
    LANE = "lane"  # a road off a road: 三巷, 12弄
    LANE_NO = "lane_no"
    SUB_NO = "sub_no"  # 附3号, 之2, 甲
    ESTATE = "estate"  # any named place: estate, building of an own name, market, firm
    PHASE = "phase"  # 二期, 东区, 南院: tells places of one name apart
    BUILDING = "building"
    ENTRANCE = "entrance"
    FLOOR = "floor"
    ROOM = "room"
    RELATIVE = "relative"  # 对面, 东侧, 路口
    DISTANCE = "distance"  # 500米
    PERSON = "person"  # shop, desk or person after the door
    NOISE = "noise"  # repeated divisions, 电联, 自主申报
    ASIDE = "aside"  # what stood in brackets


class Level(StrEnum):
    """How deep a place lies. Compare with `depth`."""

    NONE = "none"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    ROAD = "road"
    ESTATE = "estate"
    NUMBER = "number"
    BUILDING = "building"
    ENTRANCE = "entrance"
    UNIT = "unit"

    @property
    def depth(self) -> int:
        """0 for no place, growing towards the door."""
        return _DEPTH[self]


_DEPTH = {level: depth for depth, level in enumerate(Level)}


class Verdict(StrEnum):
    """What became of an address. Only `exact` names a place of the wanted level."""

    EXACT = "exact"  # one place, deep enough for the purpose
    VAGUE = "vague"  # true as far as it goes, but not down to the level the purpose needs
    IMPOSSIBLE = "impossible"  # the building is known, the door is not in it
    SUSPICIOUS = "suspicious"  # parts contradict each other: for a person to look at
    UNKNOWN = "unknown"  # nothing of it stands in the register


class Span(NamedTuple):
    """One piece of the text as sent: text[start:end], and what it says."""

    start: int
    end: int
    label: Part
    text: str


class NumberToken(NamedTuple):
    """One number of the tail: normalised value, the part it was read as, and whether its own words said so."""

    value: str
    part: Part
    said: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """An address in parts. Names stay as written; numbers are normalised (十八号楼 → 18); an absent part is empty."""

    raw: str
    spans: tuple[Span, ...] = ()
    prov: str = ""
    city: str = ""
    district: str = ""
    zone: str = ""
    street: str = ""
    community: str = ""
    village: str = ""
    group: str = ""
    road: str = ""
    road_no: str = ""
    sub_no: str = ""
    estate: str = ""
    other_places: tuple[str, ...] = ()
    phase: str = ""
    building: str = ""
    building_kind: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""
    rooms: tuple[str, ...] = ()
    numbers: tuple[NumberToken, ...] = ()
    relative: bool = False
    asides: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    division: str = ""
    former_division: str = ""
    confidence: float = 0.0
    problem: str = ""

    def of(self, label: Part) -> tuple[Span, ...]:
        """The spans of one label, in text order."""
        return tuple(span for span in self.spans if span.label == label)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable word for programs, a sentence in each language for people."""

    word: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The second best place, and how far behind it was."""

    place_id: str
    code: str
    full_text: str
    gap: float


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What an address means in the register. `place_id` is the deepest place that is certain; `code` only when the verdict is exact,
    or when the place is of the past."""

    raw: str
    verdict: Verdict
    level: Level
    place_id: str = ""
    code: str = ""
    full_text: str = ""
    more: tuple[str, ...] = ()  # further doors named by a list or range: 101、102室
    rule: str = ""
    confidence: float = 0.0
    runner_up: RunnerUp | None = None
    used: tuple[Span, ...] = ()
    ignored: tuple[Span, ...] = ()
    contradicted: tuple[Span, ...] = ()
    reasons: tuple[Reason, ...] = field(default=())
