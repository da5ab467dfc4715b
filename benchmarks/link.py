"""`datong link`'s engine beside Splink 5 on public sets with truth: febrl 1 to 3 and fake_1000.

    python -m benchmarks.link [--data FOLDER] [--rounds 3]

Precision, recall and F1 over pairs of rows after clustering, and before it. datong's threshold follows from equal costs;
Splink's is the one that proves best with the truth. Seconds are from rows in memory to clusters, training included;
datong's first run loads its compiled loops and is given too. Column `auto` is what `--spec auto` proposes, nothing changed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.link_peer import FAKE, FEBRL, PeerModel, Run, cpu_seconds, machine, run_splink
from datong.collect import read_any
from datong.fuse.tables import LinkSpec, link_tables, measure, propose_spec, read_spec

SPECS = Path(__file__).parent / "link_specs"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage"


@dataclass(frozen=True)
class PublicSet:
    """One public set: where it lies, the spec, the peer's model."""

    name: str
    file: str
    spec: str
    peer: PeerModel


SETS = (
    PublicSet("febrl 1", "febrl/dataset1.csv", "febrl.yml", FEBRL),
    PublicSet("febrl 2", "febrl/dataset2.csv", "febrl.yml", FEBRL),
    PublicSet("febrl 3", "febrl/dataset3.csv", "febrl.yml", FEBRL),
    PublicSet("fake_1000", "fake_1000/fake_1000.csv", "fake_1000.yml", FAKE),
)


def read_set(path: Path) -> tuple[pa.Table, pa.Array]:
    """Rows without their truth (empty cells as nothing), and the truth."""
    table = read_any(path).columns
    table = pa.table({name: pc.utf8_trim_whitespace(table[name]) for name in table.column_names})
    if "cluster" in table.column_names:
        truth, table = table["cluster"], table.drop_columns(["cluster"])
    else:
        truth = pa.array([name.split("-")[1] for name in table["rec_id"].to_pylist()])
    blank = pa.table({name: pc.if_else(pc.equal(table[name], ""), None, table[name]) for name in table.column_names})
    return blank, truth.combine_chunks() if isinstance(truth, pa.ChunkedArray) else truth


def run_datong(spec: LinkSpec, table: pa.Table, truth: pa.Array) -> Run:
    """Rows to clusters once."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    linked = link_tables(spec, [table])
    seconds, used = time.perf_counter() - wall, cpu_seconds() - cpu
    quality = measure(linked, truth)
    return Run(quality.pairs, quality.clusters, f"{linked.threshold:g} bits", seconds, used, {})


def proposed(table: pa.Table) -> LinkSpec:
    """What `--spec auto` would use."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "auto.yml"
        path.write_text(propose_spec([table]).text, encoding="utf-8")
        return read_spec(path)


def line(name: str, who: str, runs: list[Run]) -> str:
    """One line of the table; times are medians, with the first run's behind."""
    one = runs[0]
    wall, cpu = statistics.median(run.seconds for run in runs), statistics.median(run.cpu for run in runs)
    found = one.clusters
    shown = f"{found.precision:.4f} | {found.recall:.4f} | {found.f1:.4f} | {one.pairs.f1:.4f}"
    return f"| {name} | {who} | {shown} | {one.threshold} | {wall:.2f} | {cpu:.2f} | {one.seconds:.2f} |"


def main() -> None:
    """Measure every set that is there."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default="", help="one set by name")
    given = options.parse_args()
    print(f"{machine()}\n| set | engine | precision | recall | F1 | F1 of pairs | threshold | wall s | CPU s | first run, wall s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for one in (one for one in SETS if given.only in ("", one.name)):
        if not (given.data / one.file).is_file():
            print(f"| {one.name} | not there: {one.file} |")
            continue
        table, truth = read_set(given.data / one.file)
        labels: Any = np.asarray(truth.dictionary_encode().indices)
        ours = [run_datong(read_spec(SPECS / one.spec), table, truth) for _ in range(given.rounds)]
        auto = [run_datong(proposed(table), table, truth) for _ in range(given.rounds)]
        peer = [run_splink(one.peer, table, labels) for _ in range(given.rounds)]
        for who, runs in (("datong", ours), ("datong, auto", auto), ("Splink 5", peer)):
            print(line(one.name, who, runs), flush=True)


if __name__ == "__main__":
    main()
