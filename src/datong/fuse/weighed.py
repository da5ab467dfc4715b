"""The comparisons of a pair as a reviewer reads them: every one with its level and its bits, which add up to the sum exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

from datong.domain.access import Register
from datong.domain.judgement import Compared
from datong.fuse.compare import COMPARISONS
from datong.fuse.model import Model, load_models
from datong.fuse.rarity import COUNTED
from datong.spec import Packs

_SAME = frozenset(("same", "same_registered"))
_APART = frozenset(("different", "far", "surname", "two_sound", "other_industry", "other_region"))


@dataclass(frozen=True)
class Row:
    """One comparison: its level, whether that is 同 (same), 近 (near), 异 (apart) or 缺 (missing), and its weight."""

    comparison: str
    level: str
    nearness: str
    thousandths: int
    """The weight in thousandths of a bit: whole numbers, so that what is shown adds up."""
    help: str

    @property
    def bits(self) -> float:
        """The weight in bits: +1 doubles the odds that both are the same."""
        return self.thousandths / 1000


@dataclass(frozen=True)
class Weighed:
    """A pair weighed. `same` and `unsure` are the thresholds of the sum; `reason` is what kept a pair apart or waiting beside the sum."""

    rows: tuple[Row, ...]
    same: float
    unsure: float
    gap: float
    prior: float
    """Where a pair starts before anything is compared, in bits: the declared chance of a match as odds in powers of two."""
    reason: str = ""

    @property
    def thousandths(self) -> int:
        """The sum, in thousandths of a bit."""
        return sum(row.thousandths for row in self.rows)

    @property
    def total(self) -> float:
        """The sum of the rows, in bits."""
        return self.thousandths / 1000

    @property
    def chance(self) -> float:
        """The chance that both are the same: prior and sum, as odds in powers of two."""
        return float(1 / (1 + 2.0 ** -max(-60.0, min(60.0, self.prior + self.total))))

    @property
    def lies(self) -> str:
        """Where the sum lies: above (same), between (a person is asked), below (different)."""
        return "above" if self.total >= self.same else "between" if self.total >= self.unsure else "below"


def weigh(packs: Packs, kind: Register, compared: Iterable[Compared]) -> Weighed:
    """Lay a pair's evidence out: what was compared, and what the model asks about and nobody said."""
    models = load_models(packs)
    if kind not in models:
        return Weighed((), 0.0, 0.0, 0.0, 0.0)
    return weigh_by(models[kind], compared)


def weigh_by(model: Model, compared: Iterable[Compared]) -> Weighed:
    """The same for a model at hand."""
    found = {one.comparison: one for one in compared}
    rows = []
    for name, weights in model.weights.items():
        one = found.get(name) or Compared(name, "missing", weights.get("missing", 0.0))
        rows.append(_row(one))
    rows += [_row(one) for name, one in found.items() if name not in model.weights and name in COMPARISONS]
    reason = found["reason"].level if "reason" in found else ""
    return Weighed(tuple(rows), model.same, model.unsure, model.gap, log2(model.prior / (1 - model.prior)), reason)


def _row(one: Compared) -> Row:
    function = COMPARISONS.get(one.comparison)
    told = " ".join((function.__doc__ or "").split()) if function else ""
    agrees = one.level in _SAME or one.comparison in COUNTED
    nearness = "missing" if one.level == "missing" else "same" if agrees else "apart" if one.level in _APART else "near"
    return Row(one.comparison, one.level, nearness, round(one.weight * 1000), told)
