"""Compiled loops over Arrow's buffers: written numbers → kind, key and problem, a row each.

`datong.domain.number_keys.read_number` is the definition. Bytes that fold to what a number may hold, and the characters
that surely are none of it, are settled here; a row with any other character is marked `ASK`, and the definition
reads it. All of it stands in one file because compiled code is kept by file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from datong.collect import compiled
from datong.domain.identifiers import CITIZEN_CHECKS, CITIZEN_WEIGHTS, CREDIT_ALPHABET, CREDIT_WEIGHTS, PROVINCES
from datong.domain.number_keys import DEPARTMENTS, PROBLEMS, REGISTRARS

ASK = -1
"""Put as the problem of a row that the definition must read."""
CITIZEN, CREDIT, EITHER = 0, 1, 2
MISSING, LENGTH, CHARACTERS, PROVINCE, BIRTH_DATE, CHECK, OLD15, DEPARTMENT = range(1, 9)
PERSON, ORGANISATION = 1, 2

_DROP, _OTHER, _LEAD = 0, 1, 255
_LONGEST = 18
_WEIGHTS = np.array(CITIZEN_WEIGHTS, np.int64)
_CHECKS = np.frombuffer(CITIZEN_CHECKS.encode(), np.uint8).copy()
_CREDIT_WEIGHTS = np.array(CREDIT_WEIGHTS, np.int64)
_CODE_WEIGHTS = np.array((3, 7, 9, 10, 5, 8, 4, 2), np.int64)
_MONTH_DAYS = np.array((0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), np.int64)


def _byte_classes() -> Any:
    classes = np.full(256, _OTHER, np.uint8)
    for byte in range(128):
        char = chr(byte)
        if char.isspace() or char in ".-":
            classes[byte] = _DROP
        elif char.isalnum():
            classes[byte] = ord(char.upper())
    classes[128:] = _LEAD
    return classes


def _pairs(words: Any) -> Any:
    """A table by two characters, 7 bits each."""
    table = np.zeros(1 << 14, np.bool_)
    table[[ord(word[0]) << 7 | ord(word[1]) for word in words]] = True
    return table


def _credit_values(mended: bool) -> Any:
    values = np.full(256, -1, np.int64)
    values[np.frombuffer(CREDIT_ALPHABET.encode(), np.uint8)] = np.arange(31)
    if mended:
        values[ord("O")], values[ord("I")] = 0, 1
    return values


_CLASSES = _byte_classes()
_PROVINCES, _REGISTRARS, _DEPARTMENTS = _pairs(PROVINCES), _pairs(REGISTRARS), _pairs(DEPARTMENTS)
_VALUES, _MENDED = _credit_values(False), _credit_values(True)
_MEND = np.arange(256).astype(np.uint8)
_MEND[ord("O")], _MEND[ord("I")] = ord("0"), ord("1")
assert PROBLEMS[DEPARTMENT] == "department", "the numbers above follow the words"


@compiled
def _class_of(point: Any) -> Any:
    """What a character beyond ASCII folds to: nothing, an ASCII character's class, surely something else, or ASK."""
    if 0xFF01 <= point <= 0xFF5E:
        return np.int64(_CLASSES[point - 0xFEE0])
    if 0x3001 <= point <= 0x3029 or 0x3400 <= point <= 0x9FFF or 0x20000 <= point <= 0x3FFFD or 0x1F300 <= point <= 0x1FAFF:
        return np.int64(_OTHER)
    if point == 0xB7 or point == 0xA0 or point == 0x3000 or 0x2000 <= point <= 0x200F or point == 0xFEFF or 0xFE00 <= point <= 0xFE0F:
        return np.int64(_DROP)
    if 0x2012 <= point <= 0x2015 or 0x2018 <= point <= 0x201D or point == 0xFFFD:
        return np.int64(_OTHER)
    return np.int64(ASK)


@compiled
def _folded(data: Any, start: Any, end: Any, text: Any) -> Any:
    """Write the folded characters into `text`; how many there are (19: too many to matter), or ASK."""
    size, place = 0, start
    while place < end:
        byte = np.int64(data[place])
        sort = np.int64(_CLASSES[byte])
        place += 1
        if sort == _LEAD:
            more = 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
            if byte < 0xC2 or byte > 0xF4 or place + more > end:
                return ASK
            point = byte & (0x7F >> (more + 1))
            for _ in range(more):
                point = point << 6 | (np.int64(data[place]) & 63)
                place += 1
            sort = _class_of(point)
            if sort == ASK:
                return ASK
        if sort != _DROP:
            if size == _LONGEST:
                return size + 1
            text[size] = sort
            size += 1
    return size


@compiled
def _pair(table: Any, one: Any, two: Any) -> Any:
    return one < 128 and two < 128 and table[np.int64(one) << 7 | np.int64(two)]


@compiled
def _real_day(year: Any, month: Any, day: Any) -> Any:
    if year < 1 or month < 1 or month > 12 or day < 1 or day > _MONTH_DAYS[month]:
        return False
    return month != 2 or day < 29 or (year % 4 == 0 and year % 100 != 0) or year % 400 == 0


@compiled
def _digits(text: Any, size: Any) -> Any:
    """The number that `size` digits make, or -1."""
    number, wrong = np.int64(0), 0
    for place in range(size):
        digit = np.int64(text[place]) - 48
        wrong |= int(digit < 0) | int(digit > 9)
        number = number * 10 + digit
    return np.int64(-1) if wrong else number


@compiled
def _citizen(text: Any) -> Any:
    """Key and problem of 18 characters as a citizen number. The key stands also where only the check character is wrong."""
    key = _digits(text, 17)
    last = text[17]
    if key < 0 or not (last == 88 or 48 <= last <= 57):
        return np.int64(0), CHARACTERS
    if not _pair(_PROVINCES, text[0], text[1]):
        return np.int64(0), PROVINCE
    day = key // 1000 % 100_000_000
    if not _real_day(day // 10_000, day // 100 % 100, day % 100):
        return np.int64(0), BIRTH_DATE
    total = 0
    for place in range(17):
        total += (np.int64(text[place]) - 48) * _WEIGHTS[place]
    return key, 0 if last == _CHECKS[total % 11] else CHECK


@compiled
def _old_citizen(text: Any) -> Any:
    """Key and problem of 15 characters as an old citizen number."""
    number = _digits(text, 15)
    if number < 0:
        return np.int64(0), LENGTH
    century = 18 if number % 1000 >= 996 else 19
    day = number // 1000 % 1_000_000
    year = century * 100 + day // 10_000
    if not _pair(_PROVINCES, text[0], text[1]) or not _real_day(year, day // 100 % 100, day % 100):
        return np.int64(0), BIRTH_DATE
    return number // 1_000_000_000 * 100_000_000_000 + century * 1_000_000_000 + number % 1_000_000_000, OLD15


@compiled
def _credit(text: Any) -> Any:
    """Key and problem of 18 characters as a credit code, the letters O and I mended."""
    key, total, wrong = np.int64(0), np.int64(0), False
    for place in range(17):
        value = _MENDED[text[place]]
        wrong = wrong or value < 0
        total += value * _CREDIT_WEIGHTS[place]
        if place >= 8:
            key = key * 31 + value
    last = _MENDED[text[17]]
    if wrong or last < 0:
        return np.int64(0), CHARACTERS
    return key, 0 if last == (31 - total % 31) % 31 else CHECK


@compiled
def _organisation_code(text: Any) -> Any:
    """Key and problem of nine characters as an old organisation code."""
    key, total, wrong = np.int64(0), np.int64(0), False
    for place in range(9):
        value = _VALUES[text[place]]
        wrong = wrong or value < 0
        key = key * 31 + value
        if place < 8:
            char = np.int64(text[place])
            total += (char - 48 if char < 58 else char - 55) * _CODE_WEIGHTS[place]
    if wrong:
        return np.int64(0), CHARACTERS
    check = 11 - total % 11
    wanted = 88 if check == 10 else 48 if check == 11 else 48 + check
    return key, 0 if text[8] == wanted else CHECK


@compiled
def _either(text: Any) -> Any:
    """Kind, key and problem of 18 characters that may be a person's or an organisation's."""
    key, problem = _citizen(text)
    if problem == 0:
        return PERSON, key, problem
    year = key // 10_000_000 % 10_000
    if problem == CHECK and 1850 <= year <= 2100:
        return 0, np.int64(0), problem
    code, fault = _credit(text)
    if fault == CHARACTERS:
        return 0, np.int64(0), fault
    if _pair(_DEPARTMENTS, _MEND[text[0]], _MEND[text[1]]) and _pair(_REGISTRARS, _MEND[text[2]], _MEND[text[3]]):
        return ORGANISATION, code, fault
    if problem == CHARACTERS:
        return 0, np.int64(0), CHECK if fault else DEPARTMENT
    return 0, np.int64(0), problem


@compiled
def _read(text: Any, size: Any, column: Any) -> Any:
    """Kind, key and problem of folded characters; the caller drops kind and key where the problem forbids them."""
    if size == 0:
        return 0, np.int64(0), MISSING
    if size == 9 and column != CITIZEN:
        key, problem = _organisation_code(text)
        return ORGANISATION, key, problem
    if size == 18 and column == EITHER:
        return _either(text)
    if size == 18 and column == CREDIT:
        key, problem = _credit(text)
        return ORGANISATION, key, problem
    if size == 18:
        key, problem = _citizen(text)
        return PERSON, key, problem
    if size == 15 and column != CREDIT:
        key, problem = _old_citizen(text)
        return PERSON, key, problem
    return 0, np.int64(0), LENGTH


@compiled
def read_numbers(offsets: Any, data: Any, column: Any, found: Any) -> Any:
    """Fill `found`, the arrays of kind, key and problem, for every row; how many rows are left to ASK."""
    kinds, keys, problems = found
    text = np.zeros(_LONGEST + 1, np.uint8)
    asked = 0
    for row in range(offsets.shape[0] - 1):
        size = _folded(data, np.int64(offsets[row]), np.int64(offsets[row + 1]), text)
        kind, key, problem = 0, np.int64(0), ASK
        if size == ASK:
            asked += 1
        else:
            kind, key, problem = _read(text, size, column)
            if problem != 0 and problem != OLD15:
                kind, key = 0, np.int64(0)
        kinds[row], keys[row], problems[row] = kind, key, problem
    return asked
