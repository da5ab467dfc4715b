"""Tables as workbooks in which every cell is text: nothing is taken for a formula, an address or a number."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How every workbook of the city is opened for writing."""


def plain_workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet with a frozen line of heads and one line for each row."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, AS_TEXT)
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#D9E6F5", "border": 1})
    for column, heading in enumerate(heads):
        sheet.write_string(0, column, heading, head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 18)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return out.getvalue()
