"""Bytes of a text file → UTF-8, in blocks; what cannot be decoded becomes U+FFFD and its row goes to quarantine.

GB 18030 is decoded by a compiled loop over tables made from Python's own codec: it runs beside the
other steps (no interpreter lock) and goes on after a damaged byte, which library readers do not. Where no
character can hold a separator (`splits_undecoded`), its blocks pass as they are, and each cell is decoded
on its way into its column.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from datong.collect.compiled import compiled, eight_at, put_eight, put_four

BLOCK = 4 << 20
_CONTROLS = bytes(byte for byte in range(32) if byte not in (9, 10, 12, 13))
_TAIL = 3
_LONGEST_RUN = 4 << 20
_GB_MARK = "\ufeff".encode("gb18030")
_HIGH, _NONE = np.uint64(0x8080808080808080), np.uint64(0)
_FIRST_INSIDE = 0x30
_TRAILS = 192
_S6, _S8, _S12, _S16, _S18, _S24 = (np.uint64(bits) for bits in (6, 8, 12, 16, 18, 24))
_SIX, _TWO, _THREE, _FOUR = np.uint64(0x3F), np.uint64(0x80C0), np.uint64(0x8080E0), np.uint64(0x808080F0)
_LOST = np.uint64(0xBDBFEF)  # U+FFFD in UTF-8, the first byte lowest
_TWO_BYTE = 128 * _TRAILS
_FOUR_BYTE = 39_420
_FOUR_BYTE_HIGH = 189_000


def utf8_blocks(path: Path, encoding: str) -> Iterator[Any]:
    """A file's text as blocks of UTF-8 bytes (numpy uint8). `encoding` is utf-8, gb18030, utf-16, utf-16-le or utf-16-be."""
    transform = _TRANSFORMS.get(encoding) or (lambda blocks: _by_codec(blocks, encoding))
    yield from _without_mark(transform(_raw_blocks(path)))


def splits_undecoded(encoding: str, *marks: str) -> bool:
    """Whether text of an encoding may be split before it is decoded: no byte of a longer character is one of the marks.

    In GB 18030 those bytes are digits, and everything from "@" on.
    """
    return encoding == "gb18030" and all(ord(mark) < _FIRST_INSIDE or 0x39 < ord(mark) < 0x40 for mark in marks)


def undecoded_blocks(path: Path) -> Iterator[Any]:
    """A GB 18030 file's blocks as they are, without a byte order mark."""
    blocks = _raw_blocks(path)
    first = next(blocks, None)
    if first is not None:
        marked = next((mark for mark in (_GB_MARK, codecs.BOM_UTF8) if bytes(first[: len(mark)]) == mark), b"")
        yield first[len(marked) :]
    yield from blocks


def decode_text(content: bytes, encoding: str) -> str:
    """A sample of a file as text; damaged bytes become U+FFFD."""
    return content.decode(encoding, "replace").removeprefix("\ufeff")


def detect_encoding(sample: bytes, complete: bool) -> str:
    """The encoding of a file by its beginning: utf-8, gb18030, utf-16-le, utf-16-be, or "binary"."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return _utf16_guess(sample)
    if len(sample) - len(sample.translate(None, _CONTROLS)) > max(2, len(sample) // 200):
        return "binary"
    if _decodes(sample, "utf-8", complete):
        return "utf-8"
    if _decodes(sample, "gb18030", complete):
        return "gb18030"
    return min(("utf-8", "gb18030"), key=lambda name: sample.decode(name, "replace").count("\ufffd"))


def _utf16_guess(sample: bytes) -> str:
    even, odd = sample[0::2], sample[1::2]
    ascii_low = sum(byte in (10, 13, 34, 44) for byte in even), sum(byte in (10, 13, 34, 44) for byte in odd)
    name = "utf-16-le" if ascii_low[0] >= ascii_low[1] else "utf-16-be"
    text = sample[: len(sample) // 2 * 2].decode(name, "replace")
    odd_ones = sum(char in "\ufffd\0" or (char < " " and char not in "\t\r\n") for char in text)
    separated = any(char in text for char in ",\t\n")
    return name if text and separated and odd_ones * 50 < len(text) else "binary"


def _decodes(sample: bytes, encoding: str, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample, final=complete)
    except UnicodeDecodeError:
        return False
    return True


def _raw_blocks(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield np.frombuffer(block, np.uint8)


def _without_mark(blocks: Iterator[Any]) -> Iterator[Any]:
    first = next(blocks, None)
    if first is not None:
        yield first[3:] if bytes(first[:3]) == codecs.BOM_UTF8 else first
    yield from blocks


def _by_codec(blocks: Iterator[Any], encoding: str) -> Iterator[Any]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in blocks:
        yield np.frombuffer(decoder.decode(block.tobytes()).encode("utf-8", "replace"), np.uint8)
    yield np.frombuffer(decoder.decode(b"", final=True).encode("utf-8", "replace"), np.uint8)


def _utf8(blocks: Iterator[Any]) -> Iterator[Any]:
    """UTF-8 passes through unless it is damaged; a character cut by a block's end waits for the next."""
    rest = np.empty(0, np.uint8)
    for block in blocks:
        joined = np.concatenate((rest, block)) if rest.size else block
        cut = _whole_characters(joined)
        yield _mended(joined[:cut])
        rest = joined[cut:]
    if rest.size:
        yield _mended(rest)


def _whole_characters(data: Any) -> int:
    """Where the last character that may be cut by the end begins."""
    size = len(data)
    for back in range(1, min(_TAIL, size) + 1):
        byte = int(data[size - back])
        if byte >= 0xC0:
            need = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return size if back >= need else size - back
        if byte < 0x80:
            return size
    return size


def _mended(data: Any) -> Any:
    if _sound_utf8(data):
        return data
    return np.frombuffer(data.tobytes().decode("utf-8", "replace").encode(), np.uint8)


@compiled
def _sound_utf8(data: Any) -> bool:
    place, size = 0, data.shape[0]
    while place < size:
        byte = data[place]
        if byte < 0x80:
            place += 1
            continue
        need = 2 if 0xC2 <= byte < 0xE0 else 3 if 0xE0 <= byte < 0xF0 else 4 if 0xF0 <= byte < 0xF5 else 0
        if need == 0 or place + need > size:
            return False
        for more in range(1, need):
            if data[place + more] & 0xC0 != 0x80:
                return False
        second = data[place + 1]
        if (byte == 0xE0 and second < 0xA0) or (byte == 0xED and second > 0x9F):
            return False
        if (byte == 0xF0 and second < 0x90) or (byte == 0xF4 and second > 0x8F):
            return False
        place += need
    return True


def _gb18030(blocks: Iterator[Any]) -> Iterator[Any]:
    """Blocks end after a byte that no longer character holds, so that none is cut in two (text has one every few bytes)."""
    rest = np.empty(0, np.uint8)
    for block in blocks:
        joined = np.concatenate((rest, block)) if rest.size else block
        alone = np.flatnonzero(joined < _FIRST_INSIDE)
        cut = int(alone[-1]) + 1 if alone.size else joined.size if joined.size > _LONGEST_RUN else 0
        yield _decoded(joined[:cut])
        rest = joined[cut:]
    yield _decoded(rest)


def _decoded(data: Any) -> Any:
    offsets, out = np.empty(2, np.int32), np.empty(data.size * 3 + 8, np.uint8)
    return out[: decode_spans(data, (np.zeros(1, np.int64), np.full(1, data.size, np.int64)), offsets, out, gb18030_tables())]


_TRANSFORMS: dict[str, Callable[[Iterator[Any]], Iterator[Any]]] = {"utf-8": _utf8, "gb18030": _gb18030}


@lru_cache(maxsize=1)
def gb18030_tables() -> tuple[Any, Any]:
    """What the decoding loop looks up.

    For two bytes: the UTF-8 bytes, first lowest, and in the highest byte how many they are (0: no such
    character). For the four-byte characters of the first plane: their code points, or -1.
    """
    two, four = np.zeros(_TWO_BYTE, np.uint32), np.full(_FOUR_BYTE, -1, np.int32)
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            point = _point(bytes((lead, trail)))
            text = chr(point).encode() if point >= 0 else b""
            two[(lead - 0x80) * _TRAILS + trail - 0x40] = int.from_bytes(text, "little") | len(text) << 24
    for number in range(_FOUR_BYTE):
        rest, last = divmod(number, 10)
        rest, third = divmod(rest, 126)
        first, second = divmod(rest, 10)
        four[number] = _point(bytes((0x81 + first, 0x30 + second, 0x81 + third, 0x30 + last)))
    return two, four


def _point(content: bytes) -> int:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return -1
    return ord(text) if len(text) == 1 else -1


@compiled
def _four_byte_number(lead: Any, second: Any, third: Any, last: Any) -> Any:
    """The number of a four-byte character in the standard's order, or -1."""
    if second < 0x30 or second > 0x39 or third < 0x81 or third > 0xFE or last < 0x30 or last > 0x39:
        return -1
    return (((lead - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + last - 0x30


@compiled
def _utf8_of(point: Any) -> Any:
    """A character's bytes in UTF-8, the first lowest."""
    number = np.uint64(point)
    last, third, second = number & _SIX, (number >> _S6) & _SIX, (number >> _S12) & _SIX
    if point < 0x80:
        return number
    if point < 0x800:
        return _TWO | (number >> _S6) | (last << _S8)
    if point < 0x10000:
        return _THREE | (number >> _S12) | (third << _S8) | (last << _S16)
    return _FOUR | (number >> _S18) | (second << _S8) | (third << _S16) | (last << _S24)


@compiled
def decode_spans(data: Any, spans: Any, offsets: Any, out: Any, tables: Any) -> Any:
    """Decode spans of GB 18030 (two arrays: begins, ends) into `out` as UTF-8, one after another; where the text ends.

    `offsets` (one more than spans) gets where each begins. A wrong byte becomes U+FFFD and is passed over alone.
    `out` needs room for three times the bytes, and eight more.
    """
    begin, end = spans
    two, four = tables
    safe, written = data.shape[0] - 8, 0
    offsets[0] = 0
    for row in range(begin.shape[0]):
        place, stop = begin[row], end[row]
        while place < stop:
            width: Any
            length: Any
            point: Any
            word = eight_at(data, place) if place <= safe else _HIGH
            if word & _HIGH == _NONE:
                put_eight(out, written, word)
                step = min(8, stop - place)
                place += step
                written += step
                continue
            lead = np.int64(data[place])
            if lead < 0x80:
                out[written] = lead
                written += 1
                place += 1
                continue
            trail = np.int64(data[place + 1]) if place + 1 < stop else 0
            packed = np.uint64(two[(lead - 0x80) * _TRAILS + trail - 0x40]) if trail >= 0x40 else _NONE
            length, width = np.int64(packed >> _S24), 2
            if length == 0:
                width, length, packed = (2 if 0x80 <= trail <= 0xFE and 0x81 <= lead <= 0xFE else 1), 3, _LOST
                if 0x81 <= lead <= 0xFE and place + 3 < stop:
                    number = _four_byte_number(lead, trail, np.int64(data[place + 2]), np.int64(data[place + 3]))
                    point = -1 if number < 0 else np.int64(four[number]) if number < _FOUR_BYTE else number - _FOUR_BYTE_HIGH + 0x10000
                    if 0 <= point < 0x10000 or (number >= _FOUR_BYTE_HIGH and point <= 0x10FFFF):
                        width, packed = 4, _utf8_of(point)
                        length = 1 if point < 0x80 else 2 if point < 0x800 else 3 if point < 0x10000 else 4
            put_four(out, written, packed)
            written += length
            place += width
        offsets[row + 1] = written
    return written
