"""requests.yml and sandbox.yml are checked as a whole: a clock longer than the regulation's, a dead end, a withheld item without a law."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.share.conftest import PACKS, packs

from datong import share
from datong.share.requests.rules import read_request_rules
from datong.spec import Faults, load_packs


def faults_of(tmp_path: Path, old: str, new: str, file: str = "requests.yml") -> list[str]:
    folder = tmp_path / "packs"
    shutil.copytree(PACKS, folder)
    path = folder / "registers" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(fault) for fault in share.check_sharing(load_packs(folder))]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "    days: 10\n    most: 10\n    extension: 10",
            "    days: 12\n    most: 10\n    extension: 10",
            "a local rule may only be shorter",
        ),
        ("kind: law, why", "kind: rule, why", "by a law, an administrative regulation or a State Council decision only"),
        ("resource: civil_adoption", "resource: no_such_resource", "no source describes the resource 'no_such_resource'"),
        ("fields: [tax_status]", "fields: [tax_paid]", "'tax_paid' is no field of the register 'organisation'"),
        ("    by: [manager]\n    after", "    by: [mayor]\n    after", "names 'mayor', which is not known"),
        ("    to: delivered", "    to: agreed", "no act leads to the state 'delivered'"),
        ("hours: {from: 7, to: 21", "hours: {from: 21, to: 7", "the hours of work must begin before they end"),
    ],
)
def test_what_contradicts_itself_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    found = faults_of(tmp_path, old, new)
    assert any(told in one and one.startswith("registers/requests.yml:") for one in found), found


def test_a_sample_with_a_field_no_register_has_is_told(tmp_path: Path) -> None:
    found = faults_of(tmp_path, "sex: female", "shoe_size: 38", "sandbox.yml")
    assert any("'shoe_size' is no field" in one for one in found), found


def test_a_shorter_local_clock_is_taken(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "    days: 20\n    most: 20", "    days: 8\n    most: 20") == []


def test_the_regulations_numbers_are_the_packs() -> None:
    faults = Faults()
    rules = read_request_rules(packs(), faults)
    assert faults.found == []
    days = {code: (one.days, one.extension) for code, one in rules.clocks.items()}
    assert days["answer_unconditional"] == (1, 10) and days["answer_conditional"] == (10, 10) and days["delivery"] == (20, 0)
    assert len(rules.mediation) == 4 and {one.basis_kind for one in rules.classes if one.kind == "withheld"} <= {"law", "regulation"}
