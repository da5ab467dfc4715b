"""Blocks: which pairs of rows are compared at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from datong.domain.errors import BadValue
from datong.fuse.tables import loops
from datong.fuse.tables.clean_values import clean_column
from datong.fuse.tables.compare import _text
from datong.fuse.tables.keys import block_keys
from datong.fuse.tables.link_spec import Block, LinkSpec
from datong.fuse.tables.values import Column

MOST_BLOCKS = 64


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs, each once: the lower row, the higher row, and a bit for each block that finds it."""

    left: Any
    right: Any
    found: Any
    dropped: tuple[int, ...]
    """Keys passed over by block because more rows than `largest_block` share them."""

    def __len__(self) -> int:
        return len(self.left)


def candidate_pairs(spec: LinkSpec, columns: Mapping[str, Column], groups: Any, sides: Any, threads: int = 1) -> Pairs:
    """Every pair of rows that some block finds, in a fixed order.

    `groups`: rows of one group are the same already and make no pair; `sides`: empty, or which table each row is of when
    only pairs across tables count.
    """
    rows = len(groups)
    with ThreadPoolExecutor(threads) as pool:
        made = list(pool.map(lambda block: block_keys(block, columns, rows), spec.blocks))
        keys = np.stack(made) if made else np.zeros((0, rows), np.uint64)
        orders = list(pool.map(lambda row: np.argsort(row, kind="stable"), keys))
        sizes = list(pool.map(lambda at: loops.count_pairs(orders[at], keys[at], spec.largest_block), range(len(orders))))
        not_too_many(spec, [total for total, _ in sizes])
        by_row = np.ascontiguousarray(keys.T)
        parts = list(pool.map(lambda at: _block(orders[at], at, by_row, (groups, sides, sizes[at][0])), range(len(orders))))
    left, right, found = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Pairs(left, right, found, tuple(dropped for _, dropped in sizes))


def _block(order: Any, place: int, keys: Any, rest: tuple[Any, Any, int]) -> tuple[Any, Any, Any]:
    groups, sides, most = rest
    out = (np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.uint64))
    written = loops.block_pairs(order, place, keys, (groups, sides), out)
    return out[0][:written], out[1][:written], out[2][:written]


MOST_PAIRS = 400_000_000


def not_too_many(spec: LinkSpec, totals: Sequence[int]) -> None:
    """Blocks that would make more pairs than memory holds are named, with their size; so are more blocks than a pair has bits."""
    if len(spec.blocks) > MOST_BLOCKS:
        raise BadValue("blocks", f"{len(spec.blocks)} are too many", f"at most {MOST_BLOCKS} are possible")
    for block, total in zip(spec.blocks, totals, strict=True):
        if total > MOST_PAIRS:
            raise BadValue("blocks", f"{block} alone makes {total:,} pairs", "add a column to it, or lower largest_block")


def key_batch(spec: LinkSpec, batch: Any) -> Any:
    """An Arrow batch of rows → an Arrow batch of their keys, for engines that join by themselves (`mapInArrow`).

    Takes `id` and the spec's columns as raw texts; gives (id, block, key), one row for each block that holds the row.
    Rows of equal block and key are to be compared; the key is the same on every machine.
    """
    columns = {column.name: clean_column(column, _text(batch.column(column.name))) for column in spec.columns}
    ids, blocks, keys = [], [], []
    for place, block in enumerate(spec.blocks):
        key = block_keys(block, columns, batch.num_rows)
        held = np.flatnonzero(key != loops.NONE)
        ids.append(batch.column("id").take(pa.array(held)))
        blocks.append(np.full(len(held), place, np.int32))
        keys.append(key[held].view(np.int64))
    fields = [pa.concat_arrays(ids), pa.array(np.concatenate(blocks)), pa.array(np.concatenate(keys))]
    return pa.RecordBatch.from_arrays(fields, names=["id", "block", "key"])


def named(blocks: tuple[Block, ...], bits: int) -> list[str]:
    """The blocks that found a pair."""
    return [str(block) for place, block in enumerate(blocks) if bits >> place & 1]
