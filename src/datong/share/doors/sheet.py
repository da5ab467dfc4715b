"""The file of an extract: a workbook or a CSV, in which every row says whose copy it is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from datong.share.csv_text import csv_text
from datong.share.sheets import AS_TEXT

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""Form → media type."""
_WIDTH = 22
_SEAL = "水印"


@dataclass(frozen=True)
class Mark:
    """Whose copy this is: its number, who took it, what for, when."""

    number: str
    who: str
    purpose: str
    at: str

    def line(self, seal: str = "") -> str:
        """The mark as it stands in a row; with the row's seal."""
        return " · ".join(part for part in (self.number, seal, self.who, self.purpose, self.at) if part)


@dataclass(frozen=True)
class Sheet:
    """What the file holds: names of columns, rows of texts, each row's seal, the mark."""

    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    seals: Sequence[str]
    mark: Mark


def write_sheet(form: str, sheet: Sheet) -> bytes:
    """The file. `form` is one of FORMS."""
    return _workbook(sheet) if form == "xlsx" else _csv(sheet)


def _csv(sheet: Sheet) -> bytes:
    rows = ((*row, sheet.mark.line(seal)) for row, seal in zip(sheet.rows, sheet.seals, strict=True))
    return csv_text(((*sheet.heads, _SEAL), *rows)).encode()


def _workbook(sheet: Sheet) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, AS_TEXT)
    page = book.add_worksheet("提取")
    loud = book.add_format({"bold": True, "font_color": "#B00020"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    pale = book.add_format({"font_color": "#8A8A8A", "italic": True})
    page.write_string(0, 0, f"仅限本次用途使用，严禁外传：{sheet.mark.line()}", loud)
    for column, name in enumerate((*sheet.heads, _SEAL)):
        page.write_string(1, column, name, head)
    for number, (row, seal) in enumerate(zip(sheet.rows, sheet.seals, strict=True), 2):
        for column, cell in enumerate(row):
            page.write_string(number, column, cell)
        page.write_string(number, len(row), sheet.mark.line(seal), pale)
    page.set_column(0, len(sheet.heads), _WIDTH)
    page.freeze_panes(2, 0)
    page.repeat_rows(0, 1)
    page.set_footer(f"&C{sheet.mark.line().replace('&', '&&')}  &P/&N"[:255])
    book.close()
    return out.getvalue()
