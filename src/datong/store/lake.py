"""The lake: records as Parquet files by resource and delivery, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datong.settings import Settings
from datong.store.files import place_file

ROW_GROUP = 262_144


def lake_file(settings: Settings, resource: str, delivery_id: str) -> Path:
    """Where a delivery's records lie."""
    return settings.home / "lake" / resource / f"{delivery_id}.parquet"


def lake_row_file(settings: Settings, resource: str, delivery_id: str, row_no: int) -> Path:
    """Where one row lies that left quarantine after its delivery."""
    return settings.home / "lake" / resource / f"{delivery_id}.row{row_no}.parquet"


class LakeWriter:
    """Writes one Parquet file beside its place; `place()` moves it there in one step, leaving the block without it drops it."""

    def __init__(self, place: Path, schema: Any, dictionary: Sequence[str] = (), hashes: Sequence[str] = ()) -> None:
        """`dictionary` names columns of few values; `hashes` columns of one length, in which no two values are alike."""
        self.target = place
        self.temporary = place.parent / f".{os.getpid()}.{place.name}.tmp"
        place.parent.mkdir(parents=True, exist_ok=True)
        self._schema = schema
        self._waiting: list[Any] = []
        self._rows = 0
        options = {"compression": "zstd", "compression_level": 1, "use_dictionary": list(dictionary) or False, "write_statistics": False}
        if hashes:  # lengths apart from bytes: smaller, and less to look for when packing
            options["column_encoding"] = dict.fromkeys(hashes, "DELTA_LENGTH_BYTE_ARRAY")
        self._writer = pq.ParquetWriter(self.temporary, schema, **options)

    def __enter__(self) -> LakeWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._writer.close()
        self.temporary.unlink(missing_ok=True)

    def write(self, batch: Any) -> None:
        """Add a record batch."""
        self._waiting.append(batch)
        self._rows += batch.num_rows
        if self._rows >= ROW_GROUP:
            self._flush()

    def finish(self) -> Path:
        """Close the file and make it durable, still beside its place; the path it has now."""
        self._flush()
        self._writer.close()
        handle = os.open(self.temporary, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        return self.temporary

    def place(self) -> None:
        """Move the finished file to its place."""
        place_file(self.temporary, self.target)

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema), row_group_size=ROW_GROUP)
        self._waiting, self._rows = [], 0
