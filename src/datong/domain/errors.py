"""Every error datong raises on purpose.

    DatongError
    ├── BadValue          a value someone gave does not fit: names the field and the mend
    ├── BadPack           a pack contradicts itself: all faults at once, each with file and line
    ├── BadDelivery       a delivery cannot be accepted as a whole: it is held, with the reason
    ├── BadSettings       a setting cannot be used
    ├── NotSignedIn       the door needs to know who is asking
    ├── Forbidden         she may not do this; says which rule is missing
    ├── Missing           what was named does not exist
    ├── Busy              somebody else is doing just this; try again
    └── BrokenLedger      the record does not prove what it claims

An expected "no" (refused, different, not found) is a value, never one of these: raising rolls back
the ledger line. Errors know nothing of HTTP or exit codes; the doors hold one table each.
No error text ever carries a person's data: name the field, not the value.
"""

from __future__ import annotations

from dataclasses import dataclass


class DatongError(Exception):
    """The root; `message` is a sentence a user can act on."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadValue(DatongError):
    """A value does not fit its field. `mend` says what to write instead."""

    def __init__(self, field: str, reason: str, mend: str = "") -> None:
        super().__init__(f"{field}: {reason}" + (f" — {mend}" if mend else ""))
        self.field = field
        self.reason = reason
        self.mend = mend

    def __reduce__(self) -> tuple[type[BadValue], tuple[str, ...]]:
        return type(self), (self.field, self.reason, self.mend)


@dataclass(frozen=True)
class Fault:
    """One fault in a pack: where it stands and what is wrong."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BadPack(DatongError):
    """A pack contradicts itself; every fault is reported at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults

    def __reduce__(self) -> tuple[type[BadPack], tuple[list[Fault]]]:
        return type(self), (self.faults,)


class BadDelivery(DatongError):
    """A delivery cannot be taken as a whole. `reason` is a stable word, the message is for people."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[BadDelivery], tuple[str, str]]:
        return type(self), (self.reason, self.message)


class BadSettings(DatongError):
    """A setting cannot be used."""


class NotSignedIn(DatongError):
    """The door needs to know who is asking."""


class Forbidden(DatongError):
    """She may not do this; the message says which rule is missing."""


class Missing(DatongError):
    """What was named does not exist."""


class Busy(DatongError):
    """Somebody else is doing just this at the moment."""


class BrokenLedger(DatongError):
    """The record does not prove what it claims."""
