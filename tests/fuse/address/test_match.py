"""Matching: the right door, or the reason why there is none; never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuse.address.small_register import small_reader, small_tree

from datong.domain.address import Level, PlaceMatch, Verdict
from datong.fuse.address import MEASURED, PlaceTree, Reader, match_address, match_many, reader_for, row_of

TREE = small_tree()
READER = small_reader(TREE)


def match(text: str, **more: str) -> PlaceMatch:
    return match_address(READER, TREE, text, **more)


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("山东省淄博市张店区柳泉路12号金信花园2号楼1单元302室", "金信花园/2号楼/1单元/302", "name+number"),
        ("金信花园2-1-302", "金信花园/2号楼/1单元/302", "name"),
        ("淄博张店金信花园二号楼一单元三〇二", "金信花园/2号楼/1单元/302", "name"),
        ("张店区金信花园２＃１单元３０２", "金信花园/2号楼/1单元/302", "name"),
        ("柳泉路12号2幢1单元302户", "金信花园/2号楼/1单元/302", "number"),
        ("机床厂宿舍2栋1单元302", "金信花园/2号楼/1单元/302", "alias"),
        ("金信2-1-302", "金信花园/2号楼/1单元/302", "beginning"),
        ("金信花圆2栋1单元302", "金信花园/2号楼/1单元/302", "near"),
        ("柳泉路12号金新花园2栋1单元302", "金信花园/2号楼/1单元/302", "near+number"),
        ("车站街道金信花园(2号楼1单元302室)", "金信花园/2号楼/1单元/302", "name"),
        ("世纪花园2区1号楼2单元601", "世纪花园二区/1号楼/2单元/601", "name"),
        ("华光大厦B-1201", "华光大厦/B座/1201", "name"),
        ("华光路30号A座301", "华光大厦/A座/301", "number"),
        ("房镇镇麻营村三组15号", "麻营/3/15", "village"),
        ("麻营村8-356号", "麻营/8-356", "village"),
        ("张店区柳泉路14号", "柳泉路/14", "number"),
    ],
)
def test_wordings_that_lead_to_one_door(text: str, code: str, rule: str) -> None:
    found = match(text)
    assert (found.verdict, found.level) == (Verdict.EXACT, Level.UNIT)
    expected = next(
        place.code for place in TREE.places.values() if place.code == code or place.code == code.replace("号楼", "").replace("单元", "")
    )
    assert found.code == expected
    assert found.rule == rule
    assert 0.9 <= found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "verdict", "word", "level"),
    [
        ("", Verdict.UNKNOWN, "empty", Level.NONE),
        ("阿" * 500, Verdict.UNKNOWN, "too_long", Level.NONE),
        ("淄博市张店区", Verdict.VAGUE, "estate_missing", Level.DISTRICT),
        ("张店区车站街道", Verdict.VAGUE, "estate_missing", Level.STREET),
        ("柳泉路", Verdict.VAGUE, "number_missing", Level.ROAD),
        ("金信花园", Verdict.VAGUE, "building_missing", Level.ESTATE),
        ("金信花园2号楼", Verdict.VAGUE, "room_missing", Level.BUILDING),
        ("金信花园2号楼1单元", Verdict.VAGUE, "room_missing", Level.ENTRANCE),
        ("金信花园2号楼302", Verdict.VAGUE, "entrance_missing", Level.BUILDING),
        ("金信花园对面", Verdict.VAGUE, "relative", Level.COMMUNITY),
        ("金信花园9号楼1单元101", Verdict.IMPOSSIBLE, "building_unknown", Level.ESTATE),
        ("金信花园2号楼5单元101", Verdict.IMPOSSIBLE, "entrance_unknown", Level.BUILDING),
        ("金信花园2号楼1单元105", Verdict.IMPOSSIBLE, "room_unknown", Level.ENTRANCE),
        ("金信花园2号楼1单元901", Verdict.IMPOSSIBLE, "floor_above", Level.ENTRANCE),
        ("柳泉路900号", Verdict.UNKNOWN, "number_unknown", Level.ROAD),
        ("柳泉路13号", Verdict.UNKNOWN, "number_unknown", Level.ROAD),
        ("凤凰山庄3号楼301", Verdict.UNKNOWN, "estate_unknown", Level.NONE),
        ("杭州市西湖区文三路3号", Verdict.UNKNOWN, "outside", Level.NONE),
        ("淄川区金信花园1号楼1单元201", Verdict.SUSPICIOUS, "district_differs", Level.NONE),
        ("公园街道金信花园1号楼1单元201", Verdict.SUSPICIOUS, "district_differs", Level.NONE),
        ("柳泉路88号金信花园1号楼1单元201", Verdict.SUSPICIOUS, "name_and_number_differ", Level.DISTRICT),
        ("柳泉路12号凤凰山庄1号楼1单元201", Verdict.SUSPICIOUS, "name_against_number", Level.COMMUNITY),
        ("金信花园2号楼1单元5层302", Verdict.SUSPICIOUS, "floor_differs", Level.ENTRANCE),
    ],
)
def test_addresses_without_a_door_say_why_and_how_far_they_reach(text: str, verdict: Verdict, word: str, level: Level) -> None:
    found = match(text)
    assert (found.verdict, found.reasons[0].word, found.level) == (verdict, word, level)
    assert found.code == ""
    assert found.reasons[0].zh and found.reasons[0].en


@pytest.mark.parametrize("text", ["北苑小区1号楼1单元101", "世纪花园三区1号楼1单元101", "世纪花园1号楼1单元101"])
def test_what_tells_neighbours_apart_is_never_fuzzy(text: str) -> None:
    assert match(text).verdict != Verdict.EXACT


def test_digits_are_never_fuzzy() -> None:
    assert match("金信花园2号楼1单元303").verdict == Verdict.IMPOSSIBLE


def test_the_register_decides_how_a_dashed_number_is_read() -> None:
    tree = small_tree()
    for room in ("101", "301"):
        for entrance in ("1", "3"):
            tree.upsert(
                row_of(
                    {
                        "division": "370303",
                        "estate": "独栋公寓",
                        "building": "1",
                        "entrance": entrance,
                        "room": room,
                        "code": f"独/{entrance}/{room}",
                    }
                )
            )
    reader = reader_for(tree)
    assert match_address(reader, tree, "华光大厦A-301").code == "华光大厦/A座/301"
    found = match_address(reader, tree, "独栋公寓3-301")
    assert (found.code, found.rule) == ("独/3/301", "name, numbers as the register has them")


def test_two_estates_at_one_number_are_said_to_be_ambiguous() -> None:
    tree = small_tree()
    for estate in ("银座公寓", "银河公寓"):
        tree.upsert(
            row_of(
                {"division": "370303", "estate": estate, "road": "西二路", "road_no": "9", "building": "1", "room": "101", "code": estate}
            )
        )
    reader = reader_for(tree)
    found = match_address(reader, tree, "西二路9号1号楼101")
    assert (found.verdict, found.reasons[0].word) == (Verdict.VAGUE, "several_places")
    assert found.runner_up is not None
    assert match_address(reader, tree, "西二路9号银河公寓1号楼101").code == "银河公寓"


def test_offsets_name_what_was_used_ignored_and_contradicted() -> None:
    text = "淄川区金信花园1号楼1单元201 张记超市"
    found = match(text)
    assert [span.text for span in found.contradicted] == ["淄川区"]
    for span in (*found.used, *found.ignored, *found.contradicted):
        assert text[span.start : span.end] == span.text
    good = match("金信花园2号楼1单元302室 张记超市")
    assert [span.text for span in good.used] == ["金信花园", "2号楼", "1单元", "302室"]
    assert [span.text for span in good.ignored] == ["张记超市"]


def test_a_list_of_rooms_names_the_other_doors() -> None:
    found = match("金信花园2号楼1单元301、302室")
    assert found.code.endswith("301")
    assert [TREE.places[other].code for other in found.more] == [found.code[:-1] + "2"]


def test_a_modest_purpose_is_content_with_a_building() -> None:
    assert match("金信花园2号楼", purpose_level="building").verdict == Verdict.EXACT
    assert match("金信花园", purpose_level="building").verdict == Verdict.VAGUE


def test_a_hint_says_where_to_look() -> None:
    assert match("金信花园2-1-302", hint_division="370303").verdict == Verdict.EXACT
    assert match("金信花园2-1-302", hint_division="370302").verdict == Verdict.SUSPICIOUS


def test_every_rule_has_a_measured_share() -> None:
    for text in ("金信花园2-1-302", "柳泉路12号2幢1单元302户", "金信2-1-302"):
        assert match(text).rule in MEASURED


WORDS = st.sampled_from(
    [
        "淄博市", "张店区", "淄川区", "车站街道", "柳泉路", "12号", "88号", "金信花园", "金信", "东苑小区", "2号楼",
        "9#", "1单元", "302", "2-1-302", "-", "(", ")", "对面", "二期", "麻营村", "3组",
        "15号", "室", " ",
    ]
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=8).map("".join), max_size=6))
def test_many_at_once_are_matched_as_one_by_one(texts: list[str]) -> None:
    fresh = Reader(READER.lexicon)
    assert match_many(READER, TREE, texts) == [match_address(fresh, TREE, text) for text in texts]


def test_a_number_beyond_a_road_is_impossible_only_where_the_register_knows_the_road_well() -> None:
    numbered = [row_of({"division": "370303", "road": "新元路", "road_no": str(number)}) for number in range(1, 30, 2)]
    tree = PlaceTree.build([*numbered, *(row_of({"division": "370303", "road": "旧元路", "road_no": number}) for number in ("3", "9"))])
    reader = reader_for(tree)
    beyond = match_address(reader, tree, "张店区新元路301号")
    assert (beyond.verdict, beyond.reasons[0].word) == (Verdict.IMPOSSIBLE, "number_out_of_range")
    unknown = match_address(reader, tree, "张店区旧元路301号")
    assert (unknown.verdict, unknown.reasons[0].word, unknown.level) == (Verdict.UNKNOWN, "number_unknown", Level.ROAD)
