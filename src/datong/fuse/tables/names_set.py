"""How written names stand to each other, set-wise: `datong.domain.names.compare_names` over many distinct pairs at once.

A property test holds that both give the same level.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from datong.domain.names import NAME_LEVELS, compare_names, pinyin_of, read_name, surname_of
from datong.fuse.tables.values import Values, hash_array

_NUMBER = {level: number for number, level in enumerate(NAME_LEVELS)}
_DOT = re.compile(r"[\s·•・‧∙⋅.\-'’`]")


def sounds(values: Values) -> list[str]:
    """The sound of each value: Chinese characters in letters without tones, letters by Soundex."""
    found: list[str] = values.derived("sounds", lambda held: [sound(read_name(text)) for text in held.texts])
    return found


def sound(name: str) -> str:
    """The sound of one folded name."""
    return quick_pinyin(name) if not name.isascii() else soundex(name)


@lru_cache(maxsize=500_000)
def quick_pinyin(name: str) -> str:
    """`pinyin_of`, character by character where no phrase of the dictionary is inside the name: ten times as fast."""
    if name.isascii():
        return name
    for begin in range(len(name) - 1):
        for end in range(begin + 2, len(name) + 1):
            if name[begin:end] in PHRASES_DICT:
                return pinyin_of(name)
    return "".join(map(_character, name))


@lru_cache(maxsize=100_000)
def _character(character: str) -> str:
    return "".join(lazy_pinyin(character)).upper().replace("Ü", "V")


_SOUND_CODES = {letter: code for code, letters in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1) for letter in letters}


def soundex(name: str) -> str:
    """American Soundex of a name in letters: the first letter and three figures for the consonants that follow."""
    letters = [letter for letter in name.upper() if "A" <= letter <= "Z"]
    if not letters:
        return ""
    figures, last = "", _SOUND_CODES.get(letters[0], 0)
    for letter in letters[1:]:
        code = _SOUND_CODES.get(letter, 0)
        if code and code != last:
            figures += str(code)
        if letter not in "HW":
            last = code
    return (letters[0] + figures + "000")[:4]


def name_levels(values: Values, left: Any, right: Any) -> Any:
    """The level of each pair of distinct values (places into `values`), as its number in NAME_LEVELS; never "missing"."""
    facts = values.derived("name_facts", _NameFacts)
    out = np.full(len(left), _NUMBER["different"], np.int8)
    odd = facts.odd[left] | facts.odd[right]
    plain = np.flatnonzero(~odd)
    out[plain] = _plain_levels(facts, left[plain], right[plain])
    texts = values.texts
    strange = np.flatnonzero(odd)
    out[strange] = [_NUMBER[compare_names(texts[left[at]], texts[right[at]])] for at in strange]
    return out


class _NameFacts:
    """What `compare_names` asks of one name, one element a value. `odd` names (lost characters, dots) take the definition itself."""

    def __init__(self, values: Values) -> None:
        folded = [read_name(text) for text in values.texts]
        self.odd = np.array([("?" in name) or bool(_DOT.search(raw.strip())) for name, raw in zip(folded, values.texts, strict=True)], bool)
        self.ascii = np.array([name.isascii() for name in folded], bool)
        self.size = np.array([len(name) for name in folded], np.int32)
        self.names = np.empty(len(folded), object)
        self.names[:] = folded
        letters = [quick_pinyin(name) for name in folded]
        family = [surname_of(name) for name in folded]
        turned = [
            quick_pinyin(name[len(first) :]) + quick_pinyin(first) if not name.isascii() else ""
            for name, first in zip(folded, family, strict=True)
        ]
        given = [name[len(first) :] for name, first in zip(folded, family, strict=True)]
        later = [name[1:] for name in folded]
        self.given_size = np.array([len(name) for name in given], np.int32)
        self.name, self.sound, self.family, self.turned, self.given, self.later = (
            hash_array(pa.array(part, pa.string())) for part in (folded, letters, family, turned, given, later)
        )


def _plain_levels(facts: _NameFacts, left: Any, right: Any) -> Any:
    ascii_left, ascii_right = facts.ascii[left], facts.ascii[right]
    mixed = ascii_left != ascii_right
    han, latin = np.where(ascii_left, right, left), np.where(ascii_left, left, right)
    letters = (facts.sound[left] == facts.sound[right]) | (facts.turned[han] == facts.sound[latin])
    size_left, size_right = facts.size[left], facts.size[right]
    family = facts.family[left] == facts.family[right]
    homophone = (size_left == size_right) & (size_left > 1) & ~ascii_left & (facts.sound[left] == facts.sound[right])
    out = np.where(family & ~ascii_left, _NUMBER["surname"], _NUMBER["different"])
    out[_surname_changed(facts, left, right)] = _NUMBER["surname_changed"]
    maybe = np.flatnonzero(family & ~mixed & (np.abs(size_left - size_right) <= 1) & (np.maximum(size_left, size_right) > 2))
    near = one_edit(facts.names[left[maybe]], facts.names[right[maybe]])
    out[maybe[near]] = _NUMBER["one_character"]
    out[homophone & ~mixed] = _NUMBER["homophone"]
    out[mixed] = np.where(letters[mixed], _NUMBER["pinyin"], _NUMBER["different"])
    out[facts.name[left] == facts.name[right]] = _NUMBER["variant"]
    return out


def _surname_changed(facts: _NameFacts, left: Any, right: Any) -> Any:
    """Which pairs have one given name of two characters or more under two family names, or under both at once."""
    han = ~facts.ascii[left] & ~facts.ascii[right]
    given = (facts.given[left] == facts.given[right]) & (facts.given_size[left] > 1) & (facts.family[left] != facts.family[right])
    longer, shorter = (np.where(facts.size[left] > facts.size[right], *ends) for ends in ((left, right), (right, left)))
    before = (facts.size[longer] == 4) & (facts.size[shorter] == 3) & (facts.later[longer] == facts.name[shorter])
    return han & (given | before)


def one_edit(left: Any, right: Any) -> Any:
    """Which pairs of texts are at most one character changed, added or lost, or two neighbours swapped, apart."""
    if not len(left):
        return np.zeros(0, bool)
    return cpdist(left, right, scorer=OSA.distance, score_cutoff=1, dtype=np.int32, workers=1) <= 1
