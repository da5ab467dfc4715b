"""What can be wrong with an expression: its writing (found when a model is read) or a value (found when it is decided)."""

from __future__ import annotations

from datong.domain.errors import DatongError


class FeelSyntax(DatongError):
    """An expression is not FEEL: says what stands where."""

    def __init__(self, text: str, at: int, reason: str) -> None:
        self.reason = reason
        self.at = at
        self.line = text.count("\n", 0, at)
        """Lines below the expression's first, from 0."""
        near = text[max(0, at - 20) : at] + "▸" + text[at : at + 20]
        super().__init__(f"{reason}, at {' '.join(near.split())!r}")


class NoValue(Exception):
    """A function cannot give a value for these arguments: the answer is null, and this is why."""
