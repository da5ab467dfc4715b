"""One definition, two executions: a number read alone and a column of numbers read by the kernel."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datong.domain.identifiers import CREDIT_ALPHABET, citizen_check, credit_check, organisation_check, read_citizen_id, read_credit_code
from datong.domain.number_keys import KINDS, PROBLEMS, NumberColumn, read_number
from datong.fuse.bulk import identify

COLUMNS: tuple[NumberColumn, ...] = ("citizen_id", "credit_code", "number")
WIDE = {code: code + 0xFEE0 for code in range(33, 127)} | {32: 0x3000}
ODD = (
    *("\u200b", "\ufeff", "\u2060", "\u00a0", "\u3000", "\u00ad", "\u2028", "\u180e", "\ufe0f", "\U000e0100", "\x1c", "\x85", "\t", "\x00"),
    *(
        "·",
        "・",
        "．",
        "－",
        "–",
        "—",
        "‐",
        "\u0301",
        "ß",
        "ı",
        "ſ",
        "ﬁ",
        "²",
        "①",
        "٣",
        "𝟗",
        "Ⅹ",
        "🀄",
        "😀",
        "𠮷",
        "㐂",
        "丽",
        "〇",
        "無",
    ),
    *("O", "I", "o", "i", "l", "x", "Ｘ", "ｘ", "\ufffd", "가", "ᄀ", "ᅡ", "é", "K", "\u3099", "ŉ", "\u0345"),
)


def with_check(first17: str) -> str:
    return first17 + citizen_check(first17)


def credit(first17: str) -> str:
    return first17 + credit_check(first17)


def code_of_organisation(first8: str) -> str:
    return first8 + organisation_check(first8)


REGIONS = st.sampled_from(["370303", "110101", "990101", "513022", "810000", "000000"])
DAYS = st.sampled_from(["19800229", "19810229", "18991231", "20241130", "00010101", "00000101", "19991301", "21010101", "18490101"])
CITIZENS = st.builds(lambda r, d, s: with_check(f"{r}{d}{s:03}"), REGIONS, DAYS, st.integers(0, 999))
OLD = st.builds(lambda r, d, s: f"{r}{d[2:]}{s:03}", REGIONS, DAYS, st.one_of(st.integers(0, 999), st.integers(994, 999)))
BODIES = st.text(alphabet=CREDIT_ALPHABET, min_size=8, max_size=8).map(code_of_organisation)
HEADS = st.sampled_from(
    ["91370303", "92110000", "11100000", "53370300", "A1110000", "N2370303", "Y1440300", "99370303", "00000000", "91000000"]
)
CREDITS = st.builds(lambda head, body: credit(head + body), HEADS, BODIES)
DIGITS = st.text(alphabet="0123456789", min_size=17, max_size=17)
CLEAN = st.one_of(
    CITIZENS, OLD, BODIES, CREDITS, DIGITS.map(with_check), DIGITS.map(credit), st.text(alphabet=CREDIT_ALPHABET + "x", max_size=19)
)


@st.composite
def dirtied(draw: st.DrawFn) -> str:
    """A number with what people and programs do to it."""
    text = draw(CLEAN)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        odd = draw(st.sampled_from([*ODD, " ", "-", ".", *"0123456789X"]))
        text = text[:at] + odd + text[at + draw(st.integers(0, 1)) :]
    if draw(st.booleans()):
        text = text.translate(WIDE) if draw(st.booleans()) else text.lower()
    return text


TEXTS = st.one_of(CLEAN, dirtied(), st.text(max_size=20), st.text(alphabet="0123456789xX０１Ｘ -.·\u200b𠮷", max_size=22))


def read_alone(text: str | None, column: NumberColumn) -> tuple[int, int, int]:
    found = read_number(text or "", column)
    return KINDS.index(found.kind), found.key, PROBLEMS.index(found.problem)


@settings(max_examples=400, deadline=None)
@given(
    rows=st.lists(st.one_of(st.none(), TEXTS), max_size=30), column=st.sampled_from(COLUMNS), skip=st.integers(0, 3), large=st.booleans()
)
def test_a_column_is_read_like_each_of_its_values(rows: list[str | None], column: NumberColumn, skip: int, large: bool) -> None:
    texts = pa.array(rows, pa.large_string() if large else pa.string()).slice(skip)
    found = identify(texts, column)
    assert list(zip(*(found.column(at).to_pylist() for at in range(3)), strict=True)) == [read_alone(row, column) for row in rows[skip:]]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_character_that_stands_alone_is_read_alike(column: NumberColumn) -> None:
    number = with_check("37030319800229001")
    points = [chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]
    sample = points[:0x3400] + points[0x3400:0x9FFF:97] + points[0x9FFF:0x20000] + points[0x20000::101]
    rows = [number[:5] + char + number[5 + (at % 2) :] for at, char in enumerate(sample)]
    found = identify(pa.array(rows), column)
    assert list(zip(*(found.column(at).to_pylist() for at in range(3)), strict=True)) == [read_alone(row, column) for row in rows]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_column_of_one_type_agrees_with_the_readers_of_identifiers(text: str) -> None:
    person, code = read_number(text, "citizen_id"), read_number(text, "credit_code")
    reading = read_citizen_id(text)
    assert person.problem == reading.problem
    assert person.key == (int(reading.value[:17]) if reading.problem in ("", "old15") else 0)
    if code.problem != "length" and (other := read_credit_code(text)).problem != "length":
        assert (code.problem, code.sound) == (other.problem, other.sound)


def test_old_and_new_codes_of_one_organisation_meet() -> None:
    body = code_of_organisation("16411234")
    assert read_number(body).key == read_number(credit("91370303" + body)).key == read_number(credit("92370100" + body)).key != 0


def test_a_mistyped_person_is_no_organisation() -> None:
    """Beijing's 110101 begins like a body of the civil service; only a column of either kind has to guess."""
    mistyped = next(
        text
        for serial in range(1000)
        if (text := f"11110119800101{serial:03}") and credit(text)[17].isdigit() and with_check(text) != credit(text)
    )
    assert read_number(credit(mistyped), "credit_code").kind == "organisation"
    assert read_number(credit(mistyped)) == read_number(credit(mistyped), "citizen_id")
    assert read_number(credit(mistyped)).problem == "check_digit"


def test_what_a_column_may_be() -> None:
    assert identify(pa.array([None, None]), "number").column("problem").to_pylist() == [1, 1]
    assert identify(pa.chunked_array([], pa.string())).num_rows == 0
    coded = pa.array(["37030319800229001X", ""]).dictionary_encode()
    assert identify(coded).to_pylist() == identify(coded.cast(pa.string())).to_pylist()
