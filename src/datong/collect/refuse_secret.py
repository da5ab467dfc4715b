"""State and work secrets are refused before anything of a delivery is kept: by its name, its sheets, and the lines down to its header."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from datong.domain.errors import BadDelivery
from datong.domain.secrecy import marking_in
from datong.spec import Source

REASON = "secret_marking"
HEAD = 8192
"""Bytes read of a text file to find its header."""
SHEET_HEAD = 3
"""Rows looked at beyond a sheet's header."""


def refuse_secret(source: Source, path: Path | str, name: str) -> None:
    """Raises BadDelivery when a file is marked as secret. What a row of data says is not looked at: a marking stands on the file."""
    marked = marking_in(name)
    if not marked and isinstance(path, Path) and path.is_file():
        marked = next((found for line in _head(source, path) if (found := marking_in(line))), "")
    if marked:
        raise BadDelivery(
            REASON,
            f"文件标有“{marked}”：国家秘密和工作秘密不得通过本平台报送，文件未接收；请按保密规定处理 "
            "· marked as secret: nothing was kept; secrets may not be delivered here",
        )


def _head(source: Source, path: Path) -> list[str]:
    form = source.format
    if form.kind == "xlsx":
        return _sheet_head(path, form.header_row + SHEET_HEAD if form.header else SHEET_HEAD)
    if form.kind not in ("csv", "fixed"):
        return []
    with path.open("rb") as file:
        start = file.read(HEAD)
    lines = start.decode(form.encoding or "utf-8", errors="replace").splitlines()
    if not form.encoding and "\ufffd" in "".join(lines[:2]):
        lines = start.decode("gb18030", errors="replace").splitlines()
    return lines[: form.skip_rows + (1 if form.header else 0)]


def _sheet_head(path: Path, rows: int) -> list[str]:
    try:
        book = CalamineWorkbook.from_path(path)
        names = list(book.sheet_names)
        for name in tuple(names):
            for row in islice(book.get_sheet_by_name(name).iter_rows(), rows):
                names += [str(cell) for cell in row if isinstance(cell, str)]
    except CalamineError:
        return []  # it cannot be read at all, and is held for that
    return names
