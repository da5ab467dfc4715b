"""A service drawn as BPMN 2.0, for tools that draw and exchange processes; what runs is the pack, never the drawing.

One lane a department, a user task for each part with its statutory time as a timer on its border, parallel or inclusive gateways
where parts run side by side. The drawing carries its layout, so that bpmn.io and other modellers open it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from datong.services.state import ACCEPTANCE
from datong.spec import Service, StageSpec, TaskSpec

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OWN = "https://datong.example/bpmn/services"
WIDTH, HEIGHT, GAP, LANE = 120, 80, 60, 120
_SMALL = {"startEvent": 36, "endEvent": 36, "boundaryEvent": 36, "parallelGateway": 50, "inclusiveGateway": 50}


@dataclass
class _Drawing:
    """The model being drawn: where each thing stands, and what leads where."""

    process: Element
    places: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    lanes: dict[str, list[str]] = field(default_factory=dict)

    def node(self, kind: str, name: str, lane: str, column: int, shown: str = "") -> str:
        """Put a thing into a lane and a column; its id."""
        identifier = f"{kind}_{name}".replace(":", "_")
        SubElement(self.process, f"{{{MODEL}}}{kind}", {"id": identifier, **({"name": shown} if shown else {})})
        if lane not in self.lanes:
            self.lanes[lane] = []
        beside = sum(one[0] == _left(column) for code, one in self.places.items() if code in self.lanes[lane])
        width, height = (_SMALL[kind], _SMALL[kind]) if kind in _SMALL else (WIDTH, HEIGHT)
        top = list(self.lanes).index(lane) * LANE + beside * 10
        self.places[identifier] = (_left(column), top + (LANE - height) // 2, width, height)
        self.lanes[lane].append(identifier)
        return identifier

    def flow(self, start: str, end: str, condition: str = "") -> None:
        """A sequence flow."""
        self.flows.append((start, end, condition))


def _left(column: int) -> int:
    return 80 + column * (WIDTH + GAP)


def export_bpmn(service: Service) -> bytes:
    """The service as BPMN 2.0 XML with its layout."""
    for prefix, uri in (("bpmn", MODEL), ("bpmndi", DI), ("dc", DC), ("di", DD), ("xsi", XSI)):
        register_namespace(prefix, uri)
    root = Element(f"{{{MODEL}}}definitions", {"id": f"definitions_{service.code}", "targetNamespace": OWN, "exporter": "datong"})
    process = SubElement(root, f"{{{MODEL}}}process", {"id": service.code, "name": service.title.zh, "isExecutable": "true"})
    lane_set = SubElement(process, f"{{{MODEL}}}laneSet", {"id": "lanes"})
    drawing = _Drawing(process)
    _course(drawing, service)
    _write_lanes(lane_set, drawing)
    for number, (start, end, condition) in enumerate(drawing.flows):
        flow = SubElement(process, f"{{{MODEL}}}sequenceFlow", {"id": f"flow_{number}", "sourceRef": start, "targetRef": end})
        if condition:
            SubElement(flow, f"{{{MODEL}}}conditionExpression", {f"{{{XSI}}}type": "bpmn:tFormalExpression"}).text = condition
    _write_layout(root, service, drawing)
    indent(root)
    drawn: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return drawn


def _course(drawing: _Drawing, service: Service) -> None:
    """From the start to the end: parties, acceptance, stage by stage."""
    column = 0
    last = drawing.node("startEvent", "start", service.department, column, "申请")
    seats = service.confirming.seats
    if seats:
        column += 1
        split = drawing.node("inclusiveGateway", "parties", service.department, column)
        drawing.flow(last, split)
        column += 1
        join = drawing.node("inclusiveGateway", "parties_done", service.department, column + 1)
        drawing.flow(split, join)
        for seat in seats:
            task = drawing.node("userTask", f"seat_{seat.code}", "当事人", column, seat.title.zh)
            drawing.flow(split, task, _condition(seat.when))
            drawing.flow(task, join)
        column, last = column + 1, join
    if service.accept_days:
        column += 1
        task = _timed(drawing, ACCEPTANCE, "受理", service.department, column=column, days=service.accept_days)
        drawing.flow(last, task)
        last = task
    for stage in service.stages:
        column, last = _stage(drawing, service, stage, column + 1, last)
    drawing.flow(last, drawing.node("endEvent", "end", service.department, column + 1, "办结"))


def _stage(drawing: _Drawing, service: Service, stage: StageSpec, column: int, last: str) -> tuple[int, str]:
    """One stage: its tasks between two gateways, or one task alone."""
    if len(stage.tasks) == 1 and not stage.tasks[0].when:
        task = stage.tasks[0]
        node = _timed(drawing, task.code, task.title.zh, task.department, column=column, days=task.days)
        drawing.flow(last, node)
        return column, node
    kind = "inclusiveGateway" if any(one.when for one in stage.tasks) else "parallelGateway"
    split = drawing.node(kind, f"{stage.code}_split", service.department, column, stage.title.zh)
    drawing.flow(last, split)
    depth = {one.code: _depth(one, stage.tasks) for one in stage.tasks}
    nodes = {
        one.code: _timed(drawing, one.code, one.title.zh, one.department, column=column + 1 + depth[one.code], days=one.days)
        for one in stage.tasks
    }
    column += 2 + max(depth.values())
    join = drawing.node(kind, f"{stage.code}_join", service.department, column)
    followed = {code for one in stage.tasks if not one.when for code in one.after}
    for one in stage.tasks:
        for code in one.after:
            drawing.flow(nodes[code], nodes[one.code], _condition(one.when))
        if not one.after:
            drawing.flow(split, nodes[one.code], _condition(one.when))
        if one.code not in followed:
            drawing.flow(nodes[one.code], join)
    return column, join


def _depth(task: TaskSpec, tasks: Sequence[TaskSpec]) -> int:
    """How many tasks of its stage go before it."""
    before = [one for one in tasks if one.code in task.after]
    return 1 + max(_depth(one, tasks) for one in before) if before else 0


def _timed(drawing: _Drawing, code: str, title: str, lane: str, *, column: int, days: int) -> str:
    """A user task with its statutory time as a timer on its border that does not interrupt it."""
    node = drawing.node("userTask", code, lane, column, title)
    if days:
        name = f"timer_{code}"
        attributes = {"id": name, "attachedToRef": node, "cancelActivity": "false", "name": f"{days}个工作日"}
        event = SubElement(drawing.process, f"{{{MODEL}}}boundaryEvent", attributes)
        timer = SubElement(event, f"{{{MODEL}}}timerEventDefinition", {"id": f"{name}_definition"})
        SubElement(timer, f"{{{MODEL}}}timeDuration", {f"{{{XSI}}}type": "bpmn:tFormalExpression"}).text = f"P{days}D"
        left, top, width, height = drawing.places[node]
        drawing.places[name] = (left + width - 18, top + height - 18, 36, 36)
        drawing.lanes[lane].append(name)
    return node


def _condition(when: Mapping[str, str]) -> str:
    return " and ".join(f'{question} = "{answer}"' for question, answer in when.items())


def _write_lanes(lane_set: Element, drawing: _Drawing) -> None:
    for number, (lane, members) in enumerate(drawing.lanes.items()):
        element = SubElement(lane_set, f"{{{MODEL}}}lane", {"id": f"lane_{number}", "name": lane})
        for member in members:
            SubElement(element, f"{{{MODEL}}}flowNodeRef").text = member


def _write_layout(root: Element, service: Service, drawing: _Drawing) -> None:
    diagram = SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": "diagram"})
    plane = SubElement(diagram, f"{{{DI}}}BPMNPlane", {"id": "plane", "bpmnElement": service.code})
    right = max(left + width for left, _, width, _ in drawing.places.values()) + GAP
    for number in range(len(drawing.lanes)):
        _shape(plane, f"lane_{number}", (0, number * LANE, right, LANE), {"isHorizontal": "true"})
    for name, place in drawing.places.items():
        _shape(plane, name, place, {})
    for number, (start, end, _) in enumerate(drawing.flows):
        edge = SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"flow_{number}_di", "bpmnElement": f"flow_{number}"})
        left, top, width, height = drawing.places[start]
        to_left, to_top, _, to_height = drawing.places[end]
        for x, y in ((left + width, top + height // 2), (to_left, to_top + to_height // 2)):
            SubElement(edge, f"{{{DD}}}waypoint", {"x": str(x), "y": str(y)})


def _shape(plane: Element, name: str, place: tuple[int, int, int, int], more: dict[str, str]) -> None:
    shape = SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"{name}_di", "bpmnElement": name, **more})
    values = {key: str(value) for key, value in zip(("x", "y", "width", "height"), place, strict=True)}
    SubElement(shape, f"{{{DC}}}Bounds", values)
