"""What comparing two mentions of a subject gives: a verdict, its score, and every comparison behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from datong.domain.errors import BadValue

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[Verdict, ...] = ("same", "different", "unsure")


@dataclass(frozen=True)
class Compared:
    """One comparison: what was compared, the level reached, and the weight the level carries."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True)
class Judgement:
    """A verdict on two mentions, with the comparisons that gave it."""

    verdict: Verdict
    score: float
    compared: tuple[Compared, ...] = ()
    reason: str = ""
    """A stable word when something other than the score decided: two_numbers, runner_up, name_differs, reviewer."""

    def evidence(self) -> str:
        """The comparisons as JSON: [[comparison, level, weight], …]."""
        rows: list[list[object]] = [[one.comparison, one.level, one.weight] for one in self.compared]
        if self.reason:
            rows.append(["reason", self.reason, 0.0])
        return json.dumps(rows, ensure_ascii=False)


@dataclass(frozen=True, order=True)
class Reference:
    """Where a mention stands: which record of which resource, and in which role."""

    resource: str
    record_id: str
    role: str

    def __str__(self) -> str:
        return f"{self.resource}/{self.record_id}/{self.role}"


def read_reference(text: str) -> Reference:
    """A reference from its written form `resource/record_id/role`."""
    parts = text.split("/")
    if len(parts) != 3 or not all(parts):
        raise BadValue("reference", "is not a mention of a subject", "write resource/record_id/role")
    return Reference(*parts)
