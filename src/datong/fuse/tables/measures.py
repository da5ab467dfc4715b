"""The levels a comparison may have: measures over pairs of distinct values, set-wise. Their docstrings are shown to users.

All are symmetric and count characters, never bytes. Equal values are level "same" before any of these is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from datong.domain.names import NAME_LEVELS, core_of
from datong.fuse.tables import loops, names_set
from datong.fuse.tables.values import Values, buffers, hash_array

MOST_GROUPS = 4
Score = Callable[[Values, Any, Any], Any]
"""Values and two arrays of places among them → one number a pair; the higher the nearer."""


@dataclass(frozen=True)
class Measure:
    """One measure: `takes` what stands behind its name (nothing, a number, a column); `kinds` empty is all."""

    score: Score
    takes: str = ""
    example: str = ""
    kinds: frozenset[str] = frozenset()
    least: bool = True
    """Whether the number is the least score that counts; else the score's negative is a distance and the number the most."""

    @property
    def means(self) -> str:
        """Its line for users."""
        return " ".join((self.score.__doc__ or "").split())


@dataclass(frozen=True)
class Level:
    """A level as written: the measure's name and what stands behind it."""

    measure: str
    argument: str = ""

    @staticmethod
    def read(text: str) -> Level:
        """`jaro_winkler 0.9` → measure and argument."""
        measure, _, argument = text.strip().partition(" ")
        return Level(measure, argument.strip())

    @property
    def number(self) -> float | None:
        """The argument as a number; nothing if it is none."""
        try:
            return float(self.argument)
        except ValueError:
            return None


def _fuzzy(scorer: Any, values: Values, left: Any, right: Any) -> Any:
    texts = values.texts
    return cpdist(texts[left], texts[right], scorer=scorer, dtype=np.float32, workers=1)


def _jaro_winkler(values: Values, left: Any, right: Any) -> Any:
    """jaro_winkler S: Jaro-Winkler similarity of at least S (0 to 1)."""
    return _fuzzy(JaroWinkler.normalized_similarity, values, left, right)


def _edits(values: Values, left: Any, right: Any) -> Any:
    """edits N: at most N characters changed, added, lost, or swapped with their neighbour."""
    return -_fuzzy(OSA.distance, values, left, right)


def _ratio(values: Values, left: Any, right: Any) -> Any:
    """ratio S: what the texts have in common, in order, at least S of 1."""
    return _fuzzy(fuzz.ratio, values, left, right) / 100


def _words(values: Values, left: Any, right: Any) -> Any:
    """words S: what the texts have in common whatever the order of their words, at least S of 1."""
    return _fuzzy(fuzz.token_sort_ratio, values, left, right) / 100


def _inside(values: Values, left: Any, right: Any) -> Any:
    """inside S: how well the shorter text is found inside the longer, at least S of 1."""
    return _fuzzy(fuzz.partial_ratio, values, left, right) / 100


def _numbers(values: Values, left: Any, right: Any) -> Any:
    """numbers S: the same numbers in the same order, and the rest at least S of 1 in common."""
    digits = values.derived("digits", lambda held: loops.digit_hashes(*buffers(held.array)))
    out = np.zeros(len(left), np.float32)
    same = np.flatnonzero((digits[left] == digits[right]) & (digits[left] != 0))
    out[same] = np.maximum(_ratio(values, left[same], right[same]), 0.001)
    return out


def _last_numbers(values: Values, left: Any, right: Any) -> Any:
    """last_numbers N: the last N numbers agree (building, entrance and room of an address)."""

    def last(groups: int) -> Any:
        return values.derived(f"last_digits:{groups}", lambda held: loops.last_digit_hashes(*buffers(held.array), groups))

    out = np.zeros(len(left), np.float32)
    for groups in range(1, MOST_GROUPS + 1):
        hashes = last(groups)
        out += (hashes[left] == hashes[right]) & (hashes[left] != 0)
    return out


def _swapped(values: Values, left: Any, right: Any) -> Any:
    """swapped: day and month of a date have changed places."""
    dates = _date_parts(values)
    one, other = dates[left], dates[right]
    return (one[:, 0] >= 0) & (one[:, 0] == other[:, 0]) & (one[:, 1] == other[:, 2]) & (one[:, 2] == other[:, 1])


def _year_only(values: Values, left: Any, right: Any) -> Any:
    """year_only: the years agree and one side knows only the year (1 January)."""
    dates = _date_parts(values)
    first = (dates[:, 1] == 1) & (dates[:, 2] == 1)
    return (dates[left, 0] >= 0) & (dates[left, 0] == dates[right, 0]) & (first[left] | first[right])


def _same_parts(values: Values, left: Any, right: Any) -> Any:
    """date_parts N: N of year, month and day agree."""
    dates = _date_parts(values)
    return ((dates[left] == dates[right]) & (dates[left] >= 0)).sum(axis=1)


def _days(values: Values, left: Any, right: Any) -> Any:
    """days N: at most N days apart."""
    dates = values.derived("days", lambda held: np.array([_day(text) for text in held.texts]))
    apart = np.abs(dates[left] - dates[right])
    return np.where(np.isnan(apart), -np.inf, -apart)


def _day(text: str) -> float:
    try:
        return float(np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:8]}", "D").astype(np.int64))
    except ValueError:
        return float("nan")


def _date_parts(values: Values) -> Any:
    def make(held: Values) -> Any:
        whole = [(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else (-1, -1, -1) for text in held.texts]
        return np.array(whole, np.int32).reshape(-1, 3)

    return values.derived("date_parts", make)


def _within(values: Values, left: Any, right: Any) -> Any:
    """within S: numbers that differ by at most S of the larger (0.01 is one in a hundred)."""
    numbers = values.derived("numbers", lambda held: np.array([float(text) for text in held.texts]))
    one, other = numbers[left], numbers[right]
    return -np.abs(one - other) / np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-300)


def _first(values: Values, left: Any, right: Any) -> Any:
    """first N: the first N characters agree."""
    texts = values.texts
    return np.array([_shared(one, other) for one, other in zip(texts[left], texts[right], strict=True)], np.float32)


def _shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _local(values: Values, left: Any, right: Any) -> Any:
    """local: e-mail addresses that agree before the @."""
    locals_ = values.derived("local", lambda held: hash_array(pa.array([text.partition("@")[0] for text in held.texts], pa.string())))
    return locals_[left] == locals_[right]


def _sound(values: Values, left: Any, right: Any) -> Any:
    """sound: the same sound (pinyin without tones for Chinese characters, Soundex for letters)."""
    sounds = values.derived("sound_hashes", lambda held: hash_array(pa.array(names_set.sounds(held), pa.string())))
    return (sounds[left] == sounds[right]) & (sounds[left] != 0)


def _core(values: Values, left: Any, right: Any) -> Any:
    """core: organisation names with the same core, without place and legal form."""
    cores = values.derived("core", lambda held: hash_array(pa.array([core_of(text) for text in held.texts], pa.string())))
    return cores[left] == cores[right]


def _two_sound(values: Values, left: Any, right: Any) -> Any:
    """two_sound: two different identifiers that are both sound."""
    return values.sound[left] & values.sound[right]


def _crossed(values: Values, left: Any, right: Any) -> Any:
    """crossed COLUMN: the value stands in that other column on the other side."""
    return np.zeros(len(left), bool)


def _name_level(level: str, meaning: str) -> Measure:
    def score(values: Values, left: Any, right: Any) -> Any:
        return names_set.name_levels(values, left, right) == NAME_LEVELS.index(level)

    score.__doc__ = f"{level}: {meaning}"
    return Measure(score, kinds=frozenset(("chinese_name",)))


_DATE, _NUMBER, _ID = frozenset(("date",)), frozenset(("number",)), frozenset(("identifier",))
MEASURES: Mapping[str, Measure] = {
    "jaro_winkler": Measure(_jaro_winkler, "number", "0.9"),
    "edits": Measure(_edits, "number", "1", least=False),
    "ratio": Measure(_ratio, "number", "0.8"),
    "words": Measure(_words, "number", "0.8"),
    "inside": Measure(_inside, "number", "0.9"),
    "numbers": Measure(_numbers, "number", "0.5"),
    "last_numbers": Measure(_last_numbers, "number", "3"),
    "swapped": Measure(_swapped, kinds=_DATE),
    "year_only": Measure(_year_only, kinds=_DATE),
    "date_parts": Measure(_same_parts, "number", "2", kinds=_DATE),
    "days": Measure(_days, "number", "30", kinds=_DATE, least=False),
    "within": Measure(_within, "number", "0.01", kinds=_NUMBER, least=False),
    "first": Measure(_first, "number", "3"),
    "local": Measure(_local, kinds=frozenset(("email",))),
    "sound": Measure(_sound, kinds=frozenset(("name", "chinese_name"))),
    "core": Measure(_core, kinds=frozenset(("organisation",))),
    "two_sound": Measure(_two_sound, kinds=_ID),
    "crossed": Measure(_crossed, "column", "surname"),
    "variant": _name_level("variant", "the same in traditional characters, with other dots or blanks"),
    "pinyin": _name_level("pinyin", "one is written in letters and the sound agrees"),
    "lost_character": _name_level("lost_character", "a rare character became a question mark"),
    "part": _name_level("part", "one is the first part of the other, at a dot"),
    "homophone": _name_level("homophone", "the same sound in other characters"),
    "one_character": _name_level("one_character", "one character apart, the same family name"),
    "surname_changed": _name_level("surname_changed", "the same given name under another family name, or with the husband's put before"),
    "surname": _name_level("surname", "the same family name, nothing else"),
}
"""Every level a spec may name."""

_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "name": ("jaro_winkler 0.92", "jaro_winkler 0.8"),
    "chinese_name": ("variant", "pinyin", "lost_character", "part", "homophone", "one_character", "surname"),
    "organisation": ("core", "ratio 0.85"),
    "identifier": ("edits 1",),
    "date": ("swapped", "edits 1", "date_parts 2", "date_parts 1"),
    "phone": ("edits 1",),
    "email": ("local", "ratio 0.88"),
    "address": ("numbers 0.5", "ratio 0.85", "ratio 0.6"),
    "postcode": ("edits 1",),
    "category": (),
    "text": ("ratio 0.9", "words 0.75"),
    "number": ("within 0.01",),
}
_FREQUENT = frozenset(("name", "chinese_name", "category", "organisation", "text", "address", "postcode", "date"))


def default_levels(kind: str) -> tuple[str, ...]:
    """The levels between "same" and "different" that a kind has when the spec names none."""
    return _DEFAULTS[kind]


def frequent_kind(kind: str) -> bool:
    """Whether values of the kind are so unevenly common that agreeing in a rare one counts more."""
    return kind in _FREQUENT
