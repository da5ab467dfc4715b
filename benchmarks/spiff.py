"""SpiffWorkflow on five parallel tasks, its state loaded, stepped and saved at each step: the measure beside `benchmarks.cases`."""

from __future__ import annotations

import json
import resource
import sqlite3
import time
from pathlib import Path

PROCESS = """<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">
<bpmn:process id="five" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>{tasks}
<bpmn:endEvent id="e"/><bpmn:sequenceFlow id="a" sourceRef="s" targetRef="split"/><bpmn:sequenceFlow id="z" sourceRef="join" targetRef="e"/>{flows}
</bpmn:process></bpmn:definitions>"""


def process() -> bytes:
    """The process as BPMN."""
    tasks = "".join(f'<bpmn:manualTask id="t{number}"/>' for number in range(5))
    flows = "".join(
        f'<bpmn:sequenceFlow id="i{number}" sourceRef="split" targetRef="t{number}"/>'
        f'<bpmn:sequenceFlow id="o{number}" sourceRef="t{number}" targetRef="join"/>'
        for number in range(5)
    )
    return PROCESS.format(tasks=tasks, flows=flows).encode()


def measure(path: Path, count: int) -> tuple[float, float] | None:
    """Cases a second and processor seconds a case; nothing when SpiffWorkflow is not installed."""
    try:
        from lxml import etree
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState
    except ImportError:
        print("   SpiffWorkflow is not installed: no comparison")
        return None
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(process()))
    spec = parser.get_spec("five")
    serializer = BpmnWorkflowSerializer()
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE state (number INTEGER PRIMARY KEY, body TEXT)")

    def save(number: int, workflow: BpmnWorkflow) -> None:
        body = serializer.serialize_json(workflow)
        with store:
            store.execute("INSERT INTO state VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET body = excluded.body", (number, body))

    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    for number in range(count):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        save(number, workflow)
        for _ in range(5):
            (body,) = store.execute("SELECT body FROM state WHERE number = ?", (number,)).fetchone()
            workflow = serializer.deserialize_json(body)
            workflow.get_next_task(state=TaskState.READY, manual=True).run()
            workflow.do_engine_steps()
            save(number, workflow)
        assert workflow.is_completed(), json.dumps({"case": number})
    now = resource.getrusage(resource.RUSAGE_SELF)
    wall, processor = time.perf_counter() - began, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print(
        f"SpiffWorkflow, five branches, saved at each step: {count} cases, {count / wall:.0f}/s, {1000 * processor / count:.2f} ms cpu a case"
    )
    return count / wall, processor / count
