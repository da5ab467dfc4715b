"""A block while it is being made: what every step needs at hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from datong.simulate.divisions import City, Spot
from datong.simulate.draw import stream
from datong.simulate.identity import Issuer
from datong.simulate.model import Block, Firm, Household, Person, Unit
from datong.simulate.trades import Trade


@dataclass(slots=True)
class Family:
    """Who lives in one home and how they came there; a working note, not part of the world."""

    home: Unit
    people: list[Person]
    head: Person
    since: int
    """Day number of moving in."""
    basis: str
    """owner, tenant or dormitory."""
    couple: tuple[Person, Person] | None = None
    married: int = 0
    """Day number of the couple's wedding."""
    household: Household | None = None
    earlier: Unit | None = None
    """The home before this one, inside the block."""
    earlier_since: int = 0
    not_before: int = 0
    """Until this day the head lived with another family of the block."""
    past: list[tuple[Person, int]] = field(default_factory=list)
    """Who has gone from the family, and when: divorced husbands and wives."""


@dataclass(slots=True)
class Draft:
    """One block in the making. Each step draws from its own stream, so that changing one step leaves the others as they were."""

    city: City
    spot: Spot
    block: Block
    issue: Issuer
    size: int
    """Living residents to make."""
    families: list[Family] = field(default_factory=list)
    vacant: list[Unit] = field(default_factory=list)
    births: dict[Person, int] = field(default_factory=dict)
    """Day number of birth."""
    owners: dict[Unit, list[Person | Firm]] = field(default_factory=dict)
    """Who owns a unit today; filled by the step that writes titles, read by leases, accounts and firms."""
    tenants: dict[Unit, Person | Firm] = field(default_factory=dict)
    trades: dict[Firm, Trade] = field(default_factory=dict)
    parcels: dict[str, int] = field(default_factory=dict)
    """Parcels so far, by kind of land."""
    _counts: dict[str, int] = field(default_factory=dict)

    def rng(self, step: str) -> random.Random:
        """The stream of one step."""
        return stream(self.block.seed, self.block.index, step)

    def id(self, letter: str) -> str:
        """The next world id with these letters."""
        number = self._counts.get(letter, 0) + 1
        self._counts[letter] = number
        return f"{letter}{self.block.index:04d}{number:05d}"

    @property
    def county(self) -> str:
        """County code of the block."""
        return self.spot.street.district_code

    @property
    def title_place(self) -> str:
        """How the land registry's certificates name the place: 高新区, 张店区, 桓台县."""
        return self.spot.street.zone or self.spot.street.district
