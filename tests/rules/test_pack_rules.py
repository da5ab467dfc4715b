"""A pack's rule file: decided with rule, law, facts and version; dated values; replay; faults with their lines."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from datong import rules
from datong.cli.rules import app
from datong.domain.errors import BadPack, BadValue, Missing

ALLOWANCE = Path(__file__).parent / "allowance.yml"
FACTS: dict[str, Any] = {
    "household_kind": "local",
    "members": 3,
    "monthly_income": 3000,
    "deposits": Decimal("50000.50"),
    "cars": 0,
    "disabled": False,
}
DAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def model() -> rules.Model:
    return rules.read_rules(ALLOWANCE)


def test_a_decision_tells_outcome_rule_law_facts_and_version(model: rules.Model) -> None:
    decided = model.decide("verdict", FACTS, DAY)
    assert decided.outcome == {"outcome": "granted", "reason": "收入低于标准"}
    assert [(hit.rule, hit.reference) for hit in decided.rules] == [("M05", "办法 第二条")]
    assert decided.references == ("某民发〔2026〕3号", "办法 第二条")
    assert decided.facts == {**FACTS, "deposits": "50000.5", "on": "2026-05-01"}
    assert [step.decision for step in decided.steps] == ["line", "deposit_limit", "verdict"]
    assert decided.version == model.version and len(model.version) == 64
    assert decided.missing == () and decided.notes == ()


def test_the_days_law_counts(model: rules.Model) -> None:
    facts = {**FACTS, "monthly_income": 3800}
    assert model.decide("verdict", facts, date(2026, 1, 1)).rules[0].rule == "M05"
    assert model.decide("verdict", facts, date(2025, 12, 31)).rules[0].rule == "verdict/otherwise"
    before = model.decide("line", {}, date(2024, 12, 31))
    assert before.outcome is None and before.notes == ("no rule applies",)


def test_a_fact_that_is_missing_or_no_word_of_the_list_is_told(model: rules.Model) -> None:
    missing = model.decide("verdict", {key: value for key, value in FACTS.items() if key != "cars"}, DAY)
    assert missing.missing == ("cars",) and "the fact 'cars' is not given" in missing.notes
    wrong = model.decide("verdict", {**FACTS, "household_kind": "foreign"}, DAY)
    assert any(note.startswith("household_kind is not") for note in wrong.notes)


def test_replay_gives_the_same_or_says_which_fact_changed(model: rules.Model) -> None:
    kept = json.loads(json.dumps(model.decide("verdict", FACTS, DAY).as_data()))
    again = rules.replay(model, kept, kept["facts"])
    assert again.same and not again.changed and not again.version_changed
    other = rules.replay(model, kept, {**FACTS, "cars": 1}, DAY)
    assert not other.same
    assert other.changed == (rules.Change("cars", 0, 1),)
    assert other.why() == "the fact cars changed"


def test_the_version_is_of_the_content_not_of_the_file(tmp_path: Path, model: rules.Model) -> None:
    text = ALLOWANCE.read_text(encoding="utf-8")
    moved = tmp_path / "other.yml"
    moved.write_text("# a remark\n" + text, encoding="utf-8")
    assert rules.read_rules(moved).version == model.version
    moved.write_text(text.replace("value: 1290", "value: 1300"), encoding="utf-8")
    assert rules.read_rules(moved).version != model.version
    (tmp_path / "a.dmn").write_bytes(model.write_dmn())
    assert rules.read_rules(tmp_path / "a.dmn").version == model.version


def test_an_unknown_decision_and_a_strange_fact_are_refused(model: rules.Model) -> None:
    with pytest.raises(Missing, match="it has line, deposit_limit, verdict"):
        model.decide("verdikt", FACTS)
    with pytest.raises(BadValue, match="members"):
        model.decide("verdict", {**FACTS, "members": object()})
    with pytest.raises(BadValue, match="members"):
        model.decide("verdict", {**FACTS, "members": float("nan")})


def faults_of(text: str, path: Path) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadPack) as told:
        rules.read_rules(path)
    return [str(fault) for fault in told.value.faults]


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    text = """rules: broken
colour: red
facts:
  a: {type: number}
  b: {type: numbr}
values:
  line:
    type: number
    dated:
      - {from: 2025-01-01, to: 2025-12-31, value: 1}
      - {from: 2025-06-01, value: 2, reference: x}
decisions:
  one:
    hit: sometimes
    type: number
    rules:
      - {id: R1, if: {a: "> c"}, then: 1}
      - {id: R1, if: {nothing: 1}, then: "2 +", reference: y}
  two: {is: "one + missing"}
"""
    found = faults_of(text, tmp_path / "broken.yml")
    for line, words in (
        (2, "'colour' is not known"),
        (5, "there is no type 'numbr'"),
        (10, "`reference:`"),
        (11, "overlaps the one of line 10"),
        (14, "`hit:` is one of"),
        (17, "nothing is called 'c'"),
        (17, "a rule needs `reference:`"),
        (18, "'nothing' is no fact"),
        (18, "'R1' stands twice"),
        (18, "a value is expected"),
        (19, "nothing is called 'missing'"),
    ):
        assert any(fault.startswith(f"broken.yml:{line}:") and words in fault for fault in found), (line, words, found)


def test_a_decision_that_needs_itself_is_a_fault(tmp_path: Path) -> None:
    found = faults_of("rules: r\ndecisions:\n  a: {is: b + 1}\n  b: {is: a + 1}\n", tmp_path / "r.yml")
    assert any("needs itself" in fault for fault in found)


FUNCTIONS = """rules: fees
facts:
  days: {type: number}
  seats: {type: list, list: number}
functions:
  fee: {parameters: {count: number}, type: number, is: "if count > 3 then 10 + (count - 3) * 2 else 10"}
  sum_to: {parameters: {n: number}, is: "if n < 1 then 0 else n + sum_to(n - 1)"}
decisions:
  total: {is: "fee(days) * 2", type: number}
  all_seats: {is: "sum(for one in seats return fee(count: one))"}
  triangle: {is: sum_to(days)}
"""


def test_functions_are_called_written_out_in_sql_and_may_call_themselves(tmp_path: Path) -> None:
    path = tmp_path / "fees.yml"
    path.write_text(FUNCTIONS.replace("{type: list, list: number}", "{list: number}"), encoding="utf-8")
    model = rules.read_rules(path)
    assert model.decide("total", {"days": 5}).outcome == 28
    assert model.quick("total").generated and model.quick("total")({"days": 5}) == (28, ())
    assert "CASE" in model.sql("total", {"days": "days"})
    assert model.decide("all_seats", {"seats": [1, 4]}).outcome == 22
    assert model.decide("triangle", {"days": 10}).outcome == 55
    assert not model.quick("triangle").generated and model.quick("triangle")({"days": 4}) == (10, ())
    endless = model.decide("triangle", {"days": 10**9})
    assert endless.outcome is None and any("without end" in note for note in endless.notes)
    assert model.needed("all_seats") == ("seats",)


FAMILY = """rules: family
types:
  person: {fields: {name: string, age: number, answer: string}}
facts:
  people: {list: person}
  born: {type: date}
  code: {type: string}
decisions:
  children: {is: "count(people[age < 18])", type: number}
  told:
    type: string
    hit: first
    reference: law
    rules:
      - {if: {code: 001}, then: one}
      - {if: {code: yes}, then: no}
      - {if: {born: ">= 2000-01-01"}, then: = "young " + code}
      - {if: {born: [1990-05-01, 1991-05-01]}, then: listed}
"""


def test_parts_lists_days_and_words_that_yaml_would_take_for_others(tmp_path: Path) -> None:
    path = tmp_path / "family.yml"
    path.write_text(FAMILY, encoding="utf-8")
    model = rules.read_rules(path)
    people = [{"name": "a", "age": 3, "answer": "x"}, {"name": "b", "age": "40", "answer": "y"}]
    assert model.decide("children", {"people": people}).outcome == 1
    assert "people" in model.decide("children", {"people": "nobody"}).notes[0]
    said = [model.decide("told", facts).outcome for facts in (
        {"code": "001", "born": "1980-01-01"},
        {"code": "yes", "born": None},
        {"code": "x", "born": date(2001, 1, 1)},
        {"code": "x", "born": "1991-05-01"},
    )]  # fmt: skip
    assert said == ["one", "no", "young x", "listed"]
    (tmp_path / "family.dmn").write_bytes(model.write_dmn())
    assert rules.read_rules(tmp_path / "family.dmn").version == model.version


def test_what_is_far_too_long_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "long.yml"
    path.write_text("rules: r\nfacts: {a: {type: number}}\ndecisions:\n  x: {is: '" + "a + " * 5000 + "a'}\n", encoding="utf-8")
    with pytest.raises(BadPack, match="far too long"):
        rules.read_rules(path)
    path.write_text("rules: r\nfacts: {a: {type: number}}\ndecisions:\n  x: {is: '" + "(" * 25 + "a" + ")" * 25 + "'}\n", encoding="utf-8")
    assert rules.read_rules(path).decide("x", {"a": 1}).outcome == 1


def test_the_commands_check_decide_and_export(tmp_path: Path) -> None:
    run = CliRunner().invoke
    checked = run(app, ["check", str(ALLOWANCE)])
    assert checked.exit_code == 0 and "no faults" in checked.output and "household_kind" in checked.output
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({**FACTS, "deposits": 50000}), encoding="utf-8")
    told = run(app, ["decide", str(ALLOWANCE), "verdict", "--facts", str(facts), "--on", "2026-05-01"])
    assert told.exit_code == 0, told.output
    assert "rule M05  办法 第二条" in told.output and "fact members = 3" in told.output
    data = json.loads(run(app, ["decide", str(ALLOWANCE), "verdict", "--facts", str(facts), "--on", "2026-05-01", "--json"]).output)
    assert data["rules"][0]["rule"] == "M05" and data["facts"]["on"] == "2026-05-01"
    target = tmp_path / "out.dmn"
    assert run(app, ["export", str(ALLOWANCE), str(target)]).exit_code == 0
    assert run(app, ["check", str(target)]).exit_code == 0
    target.write_text("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", encoding="utf-8")
    refused = run(app, ["check", str(target)])
    assert refused.exit_code == 1 and "document type" in refused.output
