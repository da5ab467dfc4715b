"""Hit policies, and DMN's XML: read with faults named, written so that it is drawn."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from datong import rules
from datong.domain.errors import BadPack

TABLE = """rules: bands
facts: {{score: {{type: number}}}}
decisions:
  band:
    hit: {hit}
    reference: law 1
    outputs: {{band: {{type: {type}, values: {values}}}}}
    rules:
      - {{id: low, if: {{score: "> 0"}}, then: {{band: {a}}}}}
      - {{id: mid, if: {{score: "> 10"}}, then: {{band: {b}}}}}
      - {{id: high, if: {{score: "> 20"}}, then: {{band: {c}}}}}
"""


def decided(tmp_path: Path, hit: str, score: int, values: tuple[Any, Any, Any] = (1, 2, 3)) -> rules.Decided:
    path = tmp_path / "bands.yml"
    listed = "[3, 2, 1]" if hit in ("priority", "output order") else "[]"
    path.write_text(TABLE.format(hit=hit, type="number", values=listed, a=values[0], b=values[1], c=values[2]), encoding="utf-8")
    return rules.read_rules(path).decide("band", {"score": score})


@pytest.mark.parametrize(
    ("hit", "score", "outcome", "applied"),
    [
        ("unique", 5, 1, ["low"]),
        ("unique", 15, None, []),
        ("any", 15, None, []),
        ("first", 25, 1, ["low"]),
        ("priority", 15, 2, ["mid"]),
        ("rule order", 25, [1, 2, 3], ["low", "mid", "high"]),
        ("output order", 25, [3, 2, 1], ["high", "mid", "low"]),
        ("collect", 15, [1, 2], ["low", "mid"]),
        ("sum", 25, 6, ["low", "mid", "high"]),
        ("least", 25, 1, ["low", "mid", "high"]),
        ("greatest", 25, 3, ["low", "mid", "high"]),
        ("count", 15, 2, ["low", "mid"]),
        ("count", 0, 0, []),
        ("collect", 0, [], []),
        ("first", 0, None, []),
    ],
)
def test_each_hit_policy(tmp_path: Path, hit: str, score: int, outcome: Any, applied: list[str]) -> None:
    found = decided(tmp_path, hit, score)
    assert found.outcome == outcome
    assert [one.rule for one in found.rules] == applied


def test_rules_that_say_the_same_may_all_apply(tmp_path: Path) -> None:
    found = decided(tmp_path, "any", 15, (7, 7, 8))
    assert found.outcome == 7 and found.rules[0].rule == "low"
    clash = decided(tmp_path, "unique", 15)
    assert clash.notes == ("rules low, mid all apply where only one may",)


def test_the_written_model_is_drawn() -> None:
    model = rules.read_rules(Path(__file__).parent / "allowance.yml")
    root = ElementTree.fromstring(model.write_dmn())
    spaces = {"m": "https://www.omg.org/spec/DMN/20191111/MODEL/", "d": "https://www.omg.org/spec/DMN/20191111/DMNDI/"}
    elements = {one.get("id") for one in root.iter() if one.get("id")}
    drawn = [one.get("dmnElementRef") for one in root.iter() if one.get("dmnElementRef")]
    assert set(drawn) <= elements and len(drawn) == len(set(drawn))
    assert {one.get("id") for one in root.findall("m:decision", spaces)} <= set(drawn)
    assert len(root.findall(".//d:DMNEdge", spaces)) == len(root.findall(".//m:informationRequirement", spaces)) + 2
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run dmn-moddle")
def test_bpmn_io_s_own_reader_opens_it_without_complaint(tmp_path: Path) -> None:
    path = tmp_path / "a.dmn"
    model = rules.read_rules(Path(__file__).parent / "allowance.yml")
    path.write_bytes(model.write_dmn())
    script = Path(__file__).parent / "open.mjs"
    done = subprocess.run([str(shutil.which("node")), str(script), str(path)], capture_output=True, text=True, timeout=60, check=True)
    (told,) = json.loads(done.stdout)
    assert told["complaints"] == []
    assert told["elements"] == len(model.definitions.elements()) + 2 and told["shapes"] > told["elements"]


BAD = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="bad" namespace="urn:bad">
  <import name="other" namespace="urn:none" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
  <inputData id="i" name="i"><variable name="i" typeRef="unheard"/></inputData>
  <decision id="d" name="d"><variable name="d"/><oracle/>
    <informationRequirement><requiredInput href="#gone"/></informationRequirement>
    <decisionTable hitPolicy="SOMETIMES">
      <input><inputExpression><text>i +</text></inputExpression></input>
      <output/>
      <rule><inputEntry><text>1</text></inputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def test_faults_of_a_model_are_told_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "bad.dmn"
    path.write_text(BAD, encoding="utf-8")
    with pytest.raises(BadPack) as told:
        rules.read_rules(path)
    found = [str(one) for one in told.value.faults]
    for line, words in (
        (3, "'urn:none' is not found"),
        (4, "there is no type 'unheard'"),
        (5, "needs 'gone', which is not there"),
        (5, "<oracle> is not known within <decision>"),
        (7, "'SOMETIMES'"),
        (8, "a value is expected"),
        (10, "has not as many cells"),
    ):
        assert any(fault.startswith(f"bad.dmn:{line}:") and words in fault for fault in found), (line, words, found)


def test_an_imported_model_is_used_under_its_name(tmp_path: Path) -> None:
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="{0}" namespace="urn:{0}" id="{0}">{1}</definitions>'
    inner = """<inputData id="age" name="age"><variable name="age" typeRef="number"/></inputData>
    <decision id="adult" name="adult"><variable name="adult"/><informationRequirement><requiredInput href="#age"/></informationRequirement>
    <literalExpression><text>age >= 18</text></literalExpression></decision>""".replace(">=", "&gt;=")
    outer = """<import name="base" namespace="urn:base" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
    <decision id="may" name="may"><variable name="may"/><informationRequirement><requiredDecision href="urn:base#adult"/>
    </informationRequirement><literalExpression><text>if base.adult then "yes" else "no"</text></literalExpression></decision>"""
    (tmp_path / "base.dmn").write_text(head.format("base", inner), encoding="utf-8")
    (tmp_path / "main.dmn").write_text(head.format("main", outer), encoding="utf-8")
    model = rules.read_rules(tmp_path / "main.dmn")
    assert model.decide("may", {"age": 20}).outcome == "yes"
    assert model.decide("may", {"base": {"age": 17}}).outcome == "no"
