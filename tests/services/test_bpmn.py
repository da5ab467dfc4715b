"""Every item that runs can be drawn: each thing has its place, each flow leads somewhere, everything is reached."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from datong import services, spec

PACKS = Path(__file__).parents[2] / "packs"
SERVICES = spec.load_services(spec.load_packs(PACKS), spec.Faults())
B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
D = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@pytest.mark.parametrize("code", sorted(SERVICES))
def test_an_item_is_drawn_whole(code: str) -> None:
    service = SERVICES[code]
    root = ElementTree.fromstring(services.export_bpmn(service))
    process = root.find(f"{B}process")
    assert process is not None
    nodes = {one.get("id"): one for one in process if one.tag.removeprefix(B) not in ("laneSet", "sequenceFlow")}
    flows = process.findall(f"{B}sequenceFlow")
    assert {f"userTask_{task.code}" for task in service.tasks} <= set(nodes)
    assert all(one.get("sourceRef") in nodes and one.get("targetRef") in nodes for one in flows)
    reached, waiting = set(), {"startEvent_start"}
    while waiting:
        reached |= waiting
        waiting = {str(one.get("targetRef")) for one in flows if one.get("sourceRef") in waiting} - reached
    assert {name for name in nodes if not str(name).startswith("timer_")} <= reached and "endEvent_end" in reached
    shapes = {one.get("bpmnElement") for one in root.iter(f"{D}BPMNShape")}
    edges = {one.get("bpmnElement") for one in root.iter(f"{D}BPMNEdge")}
    assert set(nodes) <= shapes and {one.get("id") for one in flows} == edges
    lanes = [ref.text for lane in root.iter(f"{B}lane") for ref in lane]
    assert sorted(lanes) == sorted(str(name) for name in nodes), "each thing stands in one lane"
