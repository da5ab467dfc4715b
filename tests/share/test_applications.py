"""Special applications: a pack of one file each, proved by questions on invented subjects; and how each is used."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from datong import share
from datong.share.application import application_nodes, seen_by
from datong.spec import Packs, load_packs

PACKS = Path(__file__).parents[2] / "packs"


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(PACKS)


@pytest.fixture(scope="module")
def sharing(packs: Packs) -> share.Sharing:
    return share.load_sharing(packs)


def changed(packs: Packs, folder: Path, code: str, before: str, after: str) -> list[str]:
    """The faults of the packs with one application's file changed."""
    shutil.copytree(PACKS, folder / "packs")
    path = folder / "packs" / "applications" / f"{code}.yml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    return [str(fault) for fault in share.check_sharing(replace(packs, folder=folder / "packs"))]


def test_more_than_thirty_special_applications_each_with_its_own_purpose_basis_and_proof(sharing: share.Sharing) -> None:
    found = sharing.applications.values()
    assert len(found) >= 30 and len({one.department for one in found}) >= 18
    for one in found:
        assert one.basis.startswith("《") and one.purpose.plain_zh and one.purpose.plain_en and one.asks
        assert all(sharing.agreements[code].purpose == one.code for code in one.agreements)
        assert {ask.agreement for ask in one.asks} == set(one.agreements), "each agreement is asked"


def test_no_application_may_read_everything(sharing: share.Sharing) -> None:
    for one in sharing.applications.values():
        for code in one.agreements:
            agreement = sharing.agreements[code]
            assert 1 <= len(agreement.fields) <= 12, code
            assert not agreement.unmask and not agreement.all_values, code


def test_an_application_that_shows_less_or_more_than_it_says_is_a_fault(packs: Packs, tmp_path: Path) -> None:
    wider = changed(packs, tmp_path, "elderly_allowance", "fields: {name: plain,", "fields: {phone: phone, name: plain,")
    assert len(wider) == 1 and "should not show 'phone'" in wider[0] and "applications/elderly_allowance.yml" in wider[0]


def test_a_field_it_needs_and_does_not_get_is_a_fault(packs: Packs, tmp_path: Path) -> None:
    less = changed(packs, tmp_path, "economic_census", "industry: plain, ", "")
    assert len(less) == 1 and "should show 'industry'" in less[0]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("application: elderly_allowance", "application: old_age", "must be called"),
        ("department: civil_affairs", "department: nobody", "nobody"),
        ("sample: person_elsewhere", "sample: shop", "no sample of the register"),
        ("asks:", "asked:", "unknown key 'asked'"),
        (
            "agreement: elderly_allowance_person, sample: person_elsewhere",
            "agreement: code_check_premises, sample: home",
            "is no agreement of",
        ),
    ],
)
def test_what_cannot_stand_is_told_with_file_and_line(packs: Packs, tmp_path: Path, before: str, after: str, told: str) -> None:
    faults = changed(packs, tmp_path, "elderly_allowance", before, after)
    assert faults and any(told in one and "applications/elderly_allowance.yml:" in one for one in faults), faults


def test_outside_her_area_and_without_the_post_nothing_is_seen(packs: Packs, sharing: share.Sharing) -> None:
    from datong.share.requests.sandbox import read_sandbox
    from datong.spec import Faults

    sandbox = read_sandbox(packs, Faults())
    agreement = sharing.agreements["grid_governance_premises"]
    assert seen_by(agreement, sandbox["home"], "grid_worker", ("3703",), sharing=sharing)
    assert not seen_by(agreement, sandbox["home"], "grid_worker", ("370304",), sharing=sharing)
    assert not seen_by(agreement, sandbox["home"], "auditor", ("3703",), sharing=sharing)
    assert {code for code, _ in application_nodes(packs)} == set(sharing.applications)
