"""Reads simulated deliveries and their truth back, with nothing but the readers of each format."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from datong.simulate import TABLES
from datong.spec import Source


@dataclass
class City:
    """A simulated city on disk."""

    folder: Path
    sources: dict[str, Source]

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """manifest.json."""
        content: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return content

    def files(self, *notes: str) -> list[dict[str, Any]]:
        """Manifest lines with one of these notes."""
        return [file for file in self.manifest["files"] if file["note"] in notes]

    def truth(self, name: str) -> list[dict[str, str]]:
        """A truth file as dicts."""
        with gzip.open(self.folder / "truth" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def table(self, file: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
        """Header and rows of a delivered file, as texts."""
        return read_table(self.folder / file["file"], self.sources[file["resource"]])


def read_table(path: Path, source: Source) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a file in its source's format."""
    form = source.format
    if form.kind == "csv":
        return _csv(path, source)
    if form.kind == "xlsx":
        rows = [[str(cell) for cell in row] for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_name(form.sheet).to_python()]
        return rows[form.header_row - 1], rows[form.header_row :]
    if form.kind == "jsonl":
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        names = list(records[0]) if records else list(TABLES[source.resource].columns)
        return names, [["" if value is None else str(value) for value in record.values()] for record in records]
    if form.kind == "table":
        with sqlite3.connect(path) as connection:
            cursor = connection.execute(f'SELECT * FROM "{form.table}"')
            return [column[0] for column in cursor.description], [list(row) for row in cursor]
    if form.kind == "parquet":
        table = pq.read_table(path)
        return table.column_names, [["" if value is None else value for value in row.values()] for row in table.to_pylist()]
    return _fixed(path, source)


def _csv(path: Path, source: Source) -> tuple[list[str], list[list[str]]]:
    encoding = "utf-8-sig" if source.format.encoding == "utf-8" else source.format.encoding
    with path.open(encoding=encoding, newline="") as stream:
        rows = list(csv.reader(stream, delimiter=source.format.delimiter))
    header = rows.pop(0) if source.format.header else [column.name for column in source.columns]
    return header, rows


def _fixed(path: Path, source: Source) -> tuple[list[str], list[list[str]]]:
    rows = []
    for line in path.read_bytes().split(b"\r\n")[:-1]:
        cells, start = [], 0
        for column in source.columns:
            cells.append(line[start : start + column.width].decode("gb18030").strip())
            start += column.width
        assert start == len(line)
        rows.append(cells)
    return [column.name for column in source.columns], rows
