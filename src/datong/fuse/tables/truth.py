"""Measured against a known truth: precision, recall and F1 over pairs of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Measured:
    """Pairs that are truly together, pairs put together, and pairs that are both."""

    true: int
    made: int
    right: int

    @property
    def precision(self) -> float:
        """Of the pairs put together, how many belong together; 1 when none was."""
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that belong together, how many were put together; 1 when there are none."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def measure_clusters(truth: Any, clusters: Any, sides: Any = ()) -> Measured:
    """Two labels a row (whole numbers; truth -1 where it is unknown: such rows count nowhere). With `sides` only pairs
    across the two tables count."""
    truth, clusters = np.asarray(truth, np.int64), np.asarray(clusters, np.int64)
    known = truth >= 0
    both = _joint(truth[known], clusters[known])
    side = np.asarray(sides)[known] if len(sides) else None
    return Measured(*(_pairs(labels, side) for labels in (truth[known], clusters[known], both)))


def measure_pairs(truth: Any, left: Any, right: Any, sides: Any = ()) -> Measured:
    """Pairs of rows put together, each once, against a label a row."""
    truth = np.asarray(truth, np.int64)
    known = (truth[left] >= 0) & (truth[right] >= 0)
    right_ones = int((truth[left[known]] == truth[right[known]]).sum())
    side = np.asarray(sides)[truth >= 0] if len(sides) else None
    return Measured(_pairs(truth[truth >= 0], side), int(known.sum()), right_ones)


def _joint(one: Any, other: Any) -> Any:
    """A label for each combination of two labels."""
    return np.unique(np.stack((one, other)), axis=1, return_inverse=True)[1].reshape(-1) if len(one) else one


def _pairs(labels: Any, sides: Any) -> int:
    """Pairs of rows with the same label; across the sides only, when given."""
    if not len(labels):
        return 0
    _, places = np.unique(labels, return_inverse=True)
    sizes = np.bincount(places)
    every = int((sizes * (sizes - 1) // 2).sum())
    if sides is None:
        return every
    left = np.bincount(places[sides == 0], minlength=len(sizes))
    return int((left * (sizes - left)).sum())
