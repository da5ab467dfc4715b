"""Files as departments send them, written row by row in flat memory, byte for byte the same for the same rows.

What a file looks like is read from the pack of its source: format, encoding, delimiter, sheet, header row, widths.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from datong.domain.errors import BadValue
from datong.simulate.deliver.row import Table
from datong.spec import Source

PARQUET_GROUP = 50_000
XLSX_ROWS = 1_000_000
"""Rows an .xlsx sheet may hold; a longer table belongs in another format."""
_CREATED = datetime(2026, 10, 31, 8, 0, 0)  # noqa: DTZ001 - a workbook's property has no zone


class RowFile(Protocol):
    """A file that is being written."""

    def append(self, values: list[str]) -> None:
        """Write one row; one text a column, in the order of the header."""

    def close(self) -> None:
        """Finish the file."""


def first_row_no(source: Source) -> int:
    """The number of the first row of data in a file of a source; titles and the header are counted from 1, as a reader sees them."""
    if source.format.kind == "xlsx":
        return max(source.format.header_row, 1) + 1
    return source.format.skip_rows + 2 if source.format.kind == "csv" and source.format.header else 1


def open_file(path: Path, source: Source, table: Table, columns: tuple[str, ...]) -> RowFile:
    """A new file of a source at `path`, with its header written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = source.format.kind
    if kind == "csv":
        return _CsvFile(path, source, columns, table)
    if kind == "jsonl":
        return _JsonFile(path, source, columns)
    if kind == "fixed":
        return _FixedFile(path, source)
    if kind == "xlsx":
        return _SheetFile(path, source, columns, table.title)
    if kind == "table":
        return _DatabaseFile(path, source, columns)
    if kind == "parquet":
        return _ParquetFile(path, columns)
    raise BadValue("format.kind", f"the simulated city cannot write {kind!r}", "write csv, xlsx, jsonl, fixed, table or parquet")


class _CsvFile:
    def __init__(self, path: Path, source: Source, columns: tuple[str, ...], table: Table) -> None:
        encoding = source.format.encoding or "gb18030"
        self._stream = path.open("w", encoding="utf-16-le" if encoding == "utf-16" else encoding, newline="")
        if encoding == "utf-16" or (encoding == "utf-8" and table.byte_order_mark):
            self._stream.write("\ufeff")
        self._rows = csv.writer(self._stream, delimiter=source.format.delimiter, quotechar=source.format.quote)
        self._trailing = [""] if table.trailing_comma else []
        if source.format.header:
            self._rows.writerow([*columns, *self._trailing])

    def append(self, values: list[str]) -> None:
        self._rows.writerow(values + self._trailing)

    def close(self) -> None:
        self._stream.close()


class _JsonFile:
    def __init__(self, path: Path, source: Source, columns: tuple[str, ...]) -> None:
        self._stream = path.open("w", encoding="utf-8", newline="\n")
        self._columns = columns
        amounts = {column.name for column in source.columns if column.type in ("amount", "integer")}
        self._amounts = [column in amounts for column in columns]

    def append(self, values: list[str]) -> None:
        row: dict[str, Any] = dict(zip(self._columns, values, strict=True))
        for column, value, number in zip(self._columns, values, self._amounts, strict=True):
            if number and value.replace(".", "", 1).isdigit():
                row[column] = float(value) if "." in value else int(value)
            elif not value:
                row[column] = None
        self._stream.write(json.dumps(row, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._stream.close()


class _FixedFile:
    def __init__(self, path: Path, source: Source) -> None:
        self._stream = path.open("wb")
        self._encoding = source.format.encoding or "gb18030"
        self._widths = [column.width for column in source.columns]

    def append(self, values: list[str]) -> None:
        cells = (_cell(value, width, self._encoding) for value, width in zip(values, self._widths, strict=True))
        self._stream.write(b"".join(cells) + b"\r\n")

    def close(self) -> None:
        self._stream.close()


class _SheetFile:
    def __init__(self, path: Path, source: Source, columns: tuple[str, ...], title: str) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties({"created": _CREATED, "author": source.department})
        self._sheet = self._book.add_worksheet(source.format.sheet or "Sheet1")
        bold = self._book.add_format({"bold": True, "align": "center"})
        last = len(columns) - 1
        header_row = max(source.format.header_row, 1)
        lines = (title, f"填报单位：{source.system}", "单位：人、户、元")
        for number in range(header_row - 1):
            self._sheet.merge_range(number, 0, number, last, lines[number], bold)
        self._next = header_row - 1
        self._write(columns)

    def append(self, values: list[str]) -> None:
        if self._next >= XLSX_ROWS:
            raise BadValue("people", "a sheet cannot hold so many rows", "send this resource as csv")
        self._write(values)

    def _write(self, values: list[str] | tuple[str, ...]) -> None:
        for number, value in enumerate(values):
            if value:
                self._sheet.write_string(self._next, number, value)
        self._next += 1

    def close(self) -> None:
        self._book.close()


class _DatabaseFile:
    """A department's own SQLite file, not the city's store: written once, without a journal."""

    def __init__(self, path: Path, source: Source, columns: tuple[str, ...]) -> None:
        path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA page_size=4096")
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute("PRAGMA synchronous=OFF")
        names = ", ".join(f'"{column}" TEXT' for column in columns)
        self._connection.execute(f'CREATE TABLE "{source.format.table}" ({names})')
        self._connection.execute("BEGIN")
        marks = ", ".join("?" * len(columns))
        self._insert = f'INSERT INTO "{source.format.table}" VALUES ({marks})'  # noqa: S608 - the table's name is from a checked pack

    def append(self, values: list[str]) -> None:
        self._connection.execute(self._insert, values)

    def close(self) -> None:
        self._connection.execute("COMMIT")
        self._connection.close()


class _ParquetFile:
    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self._schema = pa.schema([(column, pa.string()) for column in columns])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[list[str]] = []

    def append(self, values: list[str]) -> None:
        self._rows.append(values)
        if len(self._rows) >= PARQUET_GROUP:
            self._flush()

    def _flush(self) -> None:
        columns = [list(column) for column in zip(*self._rows, strict=True)] or [[] for _ in self._schema]
        arrays = [pa.array([value or None for value in column], pa.string()) for column in columns]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()


def _cell(value: str, width: int, encoding: str) -> bytes:
    """A value in exactly `width` bytes: cut between characters, filled with blanks."""
    found = value.encode(encoding)
    while len(found) > width:
        value = value[:-1]
        found = value.encode(encoding)
    return found.ljust(width)
