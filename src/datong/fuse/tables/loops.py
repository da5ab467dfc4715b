"""Compiled loops: stable hashes of texts and keys, pairs within blocks, clusters under rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from datong.collect import compiled

_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLD = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
NONE = np.uint64(0)
"""The key of a row that a block does not hold."""


@compiled
def mixed(value: Any) -> Any:
    """Spread a 64-bit value over all its bits."""
    value = (value ^ (value >> _S30)) * _M1
    value = (value ^ (value >> _S27)) * _M2
    return value ^ (value >> _S31)


@compiled
def text_hashes(offsets: Any, data: Any) -> Any:
    """A hash of each text that is the same on every machine; 0 for an empty one."""
    out = np.zeros(offsets.shape[0] - 1, np.uint64)
    for row in range(out.shape[0]):
        begin, end = offsets[row], offsets[row + 1]
        if begin < end:
            value = _OFFSET
            for place in range(begin, end):
                value = (value ^ np.uint64(data[place])) * _PRIME
            out[row] = max(mixed(value), np.uint64(1))
    return out


@compiled
def digit_hashes(offsets: Any, data: Any) -> Any:
    """A hash of the groups of digits in each text, in order; 0 where there is none."""
    out = np.zeros(offsets.shape[0] - 1, np.uint64)
    for row in range(out.shape[0]):
        value, inside, seen = _OFFSET, False, False
        for place in range(offsets[row], offsets[row + 1]):
            byte = data[place]
            if 48 <= byte <= 57:
                if not inside and seen:
                    value = (value ^ np.uint64(45)) * _PRIME
                value = (value ^ np.uint64(byte)) * _PRIME
                inside, seen = True, True
            else:
                inside = False
        if seen:
            out[row] = max(mixed(value), np.uint64(1))
    return out


@compiled
def last_digit_hashes(offsets: Any, data: Any, groups: Any) -> Any:
    """A hash of the last so many groups of digits in each text, from the end; 0 where there are fewer."""
    out = np.zeros(offsets.shape[0] - 1, np.uint64)
    for row in range(out.shape[0]):
        value, seen, place = _OFFSET, 0, offsets[row + 1] - 1
        while place >= offsets[row] and seen < groups:
            if 48 <= data[place] <= 57:
                while place >= offsets[row] and 48 <= data[place] <= 57:
                    value = (value ^ np.uint64(data[place])) * _PRIME
                    place -= 1
                value = (value ^ np.uint64(45)) * _PRIME
                seen += 1
            else:
                place -= 1
        if seen == groups:
            out[row] = max(mixed(value), np.uint64(1))
    return out


@compiled
def add_to_keys(keys: Any, parts: Any, codes: Any) -> None:
    """Take a column's part (one hash a distinct value) into each row's key; without it the row has none."""
    for row in range(keys.shape[0]):
        code = codes[row]
        part = parts[code] if code >= 0 else NONE
        if keys[row] != NONE:
            keys[row] = NONE if part == NONE else max(mixed((keys[row] ^ part) + _GOLD), np.uint64(1))


@compiled
def count_pairs(order: Any, keys: Any, largest: Any) -> Any:
    """Rows sorted by key: how many pairs all blocks have; the key of a block above `largest` rows is taken from its rows."""
    total, place, size, dropped = 0, 0, order.shape[0], 0
    while place < size:
        key, end = keys[order[place]], place + 1
        while end < size and keys[order[end]] == key:
            end += 1
        many = end - place
        if key == NONE or many > largest:
            dropped += 1 if key != NONE else 0
            for at in range(place, end):
                keys[order[at]] = NONE
        else:
            total += many * (many - 1) // 2
        place = end
    return total, dropped


@compiled
def block_pairs(order: Any, rule: Any, keys: Any, held: Any, out: Any) -> Any:
    """The pairs of one rule's blocks that no earlier rule has: (low row, high row, bits of all rules that find it).

    `keys` (rows × rules); `held` is each row's group and side: rows of one group are the same already and make no pair;
    where sides are not empty a pair needs one row of each side.
    """
    groups, sides = held
    left, right, found = out
    written, place, size, rules = 0, 0, order.shape[0], keys.shape[1]
    while place < size:
        key, end = keys[order[place], rule], place + 1
        while end < size and keys[order[end], rule] == key:
            end += 1
        if key != NONE:
            for at in range(place, end):
                one = order[at]
                for other_at in range(at + 1, end):
                    other = order[other_at]
                    if groups[one] == groups[other] or (sides.shape[0] and sides[one] == sides[other]):
                        continue
                    bits = np.uint64(0)
                    for each in range(rules):
                        if keys[one, each] != NONE and keys[one, each] == keys[other, each]:
                            bits |= np.uint64(1) << np.uint64(each)
                    if bits & ((np.uint64(1) << np.uint64(rule)) - np.uint64(1)):
                        continue
                    left[written], right[written], found[written] = min(one, other), max(one, other), bits
                    written += 1
        place = end
    return written


@compiled
def unbind(numbers: Any, names: Any, size: Any) -> None:
    """Take the number (-1) from rows that carry it under another name than most rows do; equally usual names all bind."""
    rows = numbers.shape[0]
    starts = np.zeros(size + 1, np.int64)
    for row in range(rows):
        if numbers[row] >= 0 and names[row] >= 0:
            starts[numbers[row] + 1] += 1
    for number in range(size):
        starts[number + 1] += starts[number]
    place, members = starts[:-1].copy(), np.empty(starts[size], np.int64)
    for row in range(rows):
        if numbers[row] >= 0 and names[row] >= 0:
            members[place[numbers[row]]] = row
            place[numbers[row]] += 1
    for number in range(size):
        begin, end = starts[number], starts[number + 1]
        alike = True
        for at in range(begin + 1, end):
            alike = alike and names[members[at]] == names[members[begin]]
        if alike:
            continue
        counts = np.zeros(end - begin, np.int64)
        for at in range(begin, end):
            for other in range(begin, end):
                counts[at - begin] += names[members[at]] == names[members[other]]
        most = counts.max()
        for at in range(begin, end):
            if counts[at - begin] < most:
                numbers[members[at]] = -1
