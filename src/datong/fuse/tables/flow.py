"""Linking tables in reading order: rows → columns of distinct values → candidate pairs → patterns → model → scores → clusters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.errors import BadValue
from datong.fuse.tables import join, loops
from datong.fuse.tables.block import Pairs, candidate_pairs
from datong.fuse.tables.clean_values import clean_column
from datong.fuse.tables.compare import patterns_of
from datong.fuse.tables.keys import block_keys
from datong.fuse.tables.link_spec import Block, KeyPart, LinkSpec
from datong.fuse.tables.train import LinkModel, learn, scores
from datong.fuse.tables.values import Column, hash_array

Tell = Callable[[str], None]
"""Is told what is being done, in a few words."""


def _quiet(_: str) -> None:
    pass


class PairEngine(Protocol):
    """Where pairs are found and compared, when not in this process (`spark.py`)."""

    def compared(self, spec: LinkSpec, texts: Any, held: tuple[Any, Any], tell: Tell) -> tuple[Pairs, Any]:
        """The candidate pairs of the rows, in the order `candidate_pairs` gives, and their patterns.

        `texts`: an Arrow table of the spec's columns, raw, in the rows' fixed order; `held`: each row's group, and its side
        (empty unless only pairs across two tables count).
        """


@dataclass(frozen=True)
class Rows:
    """The rows of one or both tables in their fixed order, whatever order they came in."""

    columns: Mapping[str, Column]
    order: Any
    """Place of each row in what was given: the left table's rows, then the right one's."""
    sides: Any
    """0 for the rows of the first table, 1 for those of the second."""
    digests: Any
    """A hash of what each row holds in the columns of the spec; empty when rows have names."""

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True)
class Linked:
    """What linking gave. Rows are counted in their fixed order; `place_of` leads from rows as given."""

    rows: Rows
    pairs: Pairs
    patterns: Any
    bits: Any
    """Score of each pair; 0 is as likely as not."""
    outcome: Any
    """What became of each pair: a place in `join.WORDS`."""
    groups: Any
    """Each row's lowest row that a `same` rule made it one with."""
    clusters: Any
    """Each row's cluster: its lowest row."""
    model: LinkModel
    threshold: float

    @property
    def linked(self) -> Any:
        """Which pairs have the score to be linked and no rule against them."""
        return (self.bits >= self.threshold) & (self.outcome != join.TWO_NUMBERS) & (self.outcome != join.ONE_TO_ONE)

    @property
    def place_of(self) -> Any:
        """Row as given → row in the fixed order."""
        places = np.empty(len(self.rows), np.int64)
        places[self.rows.order] = np.arange(len(self.rows))
        return places


def link_tables(
    spec: LinkSpec,
    tables: Sequence[Any],
    *,
    model: LinkModel | None = None,
    engine: PairEngine | None = None,
    threads: int = 1,
    tell: Tell = _quiet,
) -> Linked:
    """Link the rows within one Arrow table, or across two. Columns are read as text.

    The outcome is the same for the same rows in any order, and on any engine (none: this process). Raises BadValue when a
    table lacks a column of the spec.
    """
    tell("cleaning values")
    rows = arrange(spec, tables, threads)
    tell("joining what rules say is the same")
    groups, identifiers = same_rows(spec, rows)
    across = rows.sides if len(tables) == 2 else np.zeros(0, np.int8)
    if engine is None:
        pairs, patterns = _compared_here(spec, rows, (groups, across), threads, tell=tell)
    else:
        pairs, patterns = engine.compared(spec, texts_of(spec, tables).take(rows.order), (groups, across), tell)
    if model is None:
        tell("learning weights")
        model = learn(spec, rows.columns, (pairs, patterns), across, threads)
    tell("scoring")
    bits = scores(spec, model, rows.columns, pairs, patterns)
    threshold = spec.threshold if spec.threshold is not None else float(np.log2(spec.false_link / spec.missed_link))
    tell("making clusters")
    sides = np.where(rows.sides == 0, 1, 2).astype(np.int8) if spec.one_to_one and len(across) else np.zeros(0, np.int8)
    found = join.join(
        len(rows), (groups[pairs.left].astype(np.int32), groups[pairs.right].astype(np.int32), bits - threshold), identifiers, sides
    )
    return Linked(rows, pairs, patterns, bits, found.outcome, groups, found.root[groups], model, threshold)


def _compared_here(spec: LinkSpec, rows: Rows, held: tuple[Any, Any], threads: int, *, tell: Tell) -> tuple[Pairs, Any]:
    tell("finding pairs")
    pairs = candidate_pairs(spec, rows.columns, *held, threads)
    tell(f"comparing {len(pairs):,} pairs")
    return pairs, patterns_of(spec, rows.columns, pairs.left, pairs.right, threads)


def texts_of(spec: LinkSpec, tables: Sequence[Any]) -> Any:
    """The spec's columns of all tables as given, one table of texts."""
    return pa.table({column.name: _together(tables, (column.left, column.right), spec) for column in spec.columns})


def arrange(spec: LinkSpec, tables: Sequence[Any], threads: int = 1) -> Rows:
    """Rows of the tables in a fixed order: by the column that names them, else by what they hold."""
    arrays = {column.name: _together(tables, (column.left, column.right), spec) for column in spec.columns}
    sides = np.repeat(np.arange(len(tables), dtype=np.int8), [table.num_rows for table in tables])
    names = _together(tables, (spec.row_id, spec.row_id), spec) if spec.row_id else None
    digests = _digests(arrays.values(), len(sides)) if names is None else np.zeros(0, np.uint64)
    order = _order(names, digests, sides)
    with ThreadPoolExecutor(threads) as pool:
        cleaned = list(pool.map(lambda column: clean_column(column, arrays[column.name]).take(order), spec.columns))
    columns = {column.name: one for column, one in zip(spec.columns, cleaned, strict=True)}
    return Rows(columns, order, sides[order], digests[order] if names is None else digests)


def _digests(arrays: Iterable[Any], rows: int) -> Any:
    whole = np.zeros(rows, np.uint64)
    for array in arrays:
        whole = (whole ^ hash_array(array)) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    return whole


def _together(tables: Sequence[Any], names: tuple[str, str], spec: LinkSpec) -> Any:
    return pa.concat_arrays([text_column(table, name, spec) for table, name in zip(tables, names, strict=False)])


def text_column(table: Any, name: str, spec: LinkSpec) -> Any:
    """A column as one array of texts, empty where nothing is said. Raises BadValue when the table has no such column."""
    if name not in table.column_names:
        said = f"{spec.file or 'the spec'} names this column, the table has no such"
        raise BadValue(name, said, f"its columns are {', '.join(table.column_names)}")
    column = table.column(name)
    text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    return pc.fill_null(text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text, "")


def _order(names: Any, digests: Any, sides: Any) -> Any:
    """The fixed order: by table, then by name when rows have one (numbers by size), else by what they hold."""
    first = digests
    if names is not None:
        whole = pc.all(pc.match_substring_regex(names, "^(0|[1-9][0-9]{0,17})$")).as_py()
        first = (pc.cast(names, pa.int64()) if whole else pc.rank(names, tiebreaker="dense")).to_numpy()
    return np.lexsort((first, sides)) if sides.any() else np.argsort(first, kind="stable")


def same_rows(spec: LinkSpec, rows: Rows) -> tuple[Any, Any]:
    """Rows that a `same` rule makes one (each row's lowest), and by `never` rule each group's identifier (-1: none)."""
    identifiers = np.full((len(spec.never), len(rows)), -1, np.int32)
    for place, (name, under) in enumerate(spec.never):
        column = rows.columns[name]
        identifiers[place] = np.where(np.append(column.values.sound, False)[column.codes], column.codes, -1)
        if under:
            loops.unbind(identifiers[place], rows.columns[under].codes, len(column.values))
    parent = np.arange(len(rows))
    for rule in spec.same:
        keys = block_keys(Block(tuple(KeyPart(name) for name in rule)), rows.columns, len(rows))
        for name in rule:
            column = rows.columns[name]
            keys[~np.append(column.values.sound, False)[column.codes]] = loops.NONE
        join.union_keys(np.argsort(keys, kind="stable"), keys, parent, identifiers)
    return join.flatten(parent), identifiers
