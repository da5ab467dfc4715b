"""The drawing of a model: facts at the bottom, each decision above what it needs, the law to the right."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from datong.rules.model import Decision, Definitions, Element, Logic, Needs

_WIDTH, _ACROSS, _UP = 180, 220, 140
_HEIGHTS = {"input": 45, "decision": 80, "knowledge": 46, "service": 100, "source": 63}
_NCNAME = re.compile(r"[^\W\d][\w.-]*")


@dataclass(frozen=True)
class Shape:
    """Where an element stands."""

    id: str
    x: int
    y: int
    height: int


def drawing(model: Definitions, sources: Sequence[str], source_id: Callable[[str], str]) -> str:
    """The DMNDI part of a model."""
    shapes = _placed(model, sources, source_id)
    parts = [
        f"<dmndi:DMNShape id={quoteattr('shape_' + shape.id)} dmnElementRef={quoteattr(shape.id)}>"
        f'<dc:Bounds height="{shape.height}" width="{_WIDTH}" x="{shape.x}" y="{shape.y}"/></dmndi:DMNShape>'
        for shape in shapes.values()
    ]
    logic: tuple[Logic, ...] = (*model.decisions, *model.knowledge)
    for one in logic:
        parts.extend(_edge(shapes, target, one.id, _edge_id(one, target)) for target in _targets(one.needs) if target in shapes)
        if isinstance(one, Decision) and one.reference:
            parts.append(_edge(shapes, "source " + one.reference, one.id, _xml_id(one.id + "_law")))
    return f'<dmndi:DMNDI><dmndi:DMNDiagram id="diagram">{"".join(parts)}</dmndi:DMNDiagram></dmndi:DMNDI>'


def _targets(needs: Needs) -> tuple[str, ...]:
    return (*needs.inputs, *needs.decisions, *needs.knowledge)


def _edge_id(one: Element, target: str) -> str:
    return _xml_id(f"{one.id}_needs_{target}")


def _xml_id(identifier: str) -> str:
    """As the writer makes identifiers."""
    return identifier if _NCNAME.fullmatch(identifier) else "_" + hashlib.sha256(identifier.encode()).hexdigest()[:16]


def _depths(model: Definitions) -> dict[str, int]:
    """How many steps an element stands above the facts."""
    depths: dict[str, int] = {one.id: 0 for one in model.inputs}
    logic: tuple[Logic, ...] = (*model.decisions, *model.knowledge)
    needs = {one.id: _targets(one.needs) for one in logic}
    for _ in needs:
        for key, targets in needs.items():
            depths[key] = 1 + max((depths.get(target, 0) for target in targets), default=0)
    return depths


def _placed(model: Definitions, sources: Sequence[str], source_id: Callable[[str], str]) -> dict[str, Shape]:
    depths = _depths(model)
    top = max(depths.values(), default=0)
    rows: dict[int, int] = {}
    found: dict[str, Shape] = {}
    groups = (("input", model.inputs), ("decision", model.decisions), ("knowledge", model.knowledge), ("service", model.services))
    for kind, group in groups:
        for one in group:
            depth = depths.get(one.id, top + 1)
            place = rows[depth] = rows.get(depth, 0) + 1
            found[one.id] = Shape(_xml_id(one.id), 60 + (place - 1) * _ACROSS, 60 + (top + 1 - depth) * _UP, _HEIGHTS[kind])
    right = 60 + max(rows.values(), default=0) * _ACROSS
    for number, text in enumerate(sources):
        found["source " + text] = Shape(source_id(text), right, 60 + number * _UP, _HEIGHTS["source"])
    return found


def _edge(shapes: dict[str, Shape], start: str, end: str, identifier: str) -> str:
    """A line from what is needed to what needs it."""
    a, b = shapes[start], shapes[end]
    points = ((a.x + _WIDTH // 2, a.y), (b.x + _WIDTH // 2, b.y + b.height))
    listed = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f"<dmndi:DMNEdge id={quoteattr('edge_' + identifier)} dmnElementRef={quoteattr(identifier)}>{listed}</dmndi:DMNEdge>"
