"""Read a table that no pack describes: its own first row names the columns. CSV in any known encoding, Parquet, workbooks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from datong.collect.decode import decode_text
from datong.collect.read import open_delivery
from datong.collect.read_sheet import cell_text
from datong.collect.read_text import SAMPLE, check_text
from datong.collect.rows import BrokenRow
from datong.domain.errors import BadDelivery, Missing
from datong.spec import Column, Format, Source

_DELIMITERS = ",\t;|"


@dataclass(frozen=True)
class AnyTable:
    """A table as texts: one string column each (no nulls), each row's number in its file, and the rows that are no rows."""

    columns: Any
    row_nos: Any
    encoding: str
    broken: tuple[BrokenRow, ...]


def read_any(path: Path) -> AnyTable:
    """Read a whole file. Raises Missing when there is none, BadDelivery when it is no table or two columns share a name."""
    if not path.is_file():
        raise Missing(f"{path}: there is no such file")
    kind, delimiter, names = _recognise(path)
    names = [name.strip() for name in names]
    if repeated := sorted({name for name in names if name and names.count(name) > 1}):
        raise BadDelivery("duplicate_column", f"{path.name}: the column {repeated[0]!r} stands twice in the header: rename or remove one")
    opened = open_delivery(_source(kind, delimiter, names), path)
    parts: list[Any] = []
    numbers: list[Any] = []
    broken: list[BrokenRow] = []
    for rows in opened.batches:
        parts.append(pa.table(list(rows.columns), names=list(opened.names)))
        numbers.append(pa.array(rows.row_nos, pa.int64()))
        broken.extend(rows.broken)
    empty = pa.table([pa.array([], pa.string()) for _ in opened.names], names=list(opened.names))
    table = pa.concat_tables(parts) if parts else empty
    kept = [name for name in table.column_names if name]
    row_nos = pa.chunked_array(numbers, pa.int64()) if numbers else pa.chunked_array([], pa.int64())
    return AnyTable(table.select(kept), row_nos.to_numpy(), opened.encoding, tuple(broken))


def _recognise(path: Path) -> tuple[str, str, list[str]]:
    """Format, separator and column names."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if sample.startswith(b"PAR1"):
        return "parquet", "", []
    if sample.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "xlsx", "", _sheet_names(path)
    encoding = check_text(sample, len(sample) < SAMPLE)
    lines = decode_text(sample, encoding)
    delimiter, names = max(((each, _first_row(lines, each)) for each in _DELIMITERS), key=lambda found: len(found[1]))
    return "csv", delimiter, names


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        return next(
            (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(cell.strip() for cell in row)), []
        )
    except csv.Error:
        return []


def _sheet_names(path: Path) -> list[str]:
    """The first filled row of the first sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()
        return next((texts for texts in (list(map(cell_text, row)) for row in rows) if any(texts)), [])
    except (CalamineError, IndexError):
        raise BadDelivery("damaged_workbook", f"{path.name}: the workbook is damaged or locked; save it again, or send CSV") from None


def _source(kind: str, delimiter: str, names: list[str]) -> Source:
    """The file described by its own header."""
    return Source(
        resource="table",
        title_zh="",
        title_en="",
        department="",
        system="",
        file="",
        format=Format(kind, delimiter=delimiter or ","),
        delivery="full",
        key=(),
        update_cycle="",
        sharing_class="",
        legal_basis="",
        level=1,
        precedence="",
        columns=tuple(Column(name, f"c{place}", "text") for place, name in enumerate(names) if name),
    )
