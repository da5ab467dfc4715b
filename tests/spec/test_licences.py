"""Licence types as packs say them: the city's own load whole and fast, and every fault is told with its file and line."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from datong.spec import LicenceType, check_packs, load_packs

PACKS = Path(__file__).parents[2] / "packs"


def test_the_citys_catalogue_has_148_types_at_least_with_sources_and_34_at_least_are_issued() -> None:
    types = load_packs(PACKS).licences.values()
    assert len(types) >= 148
    assert len({one.department for one in types}) >= 16
    assert sum(one.live for one in types) >= 34
    assert all("《" in one.basis for one in types)
    assert len({one.type_code for one in types}) == len(types)


FAULTS = (
    ('number: "1"', "number: write three digits"),
    ("department: moon", "department: 'moon' is not known"),
    ("holder: ghost", "holder: 'ghost' is not known"),
    ("basis: 某办法", "basis: name the act in 《》"),
    ("authority: 11370300MB9D11103X", "authority: not a sound"),
    ("valid: {years: 1, days: 2}", "valid: write one of"),
    ("valid: {years: 0}", "'years' must be a whole number of 1 or more"),
    ("remind: [soon]", "is no number of days"),
    ("parts: [nothing]", "which is no licence type"),
    ("colour: red", "unknown key 'colour'"),
    ("facts: {iss: {zh: 甲, en: A}}", "fact 'iss'"),
    ("facts: {name: {zh: 甲, en: A, from: moon}}", "from names 'moon'"),
    ("facts: {name: {zh: 甲, en: A, type: picture}}", "type: 'picture' is not known"),
)


@pytest.mark.parametrize(("line", "said"), FAULTS)
def test_each_fault_is_told_with_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    shutil.copytree(PACKS, tmp_path / "packs")
    good = ['number: "901"', "title: {zh: 甲证, en: A}", "department: police", "holder: person", "basis: 《甲法》第一条"]
    key = line.split(":", 1)[0]
    lines = [one for one in good if not one.startswith(f"{key}:")] + [line]
    place = tmp_path / "packs" / "licences" / "types" / "zz.yml"
    place.write_text("types:\n  some_card:\n" + "".join(f"    {one}\n" for one in lines), encoding="utf-8")
    faults = check_packs(tmp_path / "packs")
    found = [one for one in faults if said in one.message]
    assert found, [str(one) for one in faults]
    assert found[0].file == "licences/types/zz.yml"
    assert found[0].line >= 2


def test_two_types_cannot_share_code_or_number(tmp_path: Path) -> None:
    shutil.copytree(PACKS, tmp_path / "packs")
    body = 'types:\n  {}: {{number: "001", title: {{zh: 甲, en: A}}, department: police, holder: person, basis: 《甲法》}}\n'
    folder = tmp_path / "packs" / "licences" / "types"
    (folder / "zz.yml").write_text(body.format("residence_permit"), encoding="utf-8")
    (folder / "zzz.yml").write_text(body.format("another"), encoding="utf-8")
    told = [one.message for one in check_packs(tmp_path / "packs")]
    assert any("already given by" in one for one in told)
    assert any("already that of" in one for one in told)


@pytest.mark.parametrize(
    ("term", "first", "last"),
    [
        ((1, "years"), date(2024, 2, 29), date(2025, 2, 28)),
        ((6, "months"), date(2026, 8, 31), date(2027, 2, 28)),
        ((30, "days"), date(2026, 1, 1), date(2026, 1, 30)),
        ((5, "years"), date(2026, 11, 3), date(2031, 11, 2)),
        ((1, "months"), date(2026, 11, 30), date(2026, 12, 29)),
        ((1, "months"), date(2026, 12, 31), date(2027, 1, 30)),
        ((0, ""), date(2026, 11, 3), None),
    ],
)
def test_the_last_day_of_a_term(term: tuple[int, str], first: date, last: date | None) -> None:
    assert LicenceType("a", "001", "", "甲", "A", "police", "person", "《甲法》", term=term).last_day(first) == last
