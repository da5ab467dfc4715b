"""Join mentions and numbers into subjects: union by edges in order of weight, under rules that no score may break.

Pure, and independent of the order its input comes in: edges are sorted by weight and name before anything is joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """A reason to join two nodes; the heavier is heard first."""

    left: str
    right: str
    weight: float


@dataclass(frozen=True)
class Clusters:
    """The outcome: node → its cluster's smallest node, and the edges that a rule forbade."""

    root: Mapping[str, str]
    refused: tuple[Edge, ...]


class _Union:
    """Union-find that remembers each cluster's sound numbers, its enemies and its nodes."""

    def __init__(self, nodes: Iterable[str], numbers: Mapping[str, frozenset[str]]) -> None:
        self.parent = {node: node for node in nodes}
        self.numbers = {node: numbers.get(node, frozenset()) for node in self.parent}
        self.enemies: dict[str, set[str]] = {}
        self.nodes: dict[str, list[str]] = {node: [node] for node in self.parent}

    def find(self, node: str) -> str:
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def join(self, one: str, two: str) -> None:
        low, high = sorted((one, two))
        self.parent[high] = low
        self.numbers[low] = self.numbers[low] | self.numbers.pop(high)
        self.nodes[low] += self.nodes.pop(high)
        self.enemies.setdefault(low, set()).update(self.enemies.pop(high, set()))

    def are_enemies(self, one: str, two: str) -> bool:
        return any(self.find(enemy) == two for enemy in self.enemies.get(one, ())) or any(
            self.find(enemy) == one for enemy in self.enemies.get(two, ())
        )


def cluster(
    numbers: Mapping[str, frozenset[str]],
    edges: Iterable[Edge],
    judged: Iterable[tuple[str, str, str]] = (),
    bearable: Callable[[str, str], bool] | None = None,
) -> Clusters:
    """Join nodes into clusters.

    `numbers` names every node with its sound numbers: two different ones are never joined by an edge.
    `judged` are people's verdicts (left, right, same|different): they come first and no edge goes against them.
    `bearable` may forbid a pair of nodes within one cluster; it is asked for every pair an edge would bring together.
    """
    union = _Union(numbers, numbers)
    verdicts = [(left, right, verdict) for left, right, verdict in judged if left in union.parent and right in union.parent]
    for left, right, verdict in verdicts:
        if verdict == "different":
            union.enemies.setdefault(union.find(left), set()).add(right)
    for left, right, verdict in sorted(verdicts):
        one, two = union.find(left), union.find(right)
        if verdict == "same" and one != two and not union.are_enemies(one, two):
            union.join(one, two)
    refused = []
    for edge in sorted(edges, key=lambda e: (-e.weight, e.left, e.right)):
        one, two = union.find(edge.left), union.find(edge.right)
        if one == two:
            continue
        if _forbidden(union, one, two, bearable):
            refused.append(edge)
        else:
            union.join(one, two)
    return Clusters({node: union.find(node) for node in numbers}, tuple(refused))


def _forbidden(union: _Union, one: str, two: str, bearable: Callable[[str, str], bool] | None) -> bool:
    left, right = union.numbers[one], union.numbers[two]
    if left and right and not left & right:
        return True
    if union.are_enemies(one, two):
        return True
    return bearable is not None and not all(bearable(a, b) for a in union.nodes[one] for b in union.nodes[two])
