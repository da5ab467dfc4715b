"""Permanent codes by the million: what `datong.domain.codes.issue` gives one by one, a column at a time."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa

from datong.collect import compiled
from datong.domain.access import Register
from datong.domain.codes import ALPHABET, LENGTH, LETTERS
from datong.domain.identifiers import MOD37_ALPHABET

_HALF, _ROUNDS = 20, 8
_MASK = (1 << _HALF) - 1
_LETTERS = np.frombuffer(ALPHABET.encode(), np.uint8).copy()
_SPOKEN = np.array([char in ALPHABET for char in MOD37_ALPHABET])
_CHECKS = np.frombuffer(MOD37_ALPHABET.encode(), np.uint8).copy()
_PLACES = np.zeros(128, np.int64)
_PLACES[_CHECKS] = np.arange(36)
_AT_ONCE = 4_000_000


def issue_codes(kind: Register, after: int, count: int, key: bytes) -> tuple[Any, pa.Array]:
    """The `count` serials (int64 array) and codes (Arrow strings) that follow serial `after` (-1: from the start).

    `key` is the city's secret; the same serials and codes as `datong.domain.codes.issue`. Eight hashes
    a code for the first hundreds of thousands, then next to nothing: there are only 2**20 halves to hash in each round.
    """
    serials: list[Any] = []
    texts: list[Any] = []
    tables = np.full((_ROUNDS, 1 << _HALF), -1, np.int32)
    have, start = 0, after + 1
    while have < count:
        wanted = min(_AT_ONCE, int((count - have) * 1.15) + 64)
        block = np.arange(start, start + wanted, dtype=np.int64)
        text, given = _written(_permuted(block, key + LETTERS[kind].encode(), tables), ord(LETTERS[kind]))
        kept = np.flatnonzero(given)[: count - have]
        serials.append(block[kept])
        texts.append(text[kept])
        have, start = have + kept.size, start + wanted
    if not serials:
        return np.zeros(0, np.int64), pa.array([], pa.string())
    return np.concatenate(serials), _strings(np.concatenate(texts))


def _strings(texts: Any) -> pa.Array:
    """Rows of bytes as Arrow strings."""
    offsets = np.arange(0, (texts.shape[0] + 1) * LENGTH, LENGTH, dtype=np.int64)
    whole = pa.LargeStringArray.from_buffers(texts.shape[0], pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(texts)))
    return whole.cast(pa.string()) if offsets[-1] < 2**31 else whole


def _permuted(serials: Any, key: bytes, tables: Any) -> Any:
    left, right = serials >> _HALF, serials & _MASK
    for turn in range(_ROUNDS):
        _fill(tables[turn], right, turn, key)
        left, right = right, left ^ tables[turn][right]
    return (left << _HALF) | right


def _fill(table: Any, halves: Any, turn: int, key: bytes) -> None:
    """Hash the halves that the round's table does not hold yet (-1)."""
    wanted = np.zeros(1 << _HALF, np.bool_)
    wanted[halves] = True
    missing = np.flatnonzero(wanted & (table < 0))
    keyed = hashlib.blake2b(bytes([turn]), key=key[:64], digest_size=3)
    digests = bytearray()
    for half in missing.tolist():
        one = keyed.copy()
        one.update(half.to_bytes(3, "big"))
        digests += one.digest()
    three = np.frombuffer(bytes(digests), np.uint8).reshape(-1, 3).astype(np.int32)
    table[missing] = (three[:, 0] << 16 | three[:, 1] << 8 | three[:, 2]) & _MASK


@compiled
def _written(numbers: Any, letter: Any) -> Any:
    """Ten bytes a number, and whether its check character is one that is spoken."""
    text = np.empty((numbers.shape[0], 10), np.uint8)
    given = np.empty(numbers.shape[0], np.bool_)
    for row in range(numbers.shape[0]):
        text[row, 0] = letter
        for place in range(8):
            text[row, place + 1] = _LETTERS[(numbers[row] >> (35 - 5 * place)) & 31]
        product = 36
        for place in range(9):
            product = (product + _PLACES[text[row, place]]) % 36
            product = (36 if product == 0 else product) * 2 % 37
        check = (37 - product) % 36
        text[row, 9] = _CHECKS[check]
        given[row] = _SPOKEN[check]
    return text, given
