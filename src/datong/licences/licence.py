"""What a licence is, what is asked for when one is issued or changed, and what is said when one is verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datong.domain.access import Ground

STATES: Mapping[str, tuple[str, str, str]] = {
    "valid": ("01", "有效", "in force"),
    "suspended": ("02", "暂扣", "suspended"),
    "withdrawn": ("03", "撤销", "withdrawn, for it should not have been granted"),
    "cancelled": ("04", "注销", "cancelled"),
    "expired": ("05", "失效", "no longer in force, its time is over"),
    "replaced": ("05", "失效（已换版）", "no longer in force, a newer version has replaced it"),
    "revoked": ("07", "吊销", "revoked as a penalty"),
}
"""State → its code in the national catalogue of electronic licences, 中文, English."""

ACTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "renew": ("valid", ("valid", "expired")),
    "change": ("valid", ("valid",)),
    "suspend": ("suspended", ("valid",)),
    "resume": ("valid", ("suspended",)),
    "withdraw": ("withdrawn", ("valid", "suspended", "expired")),
    "revoke": ("revoked", ("valid", "suspended", "expired")),
    "cancel": ("cancelled", ("valid", "suspended", "expired")),
}
"""Act → the state it leads to, and the states it may be done in. `renew` and `change` issue a new version."""

FactValue = str | int | bool


@dataclass(frozen=True)
class NewLicence:
    """What is to be issued: type, whose (a permanent code), its facts, from and until when (ISO days), the case behind it.

    `valid_until` empty: as long as the type says. `parts`: for a composite licence, the ids of the licences it holds together.
    """

    type: str
    holder: str
    facts: Mapping[str, FactValue]
    valid_until: str = ""
    case: str = ""
    valid_from: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doing:
    """One act on a licence (a key of ACTS), its reason in words, and what a renewal or change brings."""

    act: str
    reason: str = ""
    case: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    valid_until: str = ""


@dataclass(frozen=True)
class Licence:
    """One version of a licence as the library keeps it. `state` is as of the asking; `facts` is empty where none may be seen."""

    licence_id: str
    version: int
    identifier: str
    type: str
    holder: str
    department: str
    state: str
    state_at: str
    reason: str
    issued_at: str
    valid_from: str
    valid_until: str
    """The last day; empty when it has no end."""
    case: str
    list_id: str
    list_index: int
    digest: str
    """SHA-256 of the signed text, in hexadecimal: what the ledger holds of it."""
    replaces: str = ""
    """The number of the version before."""
    credential: str = field(default="", repr=False)
    """The signed text with every disclosure: for the holder alone."""
    facts: Mapping[str, FactValue] = field(default_factory=dict, repr=False)
    line: str = ""
    """The id of the ledger's line, at the moment of issue."""

    @property
    def words(self) -> tuple[str, str]:
        """Its state in both languages."""
        return STATES[self.state][1:]


@dataclass(frozen=True)
class Verdict:
    """What verifying came to. `outcome`: valid, expired, not_yet, suspended, revoked, forged, unsure.

    `claims` is what was shown, and is empty when the text is forged; `bound` says that its holder proved herself.
    """

    outcome: str
    reasons: tuple[Ground, ...]
    type: str = ""
    identifier: str = ""
    department: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    bound: bool = False
    as_of: str = ""
    """Of when the states are that were compared with (ISO text)."""

    @property
    def good(self) -> bool:
        """Whether it may be relied on."""
        return self.outcome == "valid"
