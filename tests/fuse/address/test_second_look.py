"""A slip in a name nobody knows: taken for one only where the rest of the name, or its road, leaves no doubt."""

from __future__ import annotations

import pytest
from tests.fuse.address.small_register import DIVISIONS, doors

from datong.domain.address import PlaceMatch, Verdict
from datong.fuse.address import PlaceTree, match_address, reader_for, row_of

ESTATES = [
    *doors("石家小区", "昌国路", ""),
    *doors("石桥小区", "新村路", ""),
    *doors("体坛小区", "世纪路", "9号"),
    *doors("晏婴路127号院", "晏婴路", "127号"),
    *doors("南西四路85号院", "南西四路", "85号"),
    *doors("中国银行宿舍楼", "大悦路", ""),
    *doors("荷塘月色一区", "耀昌路", "3号"),
    *doors("县社生活区", "张北路", "1960号"),
    *doors("大街小区", "沿河东路", "86号"),
    *doors("趙莊", "化北路", "1号"),
    *doors("金都花园", "青城路", "8号"),
    *doors("金都花园(高青县)", "高苑路", "9号"),
    row_of({"division": "370303", "road": "昌国路", "road_no": "14", "code": "昌国路/14"}),
]
TREE = PlaceTree.build(ESTATES, DIVISIONS)
READER = reader_for(TREE)


def match(text: str) -> PlaceMatch:
    return match_address(READER, TREE, text)


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("淄博市张店区昌国路石景小区1号楼2单元301室", "石家小区/1号楼/2单元/301", "near+road"),
        ("张店区坛小区1号楼2单元301室", "体坛小区/1号楼/2单元/301", "near"),
        ("淄博市晏路127号院1号楼2单元301", "晏婴路127号院/1号楼/2单元/301", "near"),
        ("张店区晏婴龙127号院1号楼2单元301", "晏婴路127号院/1号楼/2单元/301", "near"),
        ("大悦路中国银景宿舍楼2号楼1单元102", "中国银行宿舍楼/2号楼/1单元/102", "near+road"),
    ],
)
def test_a_slip_is_mended_where_nothing_else_fits(text: str, code: str, rule: str) -> None:
    found = match(text)
    assert (found.verdict, found.code, found.rule) == (Verdict.EXACT, code, rule)
    assert "fuzzy" in [why.word for why in found.reasons]
    assert found.raw == text
    assert all(text[span.start : span.end] == span.text for span in (*found.used, *found.ignored))


@pytest.mark.parametrize(
    "text",
    [
        "张店区石景小区1号楼2单元301室",  # two signs tell it apart, and no road says which
        "张店区新村路石景小区9号楼",  # no such door: nothing proves the slip
        "张店区西四路85号院1号楼2单元301",  # the sign lost is a direction
        "晏婴路128号院1号楼2单元301",
        "耀昌路荷塘月色二区1号楼2单元301",
        "张店区大坛山庄1号楼2单元301",
        "世纪路石景小区1号楼2单元301",
    ],
)
def test_what_may_be_another_name_is_no_slip(text: str) -> None:
    assert match(text).verdict != Verdict.EXACT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("淄博县社生活区1号楼2单元301", "县社生活区/1号楼/2单元/301"),
        ("沿河东路86号大街小区1号楼2单元301", "大街小区/1号楼/2单元/301"),
        ("张店区趙莊 1号楼2单元301", "趙莊/1号楼/2单元/301"),
        ("张店区趙莊1号楼2单元301", "趙莊/1号楼/2单元/301"),
        ("张店区金都花园(高青县)1号楼2单元301", "金都花园(高青县)/1号楼/2单元/301"),
    ],
)
def test_the_registers_own_name_is_not_cut_by_a_word_it_begins_with(text: str, code: str) -> None:
    found = match(text)
    assert (found.verdict, found.code) == (Verdict.EXACT, code)


def test_an_estate_is_known_by_its_road_even_without_a_number() -> None:
    estate = next(place for place in TREE.places.values() if place.name == "石家小区")
    assert estate.addresses == ("370303/R:昌国路",)
    assert TREE.full_text(estate.place_id).endswith("石家小区")
    assert "昌国路" not in TREE.full_text(estate.place_id)
    again = PlaceTree.from_rows(TREE.to_rows())
    assert again.places[estate.place_id].addresses == estate.addresses
    assert again.at_number["370303/R:昌国路"] == TREE.at_number["370303/R:昌国路"]
