"""One register entry as the door holds it, before anything is masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datong import registers
from datong.domain.access import Register

Fact = Mapping[str, Any]
"""One source's value of a field, as `entry.body` holds it: value, resource, department, record, delivery, as_of, state, why."""


@dataclass(frozen=True)
class Subject:
    """One register entry, whole. `get` makes it a row's values for the agreements' conditions."""

    code: str
    register: Register
    division: str
    label: str
    body: str = "{}"

    @cached_property
    def facts(self) -> Mapping[str, Sequence[Fact]]:
        """Field → facts, the winner first; read when first asked for, a comparison of ties does without."""
        return registers.Body(self.body)

    def won(self, field: str) -> Fact | None:
        """The fact that holds for a field; nothing when no current source gives one."""
        found = self.facts.get(field)
        return found[0] if found and found[0].get("state", "won") == "won" else None

    def get(self, field: str, default: str = "") -> str:
        """The value that holds for a field."""
        fact = self.won(field)
        return fact["value"] if fact else default
