"""Names as departments write them."""

from __future__ import annotations

import pytest

from datong.domain.names import compare_names, core_of, is_registered_form, read_name, read_org_name, surname_of


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("王小明", "王小明", "same"),
        ("王 小明", "王小明", "variant"),
        ("張偉", "张伟", "variant"),
        ("阿依古丽·买买提", "阿依古丽．买买提", "variant"),
        ("阿依古丽·买买提", "阿依古丽", "part"),
        ("WANG XIAOMING", "王小明", "pinyin"),
        ("Xiaoming Wang", "王小明", "pinyin"),
        ("王?明", "王喆明", "lost_character"),
        ("王?明", "李喆明", "different"),
        ("王小明", "王晓明", "homophone"),
        ("王小明", "王小亮", "one_character"),
        ("王建国", "王小亮", "surname"),
        ("王明", "李明", "different"),
        ("无", "王明", "missing"),
        ("", "王明", "missing"),
    ],
)
def test_two_written_names_reach_a_level_whichever_comes_first(left: str, right: str, level: str) -> None:
    assert compare_names(left, right) == level
    assert compare_names(right, left) == level


def test_reading_a_name_never_corrects_it() -> None:
    assert read_name("　王　小明 ") == "王小明"
    assert read_name("不详") == ""
    assert surname_of("欧阳娜娜") == "欧阳"
    assert surname_of("欧阳") == "欧"


def test_an_organisation_name_has_a_core() -> None:
    name = read_org_name("淄博市高新区鑫源机械（集团）有限公司")
    assert name == "淄博市高新区鑫源机械(集团)有限公司"
    assert core_of(name) == "鑫源机械"
    assert is_registered_form(name)
    assert not is_registered_form("张三小吃店")
