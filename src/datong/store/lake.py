"""The lake: records as Parquet files by resource and delivery, written whole or not at all."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datong.settings import Settings
from datong.store.files import place_file
from datong.store.parquet_join import MAGIC, Fields, body_of, footer_of, write_footer

ROW_GROUP = 262_144
PACKERS = 2


def lake_file(settings: Settings, resource: str, delivery_id: str) -> Path:
    """Where a delivery's records lie."""
    return settings.home / "lake" / resource / f"{delivery_id}.parquet"


def lake_row_file(settings: Settings, resource: str, delivery_id: str, row_no: int) -> Path:
    """Where one row lies that left quarantine after its delivery."""
    return settings.home / "lake" / resource / f"{delivery_id}.row{row_no}.parquet"


class LakeWriter:
    """Writes one Parquet file beside its place; `place()` moves it there in one step, leaving the block without it drops it.

    Row groups are packed by two threads, each as a file of its own in memory, and put together in their order: the file is the same
    whichever is ready first.
    """

    def __init__(self, place: Path, schema: Any, dictionary: Sequence[str] = (), hashes: Sequence[str] = ()) -> None:
        """`dictionary` names columns of few values; `hashes` columns of one length, in which no two values are alike."""
        self.target = place
        self.temporary = place.parent / f".{os.getpid()}.{place.name}.tmp"
        place.parent.mkdir(parents=True, exist_ok=True)
        self._schema = schema
        self._waiting: list[Any] = []
        self._rows = 0
        whole = [field.name for field in schema if pa.types.is_integer(field.type)]
        encodings = dict.fromkeys(hashes, "DELTA_LENGTH_BYTE_ARRAY")  # lengths apart from bytes: smaller, and less to look for when packing
        self._options = {
            "compression": "zstd",
            "compression_level": 1,
            "use_dictionary": list(dictionary) or False,
            "write_statistics": False,
            "column_encoding": {**encodings, **dict.fromkeys(whole, "DELTA_BINARY_PACKED")},
        }
        self._pool = ThreadPoolExecutor(PACKERS, thread_name_prefix="pack")
        self._packing: deque[Future[Any]] = deque()
        self._footers: list[tuple[Fields, int]] = []
        self._file = self.temporary.open("wb")

    def __enter__(self) -> LakeWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._file.close()
        self.temporary.unlink(missing_ok=True)

    def write(self, batch: Any) -> None:
        """Add a record batch."""
        self._waiting.append(batch)
        self._rows += batch.num_rows
        if self._rows >= ROW_GROUP:
            self._flush()

    def finish(self) -> Path:
        """Close the file and make it durable, still beside its place; the path it has now."""
        if self._waiting or not (self._packing or self._footers):
            self._flush()
        while self._packing:
            self._append(self._packing.popleft().result())
        write_footer(self._file, self._footers)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self.temporary

    def place(self) -> None:
        """Move the finished file to its place."""
        place_file(self.temporary, self.target)

    def _flush(self) -> None:
        """Give what waits to a packer; never more at once than there are packers."""
        table = pa.Table.from_batches(self._waiting, self._schema)
        self._waiting, self._rows = [], 0
        self._packing.append(self._pool.submit(self._packed, table))
        while len(self._packing) > PACKERS or (self._packing and self._packing[0].done()):
            self._append(self._packing.popleft().result())

    def _packed(self, table: Any) -> Any:
        out = pa.BufferOutputStream()
        with pq.ParquetWriter(out, self._schema, **self._options) as writer:
            writer.write_table(table, row_group_size=max(len(table), 1))
        return out.getvalue()

    def _append(self, packed: Any) -> None:
        """The next row group behind those before it."""
        if not self._footers:
            self._file.write(MAGIC)
        self._footers.append((footer_of(packed), self._file.tell()))
        self._file.write(body_of(packed))
