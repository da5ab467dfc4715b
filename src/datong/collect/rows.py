"""What every reader yields: batches of text columns with each row's own number, and rows that are no rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

BATCH = 20_000
_FOOTER = re.compile(r"(合\s*计|总\s*计|小\s*计|共\s*\d+|制表|填表|审核人|说明|备注\s*[:：]|注\s*[:：]|total\b)", re.IGNORECASE)


@dataclass(frozen=True)
class BrokenRow:
    """A row the reader cannot make into cells: its number, the reason, a sentence, and what could be read."""

    row_no: int
    reason: str
    message: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Rows:
    """A batch: one string array (no nulls) a column of the file, and the row numbers.

    A row's number is the one a spreadsheet shows: the first row of the file is 1, header and titles count.
    """

    columns: Sequence[Any]
    row_nos: Any
    broken: tuple[BrokenRow, ...] = ()


@dataclass
class Opened:
    """An opened delivery: its column names as sent, its encoding, and its batches. `ending` is set when they run out."""

    names: tuple[str, ...]
    encoding: str
    batches: Iterator[Rows] = field(default_factory=lambda: iter(()))
    ending: str = ""
    """"truncated" when the last row is broken off."""


def rows_from_tuples(rows: Sequence[Sequence[str]], width: int, row_nos: Sequence[int], broken: tuple[BrokenRow, ...] = ()) -> Rows:
    """A batch from rows of texts."""
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(width)]
    return Rows(columns, np.array(row_nos, np.int64), broken)


def is_footer(cells: Sequence[str]) -> bool:
    """Whether a row is a total or a note under a table rather than a record."""
    filled = [cell for cell in cells if cell.strip()]
    return 0 < len(filled) <= max(2, len(cells) // 3) and bool(_FOOTER.match(filled[0].strip()))


def footer_row(row_no: int, names: Sequence[str], cells: Sequence[str]) -> BrokenRow:
    """The broken row for a footer."""
    message = "合计或说明行，不是记录，请在导出时去掉 · a total or a note, not a record: leave it out of the export"
    return BrokenRow(row_no, "footer_row", message, named_cells(names, cells))


def named_cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells by column name; cells beyond the last column are numbered."""
    return {(names[place] if place < len(names) and names[place] else f"第{place + 1}列"): cell for place, cell in enumerate(cells)}
