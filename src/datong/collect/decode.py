"""Bytes of a text file → UTF-8, in blocks; what cannot be decoded becomes U+FFFD and its row goes to quarantine.

GB 18030 is decoded by a compiled loop over tables made from Python's own codec: it runs beside the
other steps (no interpreter lock) and goes on after a damaged byte, which library readers do not.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from datong.collect.compiled import compiled

BLOCK = 4 << 20
_CONTROLS = bytes(byte for byte in range(32) if byte not in (9, 10, 12, 13))
_TAIL = 3
_TWO_BYTE = 0x7E * 191
_FOUR_BYTE = 39_420
_FOUR_BYTE_HIGH = 189_000


def utf8_blocks(path: Path, encoding: str) -> Iterator[Any]:
    """A file's text as blocks of UTF-8 bytes (numpy uint8). `encoding` is utf-8, gb18030, utf-16, utf-16-le or utf-16-be."""
    transform = _TRANSFORMS.get(encoding) or (lambda blocks: _by_codec(blocks, encoding))
    yield from _without_mark(transform(_raw_blocks(path)))


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
    two, four = _tables()
    rest = np.empty(0, np.uint8)
    for block in blocks:
        joined = np.concatenate((rest, block)) if rest.size else block
        out = np.empty(joined.size * 3 + 4, np.uint8)
        used, written = decode_gb18030(joined, False, out, two, four)
        yield out[:written]
        rest = joined[used:]
    if rest.size:
        out = np.empty(rest.size * 3 + 4, np.uint8)
        _, written = decode_gb18030(rest, True, out, two, four)
        yield out[:written]


_TRANSFORMS: dict[str, Callable[[Iterator[Any]], Iterator[Any]]] = {"utf-8": _utf8, "gb18030": _gb18030}


@lru_cache(maxsize=1)
def _tables() -> tuple[Any, Any]:
    """Code points of the two-byte characters and of the four-byte ones of the first plane; -1 where there is none."""
    two, four = np.full(_TWO_BYTE, -1, np.int32), np.full(_FOUR_BYTE, -1, np.int32)
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            two[(lead - 0x81) * 191 + trail - 0x40] = _point(bytes((lead, trail)))
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
def _put(out: Any, place: Any, point: Any) -> Any:
    if point < 0x80:
        out[place] = point
        return place + 1
    if point < 0x800:
        out[place] = 0xC0 | (point >> 6)
        out[place + 1] = 0x80 | (point & 63)
        return place + 2
    if point < 0x10000:
        out[place] = 0xE0 | (point >> 12)
        out[place + 1] = 0x80 | ((point >> 6) & 63)
        out[place + 2] = 0x80 | (point & 63)
        return place + 3
    out[place] = 0xF0 | (point >> 18)
    out[place + 1] = 0x80 | ((point >> 12) & 63)
    out[place + 2] = 0x80 | ((point >> 6) & 63)
    out[place + 3] = 0x80 | (point & 63)
    return place + 4


@compiled
def _four_byte(data: Any, place: Any, four: Any) -> Any:
    """The code point of a four-byte character, or -1."""
    third, last = np.int64(data[place + 2]), np.int64(data[place + 3])
    if third < 0x81 or third > 0xFE or last < 0x30 or last > 0x39:
        return -1
    first, second = np.int64(data[place]) - 0x81, np.int64(data[place + 1]) - 0x30
    number = ((first * 10 + second) * 126 + third - 0x81) * 10 + last - 0x30
    if number < _FOUR_BYTE:
        return np.int64(four[number])
    point = number - _FOUR_BYTE_HIGH + 0x10000
    return point if 0x10000 <= point <= 0x10FFFF else -1


@compiled
def decode_gb18030(data: Any, final: bool, out: Any, two: Any, four: Any) -> Any:
    """Decode into `out` as UTF-8; bytes used and bytes written. A wrong byte is written as U+FFFD and passed over alone."""
    place, written, size = 0, 0, data.shape[0]
    while place < size:
        lead = data[place]
        if lead < 0x80:
            out[written] = lead
            written += 1
            place += 1
            continue
        width: Any = 1
        point: Any = -1
        if 0x81 <= lead <= 0xFE:
            if place + 1 >= size:
                if not final:
                    break
            else:
                trail = data[place + 1]
                if 0x30 <= trail <= 0x39:
                    if place + 3 >= size:
                        if not final:
                            break
                    else:
                        point = _four_byte(data, place, four)
                        width = 4 if point >= 0 else 1
                elif 0x40 <= trail <= 0xFE and trail != 0x7F:
                    point = np.int64(two[(np.int64(lead) - 0x81) * 191 + np.int64(trail) - 0x40])
                    width = 2 if point >= 0 or trail >= 0x80 else 1
        written = _put(out, written, point if point >= 0 else 0xFFFD)
        place += width
    return place, written
