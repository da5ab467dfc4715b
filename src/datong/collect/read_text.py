"""Reads delimited text (CSV and its kin), streaming, in any encoding departments use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from datong.collect.decode import decode_text, detect_encoding, splits_undecoded, undecoded_blocks, utf8_blocks
from datong.collect.match_columns import find_header, known_share, no_header
from datong.collect.rows import BrokenRow, Opened, Rows, footer_row, is_footer, named_cells
from datong.collect.split import BLANK, WHOLE, Cells, column_of, row_kinds, split_cells
from datong.domain.errors import BadDelivery
from datong.spec import Source

SAMPLE = 256 << 10
LONGEST_ROW = 32 << 20
_TITLE_ROWS = 20
_DELIMITERS = (",", "\t", ";", "|")
_FOREIGN = {
    b"PK\x03\x04": "xlsx/zip",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"PAR1": "parquet",
    b"SQLite format 3": "sqlite",
}


@dataclass(frozen=True)
class _Layout:
    """How one text file is laid out: its names, the row of its header (0: none) and its separator."""

    names: tuple[str, ...]
    header_row: int
    delimiter: str
    carriage: bool = False
    """Lines end with a carriage return alone."""
    encoded: bool = False
    """The text is split as GB 18030, and decoded cell by cell."""


def check_text(sample: bytes, complete: bool) -> str:
    """The detected encoding; raises BadDelivery for an empty file and for one that is no text."""
    if not sample.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise BadDelivery("empty_file", "文件为空，请重新导出 · the file is empty: export it again")
    for mark, kind in _FOREIGN.items():
        if sample.startswith(mark):
            raise BadDelivery("wrong_format", f"文件实为 {kind} 格式，与约定不符 · the file is {kind}, not the agreed text format")
    if sample.lstrip()[:15].lower().startswith((b"<html", b"<!doctype html", b"<?xml", b"<table")):
        raise BadDelivery(
            "wrong_format", "文件实为网页或 XML，请导出为约定格式 · the file is a web page or XML: export it in the agreed format"
        )
    encoding = detect_encoding(sample, complete)
    if encoding == "binary":
        raise BadDelivery("not_text", "文件不是文本，请按约定格式导出 · the file is binary, not text: export it in the agreed format")
    return encoding


def open_text(source: Source, path: Path) -> Opened:
    """Open a CSV delivery. Raises BadDelivery when it cannot be read as a table of this source."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
        complete = len(sample) < SAMPLE
        detected = check_text(sample, complete)
        if sample.isascii() and not complete:
            detected = _later_encoding(file)
    encoding = source.format.encoding or detected
    if encoding == "utf-16":
        encoding = detected if detected.startswith("utf-16") else "utf-16-le"
    layout = _layout(source, decode_text(sample, encoding))
    if encoding != detected and known_share(source, layout.names) < 1:
        other = _layout(source, decode_text(sample, detected))
        if known_share(source, other.names) > known_share(source, layout.names):
            said = f"约定编码 {encoding}，文件似为 {detected}"
            raise BadDelivery("wrong_encoding", f"{said}，请按约定编码导出 · the pack says {encoding}, the file looks like {detected}")
    if layout.header_row == 0 and source.format.header:
        raise no_header(source)
    opened = Opened(layout.names, encoding)
    encoded = splits_undecoded(encoding, layout.delimiter, source.format.quote)
    blocks = undecoded_blocks(path) if encoded else utf8_blocks(path, encoding)
    opened.batches = _batches(opened, replace(layout, encoded=encoded), blocks, source)
    return opened


def _later_encoding(file: IO[bytes]) -> str:
    """The encoding of a file that begins in plain ASCII: told by the first block that has anything else."""
    while block := file.read(SAMPLE):
        if not block.isascii():
            line_end = block.find(b"\n") + 1
            return detect_encoding(block[line_end:] or block, False)
    return "utf-8"


def _layout(source: Source, text: str) -> _Layout:
    """Find the header and the separator in a file's beginning; header_row 0 when there is none."""
    carriage = "\n" not in text and "\r" in text
    text = text.replace("\r", "\n") if carriage else text
    given = source.format.delimiter
    for delimiter in (given, *(other for other in _DELIMITERS if other != given)):
        rows = _first_rows(text, delimiter, source.format.quote)
        if not source.format.header:
            return replace(_without_header(source, rows, delimiter), carriage=carriage)
        usable = rows[source.format.skip_rows : source.format.skip_rows + _TITLE_ROWS]
        place = find_header(source, usable)
        if place is not None:
            place += source.format.skip_rows
            width = max(len(rows[place]), _usual_width(rows[place + 1 :]))
            names = rows[place] + [""] * (width - len(rows[place]))
            while len(names) > 1 and not names[-1].strip() and not _any_at(rows[place + 1 :], len(names) - 1):
                names.pop()
            return _Layout(tuple(name.strip() for name in names), place + 1, delimiter, carriage)
    return _Layout((), 0, given)


def _without_header(source: Source, rows: Sequence[Sequence[str]], delimiter: str) -> _Layout:
    names = tuple(column.name for column in source.columns)
    width = _usual_width(rows[source.format.skip_rows :])
    if width and width != len(names):
        message = f"应有 {len(names)} 列，实有 {width} 列，请按约定列序导出 · {len(names)} columns were agreed, the file has {width}"
        raise BadDelivery("column_count", message)
    return _Layout(names, source.format.skip_rows, delimiter)


def _first_rows(text: str, delimiter: str, quote: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote):
            rows.append(row or [""])
            if len(rows) > 200:
                break
    except csv.Error:
        pass
    return rows


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells most rows have."""
    widths = [len(row) for row in rows[:100] if len(row) > 1 or (row and row[0].strip())]
    return max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 0


def _any_at(rows: Sequence[Sequence[str]], place: int) -> bool:
    return any(len(row) > place and row[place].strip() for row in rows)


def _batches(opened: Opened, layout: _Layout, blocks: Iterator[Any], source: Source) -> Iterator[Rows]:
    """Cut blocks into whole rows; a row that goes on waits for the next block."""
    rest, row_no, seen = np.empty(0, np.uint8), 1, False
    last: BrokenRow | None = None
    for block, final in _with_final(blocks):
        data = np.concatenate((rest, _line_feeds(block, layout.carriage))) if rest.size else _line_feeds(block, layout.carriage)
        if data.size == 0:
            continue
        cells = split_cells(data, final, layout.delimiter, source.format.quote)
        if final and cells.open_quote:
            raise _unclosed(row_no + len(cells.first) - 1)
        rest = data[cells.used :]
        if rest.size > LONGEST_ROW:
            raise _unclosed(row_no + len(cells.first) - 1)
        rows = _rows(cells, layout, row_no)
        row_no += len(cells.first) - 1
        if len(rows.row_nos) or rows.broken:
            seen = True
            whole, broken = (int(rows.row_nos[-1]) if len(rows.row_nos) else 0), (rows.broken[-1] if rows.broken else None)
            last = broken if broken and broken.row_no > whole else None
            yield rows
    if seen and last is not None and last.reason == "too_few_cells":
        opened.ending = "truncated"


def _with_final(blocks: Iterator[Any]) -> Iterator[tuple[Any, bool]]:
    """Each block, and after the last one an empty block that is final."""
    for block in blocks:
        yield block, False
    yield np.empty(0, np.uint8), True


def _line_feeds(data: Any, carriage: bool) -> Any:
    """Old files that end lines with a carriage return alone get line feeds."""
    return np.where(data == 13, np.uint8(10), data).astype(np.uint8) if carriage else data


def _rows(cells: Cells, layout: _Layout, row_no: int) -> Rows:
    starts, width = cells.first[:-1], len(layout.names)
    numbers = np.arange(row_no, row_no + len(starts), dtype=np.int64)
    kinds = row_kinds(cells, width)
    kinds[: max(0, layout.header_row + 1 - row_no)] = BLANK
    whole = kinds == WHOLE
    wrong = np.flatnonzero(~whole & (kinds != BLANK)).tolist()
    broken = tuple(row for place in wrong if (row := _broken(cells, layout, int(numbers[place]), place)) is not None)
    begin, numbers = (starts, numbers) if whole.all() else (starts[whole], numbers[whole])
    return Rows([column_of(cells, begin + place, layout.encoded) for place in range(width)], numbers, broken)


def _broken(cells: Cells, layout: _Layout, row_no: int, place: int) -> BrokenRow | None:
    texts = column_of(cells, np.arange(cells.first[place], cells.first[place + 1]), layout.encoded).to_pylist()
    if "".join(texts).strip() in ("", "\x1a"):
        return None
    if is_footer(texts):
        return footer_row(row_no, layout.names, texts)
    width, count = len(layout.names), len(texts)
    word = "too_few_cells" if count < width else "too_many_cells"
    message = (
        f"应有 {width} 列，该行有 {count} 列，请检查分隔符和引号 · {count} cells where the header has {width}: check separators and quotes"
    )
    return BrokenRow(row_no, word, message, named_cells(layout.names, texts))


def _unclosed(row_no: int) -> BadDelivery:
    return BadDelivery(
        "unclosed_quote",
        f"第 {row_no} 行起引号未闭合，文件可能不完整 · a quote opened in row {row_no} is never closed: the file may be cut off",
    )
