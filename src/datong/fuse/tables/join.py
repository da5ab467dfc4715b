"""Pairs → clusters: the strongest first, each merge weighed against everything known between the two sides.

Connected components alone let one false link chain two people together. Here two clusters become one only if no rule
forbids it and the sum of *all* pairs compared between them speaks for it, so a pair that resembles by accident is
outvoted by the others. The order rows come in changes nothing: pairs are heard by score, ties in the pairs' fixed order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from datong.collect import compiled
from datong.fuse.bulk.components import find

PASSES = 10
ABSENT = 1.0
"""Bits taken from a merge for each pair of rows across the two sides that no block found: matches rarely escape all."""
JOINED, BETWEEN, TWO_NUMBERS, ONE_TO_ONE, OUTWEIGHED, BELOW = 0, 1, 2, 3, 4, 5
WORDS = ("joined", "within", "two_identifiers", "one_to_one", "outweighed", "below")
"""What became of a pair: it joined two clusters; its rows were in one already; a rule, or other pairs, forbade it; it scores too low."""


@dataclass(frozen=True)
class Joined:
    """Clusters: each node's root (its cluster's lowest node), and what became of each pair."""

    root: Any
    outcome: Any


def union_keys(order: Any, keys: Any, parent: Any, identifiers: Any) -> None:
    """Join rows of equal key in place (0 is none), unless they carry two different identifiers. `order` sorts the keys."""
    _union_keys(order, keys, parent, identifiers)


def flatten(parent: Any) -> Any:
    """Each node's root."""
    return _flatten(parent)


def join(nodes: int, pairs: tuple[Any, Any, Any], identifiers: Any, sides: Any) -> Joined:
    """Cluster nodes by scored pairs.

    `pairs`: lower node, higher node, bits above the threshold, all int32/int32/float64 (a pair may stand several times);
    `identifiers`: int32 (rules × nodes), -1 for none: two different ones never meet; `sides`: empty, or a bit for each
    table a node holds rows of: a cluster holds no bit twice.
    """
    left, right, bits = pairs
    order = np.argsort(-bits, kind="stable")
    starts, edges = _adjacency(nodes, left, right)
    sizes = np.ones(nodes, np.int64)
    root, outcome = _join(order, (left, right, bits), (starts, edges), identifiers.copy(), (sides.copy(), sizes))
    return Joined(root, outcome)


@compiled
def _flatten(parent: Any) -> Any:
    for node in range(parent.shape[0]):
        parent[node] = find(parent, node)
    return parent


@compiled
def _union_keys(order: Any, keys: Any, parent: Any, identifiers: Any) -> None:
    for at in range(1, order.shape[0]):
        one, other = order[at - 1], order[at]
        if keys[other] == np.uint64(0) or keys[one] != keys[other]:
            continue
        low, high = find(parent, one), find(parent, other)
        if low == high or _conflict(identifiers, low, high):
            continue
        low, high = min(low, high), max(low, high)
        parent[high] = low
        _take_identifiers(identifiers, low, high)


@compiled
def _conflict(identifiers: Any, one: Any, other: Any) -> Any:
    for rule in range(identifiers.shape[0]):
        if identifiers[rule, one] >= 0 and identifiers[rule, other] >= 0 and identifiers[rule, one] != identifiers[rule, other]:
            return True
    return False


@compiled
def _take_identifiers(identifiers: Any, low: Any, high: Any) -> None:
    for rule in range(identifiers.shape[0]):
        if identifiers[rule, low] < 0:
            identifiers[rule, low] = identifiers[rule, high]


@compiled
def _adjacency(nodes: Any, left: Any, right: Any) -> Any:
    """Each node's pairs, one after another."""
    starts = np.zeros(nodes + 1, np.int64)
    for pair in range(left.shape[0]):
        starts[left[pair] + 1] += 1
        starts[right[pair] + 1] += 1
    for node in range(nodes):
        starts[node + 1] += starts[node]
    place, edges = starts[:-1].copy(), np.empty(2 * left.shape[0], np.int64)
    for pair in range(left.shape[0]):
        edges[place[left[pair]]] = pair
        place[left[pair]] += 1
        edges[place[right[pair]]] = pair
        place[right[pair]] += 1
    return starts, edges


@compiled
def _between(small: Any, large: Any, parent: Any, chain: Any, graph: Any) -> Any:
    """The sum of bits of all pairs between two clusters, and how many there are."""
    left, right, bits, starts, edges = graph
    total, many, node = 0.0, 0, small
    while node >= 0:
        for at in range(starts[node], starts[node + 1]):
            pair = edges[at]
            other = right[pair] if left[pair] == node else left[pair]
            if find(parent, other) == large:
                total += bits[pair]
                many += 1
        node = chain[node]
    return total, many


@compiled
def _join(order: Any, pairs: Any, adjacency: Any, identifiers: Any, held: Any) -> Any:
    left, right, bits = pairs
    sides, sizes = held
    graph = (left, right, bits, adjacency[0], adjacency[1])
    nodes = adjacency[0].shape[0] - 1
    parent, chain, tail = np.arange(nodes), np.full(nodes, -1, np.int64), np.arange(nodes)
    outcome = np.full(left.shape[0], BELOW, np.int8)
    for _ in range(PASSES):
        merged = False
        for place in range(order.shape[0]):
            pair = order[place]
            if bits[pair] < 0:
                break
            if outcome[pair] <= BETWEEN:
                continue
            one, other = find(parent, left[pair]), find(parent, right[pair])
            if one == other:
                outcome[pair] = BETWEEN
                continue
            if _conflict(identifiers, one, other):
                outcome[pair] = TWO_NUMBERS
                continue
            if sides.shape[0] and sides[one] & sides[other]:
                outcome[pair] = ONE_TO_ONE
                continue
            small, large = (one, other) if sizes[one] <= sizes[other] else (other, one)
            total, many = _between(small, large, parent, chain, graph)
            if total - ABSENT * (sizes[one] * sizes[other] - many) < 0 and sizes[one] * sizes[other] > 1:
                outcome[pair] = OUTWEIGHED
                continue
            low, high = min(one, other), max(one, other)
            parent[high] = low
            chain[tail[low]] = high
            tail[low] = tail[high]
            sizes[low] += sizes[high]
            _take_identifiers(identifiers, low, high)
            if sides.shape[0]:
                sides[low] |= sides[high]
            outcome[pair] = JOINED
            merged = True
        if not merged:
            break
    return _flatten(parent), outcome
