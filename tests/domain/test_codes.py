"""Permanent codes: issued once, checked, not to be guessed."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datong.domain.codes import ALPHABET, LETTERS, code_of, issue, kind_of, read_code, show_code

KEY = b"a key of the city for tests only"


def test_serials_give_different_codes_and_each_is_sound() -> None:
    issued = list(islice(issue("person", -1, KEY), 3000))
    assert len({code for _, code in issued}) == 3000
    assert all(read_code(code).sound and kind_of(code) == "person" for _, code in issued)


def test_issuing_goes_on_where_it_stopped() -> None:
    first = list(islice(issue("premises", -1, KEY), 10))
    assert list(islice(issue("premises", first[4][0], KEY), 5)) == first[5:]


def test_neighbouring_serials_do_not_look_alike_and_another_key_gives_another_order() -> None:
    codes = [code for _, code in islice(issue("organisation", -1, KEY), 50)]
    assert codes != sorted(codes)
    assert codes != [code for _, code in islice(issue("organisation", -1, b"another"), 50)]


def test_serials_whose_check_character_people_misread_are_skipped() -> None:
    skipped = [serial for serial in range(400) if not code_of("person", serial, KEY)]
    assert skipped, "among 400 serials some check characters are I, L, O or U"
    assert not set(skipped) & {serial for serial, _ in islice(issue("person", -1, KEY), 300)}


@given(st.integers(0, 2**40 - 1), st.sampled_from(sorted(LETTERS)), st.integers(1, 9), st.data())
def test_one_wrong_character_is_always_noticed(serial: int, kind: str, at: int, data: st.DataObject) -> None:
    code = code_of(kind, serial, KEY)  # type: ignore[arg-type]
    if not code:
        return
    other = data.draw(st.sampled_from([char for char in ALPHABET if char != code[at]]))
    assert read_code(code[:at] + other + code[at + 1 :]).problem == "check_character"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "missing"), ("P12", "length"), ("X000000000", "kind"), ("P0000-0000-!", "characters")],
)
def test_what_is_no_code_says_why(text: str, problem: str) -> None:
    assert read_code(text).problem == problem


def test_a_code_is_read_as_people_write_and_speak_it() -> None:
    code = next(code for _, code in issue("organisation", -1, KEY) if "0" in code[1:] and "1" in code[1:])
    spoken = code[0] + code[1:].replace("0", "o").replace("1", "l")
    assert read_code(f"  {show_code(spoken.lower())} ").value == code
    assert read_code("0" + code[1:]).value == code, "a zero in front of an organisation's code is its letter O"
