"""Repeats inside one delivery: the same record twice is one, the same key with other content is two.

A department's key is not always one (two people filed under one number): nothing is lost by keeping
both, and which of them keeps the key's identity depends on content alone, never on row order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from datong.collect.identity import repeat_id
from datong.store import LakeWriter

_BATCH = 65_536


@dataclass
class Repeats:
    """What to do about repeats: rows to leave out and rows to identify anew, by position in the file."""

    dropped: set[int] = field(default_factory=set)
    renamed: dict[int, str] = field(default_factory=dict)


def find_repeats(path: Any, halves: Sequence[Any], mode: str) -> Repeats:
    """The repeats of a written file; `halves` are the first halves of its record ids, in row order."""
    ids = np.concatenate(halves) if halves else np.empty(0, np.uint64)
    ordered = np.sort(ids)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not twice.size:
        return Repeats()
    positions = np.flatnonzero(np.isin(ids, twice))
    table = pq.read_table(path, columns=["record_id", "row_hash"]).take(pa.array(positions))
    groups: dict[str, list[tuple[str, int]]] = {}
    rows = zip(table["record_id"].to_pylist(), table["row_hash"].to_pylist(), positions.tolist(), strict=True)
    for record_id, row_hash, position in rows:
        groups.setdefault(record_id, []).append((row_hash, position))
    repeats = Repeats()
    for record_id, members in groups.items():
        settle_group(record_id, members, mode, repeats)
    return repeats


def settle_group(record_id: str, members: Sequence[tuple[str, int]], mode: str, repeats: Repeats) -> None:
    """Decide one key's rows. In a delivery of changes the last counts; else the first of each content does."""
    if mode == "changes":
        last = max(position for _, position in members)
        repeats.dropped.update(position for _, position in members if position != last)
        return
    seen: set[str] = set()
    for row_hash, position in sorted(members):
        if row_hash in seen:
            repeats.dropped.add(position)
        elif seen:
            repeats.renamed[position] = repeat_id(record_id, row_hash)
        seen.add(row_hash)


def write_settled(path: Any, repeats: Repeats, writer: LakeWriter) -> None:
    """Write the file again without the rows left out, and with the new identities."""
    start, dropped = 0, np.array(sorted(repeats.dropped), np.int64)
    for batch in pq.ParquetFile(path).iter_batches(_BATCH):
        end = start + batch.num_rows
        named = {position - start: name for position, name in repeats.renamed.items() if start <= position < end}
        keep = np.ones(batch.num_rows, np.bool_)
        keep[dropped[(dropped >= start) & (dropped < end)] - start] = False
        if named:
            batch = _renamed(batch, named)
        writer.write(batch.filter(pa.array(keep)))
        start = end


def _renamed(batch: Any, named: dict[int, str]) -> Any:
    ids, notes = batch.column("record_id").to_pylist(), batch.column("problems").to_pylist()
    for place, name in named.items():
        ids[place] = name
        notes[place] = ";".join(filter(None, (notes[place], "key:repeated_key")))
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    columns |= {"record_id": pa.array(ids, pa.string()), "problems": pa.array(notes, pa.string())}
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=batch.schema)
