"""The stable identity of a record and of its content, for one record at a time.

`row_hash` covers every canonical value by its field name, in name order, so it does not change when a
column moves or a new empty one appears. `record_id` covers the resource and its key; a row with no key,
or with part of it empty, is its own identity. The same numbers come out of `kernels.py` for batches.
No engine's own hash is used: these values are stored for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

_MASK = (1 << 64) - 1
_C1, _C2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
Pair = tuple[int, int]


def murmur(content: bytes, start: Pair = (0, 0)) -> Pair:
    """MurmurHash3 x64 128 with a 128-bit start, as two 64-bit numbers."""
    one, two = start
    whole = len(content) // 16 * 16
    for place in range(0, whole, 16):
        one ^= _turn(_number(content[place : place + 8]) * _C1, 31) * _C2 & _MASK
        one = ((_turn(one, 27) + two) * 5 + 0x52DCE729) & _MASK
        two ^= _turn(_number(content[place + 8 : place + 16]) * _C2, 33) * _C1 & _MASK
        two = ((_turn(two, 31) + one) * 5 + 0x38495AB5) & _MASK
    tail = content[whole:]
    if len(tail) > 8:
        two ^= _turn(_number(tail[8:]) * _C2, 33) * _C1 & _MASK
    if tail:
        one ^= _turn(_number(tail[:8]) * _C1, 31) * _C2 & _MASK
    one, two = one ^ len(content), two ^ len(content)
    one = (one + two) & _MASK
    two = (two + one) & _MASK
    one, two = _mixed(one), _mixed(two)
    one = (one + two) & _MASK
    return one, (two + one) & _MASK


@lru_cache(maxsize=4096)
def start_of(kind: str, name: str = "") -> Pair:
    """The start of a chain of one kind ("row", "record", "field", "repeat")."""
    return murmur(f"datong.{kind}\0{name}".encode())


def row_pair(values: Mapping[str, str]) -> Pair:
    """The hash of a record's content."""
    state = start_of("row")
    for field in sorted(values):
        if values[field]:
            state = _chained(state, field, values[field])
    return state


def record_pair(resource: str, key: Sequence[str], values: Mapping[str, str]) -> Pair:
    """The identity of a record within its resource."""
    start = start_of("record", resource)
    if not key or not all(values[field] for field in key):
        one, two = row_pair(values)
        return murmur(one.to_bytes(8, "little") + two.to_bytes(8, "little"), start)
    state = start
    for field in key:
        state = _chained(state, field, values[field])
    return state


def repeat_id(record_id: str, row_hash: str) -> str:
    """The identity of a record whose key another record of the same delivery carries with other content."""
    return hex_text(murmur((record_id + row_hash).encode(), start_of("repeat")))


def hex_text(pair: Pair) -> str:
    """A hash as 32 hexadecimal characters."""
    return f"{pair[0]:016x}{pair[1]:016x}"


def _chained(state: Pair, field: str, value: str) -> Pair:
    name = start_of("field", field)
    return murmur(value.encode(), (state[0] ^ name[0], state[1] ^ name[1]))


def _number(content: bytes) -> int:
    return int.from_bytes(content, "little")


def _turn(value: int, by: int) -> int:
    value &= _MASK
    return ((value << by) | (value >> (64 - by))) & _MASK


def _mixed(value: int) -> int:
    value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD & _MASK
    value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ (value >> 33)
