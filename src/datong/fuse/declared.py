"""The declared model in words, for pages and the command line: what is compared, what each level weighs, where the thresholds come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from datong.fuse.block import BLOCKS
from datong.fuse.compare import COMPARISONS
from datong.fuse.model import Model


@dataclass(frozen=True)
class Declared:
    """One comparison or block of a register's model."""

    name: str
    explained: str
    """What it compares and which levels it has, in a sentence or two."""
    weights: Mapping[str, float]
    """Level → bits; empty for a block."""


def declared(model: Model) -> list[Declared]:
    """Every comparison of a model with its levels' weights, then every block."""
    rows = [Declared(name, _words(COMPARISONS[name].__doc__), weights) for name, weights in model.weights.items()]
    return rows + [Declared(name, _words(BLOCKS[name].__doc__), {}) for name in model.blocks]


def why_thresholds(model: Model) -> str:
    """Where the two thresholds come from, in one sentence."""
    limits, costs = model.why, model.costs
    return (
        f"A false link costs {costs.false_link:g}, a missed one {costs.missed_link:g}, a review {costs.review:g}: so linking is cheapest "
        f"from a chance of {limits.chance_same:.2%} and asking from {limits.chance_unsure:.2%}. Before anything is compared two sides "
        f"are the same with a chance of {model.prior:.2g}, so the comparisons must add up to {limits.same:g} and {limits.unsure:g} bits."
    )


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
