"""Rows as sent → records: canonical values beside the originals, problems noted, wrong rows set apart.

`Cleaner.rows` does it set-wise: values that are canonical already are recognised by compiled loops, and
each remaining distinct value is read once. `Cleaner.row` does it for one record. Both run the same
definitions (`values.read_value`, `judge_row`), and a test holds both equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.collect import identity, kernels
from datong.collect.judge import Rejection, judge_row
from datong.collect.values import NAME_TYPES, PROBLEM_WORDS, read_value
from datong.domain.identifiers import Reading, fold
from datong.spec import Column, Source

_WORD_NUMBER = {word: number for number, word in enumerate(PROBLEM_WORDS)}
_DAMAGED, _DIGITS = _WORD_NUMBER["damaged_bytes"], _WORD_NUMBER["digits"]
_CACHE_LIMIT = 200_000
HASHES = ("record_id", "row_hash")
_RECOGNISERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "text": lambda offsets, data: kernels.plain_texts(offsets, data, True, True),
    "address": lambda offsets, data: kernels.plain_texts(offsets, data, True, False),
    "name": lambda offsets, data: kernels.plain_texts(offsets, data, False, False),
    "org_name": lambda offsets, data: kernels.plain_texts(offsets, data, False, False),
    "citizen_id": kernels.citizen_ids,
    "credit_code": kernels.credit_codes,
    "phone": kernels.mobiles,
    "date": kernels.iso_days,
    "amount": lambda offsets, data: kernels.numbers(offsets, data, False),
    "integer": lambda offsets, data: kernels.numbers(offsets, data, True),
}


@dataclass(frozen=True)
class CleanRow:
    """One record as it enters the lake; or its rejection."""

    record_id: str
    row_hash: str
    values: Mapping[str, str]
    raws: Mapping[str, str]
    """Originals of the values that cleaning changed."""
    problems: str
    rejection: Rejection | None


@dataclass(frozen=True)
class CleanBatch:
    """Records of a batch in the lake's schema, and the rows set apart (position in the batch → rejection)."""

    records: Any
    id_half: Any
    """First half of each record's id, to find repeats."""
    rejected: Mapping[int, Rejection]
    problems: Mapping[str, int]


@dataclass
class _Cleaned:
    values: Any
    raw: Any
    words: Any  # problem numbers a row, or None when there is no problem


def lake_schema(source: Source) -> Any:
    """The columns of a resource's lake files."""
    fixed = [("record_id", pa.string()), ("row_no", pa.int64()), ("row_hash", pa.string()), ("problems", pa.string())]
    return pa.schema(fixed + [(name, pa.string()) for field in source.fields for name in (field, f"{field}__raw")])


class Cleaner:
    """Cleans one source's rows."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.schema = lake_schema(source)
        self._codes = {name: _folded_codes(table) for name, table in source.codes.items()}
        self._readings: dict[str, dict[str, Reading]] = {column.field: {} for column in source.columns}

    def read(self, column: Column, raw: str) -> Reading:
        """One value of a column: its fix if the pack has one, then its type's definition."""
        fixes = self.source.fixes.get(column.field)
        text = fixes.get(raw.strip(), raw) if fixes else raw
        return read_value(column.type, text, self._codes.get(column.list))

    def row(self, raws: Mapping[str, str], waive: bool = False) -> CleanRow:
        """One record from its raw values by field. `waive` takes a row that a person released."""
        readings = {column.field: self.read(column, raws.get(column.field, "")) for column in self.source.columns}
        values = {field: reading.value for field, reading in readings.items()}
        changed = {field: raws.get(field, "") for field, value in values.items() if raws.get(field, "") != value}
        noted = [f"{field}:{reading.problem}" for field, reading in readings.items() if reading.problem]
        return CleanRow(
            record_id=identity.hex_text(identity.record_pair(self.source.resource, self.source.key, values)),
            row_hash=identity.hex_text(identity.row_pair(values)),
            values=values,
            raws=changed,
            problems=";".join(noted),
            rejection=None if waive else judge_row(self.source.columns, raws, readings),
        )

    def rows(self, arrays: Mapping[str, Any], row_nos: Any) -> CleanBatch:
        """A batch from its raw columns by field (string arrays without nulls)."""
        count = len(row_nos)
        cleaned = {column.field: self._column(column, arrays[column.field]) for column in self.source.columns}
        rejected = self._rejected(arrays, cleaned, count)
        content, record = self._hashes(cleaned, count)
        noted, counts = self._problems(cleaned, count, rejected)
        columns = [_hex_array(record), pa.array(row_nos, pa.int64()), _hex_array(content), noted]
        for field in self.source.fields:
            column = cleaned[field]
            columns += [column.values, column.raw if column.raw is not None else pa.nulls(count, pa.string())]
        records = pa.RecordBatch.from_arrays(columns, schema=self.schema)
        halves = record[:, 0]
        if rejected:
            keep = np.ones(count, np.bool_)
            keep[list(rejected)] = False
            records, halves = records.filter(pa.array(keep)), halves[keep]
        return CleanBatch(records, halves, rejected, counts)

    def _column(self, column: Column, array: Any) -> _Cleaned:
        recognise = _RECOGNISERS.get(column.type)
        if recognise is None:
            return self._read_all(column, array)
        clean = recognise(*buffers_of(array))
        if fixes := self.source.fixes.get(column.field):
            clean &= ~pc.is_in(array, value_set=pa.array(list(fixes))).to_numpy(zero_copy_only=False)
        if clean.all():
            return _Cleaned(array, None, None)
        doubtful = np.flatnonzero(~clean)
        read = self._read_all(column, array.take(pa.array(doubtful)))
        values, raw = _spliced(array, doubtful, read.values), _scattered(len(array), doubtful, read.raw)
        if read.words is None:
            return _Cleaned(values, raw, None)
        words = np.zeros(len(array), np.int16)
        words[doubtful] = read.words
        return _Cleaned(values, raw, words)

    def _read_all(self, column: Column, array: Any) -> _Cleaned:
        """Read each distinct value once."""
        coded = array.dictionary_encode()
        known = self._readings[column.field]
        if len(known) > _CACHE_LIMIT:
            known.clear()
        texts = coded.dictionary.to_pylist()
        readings = []
        for text in texts:
            reading = known.get(text)
            if reading is None:
                reading = known[text] = self.read(column, text)
            readings.append(reading)
        values = pa.array([reading.value for reading in readings], pa.string())
        raw = pa.array([text if text != reading.value else None for text, reading in zip(texts, readings, strict=True)], pa.string())
        numbers = np.array([_WORD_NUMBER[reading.problem] for reading in readings], np.int16)
        words = numbers[coded.indices.to_numpy()] if numbers.any() else None
        return _Cleaned(values.take(coded.indices), raw.take(coded.indices), words)

    def _rejected(self, arrays: Mapping[str, Any], cleaned: Mapping[str, _Cleaned], count: int) -> dict[int, Rejection]:
        suspects = np.zeros(count, np.bool_)
        for column in self.source.columns:
            found = cleaned[column.field]
            if column.required:
                suspects |= pc.equal(found.values, "").to_numpy(zero_copy_only=False)
            if found.words is not None:
                suspects |= (found.words > 0) if column.strict else (found.words == _DAMAGED)
                if column.type in NAME_TYPES:
                    suspects |= found.words == _DIGITS
        rejected: dict[int, Rejection] = {}
        for row in np.flatnonzero(suspects).tolist():
            raws = {field: array[row].as_py() for field, array in arrays.items()}
            readings = {field: Reading(column.values[row].as_py(), _word(column, row)) for field, column in cleaned.items()}
            if rejection := judge_row(self.source.columns, raws, readings):
                rejected[row] = rejection
        return rejected

    def _hashes(self, cleaned: Mapping[str, _Cleaned], count: int) -> tuple[Any, Any]:
        content = _states(identity.start_of("row"), count)
        for field in sorted(cleaned):
            kernels.chain(*buffers_of(cleaned[field].values), _pair(identity.start_of("field", field)), content)
        start = identity.start_of("record", self.source.resource)
        record, missing = _states(start, count), np.full(count, not self.source.key)
        for field in self.source.key:
            offsets, data = buffers_of(cleaned[field].values)
            kernels.chain(offsets, data, _pair(identity.start_of("field", field)), record)
            kernels.fall_back(offsets, missing)
        if missing.any():
            record[missing] = _of_whole_rows(content[missing], start)
        return content, record

    def _problems(self, cleaned: Mapping[str, _Cleaned], count: int, rejected: Mapping[int, Rejection]) -> tuple[Any, dict[str, int]]:
        """The problems column, and how often each problem was met in accepted rows."""
        noted: dict[int, list[str]] = {}
        counts: dict[str, int] = {}
        for field in self.source.fields:
            words = cleaned[field].words
            for row in np.flatnonzero(words).tolist() if words is not None else ():
                note = f"{field}:{PROBLEM_WORDS[words[row]]}"
                noted.setdefault(row, []).append(note)
                if row not in rejected:
                    counts[note] = counts.get(note, 0) + 1
        if not noted:
            return pa.repeat("", count), counts
        texts = [""] * count
        for row, notes in noted.items():
            texts[row] = ";".join(notes)
        return pa.array(texts, pa.string()), counts


def buffers_of(array: Any) -> tuple[Any, Any]:
    """A string array's offsets and bytes, as the compiled loops want them."""
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1] if offsets else np.zeros(1, np.int32)
    return bounds, np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)


def _spliced(array: Any, places: Any, values: Any) -> Any:
    """The array with other values at some places (in order)."""
    (offsets, data), (new_offsets, new_data) = buffers_of(array), buffers_of(values)
    out_offsets = np.empty(len(array) + 1, np.int32)
    out = np.empty(int(offsets[-1]) - int(offsets[0]) + int(new_offsets[-1]) - int(new_offsets[0]) + 8, np.uint8)
    written = kernels.splice((offsets, data), places, (new_offsets, new_data), out_offsets, out)
    return pa.StringArray.from_buffers(len(array), pa.py_buffer(out_offsets), pa.py_buffer(out[:written]))


def _scattered(count: int, places: Any, values: Any) -> Any:
    """An array of nulls with values (themselves null or not) at some places (in order)."""
    lengths, there = np.zeros(count + 1, np.int32), np.zeros(count, np.bool_)
    there[places] = values.is_valid().to_numpy(zero_copy_only=False)
    offsets, data = buffers_of(values)
    lengths[places + 1] = np.diff(offsets)
    bits = np.packbits(there, bitorder="little")
    inside = data[offsets[0] : offsets[-1]]
    return pa.StringArray.from_buffers(count, pa.py_buffer(np.cumsum(lengths, dtype=np.int32)), pa.py_buffer(inside), pa.py_buffer(bits))


def _word(column: _Cleaned, row: int) -> str:
    return PROBLEM_WORDS[column.words[row]] if column.words is not None else ""


def _folded_codes(table: Mapping[str, str]) -> dict[str, str]:
    known = {fold(target): target for target in table.values() if target}
    return known | {fold(word): target for word, target in table.items()}


def _pair(pair: tuple[int, int]) -> Any:
    return np.array(pair, np.uint64)


def _states(start: tuple[int, int], count: int) -> Any:
    return np.tile(_pair(start), (count, 1))


def _of_whole_rows(content: Any, start: tuple[int, int]) -> Any:
    """Where a key is missing, the whole row is the identity: the hash of the row's hash."""
    record = _states(start, len(content))
    bounds, packed = np.arange(0, 16 * len(content) + 1, 16, dtype=np.int32), content.astype("<u8").view(np.uint8).ravel()
    kernels.chain(bounds, packed, _pair((0, 0)), record)
    return record


def _hex_array(state: Any) -> Any:
    offsets = np.arange(0, 32 * len(state) + 1, 32, dtype=np.int32)
    return pa.StringArray.from_buffers(len(state), pa.py_buffer(offsets), pa.py_buffer(kernels.hex_of(state)))
