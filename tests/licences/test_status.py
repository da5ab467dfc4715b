"""The Token Status List: the standard's own vectors, and what becomes of a list that somebody bends."""

from __future__ import annotations

import ast
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from datong.licences import status
from datong.licences.jose import ForgedError, SigningKey

FILES = ("status_list_encoding_json", "status_list_encoding2_json", "status_list_encoding4_json", "status_list_encoding8_json")
LONG = ("status_list_encoding1_long_json", "status_list_encoding2_long_json")


def _vector(name: str) -> tuple[str, dict[str, object]]:
    text = shared("licences", "status-list", f"{name}.md").read_text(encoding="utf-8")
    found = re.search(r"\{.*\}", text, re.DOTALL)
    assert found is not None
    return text, json.loads(re.sub(r"\s+", "", found[0]))


@pytest.mark.parametrize("name", FILES)
def test_the_standards_vectors_decode_to_their_bytes(name: str) -> None:
    text, member = _vector(name)
    expected = re.search(r"byte_array = (\[.*?\])", text, re.DOTALL)
    bits, packed = status.decode(member)
    assert expected is None or packed == bytes(ast.literal_eval(expected[1]))
    assert bits == member["bits"]


@pytest.mark.parametrize("name", LONG)
def test_the_standards_long_lists_decode_whole(name: str) -> None:
    bits, packed = status.decode(_vector(name)[1])
    assert len(packed) * 8 // bits == 1 << 20
    assert any(packed)


@given(st.dictionaries(st.integers(0, 4095), st.integers(1, 3), max_size=50))
def test_what_is_packed_reads_back(values: dict[int, int]) -> None:
    packed = status.pack(values.items(), 4096)
    bits, same = status.decode(status.encode(packed))
    made = status.StatusList("u", bits, same, 0, 0)
    assert {index: made.value(index) for index in values} == values
    assert sum(made.value(index) != 0 for index in range(4096)) == len(values)
    assert made.value(4096) is None
    assert made.value(-1) is None


def test_every_bent_sign_of_a_signed_list_is_refused() -> None:
    key = SigningKey.new("city-1")
    text = status.sign_list(key, "https://x/list", status.pack([(3, 1)], 1024), 0)
    keys = {"city-1": key.public}
    assert status.open_list(text, keys).value(3) == status.INVALID
    for place in range(len(text)):
        for char in "A_9":
            if char != text[place]:
                with pytest.raises(ForgedError):
                    status.open_list(text[:place] + char + text[place + 1 :], keys)
