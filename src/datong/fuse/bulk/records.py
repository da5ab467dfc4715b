"""Whole rows sorted by subject: staged once while their keys are read, dealt out to ranges of subjects, each range sorted in memory.

Rows without a subject come last, in files of their own. A sort of everything at once would need all of it in memory or spill it
several times.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from datong.collect import compiled
from datong.fuse.bulk.engine import Told
from datong.fuse.bulk.files import Piece, columns_of
from datong.fuse.bulk.identify import identify

OWN = ("subject", "file_no", "row_no")
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")
_PARQUET: dict[str, Any] = {"compression": "zstd", "compression_level": 1}
_ROWS_A_PART = 4_000_000
_ROW_GROUP = 500_000
_HASH = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Ranks:
    """The register, to be asked: key → rank among the subjects (-1: none), and what a rank is."""

    slots: Any
    keys: Any
    subjects: Any
    part_of: Any
    """Rank → part."""
    firsts: Any
    """Part → its first rank, and one more at the end."""


def stage(piece: Piece, folder: Path) -> Iterator[pa.RecordBatch]:
    """Read a piece whole and keep its rows in the folder as they pass by."""
    target = folder / f"{piece.name}.arrow"
    beside = target.with_name(f".{target.name}.tmp")
    folder.mkdir(parents=True, exist_ok=True)
    writer = None
    try:
        for batch in columns_of(piece):
            named = batch.rename_columns([f"given_{name}" if name in OWN else name for name in batch.schema.names])
            writer = writer or pa.ipc.new_file(beside, named.schema, options=_OPTIONS)
            writer.write_batch(named)
            yield batch
    finally:
        if writer:
            writer.close()
    if writer:
        beside.rename(target)


def sort_records(pieces: Sequence[Piece], staged: Path, out: Path, threads: int, told: Told = lambda *_: None) -> int:
    """Write `out/records/part-….parquet` from the staged rows and `out/register.parquet`; how many rows. The staged rows go."""
    ranks = ranks_of(pq.read_table(out / "register.parquet", columns=["subject", "key", "mentions"]))
    dealt, beside = staged / "dealt", out / ".records.tmp"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    with ThreadPoolExecutor(threads) as pool:
        for done, _ in enumerate(pool.map(lambda piece: _deal(piece, staged, dealt, ranks), pieces)):
            told("deal out", done, len(pieces))
        parts = sorted(int(path.name) for path in dealt.iterdir()) if dealt.exists() else []
        rows = 0
        for done, count in enumerate(pool.map(lambda part: _sort_part(dealt / str(part), beside, ranks, part), parts)):
            told("sort rows", done, len(parts))
            rows += count
    shutil.rmtree(out / "records", ignore_errors=True)
    beside.rename(out / "records")
    shutil.rmtree(staged)
    return rows


def ranks_of(register: pa.Table) -> Ranks:
    """The register as arrays that many threads ask at once."""
    ordered = register.sort_by("subject")
    keys, subjects, mentions = (ordered.column(name).to_numpy() for name in ("key", "subject", "mentions"))
    parts = ((np.cumsum(mentions) - mentions) // _ROWS_A_PART).astype(np.int32)
    _, firsts, part_of = np.unique(parts, return_index=True, return_inverse=True)
    bits = max(4, int(2 * len(keys) + 1).bit_length())
    slots = np.full(1 << bits, -1, np.int32)
    _fill_slots(slots, keys, np.uint64(64 - bits))
    return Ranks(slots, keys, subjects, part_of.astype(np.int32), np.append(firsts, len(keys)))


def _deal(piece: Piece, staged: Path, dealt: Path, ranks: Ranks) -> None:
    """Give every staged row of a piece to its part, in order."""
    path = staged / f"{piece.name}.arrow"
    if not path.exists():
        return
    writers: dict[int, Any] = {}
    row_no = piece.first_row
    shift = np.uint64(65 - len(ranks.slots).bit_length())
    last = len(ranks.firsts) - 1
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        for at in range(reader.num_record_batches):
            batch = reader.get_batch(at)
            found = identify(batch.column(_named(piece.column)), piece.holds)
            wanted = np.where(found.column("problem").to_numpy() == 0, found.column("key").to_numpy(), 0)
            rank = _ranks(ranks.slots, ranks.keys, wanted, shift)
            part = np.where(rank < 0, last, ranks.part_of[rank] if len(ranks.part_of) else 0).astype(np.int16)
            order = np.argsort(part, kind="stable")
            rows = np.arange(row_no, row_no + batch.num_rows, dtype=np.int64)
            whole = _with(batch, rank, np.full(batch.num_rows, piece.file_no, np.int32), rows).take(pa.array(order))
            _hand_out(whole, np.bincount(part, minlength=last + 1), writers, dealt, piece.name)
            row_no += batch.num_rows
    for writer in writers.values():
        writer.close()


def _named(column: str) -> str:
    return f"given_{column}" if column in OWN else column


def _with(batch: pa.RecordBatch, *own: Any) -> pa.RecordBatch:
    names = ["rank", *OWN[1:], *batch.schema.names]
    return pa.RecordBatch.from_arrays([*(pa.array(values) for values in own), *batch.columns], names=names)


def _hand_out(batch: pa.RecordBatch, counts: Any, writers: dict[int, Any], dealt: Path, name: str) -> None:
    start = 0
    for part in np.flatnonzero(counts).tolist():
        if part not in writers:
            folder = dealt / str(part)
            folder.mkdir(parents=True, exist_ok=True)
            writers[part] = pa.ipc.new_file(folder / f"{name}.arrow", batch.schema, options=_OPTIONS)
        count = int(counts[part])
        writers[part].write_batch(batch.slice(start, count))
        start += count


def _sort_part(folder: Path, target: Path, ranks: Ranks, part: int) -> int:
    """Sort one part in memory and write it; the rows come in order of file and row already."""
    tables = [pa.ipc.open_file(pa.memory_map(str(path))).read_all() for path in sorted(folder.iterdir())]
    whole = pa.concat_tables(tables, promote_options="permissive")
    if part == len(ranks.firsts) - 1:
        return _write_rest(whole, target / f"part-{part:05}.parquet")
    whole = whole.combine_chunks()
    rank = whole.column("rank").to_numpy()
    first = int(ranks.firsts[part])
    order = _order(rank, first, int(ranks.firsts[part + 1]) - first)
    whole = whole.set_column(0, "subject", pa.array(ranks.subjects[rank]))
    with pq.ParquetWriter(target / f"part-{part:05}.parquet", whole.schema, **_PARQUET) as writer:
        for start in range(0, len(order), _ROW_GROUP):
            writer.write_table(whole.take(pa.array(order[start : start + _ROW_GROUP])))
    shutil.rmtree(folder)
    return len(order)


def _write_rest(whole: pa.Table, target: Path) -> int:
    """Write the rows without a subject as they come; they are mapped from disk, never in memory at once."""
    schema = whole.schema.set(0, pa.field("subject", pa.int64()))
    with pq.ParquetWriter(target, schema, **_PARQUET) as writer:
        for start in range(0, whole.num_rows, _ROW_GROUP):
            rows = whole.slice(start, _ROW_GROUP)
            writer.write_table(rows.set_column(0, "subject", pa.nulls(rows.num_rows, pa.int64())))
    return int(whole.num_rows)


@compiled
def _fill_slots(slots: Any, keys: Any, shift: Any) -> None:
    """Put each key's place into the first free slot from its hash on."""
    last = slots.shape[0] - 1
    for place in range(keys.shape[0]):
        slot = np.int64((np.uint64(keys[place]) * _HASH) >> shift)
        while slots[slot] >= 0:
            slot = (slot + 1) & last
        slots[slot] = place


@compiled
def _ranks(slots: Any, keys: Any, wanted: Any, shift: Any) -> Any:
    """Each wanted key's place, or -1."""
    found = np.empty(wanted.shape[0], np.int32)
    last = slots.shape[0] - 1
    for row in range(wanted.shape[0]):
        slot = np.int64((np.uint64(wanted[row]) * _HASH) >> shift)
        while slots[slot] >= 0 and keys[slots[slot]] != wanted[row]:
            slot = (slot + 1) & last
        found[row] = slots[slot]
    return found


@compiled
def _order(ranks: Any, first: Any, count: Any) -> Any:
    """The places of the rows in order of rank, equal ranks as they come: a counting sort."""
    starts = np.zeros(count + 1, np.int64)
    for row in range(ranks.shape[0]):
        starts[ranks[row] - first + 1] += 1
    for at in range(count):
        starts[at + 1] += starts[at]
    order = np.empty(ranks.shape[0], np.int64)
    for row in range(ranks.shape[0]):
        at = ranks[row] - first
        order[starts[at]] = row
        starts[at] += 1
    return order
