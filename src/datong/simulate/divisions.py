"""The city's divisions from packs/registers, and which street and communities each block of the world lies in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from datong.domain.errors import BadValue
from datong.simulate.draw import stream
from datong.simulate.model import REFERENCE_DATE, Community, Division

CITY = "3703"
_ORIGINS = Path(__file__).parent / "data" / "origins.csv"
MAX_BLOCKS = 1000
"""Blocks that identifiers are carved for: two million people."""
_ZONE_STREETS = ("370303008", "370303105")
_ROUND = ("zone", "zone", "zone_town", "370303", "370305", "370306", "370303", "370321", "other", "other")
"""Ten blocks make a round: the high-tech zone first, then the other districts."""
_OTHER_DISTRICTS = ("370302", "370304", "370322", "370323")
_COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委员会|委员会|居委会|村委会|居委)$")


@dataclass(frozen=True)
class Street:
    """A street or town with its communities, and its place among the streets of its district."""

    code: str
    name: str
    district_code: str
    district: str
    zone_code: str
    zone: str
    rank: int
    towns: tuple[Community, ...]
    """Residents' committees."""
    villages: tuple[Community, ...]


@dataclass(frozen=True)
class Spot:
    """Where a block lies: the street, how often earlier blocks were there, and its turn for citizen numbers of the district."""

    street: Street
    visit: int
    turn: int
    communities: tuple[Community, ...]
    rounds: dict[str, int]
    """How often earlier blocks were in each of the communities."""


class City:
    """The divisions as the world uses them."""

    def __init__(self, packs: Path, seed: int) -> None:
        self.seed = seed
        self.divisions = read_divisions(packs)
        self.streets = _streets(self.divisions, _zone_members(packs), seed)
        self.origins = {row["code"]: row["province"] + row["city"] + row["county"] for row in _rows(_ORIGINS)}
        """Counties elsewhere that people come from: code → full name."""
        self.origin_codes = list(self.origins)
        stream(seed, "origins").shuffle(self.origin_codes)
        self._by_district: dict[str, list[Street]] = {}
        for street in self.streets.values():
            if not street.zone_code:
                self._by_district.setdefault(street.district_code, []).append(street)

    def spot(self, index: int) -> Spot:
        """Where block `index` lies."""
        if not 0 <= index < MAX_BLOCKS:
            raise BadValue("people", f"the simulated city holds at most {MAX_BLOCKS * 2000:,} people", "ask for fewer")
        turn, place = divmod(index, len(_ROUND))
        word = _ROUND[place]
        number = turn * _ROUND.count(word) + _ROUND[:place].count(word)
        if word == "zone":
            street, visit = self.streets[_ZONE_STREETS[0]], number
        elif word == "zone_town":
            street, visit = self.streets[_ZONE_STREETS[1]], number
        else:
            district = _OTHER_DISTRICTS[number % 4] if word == "other" else word
            around = number // 4 if word == "other" else number
            streets = self._by_district[district]
            street, visit = streets[around % len(streets)], around // len(streets)
        main = ("zone", "zone_town", "370303")
        own = turn * 5 + sum(1 for earlier in _ROUND[:place] if earlier in main) if word in main else number
        found = _communities(street, visit)
        return Spot(street, visit, own, tuple(community for community, _ in found), {community.code: turn for community, turn in found})


def read_divisions(packs: Path) -> list[Division]:
    """Every row of packs/registers/divisions.csv, the ended and the functional ones as well."""
    return [
        Division(row["code"], row["name"], int(row["level"]), row["parent"], row["valid_from"], row["valid_to"], _kind(row["kind"]))  # type: ignore[arg-type]
        for row in _rows(packs / "registers" / "divisions.csv")
    ]


def _kind(text: str) -> str:
    if text not in ("legal", "functional"):
        raise BadValue("kind", "a division is legal or functional", "mend packs/registers/divisions.csv")
    return text


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _zone_members(packs: Path) -> dict[str, tuple[str, str]]:
    """Street code → (zone code, short name), for the streets a zone runs on the reference date."""
    return {
        row["member_code"]: (row["zone_code"], row["short"])
        for row in _rows(packs / "registers" / "functional_zones.csv")
        if row["valid_from"] <= REFERENCE_DATE and (not row["valid_to"] or row["valid_to"] > REFERENCE_DATE)
    }


def _streets(divisions: list[Division], zones: dict[str, tuple[str, str]], seed: int) -> dict[str, Street]:
    valid = [row for row in divisions if row.kind == "legal" and not row.valid_to and row.code.startswith(CITY)]
    names = {row.code: row.name for row in valid}
    below: dict[str, list[Division]] = {}
    for row in valid:
        if row.level == 5:
            below.setdefault(row.parent, []).append(row)
    found: dict[str, Street] = {}
    for rank, row in enumerate(row for row in valid if row.level == 4):
        zone_code, zone = zones.get(row.code, ("", ""))
        communities = [_community(member, row, names[row.parent], zone_code, zone) for member in below.get(row.code, [])]
        stream(seed, "communities", row.code).shuffle(communities)
        towns = tuple(community for community in communities if not community.village)
        villages = tuple(community for community in communities if community.village)
        found[row.code] = Street(row.code, row.name, row.parent, names[row.parent], zone_code, zone, rank, towns, villages)
    return found


def _community(row: Division, street: Division, district: str, zone_code: str, zone: str) -> Community:
    village = row.code[9] == "2"
    short = _COMMITTEE.sub("", row.name)
    if village and not short.endswith("村"):
        short += "村"
    elif not village and not short.endswith(("社区", "村")):
        short += "社区"
    stem = re.sub(r"(街道|镇)$", "", street.name) or street.name
    return Community(
        row.code,
        row.name,
        short,
        street.code,
        street.name,
        street.parent,
        district,
        zone_code,
        zone,
        village=village,
        police_station=stem + "派出所",
    )


def _communities(street: Street, visit: int) -> list[tuple[Community, int]]:
    """Three communities of a street, two of them urban where it has any, each with how often it had its turn before."""
    towns, villages = street.towns, street.villages
    urban = 0 if not towns else (3 if not villages else 2)
    rural = 3 - urban
    return _next(towns, urban, visit) + _next(villages, rural, visit)


def _next(communities: tuple[Community, ...], count: int, visit: int) -> list[tuple[Community, int]]:
    count = min(count, len(communities))
    places = [divmod(count * visit + number, len(communities)) for number in range(count)]
    return [(communities[place], turn) for turn, place in places]
