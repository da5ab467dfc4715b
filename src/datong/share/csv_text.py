"""Tables as CSV that spreadsheets open with their Chinese intact, and take no cell of for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes the beginning of a formula for."""


def plain_cell(text: str, marks: tuple[str, ...] = FORMULA) -> str:
    """A cell that no spreadsheet takes for a formula. `marks`: the beginnings that are set behind an apostrophe."""
    return f"'{text}" if text.startswith(marks) else text


def csv_text(rows: Iterable[Sequence[str]], marks: tuple[str, ...] = FORMULA) -> str:
    """Rows as CSV, with a mark of byte order; `marks` as for `plain_cell`."""
    return BYTE_ORDER + csv_lines(rows, marks)


def csv_lines(rows: Iterable[Sequence[str]], marks: tuple[str, ...] = FORMULA) -> str:
    """Rows as CSV without the mark of byte order: what follows on a table's beginning."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([plain_cell(cell, marks) for cell in row])
    return out.getvalue()
