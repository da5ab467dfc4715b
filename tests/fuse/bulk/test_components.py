"""Union-find against plain definitions of what a cluster is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datong.domain.errors import BadValue
from datong.fuse.bulk import components

NODES = 12
EDGES = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=30)


def ends(edges: list[tuple[int, int]], kind: type = np.int64) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one for one, _ in edges], kind), np.array([two for _, two in edges], kind)


@settings(deadline=None)
@given(EDGES, st.sampled_from([np.int32, np.int64, np.uint32]))
def test_a_root_is_the_smallest_node_that_can_be_reached(edges: list[tuple[int, int]], kind: type) -> None:
    roots, refused = components(*ends(edges, kind), NODES)
    reached = {node: {node} for node in range(NODES)}
    for _ in range(NODES):
        for one, two in edges:
            reached[one] |= reached[two]
            reached[two] |= reached[one]
    assert roots.tolist() == [min(reached[node]) for node in range(NODES)]
    assert refused.size == 0


@settings(deadline=None)
@given(EDGES, st.lists(st.integers(0, 3), min_size=NODES, max_size=NODES))
def test_two_classes_never_meet_and_every_refusal_has_its_reason(edges: list[tuple[int, int]], classes: list[int]) -> None:
    roots, refused = components(*ends(edges), NODES, np.array(classes, np.int64))
    clusters: list[set[int]] = [{node} for node in range(NODES)]
    expected = []
    for one, two in edges:
        left, right = (next(cluster for cluster in clusters if node in cluster) for node in (one, two))
        held = {classes[node] for node in left | right} - {0}
        expected.append(left is not right and len(held) > 1)
        if left is not right and len(held) <= 1:
            clusters.remove(right)
            left |= right
    assert refused.tolist() == expected
    assert roots.tolist() == [min(next(cluster for cluster in clusters if node in cluster)) for node in range(NODES)]


def test_wrong_numbering_is_said_clearly() -> None:
    with pytest.raises(BadValue, match="number the nodes from 0"):
        components(np.array([0]), np.array([7]), 7)
    with pytest.raises(BadValue, match="one right end"):
        components(np.array([0, 1]), np.array([1]), 7)
    with pytest.raises(BadValue, match="one class for every node"):
        components(np.array([0]), np.array([1]), 7, np.zeros(3, np.int64))


def test_no_edges_and_no_nodes() -> None:
    assert components(np.zeros(0, np.int64), np.zeros(0, np.int64), 3)[0].tolist() == [0, 1, 2]
    assert components(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)[0].size == 0
