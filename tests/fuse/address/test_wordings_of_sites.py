"""Wordings that name a site or building in another way than the register: halls, dormitories, villages, phases, brackets."""

from __future__ import annotations

import pytest
from tests.fuse.address.small_register import doors

from datong.domain.address import PlaceMatch, Verdict
from datong.fuse.address import MEASURED, PlaceRow, PlaceTree, match_address, reader_for, row_of


def _row(**fields: str) -> PlaceRow:
    return row_of({"division": "370303", "street": "车站街道"} | fields)


def _phase(phase: str, *buildings: str) -> list[PlaceRow]:
    return [_row(estate="湖光怡园", phase=phase, building=b, room="101", code=f"怡园{phase}/{b}") for b in buildings]


TREE = PlaceTree.build(
    [
        *(_row(estate="宏达工业园", building=f"{number}号车间", code=f"宏达/车间{number}") for number in "123"),
        _row(estate="宏达工业园", building="1号宿舍楼", room="101", code="宏达/宿舍1/101"),
        *(_row(estate="三金总厂", building=number, code=f"三金/{number}") for number in "12"),
        _row(estate="三金总厂", building="1号宿舍楼", room="104", code="三金/宿舍1/104"),
        *(_row(estate="天泰科技园", building=tower, room="501", code=f"天泰/{tower}501") for tower in "AB"),
        *(_row(village="闫桥村", group=f"{group}组", house_no=house, code=f"闫桥/{group}/{house}") for group, house in ("15", "25", "23")),
        _row(village="闫桥村", group="2组", house_no="127", code="闫桥/2/127"),
        *_phase("一期", "1", "2"),
        *_phase("二期", "2", "3"),
        *(_row(estate="湖光御园", building=number, room="101", code=f"御园/{number}") for number in "1234"),
        *doors("金信花园", "柳泉路", "12号"),
    ],
    {"3703": "淄博市", "370303": "张店区"},
)
READER = reader_for(TREE)


def match(text: str) -> PlaceMatch:
    return match_address(READER, TREE, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("宏达工业园2号车间", "宏达/车间2"),
        ("宏达工业园２号车间", "宏达/车间2"),
        ("宏达工业园2#车间", "宏达/车间2"),
        ("宏达工业园院内2号车间", "宏达/车间2"),
        ("宏达工业园2号厂房", "宏达/车间2"),
        ("宏达工业园2幢", "宏达/车间2"),
        ("宏达工业园1号车间", "宏达/车间1"),
        ("宏达工业园1号宿舍楼101室", "宏达/宿舍1/101"),
        ("宏达工业园一号宿舍101", "宏达/宿舍1/101"),
        ("三金总厂2号厂房", "三金/2"),
        ("三金总厂1幢", "三金/1"),
        ("三金总厂1#104", "三金/宿舍1/104"),
        ("天泰科技园B501", "天泰/B501"),
    ],
)
def test_a_building_is_found_by_its_number_whatever_kind_is_said(text: str, code: str) -> None:
    found = match(text)
    assert (found.verdict, found.code) == (Verdict.EXACT, code)


@pytest.mark.parametrize(
    ("text", "verdict", "word"),
    [
        ("宏达工业园1号楼", Verdict.VAGUE, "building_kind_missing"),
        ("宏达工业园2号宿舍楼101室", Verdict.IMPOSSIBLE, "building_unknown"),
        ("宏达工业园9号车间", Verdict.IMPOSSIBLE, "building_unknown"),
        ("天泰科技园C501", Verdict.VAGUE, "building_missing"),
    ],
)
def test_a_kind_that_decides_is_asked_for_and_another_kind_is_another_building(text: str, verdict: Verdict, word: str) -> None:
    found = match(text)
    assert (found.verdict, found.reasons[0].word, found.code) == (verdict, word, "")


def test_a_village_number_that_one_group_has_needs_no_group() -> None:
    found = match("闫桥村127号")
    assert (found.verdict, found.code, found.rule) == (Verdict.EXACT, "闫桥/2/127", "village_number_unique_group")
    assert found.confidence == MEASURED["village_number_unique_group"]


@pytest.mark.parametrize("text", ["闫桥村2-127", "闫桥村2-127号"])
def test_group_and_number_may_be_joined_by_a_dash(text: str) -> None:
    assert match(text).code == "闫桥/2/127"


@pytest.mark.parametrize(("text", "word"), [("闫桥村5号", "several_places"), ("闫桥村3组127号", "no_doors"), ("闫桥村99号", "no_doors")])
def test_a_village_number_of_several_groups_or_none_is_no_door(text: str, word: str) -> None:
    found = match(text)
    assert (found.verdict, found.reasons[0].word, found.code) == (Verdict.VAGUE, word, "")


@pytest.mark.parametrize("text", ["金信花园2号楼(1单元302室)", "张店区柳泉路12号金信花园2号楼（1单元302室）"])
def test_a_room_may_stand_in_brackets_after_its_building(text: str) -> None:
    assert match(text).code == "金信花园/2号楼/1单元/302"


@pytest.mark.parametrize("name", ["闫桥村", "闫桥村村民委员会", "闫桥村民委员会", "闫桥村委会", "闫桥庄"])
def test_a_village_goes_by_its_committee_and_as_a_hamlet(name: str) -> None:
    assert match(f"张店区{name}2组127号").code == "闫桥/2/127"


@pytest.mark.parametrize("text", ["闫桥庄园2组127号", "闫桥庄大厦127号"])
def test_a_longer_name_that_begins_like_the_hamlet_is_another(text: str) -> None:
    assert match(text).verdict != Verdict.EXACT


def test_a_hamlet_that_is_registered_itself_is_not_the_village_of_like_name() -> None:
    tree = PlaceTree.build([_row(village=name, house_no="1", code=name) for name in ("闫桥村", "闫桥庄村")])
    reader = reader_for(tree)
    assert [match_address(reader, tree, f"{name}1号").code for name in ("闫桥村", "闫桥庄")] == ["闫桥村", "闫桥庄村"]


@pytest.mark.parametrize(
    ("text", "code"), [("湖光怡园1号楼101", "怡园一期/1"), ("湖光怡园3号楼101", "怡园二期/3"), ("湖光怡园二期2号楼101", "怡园二期/2")]
)
def test_an_estate_without_its_phase_is_the_phase_that_has_the_door(text: str, code: str) -> None:
    assert match(text).code == code


@pytest.mark.parametrize("text", ["湖光怡园2号楼101", "湖光怡园4号楼101", "湖光怡园"])
def test_an_estate_without_its_phase_is_never_a_name_that_is_merely_near(text: str) -> None:
    found = match(text)
    assert (found.verdict, found.reasons[0].word, found.code) == (Verdict.VAGUE, "several_places", "")


def test_a_modest_purpose_needs_no_kind_of_building() -> None:
    found = match_address(READER, TREE, "宏达工业园1号楼", purpose_level="estate")
    assert (found.verdict, found.reasons[0].word) == (Verdict.EXACT, "building_kind_missing")
    assert found.place_id.endswith("E:宏达工业园")
