"""Linking at the size of a whole city's records: 1,350,000,000 keys → register with codes → links sorted by subject.

    python benchmarks/yantai.py [--rows 50000000] [--times 27] [--folder FOLDER] [--memory 5GB]

Yantai published 1.35 billion records of 7 million people and 0.6 million organisations. Here `--rows` rows of keys are invented in that
ratio and read `--times` times, as so many different files (disk is what a small machine lacks). The
keys are as `identify` makes them. Prints wall and processor seconds of each step, the peak of memory, and the largest spill.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from datong.fuse import bulk
from datong.fuse.bulk import local
from datong.settings import load_settings

PEOPLE, ORGANISATIONS = 7_000_000, 600_000
FILE_ROWS = 10_000_000
UNSOUND = 0.05


def make_keys(folder: Path, rows: int) -> list[Path]:
    """Files of keys: 5 % of the rows without one, people and organisations drawn alike often."""
    draw = np.random.default_rng(11)
    people = np.sort(draw.choice(2_000_000_000, PEOPLE, replace=False)) * 5 + 37_030_319_000_000_000
    organisations = np.sort(draw.choice(20_000_000, ORGANISATIONS, replace=False)) * 300_007
    keys = np.concatenate([people, organisations])
    kinds = np.repeat(np.array([1, 2], np.int8), [PEOPLE, ORGANISATIONS])
    files = []
    for number, start in enumerate(range(0, rows, FILE_ROWS)):
        count = min(FILE_ROWS, rows - start)
        chosen = draw.integers(0, keys.size, count)
        bad = draw.random(count) < UNSOUND
        columns = [
            pa.array(np.full(count, number, np.int32)),
            pa.array(np.arange(1, count + 1, dtype=np.int64)),
            pa.array(np.where(bad, 0, kinds[chosen]).astype(np.int8)),
            pa.array(np.where(bad, 0, keys[chosen])),
            pa.array(np.where(bad, 6, 0).astype(np.int8)),
        ]
        files.append(folder / f"{number:06}-000000.parquet")
        batch = pa.RecordBatch.from_arrays(columns, names=["file_no", "row_no", "kind", "key", "problem"])
        local.write_batches(iter([batch]), files[-1])
    return files


class Repeated(local.Local):
    """DuckDB that reads each group of files under other file numbers: `times` groups of the same bytes."""

    def see(self, name: str, files: Sequence[str]) -> None:
        """As `Local.see`; a name keys_N stands for file numbers from N times the number of files on."""
        if not name.startswith("keys_"):
            super().see(name, files)
            return
        super().see(f"{name}_raw", files)
        offset = int(name.removeprefix("keys_")) * len(files)
        self._con.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT file_no + {offset} AS file_no, row_no, kind, key, problem FROM {name}_raw"
        )


class Watch:
    """The largest spill and work folder seen, looked at each second."""

    def __init__(self, out: Path) -> None:
        self.spill = self.disk = 0
        self._out, self._stop = out, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._stop.wait(1):
            sizes = {True: 0, False: 0}
            for folder, _, names in os.walk(self._out):  # files come and go meanwhile
                for name in names:
                    with suppress(OSError):
                        sizes["duck" in Path(folder).parts] += (Path(folder) / name).stat().st_size
            self.spill, self.disk = max(self.spill, sizes[True]), max(self.disk, sum(sizes.values()))

    def end(self) -> None:
        """Stop looking."""
        self._stop.set()
        self._thread.join()


class Steps:
    """Seconds by step, told as the work goes on."""

    def __init__(self) -> None:
        self.spent: dict[str, tuple[float, float]] = {}
        self._step, self._wall, self._cpu = "", time.perf_counter(), time.process_time()

    def __call__(self, step: str, done: int, of: int) -> None:
        """Close the step before when another begins."""
        print(f"  {step} {done}/{of}", file=sys.stderr, flush=True)
        if step != self._step:
            self.close()
            self._step = step

    def close(self) -> None:
        """Note what the open step took."""
        wall, cpu = time.perf_counter(), time.process_time()
        if self._step:
            self.spent[self._step] = (wall - self._wall, cpu - self._cpu)
        self._wall, self._cpu = wall, cpu


def check(out: Path, linked: int) -> None:
    """Every link is there, and the files are in order of subject, file and row."""
    last, rows = -1, 0
    for path in sorted((out / "links").glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(1 << 22):
            subject, file_no, row_no = (batch.column(at).to_numpy().astype(np.int64) for at in range(3))
            assert subject[0] >= last and np.all(np.diff(subject) >= 0)
            same = np.diff(subject) == 0
            assert np.all((np.diff(file_no * 10**9 + row_no) > 0)[same])
            last, rows = int(subject[-1]), rows + batch.num_rows
    assert rows == linked, f"{rows} links of {linked}"


def run(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Make the keys, link them, check, and say what it took."""
    keys, out = folder / "keys", folder / "out"
    keys.mkdir()
    out.mkdir()
    files = [str(path) for path in make_keys(keys, given.rows)]
    engine = Repeated(load_settings(out, environ={}, memory=given.memory, threads=str(given.threads)))
    bulk.issue_codes("person", -1, 10, b"k")  # compiled code is loaded before the clock runs
    watch, steps = Watch(out), Steps()
    began, cpu = time.perf_counter(), time.process_time()
    report = bulk.link_keys(engine, [files] * given.times, out, steps)
    steps.close()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    watch.end()
    engine.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    size = sum(path.stat().st_size for path in (out / "links").iterdir())
    check(out, report.linked)
    return {
        "rows": report.rows,
        "linked": report.linked,
        "subjects": report.subjects,
        "wall": wall,
        "cpu": cpu,
        "peak_gib": peak,
        "spill_gib": watch.spill / 2**30,
        "disk_gib": watch.disk / 2**30,
        "links_gib": size / 2**30,
        "steps": steps.spent,
    }


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--times", type=int, default=27)
    parser.add_argument("--memory", default="5GB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of the table")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench_yantai_", dir=given.folder))
    try:
        found = run(given, folder)
    finally:
        shutil.rmtree(folder)
    if given.json:
        print(json.dumps(found))
        return
    print(f"{found['rows']:,} keys, {found['linked']:,} linked to {found['subjects']:,} subjects")
    for step, (wall, cpu) in found["steps"].items():
        print(f"{step:15} {wall:8.1f} s wall {cpu:8.1f} s processor")
    print(f"{'all':15} {found['wall']:8.1f} s wall {found['cpu']:8.1f} s processor, {found['rows'] / found['wall']:,.0f} keys/s")
    print(
        f"peak memory {found['peak_gib']:.2f} GiB, spill {found['spill_gib']:.2f} GiB, work folder {found['disk_gib']:.1f} GiB, links {found['links_gib']:.1f} GiB"
    )


if __name__ == "__main__":
    main()
