"""Agreements are checked as a whole: every fault at once, each with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.share.conftest import PACKS, packs

from datong import share
from datong.domain.errors import BadPack
from datong.spec import load_packs


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "packs"
    shutil.copytree(PACKS, folder)
    return folder


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(BadPack) as caught:
        share.load_sharing(load_packs(folder))
    return [str(fault) for fault in caught.value.faults]


def add(folder: Path, text: str) -> None:
    target = folder / "extra"
    target.mkdir()
    (target / "agreements.yml").write_text("agreements:\n" + text, encoding="utf-8")


GOOD = """  extra_one:
    title: {{zh: 甲, en: A}}
    requesting: [{department}]
    providing: [police]
    purpose: {purpose}
    basis: 《某法》
    register: person
    operations: [{operation}]
    keys: [citizen_id]
    roles: [officer]
    fields: {{{fields}}}
    valid_from: 2026-01-01
    valid_to: {valid_to}
"""


def written(**changes: str) -> str:
    values = {
        "department": "courts",
        "purpose": "statistics",
        "operation": "verify",
        "fields": "name: name",
        "valid_to": "2026-12-31",
        **changes,
    }
    return GOOD.format(**values)


def test_the_citys_own_packs_are_sound() -> None:
    sharing = share.load_sharing(packs())
    assert len(sharing.purposes) >= 12
    assert len(sharing.agreements) >= 20
    assert any(purpose.profit for purpose in sharing.purposes.values())


def test_all_faults_come_at_once_with_file_and_line(broken: Path) -> None:
    add(broken, written(department="nowhere", operation="sell", fields="name: blur, shoe_size: plain"))
    faults = faults_of(broken)
    assert faults == [
        "extra/agreements.yml:4: requesting names 'nowhere', which is no known department",
        "extra/agreements.yml:9: operations names 'sell', which is no known operation",
        "extra/agreements.yml:12: fields names 'blur', which is no known mask",
        "extra/agreements.yml:12: fields names 'shoe_size', which is no known person field",
    ]


def test_no_agreement_can_grant_a_purpose_that_serves_profit(broken: Path) -> None:
    add(broken, written(purpose="commercial_marketing"))
    assert faults_of(broken) == ["extra/agreements.yml:6: purpose 'commercial_marketing' serves profit: no agreement can grant it"]


def test_two_agreements_may_not_answer_the_same_question(broken: Path) -> None:
    again = written().replace("extra_one", "extra_two")
    add(broken, written() + again)
    assert "both answer courts, statistics, person, verify" in faults_of(broken)[0]


def test_an_agreement_that_ends_before_it_begins_is_a_fault(broken: Path) -> None:
    add(broken, written(valid_to="2025-12-31"))
    assert faults_of(broken) == ["extra/agreements.yml:14: the agreement ends before it begins"]


@pytest.mark.parametrize(
    ("fields", "sound"),
    [
        ("citizen_id: citizen_id, birth_date: plain", False),
        ("citizen_id: citizen_id, birth_date: year", True),
        ("citizen_id: citizen_id_ends, birth_date: plain", True),
    ],
)
def test_what_is_shown_may_not_fill_the_gap_of_a_masked_number(broken: Path, fields: str, sound: bool) -> None:
    """370303********1239 beside 1990-01-01 is the whole number."""
    add(broken, written(fields=fields))
    if sound:
        share.load_sharing(load_packs(broken))
    else:
        assert "the middle of a citizen number is the birth date" in faults_of(broken)[0]


def test_own_entries_win_over_a_shared_mapping(broken: Path) -> None:
    shared = "x-fields: &base {name: plain, sex: plain}\n"
    target = broken / "extra"
    target.mkdir()
    (target / "agreements.yml").write_text(shared + "agreements:\n" + written(fields="<<: *base, name: name"), encoding="utf-8")
    sharing = share.load_sharing(load_packs(broken))
    assert dict(sharing.agreements["extra_one"].fields) == {"name": "name", "sex": "plain"}
