"""Weights without labels: how often each level of each comparison is reached by pairs that match and by pairs that do not.

The model is Fellegi's and Sunter's: a pair is a match with some prior chance, and given that, each comparison reaches its
levels independently: with the chances `m` among matches, `u` among the rest. Nobody says which pairs match, so the chances
are found by expectation maximisation over the *counts of patterns*: a million pairs have a few thousand patterns, which is
why this takes milliseconds. Pure: arrays in, arrays out.

A pattern holds one level a comparison: 0 the strongest agreement, rising to the weakest, and -1 for a comparison that says
nothing (a value is missing, or the pair was found by agreeing in it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MISSING = -1
MOST_STEPS = 500
_CLOSE = 1e-6
_STARTS = tuple((top, prior) for top in (0.9, 0.7) for prior in (0.5, 0.1, 0.005))
"""Share of matches that agree fully in a comparison, and share of matches among the pairs: where the search begins."""
_PSEUDO = 0.5
"""Pairs added to each comparison in the shape of its beginning, so that a level never seen gets no infinite weight."""
_LEAST = 1e-9


@dataclass(frozen=True)
class Estimate:
    """What was learnt. `m` and `u` hold one array a comparison with one chance a level; `prior` is the share of matches
    among the counted pairs, `priors` the same by group; `steps` how many rounds it took."""

    m: tuple[Any, ...]
    u: tuple[Any, ...]
    prior: float
    steps: int
    priors: tuple[float, ...] = ()
    likelihood: float = 0.0
    """Log likelihood of the counts under the estimate, the priors of `m` and `u` included."""

    def weights(self) -> tuple[Any, ...]:
        """Weight in bits of each level of each comparison: log2(m / u)."""
        return tuple(np.log2(np.maximum(m, _LEAST) / np.maximum(u, _LEAST)) for m, u in zip(self.m, self.u, strict=True))


def estimate(
    patterns: Any,
    counts: Any,
    levels: Sequence[int],
    *,
    prior: float | None = None,
    fixed_u: Sequence[Any] | None = None,
    groups: Any = None,
    judged: Any = None,
    start: Estimate | None = None,
) -> Estimate:
    """Find m, u and the prior that make the counted patterns likeliest.

    `patterns`: int8 (P × C); `counts`: int64 (P), pairs of each pattern; `levels`: how many levels each comparison has.
    `prior` fixes the share of matches, `fixed_u` the chances among non-matches (take them from random pairs: `shares`).
    `groups`: int (P), pairs found by different blocks have priors of their own while m and u are shared; a pattern that
    two blocks find stands once in each group, with -1 for what the block itself agrees in. `judged`: (P × 2) pairs of each
    pattern that people judged same and different; they count beside the rest. The search starts from several places and
    the likeliest outcome wins, so it does not hang on one beginning; with `start` it goes on from there
    alone. Raises ValueError when shapes do not fit.
    """
    data = _Data.of(patterns, counts, levels, groups, judged)
    if start is not None:
        begin = start.prior if prior is None else prior
        return _climb(data, _shape(levels, _STARTS[0][0]), begin, fixed_prior=prior is not None, fixed_u=fixed_u, start=start)
    best: Estimate | None = None
    for top, begin in _STARTS:
        found = _climb(data, _shape(levels, top), prior if prior is not None else begin, fixed_prior=prior is not None, fixed_u=fixed_u)
        if best is None or (_agrees(found), found.likelihood) > (_agrees(best), best.likelihood + 1e-9):
            best = found
    assert best is not None
    return best


def shares(patterns: Any, counts: Any, levels: Sequence[int]) -> tuple[Any, ...]:
    """How often each level is reached among the counted pairs: u, when the pairs are random ones.

    Each level has half a pair added, so that one that no random pair reached is rare, not impossible.
    """
    patterns, counts = np.asarray(patterns), np.asarray(counts, np.float64)
    found = []
    for place, size in enumerate(levels):
        column = patterns[:, place]
        seen = np.bincount(column[column >= 0], weights=counts[column >= 0], minlength=size)[:size] + _PSEUDO
        found.append(seen / seen.sum())
    return tuple(found)


def score(patterns: Any, weights: Sequence[Any]) -> Any:
    """The sum of weights of each pattern in bits; a missing comparison adds nothing."""
    patterns = np.asarray(patterns)
    total = np.zeros(len(patterns), np.float64)
    for place, weight in enumerate(weights):
        total += np.append(weight, 0.0)[patterns[:, place]]
    return total


def chance(bits: Any, prior: float) -> Any:
    """The chance that pairs with these sums of weights match, when a share `prior` of all pairs does."""
    odds = np.asarray(bits, np.float64) + np.log2(prior / (1 - prior))
    return 1 / (1 + np.exp2(-np.clip(odds, -1000, 1000)))


def least_bits(prior: float, *, false_link: float, missed_link: float) -> float:
    """The sum of weights from which linking costs less than leaving apart, given what each mistake costs."""
    return float(np.log2(false_link / missed_link) - np.log2(prior / (1 - prior)))


@dataclass(frozen=True)
class _Data:
    """The counts as the rounds want them: `reached` (P × levels of all comparisons) has a one for each level reached."""

    reached: Any
    counts: Any
    groups: Any
    same: Any
    different: Any
    bounds: tuple[tuple[int, int], ...]
    usual: Any
    """Share of each level among all pairs, whichever they are: where u begins when it is free."""

    @staticmethod
    def of(patterns: Any, counts: Any, levels: Sequence[int], groups: Any, judged: Any) -> _Data:
        patterns, counts = np.asarray(patterns), np.asarray(counts, np.float64)
        if patterns.ndim != 2 or patterns.shape != (len(counts), len(levels)):
            raise ValueError(f"patterns are {patterns.shape}, wanted ({len(counts)}, {len(levels)})")
        if len(patterns) and (patterns.max(axis=0, initial=-1) >= np.asarray(levels)).any():
            raise ValueError("a pattern names a level that its comparison does not have")
        ends = np.cumsum(levels)
        bounds = tuple((int(end - size), int(end)) for end, size in zip(ends, levels, strict=True))
        reached = np.zeros((len(patterns), int(ends[-1]) if len(ends) else 0))
        for place, (begin, _) in enumerate(bounds):
            rows = np.flatnonzero(patterns[:, place] >= 0)
            reached[rows, begin + patterns[rows, place]] = 1
        group = np.zeros(len(counts), np.int64) if groups is None else np.asarray(groups, np.int64)
        known = np.zeros((len(counts), 2)) if judged is None else np.asarray(judged, np.float64)
        usual = np.concatenate(shares(patterns, counts, levels)) if len(levels) else np.zeros(0)
        return _Data(reached, counts, group, known[:, 0], known[:, 1], bounds, usual)

    def normal(self, sums: Any) -> Any:
        """Sums by level → chances that add to one in each comparison."""
        found = np.empty_like(sums)
        for begin, end in self.bounds:
            found[begin:end] = sums[begin:end] / sums[begin:end].sum()
        return found


def _shape(levels: Sequence[int], top: float) -> Any:
    """Where m begins: most matches agree fully, each weaker level is half as likely as the one before."""
    parts = []
    for size in levels:
        tail = 0.5 ** np.arange(1, size)
        parts.append(np.concatenate(([top], (1 - top) * tail / tail.sum())) if size > 1 else np.ones(1))
    return np.concatenate(parts) if parts else np.zeros(0)


def _climb(
    data: _Data, shape: Any, begin: float, *, fixed_prior: bool, fixed_u: Sequence[Any] | None, start: Estimate | None = None
) -> Estimate:
    """Rounds of expectation and maximisation until the chances stand still."""
    m = shape if start is None else np.concatenate(start.m)
    u_start = data.usual if fixed_u is None else data.normal(np.maximum(np.concatenate(list(fixed_u)), _LEAST))
    u = u_start if start is None or fixed_u is not None else np.concatenate(start.u)
    sizes = np.bincount(data.groups, weights=data.counts)
    priors = np.full(len(sizes), begin) if start is None or len(start.priors) != len(sizes) else np.array(start.priors)
    steps, likelihood, moved = 0, 0.0, True
    while moved and steps < MOST_STEPS:
        steps += 1
        posterior, likelihood = _expect(data, m, u, priors)
        matches = data.counts * posterior
        before = np.concatenate((m, u, priors))
        m = data.normal((matches + data.same) @ data.reached + _PSEUDO * shape)
        if fixed_u is None:
            u = data.normal((data.counts - matches + data.different) @ data.reached + _PSEUDO * u_start)
        if not fixed_prior:
            found = np.bincount(data.groups, weights=matches, minlength=len(sizes))
            priors = np.clip((found + _PSEUDO * begin) / (sizes + _PSEUDO), _LEAST, 1 - _LEAST)
        moved = bool(np.abs(np.concatenate((m, u, priors)) - before).max(initial=0) >= _CLOSE)
    likelihood += _PSEUDO * float((shape * np.log(np.maximum(m, _LEAST))).sum())
    total = sizes.sum()
    cut = [end for _, end in data.bounds[:-1]]
    overall = float((priors * sizes).sum() / total) if total else begin
    return Estimate(tuple(np.split(m, cut)), tuple(np.split(u, cut)), overall, steps, tuple(map(float, priors)), likelihood)


def _expect(data: _Data, m: Any, u: Any, priors: Any) -> tuple[Any, float]:
    """The chance of a match by pattern, and the log likelihood of all counts."""
    log_m, log_u = np.log(np.maximum(m, _LEAST)), np.log(np.maximum(u, _LEAST))
    under_m, under_u = data.reached @ log_m, data.reached @ log_u
    match = under_m + np.log(priors)[data.groups]
    other = under_u + np.log1p(-priors)[data.groups]
    both = np.logaddexp(match, other)
    known = float((data.same * under_m).sum() + (data.different * under_u).sum())
    return np.exp(match - both), float((data.counts * both).sum()) + known


def _agrees(found: Estimate) -> bool:
    """Whether matches agree more than non-matches do, on the whole: else the two have changed places."""
    lead = [float(np.log(max(m[0], _LEAST) / max(u[0], _LEAST))) for m, u in zip(found.m, found.u, strict=True)]
    return sum(lead) > 0
