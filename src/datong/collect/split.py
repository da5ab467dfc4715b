"""Delimited text → cells → Arrow columns, with every row's own number.

Compiled, because library readers give no row numbers once quoted line breaks are allowed, and stop at
a row with too many or too few cells. Quotes follow RFC 4180; what stands after a closing quote is kept.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from datong.collect.compiled import compiled

_PLAIN, _QUOTED, _MIXED = 0, 1, 2


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
    """Split a block of UTF-8 into cells. Unless `final`, an unfinished last row is left over."""
    most = int(np.count_nonzero(data == ord(delimiter)) + np.count_nonzero(data == 10)) + 2
    begin, end = np.empty(most, np.int64), np.empty(most, np.int64)
    kind, first = np.empty(most, np.uint8), np.empty(most + 1, np.int64)
    rows, cells, used, open_quote = _split(data, final, (ord(delimiter), ord(quote)), (begin, end, kind, first))
    return Cells(data, begin[:cells], end[:cells], kind[:cells], first[: rows + 1], used, bool(open_quote))


def column_of(cells: Cells, which: Any) -> Any:
    """The named cells (by index) as an Arrow string array."""
    room = int(np.sum(cells.end[which] - cells.begin[which])) if len(which) else 0
    offsets, out = np.zeros(len(which) + 1, np.int32), np.empty(room, np.uint8)
    written = _gather(cells.data, (cells.begin, cells.end, cells.kind), which, offsets, out)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(out[:written])]
    return pa.StringArray.from_buffers(len(which), buffers[1], buffers[2])


def cell_lengths(cells: Cells) -> Any:
    """Bytes in each cell as it stands (quotes of mixed cells counted)."""
    return cells.end - cells.begin


@compiled
def _split(data: Any, final: Any, marks: Any, into: Any) -> Any:
    delimiter, quote = marks
    begin, end, kind, first = into
    size = data.shape[0]
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
def _gather(data: Any, cells: Any, which: Any, offsets: Any, out: Any) -> Any:
    begin, end, kind = cells
    written = 0
    for row in range(which.shape[0]):
        cell = which[row]
        start, stop = begin[cell], end[cell]
        if kind[cell] != _MIXED:
            for place in range(start, stop):
                out[written] = data[place]
                written += 1
        else:
            written = _unquoted(data, start, stop, out, written)
        offsets[row + 1] = written
    return written


@compiled
def _unquoted(data: Any, start: Any, stop: Any, out: Any, written: Any) -> Any:
    """Copy a cell with doubled quotes or with text after its closing quote; the first character is the quote."""
    quote = data[start]
    place, inside = start + 1, True
    while place < stop:
        byte = data[place]
        if inside and byte == quote:
            if place + 1 < stop and data[place + 1] == quote:
                place += 1
                out[written] = byte
                written += 1
            else:
                inside = False
        else:
            out[written] = byte
            written += 1
        place += 1
    return written
