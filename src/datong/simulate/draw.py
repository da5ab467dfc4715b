"""Chance for the simulated city: seeded streams, weighted tables, one-to-one scattering of serial numbers, and the calendar.

Everything here is the same on every machine and in every run: streams are seeded by a digest of words, never by `hash()`.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from math import gcd
from typing import TypeVar

from datong.simulate.model import REFERENCE_DATE

T = TypeVar("T")

_FIRST = date(1900, 1, 1).toordinal()
DAYS: list[str] = [date.fromordinal(_FIRST + number).isoformat() for number in range(date(2075, 1, 1).toordinal() - _FIRST)]
"""ISO text of every day from 1900, indexed by day number."""
DAY_NUMBER: dict[str, int] = {text: number for number, text in enumerate(DAYS)}
TODAY = DAY_NUMBER[REFERENCE_DATE]
YEAR_START: dict[int, int] = {year: date(year, 1, 1).toordinal() - _FIRST for year in range(1900, 2075)}


def stream(*words: object) -> random.Random:
    """A generator that depends on these words alone."""
    digest = hashlib.blake2b("|".join(map(str, words)).encode("utf-8"), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))


def table(weights: Sequence[tuple[T, float]], size: int = 1000) -> list[T]:
    """A list in which each value stands as often as its weight says: `table[int(rnd() * len(table))]` is a weighted draw."""
    total = sum(weight for _, weight in weights)
    found: list[T] = []
    for value, weight in weights:
        found.extend([value] * max(1, round(size * weight / total)))
    return found


class Scatter:
    """Serials 0 … size-1 to numbers 0 … size-1, one to one and without visible order."""

    def __init__(self, size: int, *words: object) -> None:
        rng = stream("scatter", size, *words)
        self.size = size
        self.offset = rng.randrange(size)
        factor = rng.randrange(size // 3, size) | 1
        while gcd(factor, size) != 1:
            factor += 2
        self.factor = factor

    def __call__(self, serial: int) -> int:
        """The number of a serial; raises IndexError outside the range, because it would repeat a number."""
        if not 0 <= serial < self.size:
            raise IndexError(serial)
        return (serial * self.factor + self.offset) % self.size


@lru_cache(maxsize=256)
def scatter(size: int, *words: object) -> Scatter:
    """The scattering of these words, made once."""
    return Scatter(size, *words)


def age_on(birth: str, day: str) -> int:
    """Whole years between two ISO dates."""
    return int(day[:4]) - int(birth[:4]) - (day[5:] < birth[5:])
