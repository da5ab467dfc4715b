"""GB 18030 that is damaged: the file goes on, and each damaged row is named by its number and column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collect.small import SmallCity, csv_text, row

from datong.collect import decode
from datong.collect.decode import _gb18030, splits_undecoded
from datong.collect.split import column_of, split_cells

RARE = "𠮷㐂𠀀鿿"  # outside the two-byte part: four bytes each
DAMAGE = {
    # what stands in the address (every pair in the two-byte range is a character, if only a private one)
    "a lead byte before the separator": "柳泉路".encode("gb18030") + b"\xc1",
    "a lead byte and a byte that ends no character": b"\xc1\x20" + "柳泉路".encode("gb18030"),
    "a byte that begins nothing": b"\x80" + "柳泉路".encode("gb18030"),
    "a byte that is never used": "柳".encode("gb18030") + b"\xff" + "泉路".encode("gb18030"),
    "a four-byte character without its last byte": "𠮷".encode("gb18030")[:3],
    "a four-byte character without its last two": "柳".encode("gb18030") + "𠮷".encode("gb18030")[:2],
    "four bytes beyond the last character": b"\xe3\x32\x9a\x36",
    "four bytes that are reserved": b"\x85\x30\x81\x30",
    "UTF-8 in the middle": "柳泉".encode("gb18030") + "路".encode(),
    "damage inside quotes": b'"\xc1\x0a,' + "柳泉路".encode("gb18030") + b'"',
    "a lead byte before a closing quote": b'"\xc1"',
    "a lead byte before a doubled quote": b'"\xc1""\xfd"',
}
PIECES = [
    *(b"\xc1", b"\x80", b"\xff", b"\x81\x30", b"\x81\x30\x81", b"\x84\x31\xa4\x37", b"\xfe\xfe", b"0", b"9", b"@", b"|", b"\x7f"),
    *(b",", b",", b"\n", b"\r\n", b'"', b'""', b" ", b"abcdefgh", "张".encode("gb18030"), "𠮷".encode("gb18030"), "é".encode("gb18030")),
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)


def cells_of(content: bytes, encoded: bool) -> list[list[str]]:
    cells = split_cells(np.frombuffer(content, np.uint8), True, ",", '"')
    rows = [np.arange(cells.first[r], cells.first[r + 1]) for r in range(len(cells.first) - 1)]
    return [column_of(cells, which, encoded).to_pylist() for which in rows]


@settings(max_examples=400, deadline=None)
@given(content=SOUP)
def test_splitting_before_decoding_is_splitting_after_it(content: bytes) -> None:
    decoded = b"".join(block.tobytes() for block in _gb18030(iter([np.frombuffer(content, np.uint8)])))
    assert cells_of(content, True) == cells_of(decoded, False)


@settings(max_examples=300, deadline=None)
@given(content=SOUP, cuts=st.lists(st.integers(0, 120), max_size=4))
def test_where_blocks_are_cut_is_never_seen(content: bytes, cuts: list[int]) -> None:
    data = np.frombuffer(content, np.uint8)
    blocks = np.split(data, sorted(cut for cut in cuts if cut < data.size))
    whole = b"".join(block.tobytes() for block in _gb18030(iter([data])))
    assert b"".join(block.tobytes() for block in _gb18030(iter(blocks))) == whole


def test_only_marks_that_no_character_holds_are_split_undecoded() -> None:
    assert splits_undecoded("gb18030", ",", '"') and splits_undecoded("gb18030", "\t", ";")
    assert not splits_undecoded("gb18030", "|", '"'), "0x7C is the second byte of many characters"
    assert not splits_undecoded("gb18030", ",", "`") and not splits_undecoded("utf-8", ",", '"')


@pytest.mark.parametrize("block", [7, 64, 1 << 20])
@pytest.mark.parametrize("delimiter", [",", "|"])
def test_every_kind_of_damage_is_reported_by_row_and_column(
    block: int, delimiter: str, any_city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "BLOCK", block)
    lines: list[bytes] = csv_text([]).strip().encode("gb18030").split(b"\n")
    marks: dict[int, str] = {}
    for number, (what, content) in enumerate(DAMAGE.items()):
        good = row(2 * number, 姓名=f"{RARE}张", 住址='"柳泉路\n1号"')
        lines += [",".join(good).encode("gb18030"), ",".join(row(2 * number + 1, 住址="?")).encode("gb18030").replace(b"?", content)]
        marks[2 * number + 3] = what
    content = b"\r\n".join(lines) + b"\r\n"
    receipt = any_city.receive(content.replace(b",", delimiter.encode()))
    assert receipt.collected, receipt.message
    assert receipt.rejected == len(DAMAGE) and receipt.counts.encoding == "gb18030"
    assert {waiting.row_no for waiting in any_city.waiting()} == set(marks)
    if delimiter == ",":  # a lead byte before "|" is another character, and its row has a cell too few
        assert {(waiting.reason, waiting.column) for waiting in any_city.waiting()} == {("damaged_bytes", "住址")}
        assert all("�" in waiting.cells["住址"] for waiting in any_city.waiting())
    kept: list[dict[str, Any]] = any_city.records()
    assert {record["row_no"] for record in kept} == {number - 1 for number in marks}
    assert all(record["name"] == f"{RARE}张" and record["address"] == "柳泉路1号" for record in kept)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_file_that_ends_inside_a_character_names_its_last_row(cut: int, city: SmallCity) -> None:
    rows = [row(number) for number in range(12)]
    content = csv_text([*rows, row(12, 备注="𠮷")]).rstrip().encode("gb18030")
    assert city.receive(content[:-cut]).collected, "only the column that is left out is damaged"
    content = csv_text([cells[:-1] for cells in rows] + [row(12, 登记日期="𠮷")[:-1]], "编号,姓名,身份证号,性别,电话,住址,登记日期")
    receipt = city.receive(content.rstrip().encode("gb18030")[:-cut], "resident-20260302.csv")
    assert receipt.collected and dict(receipt.counts.rejected) == {"damaged_bytes": 1}
    (waiting,) = city.waiting()
    assert (waiting.row_no, waiting.column, waiting.reason) == (14, "登记日期", "damaged_bytes")
