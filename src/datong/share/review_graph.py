"""A subject's graph for reviewers: its numbers and records as nodes, the reasons that hold them together as edges.

Records that hang on one number and come from one resource are drawn as one node with their count: a person of two hundred
monthly payments is still a picture. Nothing personal is in it: resources, rules, levels and weights.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from datong import fuse
from datong.domain.access import Register
from datong.share.installed import installed
from datong.store import Session

MOST_NODES = 30
"""Beyond that the picture is cut, and says so; the table beside it has all."""


@dataclass(frozen=True)
class DrawnNode:
    """A number (`rule` is its kind) or some records of one resource that came by one rule."""

    key: str
    is_number: bool
    rule: str
    resource: str
    department: str
    count: int


@dataclass(frozen=True)
class DrawnEdge:
    """Why two nodes hold together: number, repeat, compared or judged; `thousandths` where something was weighed."""

    left: str
    right: str
    rule: str
    thousandths: int | None
    levels: tuple[tuple[str, str], ...]
    is_bridge: bool
    against: bool = False
    """They speak against each other: drawn, though it holds nothing together."""


@dataclass(frozen=True)
class Drawing:
    """A subject's graph, ready to be laid out."""

    code: str
    kind: Register
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    records: int
    cut: int
    """Nodes left out of the picture."""


def drawn(session: Session, code: str) -> Drawing:
    """The graph of a subject whose look has been written down already."""
    packs = installed(session).packs
    graph = fuse.cluster_graph(session, packs, code)
    groups = _groups(graph)
    sizes = Counter(groups.values())
    nodes: dict[str, DrawnNode] = {}
    for node in graph.nodes:
        resource = node.reference.resource if node.reference else ""
        source = packs.sources.get(resource)
        made = DrawnNode(
            groups[node.key], node.reference is None, node.rule, resource, source.department if source else "", sizes[groups[node.key]]
        )
        nodes.setdefault(made.key, made)
    kept = dict(list(nodes.items())[:MOST_NODES])
    edges: dict[tuple[str, str, str], DrawnEdge] = {}
    for edge, against in [(one, False) for one in graph.edges] + [(one, True) for one in graph.contradictions]:
        left, right = groups[edge.left], groups[edge.right]
        if left == right or left not in kept or right not in kept:
            continue
        levels = tuple((one.comparison, one.level) for one in edge.compared)
        weight = None if edge.weight is None else round(edge.weight * 1000)
        edges.setdefault((left, right, edge.rule), DrawnEdge(left, right, edge.rule, weight, levels, edge.is_bridge, against))
    records = sum(node.reference is not None for node in graph.nodes)
    return Drawing(graph.code, graph.kind, tuple(kept.values()), tuple(edges.values()), records, len(nodes) - len(kept))


def _groups(graph: fuse.ClusterGraph) -> dict[str, str]:
    """Node → the node it is drawn in: records held by nothing but one number are gathered by resource; repeats by their first."""
    held: dict[str, list[str]] = defaultdict(list)
    repeats: dict[str, str] = {}
    for edge in graph.edges:
        if edge.rule == "repeat":
            repeats[edge.right] = edge.left
        else:
            held[edge.left].append(edge.rule + "|" + edge.right)
            held[edge.right].append(edge.rule + "|" + edge.left)
    for edge in graph.contradictions:
        held[edge.left].append("against|" + edge.right)
        held[edge.right].append("against|" + edge.left)
    resource = {node.key: node.reference.resource if node.reference else "" for node in graph.nodes}
    found: dict[str, str] = {}
    for key in resource:
        if key in repeats:
            found[key] = repeats[key]
        elif resource[key] and len(held[key]) == 1 and held[key][0].startswith("number|"):
            found[key] = f"{resource[key]}@{held[key][0].partition('|')[2]}"
        else:
            found[key] = key
    return {key: found.get(group, group) for key, group in found.items()}
