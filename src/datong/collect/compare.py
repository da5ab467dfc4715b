"""A delivery against what the resource said before: how many records are new, changed, the same, and ended.

Where both sides are one file of records, their identities are read as numbers, sorted and merged; everything
else (pushes in between, deliveries of changes, files too large for that) is one query. A test holds both equal.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from datong.collect import kernels

MOST_ROWS = 30_000_000
"""Records of both files together that are compared in memory (40 bytes each)."""
_BATCH = 262_144


@dataclass(frozen=True)
class Told:
    """Records by what became of them; `before` is how many there were."""

    new: int
    changed: int
    unchanged: int
    before: int


def compare_files(fresh: Path, earlier: Path) -> Told | None:
    """What one file of records says anew against another. None when it must be asked another way: too large, or the
    rare case of two identities that begin alike."""
    if pq.read_metadata(fresh).num_rows + pq.read_metadata(earlier).num_rows > MOST_ROWS:
        return None
    with ThreadPoolExecutor(max_workers=2) as pool:
        mine, theirs = pool.map(_identities, (fresh, earlier))
    counted = kernels.merged(*mine, *theirs)
    if counted[0] < 0:
        return None
    new, changed, unchanged = (int(count) for count in counted)
    return Told(new, changed, unchanged, len(theirs[1]))


def _identities(path: Path) -> tuple[Any, Any]:
    """Each record's identity and the half of its content's hash (rows of three numbers), and their order by identity."""
    file = pq.ParquetFile(path, memory_map=True)
    found = np.empty((file.metadata.num_rows, 3), np.uint64)
    row = 0
    for batch in file.iter_batches(_BATCH, columns=["record_id", "row_hash"], use_threads=False):
        part = found[row : row + batch.num_rows]
        for place, name in enumerate(("record_id", "row_hash")):
            _, offsets, data = batch.column(name).buffers()
            start = np.frombuffer(offsets, np.int32)[batch.column(name).offset]
            kernels.read_hex(np.frombuffer(data, np.uint8)[start:], part[:, 2 * place :])
        row += batch.num_rows
    return found, np.argsort(found[:, 0].copy())
