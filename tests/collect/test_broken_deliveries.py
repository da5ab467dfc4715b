"""Every way a delivery can be broken, and the clear reason each is answered with."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from tests.collect.small import AT, HEADER, SmallCity, csv_text, row

from datong import collect
from datong.domain.errors import BadDelivery
from datong.spec import Assertions, Format

ROWS = [row(number) for number in range(20)]
GOOD = csv_text(ROWS)
XLSX, JSONL, PARQUET = Format("xlsx"), Format("jsonl"), Format("parquet")
FIXED, TABLE = Format("fixed", encoding="gb18030", header=False), Format("table", table="resident")


def workbook(rows: list[list[str]], sheet: str = "居民") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, cells in enumerate(rows):
        page.write_row(number, 0, cells)
    book.close()
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (80 << 20))
    return out.getvalue()


def escaping() -> bytes:
    out = io.BytesIO(workbook([HEADER.split(","), *ROWS]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../outside.xml", b"x")
    return out.getvalue()


def parquet(cut: int = 0) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"姓名": ["张三"]}), out)
    content = out.getvalue()
    return content[:-cut] if cut else content


def with_column(name: str, after: str = "") -> str:
    return csv_text([[*cells, "值"] for cells in ROWS], f"{HEADER},{name}")


def without(place: int) -> str:
    cut = [[cell for number, cell in enumerate(cells) if number != place] for cells in [HEADER.split(","), *ROWS]]
    return csv_text(cut[1:], ",".join(cut[0]))


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
HELD: dict[str, tuple[str, bytes, Format | None, str]] = {
    # what is sent: (stable reason, content, format unless CSV, a word the message must hold)
    "an empty file": ("empty_file", b"", None, "空"),
    "blank lines only": ("empty_file", b"\n\n  \r\n", None, "空"),
    "a byte order mark alone": ("empty_file", b"\xef\xbb\xbf", None, "空"),
    "a header and no rows": ("too_few_rows", (HEADER + "\n").encode(), None, "0 行"),
    "a workbook where CSV is agreed": ("wrong_format", workbook([HEADER.split(","), *ROWS]), None, "xlsx"),
    "an old workbook where CSV is agreed": ("wrong_format", ENCRYPTED, None, "xls"),
    "a PDF": ("wrong_format", b"%PDF-1.7 ...", None, "pdf"),
    "a gzip archive": ("wrong_format", gzip.compress(GOOD.encode()), None, "gzip"),
    "a Parquet file where CSV is agreed": ("wrong_format", parquet(), None, "parquet"),
    "a web page that calls itself a table": ("wrong_format", b"<html><table><tr><td>a</td></tr></table></html>", None, "网页"),
    "binary rubbish": ("not_text", bytes(range(256)) * 40, None, "文本"),
    "no header row": ("no_header", csv_text(ROWS).split("\n", 1)[1].encode(), None, "姓名"),
    "a header nobody agreed": ("no_header", csv_text(ROWS, "a,b,c,d,e,f,g,h").encode(), None, "编号"),
    "a new column": ("new_column", with_column("宗教信仰").encode(), None, "宗教信仰"),
    "a renamed column": ("new_column", GOOD.replace("电话", "手机", 1).encode(), None, "手机"),
    "a missing column": ("missing_column", without(5).encode(), None, "住址"),
    "a column that stands twice": ("duplicate_column", with_column("姓名").encode(), None, "姓名"),
    "another encoding than agreed": ("wrong_encoding", GOOD.encode("utf-8"), Format("csv", encoding="gb18030"), "utf-8"),
    "GB 18030 where UTF-8 is agreed": ("wrong_encoding", GOOD.encode("gb18030"), Format("csv", encoding="utf-8"), "gb18030"),
    "a file cut off in its last row": ("truncated", GOOD.encode()[: GOOD.encode().rfind(b",")][:-30], None, "截断"),
    "a quote that never closes": ("unclosed_quote", GOOD.replace("R0005", '"R0005').encode(), None, "第 7 行"),
    "a shifted table": ("mostly_rejected", csv_text([cells[:-2] for cells in ROWS]).encode(), None, "too_few_cells"),
    "names missing in most rows": ("mostly_rejected", csv_text([row(n, 姓名="") for n in range(20)]).encode(), None, "missing"),
    "a workbook cut off": ("damaged_workbook", workbook([HEADER.split(","), *ROWS])[:-400], XLSX, "工作簿"),
    "text where a workbook is agreed": ("wrong_format", GOOD.encode(), XLSX, "xlsx"),
    "an empty workbook file": ("empty_file", b"", XLSX, "空"),
    "an empty sheet": ("no_header", workbook([]), XLSX, "表头"),
    "a workbook that unpacks to too much": ("too_large", bomb(), XLSX, "过大"),
    "a workbook with names leading out of it": ("bad_name", escaping(), XLSX, "越界"),
    "a locked or foreign OLE file": ("damaged_workbook", ENCRYPTED, XLSX, "工作簿"),
    "another sheet than agreed": ("missing_sheet", workbook([HEADER.split(","), *ROWS]), Format("xlsx", sheet="台账"), "台账"),
    "JSON Lines without an object": ("wrong_format", b"[1,2]\nhello\n", JSONL, "JSON"),
    "JSON Lines with a new key": ("new_column", '{"姓名":"张三","宗教":"x"}\n'.encode(), JSONL, "宗教"),
    "JSON Lines cut off": ("truncated", b"".join(b'{"a":1}\n' for _ in range(20)) + b'{"a', JSONL, "截断"),
    "a Parquet file cut off": ("wrong_format", parquet(cut=20), PARQUET, "Parquet"),
    "a Parquet file with other columns": ("missing_column", parquet(), PARQUET, "编号"),
    "fixed width with other widths": ("mostly_rejected", ("短行\n" * 20).encode("gb18030"), FIXED, "row_length"),
    "no database where a table is agreed": ("wrong_format", GOOD.encode(), TABLE, "SQLite"),
    "a database cut off": ("unreadable", b"SQLite format 3\0" + b"\1" * 400, TABLE, "database"),
    "a separator nobody agreed and one column": ("no_header", GOOD.replace(",", "~").encode(), None, "表头"),
    "columns without a header, one too many": (
        "column_count",
        with_column("x").split("\n", 1)[1].encode(),
        Format("csv", header=False),
        "7 列",
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_a_broken_delivery_is_held_with_a_clear_reason(what: str, city: SmallCity) -> None:
    reason, content, form, word = HELD[what]
    source = city.source
    if what == "JSON Lines cut off":
        source = replace(source, columns=(replace(source.columns[0], name="a"),), key=(), assertions=Assertions())
    if form is not None and form.kind == "fixed":
        source = replace(source, columns=tuple(replace(column, width=12) for column in source.columns))
    receipt = city.receive(content, source=replace(source, format=form or source.format))
    assert (receipt.state, receipt.reason) == ("held", reason), receipt.message
    assert word in receipt.message
    assert "·" in receipt.message or reason == "unreadable", "said in Chinese and in English"
    assert city.records() == [] and city.waiting() == [], "nothing of a held delivery enters the lake"
    line = city.lines()[-1]
    assert (line["state"], line["reason"]) == ("held", reason)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Assertions(rows_min=21), "too_few_rows"),
        (Assertions(rows_max=19), "too_many_rows"),
        (Assertions(rows_min=1, filled={"phone": 1.0}), "not_filled"),
    ],
)
def test_an_assertion_that_does_not_hold_holds_the_delivery(said: Assertions, reason: str, city: SmallCity) -> None:
    content = csv_text([*ROWS[:-1], row(19, 电话="")])
    assert city.receive(content, source=replace(city.source, assertions=said)).reason == reason


def test_far_fewer_rows_than_before_hold_the_delivery(city: SmallCity) -> None:
    assert city.receive(GOOD).collected
    receipt = city.receive(csv_text(ROWS[:8]), "resident-20260302.csv")
    assert receipt.reason == "changed_too_much" and "20" in receipt.message
    assert len(city.records()) == 20, "what was known stays"


def test_no_rows_at_all_are_held_unless_the_pack_allows_none(city: SmallCity) -> None:
    nothing = (HEADER + "\n").encode()
    assert city.receive(nothing, source=replace(city.source, assertions=Assertions())).reason == "no_rows"
    assert city.receive(nothing, "other.csv", replace(city.source, assertions=Assertions(rows_min=0))).collected


@pytest.mark.parametrize("name", ["../resident.csv", "a/b.csv", "..\\x.csv", "..", "", "x\0.csv", "名" * 100])
def test_a_name_with_a_path_in_it_is_refused(name: str, city: SmallCity) -> None:
    path = city.folder / "sent.csv"
    path.write_text(GOOD, encoding="utf-8")
    if not name:
        name = "   "
    with pytest.raises(BadDelivery) as raised:
        collect.receive(city.store, city.settings, city.source, path, received_at=AT, file_name=name)
    assert raised.value.reason == "bad_name"


def test_a_file_that_is_not_there_is_said_plainly(city: SmallCity) -> None:
    with pytest.raises(BadDelivery) as raised:
        collect.receive(city.store, city.settings, city.source, Path("nowhere.csv"), received_at=AT)
    assert raised.value.reason == "missing_file"


BAD_ROWS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    # a wrong row among good ones: (stable reason, column, content)
    "an empty required value": ("missing", "姓名", lambda: csv_text([*ROWS[:5], row(5, 姓名=""), *ROWS[6:]]).encode()),
    "a placeholder in a required value": ("missing", "姓名", lambda: csv_text([*ROWS[:5], row(5, 姓名="无"), *ROWS[6:]]).encode()),
    "name and number swapped": (
        "swapped_columns",
        "姓名",
        lambda: csv_text([*ROWS[:5], row(5, 姓名="370303199001010017", 身份证号="张三丰"), *ROWS[6:]]).encode(),
    ),
    "too few cells": ("too_few_cells", "", lambda: csv_text([*ROWS[:5], row(5)[:4], *ROWS[6:]]).encode()),
    "too many cells": ("too_many_cells", "", lambda: csv_text([*ROWS[:5], [*row(5), "x", "y"], *ROWS[6:]]).encode()),
    "damaged bytes in GB 18030": (
        "damaged_bytes",
        "住址",
        lambda: GOOD.encode("gb18030").replace("柳泉路5号".encode("gb18030"), b"\xc1\xff\x35", 1),
    ),
    "damaged bytes in UTF-8": ("damaged_bytes", "住址", lambda: GOOD.encode().replace("柳泉路5号".encode(), b"\xe6\x9f5", 1)),
    "a total under the table": ("footer_row", "", lambda: (csv_text([*ROWS[:19]]) + "合计：19人\n").encode()),
}


@pytest.mark.parametrize("what", BAD_ROWS)
def test_a_wrong_row_waits_with_its_reason_number_and_column(what: str, city: SmallCity) -> None:
    reason, column, content = BAD_ROWS[what]
    receipt = city.receive(content())
    assert receipt.collected, receipt.message
    assert dict(receipt.counts.rejected) == {reason: 1}
    assert (receipt.counts.received, receipt.counts.accepted) == (20, 19)
    (waiting,) = city.waiting()
    assert (waiting.reason, waiting.column) == (reason, column)
    assert waiting.row_no == (21 if reason == "footer_row" else 7), "the number a spreadsheet shows"
    assert "·" in waiting.message and waiting.cells


def test_a_strict_column_sends_unsound_values_to_quarantine(city: SmallCity) -> None:
    columns = tuple(replace(column, strict=column.field == "citizen_id") for column in city.source.columns)
    bad = ["370303199001010015", "370303199013010014", "990303199001010014", "37030319900101001", "3.70303E+17", "37030319900101****"]
    content = csv_text([*(row(number, 身份证号=text) for number, text in enumerate(bad)), *ROWS[6:]])
    receipt = city.receive(content, source=replace(city.source, columns=columns))
    assert dict(receipt.counts.rejected) == dict.fromkeys(
        ("check_digit", "birth_date", "province", "length", "scientific", "characters"), 1
    )


def test_without_strict_an_unsound_value_is_kept_with_a_note(city: SmallCity) -> None:
    receipt = city.receive(csv_text([row(0, 身份证号="370303199001010015", 电话="无"), *ROWS[1:]]))
    assert dict(receipt.counts.problems) == {"citizen_id:check_digit": 1, "phone:placeholder": 1}
    first = next(record for record in city.records() if record["record_no"] == "R0000")
    assert first["problems"] == "citizen_id:check_digit;phone:placeholder"
    assert (first["phone"], first["phone__raw"], first["citizen_id__raw"]) == ("", "无", None)
