"""How a department's clerk writes down people, firms and places: what she knows, what is out of date, what she has her own words for."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from datong.simulate import wording
from datong.simulate.deliver.row import Said, Table, Value
from datong.simulate.draw import DAY_NUMBER, DAYS, age_on
from datong.simulate.model import REFERENCE_DATE, Firm, Owner, Person, Unit, Wording

VAGUE, AMBIGUOUS, IMPOSSIBLE, WRONG = 0.035, 0.008, 0.006, 0.004
"""Shares of addresses, at usual care, that do not name the unit."""
STANDARD_SHARE = 0.25
"""Share of addresses copied in the standard wording."""
STALE = 0.25
"""Share of renamed people and firms that a department with usual care still has under the old name."""


@dataclass
class Clerk:
    """One department's clerk over one block: her own stream of chance, her own running numbers."""

    table: Table
    rng: random.Random
    block: int
    months: tuple[str, ...]
    """Months of readings and payments, as 202610."""
    seen: set[str] = field(default_factory=set)
    """Ids of things that several blocks name (schools), already written; one set a table for the whole city."""
    _number: int = 0

    def number(self, head: str) -> str:
        """The next of the department's own record numbers."""
        self._number += 1
        return f"{head}{self.block:04d}{self._number:06d}"

    def sometimes(self, share: float) -> bool:
        """A draw: true in this share of cases."""
        return self.rng.random() < share

    def name(self, owner: Owner) -> Value:
        """The name of a person or firm, now and then the one given up long ago."""
        former = owner.former_name
        if former and owner.renamed_on and self.rng.random() < STALE * min(self.table.care, 2.0):
            return Said(former, "former_name" if isinstance(owner, Person) else "former_org_name", owner.name)
        return owner.name

    def phone(self, person: Person) -> Value:
        """A person's phone number, now and then one she has given up."""
        if person.old_phone and self.rng.random() < STALE * self.table.care:
            return Said(person.old_phone, "old_phone", person.phone)
        return person.phone

    def address(self, unit: Unit | None, standard: bool = False) -> Value:
        """A unit's address in one of the wordings people use, or in the standard one."""
        if unit is None:
            return ""
        if standard:
            return unit.address
        found = self._worded(unit)
        if found.truth != "unit":
            return Said(found.text, f"address_{found.truth}", unit.address)
        if found.text != unit.address:
            return Said(found.text, "address_wording", unit.address)
        return found.text

    def _worded(self, unit: Unit) -> Wording:
        chance = self.rng.random() / max(self.table.care, 0.01)
        if chance < VAGUE:
            return wording.vague(unit, self.rng)
        if chance < VAGUE + AMBIGUOUS:
            return wording.ambiguous(unit, self.rng)
        if chance < VAGUE + AMBIGUOUS + IMPOSSIBLE:
            return wording.impossible(unit, self.rng)
        if chance < VAGUE + AMBIGUOUS + IMPOSSIBLE + WRONG:
            return wording.wrong(unit, self.rng)
        if self.rng.random() < STANDARD_SHARE:
            return Wording(unit.address, "standard")
        return wording.wordings(unit, self.rng)


def number_of(owner: Owner) -> str:
    """The citizen number or credit code of an owner."""
    return owner.citizen_id if isinstance(owner, Person) else owner.credit_code


def phone_of(owner: Owner) -> str:
    """The phone of an owner."""
    return owner.phone


def age(person: Person) -> int:
    """Whole years on the reference date, or at death."""
    return age_on(person.birth, person.death or REFERENCE_DATE)


def here(person: Person) -> bool:
    """Whether she is alive and has not left the city."""
    return not person.death and not person.left


def running(until: str) -> bool:
    """Whether a spell with this end still runs on the reference date."""
    return not until or until > REFERENCE_DATE


def later(day: str, days: int) -> str:
    """The day so many days later."""
    return DAYS[min(DAY_NUMBER[day] + days, len(DAYS) - 1)]


def latest(day: str) -> str:
    """A day, or the reference date when it lies beyond."""
    return min(day, REFERENCE_DATE)


def is_firm(owner: Owner) -> bool:
    """Whether an owner is a firm."""
    return isinstance(owner, Firm)
