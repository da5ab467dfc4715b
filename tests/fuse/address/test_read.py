"""Reading addresses: parts, numbers, offsets; the traps other systems fell into."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datong.domain.address import ParsedAddress, Part
from datong.fuse.address import Lexicon, Reader, parse_address, parts_of, value_of

GENERAL = Reader()


def read(text: str) -> ParsedAddress:
    return GENERAL.read(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "山东省淄博市张店区柳泉路12号金信花园3号楼2单元301室",
            {"prov": "山东省", "city": "淄博市", "district": "张店区", "road": "柳泉路", "road_no": "12", "estate": "金信花园",
             "building": "3", "entrance": "2", "room": "301"},
        ),
        ("金信花园3-2-301", {"estate": "金信花园", "building": "3", "entrance": "2", "room": "301"}),
        ("金信花园十八号楼二单元1303", {"building": "18", "building_kind": "号楼", "entrance": "2", "room": "1303"}),
        ("金信花园１８＃２单元３０１", {"building": "18", "building_kind": "#", "entrance": "2", "room": "301"}),
        ("华光路30号华光大厦B座1201", {"road": "华光路", "road_no": "30", "building": "B", "room": "1201"}),
        ("麻营村三组15号", {"village": "麻营村", "group": "3", "road_no": "15"}),
        ("共青团西路89号附3号", {"road": "共青团西路", "road_no": "89", "sub_no": "3"}),
        ("人民东路33号甲", {"road": "人民东路", "road_no": "33", "sub_no": "甲"}),
        ("金信花园二期3号楼", {"estate": "金信花园", "phase": "二期", "building": "3"}),
        ("上海市闵行区伊犁南路124弄9号1316", {"road": "伊犁南路", "road_no": "124弄", "building": "9", "room": "1316"}),
        ("金信花园3号楼负一层", {"building": "3", "floor": "-1"}),
        ("新村西路花园北路口", {"road": "花园北路"}),
        ("长江路三巷12号", {"road": "长江路三巷", "road_no": "12"}),
    ],
)  # fmt: skip
def test_parts_of_ordinary_wordings(text: str, wanted: dict[str, str]) -> None:
    parts = parts_of(read(text))
    assert {name: parts.get(name, "") for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "part", "name"),
    [("北京市朝阳区三里屯路19号", "road", "三里屯路"), ("五台山路8号", "road", "五台山路"), ("九冶生活区5号楼", "estate", "九冶生活区")],
)
def test_numerals_inside_names_stay_names(text: str, part: str, name: str) -> None:
    assert getattr(read(text), part) == name


def test_lists_and_ranges_of_rooms_keep_every_room() -> None:
    assert read("金信花园3号楼101、102室").rooms == ("101", "102")
    assert read("金信花园3号楼1单元101-103室").building == "3"


def test_brackets_and_remarks_are_set_aside_but_shown() -> None:
    parsed = read("柳泉路12号(柳泉路口北)金信花园3号楼 电联")
    assert parsed.asides == ("柳泉路口北",)
    assert parsed.noise == ("电联",)
    assert parsed.estate == "金信花园"
    assert [span.text for span in parsed.of(Part.ASIDE)] == ["(柳泉路口北)"]


@pytest.mark.parametrize("text", ["金信花园对面", "柳泉路与华光路交叉口", "世纪路东侧", "华光路北首500米"])
def test_relative_wording_is_flagged(text: str) -> None:
    assert read(text).relative


def test_an_invisible_variation_selector_changes_nothing() -> None:
    plain = read("淄博市张店区柳泉路12号")
    marked = read("淄博\U000e0103市张\ufe00店区\u200b柳泉路12号")
    assert parts_of(plain) == parts_of(marked)
    assert all(marked.raw[span.start : span.end] == span.text for span in marked.spans)


def test_blanks_between_all_signs_are_read_through() -> None:
    assert read("山 东 省 淄 博 市 张 店 区 柳 泉 路 12 号").road_no == "12"


def test_an_abolished_county_is_named_with_its_successor() -> None:
    parsed = read("浙江省杭州市江干区凯旋路166号")
    assert (parsed.district, parsed.former_division, parsed.division) == ("江干区", "上城区", "330102")


def test_repeated_divisions_are_noise() -> None:
    parsed = read("浙江省杭州市余杭区杭州市余杭区闲林街道五常大道")
    assert parsed.noise == ("杭州市", "余杭区")
    assert parsed.road == "五常大道"


def test_dropping_the_building_name_does_not_change_the_rest() -> None:
    with_name, without = read("张店区柳泉路12号金信花园3号楼"), read("张店区柳泉路12号3号楼")
    for part in ("district", "road", "road_no", "building"):
        assert getattr(with_name, part) == getattr(without, part)


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000, "（柳泉路" * 50_000, "一" * 1_000_000, "号" * 1_000_000, "3-" * 500_000, "🏠" * 100_000],
    ids=["brackets", "open", "numerals", "marks", "dashes", "emoji"],
)
def test_a_huge_text_is_turned_away_at_once_with_its_reason(text: str) -> None:
    start = time.process_time()
    parsed = read(text)
    assert time.process_time() - start < 1
    assert "longer than" in parsed.problem


@pytest.mark.parametrize("piece", ["(", "（柳泉路", "一", "号", "3-", "🏠", "路", "东", "第", "区", "园", "一号"])
def test_texts_made_to_be_slow_are_not(piece: str) -> None:
    text = (piece * 400)[:400]
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 0.5


def test_no_lexicon_at_all_still_reads_by_endings() -> None:
    parsed = Reader(Lexicon(nation=False)).read("山东省淄博市张店区房镇镇柳泉路12号金信花园3号楼301室")
    assert (parsed.prov, parsed.city, parsed.district, parsed.street) == ("山东省", "淄博市", "张店区", "房镇镇")
    assert (parsed.road, parsed.road_no, parsed.estate, parsed.building, parsed.room) == ("柳泉路", "12", "金信花园", "3", "301")


PIECES = st.sampled_from(
    [
        "山东省", "淄博市", "张店区", "柳泉路", "12号", "金信花园", "3号楼", "二单元", "301", "-", "(",
        "）", "对面", "500米", "一", "区", "Ａ座", "#", "村", "、", "甲", "🏠",
        "㈠", "①", "\u3000", "\ufe0f", "\u2f00", "󠄃",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=60)))
def test_spans_always_cut_the_raw_text_without_overlap(text: str) -> None:
    reach = 0
    for span in read(text).spans:
        assert reach <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        reach = span.end


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_was_read_before_never_changes_an_answer(text: str) -> None:
    assert Reader(GENERAL.lexicon).read(text) == GENERAL.read(text) == parse_address(text)


@pytest.mark.parametrize(
    ("written", "value"),
    [("十八号楼", "18"), ("１８＃".translate(str.maketrans("１８＃", "18#")), "18"), ("一百零二室", "102"), ("B座", "B"), ("一〇二", "102"),
     ("第三单元", "3"), ("012室", "12"), ("负一层", "-1"), ("12-3号", "12-3")],
)  # fmt: skip
def test_values_of_numbers(written: str, value: str) -> None:
    assert value_of(written) == value
