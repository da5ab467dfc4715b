"""Spans under the labels of the public sets, and words the grammar must not cut."""

from __future__ import annotations

import pytest

from datong.domain.address import Part
from datong.fuse.address import Reader, ncap_spans, parts_of

GENERAL = Reader()


def labelled(text: str) -> list[str]:
    return [f"{text[start:end]}/{label}" for start, end, label in ncap_spans(GENERAL.read(text))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("康桥路1259弄4号1416室", ["康桥路/road", "1259弄/roadno", "4号/houseno", "1416室/roomno"]),
        ("里新路127-25号", ["里新路/road", "127/roadno", "-/redundant", "25号/houseno"]),
        ("里新路17-19号", ["里新路/road", "17-19号/roadno"]),
        ("国际商贸城40750店面", ["国际商贸城/poi", "40750/roomno", "店面/redundant"]),
    ],
)
def test_the_public_sets_own_ways_with_lanes_pairs_and_shops(text: str, wanted: list[str]) -> None:
    assert labelled(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("金信花园11C942", {"building": "11C", "room": "942"}),
        ("金信花园A1931", {"room": "A1931"}),
        ("金信花园7F1040", {"floor": "7", "room": "1040"}),
        ("金信花园2号楼3F", {"building": "2", "floor": "3"}),
        ("金信花园10B22室", {"room": "10B22"}),
    ],
)
def test_letters_and_digits_in_one_run(text: str, wanted: dict[str, str]) -> None:
    parts = parts_of(GENERAL.read(text))
    assert {name: parts.get(name, "") for name in ("building", "floor", "room") if name in wanted} == wanted


@pytest.mark.parametrize("word", ["instyle", "KTV", "ICU", "Sinosky"])
def test_a_latin_word_is_not_cut_into_numbers(word: str) -> None:
    parsed = GENERAL.read(f"文一路12号金信大厦3楼{word}")
    assert parsed.spans[-1].text == word
    assert parsed.spans[-1].label == Part.PERSON
    assert not parsed.room


def test_a_postal_code_behind_the_door_is_no_room() -> None:
    parsed = GENERAL.read("金信花园8栋8单元1185室255000")
    assert (parsed.room, parsed.noise) == ("1185", ("255000",))


def test_an_inner_street_of_a_hall_is_no_road() -> None:
    parsed = GENERAL.read("国际商贸城四区六楼四街36041")
    assert (parsed.road, parsed.entrance, parsed.room) == ("", "4街", "36041")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("张店区房镇镇麻营村三组15号", {"village": "麻营村", "group": "3", "road_no": "15"}),
        ("麻营村第二村民小组8号", {"village": "麻营村", "group": "2", "road_no": "8"}),
        ("桓台县唐山镇后七村五队12号", {"village": "后七村", "group": "5", "road_no": "12"}),
    ],
)
def test_village_addresses_with_their_groups(text: str, wanted: dict[str, str]) -> None:
    parts = parts_of(GENERAL.read(text))
    assert {name: parts.get(name, "") for name in wanted} == wanted


def test_zones_of_an_estate_are_told_apart() -> None:
    first, second = GENERAL.read("金信花园一区3号楼"), GENERAL.read("金信花园二区3号楼")
    assert (first.estate, first.phase, second.estate, second.phase) == ("金信花园", "一区", "金信花园", "二区")


@pytest.mark.parametrize(
    ("text", "word", "label"),
    [
        ("张店区房镇镇麻营村北首", "北首", Part.RELATIVE),
        ("金信花园对面", "对面", Part.RELATIVE),
        ("华光路北首500米", "500米", Part.DISTANCE),
        ("柳泉路与华光路交叉口东南角", "交叉口", Part.RELATIVE),
    ],
)
def test_relative_wording_is_recognised_with_its_place(text: str, word: str, label: Part) -> None:
    parsed = GENERAL.read(text)
    assert parsed.relative
    assert word in [span.text for span in parsed.of(label)]


def test_an_emoji_between_parts_is_passed_over() -> None:
    parsed = GENERAL.read("🏠金信花园🏢3号楼🚪301室😀")
    assert (parsed.estate, parsed.building, parsed.room) == ("金信花园", "3", "301")
    assert all(parsed.raw[span.start : span.end] == span.text for span in parsed.spans)
