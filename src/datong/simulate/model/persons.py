"""People: who they are, whom they are tied to, where they were registered and really lived."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datong.simulate.model.firms import Firm
    from datong.simulate.model.places import Unit
    from datong.simulate.model.welfare import School

Sex = Literal["male", "female"]
Marital = Literal["single", "married", "divorced", "widowed"]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody. The dead (`death` filled) and those who left the city (`left` filled) are kept: records outlive both."""

    id: str
    citizen_id: str
    name: str
    sex: Sex
    birth: str
    ethnicity: str
    education: str
    """未上学 小学 初中 高中 中专 大专 本科 硕士 博士."""
    phone: str
    """"" for small children and some of the old."""
    old_phone: str = ""
    """A number given up some years ago; somebody else may hold it by now (see traps)."""
    former_name: str = ""
    renamed_on: str = ""
    death: str = ""
    left: str = ""
    """Day she moved out of the city for good."""
    floating: bool = False
    """Registered elsewhere, lives here."""
    native_address: str = ""
    """Registered address outside the city, for floating people."""
    marital_status: Marital = "single"
    father: Person | None = field(default=None, repr=False)
    mother: Person | None = field(default=None, repr=False)
    spouse: Person | None = field(default=None, repr=False)
    """Today's; past ones are in Block.marriages."""
    household: Household | None = field(default=None, repr=False)
    """Today's (or last) household register; None for floating people."""
    registered_unit: Unit | None = field(default=None, repr=False)
    """Where the household register has her: the household's unit."""
    home: Unit | None = field(default=None, repr=False)
    """Where she really lives today; None when dead or gone."""
    employer: Firm | None = field(default=None, repr=False)
    occupation: str = ""
    insurance_no: str = ""
    """Social-security card number, from 16."""
    fund_no: str = ""
    """Housing-fund account, for those who have ever had one."""
    disability_level: int = 0
    """0 none, 1 worst … 4."""
    school: School | None = field(default=None, repr=False)


class Member(NamedTuple):
    """A line of a household register. Relation to the head: 户主 配偶 子 女 父亲 母亲 孙子 孙女 儿媳 女婿 兄弟姐妹 其他."""

    person: Person
    relation: str
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Household:
    """A household register (户口簿)."""

    id: str
    household_no: str
    """9 digits."""
    unit: Unit = field(repr=False)
    head: Person = field(repr=False)
    kind: str
    """家庭户 or 集体户."""
    since: str
    members: list[Member] = field(default_factory=list, repr=False)
    """Present and past ones."""


@dataclass(slots=True, eq=False)
class Stay:
    """Someone really lived somewhere for a time. `basis`: owner, family, tenant, dormitory."""

    id: str
    person: Person
    unit: Unit
    since: str
    until: str
    basis: str


@dataclass(slots=True, eq=False)
class Registration:
    """Someone was on the household register at a unit for a time. `how`: 出生 迁入 婚迁 分户 补录; `end`: 死亡 迁出 or ""."""

    id: str
    person: Person
    household: Household
    unit: Unit
    since: str
    until: str
    how: str
    end: str


@dataclass(slots=True, eq=False)
class Marriage:
    """`ended_by`: "", divorce, death. Certificate numbers as civil affairs writes them: J370303-2012-001234 / L370303-…"""

    id: str
    certificate_no: str
    husband: Person
    wife: Person
    on: str
    ended_on: str
    ended_by: str
    divorce_no: str


@dataclass(slots=True, eq=False)
class Birth:
    """A birth in the last years with its medical certificate (newborn lists of the health department)."""

    id: str
    certificate_no: str
    child: Person
    mother: Person | None
    father: Person | None
    on: str
    hospital: str


@dataclass(slots=True, eq=False)
class Death:
    """A death: civil affairs (cremation), health and police each learn of it at another time."""

    id: str
    certificate_no: str
    person: Person
    on: str
    cancelled_on: str
    """Day the household register struck her; "" when it has not yet (the pension trap)."""
    cremated_on: str


@dataclass(slots=True, eq=False)
class Move:
    """A change of real residence. Either end is None when it is outside the city; `place` then names it."""

    id: str
    person: Person
    origin: Unit | None
    target: Unit | None
    place: str
    on: str


@dataclass(slots=True, eq=False)
class ResidencePermit:
    """居住证 of a floating person."""

    id: str
    permit_no: str
    person: Person
    unit: Unit
    issued_on: str
    expires_on: str
