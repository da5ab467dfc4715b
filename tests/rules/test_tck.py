"""DMN's conformance suites, read in place: level 2 whole, of level 3 at least 95 in 100 of the cases that expect a value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.shared_data import shared
from typer.testing import CliRunner

from datong import rules
from datong.cli.rules import app
from datong.spec import Faults

NOW = datetime(2026, 5, 31, 8, tzinfo=UTC)


def test_level_2_is_met_whole() -> None:
    results = list(rules.run_suites(shared("dmn-tck", "compliance-level-2"), NOW))
    assert len(results) >= 116
    assert [one for one in results if not one.passed] == []


def test_level_3_is_met() -> None:
    counts = rules.summary(list(rules.run_suites(shared("dmn-tck", "compliance-level-3"), NOW)))
    assert counts["passed_of_those"] >= 0.95 * counts["expecting_a_value"], counts
    assert counts["passed"] >= 0.95 * counts["cases"], counts


def test_suites_that_only_some_engines_meet_are_met() -> None:
    results = list(rules.run_suites(shared("dmn-tck", "non-compliant"), NOW))
    assert [one for one in results if not one.passed] == [] and len(results) == 50


def test_the_command_counts_and_names_what_failed(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["tck", str(shared("dmn-tck", "compliance-level-2", "0004-simpletable-U")), "--json", str(target)])
    assert done.exit_code == 0, done.output
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["cases"] == written["passed"] > 0 and written["failed"] == []


@pytest.mark.slow
def test_each_model_of_the_suites_written_and_read_again_answers_the_same(tmp_path: Path) -> None:
    """Round trip through our own writer: every suite still meets what it met."""
    for level in ("compliance-level-2", "compliance-level-3"):
        for path in sorted(shared("dmn-tck", level).rglob("*.dmn")):
            folder = tmp_path / path.parent.name
            folder.mkdir(exist_ok=True)
            model = rules.check_rules(path)
            (folder / path.name).write_bytes(model.write_dmn())
            for case in path.parent.glob("*-test-*.xml"):
                (folder / case.name).write_bytes(case.read_bytes())
            again = rules.check_rules(folder / path.name)
            assert again.version == model.version, path.name
    counts = rules.summary(list(rules.run_suites(tmp_path, NOW)))
    assert counts["passed_of_those"] >= 0.95 * counts["expecting_a_value"], counts


def test_a_suite_of_an_unknown_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.dmn").write_text("<a/>", encoding="utf-8")
    model = rules.check_rules(tmp_path / "x.dmn")
    assert [fault.message for fault in model.faults] == ["the file is no DMN model: its root is <definitions> of a DMN namespace"]
    assert Faults().found == []
