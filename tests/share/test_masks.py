from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datong.share import MASKS, apply_mask


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        ("plain", "王小明", "王小明"),
        ("name", "王小明", "王**"),
        ("name", "王明", "王*"),
        ("name", "阿依古丽·买买提", "阿**"),
        ("citizen_id", "370303198501010017", "370303********0017"),
        ("citizen_id_ends", "370303198501010017", "3***************17"),
        ("phone", "13812341234", "138****1234"),
        ("phone", "05332345678", "0533*****78"),
        ("address", "淄博市高新区柳泉路1号3号楼2单元1501室", "淄博市高新区柳泉路1号3号楼********"),
        ("plate", "鲁C12345", "鲁C1***5"),
        ("certificate", "鲁(2020)淄博市不动产权第0012345号", "鲁(20***************345号"),
        ("account", "0012345678", "******5678"),
        ("year", "1985-01-01", "1985-**-**"),
        ("hidden", "已婚", "****"),
    ],
)
def test_each_mask_hides_what_it_should(mask: str, value: str, shown: str) -> None:
    assert apply_mask(mask, value) == shown


@given(st.sampled_from(sorted(MASKS)), st.text(min_size=1, max_size=40).filter(lambda text: set(text) != {"*"}))
def test_no_mask_ever_shows_the_whole_value(mask: str, value: str) -> None:
    assert apply_mask(mask, value) != value


@pytest.mark.parametrize("mask", sorted(MASKS))
def test_an_empty_value_stays_empty(mask: str) -> None:
    assert apply_mask(mask, "") == ""
