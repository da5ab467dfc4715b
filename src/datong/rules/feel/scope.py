"""Names and their values while an expression is decided, and the reasons why something had no value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MISSING = object()
_MOST_NOTES = 40


@dataclass
class Record:
    """What happened while something was decided: reasons why there was no value, and the rules that applied."""

    notes: list[str] = field(default_factory=list)
    hits: list[Any] = field(default_factory=list)


class Scope:
    """Values by name, with those of the scope around. `record` is shared by all scopes of one decision."""

    __slots__ = ("around", "record", "values")

    def __init__(self, values: Mapping[str, Any], around: Scope | None = None, record: Record | None = None) -> None:
        self.values = values
        self.around = around
        self.record: Record = record or (around.record if around is not None else Record())

    def find(self, name: str) -> Any:
        """A name's value, or MISSING."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.values.get(name, MISSING)
            if found is not MISSING:
                return found
            scope = scope.around
        return MISSING

    def note(self, reason: str) -> None:
        """Keep why something had no value; the first few, each once."""
        notes = self.record.notes
        if len(notes) < _MOST_NOTES and reason not in notes:
            notes.append(reason)
