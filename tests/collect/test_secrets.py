"""State and work secrets are refused at the door: nothing of such a file is kept, and the record says that something was refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from tests.collect.small import AT, HEADER, RESIDENT, SmallCity, csv_text, row, source_from

from datong import collect
from datong.domain.errors import BadDelivery, BadPack
from datong.spec import Format

GOOD = csv_text([row(number) for number in range(5)])


def refused(city: SmallCity, path: Path, source: object = None) -> BadDelivery:
    with pytest.raises(BadDelivery) as told:
        collect.receive(city.store, city.settings, source or city.source, path, received_at=AT)  # type: ignore[arg-type]
    assert told.value.reason == "secret_marking" and "不得通过本平台报送" in told.value.message
    with city.store.session() as session:
        assert collect.receipts(session) == []
    raw = city.settings.home / "raw"
    assert not raw.exists() or not [one for one in raw.rglob("*") if one.is_file()]
    (line,) = city.lines()
    assert (line["state"], line["reason"]) == ("refused", "secret_marking") and "机密" not in str(line)
    return told.value


def test_a_marking_in_the_name_refuses_the_file(any_city: SmallCity, tmp_path: Path) -> None:
    path = tmp_path / "resident-2026-03-01（机密）.csv"
    path.write_text(GOOD, encoding="utf-8")
    refused(any_city, path)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_marking_in_the_header_refuses_the_file(city: SmallCity, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "resident-2026-03-01.csv"
    path.write_text(GOOD.replace(HEADER, HEADER.replace("备注", "绝密备注"), 1), encoding=encoding)
    refused(city, path)


def test_a_marking_above_a_sheets_header_refuses_the_workbook(city: SmallCity, tmp_path: Path) -> None:
    path = tmp_path / "resident-2026-03-01.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("居民")
    sheet.write_row(0, 0, ["秘密★一年"])
    sheet.write_row(1, 0, HEADER.split(","))
    book.close()
    source = source_from(RESIDENT, tmp_path, format=Format("xlsx", header_row=1))
    refused(city, path, source)


def test_what_a_row_says_is_no_marking(city: SmallCity, tmp_path: Path) -> None:
    path = tmp_path / "resident-2026-03-01.csv"
    path.write_text(csv_text([row(number, 备注="机密文件交接") for number in range(5)]), encoding="utf-8")
    assert collect.receive(city.store, city.settings, city.source, path, received_at=AT).collected


@pytest.mark.parametrize(
    "text",
    [RESIDENT + "secrecy: secret\n", RESIDENT.replace("{field: phone, type: phone}", "{field: phone, type: phone, secrecy: work_secret}")],
)
def test_a_pack_that_describes_a_secret_is_at_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadPack, match="marked as secret"):
        source_from(text, tmp_path)


def parquet(path: Path, *, column: str = "备注", value: str = "", beside: dict[str, str] | None = None) -> Path:
    table = pa.table({"编号": ["1", "2"], column: ["", value]})
    pq.write_table(table.replace_schema_metadata(beside) if beside else table, path)
    return path


@pytest.mark.parametrize(
    "more",
    [
        {"column": "绝密备注"},
        {"beside": {"comment": "机密★十年"}},
        {"column": "密级", "value": "秘密"},
        {"column": "secrecy", "value": "工作秘密"},
    ],
)
def test_what_a_parquet_file_says_of_itself_refuses_it(city: SmallCity, tmp_path: Path, more: dict[str, Any]) -> None:
    source = replace(city.source, format=Format(kind="parquet"))
    refused(city, parquet(tmp_path / "resident-2026-03-01.parquet", **more), source)


@pytest.mark.parametrize("row", [{"机密备注": "x"}, {"备注": "x", "密级": "机密"}, {"备注": "x", "密级": "秘密"}])
def test_a_message_that_states_its_level_is_refused(city: SmallCity, tmp_path: Path, row: dict[str, str]) -> None:
    path = tmp_path / "resident-2026-03-01.jsonl"
    path.write_text('{"编号": "1"}\n' + json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    refused(city, path, replace(city.source, format=Format(kind="jsonl")))
    with pytest.raises(BadDelivery, match="不得通过本平台报送"):
        collect.refuse_secret_rows([{"编号": "1"}, row])


def test_what_is_open_and_what_rows_say_otherwise_are_no_markings(tmp_path: Path) -> None:
    collect.refuse_secret_rows([{"备注": "机密文件存放处", "密级": "非涉密"}, {"备注": "商业秘密", "密级": ""}])
