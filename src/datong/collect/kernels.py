"""Compiled loops over Arrow's buffers: which values are clean already, and the stable hashes of rows.

A recogniser only says "this value is canonical and sound, leave it as it is". Everything it does not
recognise takes the one definition in `values.py`; a property test holds that both agree.
The hash is MurmurHash3 x64 128 with a 128-bit start, so that values can be chained; `identity.py` is its
plain reading.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from datong.collect.compiled import compiled, eight_at

_C1, _C2 = np.uint64(0x87C37B91114253D5), np.uint64(0x4CF5AD432745937F)
_F1, _F2 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_A1, _A2, _FIVE = np.uint64(0x52DCE729), np.uint64(0x38495AB5), np.uint64(5)
_S31, _S27, _S33 = np.uint64(31), np.uint64(27), np.uint64(33)
_EACH, _LOW_HALVES = np.uint64(0x0101010101010101), np.uint64(0x0F0F0F0F0F0F0F0F)
_FULL, _ALL = np.uint64(64), np.uint64(0xFFFFFFFFFFFFFFFF)

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_CHECKS = np.frombuffer(b"10X98765432", np.uint8).copy()
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)
_PROVINCE_LIST = (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46)
_PROVINCES = np.zeros(100, np.bool_)
_PROVINCES[[*_PROVINCE_LIST, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91]] = True
_CREDIT = np.full(256, -1, np.int64)
_CREDIT[np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)] = np.arange(31)
_CREDIT_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], np.int64)
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8).copy()
# Values this short that begin like a placeholder (-, /, 无, 不详, 暂无, N/A …) are left to the definition.
_PLACEHOLDER_BYTES = 12
_DOUBTFUL = np.array([0xE697A0, 0xE4B88D, 0xE69CAA, 0xE69A82, 0xE7A9BA, 0xE6B2A1], np.int64)
_DOUBTFUL_ASCII = np.zeros(128, np.bool_)
_DOUBTFUL_ASCII[np.frombuffer(b"-/\\*.?nN", np.uint8)] = True


@compiled
def _doubtful(data: Any, start: Any, end: Any) -> Any:
    if end - start > _PLACEHOLDER_BYTES:
        return False
    first = data[start]
    if first < 128:
        return bool(_DOUBTFUL_ASCII[first])
    if end - start < 3:
        return True
    packed = (np.int64(first) << 16) | (np.int64(data[start + 1]) << 8) | np.int64(data[start + 2])
    found = False
    for word in _DOUBTFUL:
        found = found or packed == word
    return found


@compiled
def _plain(data: Any, start: Any, end: Any, ascii_too: bool, spaces: bool) -> Any:
    """Only characters that cleaning leaves alone: unified ideographs, and printable ASCII if allowed."""
    place, blank = start, True
    while place < end:
        byte = data[place]
        if byte < 128:
            if byte == 32:
                if blank or not spaces:
                    return False
                blank = True
            elif byte < 32 or byte == 127 or not ascii_too:
                return False
            else:
                blank = False
            place += 1
            continue
        blank = False
        if byte < 0xE3 or byte > 0xE9 or place + 2 >= end:
            return False
        point = (np.int64(byte & 15) << 12) | (np.int64(data[place + 1] & 63) << 6) | np.int64(data[place + 2] & 63)
        if not (0x4E00 <= point <= 0x9FFF or 0x3400 <= point <= 0x4DBF):
            return False
        place += 3
    return not blank


@compiled
def plain_texts(offsets: Any, data: Any, ascii_too: bool, spaces: bool) -> Any:
    """Which values are text in canonical form (or empty)."""
    count = offsets.shape[0] - 1
    clean = np.zeros(count, np.bool_)
    for row in range(count):
        start, end = offsets[row], offsets[row + 1]
        clean[row] = start == end or (not _doubtful(data, start, end) and _plain(data, start, end, ascii_too, spaces))
    return clean


@compiled
def _two(data: Any, place: Any) -> Any:
    return (np.int64(data[place]) - 48) * 10 + np.int64(data[place + 1]) - 48


@compiled
def _real_day(year: Any, month: Any, day: Any) -> Any:
    if month < 1 or month > 12 or day < 1 or day > _MONTH_DAYS[month] or year < 1:
        return False
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    return month != 2 or day < 29 or leap


@compiled
def _citizen(data: Any, start: Any) -> Any:
    total = 0
    for place in range(17):
        digit = np.int64(data[start + place]) - 48
        if digit < 0 or digit > 9:
            return False
        total += digit * _WEIGHTS[place]
    year = _two(data, start + 6) * 100 + _two(data, start + 8)
    if not _PROVINCES[_two(data, start)] or not _real_day(year, _two(data, start + 10), _two(data, start + 12)):
        return False
    return bool(data[start + 17] == _CHECKS[total % 11])


@compiled
def citizen_ids(offsets: Any, data: Any) -> Any:
    """Which values are sound 18-character citizen numbers (or empty)."""
    count = offsets.shape[0] - 1
    clean = np.zeros(count, np.bool_)
    for row in range(count):
        start, end = offsets[row], offsets[row + 1]
        clean[row] = start == end or (end - start == 18 and _citizen(data, start))
    return clean


@compiled
def _credit(data: Any, start: Any) -> Any:
    total = 0
    for place in range(17):
        number = _CREDIT[data[start + place]]
        if number < 0:
            return False
        total += number * _CREDIT_WEIGHTS[place]
    last = _CREDIT[data[start + 17]]
    return bool(last >= 0 and last == (31 - total % 31) % 31)


@compiled
def credit_codes(offsets: Any, data: Any) -> Any:
    """Which values are sound unified social credit codes (or empty)."""
    count = offsets.shape[0] - 1
    clean = np.zeros(count, np.bool_)
    for row in range(count):
        start, end = offsets[row], offsets[row + 1]
        clean[row] = start == end or (end - start == 18 and _credit(data, start))
    return clean


@compiled
def _mobile(data: Any, start: Any) -> Any:
    if data[start] != 49 or data[start + 1] < 51 or data[start + 1] > 57:
        return False
    varied = False
    for place in range(start + 2, start + 11):
        if data[place] < 48 or data[place] > 57:
            return False
        varied = varied or (place > start + 3 and data[place] != data[start + 3])
    return varied


@compiled
def mobiles(offsets: Any, data: Any) -> Any:
    """Which values are mobile numbers in canonical form (or empty)."""
    count = offsets.shape[0] - 1
    clean = np.zeros(count, np.bool_)
    for row in range(count):
        start, end = offsets[row], offsets[row + 1]
        clean[row] = start == end or (end - start == 11 and _mobile(data, start))
    return clean


@compiled
def _iso_day(data: Any, start: Any) -> Any:
    for place in range(10):
        byte = data[start + place]
        if place == 4 or place == 7:
            if byte != 45:
                return False
        elif byte < 48 or byte > 57:
            return False
    year = _two(data, start) * 100 + _two(data, start + 2)
    return 1850 <= year <= 2199 and _real_day(year, _two(data, start + 5), _two(data, start + 8))


@compiled
def iso_days(offsets: Any, data: Any) -> Any:
    """Which values are ISO dates that exist (or empty)."""
    count = offsets.shape[0] - 1
    clean = np.zeros(count, np.bool_)
    for row in range(count):
        start, end = offsets[row], offsets[row + 1]
        clean[row] = start == end or (end - start == 10 and _iso_day(data, start))
    return clean


@compiled
def _number(data: Any, start: Any, end: Any, whole: bool) -> Any:
    if end - start > 15 or (data[start] == 48 and end - start > 1 and data[start + 1] != 46):
        return False
    point = -1
    for place in range(start, end):
        byte = data[place]
        if byte == 46 and not whole and point < 0 and place > start:
            point = place
        elif byte < 48 or byte > 57:
            return False
    return bool(point < 0 or (point < end - 1 and data[end - 1] != 48))


@compiled
def numbers(offsets: Any, data: Any, whole: bool) -> Any:
    """Which values are numbers in canonical form (or empty): no sign, no leading or trailing zeros."""
    count = offsets.shape[0] - 1
    clean = np.zeros(count, np.bool_)
    for row in range(count):
        start, end = offsets[row], offsets[row + 1]
        clean[row] = start == end or _number(data, start, end, whole)
    return clean


@compiled
def _turn(value: Any, by: Any) -> Any:
    return (value << by) | (value >> (_FULL - by))


@compiled
def _mixed(value: Any) -> Any:
    value = (value ^ (value >> _S33)) * _F1
    value = (value ^ (value >> _S33)) * _F2
    return value ^ (value >> _S33)


@compiled
def chain(offsets: Any, data: Any, name: Any, state: Any) -> None:
    """Take a column's values into each row's running hash; empty values leave it as it is."""
    name_one, name_two, safe = name[0], name[1], data.shape[0] - 8
    for row in range(offsets.shape[0] - 1):
        place, end = np.int64(offsets[row]), np.int64(offsets[row + 1])
        if place == end:
            continue
        length = np.uint64(end - place)
        one, two = state[row, 0] ^ name_one, state[row, 1] ^ name_two
        while end - place >= 16:
            one ^= _turn(eight_at(data, place) * _C1, _S31) * _C2
            one = (_turn(one, _S27) + two) * _FIVE + _A1
            two ^= _turn(eight_at(data, place + 8) * _C2, _S33) * _C1
            two = (_turn(two, _S31) + one) * _FIVE + _A2
            place += 16
        left = end - place
        first, second = np.uint64(0), np.uint64(0)
        if left >= 8:
            first = eight_at(data, place)
            place, left = place + 8, left - 8
            if left > 0:  # the last eight bytes, without those already taken
                second = eight_at(data, end - 8) >> np.uint64(64 - 8 * left)
        elif left > 0 and place <= safe:
            first = eight_at(data, place) & (_ALL >> np.uint64(64 - 8 * left))
        else:
            for byte in range(left):
                first |= np.uint64(data[place + byte]) << np.uint64(8 * byte)
        two ^= _turn(second * _C2, _S33) * _C1
        one ^= _turn(first * _C1, _S31) * _C2
        one, two = one ^ length, two ^ length
        one += two
        two += one
        one, two = _mixed(one), _mixed(two)
        one += two
        two += one
        state[row, 0], state[row, 1] = one, two


@compiled
def splice(old: Any, places: Any, new: Any, offsets: Any, out: Any) -> Any:
    """Copy the old values (offsets, bytes) with new ones at some places (in order); how many bytes that makes."""
    old_offsets, old_data = old
    new_offsets, new_data = new
    written, row = 0, 0
    offsets[0] = 0
    for which in range(places.shape[0] + 1):
        until = places[which] if which < places.shape[0] else old_offsets.shape[0] - 1
        start, stop = old_offsets[row], old_offsets[until]
        out[written : written + stop - start] = old_data[start:stop]
        for kept in range(row, until):
            offsets[kept + 1] = written + old_offsets[kept + 1] - start
        written += stop - start
        if which < places.shape[0]:
            start, stop = new_offsets[which], new_offsets[which + 1]
            out[written : written + stop - start] = new_data[start:stop]
            written += stop - start
            offsets[until + 1] = written
        row = until + 1
    return written


@compiled
def fall_back(offsets: Any, missing: Any) -> None:
    """Mark the rows in which a key value is empty."""
    for row in range(offsets.shape[0] - 1):
        if offsets[row] == offsets[row + 1]:
            missing[row] = True


@compiled
def hex_of(state: Any) -> Any:
    """Each row's hash as 32 hexadecimal characters, one after another."""
    text = np.empty(state.shape[0] * 32, np.uint8)
    for row in range(state.shape[0]):
        for half in range(2):
            value = state[row, half]
            for place in range(16):
                text[row * 32 + half * 16 + place] = _HEX[(value >> np.uint64(60 - 4 * place)) & np.uint64(15)]
    return text


@compiled
def _eight_digits(word: Any) -> Any:
    """Eight hexadecimal digits in ASCII (lower case, the first lowest) as a number."""
    digits = (word & _LOW_HALVES) + ((word >> np.uint64(6)) & _EACH) * np.uint64(9)
    pairs = ((digits << np.uint64(4)) | (digits >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    fours = ((pairs << np.uint64(8)) | (pairs >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    return ((fours << np.uint64(16)) | (fours >> np.uint64(32))) & np.uint64(0xFFFFFFFF)


@compiled
def read_hex(data: Any, into: Any) -> None:
    """Values of 32 hexadecimal characters, one after another: their halves into the first two columns, or the first into the only one."""
    for row in range(into.shape[0]):
        for half in range(min(2, into.shape[1])):
            place = row * 32 + half * 16
            into[row, half] = (_eight_digits(eight_at(data, place)) << np.uint64(32)) | _eight_digits(eight_at(data, place + 8))


@compiled
def merged(fresh: Any, fresh_order: Any, earlier: Any, earlier_order: Any) -> Any:
    """New, changed and unchanged records of two lists (identity in two halves, content; with their orders by the first half).

    The first number is -1 when two identities have the same first half: then the halves do not tell.
    """
    new, changed, unchanged = 0, 0, 0
    at, count = 0, earlier_order.shape[0]
    for place in range(fresh_order.shape[0]):
        mine = fresh_order[place]
        one = fresh[mine, 0]
        if place > 0 and fresh[fresh_order[place - 1], 0] == one:
            return -1, 0, 0
        while at < count and earlier[earlier_order[at], 0] < one:
            at += 1
        if at == count or earlier[earlier_order[at], 0] != one:
            new += 1
            continue
        theirs = earlier_order[at]
        if earlier[theirs, 1] != fresh[mine, 1] or (at + 1 < count and earlier[earlier_order[at + 1], 0] == one):
            return -1, 0, 0
        if earlier[theirs, 2] == fresh[mine, 2]:
            unchanged += 1
        else:
            changed += 1
    return new, changed, unchanged
