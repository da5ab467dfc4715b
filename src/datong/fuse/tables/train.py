"""The model: weights learnt from the rows themselves, kept as a file, and the score of each pair under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from datong.domain.errors import BadValue, Missing
from datong.fuse import em
from datong.fuse.tables.block import Pairs
from datong.fuse.tables.compare import level_names, patterns_of
from datong.fuse.tables.link_spec import LinkSpec
from datong.fuse.tables.values import Column

_ROUNDS = 4
_LEAST_CHANCE = 1e-3
_LEAST_SHARE = 0.02
"""Of the agreement seen among random pairs, at least this share is laid to chance, however many matches the table holds."""


@dataclass(frozen=True)
class LinkModel:
    """What was learnt of a spec's comparisons: `m` and `u` by comparison (arrays over its levels) and the share of matches."""

    levels: Mapping[str, tuple[str, ...]]
    m: Mapping[str, Any]
    u: Mapping[str, Any]
    prior: float
    """Share of all pairs of rows that match."""

    def weights(self, comparison: str) -> Any:
        """Bits of each level; the last element, reached by -1, is a missing comparison's 0."""
        return np.append(np.log2(self.m[comparison] / self.u[comparison]), 0.0)

    @property
    def prior_bits(self) -> float:
        """The prior as bits: log2 of its odds."""
        return float(np.log2(self.prior / (1 - self.prior)))

    def write(self, path: Path) -> None:
        """Keep the model as JSON."""
        shown = {
            name: {"levels": list(self.levels[name]), "m": list(map(float, self.m[name])), "u": list(map(float, self.u[name]))}
            for name in self.levels
        }
        path.write_text(json.dumps({"prior": self.prior, "comparisons": shown}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_model(path: Path, spec: LinkSpec) -> LinkModel:
    """A kept model. Raises Missing, or BadValue when it is not one of this spec."""
    if not path.is_file():
        raise Missing(f"{path}: there is no such model")
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        found = held["comparisons"]
        levels = {name: tuple(one["levels"]) for name, one in found.items()}
        chances = {key: {name: np.array(one[key], float) for name, one in found.items()} for key in ("m", "u")}
        prior = float(held["prior"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadValue("--model", f"{path.name} is not a link model", "leave it out, or name a file that does not exist yet") from None
    wanted = {one.column: level_names(one) for one in spec.comparisons}
    if levels != wanted:
        odd = sorted(name for name in {*levels, *wanted} if levels.get(name) != wanted.get(name))
        raise BadValue("--model", f"{path.name} was learnt with other comparisons or levels: {', '.join(odd)}", "learn it anew")
    if not 0 < prior < 1 or any(
        len(one[name]) != len(levels[name]) or (one[name] <= 0).any() for one in chances.values() for name in levels
    ):
        raise BadValue("--model", f"{path.name} holds impossible numbers", "learn it anew")
    return LinkModel(levels, chances["m"], chances["u"], prior)


def learn(spec: LinkSpec, columns: Mapping[str, Column], candidates: tuple[Pairs, Any], sides: Any, threads: int = 1) -> LinkModel:
    """Learn the weights from the candidate pairs and their patterns, and from random pairs.

    u comes from random pairs, less what the matches among them explain; m from expectation maximisation over all blocks
    at once, each without the comparisons of its own columns.
    """
    pairs, patterns = candidates
    sizes = [len(level_names(one)) for one in spec.comparisons]
    seen = _agreement_by_chance(spec, columns, sides, threads)
    counted, counts, groups = _counted(spec, pairs, patterns, sizes)
    every, every_count = _distinct(patterns, sizes)
    total = _all_pairs(len(next(iter(columns.values())).codes), sides)
    u, prior = seen, 0.0
    found = em.estimate(counted, counts, sizes, fixed_u=u, groups=groups)
    for _ in range(_ROUNDS):
        m = _fill_untrained(found, counted, every, every_count, prior or found.prior)
        prior = _share_of_matches(m, u, every, every_count, total)
        u = [np.maximum((all_ - prior * one) / (1 - prior), _LEAST_SHARE * all_) for all_, one in zip(seen, m, strict=True)]
        u = [one / one.sum() for one in u]
        found = em.estimate(counted, counts, sizes, fixed_u=u, groups=groups, start=found)
    m = _fill_untrained(found, counted, every, every_count, prior)
    prior = _share_of_matches(m, u, every, every_count, total)
    names = [one.column for one in spec.comparisons]
    levels = {one.column: level_names(one) for one in spec.comparisons}
    return LinkModel(levels, dict(zip(names, m, strict=True)), dict(zip(names, u, strict=True)), prior)


def scores(spec: LinkSpec, model: LinkModel, columns: Mapping[str, Column], pairs: Pairs, patterns: Any) -> Any:
    """Bits for each pair: the prior, each comparison's weight, and what rare or common values add or take."""
    total = np.full(len(pairs), model.prior_bits)
    for place, comparison in enumerate(spec.comparisons):
        reached = patterns[:, place]
        total += model.weights(comparison.column)[reached]
        if comparison.frequencies:
            same = np.flatnonzero(reached == 0)
            total[same] += rarity(columns[comparison.column], comparison.column)[columns[comparison.column].codes[pairs.left[same]]]
    return total


def rarity(column: Column, comparison: str) -> Any:
    """Bits that agreeing in each value counts more (rare) or less (common) than agreeing on average.

    A value's commonness is the chance that another row has it too, the average taken over all agreeing pairs, so that the
    duplicates a table holds weigh on both alike.
    """

    def make(_: Any) -> Any:
        others = np.maximum(column.counts - 1, 0.5) / max(column.filled - 1, 1)
        return np.log2(max(equal_share(column), 1e-12) / others)

    return column.values.derived(f"rarity:{comparison}", make)


def equal_share(column: Column) -> float:
    """The chance that two rows that have a value have the same."""
    return float((column.counts.astype(float) * (column.counts - 1)).sum()) / max(float(column.filled) * (column.filled - 1), 1.0)


def _all_pairs(rows: int, sides: Any) -> int:
    if not len(sides):
        return max(rows * (rows - 1) // 2, 1)
    left = int((sides == 0).sum())
    return max(left * (rows - left), 1)


def _agreement_by_chance(spec: LinkSpec, columns: Mapping[str, Column], sides: Any, threads: int) -> list[Any]:
    """How often each level is reached among random pairs; the share of equal values is counted out, not drawn."""
    rows = len(next(iter(columns.values())).codes)
    sizes = [len(level_names(one)) for one in spec.comparisons]
    left, right = random_pairs(rows, spec.random_pairs, spec.seed, sides)
    patterns = patterns_of(spec, columns, left, right, threads)
    drawn = em.shares(patterns, np.ones(len(left)), sizes)
    found = []
    for comparison, share in zip(spec.comparisons, drawn, strict=True):
        column = columns[comparison.column]
        filled, equal = column.filled, equal_share(column)
        exact = min(max(equal, 0.5 / max(filled, 1) ** 2), 1 - _LEAST_CHANCE)
        rest = share[1:] / share[1:].sum() * (1 - exact)
        found.append(np.concatenate(([exact], rest)))
    return found


def random_pairs(rows: int, wanted: int, seed: int, sides: Any) -> tuple[Any, Any]:
    """Pairs drawn by a seed: all there are when these are few; across the tables where `sides` says so."""
    if rows * (rows - 1) // 2 <= wanted:
        left, right = np.triu_indices(rows, 1)
    else:
        draw = np.random.default_rng(seed)
        left = draw.integers(0, rows, wanted)
        right = (left + draw.integers(1, rows, wanted)) % rows
    if len(sides):
        across = sides[left] != sides[right]
        left, right = left[across], right[across]
    return left, right


def _counted(spec: LinkSpec, pairs: Pairs, patterns: Any, sizes: list[int]) -> tuple[Any, Any, Any]:
    """Counts of patterns by block, each without the comparisons of the block's own columns."""
    parts, counts, groups = [np.zeros((0, len(sizes)), np.int8)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for place, block in enumerate(spec.blocks):
        mine = np.flatnonzero(pairs.found & np.uint64(1 << place))
        distinct, count = _distinct(patterns[mine], sizes)
        for at, comparison in enumerate(spec.comparisons):
            if comparison.column in block.columns:
                distinct[:, at] = em.MISSING
        parts.append(distinct)
        counts.append(count)
        groups.append(np.full(len(count), place, np.int64))
    return np.concatenate(parts), np.concatenate(counts), np.concatenate(groups)


def _distinct(patterns: Any, sizes: list[int]) -> tuple[Any, Any]:
    """Distinct patterns and how many pairs have each."""
    code = np.zeros(len(patterns), np.int64)
    for place, size in enumerate(sizes):
        code = code * (size + 1) + patterns[:, place] + 1
    most = int(np.prod([size + 1 for size in sizes], dtype=np.float64))
    if most <= 1 << 24:
        many = np.bincount(code, minlength=1)
        found = np.flatnonzero(many)
        counts = many[found]
    else:
        found, counts = np.unique(code, return_counts=True)
    out = np.empty((len(found), len(sizes)), np.int8)
    for place in range(len(sizes) - 1, -1, -1):
        found, out[:, place] = np.divmod(found, sizes[place] + 1)
    return out - np.int8(1), counts


def _share_of_matches(m: list[Any], u: list[Any], patterns: Any, counts: Any, total: int) -> float:
    """Which share of all pairs of rows matches: found again and again from the candidate pairs until it stands still."""
    if not len(patterns):
        return 0.5 / (total + 1)
    weights = [np.log2(one / other) for one, other in zip(m, u, strict=True)]
    bits = em.score(patterns, weights)
    prior = min(0.5, float(counts.sum()) / (total + 1) * 0.5)
    for _ in range(200):
        after = min(max(float((counts * em.chance(bits, prior)).sum()), 0.5) / (total + 1), 0.5)
        if abs(after - prior) <= 1e-6 * prior:
            break
        prior = after
    return prior


def _fill_untrained(found: em.Estimate, counted: Any, every: Any, counts: Any, prior: float) -> list[Any]:
    """m of all comparisons; one that every block agrees in is learnt from the pairs that the others hold for matches."""
    m = [one.copy() for one in found.m]
    bits = em.score(every, found.weights())
    for place in range(len(m)):
        if not (counted[:, place] >= 0).any() and len(every):
            matches = counts * em.chance(bits - np.append(found.weights()[place], 0.0)[every[:, place]], prior)
            held = every[:, place] >= 0
            seen = np.bincount(every[held, place], weights=matches[held], minlength=len(m[place])) + m[place]
            m[place] = seen / seen.sum()
    return m
