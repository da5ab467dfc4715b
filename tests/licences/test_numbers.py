"""Numbers of electronic licences: those that public systems print, and every single slip in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datong.domain.identifiers import MOD37_ALPHABET
from datong.licences import Identifier, read_identifier

PRINTED = (
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
)
"""Samples of ministries' own standards for single licence types."""


@pytest.mark.parametrize("number", PRINTED)
def test_numbers_as_public_systems_print_them_are_sound_and_come_back_the_same(number: str) -> None:
    read = read_identifier(number)
    assert read.sound
    assert str(read) == number


@pytest.mark.parametrize("number", PRINTED)
def test_every_single_slip_of_the_pen_is_found(number: str) -> None:
    start = len("1.2.156.3005.2.")
    for place in range(start, len(number)):
        if number[place] == ".":
            continue
        for char in MOD37_ALPHABET:
            if char != number[place]:
                assert not read_identifier(number[:place] + char + number[place + 1 :]).sound, (place, char)


SIGNS = st.text(MOD37_ALPHABET, min_size=1, max_size=20)


@given(st.text(MOD37_ALPHABET, min_size=21, max_size=21), SIGNS, SIGNS, st.integers(0, 999))
def test_what_is_numbered_reads_back(kind: str, issuer: str, serial: str, version: int) -> None:
    made = Identifier(kind, issuer, serial, version)
    assert read_identifier(str(made)) == made


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "missing"), ("1.2.3", "form"), (PRINTED[0][:-2], "form"), (PRINTED[0].replace("403", "4-3"), "characters")],
)
def test_what_is_no_number_says_why(text: str, problem: str) -> None:
    assert read_identifier(text).problem == problem
