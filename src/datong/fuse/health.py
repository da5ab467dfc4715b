"""Find subjects that fall apart or balloon: what holds them together hangs by a thread, speaks against itself, or is too much."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import quantiles
from typing import Literal

from datong.domain.access import Register
from datong.domain.judgement import Reference, read_reference
from datong.fuse import store_queries as stored
from datong.fuse.counting import models_at_hand
from datong.fuse.graph import ClusterEdge, ClusterGraph, draw
from datong.fuse.known import known_of_codes
from datong.fuse.model import Model
from datong.spec import Packs
from datong.store import Session

Problem = Literal["two_numbers", "contradiction", "falls_apart", "bridge", "size"]
ADVICE: dict[Problem, str] = {
    "two_numbers": "A judgement joined two sound numbers. If it was a mistake, judge the two mentions different.",
    "contradiction": "Two mentions in it speak against each other. Look at both; judge them different, or report the wrong fact.",
    "falls_apart": "Nothing compared today holds these mentions to the rest; facts have changed since they were linked. Judge them.",
    "bridge": "One weak comparison alone holds these mentions to the rest. Judge the pair: same makes it firm, different parts them.",
    "size": "Far more mentions than other subjects have: a number or account that many use, or a placeholder.",
}
"""What to do about each problem, for people."""
CONTRADICTING = frozenset(
    (
        "number:far",
        "name:different",
        "name:surname",
        "birth_date:different",
        "sex:different",
        "org_name:different",
        "registration_no:different",
    )
)
_AT_ONCE = 500
_FENCE = 3.0
"""Spreads (quartile distances) above the upper quartile of the size, on a doubling scale, from which a subject is an outlier."""
_FEWEST = 20
"""Mentions below which no subject is called large."""


@dataclass(frozen=True)
class Suspicion:
    """Something about a subject that a person should look at."""

    code: str
    kind: Register
    problem: Problem
    records: int
    """How many mentions the subject has."""
    concerned: int
    """How many of them hang on what is wrong."""
    weight: float
    """Of the bridge or the contradiction; 0 where nothing is weighed."""
    references: tuple[Reference, ...]
    """The mentions to look at, at most ten."""
    detail: str = ""
    """The comparisons that speak against each other, or what is weighed: stable words."""

    @property
    def advice(self) -> str:
        """What to do, in English; pages have their own words."""
        return ADVICE[self.problem]


def suspicious_clusters(session: Session, limit: int = 100) -> list[Suspicion]:
    """What the last check found and still stands, the gravest first: two numbers, contradictions, loose ends, bridges, size."""
    return [_read(row) for row in session.all(stored.FINDINGS, {"limit": limit})]


def check_health(session: Session, packs: Packs) -> dict[str, int]:
    """Look at every subject that a comparison or judgement holds together, and at every size; keep what is found.

    Replaces the last check's findings. How many subjects were looked at, and how many findings of each problem there are.
    """
    models = models_at_hand(session, packs)
    counts: Counter[str] = Counter()
    found: list[Suspicion] = []
    for codes in _parts(row[0] for row in session.all(stored.HELD_BY_COMPARISON)):
        for code, mentions in known_of_codes(session, codes).items():
            counts["subjects"] += 1
            found += examine(draw(session, packs, code, mentions, models), models)
    found += outliers(_sizes(session))
    session.run(stored.DROP_FINDINGS)
    session.load("cluster_finding", stored.FINDING_COLUMNS, [_row(one) for one in _newest(found)])
    counts.update(str(one.problem) for one in found)
    return dict(counts)


def examine(graph: ClusterGraph, models: Mapping[Register, Model]) -> Iterator[Suspicion]:
    """What is wrong with one subject's graph."""
    total = sum(node.reference is not None for node in graph.nodes)
    whole = Suspicion(graph.code, graph.kind, "two_numbers", total, total, 0.0, ())
    numbers = [node for node in graph.nodes if node.reference is None and node.rule in ("id", "uscc")]
    if len(numbers) > 1:
        ends = [edge for edge in graph.edges if edge.rule == "judged"]
        yield _about(whole, "two_numbers", total, (end for edge in ends for end in (edge.left, edge.right)))
    for edge in graph.contradictions:
        words = [f"{one.comparison}:{one.level}" for one in edge.compared]
        if against := [word for word in words if word in CONTRADICTING]:
            near = _standing_for(graph, (edge.left, edge.right))
            yield _about(whole, "contradiction", len(near), near, weight=edge.weight, detail=" ".join(against))
    parts = _parts_of(graph, None)
    for part in parts[1:]:
        refs = [node for node in part if not node.startswith("number:")]
        yield _about(whole, "falls_apart", len(refs), refs)
    yield from _bridges(graph, models, whole)


def _bridges(graph: ClusterGraph, models: Mapping[Register, Model], whole: Suspicion) -> Iterator[Suspicion]:
    """Bridges just above the threshold that hold more than one mention on their thin side."""
    model = models.get(graph.kind)
    for edge in graph.edges:
        if not edge.is_bridge or edge.weight is None or model is None or edge.weight >= model.same + model.gap:
            continue
        side = min(_sides(graph, edge), key=len)
        refs = sorted(node for node in side if not node.startswith("number:"))
        if len(refs) > 1:
            yield _about(whole, "bridge", len(refs), refs, weight=edge.weight, detail=_words(edge))


def _words(edge: ClusterEdge) -> str:
    return " ".join(f"{one.comparison}:{one.level}" for one in edge.compared)


def outliers(sizes: Mapping[Register, Mapping[str, int]]) -> Iterator[Suspicion]:
    """Subjects with far more mentions than others of their register: above the upper fence on a doubling scale."""
    for kind, by_code in sorted(sizes.items()):
        if len(by_code) < _FEWEST:
            continue
        low, _, high = quantiles([number.bit_length() for number in by_code.values()], n=4)
        fence = max(2 ** (high + _FENCE * max(high - low, 1.0)), _FEWEST)
        for code, number in sorted(by_code.items()):
            if number > fence:
                yield Suspicion(code, kind, "size", number, number, 0.0, ())


def _sizes(session: Session) -> dict[Register, dict[str, int]]:
    sizes: dict[Register, dict[str, int]] = defaultdict(dict)
    for kind, code, number in session.all(stored.SIZES):
        sizes[kind][code] = number
    return sizes


def _about(
    whole: Suspicion, problem: Problem, concerned: int, refs: Iterable[str], *, weight: float | None = 0.0, detail: str = ""
) -> Suspicion:
    named = tuple(read_reference(ref) for ref in islice((ref for ref in refs if not ref.startswith("number:")), 10))
    return Suspicion(whole.code, whole.kind, problem, whole.records, concerned, weight or 0.0, named, detail)


def _standing_for(graph: ClusterGraph, keys: Iterable[str]) -> list[str]:
    """Mentions by which to look at two nodes: themselves, or for a number the first mention that carries it."""
    carried = {edge.left: edge.right for edge in reversed(graph.edges) if edge.rule == "number"}
    return [carried.get(key, key) for key in keys]


def _parts_of(graph: ClusterGraph, without: ClusterEdge | None) -> list[list[str]]:
    """The connected parts of a graph, the largest first."""
    beside: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    for edge in graph.edges:
        if edge is not without:
            beside[edge.left].append(edge.right)
            beside[edge.right].append(edge.left)
    parts, seen = [], set()
    for start in beside:
        if start not in seen:
            part, ahead = [], [start]
            seen.add(start)
            while ahead:
                part.append(node := ahead.pop())
                ahead += [other for other in beside[node] if other not in seen]
                seen.update(beside[node])
            parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part))


def _sides(graph: ClusterGraph, bridge: ClusterEdge) -> list[list[str]]:
    """The two parts that a bridge holds together."""
    return [part for part in _parts_of(graph, bridge) if bridge.left in part or bridge.right in part]


def _newest(found: Iterable[Suspicion]) -> Iterable[Suspicion]:
    """One finding of each problem a subject: the one that concerns most."""
    best: dict[tuple[str, str], Suspicion] = {}
    for one in found:
        held = best.get((one.code, one.problem))
        if held is None or (one.concerned, -one.weight) > (held.concerned, -held.weight):
            best[one.code, one.problem] = one
    return best.values()


def _row(one: Suspicion) -> tuple[object, ...]:
    refs = json.dumps([str(ref) for ref in one.references], ensure_ascii=False)
    return (one.code, one.problem, one.kind, _RANK[one.problem], one.records, one.concerned, one.weight, refs, one.detail)


def _read(row: tuple[object, ...]) -> Suspicion:
    code, problem, kind, records, concerned, weight, refs, detail = row
    named = tuple(read_reference(ref) for ref in json.loads(str(refs)))
    return Suspicion(code, kind, problem, records, concerned, weight, named, detail)  # type: ignore[arg-type]


_RANK: dict[Problem, int] = {"two_numbers": 0, "contradiction": 1, "falls_apart": 2, "bridge": 3, "size": 4}


def _parts(codes: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(codes)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
