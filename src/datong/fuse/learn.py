"""Learn from the data what the declared weights should be: without labels, and from reviewers' judgements where there are some.

Open mentions are compared with the subjects they share a block with (as a run does) and with subjects picked at random. How
often strangers reach a level is counted on the random pairs; how often the same person does is estimated on the others by
expectation maximisation. A pair that a reviewer judged counts as `JUDGED_COUNTS` labelled pairs.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log2
from typing import Any

import numpy as np

from datong.domain.access import Register
from datong.fuse.em import MISSING, Estimate, estimate, shares
from datong.fuse.model import Model, thresholds
from datong.fuse.persona import Persona
from datong.fuse.rarity import COUNTED
from datong.fuse.score import level_of

JUDGED_COUNTS = 5
"""Pairs for which one judged pair stands."""
FEWEST_PAIRS = 20
"""Pairs that must have reached a level before what they say of it is believed; below, the declared weight stands."""
_SEED = 20261101
LARGEST = 12.0
"""Bits beyond which no weight is proposed, either way: no single comparison decides alone."""
BLOCK_SAYS: Mapping[str, tuple[str, ...]] = {
    "name_birth": ("name", "birth_date"),
    "sound_birth": ("name", "birth_date"),
    "phone_sound": ("phone", "name", "place", "relative"),
    "place_sound": ("place", "name", "phone", "relative"),
    "organisation_sound": ("organisation", "name"),
    "number_name": ("number", "name"),
    "old_number": ("number",),
    "relative_birth": ("relative", "birth_date", "place", "phone"),
    "relative_sound": ("relative", "name", "place", "phone"),
    "account": ("account",),
    "org_name": ("org_name",),
    "org_core": ("org_name",),
    "representative_place": ("representative", "place"),
    "org_phone": ("phone",),
    "registration": ("registration_no",),
}
"""The comparisons that pairs of a block agree in because that is how they were found: they say nothing there. A household shares
its door, its phone and its relatives: pairs found by one of these agree in the others without being one person."""


@dataclass(frozen=True)
class Pair:
    """Two sides compared; the blocks they share (none: picked at random), and what a reviewer said."""

    left: Persona
    right: Persona
    blocks: tuple[str, ...] = ()
    judged: str = ""


@dataclass(frozen=True)
class Row:
    """One level of one comparison: the declared weight beside what the data say."""

    comparison: str
    level: str
    declared: float
    m: float
    """Share of this level among pairs of the same subject."""
    u: float
    """Share of this level among pairs of two subjects."""
    pairs: int
    """Compared pairs that reached it."""
    learnt: float | None
    """log2(m / u), at most `LARGEST` either way; None where too few pairs reached the level: then the declared weight stands."""


@dataclass(frozen=True)
class Learnt:
    """What was learnt of one register."""

    kind: Register
    rows: tuple[Row, ...]
    compared: int
    drawn: int
    judged: int
    prior: float
    """The chance that a mention and a subject are the same before anything is compared."""
    same: float
    unsure: float
    """Thresholds that follow from the prior and the declared costs."""
    steps: int


@dataclass(frozen=True)
class Space:
    """The comparisons that are learnt and their levels, the strongest first."""

    levels: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(model: Model) -> Space:
        """The levels as the pack declares them; how common a value is and a missing one are not learnt."""
        kept = {name: weights for name, weights in model.weights.items() if name not in COUNTED}
        return Space({name: _ordered(weights) for name, weights in kept.items()})

    @property
    def sizes(self) -> list[int]:
        """How many levels each comparison has."""
        return [len(levels) for levels in self.levels.values()]


def _ordered(weights: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted((level for level in weights if level != "missing"), key=lambda level: -weights[level]))


def learn(model: Model, pairs: Iterable[Pair], strangers: Iterable[Pair], *, mentions: int, subjects: int) -> Learnt:
    """Estimate a model's weights; pure.

    `pairs` share a block or were judged; `strangers` were picked at random. `mentions`: how many open mentions the pairs
    come from; `subjects`: how many the register holds (both for the prior).
    """
    space = Space.of(model)
    found, drawn = list(pairs), list(strangers)
    random_patterns, random_counts = _counted(Counter(_pattern(model, space, pair) for pair in drawn))
    u = shares(random_patterns.reshape(-1, len(space.levels)), random_counts, space.sizes)
    patterns, counts, groups, judged = _grouped(model, space, found)
    outcome = estimate(patterns, counts, space.sizes, fixed_u=u, groups=groups, judged=judged)
    seen = Counter((at, level) for pair in found for at, level in enumerate(_pattern(model, space, pair)))
    matched = _matched(model, space, (pair for pair in found if not pair.judged), outcome.weights(), log2(max(subjects, 2)) + 3)
    prior = max(min(matched / max(mentions, 1), 1.0) / max(subjects, 2), 1e-9)
    limits = thresholds(prior, model.costs)
    rows = tuple(_rows(model, space, outcome, seen))
    number = sum(bool(pair.judged) for pair in found)
    return Learnt(model.kind, rows, len(found) - number, len(drawn), number, prior, limits.same, limits.unsure, outcome.steps)


def _rows(model: Model, space: Space, outcome: Estimate, seen: Mapping[tuple[int, int], int]) -> Iterable[Row]:
    for at, (name, levels) in enumerate(space.levels.items()):
        for place, level in enumerate(levels):
            m, u, pairs = float(outcome.m[at][place]), float(outcome.u[at][place]), seen.get((at, place), 0)
            bits = max(-LARGEST, min(LARGEST, round(log2(max(m, 1e-9) / max(u, 1e-9)), 1)))
            yield Row(name, level, model.weights[name][level], m, u, pairs, bits if pairs >= FEWEST_PAIRS else None)


def _pattern(model: Model, space: Space, pair: Pair) -> tuple[int, ...]:
    before: dict[str, str] = {}
    found = []
    for name, levels in space.levels.items():
        before[name] = level_of(model, name, before, (pair.left, pair.right))
        found.append(levels.index(before[name]) if before[name] in levels else MISSING)
    return tuple(found)


def _grouped(model: Model, space: Space, pairs: Sequence[Pair]) -> tuple[Any, Any, Any, Any]:
    """Patterns with their counts, one group a block; what the block itself agrees in is missing there. Judged pairs stand apart."""
    names = sorted({block for pair in pairs for block in pair.blocks})
    places = {name: at for at, name in enumerate(space.levels)}
    counts: Counter[tuple[int, tuple[int, ...]]] = Counter()
    labels: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(lambda: [0, 0])
    for pair in pairs:
        pattern = _pattern(model, space, pair)
        if pair.judged:
            labels[len(names), pattern][pair.judged == "different"] += JUDGED_COUNTS
            counts.setdefault((len(names), pattern), 0)
            continue
        for block in pair.blocks:
            mute = {places[name] for name in BLOCK_SAYS.get(block, ()) if name in places}
            counts[names.index(block), tuple(MISSING if at in mute else level for at, level in enumerate(pattern))] += 1
    keys = sorted(counts)
    patterns = np.array([key[1] for key in keys], np.int8).reshape(-1, len(space.levels))
    judged = np.array([labels.get(key, [0, 0]) for key in keys], np.float64).reshape(-1, 2)
    return patterns, np.array([counts[key] for key in keys], np.int64), np.array([key[0] for key in keys], np.int64), judged


def _matched(model: Model, space: Space, pairs: Iterable[Pair], weights: Sequence[Any], least: float) -> int:
    """How many mentions have their subject among those they were compared with: the best sum reaches the least bits."""
    best: dict[str, float] = defaultdict(float)
    bits = [np.append(weight, 0.0) for weight in weights]
    for pair in pairs:
        total = sum(float(bits[at][level]) for at, level in enumerate(_pattern(model, space, pair)))
        best[pair.left.key] = max(best[pair.left.key], total)
    return sum(total >= least for total in best.values())


def _counted(counter: Counter[tuple[int, ...]]) -> tuple[Any, Any]:
    keys = sorted(counter)
    return np.array(keys, np.int8), np.array([counter[key] for key in keys], np.int64)


def strangers(mentions: Sequence[Persona], subjects: Sequence[Persona], known: Set[tuple[str, str]], *, each: int = 20) -> Iterable[Pair]:
    """Pairs of a mention and a subject picked at random, those left out that share a block (`known`, by key): two people each."""
    draw = random.Random(_SEED)
    picked = ((one, draw.choice(subjects)) for one in mentions for _ in range(each) if subjects)
    return (Pair(one, two) for one, two in picked if (one.key, two.key) not in known)
