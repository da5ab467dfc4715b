"""Edges between numbered nodes → clusters: union-find in one compiled pass, with classes that must never meet."""

from __future__ import annotations

from typing import Any

import numpy as np

from datong.collect import compiled
from datong.domain.errors import BadValue

_LARGEST_32 = 2**31 - 1


def components(left: Any, right: Any, count: int, classes: Any = None) -> tuple[Any, Any]:
    """Each node's root (the smallest number of its cluster), and which edges were refused.

    `left` and `right` are integer arrays of one length: edge i joins two of the nodes 0 … count - 1. Edges are heard in
    the order given, so put the strongest first. `classes` may name each node's class (0: none): an edge that would bring
    two different classes into one cluster is refused and joins nothing. Without classes nothing is
    refused, the order does not matter, and the second array is empty.

    Takes 4 bytes a node (8 from 2**31 nodes on), with classes as many again, and 1 byte an edge.
    """
    left, right = np.asarray(left), np.asarray(right)
    if left.shape != right.shape or left.ndim != 1:
        raise BadValue("right", "has another length than left", "give one right end for every left end")
    if left.size and (min(left.min(), right.min()) < 0 or max(left.max(), right.max()) >= count):
        raise BadValue("count", "is not above every node", "number the nodes from 0 to count - 1")
    parent = np.arange(count, dtype=np.int32 if count <= _LARGEST_32 else np.int64)
    if classes is None:
        _join(left, right, parent)
        refused = np.zeros(0, np.bool_)
    else:
        held = np.array(classes)
        if held.shape != (count,):
            raise BadValue("classes", f"are {held.size}, the nodes {count}", "name one class for every node, 0 for none")
        refused = np.zeros(left.size, np.bool_)
        _join_apart(left, right, parent, held, refused)
    _flatten(parent)
    return parent, refused


@compiled
def find(parent: Any, node: Any) -> Any:
    """The root; every node passed is hung one step higher (path halving)."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@compiled
def _join(left: Any, right: Any, parent: Any) -> None:
    for edge in range(left.shape[0]):
        one, two = find(parent, left[edge]), find(parent, right[edge])
        if one < two:
            parent[two] = one
        elif two < one:
            parent[one] = two


@compiled
def _join_apart(left: Any, right: Any, parent: Any, held: Any, refused: Any) -> None:
    """As `_join`; a root holds its cluster's class."""
    for edge in range(left.shape[0]):
        one, two = find(parent, left[edge]), find(parent, right[edge])
        if one == two:
            continue
        if held[one] != 0 and held[two] != 0 and held[one] != held[two]:
            refused[edge] = True
            continue
        low, high = min(one, two), max(one, two)
        parent[high] = low
        if held[low] == 0:
            held[low] = held[high]


@compiled
def _flatten(parent: Any) -> None:
    """A parent is never above its child, so one pass upwards gives every node its root."""
    for node in range(parent.shape[0]):
        parent[node] = parent[parent[node]]
