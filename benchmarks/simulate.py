"""How fast and in how much memory the simulated city is written: `python benchmarks/simulate.py [PEOPLE]`.

Prints people and rows a second, bytes, peak memory, and what a million people would take at that speed. Memory is flat: it is the same
for any number of people, because nothing is kept longer than its block of 2,000.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from datong.settings import packs_folder
from datong.simulate import simulate


def show(done: int, people: int) -> None:
    """Say how far it is, on the error stream."""
    print(f"\r{done:,} of {people:,} people", end="", file=sys.stderr)


def main() -> None:
    """Write a city into a scratch folder and say what it took."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as scratch:
        start, processor = time.perf_counter(), time.process_time()
        summary = simulate(Path(scratch), people, 1, packs_folder(), show)
        wall, busy = time.perf_counter() - start, time.process_time() - processor
        size = sum(path.stat().st_size for path in Path(scratch).rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{people:,} people, {summary.rows:,} rows, {len(summary.files)} files, {size / 1e6:,.0f} MB")
    print(f"{wall:.1f} s wall, {busy:.1f} s processor: {people / wall:,.0f} people/s, {summary.rows / wall:,.0f} rows/s")
    print(f"peak memory {peak:,.0f} MB")
    minutes = (1e6 / people * seconds / 60 for seconds in (wall, busy))
    print("1,000,000 people at this speed: {:.1f} minutes wall, {:.1f} minutes processor".format(*minutes))


if __name__ == "__main__":
    main()
