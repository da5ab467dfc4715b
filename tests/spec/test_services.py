"""What a service pack may say: everything wrong is told at once, each with its line; a real pack has no fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from datong import services, spec

PACKS = Path(__file__).parents[2] / "packs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The city's packs, to be spoilt."""
    shutil.copytree(PACKS, tmp_path / "packs")
    return tmp_path / "packs"


def spoil(folder: Path, old: str, new: str) -> list[str]:
    path = folder / "catering" / "service.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = text.replace(old, new, 1).splitlines()
    found = services.check_services(spec.load_packs(folder))
    for fault in found:
        assert fault.file == "catering/service.yml" and 1 <= fault.line <= len(lines)
    return [f"{fault.line}: {fault.message}" for fault in found]


def test_the_citys_services_have_no_fault() -> None:
    assert services.check_services(spec.load_packs(PACKS)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: one_thing", "kind: two_things", "write one of ordinary, one_thing, instant"),
        ("department: fire_rescue", "department: fire_brigade", "'fire_brigade' is not in departments.yml"),
        ("promised: 8", "promised: 80", "promises more days than the law gives it"),
        ('when: {tobacco: "yes"}', "when: {tobacco: maybe}", "there is no answer 'maybe'; known are no, yes"),
        ('when: {tobacco: "yes"}', 'when: {cigars: "yes"}', "there is no question 'cigars'"),
        ("sees: [address, shop_name, sign_text]", "sees: [address, colour]", "there is no form field or document 'colour'"),
        ("known: may_use", "known: may_rent", "there is no fact 'may_rent'"),
        ("unless_confirmed: use", "unless_confirmed: area_of_it", "there is no fact 'area_of_it'"),
        ("            at_end: agree", "            at_end: agree\n            after: [environment]", "task 'environment' waits for itself"),
        ("paper: title_certificate", "paper: passport", "paper 'passport' is not in the catalogue's list"),
        ("paper: title_certificate", "title: x", "stands twice"),
        ("purpose: catering_licensing", "purpose: curiosity", "purpose 'curiosity' is not in purposes.yml"),
        (
            "key_type: any, field: use}",
            "key_type: any, field: owner_name}",
            "no agreement lets approval ask owner_name of premises",
        ),
        ("    saved: {visits: 7", "    saved: {steps: 7", "unknown key 'steps'"),
        ("levels: [city, district]", "levels: [city, county]", "'county' is not known"),
        ("    accept_days: 5", "    at_least: 9", "only 3 tasks are not optional"),
    ],
)
def test_a_fault_is_named_with_its_line(folder: Path, old: str, new: str, told: str) -> None:
    found = spoil(folder, old, new)
    assert any(told in one for one in found), found


def test_what_sharing_gives_may_not_be_asked_for(folder: Path) -> None:
    from datong.share import catalogue

    path = folder / "catering" / "service.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "    documents:\n", "    documents:\n      - {code: deed, title: {zh: 房产证复印件, en: Copy of the deed}}\n", 1
        ),
        encoding="utf-8",
    )
    assert any("房产证复印件 不得要求提交" in fault.message for fault in catalogue.check_packs(spec.load_packs(folder)))


def test_a_kept_definition_reads_the_same() -> None:
    packs = spec.load_packs(PACKS)
    for service in spec.load_services(packs, spec.Faults()).values():
        assert spec.read_kept(service.code, service.pack, service.version, service.text) == service


def test_the_guide_is_made_from_the_pack() -> None:
    from datong import share

    packs = spec.load_packs(PACKS)
    found = services.Items(spec.load_services(packs, spec.Faults()), services.Working(share.Calendar()))
    guide = services.guide(found, "restaurant_opening", {"approval": spec.Words("审批局", "Approval bureau")})
    text = {one.title.zh: "\n".join(line.zh for line in one.lines) for one in guide.sections}
    assert "审批局（牵头）" in text["由谁办理"] and "承诺9个工作日，法定20个工作日" in text["办理时限"]
    assert "平面布局图" in text["需要提交"] and text["收费"] == "不收费" and "房屋产权人" in text["需要确认的其他当事人"]
    assert [one.service.code for one in services.find(found, "饭店")] == ["restaurant_opening"]
    assert services.find(found, "航天器") == () and services.counts(found)["district"] >= 1


def test_a_service_like_another_has_its_parts_but_what_it_leaves_out(folder: Path) -> None:
    faults = spec.Faults()
    found = spec.load_services(spec.load_packs(folder), faults)
    assert not faults.found
    first, sister = found["restaurant_opening"], found["drinks_shop_opening"]
    assert [one.code for one in sister.tasks] == ["food", "fire", "sign"]
    assert sister.tasks[0] == first.tasks[0] and sister.confirming == first.confirming and sister.facts == first.facts
    assert sister.pack == "drinks_shop" and sister.digest != first.digest and "like" not in sister.text
    again = spec.read_kept(sister.code, sister.pack, sister.version, sister.text)
    assert again == sister


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("like: restaurant_opening", "like: restorant_opening", "there is no service 'restorant_opening' to be like"),
        ("like: restaurant_opening", "like: drinks_shop_opening", "is like itself"),
        ("          tobacco:\n", "          tobaco:\n", "there is no 'tobaco' to leave out"),
        ("en: Drinks and ice}", "fr: Boissons}", "'en'"),
    ],
)
def test_a_fault_of_reuse_stands_in_the_file_that_reuses(folder: Path, old: str, new: str, told: str) -> None:
    path = folder / "drinks_shop" / "service.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = services.check_services(spec.load_packs(folder))
    assert any(told in one.message and one.file == "drinks_shop/service.yml" for one in found), found
