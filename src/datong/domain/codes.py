"""Permanent codes: one for every person, organisation and premises, meaningless, speakable, never reused.

A code is a kind letter, eight characters and a check character over the nine (ISO 7064 MOD 37,36),
shown as `P7K2-M9XQ-4T`. The eight are a serial number passed through a keyed permutation of 40 bits:
with the city's key a run can be repeated, without it nobody can guess the next code or count them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from datong.domain.access import Register
from datong.domain.identifiers import Reading, compact, mod37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 characters: no I, L, O, U, which people mishear and misread."""
_CHARACTERS = frozenset(ALPHABET)
LETTERS: dict[Register, str] = {"person": "P", "organisation": "O", "premises": "H"}
KINDS: dict[str, Register] = {letter: kind for kind, letter in LETTERS.items()}
LENGTH = 10
_HALF = 20
_MASK = (1 << _HALF) - 1
_ROUNDS = 8
_MISREAD = str.maketrans("OILU", "011V")


def code_of(kind: Register, serial: int, key: bytes) -> str:
    """The code of a serial number (0 to 2**40 - 1), or "" when this serial is skipped for its check character."""
    number = _permute(serial, key + LETTERS[kind].encode())
    eight = "".join(ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    nine = LETTERS[kind] + eight
    check = mod37_36(nine)
    return nine + check if check in ALPHABET else ""


def issue(kind: Register, after: int, key: bytes) -> Iterator[tuple[int, str]]:
    """The serials and codes that follow serial `after` (-1: from the start), for as long as they are taken."""
    serial = after
    while True:
        serial += 1
        if code := code_of(kind, serial, key):
            yield serial, code


def read_code(text: str) -> Reading:
    """A permanent code as someone wrote or spoke it. Problems: missing, length, kind, characters, check_character."""
    return _read_again(text) if len(text) <= 2 * LENGTH else _read(text)


def _read(text: str) -> Reading:
    value = compact(text)
    if not value:
        return Reading("", "missing")
    if len(value) != LENGTH:
        return Reading(value, "length")
    kind = "O" if value[0] == "0" else value[0]
    value = kind + value[1:].translate(_MISREAD)
    if kind not in KINDS:
        return Reading(value, "kind")
    if not _CHARACTERS.issuperset(value[1:]):
        return Reading(value, "characters")
    return Reading(value, "" if mod37_36(value[:9]) == value[9] else "check_character")


_read_again = lru_cache(maxsize=4096)(_read)
"""One answer reads the same code several times."""


def kind_of(code: str) -> Register:
    """Which register a sound code belongs to."""
    return KINDS[code[0]]


def show_code(code: str) -> str:
    """The code in groups, as it is printed and read out: P7K2-M9XQ-4T."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}" if len(code) == LENGTH else code


def _permute(number: int, key: bytes) -> int:
    left, right = number >> _HALF, number & _MASK
    for turn in range(_ROUNDS):
        left, right = right, left ^ _round(right, turn, key)
    return (left << _HALF) | right


def _round(half: int, turn: int, key: bytes) -> int:
    digest = hashlib.blake2b(bytes([turn]) + half.to_bytes(3, "big"), key=key[:64], digest_size=3).digest()
    return int.from_bytes(digest, "big") & _MASK
