"""The catalogue as files: xlsx and CSV (one table), and DCAT-AP in JSON-LD; written and read back to the same items."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from datong.domain.errors import BadValue
from datong.domain.secrecy import marking_in
from datong.share.catalogue.dcat import Publishers, from_dcat, to_dcat
from datong.share.catalogue.item import Fault, Resource
from datong.share.catalogue.judge import OUTSIDE
from datong.share.catalogue.table import ReadItem, Titles, read_rows, rows_of
from datong.share.catalogue.words import HEADINGS, RESOURCE_COLUMNS, VALUES
from datong.share.csv_text import FORMULA
from datong.share.csv_text import csv_text as marked_csv
from datong.share.sheets import AS_TEXT

SHEET = "信息资源目录"
FORMS = ("xlsx", "csv", "jsonld")
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonld": "application/ld+json",
}
MARKED = (*FORMULA, "'")


@dataclass(frozen=True)
class Cast:
    """Everybody a file may name."""

    titles: Titles
    publishers: Publishers


def write(items: Iterable[Resource], form: str, cast: Cast) -> bytes:
    """The items as a file of one of FORMS. Raises BadValue for another form."""
    if form == "csv":
        return csv_text((HEADINGS, *rows_of(items, cast.titles))).encode()
    if form == "xlsx":
        return _xlsx(rows_of(items, cast.titles))
    if form == "jsonld":
        return json.dumps(to_dcat(items, cast.publishers), ensure_ascii=False, indent=1).encode()
    raise BadValue("form", "不是可以导出的格式", f"写 {'、'.join(FORMS)} 之一")


def read(content: bytes, name: str, cast: Cast) -> tuple[list[ReadItem], list[Fault]]:
    """Items from a file, by the ending of its name; with every fault of the file itself. A file marked as secret is not opened."""
    if mark := marking_in(name):
        return [], [Fault("file", f"{OUTSIDE}：文件名写有“{mark}”", "不得上传，按保密规定管理")]
    form = name.rpartition(".")[2].lower()
    if form in ("jsonld", "json"):
        return _read_json(content, cast)
    if form not in ("csv", "xlsx"):
        return [], [Fault("file", "不认识的文件格式", "上传 .xlsx、.csv 或 .jsonld 文件")]
    try:
        rows = list(_csv_rows(content) if form == "csv" else _xlsx_rows(content))
    except (CalamineError, UnicodeDecodeError, csv.Error, ValueError):
        return [], [Fault("file", "文件打不开", "用 Excel 另存为 .xlsx，或用 UTF-8、GB18030 编码保存为 .csv")]
    return read_rows(rows, cast.titles)


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """As the other tables; a cell's own apostrophe is set behind one too, so that reading takes away just what was set."""
    return marked_csv(rows, MARKED)


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    for row in csv.reader(io.StringIO(text, newline="")):
        yield [cell[1:] if cell[:1] == "'" and cell[1:].startswith(MARKED) else cell for cell in row]


def _xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, AS_TEXT)
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#D9E6F5", "border": 1})
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading, head)
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, len(HEADINGS) - 1, 16)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell)
    lists = book.add_worksheet("取值")
    for column, (name, words) in enumerate(VALUES.items()):
        heading = next(one for one in HEADINGS if RESOURCE_COLUMNS.get(one) == name)
        lists.write_string(0, column, heading, head)
        for number, word in enumerate(words.values(), start=1):
            lists.write_string(number, column, word)
    book.close()
    return out.getvalue()


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
    for row in book.get_sheet_by_name(name).iter_rows():
        yield ["" if cell is None else str(cell) for cell in row]


def _read_json(content: bytes, cast: Cast) -> tuple[list[ReadItem], list[Fault]]:
    try:
        plain = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return [], [Fault("file", "不是 JSON-LD 文件", "上传 UTF-8 编码的 DCAT-AP JSON-LD")]
    return from_dcat(plain, cast.publishers)
