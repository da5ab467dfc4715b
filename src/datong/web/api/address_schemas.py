"""What the doors for addresses take and give."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, Field

from datong.share import Located, ReadAddress
from datong.web.api.schemas import Strict


class AddressIn(Strict):
    """An address, whole or half typed."""

    text: str = Field(min_length=1, max_length=300)
    division: str = Field(default="", pattern=r"^[0-9]{0,12}$", description="Where to look when the address names no division.")
    limit: int = Field(default=10, ge=1, le=50)


class PlaceOut(BaseModel):
    """One completion; `code` only for a door."""

    text: str
    level: str
    code: str


class LocateIn(Strict):
    """An address, or the permanent code of premises: just one of the two."""

    text: str = Field(default="", max_length=300)
    code: str = Field(default="", max_length=20)
    division: str = Field(default="", pattern=r"^[0-9]{0,12}$", description="Where to look when the address names no division.")


class PointOut(BaseModel):
    """A GeoJSON point, and which place it is the point of."""

    type: Literal["Point"]
    coordinates: tuple[float, float] = Field(description="Longitude and latitude in degrees, as the building survey gives them (CGCS2000).")
    of: str = Field(description="The level of the place that has these coordinates: unit, building, number…")


class StepOut(BaseModel):
    """One place on the way from the city to the door."""

    level: str
    name: str
    division: str


class AddressReason(BaseModel):
    """Why an address was understood so."""

    code: str
    zh: str
    en: str


class AddressOut(BaseModel):
    """An address as understood, and the place it means."""

    parts: dict[str, str]
    verdict: Literal["exact", "vague", "impossible", "suspicious", "unknown"]
    level: str
    code: str = Field(description="The permanent code of the premises, only when the verdict is exact.")
    full_text: str
    rule: str
    reasons: list[AddressReason]


class LocatedOut(AddressOut):
    """Where an address lies: its division, its block of the grid, its point on the map."""

    chain: list[StepOut]
    division: str = Field(description="The deepest division's code: 12 digits for a community.")
    block: str = Field(description="The block of the grid; empty when nothing was captured there.")
    block_of: Literal["door", "building", ""]
    point: PointOut | None


def located_json(found: Located) -> dict[str, object]:
    """A place as the API gives it."""
    point = found.point
    return {
        **address_json(found.read),
        "chain": [asdict(one) for one in found.chain],
        "division": found.division,
        "block": found.block,
        "block_of": found.block_of,
        "point": {"type": "Point", "coordinates": [point.longitude, point.latitude], "of": point.level} if point else None,
    }


def address_json(found: ReadAddress) -> dict[str, object]:
    """A read address as the API gives it."""
    return {
        "parts": dict(found.parts),
        "verdict": found.verdict,
        "level": found.level,
        "code": found.code,
        "full_text": found.full_text,
        "rule": found.rule,
        "reasons": [{"code": word, "zh": zh, "en": en} for word, zh, en in found.reasons],
    }
