"""What the registers hand out: frozen values, complete with where each fact comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from datong.domain.access import Register

State = Literal["won", "agrees", "conflict", "past"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one field, the record that gave it, and how it stands beside the others.

    `why` is a stable word. Of winners: only, sound, order (precedence.yml names the source), class, newest, first.
    Of the others: same_value, another (the field may have several), older, outranked, not_comparable.
    """

    field: str
    value: str
    resource: str
    department: str
    record: str
    delivery: str
    as_of: str
    state: State
    why: str
    raw: str = ""
    problem: str = ""
    """Why the value is unsound, as the source was read."""
    place: str = ""
    """For an address: the code of the premises it leads to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One subject of a register as its records, people's judgements and the precedence make it."""

    code: str
    register: Register
    label: str
    division: str
    facts: Mapping[str, tuple[Fact, ...]]
    """Field → facts, the winner first."""
    status: str = "active"
    """active, merged, or empty when no record speaks of it any more."""
    merged_from: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        """The winning value of a field; empty when nothing is known."""
        found = self.facts.get(name)
        return found[0].value if found else ""


@dataclass(frozen=True, slots=True)
class Link:
    """A relation of a subject to another, seen from that subject."""

    type: str
    direction: Literal["out", "in"]
    code: str
    register: Register
    label: str
    since: str
    until: str
    resource: str
    department: str
    record: str
    delivery: str
    as_of: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list, and where the next begins (empty at the end)."""

    entries: tuple[Entry, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of a half-typed address: the place, its code when it is a door, and where it lies."""

    text: str
    place_id: str
    level: str
    code: str
    name: str = ""
    street: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a register: created, changed, merged, split, marked, ended."""

    seq: int
    at: str
    code: str
    register: Register
    what: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to know before relying on a subject's data."""

    mark_id: str
    code: str
    field: str
    kind: str
    state: str
    derived: bool
    detail: Mapping[str, str]
    raised_at: str
    raised_by: str
