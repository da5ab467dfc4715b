"""Why two codes or records are one subject, or why they are not: the path of evidence, or what kept them apart."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from datong.domain.access import Register
from datong.domain.codes import read_code
from datong.domain.errors import BadValue, Missing
from datong.domain.judgement import Compared, Judgement, read_reference
from datong.fuse import store_queries as stored
from datong.fuse.block import blocks_of
from datong.fuse.counting import models_at_hand
from datong.fuse.graph import ClusterGraph, cluster_graph
from datong.fuse.judge import Kept, judgements_about
from datong.fuse.known import Known, anchors_of, known_mentions, known_of_row, persona_of_mention, persona_of_number
from datong.fuse.model import Model
from datong.fuse.persona import Persona
from datong.fuse.score import score_pair
from datong.fuse.today import resolve
from datong.spec import Packs
from datong.store import Session, in_chunks, marks

_MOST_STEPS = 12
"""Judgements and bridges shown where no path between two nodes was asked for."""


@dataclass(frozen=True)
class Step:
    """One step of the path: two nodes of the subject's graph and why they hold together."""

    left: str
    right: str
    rule: str
    weight: float | None
    compared: tuple[Compared, ...]


@dataclass(frozen=True)
class Passed:
    """A block both share: how many subjects share it, and whether it is passed over as a placeholder."""

    block: str
    size: int
    passed_over: bool


@dataclass(frozen=True)
class Between:
    """What lies between two ends. When they are one, `path` leads from one to the other; else `reasons` say what kept them apart.

    Reasons, the deciding one first: judged_different, two_numbers, no_block, crowded_block, below, lacking (a level the pack
    demands), runner_up, waits (a reviewer is asked), other_door (premises), would_link (the next run may link them).
    """

    kind: Register
    left: str
    right: str
    """Today's codes; a record that is nobody keeps its reference."""
    one: bool
    path: tuple[Step, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    judgement: Judgement | None = None
    shared: tuple[Passed, ...] = ()
    unshared: tuple[str, ...] = ()
    """Blocks that either has and the other does not share."""
    judged: tuple[Kept, ...] = ()
    rules: tuple[tuple[str, str, int], ...] = ()
    """(side, rule, records): how the records of either side came to it."""
    places: tuple[tuple[str, str, str], ...] = ()
    """Premises: (side, level, wording) of the doors."""


def between(session: Session, packs: Packs, left: str, right: str) -> Between:
    """What lies between two codes or references (`resource/record_id/role`). Raises BadValue or Missing."""
    ends = [_end(session, text) for text in (left, right)]
    if ends[0].kind != ends[1].kind:
        raise BadValue("right", f"is of another register, {ends[1].kind}", "name two ends of one register")
    if ends[0].name == ends[1].name:
        return _together(session, packs, ends)
    return _apart(session, packs, ends)


@dataclass(frozen=True)
class _End:
    name: str
    """Today's code, or the reference of a record that is nobody."""
    asked: str
    kind: Register
    mentions: tuple[Known, ...]


def _end(session: Session, text: str) -> _End:
    if "/" in text:
        reference = read_reference(text)
        rows = session.all(stored.MEMBERS_OF_RECORD, {"resource": reference.resource, "record_id": reference.record_id})
        row = next((one for one in rows if one[2] == reference.role), None)
        if row is None:
            raise Missing("No such mention is linked; name a record that a source sends today.")
        return _End(row[4] or text, text, row[3], (known_of_row(row, rows),))
    code = read_code(text)
    today = resolve(session, code.value) if code.sound else ""
    subject = session.one(stored.SUBJECT_BY_CODE, {"code": today}) if today else None
    if subject is None:
        raise Missing("No subject has this code.")
    return _End(today, code.value, subject[0], tuple(known_mentions(session, today)))


def _together(session: Session, packs: Packs, ends: Sequence[_End]) -> Between:
    graph = cluster_graph(session, packs, ends[0].name)
    starts = [end.asked if "/" in end.asked else "" for end in ends]
    hubs = [node.key for node in graph.nodes if node.reference is None] or [node.key for node in graph.nodes]
    if not any(starts) and ends[0].asked != ends[1].asked and len(hubs) > 1:
        starts = [hubs[0], hubs[-1]]
    starts = [start or (hubs[0] if hubs else "") for start in starts]
    path = shortest(graph, *starts)
    if not path:
        held = [edge for edge in graph.edges if edge.rule == "judged" or edge.is_bridge]
        path = tuple(Step(edge.left, edge.right, edge.rule, edge.weight, edge.compared) for edge in held[:_MOST_STEPS])
    kept = judgements_about(session, [str(node.reference) for node in graph.nodes if node.reference and node.rule == "judged"])
    return Between(graph.kind, ends[0].asked, ends[1].asked, True, path, judged=tuple(kept), rules=_rules(ends[:1]))


def shortest(graph: ClusterGraph, start: str, goal: str) -> tuple[Step, ...]:
    """The shortest path of evidence between two nodes; repeats of one wording count as a step, contradictions do not."""
    beside: dict[str, list[Step]] = defaultdict(list)
    for edge in graph.edges:
        beside[edge.left].append(Step(edge.left, edge.right, edge.rule, edge.weight, edge.compared))
        beside[edge.right].append(Step(edge.right, edge.left, edge.rule, edge.weight, edge.compared))
    came: dict[str, Step | None] = {start: None}
    ahead = deque([start])
    while ahead and goal not in came:
        node = ahead.popleft()
        for step in beside[node]:
            if step.right not in came:
                came[step.right] = step
                ahead.append(step.right)
    path: list[Step] = []
    at = goal
    while (step_back := came.get(at)) is not None:
        path.append(step_back)
        at = step_back.left
    return tuple(reversed(path))


def _apart(session: Session, packs: Packs, ends: Sequence[_End]) -> Between:
    kind = ends[0].kind
    references = [str(one.reference) for end in ends for one in end.mentions]
    judged = tuple(one for one in judgements_about(session, references) if _of_both(one, ends))
    found = Between(kind, ends[0].name, ends[1].name, False, judged=judged, rules=_rules(ends))
    verdict = [("judged_different", str(judged[-1].number))] if judged and judged[-1].verdict == "different" else []
    if kind == "premises":
        return _with(found, reasons=(*verdict, ("other_door", "")), places=_places(session, ends))
    model = models_at_hand(session, packs)[kind]
    best, sides = _closest(session, model, ends)
    shared, unshared = _blocks(session, model, sides)
    reasons = (*verdict, *_reasons(session, model, ends, best, shared))
    return _with(found, reasons=reasons, judgement=best, shared=shared, unshared=unshared)


def _with(found: Between, **more: object) -> Between:
    return Between(**{**vars(found), **more})


def _of_both(one: Kept, ends: Sequence[_End]) -> bool:
    sides = [{str(mention.reference) for mention in end.mentions} for end in ends]
    left, right = str(one.left), str(one.right)
    return (left in sides[0] and right in sides[1]) or (left in sides[1] and right in sides[0])


def _closest(session: Session, model: Model, ends: Sequence[_End]) -> tuple[Judgement, tuple[list[Persona], list[Persona]]]:
    """The pair of wordings that speaks most for one subject, judged; and all wordings of both sides."""
    sides = (_personas(session, ends[0]), _personas(session, ends[1]))
    judged = [score_pair(model, one, two) for one in sides[0] for two in sides[1]]
    if not judged:
        raise Missing("No record speaks of one of these today, so there is nothing to compare.")
    return max(judged, key=lambda one: one.score), sides


def _personas(session: Session, end: _End) -> list[Persona]:
    """A subject as comparison sees it: all that is known under each of its numbers, and each wording without one."""
    anchors = [one for one in anchors_of(session, end.name) if one.partition(":")[0] in ("id", "uscc")] if "/" not in end.name else []
    by_number = [one for one in end.mentions if one.by_number]
    found = [persona_of_number(end.kind, anchor, by_number) for anchor in anchors if by_number]
    return found or [persona_of_mention(one) for one in end.mentions if one.facts]


def _blocks(session: Session, model: Model, sides: tuple[list[Persona], list[Persona]]) -> tuple[tuple[Passed, ...], tuple[str, ...]]:
    """Blocks both share with their sizes, and the names of those they do not; keys stay here, for they hold names and numbers."""
    left, right = ({key for who in side for key in blocks_of(who, model.blocks)} for side in sides)
    sizes: dict[str, int] = {}
    for chunk in in_chunks(left & right):
        sizes.update(session.all(stored.BLOCK_SIZES.format(marks=marks(chunk)), {"kind": model.kind, **chunk}))
    shared = [(key.partition(":")[0], sizes.get(key, 0)) for key in sorted(left & right)]
    passed = tuple(Passed(name, size, size > model.largest_block) for name, size in shared)
    unshared = {key.partition(":")[0] for key in left ^ right} - {name for name, _ in shared}
    return passed, tuple(sorted(unshared))


def _reasons(session: Session, model: Model, ends: Sequence[_End], best: Judgement, shared: Sequence[Passed]) -> Iterable[tuple[str, str]]:
    if best.reason == "two_numbers":
        yield "two_numbers", ""
    if not shared:
        yield "no_block", ""
    elif all(one.passed_over for one in shared):
        yield "crowded_block", ", ".join(sorted({one.block for one in shared}))
    if best.reason == "two_numbers":
        return
    waiting = _waiting(session, ends)
    if best.score < model.unsure:
        yield "below", f"{best.score:g} < {model.unsure:g}"
    elif best.reason.endswith("_differs"):
        yield "lacking", best.reason.removesuffix("_differs")
    elif best.score < model.same:
        yield "between", f"{model.unsure:g} ≤ {best.score:g} < {model.same:g}"
    if "runner_up" in waiting:
        yield "runner_up", f"{model.gap:g}"
    if waiting:
        yield "waits", ""
    elif shared and best.verdict == "same":
        yield "would_link", ""


def _waiting(session: Session, ends: Sequence[_End]) -> set[str]:
    """Words of the pairs between both that wait for a reviewer; empty when none does."""
    rows = session.all(stored.WAITING_PAIR, {"kind": ends[0].kind, "left": ends[0].name, "right": ends[1].name})
    references = {str(one.reference) for end in ends for one in end.mentions}
    found: set[str] = set()
    for left, _, _, evidence in rows:
        if left in references:
            found |= {"waits", *(row[1] for row in json.loads(evidence) if row[0] == "reason")}
    return found


def _rules(ends: Sequence[_End]) -> tuple[tuple[str, str, int], ...]:
    counted = [(end.name, Counter(one.rule for one in end.mentions)) for end in ends]
    return tuple((name, rule, number) for name, rules in counted for rule, number in sorted(rules.items()))


def _places(session: Session, ends: Sequence[_End]) -> tuple[tuple[str, str, str], ...]:
    rows = [(end.name, row) for end in ends for row in session.all(stored.PLACES_OF_CODE, {"code": end.name})]
    return tuple((name, str(row[1]), str(row[2])) for name, row in rows)
