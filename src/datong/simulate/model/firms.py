"""Firms and sole traders, who works for them, what they may do and what they owe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datong.simulate.model.persons import Person
    from datong.simulate.model.places import Unit

FirmKind = Literal["company", "branch", "sole_trader", "cooperative", "institution", "association"]
FirmStatus = Literal["active", "abnormal", "revoked", "closed"]
"""active 存续; abnormal 存续 but 列入经营异常名录; revoked 吊销未注销; closed 注销."""


class FirmAddress(NamedTuple):
    """A firm's address for a time."""

    unit: Unit
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Firm:
    """A company, branch, sole trader, cooperative, institution or association."""

    id: str
    kind: FirmKind
    name: str
    form: str
    """有限责任公司(自然人独资), 个体工商户, 分公司, 农民专业合作社 …"""
    credit_code: str
    registration_no: str
    """Old 15-digit number; "" for those founded after October 2015."""
    industry: str
    scope: str
    capital: float
    """10,000 yuan."""
    founded_on: str
    legal_representative: Person
    registered_unit: Unit
    operating_unit: Unit | None
    """Where it really works; None when nobody is to be found (a shell, or closed)."""
    phone: str
    status: FirmStatus
    closed_on: str = ""
    """Day of closing (注销) or revocation (吊销)."""
    former_name: str = ""
    renamed_on: str = ""
    addresses: list[FirmAddress] = field(default_factory=list, repr=False)
    """Registered addresses in time order; the last is `registered_unit`."""
    address_by_right: str = "own"
    """own, lease, or none: registered there without the owner's knowledge."""
    parent: Firm | None = field(default=None, repr=False)
    """For a branch."""
    staff: list[Employment] = field(default_factory=list, repr=False)
    tax_status: str = "正常"
    """正常 非正常 注销."""


Owner: TypeAlias = "Person | Firm"


@dataclass(slots=True, eq=False)
class Employment:
    """Who worked where, as social insurance and the housing fund know it (`base` in yuan a month; `fund`: pays the housing fund)."""

    id: str
    person: Person
    firm: Firm
    since: str
    until: str
    base: int
    fund: bool


@dataclass(slots=True, eq=False)
class Permit:
    """A permit of a firm at a place: 食品经营许可证 卫生许可证 消防安全检查合格证 烟草专卖零售许可证 排污许可证 …"""

    id: str
    permit_no: str
    kind: str
    issuer: str
    """Department code: market, health, fire, tobacco, environment, culture."""
    firm: Firm
    unit: Unit
    issued_on: str
    expires_on: str
    revoked_on: str


@dataclass(slots=True, eq=False)
class TaxReturn:
    """A quarter's tax of a firm, in yuan. `paid_on` "" means owing."""

    id: str
    firm: Firm
    quarter: str
    """2026Q3."""
    revenue: int
    tax: int
    filed_on: str
    paid_on: str
