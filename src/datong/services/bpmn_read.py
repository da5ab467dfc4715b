"""A process drawn elsewhere, read as the stages of a service: a stated subset of BPMN 2.0, everything else refused by its name and line.

Taken: one process with a plain start and end, user tasks in lanes (a lane is a department's code, or 当事人 for parties that confirm),
parallel and inclusive gateways that split and join again, conditions like `sign = "yes"`, and timers on a task's border that do not
interrupt it (`P10D`: statutory working days). Layout, notes and other tools' extensions are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from datong.domain.errors import BadPack, Fault
from datong.rules import BadXml, XmlNode, read_xml
from datong.services.state import ACCEPTANCE

PARTIES = "当事人"
TASKS, GATEWAYS = ("userTask", "task"), ("parallelGateway", "inclusiveGateway")
NOTES = ("documentation", "extensionElements", "textAnnotation", "association", "group", "ioSpecification", "property", "category")
_ENDS = ("startEvent", "endEvent")
_DAYS = re.compile(r"P(\d{1,3})D")
_TEST = re.compile(r'\s*([a-z_][a-z0-9_]*)\s*=\s*"([^"]*)"\s*')
_PREFIX = re.compile(r"^(?:userTask|task|parallelGateway|inclusiveGateway)_")


@dataclass(frozen=True)
class DrawnTask:
    """One task as drawn: `when` (question → answer) and `after` (tasks of its stage) as a service.yml has them."""

    code: str
    title: str
    department: str
    days: int = 0
    when: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawnStage:
    """Tasks that run side by side."""

    code: str
    title: str
    tasks: tuple[DrawnTask, ...]


@dataclass(frozen=True)
class Drawn:
    """A process: who confirms first, how long acceptance takes, and its stages in order."""

    code: str
    title: str
    seats: tuple[DrawnTask, ...]
    accept_days: int
    stages: tuple[DrawnStage, ...]


@dataclass
class _Process:
    """What stands in the file, by id."""

    file: str
    nodes: dict[str, XmlNode] = field(default_factory=dict)
    out: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    into: dict[str, list[str]] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, node: XmlNode, why: str) -> None:
        """Refuse something by its name and line."""
        self.faults.append(Fault(self.file, node.line, f"{node.name} {node.get('id')!r}: {why}"))


def read_bpmn(content: bytes, file: str = "file") -> Drawn:
    """The process of a BPMN 2.0 file. Raises BadPack with everything that is not taken, each by name and line."""
    try:
        root = read_xml(content)
    except BadXml as error:
        raise BadPack([Fault(file, error.line, error.reason)]) from None
    found = _Process(file)
    processes = list(root.all("process"))
    for one in root.children:
        if one.name not in ("process", "BPMNDiagram", "collaboration", *NOTES):
            found.fault(one, "is not taken; draw one process with user tasks, gateways and timers")
        if one.name == "collaboration":
            for part in one.children:
                if part.name not in ("participant", *NOTES):
                    found.fault(part, "is not taken: messages between processes are not drawn here")
    if len(processes) != 1:
        raise BadPack([*found.faults, Fault(file, root.line, f"there are {len(processes)} processes; draw one")])
    _collect(found, processes[0])
    drawn = None if found.faults else _walk(found, processes[0])
    if found.faults or drawn is None:
        raise BadPack(sorted(found.faults, key=lambda one: (one.line, one.message)))
    return drawn


def _collect(found: _Process, process: XmlNode) -> None:
    """Everything of the process, and what is not of the subset."""
    for one in process.children:
        if one.name == "sequenceFlow":
            start, end = one.get("sourceRef"), one.get("targetRef")
            found.out.setdefault(start, []).append((end, one.text_of("conditionExpression"), one.line))
            found.into.setdefault(end, []).append(start)
        elif one.name == "laneSet":
            _lanes(found, one)
        elif one.name == "boundaryEvent":
            _timer(found, one)
        elif one.name in (*TASKS, *GATEWAYS, *_ENDS):
            found.nodes[one.get("id")] = one
            for inside in one.children:
                if inside.name not in ("incoming", "outgoing", *NOTES):
                    found.fault(inside, f"within a {one.name} is not taken")
        elif one.name not in NOTES:
            found.fault(one, "is not taken; user tasks, parallel and inclusive gateways, timers on a border, a start and an end are")
    for start, flows in found.out.items():
        for end, _, line in flows:
            for name in (start, end):
                if name not in found.nodes:
                    found.faults.append(Fault(found.file, line, f"a flow leads to or from {name!r}, which is not there"))


def _lanes(found: _Process, lane_set: XmlNode) -> None:
    for lane in lane_set.all("lane"):
        if lane.first("childLaneSet"):
            found.fault(lane, "has lanes within; draw one row of lanes")
        for ref in lane.all("flowNodeRef"):
            found.lanes[ref.text.strip()] = lane.get("name")


def _timer(found: _Process, event: XmlNode) -> None:
    timer = event.first("timerEventDefinition")
    told = _DAYS.fullmatch(timer.text_of("timeDuration")) if timer is not None else None
    if event.get("cancelActivity") != "false" or told is None:
        found.fault(event, "only a timer that does not interrupt, with a duration like P10D, is taken on a border")
        return
    found.days[event.get("attachedToRef")] = int(told[1])


def _walk(found: _Process, process: XmlNode) -> Drawn | None:
    """From the start to the end, stage by stage."""
    starts = [one for one in found.nodes.values() if one.name == "startEvent"]
    if len(starts) != 1:
        found.fault(process, f"has {len(starts)} start events; draw one")
        return None
    seats: tuple[DrawnTask, ...] = ()
    accept, stages, reached = 0, [], {starts[0].get("id")}
    here = _only(found, starts[0])
    while here is not None and here.name != "endEvent":
        if here.get("id") in reached:
            found.fault(here, "is come to again: loops are not taken")
            return None
        reached.add(here.get("id"))
        if here.name in TASKS:
            task = _task(found, here, {}, ())
            if task.code == ACCEPTANCE:
                accept = task.days
            else:
                stages.append(DrawnStage(task.code, task.title, (task,)))
            here = _only(found, here)
            continue
        tasks, join, inside = _region(found, here)
        reached |= inside
        if join is None:
            return None
        if tasks and all(one.department == PARTIES for one in tasks):
            seats = tasks
        else:
            stages.append(DrawnStage(_code(here.get("id")).removesuffix("_split"), here.get("name"), tasks))
        here = _only(found, join)
    reached |= {here.get("id")} if here is not None else set()
    for name, node in found.nodes.items():
        if name not in reached and here is not None:
            found.fault(node, "is not come to from the start")
    return Drawn(process.get("id"), process.get("name"), seats, accept, tuple(stages))


def _only(found: _Process, node: XmlNode) -> XmlNode | None:
    """What follows where one thing must."""
    flows = found.out.get(node.get("id"), [])
    if len(flows) != 1 or flows[0][1]:
        found.fault(node, "must have one way on, without a condition; use a gateway where there are several")
        return None
    return found.nodes.get(flows[0][0])


def _region(found: _Process, split: XmlNode) -> tuple[tuple[DrawnTask, ...], XmlNode | None, set[str]]:
    """The tasks between a gateway and the one of its kind where all ways meet again."""
    order, waiting, joins = [], [one[0] for one in found.out.get(split.get("id"), [])], {}
    while waiting:
        name = waiting.pop(0)
        node = found.nodes[name]
        if node.name in TASKS:
            if name not in order:
                order.append(name)
                waiting += [one[0] for one in found.out.get(name, [])]
        elif node.name == split.name:
            joins[name] = node
        else:
            found.fault(node, f"stands between the {split.name} {split.get('id')!r} and its join; only tasks are taken there")
            return (), None, set(order)
    if len(joins) != 1:
        found.fault(split, f"its ways meet in {len(joins)} gateways of its kind; they must meet in one")
        return (), None, set(order)
    (join,) = joins.values()
    tests = {end: (test, line) for start in (*order, split.get("id")) for end, test, line in found.out.get(start, [])}
    if split.name == "parallelGateway" and any(test for test, _ in tests.values()):
        found.fault(split, "all its ways are taken: a condition needs an inclusiveGateway")
    tasks = []
    for name in order:
        after = tuple(_code(one) for one in found.into[name] if one in order)
        tasks.append(_task(found, found.nodes[name], _when(found, split, *tests.get(name, ("", 0))), after))
    return tuple(tasks), join, {*order, join.get("id")}


def _when(found: _Process, split: XmlNode, test: str, line: int) -> dict[str, str]:
    when = {}
    for part in test.split(" and ") if test else ():
        told = _TEST.fullmatch(part.removeprefix("="))
        if told is None:
            found.faults.append(Fault(found.file, line, f'condition {test!r}: write question = "answer", joined by and'))
            return {}
        when[told[1]] = told[2]
    return when


def _task(found: _Process, node: XmlNode, when: Mapping[str, str], after: tuple[str, ...]) -> DrawnTask:
    name = node.get("id")
    lane = found.lanes.get(name, "")
    if not lane:
        found.fault(node, "stands in no lane; the lane says whose task it is")
    code = _code(name)
    return DrawnTask(code.removeprefix("seat_") if lane == PARTIES else code, node.get("name"), lane, found.days.get(name, 0), when, after)


def _code(identifier: str) -> str:
    """A drawn id as a name in a pack."""
    return re.sub(r"[^a-z0-9_]+", "_", _PREFIX.sub("", identifier).lower()).strip("_") or "task"


def drawn_yaml(drawn: Drawn) -> str:
    """The stages as a service.yml has them, to be filled up with what each department sees and the articles."""
    lines = [f"    accept_days: {drawn.accept_days}"]
    if drawn.seats:
        lines += ["    confirming:", "      seats:"]
        for seat in drawn.seats:
            title = f"title: {{zh: {_quoted(seat.title)}, en: {seat.code}}}"
            lines += [f"        {seat.code}:", f"          {title}", "          consequence: {zh: 请写明确认的后果, en: Say what it means}"]
            lines += [f"          when: {_mapping(seat.when)}"] if seat.when else []
    lines.append("    stages:")
    for stage in drawn.stages:
        lines += [
            f"      {stage.code}:",
            f"        title: {{zh: {_quoted(stage.title or stage.code)}, en: {stage.code}}}",
            "        tasks:",
        ]
        for task in stage.tasks:
            lines += [f"          {task.code}:", f"            title: {{zh: {_quoted(task.title or task.code)}, en: {task.code}}}"]
            lines += [f"            department: {task.department}", f"            days: {task.days}", f"            promised: {task.days}"]
            lines += [f"            when: {_mapping(task.when)}"] if task.when else []
            lines += [f"            after: [{', '.join(task.after)}]"] if task.after else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "") + '"'


def _mapping(when: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{question}: "{answer}"' for question, answer in when.items()) + "}"
