"""A case as it stands, what happened to it, and what somebody wants done: plain values, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STATES = (
    "awaiting", "deciding", "submitted", "supplement", "accepted", "undoing",
    "granted", "refused", "withdrawn", "lapsed", "not_accepted",
)  # fmt: skip
"""awaiting: other parties have yet to confirm; deciding: the rules are asked; submitted: to be accepted; undoing: what was done is
taken back; the last five are ends."""
ENDS = ("granted", "refused", "withdrawn", "lapsed", "not_accepted")
TASK_KINDS = ("acceptance", "task", "undo", "seat", "supplement")
OPEN = ("open", "paused")
ACCEPTANCE, SUPPLEMENT = "acceptance", "supplement"
RULE = "rule"
"""Who did what nobody did: the clock, or the written rule."""


@dataclass(frozen=True)
class Clock:
    """A clock of working days. It runs while `since` names a day; else it stands, and `why` says for what reason."""

    days: int
    used: int = 0
    since: str = ""
    due: str = ""
    why: str = ""


@dataclass(frozen=True)
class Task:
    """A department's part, an acceptance, a party's seat, a supplement or an undoing: who has it, and how its clock stands."""

    code: str
    kind: str
    department: str
    state: str
    clock: Clock
    by: str = ""
    """The officer who took it, or the party that sits in the seat."""
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    overdue: bool = False
    extended: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to act on it."""
        return self.state in OPEN


@dataclass(frozen=True)
class Case:
    """A case: f(events). `answers` are those about the situation; `confirmed` are premises that need not be examined again."""

    case_id: str
    service: str
    digest: str
    applicant: str
    begun: str
    state: str = "submitted"
    answers: Mapping[str, str] = field(default_factory=dict)
    confirmed: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    """Seat → the only person who may sit in it, by permanent code."""
    tasks: Mapping[str, Task] = field(default_factory=dict)
    told: bool = False
    """The applicant has been told once what lacks; there is no second time."""
    outcome: str = ""
    """While it is being undone: the end it comes to."""
    decision: str = ""
    lead: bool = False
    seq: int = 0
    last: str = ""

    @property
    def ended(self) -> bool:
        """Whether it came to an end."""
        return self.state in ENDS

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """Everything somebody has yet to act on."""
        return tuple(one for one in self.tasks.values() if one.is_open)


@dataclass(frozen=True)
class Event:
    """Something that happened to a case. What it needed to compute stands in `data`, so that folding it needs nothing else."""

    kind: str
    at: str
    by: str = ""
    task: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants done: one of COMMANDS, at a moment (UTC text) on a day of the city's (ISO), by whom, to which task."""

    kind: str
    at: str
    day: str
    by: str
    task: str = ""
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
