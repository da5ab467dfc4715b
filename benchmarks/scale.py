"""The cost curve: from 100,000 records to as many as the machine has time for, a process of its own for every size.

    python benchmarks/scale.py [--largest 100000000] [--records 10000000] [--folder FOLDER]

For each size: keys → register with codes → links sorted by subject (`yantai.py`), and up to `--records` also from CSV to whole
rows sorted by subject (`records.py`). A table of rows a second, processor seconds per million, peak memory and spill.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIZES = (100_000, 1_000_000, 10_000_000, 50_000_000, 100_000_000, 200_000_000, 1_350_000_000)
AT_ONCE = 50_000_000
"""Rows of keys that are invented; larger sizes read them several times."""


def measured(script: str, *words: str) -> dict[str, Any]:
    """What one benchmark in a process of its own found."""
    command = [sys.executable, str(HERE / script), "--json", *words]
    outcome = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    found: dict[str, Any] = json.loads(outcome.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Go up the sizes and print the table as it grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=100_000_000)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--memory", default="5GB")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    place = ["--folder", str(given.folder), "--memory", given.memory]
    print("| step | rows | wall s | processor s | rows/s | processor s per million | peak memory GiB | spill GiB |")
    print("|---|---|---|---|---|---|---|---|")
    for rows in SIZES:
        if rows <= given.largest:
            found = measured("yantai.py", "--rows", str(min(rows, AT_ONCE)), "--times", str(max(rows // AT_ONCE, 1)), *place)
            show("keys → links", found, (found["wall"], found["cpu"]))
        if rows <= given.records:
            found = measured("records.py", "--rows", str(rows), *place)
            show("CSV → records", found, found["datong"])


def show(step: str, found: dict[str, Any], spent: tuple[float, float]) -> None:
    """One line of the table."""
    wall, cpu = spent
    rows, spill = found["rows"], found.get("spill_gib", 0.0)
    print(
        f"| {step} | {rows:,} | {wall:.1f} | {cpu:.1f} | {rows / wall:,.0f} | {cpu / rows * 1e6:.2f} | {found['peak_gib']:.2f} | {spill:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
