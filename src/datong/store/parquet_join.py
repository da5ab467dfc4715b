"""Parquet files that were packed apart made one: their row groups one behind the other, under one footer.

pyarrow packs a file in one thread. Each row group packed as a file of its own by a thread of its own, and the bytes put
together, is the same file in less time. Only the footer is read and written anew: it is a Thrift structure in the compact
protocol, of which what is not known here passes through as it is.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import IO, Any

MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_WHOLE = (4, 5, 6)
"""i16, i32, i64."""
_NUM_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_META = 3
_CHUNK_OFFSETS = (2, 4, 6)
"""Of a column chunk: file_offset, offset_index_offset, column_index_offset."""
_PAGE_OFFSETS = (9, 10, 11, 14)
"""Of its metadata: data page, index page, dictionary page, bloom filter."""
Fields = dict[int, tuple[int, Any]]
"""A structure: number of a field → its type and value."""


def body_of(packed: Any) -> memoryview:
    """The row groups of a whole Parquet file in memory, without its magic and footer."""
    view = memoryview(packed)
    (size,) = struct.unpack("<I", view[-8:-4])
    return view[4 : len(view) - 8 - size]


def footer_of(packed: Any) -> Fields:
    """The footer of a whole Parquet file in memory."""
    view = memoryview(packed)
    (size,) = struct.unpack("<I", view[-8:-4])
    return _Reader(bytes(view[len(view) - 8 - size : -8])).fields()


def write_footer(target: IO[bytes], footers: Sequence[tuple[Fields, int]]) -> None:
    """Write the footer of all bodies and end the file. Each footer comes with the place where its body begins."""
    whole = dict(footers[0][0])
    groups: list[Fields] = []
    for footer, begin in footers:
        groups += [_moved(group, begin - len(MAGIC), number) for number, group in enumerate(footer[_ROW_GROUPS][1][1], len(groups))]
    rows = sum(footer[_NUM_ROWS][1] for footer, _ in footers)
    whole[_NUM_ROWS] = (whole[_NUM_ROWS][0], rows)
    whole[_ROW_GROUPS] = (_LIST, (_STRUCT, groups))
    written = _struct(whole)
    target.write(written + struct.pack("<I", len(written)) + MAGIC)


def _moved(group: Fields, by: int, ordinal: int) -> Fields:
    """A row group whose places in the file are so many bytes further on."""
    made = _shifted(group, (_GROUP_OFFSET,), by)
    kind, chunks = made[_COLUMNS][1]
    made[_COLUMNS] = (_LIST, (kind, [_chunk(chunk, by) for chunk in chunks]))
    if _ORDINAL in made:
        made[_ORDINAL] = (made[_ORDINAL][0], ordinal)
    return made


def _chunk(chunk: Fields, by: int) -> Fields:
    made = _shifted(chunk, _CHUNK_OFFSETS, by)
    if _META in made:
        made[_META] = (_STRUCT, _shifted(made[_META][1], _PAGE_OFFSETS, by))
    return made


def _shifted(fields: Fields, names: tuple[int, ...], by: int) -> Fields:
    return {name: (kind, value + by if name in names and value > 0 else value) for name, (kind, value) in fields.items()}


class _Reader:
    """Thrift's compact protocol, from bytes to fields."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def fields(self) -> Fields:
        """One structure."""
        found: Fields = {}
        number = 0
        while head := self._byte():
            kind, step = head & 15, head >> 4
            number = number + step if step else self._signed()
            found[number] = (_TRUE, kind == _TRUE) if kind in (_TRUE, _FALSE) else (kind, self._value(kind))
        return found

    def _byte(self) -> int:
        self._at += 1
        return self._content[self._at - 1]

    def _number(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7

    def _signed(self) -> int:
        found = self._number()
        return (found >> 1) ^ -(found & 1)

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return self._content[self._at - size : self._at]

    def _value(self, kind: int) -> Any:
        if kind in _WHOLE:
            return self._signed()
        if kind == _BINARY:
            return self._bytes(self._number())
        if kind == _STRUCT:
            return self.fields()
        if kind in (_LIST, _SET):
            head = self._byte()
            size, of = (self._number() if head >> 4 == 15 else head >> 4), head & 15
            return of, [self._byte() == _TRUE if of in (_TRUE, _FALSE) else self._value(of) for _ in range(size)]
        if kind == _BYTE:
            return self._byte()
        if kind == _DOUBLE:
            return self._bytes(8)
        raise ValueError(f"a Parquet footer holds a type that none has: {kind}")


def _struct(fields: Fields) -> bytes:
    """One structure as bytes."""
    out, before = bytearray(), 0
    for number in sorted(fields):
        kind, value = fields[number]
        shown = (_TRUE if value else _FALSE) if kind == _TRUE else kind
        step = number - before
        out += bytes((step << 4 | shown,)) if 0 < step <= 15 else bytes((shown,)) + _zigzag(number)
        out += b"" if kind == _TRUE else _value(kind, value)
        before = number
    return bytes(out) + b"\0"


def _value(kind: int, value: Any) -> bytes:
    if kind in _WHOLE:
        return _zigzag(value)
    if kind == _BINARY:
        return _varint(len(value)) + bytes(value)
    if kind == _STRUCT:
        return _struct(value)
    if kind in (_LIST, _SET):
        of, items = value
        head = bytes((len(items) << 4 | of,)) if len(items) < 15 else bytes((0xF0 | of,)) + _varint(len(items))
        return head + b"".join(bytes((_TRUE if item else _FALSE,)) if of in (_TRUE, _FALSE) else _value(of, item) for item in items)
    return bytes((value,)) if kind == _BYTE else bytes(value)


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
