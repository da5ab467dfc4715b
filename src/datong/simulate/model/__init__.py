"""What there is in the simulated city: the truth that every delivered row is measured against.

The city is invented but for the names and codes of its divisions: nobody and no firm in it is real. Dates are ISO text and "" means
"not (yet)", so a spell with an empty `until` is still running. Every object carries a world id, unique in the whole city and stable for
a seed: P person, F firm, U unit (premises), S site, B building, H household, and two letters for events and contracts. Objects refer to
each other directly; compare them by `is` or by id. Structural values are English words listed here, contents (names, uses, ethnicities)
are Chinese.

Slots instead of frozen, because a million people are made one object at a time. Nobody changes a block after
`world.blocks` has yielded it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from datong.simulate.model.firms import Employment, Firm, FirmAddress, FirmKind, FirmStatus, Owner, Permit, TaxReturn
from datong.simulate.model.persons import (
    Birth,
    Death,
    Household,
    Marital,
    Marriage,
    Member,
    Move,
    Person,
    Registration,
    ResidencePermit,
    Sex,
    Stay,
)
from datong.simulate.model.places import Building, Community, Division, Site, SiteKind, Unit, UnitKind
from datong.simulate.model.titles import Account, Lease, Mortgage, Ownership, Purchase, Utility, Vehicle
from datong.simulate.model.welfare import Allowance, Disability, Guardianship, Pupil, School, Treatment

__all__ = [
    "REFERENCE_DATE",
    "Account",
    "Allowance",
    "Birth",
    "Block",
    "Building",
    "Community",
    "Death",
    "Disability",
    "Division",
    "Employment",
    "Firm",
    "FirmAddress",
    "FirmKind",
    "FirmStatus",
    "Guardianship",
    "Household",
    "Lease",
    "Marital",
    "Marriage",
    "Member",
    "Mortgage",
    "Move",
    "Owner",
    "Ownership",
    "Permit",
    "Person",
    "Pupil",
    "Purchase",
    "Registration",
    "ResidencePermit",
    "School",
    "Sex",
    "Site",
    "SiteKind",
    "Stay",
    "TaxReturn",
    "Trap",
    "Treatment",
    "Unit",
    "UnitKind",
    "Utility",
    "Vehicle",
    "Wording",
]

REFERENCE_DATE = "2026-10-31"
"""The day the world stands still at: everything alive, open or running is so at the end of this day."""


class Trap(NamedTuple):
    """A planted difficulty and the world ids it is about.

    Kinds: father_and_son (one name), namesakes_in_house (not related, one name, one unit), homonyms (one name, same year),
    namesakes_born_same_day, twins, renamed, owner_dead (unit, person: the title still stands in a dead person's name), rare_name,
    dotted_name, phone_handed_on (first id gave up the number the second has now),
    remarried, dead_not_cancelled, lives_elsewhere, two_sites_one_number, estate_name_twice, many_firms_one_room, firm_without_consent,
    shell_firm, firm_renamed, firm_moved, empty_house_with_use, new_building, old_citizen_id.
    """

    kind: str
    ids: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Block:
    """Some 2,000 living people with all that is theirs. Nothing in it refers to another block."""

    index: int
    seed: int
    communities: list[Community] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    """The living, the dead and those gone."""
    households: list[Household] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    marriages: list[Marriage] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    residence_permits: list[ResidencePermit] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    allowances: list[Allowance] = field(default_factory=list)
    disabilities: list[Disability] = field(default_factory=list)
    guardianships: list[Guardianship] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)
    pupils: list[Pupil] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    employments: list[Employment] = field(default_factory=list)
    permits: list[Permit] = field(default_factory=list)
    tax_returns: list[TaxReturn] = field(default_factory=list)
    ownerships: list[Ownership] = field(default_factory=list)
    mortgages: list[Mortgage] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)


class Wording(NamedTuple):
    """An address as somebody wrote it, with the truth about it.

    `truth`: unit (means exactly this unit), ambiguous (the unit is one of a few it may mean), vague (stops above the unit), impossible
    (names something that does not exist), wrong (the address of the unit with one part that contradicts the rest). `level` is the deepest
    part that is right: unit, floor, entrance, building, site, road, community, street. `kind` names the way of writing.
    """

    text: str
    kind: str
    truth: str = "unit"
    level: str = "unit"
