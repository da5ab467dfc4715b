"""Pairs of rows → the level each comparison reaches. The same functions serve a whole table and one Arrow batch of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.names import NAME_LEVELS
from datong.fuse.em import MISSING
from datong.fuse.tables import names_set
from datong.fuse.tables.clean_values import clean_column
from datong.fuse.tables.link_spec import Comparison, LinkSpec
from datong.fuse.tables.measures import MEASURES, Level
from datong.fuse.tables.values import Column, Values

AT_ONCE = 250_000


def level_names(comparison: Comparison) -> tuple[str, ...]:
    """All levels of a comparison, from "same" to "different"."""
    return ("same", *comparison.levels, "different")


def patterns_of(spec: LinkSpec, columns: Mapping[str, Column], left: Any, right: Any, threads: int = 1) -> Any:
    """The pattern of each pair of rows: int8 (pairs × comparisons), 0 the strongest level, -1 where a value is missing."""
    out = np.empty((len(spec.comparisons), len(left)), np.int8)
    for comparison in spec.comparisons:
        prepare(comparison, columns)

    def part(begin: int) -> None:
        rows = slice(begin, begin + AT_ONCE)
        for place, comparison in enumerate(spec.comparisons):
            out[place, rows] = levels_of(comparison, columns, left[rows], right[rows])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, range(0, len(left), AT_ONCE)))
    return out.T


def prepare(comparison: Comparison, columns: Mapping[str, Column]) -> None:
    """Make what is derived from single values, before threads share it."""
    levels_of(comparison, columns, np.zeros(0, np.int64), np.zeros(0, np.int64))
    _ = columns[comparison.column].values.texts


def levels_of(comparison: Comparison, columns: Mapping[str, Column], left: Any, right: Any) -> Any:
    """One comparison's level for each pair of rows."""
    column = columns[comparison.column]
    one, other = column.codes[left], column.codes[right]
    out = np.full(len(left), len(comparison.levels) + 1, np.int8)
    missing, equal = (one < 0) | (other < 0), one == other
    out[equal] = _lost(comparison, column.values, one[equal])
    out[missing] = MISSING
    open_pairs = np.flatnonzero(~missing & ~equal)
    low, high = np.minimum(one[open_pairs], other[open_pairs]), np.maximum(one[open_pairs], other[open_pairs])
    out[open_pairs] = _levels_of_values(comparison, column.values, low, high)
    for number, level in enumerate(comparison.levels, 1):
        if level.startswith("crossed "):
            crossed = _crossed(column, columns[Level.read(level).argument], left, right) & (out > number)
            out[crossed] = number
    return out


def _lost(comparison: Comparison, values: Values, codes: Any) -> Any:
    """The level of equal values: same, unless both names lack a character that was lost."""
    if values.kind != "chinese_name" or "lost_character" not in comparison.levels or not len(codes):
        return 0
    lost = values.derived("lost", lambda held: pc.match_substring_regex(held.array, r"[?？□■◻*＊]").to_numpy(zero_copy_only=False))
    return np.where(lost[codes], 1 + comparison.levels.index("lost_character"), 0)


def _levels_of_values(comparison: Comparison, values: Values, left: Any, right: Any) -> Any:
    """Pairs of distinct values: each level in turn, for the pairs that no stronger one took."""
    out = np.full(len(left), len(comparison.levels) + 1, np.int8)
    if values.kind == "chinese_name" and all(MEASURES[Level.read(text).measure].kinds for text in comparison.levels):
        return _name_levels(comparison, values, left, right)
    rest = np.arange(len(left))
    scores: dict[str, Any] = {}
    for number, text in enumerate(comparison.levels, 1):
        level = Level.read(text)
        if level.measure not in scores:
            found = np.zeros(len(left), np.float32)
            found[rest] = MEASURES[level.measure].score(values, left[rest], right[rest])
            scores[level.measure] = found
        reached = scores[level.measure][rest] >= _bar(level)
        out[rest[reached]] = number
        rest = rest[~reached]
    return out


def _name_levels(comparison: Comparison, values: Values, left: Any, right: Any) -> Any:
    """All levels of Chinese names at once; levels that the spec leaves out count as different."""
    numbers = np.full(len(NAME_LEVELS), len(comparison.levels) + 1, np.int8)
    for number, text in enumerate(comparison.levels, 1):
        if text in NAME_LEVELS:
            numbers[NAME_LEVELS.index(text)] = number
    numbers[0] = 0
    return numbers[names_set.name_levels(values, left, right)]


def _bar(level: Level) -> float:
    """The least score that reaches a level."""
    measure = MEASURES[level.measure]
    if measure.takes != "number" or level.number is None:
        return 1.0
    return level.number - 1e-6 if measure.least else -level.number - 1e-6


def _crossed(column: Column, other: Column, left: Any, right: Any) -> Any:
    """Which pairs have one side's value in the other side's other column."""
    mine, theirs = (np.append(each.values.hashes, np.uint64(0))[each.codes] for each in (column, other))
    return ((mine[left] == theirs[right]) & (mine[left] != 0)) | ((mine[right] == theirs[left]) & (mine[right] != 0))


def compare_batch(spec: LinkSpec, batch: Any) -> Any:
    """An Arrow batch of pairs → an Arrow batch of levels, for engines that make the pairs themselves (`mapInArrow`).

    Takes `left_id`, `right_id` and, for each column of the spec, `left_<column>` and `right_<column>` as raw texts; gives
    both ids and one int8 column `<comparison>` each. Needs nothing but the batch, so it runs on any machine.
    """
    pairs = batch.num_rows
    columns = {
        column.name: clean_column(column, pa.concat_arrays([_text(batch.column(f"{side}_{column.name}")) for side in ("left", "right")]))
        for column in spec.columns
    }
    found = patterns_of(spec, columns, np.arange(pairs), np.arange(pairs, 2 * pairs))
    ids = [batch.column(name) for name in ("left_id", "right_id")]
    levels = [pa.array(np.ascontiguousarray(found[:, place])) for place in range(len(spec.comparisons))]
    return pa.RecordBatch.from_arrays([*ids, *levels], names=["left_id", "right_id", *(one.column for one in spec.comparisons)])


def _text(array: Any) -> Any:
    return pc.fill_null(array.cast(pa.string()), "")
