"""Who asks, what for, and what comes back: the values that pass through the one door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Operation = Literal["verify", "look_up", "list", "extract"]
Register = Literal["person", "organisation", "premises"]
Outcome = Literal["same", "different", "partly", "found", "not_found", "refused", "ambiguous"]


@dataclass(frozen=True)
class Actor:
    """The one who asks: a citizen, an officer at a post, or a department's system with its key."""

    id: str
    name: str
    kind: Literal["citizen", "officer", "system"]
    department: str = ""
    unit: str = ""
    roles: frozenset[str] = frozenset()
    jurisdiction: tuple[str, ...] = ()
    """Division-code prefixes she may see rows of; ("",) is everywhere, () is nowhere."""
    domains: tuple[str, ...] = ()
    """Fields of work (for example "housing"); empty means no limit beyond the agreement's own."""
    subject: str = ""
    """The permanent code of the citizen herself, when kind is "citizen"."""
    agreements: tuple[str, ...] = ()
    """For a system: the agreements its key was issued for. Empty for people."""
    resources: tuple[str, ...] = ()
    """For a system: the resources its key may push records of."""


@dataclass(frozen=True)
class Purpose:
    """Why register data may be read: from `purposes.yml`, shown to citizens in plain words."""

    code: str
    title_zh: str
    title_en: str
    plain_zh: str
    plain_en: str
    basis: str
    department: str
    visible_to_citizen: bool = True
    profit: bool = False
    withheld_days: int = 0
    """Of a purpose that citizens do not see: after so many days they do; 0 is never."""


@dataclass(frozen=True)
class Key:
    """What a subject is asked by. `type` is one of KEY_TYPES; `value` is as typed."""

    type: str
    value: str
    extra: tuple[tuple[str, str], ...] = ()
    """Further values of a compound key, for example (("birth_date", "1990-01-02"),) beside a name."""


KEY_TYPES = (
    "code",  # permanent code of any of the three kinds
    "citizen_id",
    "credit_code",
    "title_no",  # title unit number, 28 characters
    "certificate_no",  # number printed on a real-estate certificate
    "phone",
    "plate",
    "name_birth",  # name with extra birth_date
    "org_name",
    "address",  # free address text
    "pass",  # what a scanned QR holds
    "account_no",  # utility account
)


@dataclass(frozen=True)
class Reason:
    """Why just this read: the case, task or words behind it."""

    kind: Literal["case", "task", "inspection", "consent", "unmask", "own", "statistic", "none"] = "none"
    reference: str = ""
    text: str = ""


@dataclass(frozen=True)
class Question:
    """One question to the registers. `claims` are compared, `fields` are asked for, `where` limits a list."""

    purpose: str
    operation: Operation
    register: Register
    key: Key | None = None
    fields: tuple[str, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    unmask: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    cursor: str = ""
    limit: int = 50
    reason: Reason = field(default_factory=Reason)
    automatic: bool = False
    """True when a system asks without a person at a window."""
    encrypted: bool = False
    """True when the answer leaves encrypted to a key of the asker's."""


@dataclass(frozen=True)
class Ground:
    """One reason behind an answer: a stable word, its field if it has one, and sentences for people."""

    code: str
    field: str = ""
    zh: str = ""
    en: str = ""
    rule: str = ""
    """The rule or agreement that gave it, or the rule that is missing."""


@dataclass(frozen=True)
class Decision:
    """What the agreements say to a question, before any data is looked at."""

    allowed: bool
    agreement: str = ""
    fields: tuple[str, ...] = ()
    masks: tuple[tuple[str, str], ...] = ()
    refused_fields: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class SharedFact:
    """One field of an answer: what may be seen, and where it comes from."""

    field: str
    value: str
    masked: bool
    source: str  # resource
    department: str
    delivery: str
    as_of: str  # ISO date
    conflict: bool = False
    marks: tuple[str, ...] = ()
    state: str = "won"
    """"won" for the value that holds; "conflict", "agrees" or "past" for another source's, shown to stewards only."""


@dataclass(frozen=True)
class SharedLink:
    """A relation of an answered subject to another, as far as the agreement lets it be seen."""

    type: str
    direction: Literal["out", "in"]
    code: str
    register: Register
    label: str
    since: str = ""
    until: str = ""
    source: str = ""
    department: str = ""
    masked: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class SharedEvent:
    """Something done or reported that concerns an answered subject: an inspection, a penalty, a permit, a complaint."""

    kind: str
    """A code of `events.yml`."""
    number: str
    on: str  # ISO date
    until: str
    item: str
    result: str
    amount: str
    source: str  # resource
    department: str


@dataclass(frozen=True)
class Confirmation:
    """Premises that were examined and confirmed: by which department, how, when, until which day (ISO)."""

    department: str
    how: str
    at: str
    until: str


@dataclass(frozen=True)
class VerifiedOnce:
    """An identity or a paper that some counter has verified: which, by which department, how, on what basis, when, until which day."""

    what: str
    department: str
    how: str
    basis: str
    at: str
    until: str


@dataclass(frozen=True)
class SharedEntry:
    """One subject as it leaves the door."""

    code: str
    register: Register
    facts: tuple[SharedFact, ...] = ()
    links: tuple[SharedLink, ...] = ()
    marks: tuple[str, ...] = ()
    status: str = "active"
    merged_from: tuple[str, ...] = ()
    label: str = ""
    """What the subject is called, masked as the agreement masks it."""
    confirmed: Confirmation | None = None
    """Premises confirmed by somebody, in force: they need not be examined again."""
    events: tuple[SharedEvent, ...] = ()
    """What was done or reported, of the kinds the agreement names, the newest first."""
    verified: tuple[VerifiedOnce, ...] = ()
    """What need not be verified or handed in again."""


@dataclass(frozen=True)
class Answer:
    """What leaves the door: outcome, grounds, and no more data than the agreement allows."""

    outcome: Outcome
    decision: Decision
    grounds: tuple[Ground, ...] = ()
    entries: tuple[SharedEntry, ...] = ()
    compared: tuple[tuple[str, str], ...] = ()
    """For verify: each claim with "same", "different", "missing" or "not_granted"."""
    next_cursor: str = ""
    lines: tuple[str, ...] = ()
    """The ids of the ledger lines written for this answer, one a subject."""
    extra: tuple[tuple[str, Any], ...] = ()
