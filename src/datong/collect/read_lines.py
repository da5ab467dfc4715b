"""Reads files of one record a line: JSON Lines and fixed width."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from datong.collect.decode import detect_encoding
from datong.collect.match_columns import folded_name
from datong.collect.read_text import SAMPLE, check_text
from datong.collect.rows import BATCH, BrokenRow, Opened, Rows, rows_from_tuples
from datong.domain.errors import BadDelivery
from datong.spec import Source

_LONGEST_LINE = 8 << 20


def open_json_lines(source: Source, path: Path) -> Opened:
    """Open a JSON Lines delivery. The columns are the keys met anywhere in it; objects may leave out some."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    detected = check_text(sample, len(sample) < SAMPLE)
    encoding = source.format.encoding or detected
    if encoding.startswith("utf-16"):
        encoding = "utf-16"
    names = _names(source, path, encoding)
    opened = Opened(names, encoding)
    opened.batches = _json_batches(opened, path)
    return opened


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; what cannot be decoded becomes U+FFFD."""
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="\n") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), ""), start=1):
            if len(line) >= _LONGEST_LINE:
                raise BadDelivery("line_too_long", f"第 {number} 行过长，请一行一条记录 · a line is too long: write one record a line")
            yield number, line


def _names(source: Source, path: Path, encoding: str) -> tuple[str, ...]:
    """Every key of every object, in the order first met; the pack's columns first."""
    known = dict.fromkeys(column.name for column in source.columns)
    folded = {folded_name(name): name for name in known}
    seen: dict[str, None] = {}
    objects = 0
    for _, line in _lines(path, encoding):
        record = _object(line)
        if record is not None:
            objects += 1
            seen.update(dict.fromkeys(map(sound_text, record)))
    if not objects:
        raise BadDelivery("wrong_format", "文件中没有一行是 JSON 对象 · no line of the file is a JSON object: write one a line")
    met = {folded_name(name) for name in seen}
    return tuple(name for key, name in folded.items() if key in met) + tuple(name for name in seen if folded_name(name) not in folded)


def _object(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _json_batches(opened: Opened, path: Path) -> Iterator[Rows]:
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    broken: list[BrokenRow] = []
    last_broken = 0
    for number, line in _lines(path, opened.encoding):
        if not line.strip():
            continue
        record = _object(line)
        if record is None:
            message = "该行不是一个 JSON 对象，请修正后重报 · the line is no JSON object: mend it and send it again"
            broken.append(BrokenRow(number, "not_json", message, {"行": sound_text(line.strip()[:2000])}))
            last_broken = number if not line.endswith("\n") else 0
            continue
        by_name = {folded_name(sound_text(key)): value for key, value in record.items()}
        rows.append(tuple(value_text(by_name.get(folded_name(name))) for name in opened.names))
        numbers.append(number)
        if len(rows) == BATCH:
            yield rows_from_tuples(rows, len(opened.names), numbers, tuple(broken))
            rows, numbers, broken = [], [], []
    if rows or broken:
        yield rows_from_tuples(rows, len(opened.names), numbers, tuple(broken))
    if last_broken:
        opened.ending = "truncated"


def value_text(value: Any) -> str:
    """A JSON value as text; lists and objects as JSON."""
    if isinstance(value, str):
        return sound_text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return sound_text(json.dumps(value, ensure_ascii=False, sort_keys=True))


def sound_text(text: str) -> str:
    """Text that can be written: half a character (which JSON's escapes allow) becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def open_fixed(source: Source, path: Path) -> Opened:
    """Open a fixed-width delivery; widths are bytes of the encoding, columns in the pack's order."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    check_text(sample, len(sample) < SAMPLE)
    encoding = source.format.encoding or detect_encoding(sample, len(sample) < SAMPLE)
    names = tuple(column.name for column in source.columns)
    opened = Opened(names, encoding)
    opened.batches = _fixed_batches(opened, source, path)
    return opened


def _fixed_batches(opened: Opened, source: Source, path: Path) -> Iterator[Rows]:
    widths = [column.width for column in source.columns]
    total, ends = sum(widths), list(accumulate(widths))
    slices = [slice(end - width, end) for width, end in zip(widths, ends, strict=True)]
    skip = source.format.skip_rows + (1 if source.format.header else 0)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    broken: list[BrokenRow] = []
    cut = 0
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), start=1):
            content = line.rstrip(b"\r\n\x1a")
            if number <= skip or not content.strip():
                continue
            if len(content) > total or len(content) <= total - widths[-1]:
                broken.append(_wrong_length(number, len(content), total, content.decode(opened.encoding, "replace")))
                cut = number if len(content) < total and not line.endswith(b"\n") else 0
                continue
            rows.append(tuple(content[part].decode(opened.encoding, "replace").strip(" \u3000") for part in slices))
            numbers.append(number)
            if len(rows) == BATCH:
                yield rows_from_tuples(rows, len(widths), numbers, tuple(broken))
                rows, numbers, broken = [], [], []
    if rows or broken:
        yield rows_from_tuples(rows, len(widths), numbers, tuple(broken))
    if cut:
        opened.ending = "truncated"


def _wrong_length(number: int, have: int, want: int, text: str) -> BrokenRow:
    message = f"应为 {want} 字节，该行 {have} 字节，请按约定宽度导出 · {have} bytes where {want} were agreed: pad every column to its width"
    return BrokenRow(number, "row_length", message, {"行": text[:2000]})
