"""The set-wise steps on one machine: kernels in threads, SQL in DuckDB with a memory limit and a spill folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datong.domain.errors import BadSettings
from datong.fuse.bulk import queries
from datong.fuse.bulk.engine import Told
from datong.fuse.bulk.files import ROWS_OF_KEYS, Piece, keys_of
from datong.fuse.bulk.records import sort_records, stage
from datong.settings import Settings
from datong.store import open_duck

_PATTERN = re.compile(r"([*?\[])")
"""What DuckDB would read as a pattern in a path."""
_ROWS_A_GROUP = 150_000_000
_BYTES_A_LINK = 40
"""Memory that sorting a link takes, with room to spare."""
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}


class Local:
    """DuckDB and this process's threads. With a folder `staged` it keeps whole rows there while it reads keys, for `sort_records`."""

    def __init__(self, settings: Settings, staged: Path | None = None) -> None:
        self._staged, self._pieces = staged, list[Piece]()
        self._con = open_duck(settings)
        self._con.execute("SET preserve_insertion_order = false")
        self._threads = settings.threads
        self.rows_a_part = max(1_000_000, memory_bytes(settings.memory) // _BYTES_A_LINK)

    def keys(self, pieces: Sequence[Piece], folder: Path, progress: Told) -> None:
        """See `Engine.keys`: as many pieces at once as there are threads."""
        folder.mkdir(parents=True, exist_ok=True)
        self._pieces = list(pieces)
        missing = [piece for piece in pieces if not self._has(piece, folder)]
        with ThreadPoolExecutor(self._threads) as threads:
            try:
                for done, _ in enumerate(threads.map(lambda piece: self._write_keys(piece, folder), missing), len(pieces) - len(missing)):
                    progress("keys", done, len(pieces))
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise

    def groups(self, folder: Path) -> list[list[str]]:
        """See `Engine.groups`."""
        groups: list[list[str]] = []
        held = _ROWS_A_GROUP
        for path in sorted(folder.glob("*.parquet")):
            rows = pq.read_metadata(path).num_rows
            if held + rows > _ROWS_A_GROUP:
                groups.append([])
                held = 0
            groups[-1].append(str(path))
            held += rows
        return groups

    def see(self, name: str, files: Sequence[str]) -> None:
        """See `Engine.see`."""
        self._con.read_parquet([_PATTERN.sub(r"[\1]", file) for file in files]).create_view(name, replace=True)

    def query(self, sql: str) -> Any:
        """See `Engine.query`."""
        return self._con.sql(sql).to_arrow_table()

    def write(self, sql: str, target: Path) -> None:
        """See `Engine.write`."""
        with _Whole(target) as folder:
            self._con.sql(sql).write_parquet(str(folder / "part-0.parquet"), compression="zstd")

    def links(self, names: Sequence[str], work: Path, target: Path, progress: Told) -> None:
        """See `Engine.links`: first everything into its part, then each part sorted in memory. One sort of all would not fit."""
        for number, name in enumerate(names):
            progress("links", number, len(names))
            if not (work / f"links-{number:05}").exists():
                with _Whole(work / f"links-{number:05}") as folder:
                    self._con.sql(queries.LINKS.format(keys=name)).write_parquet(
                        str(folder), compression="lz4", partition_by=["part"], overwrite=True
                    )
        parts = sorted({int(path.name.removeprefix("part=")) for path in work.glob("links-*/part=*")})
        for part in parts:
            progress("sort", parts.index(part), len(parts))
            if not (target / f"part={part:05}").exists():
                self.see("part_links", [str(path) for path in sorted(work.glob(f"links-*/part={part}/*.parquet"))])
                self._write_sorted(queries.SORTED_LINKS.format(part="part_links"), target / f"part={part:05}")
            for folder in work.glob(f"links-*/part={part}"):
                shutil.rmtree(folder)
                folder.mkdir()

    def _write_sorted(self, sql: str, target: Path) -> None:
        with _Whole(target) as folder:
            self._con.execute("SET preserve_insertion_order = true")
            self._con.sql(sql).write_parquet(str(folder / "part-0.parquet"), compression="zstd", row_group_size=1_000_000)
            self._con.execute("SET preserve_insertion_order = false")

    def sort_records(self, out: Path, told: Told = lambda *_: None) -> int:
        """Write the whole rows in order of subject to `out/records`, after the links are made; how many rows."""
        if self._staged is None:
            raise BadSettings("whole rows were not staged: give the engine a folder to keep them in")
        return sort_records(self._pieces, self._staged, out, self._threads, told)

    def _has(self, piece: Piece, folder: Path) -> bool:
        kept = [folder / f"{piece.name}.parquet", *([self._staged / f"{piece.name}.arrow"] if self._staged else [])]
        return all(path.exists() for path in kept)

    def _write_keys(self, piece: Piece, folder: Path) -> None:
        batches = stage(piece, self._staged) if self._staged else None
        write_batches(keys_of(piece, batches), folder / f"{piece.name}.parquet")

    def close(self) -> None:
        """See `Engine.close`."""
        self._con.close()


class _Whole:
    """A folder written beside its place and moved there when everything in it is written."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._beside = target.with_name(f".{target.name}.tmp")

    def __enter__(self) -> Path:
        shutil.rmtree(self._beside, ignore_errors=True)
        self._beside.mkdir(parents=True)
        return self._beside

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            shutil.rmtree(self._target, ignore_errors=True)
            self._beside.rename(self._target)
        else:
            shutil.rmtree(self._beside, ignore_errors=True)


def write_batches(batches: Iterator[pa.RecordBatch], target: Path) -> None:
    """Write key batches as one Parquet file, whole or not at all: rows delta-coded, so that they take next to nothing."""
    beside = target.with_name(f".{target.name}.tmp")
    options = {"compression": "zstd", "compression_level": 1, "use_dictionary": ["file_no", "kind", "problem"], "write_statistics": False}
    with pq.ParquetWriter(beside, ROWS_OF_KEYS, column_encoding={"row_no": "DELTA_BINARY_PACKED", "key": "PLAIN"}, **options) as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in batches:
            waiting.append(batch)
            if sum(one.num_rows for one in waiting) >= 1 << 20:
                writer.write_table(pa.Table.from_batches(waiting, ROWS_OF_KEYS))
                waiting = []
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting, ROWS_OF_KEYS))
    beside.rename(target)


def memory_bytes(text: str) -> int:
    """A memory limit as DuckDB writes it (4GB, 512MiB) in bytes."""
    unit = text.lstrip("0123456789. ").upper()
    return int(float(text[: len(text) - len(unit)] or 0) * _UNITS.get(unit, 1))
