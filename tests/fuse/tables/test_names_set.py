"""Names compared set-wise stand to each other as the registers' own definition says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datong.domain.names import NAME_LEVELS, compare_names, pinyin_of, read_name
from datong.fuse.tables.names_set import name_levels, quick_pinyin, soundex
from datong.fuse.tables.values import Values

CHARACTERS = "王李张單单歐欧阳司马曾重乐小晓明名敏丽麗華华?·. 买买提·艾AaNGWaxio阿"
names = st.text(alphabet=CHARACTERS, min_size=1, max_size=6).filter(lambda text: read_name(text) != "" and text.strip() == text)


def values_of(texts: list[str]) -> Values:
    return Values("chinese_name", pa.array(texts), np.ones(len(texts), bool))


@settings(max_examples=300, deadline=None)
@given(st.lists(names, min_size=2, max_size=8, unique=True))
def test_set_wise_levels_are_those_of_the_definition(texts: list[str]) -> None:
    values = values_of(texts)
    left, right = np.triu_indices(len(texts), 1)
    found = [NAME_LEVELS[level] for level in name_levels(values, left, right)]
    expected = [compare_names(texts[one], texts[other]) for one, other in zip(left, right, strict=True)]
    assert [level.replace("variant", "same") for level in found] == [level.replace("variant", "same") for level in expected]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("王小明", "王晓明", "homophone"),
        ("欧阳娜娜", "歐陽娜娜", "variant"),
        ("王小明", "WANGXIAOMING", "pinyin"),
        ("王小明", "XIAOMING WANG", "pinyin"),
        ("王小?", "王小明", "lost_character"),
        ("王小明", "王大明", "one_character"),
        ("王小明", "王建国", "surname"),
        ("王小明", "李小明", "surname_changed"),
        ("李小红", "陈李小红", "surname_changed"),
        ("王小明", "李建国", "different"),
        ("买买提·艾力", "买买提", "part"),
    ],
)
def test_each_level_once(left: str, right: str, level: str) -> None:
    assert NAME_LEVELS[name_levels(values_of([left, right]), np.array([0]), np.array([1]))[0]] == level


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="单曾乐重行朝长朱解华任盖查尉迟仇小明伟银行音乐重庆长大abc", min_size=1, max_size=5))
def test_quick_pinyin_is_the_definitions(name: str) -> None:
    assert quick_pinyin(name) == pinyin_of(name)


@pytest.mark.parametrize(
    ("name", "sound"), [("ROBERT", "R163"), ("RUPERT", "R163"), ("Ashcraft", "A261"), ("Tymczak", "T522"), ("Pfister", "P236")]
)
def test_soundex_by_the_book(name: str, sound: str) -> None:
    assert soundex(name) == sound
