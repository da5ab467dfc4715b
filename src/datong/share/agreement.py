"""What an agreement says, as frozen values: who may ask what, for which purpose, of which rows and fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datong.domain.access import Purpose

CITIZEN = "citizen"
"""Stands for the requesting department in agreements about what citizens themselves may ask."""

PUBLIC = "public"
"""Stands for the requesting department in agreements by which data is opened to everybody."""

OPERATIONS = ("verify", "look_up", "list", "extract")
OPERATORS = ("eq", "ne", "in", "not_in", "prefix", "present", "absent", "from", "to")
"""What a row condition may say of a field's value; `from` and `to` compare text, which orders ISO dates."""

OWN_TYPES = {"tied": ("owns", "rents", "lives_at"), "owner": ("owns",)}
"""What `own` in an agreement's rows asks for → the ties by which a citizen calls premises her own."""


@dataclass(frozen=True)
class Condition:
    """One condition on a row: the field's value against `value` (several for `in` and `not_in`)."""

    field: str
    op: str
    value: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Which rows an agreement lets be seen. All of it must hold."""

    jurisdiction: str | tuple[str, ...] = "own"
    """"own": the asker's own prefixes; "city": everywhere; else division prefixes or functional zones."""
    domain: str = ""
    where: tuple[Condition, ...] = ()
    own: str = ""
    """"tied": only what the citizen owns, rents or lives at, and herself; "owner": only what she owns."""


@dataclass(frozen=True)
class Quota:
    """How much may be asked: rows a day, questions a minute, rows at a time."""

    per_day: int = 1000
    per_minute: int = 60
    per_call: int = 1


@dataclass(frozen=True)
class Agreement:
    """One agreement between requesting and providing departments. Dates are ISO text, both inclusive."""

    code: str
    title_zh: str
    title_en: str
    requesting: tuple[str, ...]
    providing: tuple[str, ...]
    purpose: str
    basis: str
    register: str
    operations: tuple[str, ...]
    rows: Rows
    fields: Mapping[str, str]
    """Field → mask."""
    claims: tuple[str, ...]
    unmask: tuple[str, ...]
    links: Mapping[str, str]
    """Relation type → mask of the other end's label."""
    keys: tuple[str, ...]
    roles: tuple[str, ...]
    systems: bool
    reason_required: bool
    consent: bool
    all_values: bool
    quota: Quota
    valid_from: str
    valid_to: str
    file: str = ""
    line: int = 0
    state: str = "live"
    """live or suspended; what has ended is not among a city's agreements in force."""
    separate: tuple[str, ...] = ()
    """Fields and relations, sensitive ones, that a consent holds only when it was given for them separately."""
    answer_days: int = 3
    """Days within which a request for consent is answered; then it lapses."""
    version: int = 0
    """The version of an agreement that lives in the store; 0 for a pack's, which is signed by its installation."""

    encrypted: bool = False
    """Whether systems get what they read only encrypted to a key they send (JWE); people at pages are not meant."""
    events: tuple[str, ...] = ()
    """Kinds of events (`events.yml`) that are shown with a subject."""

    @property
    def comparable(self) -> frozenset[str]:
        """What a verification may compare: the fields themselves and what is only comparable."""
        return frozenset(self.fields) | frozenset(self.claims)


@dataclass(frozen=True)
class Sharing:
    """Everything the packs say about sharing, checked as a whole."""

    purposes: Mapping[str, Purpose]
    agreements: Mapping[str, Agreement]
    zones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Functional zone code → the division prefixes it runs."""
    departments: Mapping[str, Any] = field(default_factory=dict)
    """Department code → spec.Department."""
    resources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Resource → its title, 中文 and English."""

    codes: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    """Register and field → how departments write a coded value → the code the register holds."""
    applications: Mapping[str, Any] = field(default_factory=dict)
    """Application code → share.Application."""
    past: Mapping[str, Agreement] = field(default_factory=dict)
    """Agreements that were ended: nothing is read under them, what was read still names them."""

    def known(self, code: str) -> Agreement | None:
        """An agreement in force or ended, for the words of an old line."""
        return self.agreements.get(code) or self.past.get(code)

    def coded(self, register: str, name: str, value: str) -> str:
        """A value as the register holds it: 住宅 is residential, where some source writes it so; else as given."""
        return self.codes.get((register, name), {}).get(value.strip(), value)

    def department_words(self, code: str) -> tuple[str, str]:
        """What a department is called: 中文, English; the public is one of those who may ask."""
        department = self.departments.get(code)
        if code == PUBLIC:
            return ("社会公众", "The public")
        return (department.title_zh, department.title_en) if department else (code, code)

    def resource_words(self, resource: str) -> tuple[str, str]:
        """What a resource is called: 中文, English."""
        return self.resources.get(resource, (resource, resource))

    def purpose_words(self, code: str) -> tuple[str, str]:
        """What a purpose is called: 中文, English."""
        purpose = self.purposes.get(code)
        return (purpose.title_zh, purpose.title_en) if purpose else (code, code)
