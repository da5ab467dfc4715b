"""What a block may be made of: functions of a column's value, each a hash a distinct value. Docstrings are shown to users."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.names import read_name, surname_of
from datong.fuse.tables import loops, names_set
from datong.fuse.tables.link_spec import Block, KeyPart
from datong.fuse.tables.values import Column, Values, buffers, hash_array


@dataclass(frozen=True)
class KeyFunction:
    """A function of a value; `takes` what stands behind the column: nothing, a number, or a column."""

    takes: str
    make: Callable[[Values, int], Any]

    @property
    def means(self) -> str:
        """Its line for users."""
        return (self.make.__doc__ or "").strip()


def _first(values: Values, size: int) -> Any:
    """first(column, n): the first n characters; values that have fewer are left out."""
    return _hashed(pc.if_else(pc.greater_equal(pc.utf8_length(values.array), size), pc.utf8_slice_codeunits(values.array, 0, size), ""))


def _last(values: Values, size: int) -> Any:
    """last(column, n): the last n characters; values that have fewer are left out."""
    long = pc.greater_equal(pc.utf8_length(values.array), size)
    return _hashed(pc.if_else(long, pc.utf8_reverse(pc.utf8_slice_codeunits(pc.utf8_reverse(values.array), 0, size)), ""))


def _sound(values: Values, _: int) -> Any:
    """sound(column): Chinese characters as letters without tones, letters by Soundex."""
    return _hashed(pa.array(names_set.sounds(values), pa.string()))


def _initial(values: Values, _: int) -> Any:
    """initial(column): the first letter of the sound."""
    return _hashed(pa.array([sound[:1] for sound in names_set.sounds(values)], pa.string()))


def _family(values: Values, _: int) -> Any:
    """family(column): the family name of a Chinese name."""
    return _hashed(pa.array([surname_of(read_name(text)) for text in values.texts], pa.string()))


def _digits(values: Values, _: int) -> Any:
    """digits(column): the groups of digits, in order; values without digits are left out."""
    return loops.digit_hashes(*buffers(values.array))


def _last_digits(values: Values, groups: int) -> Any:
    """last_digits(column, n): the last n groups of digits (building, entrance and room of an address); others are left out."""
    return loops.last_digit_hashes(*buffers(values.array), groups)


def _year(values: Values, _: int) -> Any:
    """year(column): the year of a date."""
    return _first(values, 4)


def _month_day(values: Values, _: int) -> Any:
    """month_day(column): month and day of a date, in either order."""
    parts = [sorted((text[4:6], text[6:8])) if len(text) == 8 else [] for text in values.texts]
    return _hashed(pa.array(["-".join(part) for part in parts], pa.string()))


def _local(values: Values, _: int) -> Any:
    """local(column): what stands before the @ of an e-mail address."""
    return _hashed(pa.array([text.partition("@")[0] for text in values.texts], pa.string()))


def _words(values: Values, _: int) -> Any:
    """words(column): the words of a text in alphabetical order."""
    return _hashed(pa.array([" ".join(sorted(text.split())) for text in values.texts], pa.string()))


def _either(values: Values, _: int) -> Any:
    """either(column, other): two columns, whichever of the two values stands in which."""
    return values.hashes


FUNCTIONS: Mapping[str, KeyFunction] = {
    "first": KeyFunction("number", _first),
    "last": KeyFunction("number", _last),
    "sound": KeyFunction("", _sound),
    "initial": KeyFunction("", _initial),
    "family": KeyFunction("", _family),
    "digits": KeyFunction("", _digits),
    "last_digits": KeyFunction("number", _last_digits),
    "year": KeyFunction("", _year),
    "month_day": KeyFunction("", _month_day),
    "local": KeyFunction("", _local),
    "words": KeyFunction("", _words),
    "either": KeyFunction("column", _either),
}


def block_keys(block: Block, columns: Mapping[str, Column], rows: int) -> Any:
    """Each row's key under a block (uint64, the same on every machine); 0 for rows that the block does not hold."""
    keys = np.full(rows, 1, np.uint64)
    for part in block.parts:
        if part.function == "either":
            _add_either(keys, columns[part.column], columns[part.other])
        else:
            column = columns[part.column]
            loops.add_to_keys(keys, _parts(part, column.values), column.codes)
    return keys


def _parts(part: KeyPart, values: Values) -> Any:
    if not part.function:
        return values.hashes
    return values.derived(f"key:{part}", lambda held: FUNCTIONS[part.function].make(held, part.argument))


def _add_either(keys: Any, one: Column, other: Column) -> None:
    """Both columns' hashes, whichever way round."""
    left, right = (np.append(column.values.hashes, loops.NONE)[column.codes] for column in (one, other))
    both = np.where((left == loops.NONE) | (right == loops.NONE), loops.NONE, (left ^ right) + left * right)
    loops.add_to_keys(keys, both, np.arange(len(keys), dtype=np.int64))


def _hashed(texts: Any) -> Any:
    return hash_array(texts)
