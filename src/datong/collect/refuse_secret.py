"""State and work secrets are refused before anything of a delivery is kept: by its name, its sheets, the lines down to its header, what a
Parquet file says of itself, the names of a message's members; and by any row that states its own level of secrecy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from datong.domain.errors import BadDelivery
from datong.domain.secrecy import marking_in
from datong.spec import Source

REASON = "secret_marking"
HEAD = 8192
"""Bytes read of a text file to find its header."""
SHEET_HEAD = 3
"""Rows looked at beyond a sheet's header."""
LEVELS = ("密级", "保密级别", "涉密等级", "secrecy", "secrecy_level", "security_classification")
"""Columns and members by which a row states its level of secrecy; the values of no other one are looked at."""
_MOST_LEVELS = 20_000
"""Rows of a file whose stated levels are read."""


def refuse_secret(source: Source, path: Path | str, name: str) -> None:
    """Raises BadDelivery when a file is marked as secret. Of a row of data only what LEVELS name is looked at."""
    marked = marking_in(name)
    if not marked and isinstance(path, Path) and path.is_file():
        marked = next((found for line in _head(source, path) if (found := marking_in(line))), "")
    if marked:
        raise _refusal(marked)


def refuse_secret_rows(rows: Iterable[Mapping[str, object]]) -> None:
    """Raises BadDelivery when a pushed message is marked as secret: by the name of a member, or by a row that states its level."""
    marked = next((found for row in rows for text in _said(row) if (found := marking_in(text))), "")
    if marked:
        raise _refusal(marked)


def _refusal(marked: str) -> BadDelivery:
    return BadDelivery(
        REASON,
        f"文件标有“{marked}”：国家秘密和工作秘密不得通过本平台报送，文件未接收；请按保密规定处理 "
        "· marked as secret: nothing was kept; secrets may not be delivered here",
    )


def _said(row: Mapping[str, object]) -> Iterator[str]:
    """What of a row may bear a marking: its members' names, and the level it states."""
    for name, value in row.items():
        yield name
        if name.strip().lower() in LEVELS and isinstance(value, str):
            yield f"{value.strip()}级" if value.strip() == "秘密" else value


def _head(source: Source, path: Path) -> list[str]:
    form = source.format
    if form.kind == "xlsx":
        return _sheet_head(path, form.header_row + SHEET_HEAD if form.header else SHEET_HEAD)
    if form.kind == "parquet":
        return _parquet_head(path)
    if form.kind == "jsonl":
        return _message_head(path)
    if form.kind not in ("csv", "fixed"):
        return []
    with path.open("rb") as file:
        start = file.read(HEAD)
    lines = start.decode(form.encoding or "utf-8", errors="replace").splitlines()
    if not form.encoding and "\ufffd" in "".join(lines[:2]):
        lines = start.decode("gb18030", errors="replace").splitlines()
    return lines[: form.skip_rows + (1 if form.header else 0)]


def _parquet_head(path: Path) -> list[str]:
    """What a Parquet file says of itself: its columns' names, the words beside them and beside the file, the levels its rows state."""
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            told = [*schema.names]
            for beside in (schema.metadata, *(schema.field(number).metadata for number in range(len(schema.names)))):
                told += [text.decode("utf-8", "replace")[:HEAD] for name, text in (beside or {}).items() if name != b"ARROW:schema"]
            levels = [name for name in schema.names if name.strip().lower() in LEVELS]
            for batch in file.iter_batches(batch_size=_MOST_LEVELS, columns=levels) if levels else ():
                for name in levels:
                    told += [text for value in batch.column(name).unique().to_pylist() for text in _said({name: value})]
                break
            return told
    except (pa.ArrowException, OSError):
        return []  # it cannot be read at all, and is held for that


def _message_head(path: Path) -> list[str]:
    """The members' names of a file of messages, and the levels that its rows state."""
    told: dict[str, None] = {}
    with path.open("rb") as file:
        for line in islice(file, _MOST_LEVELS):
            try:
                row = json.loads(line)
            except ValueError:
                continue  # a line that is no object is told of when it is read
            if isinstance(row, dict):
                told.update(dict.fromkeys(_said(row)))
    return list(told)


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
