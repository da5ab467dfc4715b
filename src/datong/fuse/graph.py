"""A subject drawn as a graph: its mentions and numbers are nodes, every reason to hold them together is an edge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from datong.domain.access import Register
from datong.domain.judgement import Compared, Judgement, Reference
from datong.fuse import store_queries as stored
from datong.fuse.counting import models_at_hand
from datong.fuse.known import Known, anchors_of, known_mentions, persona_of_mention, persona_of_number
from datong.fuse.model import Model
from datong.fuse.persona import Persona
from datong.fuse.score import score_pair
from datong.fuse.today import resolve
from datong.spec import Packs
from datong.store import Session, in_chunks, marks

_MOST_COMPARED = 60
"""Different wordings of one subject beyond which only what led to the link is drawn, not every pair."""


@dataclass(frozen=True)
class ClusterNode:
    """A mention, or a number that several mentions carry."""

    key: str
    """`resource/record_id/role`, or `number:1`; the number itself is not part of it."""
    reference: Reference | None
    """Where the mention stands; None for a number."""
    rule: str
    """How the mention came to the subject; for a number its kind (id, uscc, registration)."""
    source: str
    """The resource's title, Chinese; empty for a number."""


@dataclass(frozen=True)
class ClusterEdge:
    """A reason to hold two nodes together."""

    left: str
    right: str
    rule: str
    """number (carries it), repeat (says the very same), compared, judged."""
    weight: float | None
    """The sum of the comparisons; None where nothing was weighed."""
    compared: tuple[Compared, ...] = ()
    is_bridge: bool = False
    """Whether the subject falls in two without this comparison or judgement."""


@dataclass(frozen=True)
class ClusterGraph:
    """A subject's graph."""

    code: str
    kind: Register
    nodes: tuple[ClusterNode, ...]
    edges: tuple[ClusterEdge, ...]
    contradictions: tuple[ClusterEdge, ...] = ()
    """Pairs in it that speak against each other; they hold nothing together."""


def cluster_graph(session: Session, packs: Packs, code: str) -> ClusterGraph:
    """The graph of a subject (of the one it was merged into, if it was); without nodes when no record speaks of it today."""
    today = resolve(session, code) or code
    mentions = known_mentions(session, today)
    if not mentions:
        return ClusterGraph(today, "person", (), ())
    return draw(session, packs, today, mentions, models_at_hand(session, packs))


def draw(session: Session, packs: Packs, code: str, mentions: Sequence[Known], models: Mapping[Register, Model]) -> ClusterGraph:
    """The graph of a subject whose stored mentions are at hand."""
    kind = mentions[0].kind
    anchors = anchors_of(session, code) if any(one.by_number for one in mentions) else []
    hubs = [ClusterNode(f"number:{at}", None, anchor.partition(":")[0], "") for at, anchor in enumerate(anchors, start=1)]
    nodes = [ClusterNode(str(one.reference), one.reference, one.rule, _title(packs, one.reference.resource)) for one in mentions]
    edges, whos = _certain(kind, mentions, anchors)
    if kind in models and len(whos) <= _MOST_COMPARED:
        compared, against = _compared(models[kind], whos)
    else:
        compared, against = [], []
    edges += _judged(session, kind, mentions)
    edges += compared
    edges += _as_stored(mentions, edges, hubs)
    return ClusterGraph(code, kind, (*hubs, *nodes), tuple(mark_bridges(edges)), tuple(against))


def _title(packs: Packs, resource: str) -> str:
    source = packs.sources.get(resource)
    return source.title_zh if source else resource


def _certain(kind: Register, mentions: Sequence[Known], anchors: Sequence[str]) -> tuple[list[ClusterEdge], dict[str, Persona]]:
    """Edges that need no comparison, and what is left to compare: each number, and each wording without one."""
    edges: list[ClusterEdge] = []
    whos: dict[str, Persona] = {}
    owners = _owners(mentions, anchors)
    for at, anchor in enumerate(anchors, start=1):
        mine = [one for one in mentions if owners.get(one.reference) == anchor]
        edges += [ClusterEdge(f"number:{at}", str(one.reference), "number", None) for one in mine]
        whos[f"number:{at}"] = persona_of_number(kind, anchor, mine)
    said: dict[tuple[object, ...], str] = {}
    for one in sorted((one for one in mentions if not one.by_number), key=lambda one: not one.facts):
        key, way = str(one.reference), (one.reference.resource, one.rule, one.score)
        first = said.setdefault(tuple(sorted(one.facts.items())) or way, key)
        said.setdefault(way, first)
        if first != key:
            edges.append(ClusterEdge(first, key, "repeat", None))
        elif one.facts:
            whos[first] = persona_of_mention(one)
    return edges, whos


def _owners(mentions: Sequence[Known], anchors: Sequence[str]) -> dict[Reference, str]:
    """Which of its numbers a mention carries; the first one where that cannot be read off it any more."""
    if not anchors:
        return {}
    owners = {}
    for one in mentions:
        if one.by_number:
            written = {value for fact in ("number", "registration_no") for value in one.facts.get(fact, ())}
            owners[one.reference] = next((anchor for anchor in anchors if anchor.partition(":")[2] in written), anchors[0])
    return owners


def _compared(model: Model, whos: Mapping[str, Persona]) -> tuple[list[ClusterEdge], list[ClusterEdge]]:
    """Every pair compared: those that hold together, those that speak against each other."""
    edges, against = [], []
    for (left, one), (right, two) in combinations(whos.items(), 2):
        judgement = score_pair(model, one, two)
        edge = _edge(left, right, judgement)
        if judgement.score >= model.same and judgement.reason != "two_numbers":
            edges.append(edge)
        elif judgement.score < model.unsure:
            against.append(edge)
    return edges, against


def _edge(left: str, right: str, judgement: Judgement) -> ClusterEdge:
    return ClusterEdge(left, right, "compared", judgement.score, judgement.compared)


def _judged(session: Session, kind: Register, mentions: Iterable[Known]) -> list[ClusterEdge]:
    """The judgements *same* in force between two mentions of the subject."""
    inside = {str(one.reference) for one in mentions}
    newest: dict[tuple[str, str], str] = {}
    for chunk in in_chunks(inside):
        for left, right, verdict in session.all(stored.JUDGEMENTS_AMONG.format(marks=marks(chunk)), {"kind": kind, **chunk}):
            newest[min(left, right), max(left, right)] = verdict
    return [
        ClusterEdge(left, right, "judged", None)
        for (left, right), verdict in sorted(newest.items())
        if verdict == "same" and left in inside and right in inside
    ]


def _as_stored(mentions: Iterable[Known], edges: Iterable[ClusterEdge], hubs: Sequence[ClusterNode]) -> list[ClusterEdge]:
    """For mentions that came by comparison and nothing holds any more: the evidence kept when they were linked."""
    held = {end for edge in edges if edge.rule != "repeat" for end in (edge.left, edge.right)}
    repeats = {edge.right for edge in edges if edge.rule == "repeat"}
    return [
        ClusterEdge(hubs[0].key, str(one.reference), one.rule, one.score, one.compared)
        for one in mentions
        if hubs and one.rule == "compared" and str(one.reference) not in held | repeats
    ]


def mark_bridges(edges: Iterable[ClusterEdge]) -> list[ClusterEdge]:
    """The edges with their bridges marked: a comparison or judgement whose loss splits the graph."""
    found = list(edges)
    beside: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for at, edge in enumerate(found):
        beside[edge.left].append((at, edge.right))
        beside[edge.right].append((at, edge.left))
    bridges = _bridges(beside)
    return [replace(edge, is_bridge=at in bridges and edge.rule in ("compared", "judged")) for at, edge in enumerate(found)]


def _bridges(beside: Mapping[str, Sequence[tuple[int, str]]]) -> set[int]:
    """Bridges by depth-first search: an edge no path goes round (Tarjan); without recursion, for clusters of any size."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    bridges: set[int] = set()
    for root in sorted(beside):
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack = [(root, -1, iter(beside[root]))]
        while stack:
            node, came_by, rest = stack[-1]
            for at, other in rest:
                if other not in order:
                    order[other] = low[other] = len(order)
                    stack.append((other, at, iter(beside[other])))
                    break
                if at != came_by:
                    low[node] = min(low[node], order[other])
            else:
                stack.pop()
                if stack:
                    parent = stack[-1][0]
                    low[parent] = min(low[parent], low[node])
                    if low[node] > order[parent]:
                        bridges.add(came_by)
    return bridges
