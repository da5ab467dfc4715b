"""Every kind of file gives the same records, with the row numbers a spreadsheet shows."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collect.small import AT, HEADER, SmallCity, csv_text, row

from datong import collect
from datong.collect.decode import _gb18030, detect_encoding, utf8_blocks
from datong.collect.split import column_of, split_cells
from datong.spec import Format

ROWS = [row(number) for number in range(6)]
GOOD = csv_text(ROWS)
Facts = list[tuple[str, ...]]
FIELDS = ("record_no", "name", "citizen_id", "sex", "phone", "address", "since")


def facts(city: SmallCity, **more: Any) -> Facts:
    return sorted(tuple(record[field] for field in FIELDS) for record in city.records(**more))


@pytest.fixture
def expected(city: SmallCity) -> Facts:
    return [(*cells[:3], "male", *cells[4:7]) for cells in ROWS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_csv_is_read_in_every_encoding_and_line_ending(encoding: str, ending: str, city: SmallCity, expected: Facts) -> None:
    receipt = city.receive(GOOD.replace("\n", ending).encode(encoding))
    assert receipt.collected, receipt.message
    assert facts(city) == expected
    assert receipt.counts.encoding == {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding), "the receipt states it"
    assert sorted(record["row_no"] for record in city.records()) == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_separator_is_found(delimiter: str, city: SmallCity, expected: Facts) -> None:
    assert city.receive(GOOD.replace(",", delimiter)).collected
    assert facts(city) == expected


def test_titles_blank_lines_trailing_commas_and_quoted_breaks_keep_their_numbers(city: SmallCity) -> None:
    lines = ["居民登记表,,,", "", HEADER + ",,", ",".join(ROWS[0]) + ",,", "", ",".join(row(1, 住址='"柳泉路\n1号 ""A"" 座"')) + ",,"]
    receipt = city.receive("\n".join(lines) + "\n")
    assert receipt.collected, receipt.message
    found = {record["record_no"]: record for record in city.records()}
    assert (found["R0000"]["row_no"], found["R0001"]["row_no"]) == (4, 6)
    assert found["R0001"]["address"] == '柳泉路1号"A"座' and found["R0001"]["address__raw"] == '柳泉路\n1号 "A" 座'


def test_a_file_without_header_takes_columns_in_the_order_listed(city: SmallCity, expected: Facts) -> None:
    content = "".join(",".join(cells[:7]) + "\n" for cells in ROWS)
    assert city.receive(content, source=replace(city.source, format=Format("csv", header=False))).collected
    assert facts(city) == expected


def test_columns_may_come_in_any_order_with_blanks_in_their_names(city: SmallCity, expected: Facts) -> None:
    header = "备注,登记日期,住 址,电话,性别, 身份证号 ,姓　名,编号"
    assert city.receive(csv_text([cells[::-1] for cells in ROWS], header)).collected
    assert facts(city) == expected


def test_a_workbook_is_read_under_its_titles(city: SmallCity) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("说明").write(0, 0, "填表说明")
    page = book.add_worksheet("居民")
    page.merge_range("B2:H2", "居民登记表（2026年）")
    page.write_row(3, 0, HEADER.split(","))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(4, 0, row(0)[:6])
    page.write_datetime(4, 6, __import__("datetime").datetime(2020, 1, 2), day)
    page.write_row(6, 0, row(1))
    page.write_number(6, 4, 13800000001)
    page.write_number(6, 2, 370303199001010017)
    page.write_row(7, 0, ["合计", "", "2人"])
    book.close()
    receipt = city.receive(out.getvalue(), "resident.xlsx", replace(city.source, format=Format("xlsx", header_row=3)))
    assert receipt.collected, receipt.message
    first, second = sorted(city.records(), key=lambda record: record["row_no"])
    assert (first["row_no"], first["since"], second["row_no"], second["phone"]) == (5, "2020-01-02", 7, "13800000001")
    assert second["problems"] == "citizen_id:scientific", "a number of 18 digits in a number cell has lost some"
    assert dict(receipt.counts.rejected) == {"footer_row": 1}


def test_json_lines_keep_numbers_as_written_and_name_lines_that_are_none(city: SmallCity) -> None:
    lines = [json.dumps(dict(zip(HEADER.split(","), cells, strict=True)), ensure_ascii=False) for cells in ROWS]
    lines[1] = lines[1].replace('"R0001"', "1e400").replace('"2020-01-02"', "null")
    lines[2] = "not json"
    receipt = city.receive("\n".join(lines) + "\n", "resident.jsonl", replace(city.source, format=Format("jsonl")))
    assert receipt.collected, receipt.message
    found = {record["row_no"]: record for record in city.records()}
    assert (found[2]["record_no"], found[2]["since"]) == ("1e400", "")
    assert [(waiting.row_no, waiting.reason) for waiting in city.waiting()] == [(3, "not_json")]


def test_fixed_width_is_cut_by_bytes(city: SmallCity, expected: Facts) -> None:
    widths = (6, 12, 18, 2, 11, 60, 10)
    source = replace(
        city.source, columns=tuple(replace(column, width=width) for column, width in zip(city.source.columns, widths, strict=True))
    )
    lines = [b"".join(cell.encode("gb18030").ljust(width) for cell, width in zip(cells, widths, strict=False)) for cells in ROWS]
    receipt = city.receive(
        b"\r\n".join(lines) + b"\r\n", "r.txt", replace(source, format=Format("fixed", encoding="gb18030", header=False))
    )
    assert receipt.collected, receipt.message
    assert facts(city) == expected


def test_parquet_columns_of_every_type_become_text(city: SmallCity) -> None:
    columns: dict[str, Any] = dict(zip(HEADER.split(","), zip(*ROWS, strict=True), strict=True))
    columns |= {"电话": [13800000000 + number for number in range(6)], "登记日期": [date(2020, 1, 2)] * 6, "备注": [None] * 6}
    columns["编号"] = pa.array(columns["编号"]).dictionary_encode()
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    assert city.receive(out.getvalue(), "r.parquet", replace(city.source, format=Format("parquet"))).collected
    assert city.records()[3]["phone"] == "13800000003" and city.records()[3]["since"] == "2020-01-02"


def make_table(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE 居民 ({', '.join(HEADER.split(','))})")
        connection.executemany(f"INSERT INTO 居民 VALUES ({', '.join('?' * 8)})", ROWS)
    connection.close()


@pytest.mark.parametrize("form", [Format("table", table="居民"), Format("table", query="SELECT * FROM 居民 WHERE 编号 <> 'R0005'")])
def test_a_database_table_or_query_is_read(form: Format, city: SmallCity, expected: Facts) -> None:
    make_table(city.folder / "sent.sqlite")
    receipt = city.receive((city.folder / "sent.sqlite").read_bytes(), "r.sqlite", replace(city.source, format=form))
    assert receipt.collected, receipt.message
    assert facts(city) == expected[: receipt.counts.accepted] and receipt.counts.accepted in (5, 6)


@pytest.mark.postgres
def test_a_table_in_postgresql_is_kept_as_the_lines_it_gave(city: SmallCity, postgres_server: str, expected: Facts) -> None:
    import psycopg
    from tests import postgres

    with postgres.database(postgres_server) as url:
        with psycopg.connect(url) as connection:
            connection.execute(f"CREATE TABLE people ({', '.join(f'{name} text' for name in HEADER.split(','))})")
            connection.cursor().executemany("INSERT INTO people VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", ROWS)
        source = replace(city.source, format=Format("table", table="people"))
        first = collect.receive(city.store, city.settings, source, url, received_at=AT)
        again = collect.receive(city.store, city.settings, source, url, received_at=AT)
    assert first.collected and again.already_received
    assert facts(city) == expected


def test_detection_tells_encodings_apart() -> None:
    text = "编号,姓名\n1,张三\n"
    assert detect_encoding(text.encode("gb18030"), True) == "gb18030"
    assert detect_encoding(text.encode("utf-16-le"), True) == "utf-16-le"
    assert detect_encoding(text.encode("utf-16-be"), True) == "utf-16-be"
    assert detect_encoding(text.encode()[:-5], False) == "utf-8", "a sample may end inside a character"
    assert detect_encoding(b"\0\1\2\3" * 50, True) == "binary"


def test_a_file_that_begins_in_ascii_is_not_taken_for_utf8(city: SmallCity) -> None:
    rows = [[f"R{number:06d}", "Li Lei", "", "1", "", "x" * 60, "", ""] for number in range(4000)]
    source = replace(city.source, columns=tuple(replace(column, name=column.field) for column in city.source.columns), ignored=("note",))
    header = ",".join((*FIELDS, "note"))
    content = csv_text([*rows, ["R999999", "韩梅梅", "", "2", "", "柳泉路", "", ""]], header).encode("gb18030")
    receipt = city.receive(content, source=source)
    assert receipt.counts.encoding == "gb18030" and receipt.rejected == 0


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60), cut=st.integers(0, 200))
def test_gb18030_is_decoded_as_the_codec_does_wherever_blocks_are_cut(text: str, cut: int) -> None:
    content = np.frombuffer(text.encode("gb18030"), np.uint8)
    blocks = iter([content[:cut], content[cut : cut + 1], content[cut + 1 :]])
    assert b"".join(block.tobytes() for block in _gb18030(blocks)).decode() == content.tobytes().decode("gb18030")


@settings(max_examples=150, deadline=None)
@given(rubbish=st.binary(max_size=6), encoding=st.sampled_from(["gb18030", "utf-8"]))
def test_damage_never_leaves_its_line(rubbish: bytes, encoding: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    damaged = bytes(byte for byte in rubbish if byte >= 0x80)
    path = tmp_path_factory.mktemp("d") / "f"
    path.write_bytes("前,一\n".encode(encoding) + damaged + ",中\n".encode(encoding) + "后,二\n".encode(encoding))
    lines = b"".join(block.tobytes() for block in utf8_blocks(path, encoding)).decode().split("\n")
    assert (lines[0], lines[2]) == ("前,一", "后,二")
    assert lines[1].endswith(",中")


@settings(max_examples=300, deadline=None)
@given(cells=st.lists(st.lists(st.text(alphabet='a"，,\n\r张 ', max_size=6), min_size=1, max_size=4), max_size=5), tail=st.booleans())
def test_what_python_writes_as_csv_is_read_back(cells: list[list[str]], tail: bool) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL if tail else csv.QUOTE_MINIMAL, lineterminator="\n" if tail else "\r\n").writerows(cells)
    split = split_cells(np.frombuffer(out.getvalue().encode() or b"", np.uint8), True, ",", '"')
    found = [column_of(split, np.arange(split.first[r], split.first[r + 1])).to_pylist() for r in range(len(split.first) - 1)]
    assert found == cells and not split.open_quote
