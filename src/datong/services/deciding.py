"""The decision by rules, and its replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datong import share
from datong.services.store_case import Kept
from datong.spec import Service
from datong.store import Session

DOUBT = "doubt"


@dataclass(frozen=True)
class Ruling:
    """What the rules say of a case, with everything needed to say it again."""

    outcome: str
    favourable: bool
    inputs: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Mapping[str, str], ...] = ()
    version: str = ""
    day: str = ""
    doubts: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        """What the timeline says of it."""
        return {"rules": [dict(one) for one in self.rules], "doubts": list(self.doubts), "version": self.version}

    def kept(self) -> dict[str, Any]:
        """What the case keeps of it."""
        return {"outcome": self.outcome, "favourable": self.favourable, "inputs": dict(self.inputs), "day": self.day, **self.shown()}


def rule_on(session: Session, service: Service, kept: Kept, now: datetime) -> Ruling:
    """What the rules say of a case. Whatever cannot be known for certain goes to a person."""
    return Ruling(DOUBT, False, day=share.city_day(now).isoformat(), doubts=("no_rules",))
