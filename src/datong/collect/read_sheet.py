"""Reads workbooks (xlsx, and old xls): finds the header under titles, gives every cell as text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from datong.collect.match_columns import find_header, known_share, no_header
from datong.collect.rows import BATCH, BrokenRow, Opened, Rows, footer_row, is_footer, rows_from_tuples
from datong.domain.errors import BadDelivery
from datong.spec import Source

MOST_UNPACKED = 2 << 30
MOST_RATIO = 250
_RATIO_FROM = 64 << 20
_EXACT = 1e15
_TITLE_ROWS = 30


def open_sheet(source: Source, path: Path) -> Opened:
    """Open a workbook delivery. Raises BadDelivery when it is damaged, locked, too large, or holds no such table."""
    _check_size(path)
    workbook = _workbook(path)
    names, header_row, sheet = _table(source, workbook)
    opened = Opened(names, "xlsx")
    opened.batches = _batches(sheet, names, header_row)
    return opened


def _check_size(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise BadDelivery("empty_file", "文件为空，请重新导出 · the file is empty: export it again")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return
    if not zipfile.is_zipfile(path):
        kind = "damaged_workbook" if start.startswith(b"PK") else "wrong_format"
        raise BadDelivery(kind, "文件不是完整的 xlsx 工作簿，请重新导出 · not a whole xlsx workbook: export it again")
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        names = archive.namelist()
    ratio = unpacked / max(path.stat().st_size, 1)
    if unpacked > MOST_UNPACKED or (unpacked > _RATIO_FROM and ratio > MOST_RATIO):
        raise BadDelivery("too_large", "工作簿解压后过大，请拆分或改用 CSV · the workbook unpacks to too much: split it or send CSV")
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise BadDelivery("bad_name", "工作簿内含越界路径，拒绝读取 · the workbook holds names that leave its folder")


def _workbook(path: Path) -> Any:
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise BadDelivery("encrypted", "工作簿设有密码，请去除密码后重报 · the workbook has a password: remove it") from None
    except CalamineError as error:
        if "assword" in str(error) or "ncrypt" in str(error):
            raise BadDelivery("encrypted", "工作簿设有密码，请去除密码后重报 · the workbook has a password: remove it") from None
        raise BadDelivery("damaged_workbook", "工作簿已损坏，无法打开，请重新导出 · the workbook is damaged: export it again") from None


def _table(source: Source, workbook: Any) -> tuple[tuple[str, ...], int, Any]:
    """The column names, the header's row number and the sheet that holds the table."""
    wanted = source.format.sheet
    if wanted and wanted not in workbook.sheet_names:
        have = "、".join(workbook.sheet_names)
        raise BadDelivery("missing_sheet", f"缺少工作表“{wanted}”，现有：{have} · the agreed sheet is missing: rename or add it")
    for name in [wanted] if wanted else workbook.sheet_names:
        sheet = _sheet(workbook, name)
        first = [list(map(cell_text, row)) for row, _ in zip(sheet.iter_rows(), range(_TITLE_ROWS), strict=False)]
        place = _header_place(source, first)
        if place is not None:
            names = [text.strip() for text in first[place]]
            return tuple(names), place + 1, _sheet(workbook, name)
    raise no_header(source)


def _sheet(workbook: Any, name: str) -> Any:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError:
        raise BadDelivery("damaged_workbook", f"工作表“{name}”已损坏，请重新导出 · a sheet is damaged: export it again") from None


def _header_place(source: Source, rows: Sequence[Sequence[str]]) -> int | None:
    """The agreed header row if it holds one, else the row that does (titles come and go)."""
    agreed = source.format.header_row - 1
    if 0 <= agreed < len(rows) and known_share(source, rows[agreed]) == 1:
        return agreed
    return find_header(source, rows)


def _batches(sheet: Any, names: tuple[str, ...], header_row: int) -> Iterator[Rows]:
    rows: list[list[str]] = []
    numbers: list[int] = []
    broken: list[BrokenRow] = []
    for row_no, cells in enumerate(sheet.iter_rows(), start=1):
        if row_no <= header_row:
            continue
        texts = list(map(cell_text, cells))
        if not any(texts):
            continue
        if is_footer(texts):
            broken.append(footer_row(row_no, names, texts))
            continue
        rows.append(texts)
        numbers.append(row_no)
        if len(rows) == BATCH:
            yield rows_from_tuples(rows, len(names), numbers, tuple(broken))
            rows, numbers, broken = [], [], []
    if rows or broken:
        yield rows_from_tuples(rows, len(names), numbers, tuple(broken))


def cell_text(value: Any) -> str:
    """A cell as text: dates as ISO, whole numbers without a point. A number too long to be exact keeps its
    exponent, so that cleaning sees that digits are lost."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if abs(value) >= _EXACT:
            return f"{value:.14E}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)
