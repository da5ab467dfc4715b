"""What people and firms own, owe, rent and use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datong.simulate.model.firms import Owner
    from datong.simulate.model.places import Unit

Utility = Literal["water", "power", "gas"]


@dataclass(slots=True, eq=False)
class Vehicle:
    """A car or motorcycle of a person or a firm."""

    id: str
    plate: str
    owner: Owner
    model: str
    registered_on: str
    scrapped_on: str


@dataclass(slots=True, eq=False)
class Ownership:
    """A registered title. `how`: 首次登记 买卖 继承 赠与 批准 (homestead); co-owners have one row each and one certificate."""

    id: str
    certificate_no: str
    unit: Unit
    owner: Owner
    share: int
    """Per cent."""
    since: str
    until: str
    how: str


@dataclass(slots=True, eq=False)
class Mortgage:
    """A registered mortgage, yuan."""

    id: str
    certificate_no: str
    unit: Unit
    owner: Owner
    bank: str
    amount: int
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Purchase:
    """A sale contract on record at the housing department. `seller` is a name: developers are not in the block."""

    id: str
    contract_no: str
    unit: Unit
    buyer: Owner
    seller: str
    seller_id: str
    """World id of the seller when in the block, else ""."""
    on: str
    price: int


@dataclass(slots=True, eq=False)
class Lease:
    """A lease, on record (`filed`) or not."""

    id: str
    contract_no: str
    unit: Unit
    landlord: Owner
    tenant: Owner
    since: str
    until: str
    """Last day; a lease running past the reference date has a later day, an ended one an earlier one."""
    rent: int
    """Yuan a month."""
    filed: bool


@dataclass(slots=True, eq=False)
class Account:
    """A customer account of a utility at a unit. Readings come from `readings.monthly(account)` when asked for."""

    id: str
    account_no: str
    utility: Utility
    unit: Unit
    holder: Owner
    opened_on: str
    closed_on: str
    level: int
    """Mean monthly use: tons, kWh or m³."""
    pattern: str
    """home, vacant, away (summer or winter only), business, shell (a firm that does not work), leak, crypto (abnormally high)."""
