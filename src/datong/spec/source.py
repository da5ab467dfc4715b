"""What a pack says, as frozen values: sources, departments, divisions, precedence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

BODY_LEVELS = ("province", "city", "county", "town", "village")
"""Levels of bodies, the highest first: province, city, county or district, town or sub-district, village or community."""
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Department:
    """A department or public body that sends or reads records."""

    code: str
    title_zh: str
    title_en: str
    short_zh: str = ""
    short_en: str = ""
    credit_code: str = ""
    domain: str = ""
    level: str = "city"
    """One of BODY_LEVELS."""
    parent: str = ""
    """The body it belongs to."""
    division: str = ""
    """The division it is in charge of, below the city; empty for the whole city and above."""


@dataclass(frozen=True)
class Division:
    """One row of divisions.csv: an administrative or functional division, with every column it has."""

    code: str
    name: str
    cells: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Column:
    """One column as the department names it, and the field it becomes."""

    name: str
    field: str
    type: str
    list: str = ""
    required: bool = False
    strict: bool = False
    width: int = 0


@dataclass(frozen=True)
class Format:
    """How a source's files are written. An empty encoding is detected."""

    kind: str
    encoding: str = ""
    header: bool = True
    delimiter: str = ","
    quote: str = '"'
    skip_rows: int = 0
    sheet: str = ""
    header_row: int = 0
    table: str = ""
    query: str = ""


@dataclass(frozen=True)
class Assertions:
    """What must hold of a delivery as a whole, or it is held. `change` is the share by which a full
    delivery's row count may differ from the one before."""

    rows_min: int | None = None
    rows_max: int | None = None
    filled: Mapping[str, float] = field(default_factory=dict)
    change: float | None = None


@dataclass(frozen=True)
class Subject:
    """What a row speaks of: a role, its kind, and register field → source field."""

    role: str
    kind: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Relation:
    """A tie between two roles of a row. `since`, `until` and the values of `detail` name source fields."""

    source: str
    type: str
    target: str
    since: str = ""
    until: str = ""
    detail: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Source:
    """One resource a department sends, from `packs/registers/sources/<resource>.yml`."""

    resource: str
    title_zh: str
    title_en: str
    department: str
    system: str
    file: str
    format: Format
    delivery: str
    key: tuple[str, ...]
    update_cycle: str
    sharing_class: str
    legal_basis: str
    level: int
    precedence: str
    columns: tuple[Column, ...]
    ignored: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    assertions: Assertions = field(default_factory=Assertions)
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    tree: str = ""
    event: str = ""
    """The kind of event its records are, of `events.yml`; empty for records of what is."""
    path: str = ""
    opened: str = "no"
    """Whether it may be opened to the public: no, conditional, yes."""
    opened_condition: str = ""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The source's field names, in column order."""
        return tuple(column.field for column in self.columns)

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        """Field name → its column."""
        return {column.field: column for column in self.columns}


@dataclass(frozen=True)
class Precedence:
    """Whose word wins, per kind and field: resources and precedence classes, the first wins."""

    orders: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def order(self, kind: str, register_field: str) -> tuple[str, ...]:
        """The order for a field, else the kind's default, else none."""
        of_kind = self.orders.get(kind, {})
        return of_kind.get(register_field) or of_kind.get("default", ())
