"""Reads deliveries that have columns of their own: Parquet files and database tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datong import store
from datong.collect.rows import BATCH, Opened, Rows, rows_from_tuples
from datong.domain.errors import BadDelivery
from datong.spec import Source


def open_parquet(source: Source, path: Path) -> Opened:
    """Open a Parquet delivery; row 1 is its first record."""
    _not_empty(path)
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError):
        raise BadDelivery("wrong_format", "文件不是完整的 Parquet，请重新导出 · not a whole Parquet file: export it again") from None
    opened = Opened(tuple(file.schema_arrow.names), "parquet")
    opened.batches = _parquet_batches(file)
    return opened


def _parquet_batches(file: Any) -> Iterator[Rows]:
    row_no = 1
    batches = file.iter_batches(BATCH)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowInvalid, OSError):
            raise BadDelivery(
                "damaged_file", f"第 {row_no} 行之后的数据已损坏，请重新导出 · damaged after row {row_no}: export it again"
            ) from None
        if batch is None:
            return
        yield Rows([text_array(column) for column in batch.columns], np.arange(row_no, row_no + batch.num_rows, dtype=np.int64))
        row_no += batch.num_rows


def text_array(array: Any) -> Any:
    """Any Arrow array as plain strings without nulls."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        array, kind = array.dictionary_decode(), array.type.value_type
    if (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_date(kind)
    ):
        text = array.cast(pa.string())
    else:
        text = pa.array([_plain(value) for value in array.to_pylist()], pa.string())
    return pc.fill_null(text, "")


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def open_table(source: Source, path: Path) -> Opened:
    """Open a table or query in a kept SQLite file; row 1 is the first it gives."""
    _not_empty(path)
    with path.open("rb") as file:
        if not file.read(16).startswith(b"SQLite format 3"):
            raise BadDelivery("wrong_format", "文件不是 SQLite 数据库 · the file is no SQLite database")
    query = source.format.query or store.table_query(source.format.table)
    return _from_table(store.read_table(f"sqlite:///{path}", query))


def _from_table(batches: Iterator[tuple[list[str], list[tuple[str, ...]]]]) -> Opened:
    names, first = next(batches)
    opened = Opened(tuple(names), "table")

    def numbered() -> Iterator[Rows]:
        row_no = 1
        rows = first
        while rows:
            yield rows_from_tuples(rows, len(names), range(row_no, row_no + len(rows)))
            row_no += len(rows)
            _, rows = next(batches, (names, []))

    opened.batches = numbered()
    return opened


def _not_empty(path: Path) -> None:
    if path.stat().st_size == 0:
        raise BadDelivery("empty_file", "文件为空，请重新导出 · the file is empty: export it again")
