"""What people get from the city: allowances, cards, schools, care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datong.simulate.model.persons import Household, Person


@dataclass(slots=True, eq=False)
class Allowance:
    """A family on the minimum living allowance. `kind`: 城市低保 农村低保 特困供养."""

    id: str
    certificate_no: str
    household: Household
    applicant: Person
    people: int
    kind: str
    monthly: int
    """Yuan a month for the family."""
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Disability:
    """A disability card: the number is the citizen number + kind digit + level digit."""

    id: str
    card_no: str
    person: Person
    kind: str
    """视力 听力 言语 肢体 智力 精神 多重."""
    level: int
    issued_on: str


@dataclass(slots=True, eq=False)
class Guardianship:
    """A court's judgment that makes somebody the guardian of an adult; `until` is the day from which it holds no more."""

    id: str
    case_no: str
    ward: Person
    guardian: Person
    capacity: str
    """none, limited."""
    since: str
    until: str


@dataclass(slots=True, eq=False)
class School:
    """A kindergarten or school; the id is the same in every block that names it."""

    id: str
    name: str
    stage: str
    """幼儿园 小学 初中 高中."""
    district: str


@dataclass(slots=True, eq=False)
class Pupil:
    """A child at a school in the running school year."""

    id: str
    pupil_no: str
    person: Person
    school: School
    grade: str
    since: str
    guardian: Person | None


@dataclass(slots=True, eq=False)
class Treatment:
    """A stay in hospital and who paid for it, in yuan: total = insurance + critical + aid + own."""

    id: str
    settlement_no: str
    person: Person
    hospital: str
    diagnosis: str
    icd10: str
    admitted_on: str
    discharged_on: str
    total: int
    insurance: int
    critical: int
    aid: int
