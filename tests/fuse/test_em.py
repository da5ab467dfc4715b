"""Expectation maximisation finds the chances that made the pairs, whatever order the patterns come in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datong.fuse import em

LEVELS = (4, 3, 2, 5)
M = ([0.8, 0.1, 0.06, 0.04], [0.9, 0.06, 0.04], [0.97, 0.03], [0.6, 0.2, 0.1, 0.05, 0.05])
U = ([0.02, 0.03, 0.15, 0.8], [0.01, 0.02, 0.97], [0.5, 0.5], [0.001, 0.01, 0.05, 0.2, 0.739])


def drawn(seed: int, pairs: int, share: float, missing: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Patterns and counts of pairs of which a share match."""
    draw = np.random.default_rng(seed)
    matches = int(pairs * share)
    parts = [
        np.stack([draw.choice(len(chances), size, p=chances) for chances in side], axis=1)
        for size, side in ((matches, M), (pairs - matches, U))
    ]
    patterns = np.concatenate(parts).astype(np.int8)
    patterns[draw.random(patterns.shape) < missing] = em.MISSING
    return np.unique(patterns, axis=0, return_counts=True)


@pytest.mark.parametrize("share", [0.5, 0.05, 0.005])
@pytest.mark.parametrize("known_u", [True, False])
def test_the_chances_that_made_the_pairs_are_found_again(share: float, known_u: bool) -> None:
    patterns, counts = drawn(1, 200_000, share)
    found = em.estimate(patterns, counts, LEVELS, fixed_u=[np.array(u) for u in U] if known_u else None)
    assert found.prior == pytest.approx(share, rel=0.05)
    for m, truth in zip(found.m, M, strict=True):
        assert m == pytest.approx(truth, abs=0.05)
    for u, truth in zip(found.u, U, strict=True):
        assert u == pytest.approx(truth, abs=0.005)


def test_blocks_share_m_and_have_priors_of_their_own() -> None:
    """A comparison that a block agrees in is left out of it, and learnt from the other block."""
    one, count_one = drawn(2, 60_000, 0.4)
    two, count_two = drawn(3, 60_000, 0.02)
    one[:, 0], two[:, 3] = em.MISSING, em.MISSING
    patterns, counts = np.concatenate((one, two)), np.concatenate((count_one, count_two))
    groups = np.repeat([0, 1], [len(one), len(two)])
    found = em.estimate(patterns, counts, LEVELS, fixed_u=[np.array(u) for u in U], groups=groups)
    assert found.priors == pytest.approx((0.4, 0.02), rel=0.1)
    assert found.prior == pytest.approx(0.21, rel=0.1)
    assert found.m[3] == pytest.approx(M[3], abs=0.02)
    assert found.m[0] == pytest.approx(M[0], abs=0.06)


def test_judged_pairs_count_beside_the_rest() -> None:
    """People who say "same" of pairs that differ in one comparison teach that matches may differ in it."""
    patterns, counts = drawn(4, 20_000, 0.1)
    judged = np.zeros((len(patterns), 2))
    judged[patterns[:, 2] == 1, 0] = 400
    plain = em.estimate(patterns, counts, LEVELS, fixed_u=[np.array(u) for u in U])
    taught = em.estimate(patterns, counts, LEVELS, fixed_u=[np.array(u) for u in U], judged=judged)
    assert taught.m[2][1] > 3 * plain.m[2][1]


def test_a_fixed_prior_and_fixed_u_stay() -> None:
    patterns, counts = drawn(5, 20_000, 0.1)
    fixed = [np.array(u) / sum(u) for u in U]
    found = em.estimate(patterns, counts, LEVELS, prior=0.3, fixed_u=fixed)
    assert found.prior == 0.3
    for u, given_u in zip(found.u, fixed, strict=True):
        assert u == pytest.approx(given_u)


def test_going_on_from_an_outcome_stays_there() -> None:
    patterns, counts = drawn(6, 20_000, 0.1)
    first = em.estimate(patterns, counts, LEVELS)
    again = em.estimate(patterns, counts, LEVELS, start=first)
    assert again.steps <= 3
    for left, right in zip(first.m, again.m, strict=True):
        assert left == pytest.approx(right, abs=1e-4)


def test_a_level_never_seen_gets_no_infinite_weight() -> None:
    patterns, counts = np.array([[0, 0], [3, 2]], np.int8), np.array([50, 950])
    found = em.estimate(patterns, counts, (4, 3))
    assert all(np.isfinite(weight).all() for weight in found.weights())
    assert found.weights()[0][0] > 3 > 0 > found.weights()[0][3]


def test_no_pairs_at_all_give_the_beginning() -> None:
    found = em.estimate(np.zeros((0, 2), np.int8), np.zeros(0, np.int64), (3, 2))
    assert [len(m) for m in found.m] == [3, 2]
    assert all(np.isfinite(weight).all() for weight in found.weights())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_patterns_and_a_split_of_counts_change_nothing(seed: int) -> None:
    patterns, counts = drawn(seed % 7, 3_000, 0.2)
    draw = np.random.default_rng(seed)
    part = draw.integers(0, counts + 1)
    order = draw.permutation(2 * len(patterns))
    twice, split = np.concatenate((patterns, patterns))[order], np.concatenate((part, counts - part))[order]
    one, other = em.estimate(patterns, counts, LEVELS), em.estimate(twice, split, LEVELS)
    for left, right in zip(one.m + one.u, other.m + other.u, strict=True):
        assert left == pytest.approx(right, abs=1e-4)


def test_scores_add_up_by_hand() -> None:
    """Full agreement in the first (3 bits), nothing said of the second, difference in the third (-1 bit)."""
    weights = (np.array([3.0, -2.0]), np.array([5.0, -5.0]), np.array([2.0, -1.0]))
    assert em.score(np.array([[0, -1, 1], [1, 1, 1]], np.int8), weights) == pytest.approx([2.0, -8.0])
    assert em.chance(0.0, 0.5) == pytest.approx(0.5)
    assert em.chance(2.0, 0.2) == pytest.approx(0.5)
    assert em.least_bits(0.2, false_link=1, missed_link=1) == pytest.approx(2.0)
    assert em.least_bits(0.2, false_link=8, missed_link=1) == pytest.approx(5.0)


def test_shares_of_random_pairs_leave_no_level_impossible() -> None:
    found = em.shares(np.array([[0], [2], [-1]], np.int8), np.array([3, 5, 100]), (3,))
    assert found[0] == pytest.approx([3.5 / 9.5, 0.5 / 9.5, 5.5 / 9.5])


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="wanted"):
        em.estimate(np.zeros((2, 3), np.int8), np.ones(2, np.int64), (2, 2))
    with pytest.raises(ValueError, match="level"):
        em.estimate(np.full((1, 1), 5, np.int8), np.ones(1, np.int64), (2,))
