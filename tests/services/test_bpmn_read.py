"""What is drawn is read back as the same stages; what is not of the subset is refused by its name and line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from datong import services, spec
from datong.cli.services import app
from datong.domain.errors import BadPack

PACKS = Path(__file__).parents[2] / "packs"
SERVICES = spec.load_services(spec.load_packs(PACKS), spec.Faults())
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">\n<process id="p" name="办事">\n'
LANES = '<laneSet><lane name="health"><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet>\n'
ENDS = '<startEvent id="s"/><endEvent id="e"/>\n'


def flow(number: int, start: str, end: str, test: str = "") -> str:
    inside = f"<conditionExpression>{test}</conditionExpression>" if test else ""
    return f'<sequenceFlow id="f{number}" sourceRef="{start}" targetRef="{end}">{inside}</sequenceFlow>\n'


def drawn(*parts: str) -> bytes:
    return (HEAD + LANES + ENDS + "".join(parts) + "</process></definitions>").encode()


@pytest.mark.parametrize("code", sorted(code for code, one in SERVICES.items() if one.online))
def test_what_was_drawn_is_read_back(code: str) -> None:
    service = SERVICES[code]
    found = services.read_bpmn(services.export_bpmn(service))
    assert (found.code, found.title, found.accept_days) == (service.code, service.title.zh, service.accept_days)
    assert [(one.code, dict(one.when)) for one in found.seats] == [(one.code, dict(one.when)) for one in service.confirming.seats]
    read = [
        {(one.code, one.title, one.department, one.days, tuple(one.when.items()), one.after) for one in stage.tasks}
        for stage in found.stages
    ]
    said = [
        {(one.code, one.title.zh, one.department, one.days, tuple(one.when.items()), one.after) for one in stage.tasks}
        for stage in service.stages
    ]
    assert read == said
    again = yaml.safe_load(services.drawn_yaml(found))
    assert set(again["stages"][found.stages[0].code]["tasks"]) == {one.code for one in found.stages[0].tasks}


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (('<exclusiveGateway id="x"/>',), ("exclusiveGateway 'x'",)),
        (('<serviceTask id="x"/>', '<scriptTask id="y"/>'), ("serviceTask 'x'", "scriptTask 'y'")),
        (('<subProcess id="x"/>',), ("subProcess 'x'",)),
        (('<userTask id="a"><multiInstanceLoopCharacteristics/></userTask>',), ("multiInstanceLoopCharacteristics",)),
        (('<userTask id="a"/><boundaryEvent id="t" attachedToRef="a"><errorEventDefinition/></boundaryEvent>',), ("boundaryEvent 't'",)),
        (('<userTask id="c"/>', flow(1, "s", "c"), flow(2, "c", "e")), ("stands in no lane",)),
        (('<userTask id="a"/>', flow(1, "s", "a"), flow(2, "a", "a")), ("loops",)),
        (('<userTask id="a"/><userTask id="b"/>', flow(1, "s", "a"), flow(2, "a", "e")), ("userTask 'b': is not come to",)),
        (('<userTask id="a"/>', flow(1, "s", "a"), flow(2, "a", "nowhere")), ("'nowhere'",)),
        (
            (
                '<userTask id="a"/><userTask id="b"/><inclusiveGateway id="g"/><inclusiveGateway id="h"/>',
                flow(1, "s", "g"), flow(2, "g", "a", "amount &gt; 5"), flow(3, "g", "b"), flow(4, "a", "h"), flow(5, "b", "h"), flow(6, "h", "e"),
            ),
            ("condition",),
        ),
    ],
)  # fmt: skip
def test_what_is_not_of_the_subset_is_refused_by_name(parts: tuple[str, ...], told: tuple[str, ...]) -> None:
    with pytest.raises(BadPack) as refused:
        services.read_bpmn(drawn(*parts), "x.bpmn")
    said = str(refused.value)
    assert all(one in said for one in told) and "x.bpmn:" in said, said


def test_no_entity_is_followed() -> None:
    with pytest.raises(BadPack, match="document type"):
        services.read_bpmn(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>')


def test_the_command_prints_stages_or_says_what_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_bytes(services.export_bpmn(SERVICES["restaurant_opening"]))
    told = CliRunner().invoke(app, ["import-bpmn", str(tmp_path / "a.bpmn")])
    assert told.exit_code == 0 and set(yaml.safe_load(told.stdout)["stages"]["review"]["tasks"]) == {
        "food",
        "fire",
        "environment",
        "tobacco",
        "sign",
    }
    (tmp_path / "b.bpmn").write_bytes(drawn('<exclusiveGateway id="x"/>'))
    refused = CliRunner().invoke(app, ["import-bpmn", str(tmp_path / "b.bpmn")])
    assert refused.exit_code != 0 and "exclusiveGateway 'x'" in str(refused.exception or refused.output)
