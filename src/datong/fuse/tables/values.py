"""A column as the engine holds it: its distinct cleaned values, one code a row, and what is derived from a value once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.fuse.tables import loops


@dataclass
class Values:
    """Distinct cleaned values of one kind. Derived arrays hold one element a value and are made on first use."""

    kind: str
    array: Any
    sound: Any
    """Per value: whether it may identify (identifiers, phones); true for other kinds."""
    _made: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.array)

    def derived(self, name: str, make: Callable[[Values], Any]) -> Any:
        """An array derived from the values, made once."""
        if name not in self._made:
            self._made[name] = make(self)
        return self._made[name]

    @cached_property
    def texts(self) -> Any:
        """The values as an array of Python texts."""
        found = np.empty(len(self.array), object)
        found[:] = self.array.to_pylist()
        return found

    @cached_property
    def hashes(self) -> Any:
        """A hash of each value that is the same on every machine."""
        return hash_array(self.array)


@dataclass(frozen=True)
class Column:
    """One column of all rows: `codes` (int32) is each row's place among the values, -1 where there is none."""

    values: Values
    codes: Any

    @cached_property
    def counts(self) -> Any:
        """Rows of each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))

    @cached_property
    def filled(self) -> int:
        """Rows with a value."""
        return int(self.counts.sum())

    def take(self, rows: Any) -> Column:
        """The same values for other rows."""
        return Column(self.values, self.codes[rows])


def buffers(array: Any) -> tuple[Any, Any]:
    """Offsets and bytes of a string array without nulls."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if not pa.types.is_string(array.type):
        array = array.cast(pa.string())
    if not len(array):
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    _, offsets, data = array.buffers()
    places = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    return places, np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)


def hash_array(array: Any) -> Any:
    """A hash of each text; 0 for an empty or absent one."""
    return loops.text_hashes(*buffers(pc.fill_null(array, "")))


def distinct(array: Any) -> tuple[Any, Any]:
    """A string array's distinct texts and each element's place among them (-1 for null)."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    encoded = array.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return encoded.dictionary, codes.astype(np.int32, copy=False)
