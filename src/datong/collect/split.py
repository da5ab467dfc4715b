"""Delimited text → cells → Arrow columns, with every row's own number.

Compiled, because library readers give no row numbers once quoted line breaks are allowed, and stop at
a row with too many or too few cells. Quotes follow RFC 4180; what stands after a closing quote is kept.
GB 18030 may be split as it came: its cells are then decoded as they are copied into their column.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from datong.collect.compiled import compiled, eight_at, put_eight
from datong.collect.decode import decode_spans, gb18030_tables

_PLAIN, _QUOTED, _MIXED = 0, 1, 2
_EACH, _HIGH, _NONE = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080), np.uint64(0)
BLANK, WHOLE, UNEVEN = 0, 1, 2
"""What a row can be: without any content, with a cell for each column, or with too few or too many."""


class Cells(NamedTuple):
    """The cells of a block of text: where each begins and ends, how it is quoted, and each row's first cell."""

    data: Any
    begin: Any
    end: Any
    kind: Any
    first: Any
    """One entry a row and one more: row r has the cells first[r] to first[r + 1]."""
    used: int
    """Bytes that made whole rows; the rest belongs to a row that goes on."""
    open_quote: bool


def split_cells(data: Any, final: bool, delimiter: str, quote: str) -> Cells:
    """Split a block of text (UTF-8, or another encoding that hides no mark in a character) into cells.

    Unless `final`, an unfinished last row is left over.
    """
    most = int(_count_ends(data, ord(delimiter))) + 2
    begin, end = np.empty(most, np.int64), np.empty(most, np.int64)
    kind, first = np.empty(most, np.uint8), np.empty(most + 1, np.int64)
    rows, cells, used, open_quote = _split(data, final, (ord(delimiter), ord(quote)), (begin, end, kind, first))
    return Cells(data, begin[:cells], end[:cells], kind[:cells], first[: rows + 1], used, bool(open_quote))


def column_of(cells: Cells, which: Any, encoded: bool = False) -> Any:
    """The named cells (by index) as an Arrow string array; `encoded` cells are GB 18030, the others UTF-8."""
    begin, end = cells.begin[which], cells.end[which]
    size = int(np.sum(end - begin))
    offsets, out = np.empty(len(which) + 1, np.int32), np.empty(size * (3 if encoded else 1) + 8, np.uint8)
    if encoded:
        written = decode_spans(cells.data, (begin, end), offsets, out, gb18030_tables())
    else:
        written = _gather(cells.data, begin, end, offsets, out)
    mixed = cells.kind[which] == _MIXED
    if mixed.any():
        written = _unquote(offsets, out, mixed)
    return pa.StringArray.from_buffers(len(which), pa.py_buffer(offsets), pa.py_buffer(out[:written]))


def row_kinds(cells: Cells, width: int) -> Any:
    """What each row is (BLANK, WHOLE, UNEVEN) in a table of that many columns; empty cells beyond them are no harm."""
    return _row_kinds(cells.begin, cells.end, cells.first, width)


@compiled
def _count_ends(data: Any, delimiter: Any) -> Any:
    found = np.int64(0)
    for place in range(data.shape[0]):
        found += np.int64(data[place] == delimiter) + np.int64(data[place] == 10)
    return found


@compiled
def _row_kinds(begin: Any, end: Any, first: Any, width: Any) -> Any:
    kinds = np.empty(first.shape[0] - 1, np.uint8)
    for row in range(kinds.shape[0]):
        inside, beyond = 0, 0
        for cell in range(first[row], first[row + 1]):
            if cell < first[row] + width:
                inside += end[cell] - begin[cell]
            else:
                beyond += end[cell] - begin[cell]
        whole = first[row + 1] - first[row] >= width and beyond == 0
        kinds[row] = BLANK if inside + beyond == 0 else WHOLE if whole else UNEVEN
    return kinds


@compiled
def _split(data: Any, final: Any, marks: Any, into: Any) -> Any:
    delimiter, quote = marks
    begin, end, kind, first = into
    size = data.shape[0]
    each_delimiter, each_feed = np.uint64(delimiter) * _EACH, np.uint64(10) * _EACH
    place, rows, cells, used = 0, 0, 0, 0
    first[0] = 0
    open_quote = False
    while place < size:
        begin[cells], kind[cells] = place, _PLAIN
        if data[place] == quote:
            place, kind[cells], open_quote = _quoted(data, place, quote, delimiter)
            if open_quote:
                break
        else:
            found = _NONE
            while place + 8 <= size:  # eight bytes at a step: the highest bit of each byte that is a mark
                word = eight_at(data, place)
                left, right = word ^ each_delimiter, word ^ each_feed
                found = (((left - _EACH) & ~left) | ((right - _EACH) & ~right)) & _HIGH
                if found != _NONE:
                    break
                place += 8
            while place < size and data[place] != delimiter and data[place] != 10:
                place += 1
        if place >= size and not final:
            break
        stop = place
        at_line_end = place >= size or data[place] == 10
        if at_line_end and stop > begin[cells] and data[stop - 1] == 13:
            stop -= 1
        if kind[cells] == _QUOTED:
            begin[cells] += 1
            stop -= 1
        end[cells] = stop
        cells += 1
        place += 1
        if at_line_end:
            rows += 1
            first[rows] = cells
            used = min(place, size)
        elif place >= size and final:
            begin[cells], end[cells], kind[cells] = size, size, _PLAIN
            cells += 1
            rows += 1
            first[rows] = cells
            used = size
    return rows, first[rows], used, open_quote


@compiled
def _quoted(data: Any, place: Any, quote: Any, delimiter: Any) -> Any:
    """Where a cell that begins with a quote ends, what kind it is, and whether its quote stays open."""
    size = data.shape[0]
    kind = _QUOTED
    inside = True
    place += 1
    closed_at = -1
    while place < size:
        byte = data[place]
        if inside:
            if byte == quote:
                if place + 1 < size and data[place + 1] == quote:
                    kind = _MIXED
                    place += 1
                else:
                    inside = False
                    closed_at = place
        elif byte == delimiter or byte == 10:
            break
        place += 1
    last = place - 1
    if not inside and last > closed_at and data[last] == 13:
        last -= 1
    if not inside and closed_at != last:
        kind = _MIXED
    return place, kind, inside


@compiled
def _gather(data: Any, begin: Any, end: Any, offsets: Any, out: Any) -> Any:
    written, safe = 0, data.shape[0] - 8
    offsets[0] = 0
    for row in range(begin.shape[0]):
        place, stop = begin[row], end[row]
        while place < stop and place <= safe:
            put_eight(out, written, eight_at(data, place))
            step = min(8, stop - place)
            place += step
            written += step
        while place < stop:
            out[written] = data[place]
            place += 1
            written += 1
        offsets[row + 1] = written
    return written


@compiled
def _unquote(offsets: Any, out: Any, mixed: Any) -> Any:
    """Make mixed values (doubled quotes, or text after the closing quote; the first character is the quote) plain, in place."""
    written = 0
    for row in range(mixed.shape[0]):
        place, stop = offsets[row], offsets[row + 1]
        offsets[row] = written
        inside = mixed[row]
        quote = out[place] if inside else np.uint8(0)
        place += np.int64(inside)
        while place < stop:
            byte = out[place]
            place += 1
            if inside and byte == quote:
                if place >= stop or out[place] != quote:
                    inside = False
                    continue
                place += 1
            out[written] = byte
            written += 1
    offsets[mixed.shape[0]] = written
    return written
