"""What makes reading fast must not make it different: memories, shortcuts in searching, readings that fill themselves."""

from __future__ import annotations

import pickle
import re
from dataclasses import fields

from hypothesis import given, settings
from hypothesis import strategies as st

from datong.domain.address import ParsedAddress, Part
from datong.fuse.address import Entry, Lexicon, Reader, parts_of
from datong.fuse.address.marks import DISTANCE, FIXED_WORD, GATE, HALL, MARK, NAME_ENDS, NOISE, PHASE, RELATIVE, SECTION, SUB_NO

OWN = Lexicon(
    [
        ("稷下南生活区", Entry(Part.ESTATE, "370305", "稷下南生活区")),
        ("柳泉路", Entry(Part.ROAD, "3703", "柳泉路")),
        ("309国道", Entry(Part.ROAD, "3703", "309国道")),
        ("麻营村", Entry(Part.VILLAGE, "370303", "麻营村")),
        ("开发区", Entry(Part.ZONE, "3703", "高新区", short=True)),
    ],
    home="3703",
)
PIECES = st.sampled_from(
    ["山东省", "淄博市", "淄博", "张店区", "张店", "沂源县", "城", "房镇镇", "麻营村", "委会", "稷下", "南生活区", "柳泉路", "309国道", "开发区",
     "12号", "金信花园", "3号楼", "2单元", "301", "-", "、", "101、102室", "二期", "甲", "弄", "124弄", "三巷", "附3号", "三组", "A座", "(北首)", "500米"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=10).map("".join)
MARK_SIGNS = st.text(st.sampled_from(sorted(set(NAME_ENDS)) + list("柳泉金信")), max_size=14)


def values(parsed: ParsedAddress) -> tuple[object, ...]:
    return tuple(getattr(parsed, one.name) for one in fields(ParsedAddress))


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_a_reader_that_has_read_much_reads_as_a_new_one(texts: list[str]) -> None:
    used = Reader(OWN)
    for text in texts:
        assert values(used.read(text)) == values(Reader(OWN).read(text))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(0, 9), st.integers(0, 9))
def test_other_digits_change_numbers_and_nothing_else(text: str, first: int, second: int) -> None:
    used = Reader(Lexicon(nation=False))
    other = "".join(str((int(char) + first + second) % 10) if char.isdigit() else char for char in text)
    used.read(text)
    assert values(used.read(other)) == values(Reader(Lexicon(nation=False)).read(other))


@settings(max_examples=500, deadline=None)
@given(MARK_SIGNS)
def test_the_quick_search_for_endings_finds_what_the_plain_one_finds(text: str) -> None:
    plain = re.compile(NAME_ENDS)
    assert [(found.span(), found.lastgroup) for found in MARK.finditer(text)] == [
        (found.span(), found.lastgroup) for found in plain.finditer(text)
    ]


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 20))
def test_no_word_of_one_meaning_is_passed_over(text: str, at: int) -> None:
    if any(one.match(text, at) for one in (NOISE, DISTANCE, PHASE, HALL, GATE, SECTION, RELATIVE, SUB_NO)):
        assert FIXED_WORD.match(text, at)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_reading_says_the_same_whatever_is_asked_first(text: str) -> None:
    reader = Reader(OWN)
    spans_first, parts_first = reader.read(text), reader.read(text)
    assert spans_first.spans is spans_first.spans
    third = reader.read(text)
    by_attribute = {name: value for name in parts_of(third) if (value := getattr(third, name))}
    assert parts_of(parts_first) == parts_of(spans_first) == by_attribute
    assert {one.name for one in fields(ParsedAddress) if isinstance(getattr(third, one.name), str) and getattr(third, one.name)} - {
        "raw",
        "division",
        "former_division",
        "problem",
    } == set(by_attribute)
    assert parts_first == spans_first == pickle.loads(pickle.dumps(parts_first))
    assert hash(parts_first) == hash(spans_first)
