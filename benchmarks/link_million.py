"""A million rows about people, from rows to clusters: `datong link`'s engine beside Splink 5, same rows, same machine.

    python -m benchmarks.link_million [--rows 1000000] [--threads 2] [--seed 1] [--only datong|splink]

The rows are made by `link_people.py` (30 % without number, 2 % of numbers wrong, names wrong in 6 %, phones in 15 %,
addresses rewritten in 40 %). Each engine runs in a process of its own over rows that lie in memory; starting it, reading
the rows and loading compiled code are not counted, training is. Splink's threshold is the one that proves best with the
truth; datong's follows from equal costs.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.link_people import people

SPEC = Path(__file__).parent / "link_specs" / "people.yml"


def rows_of(path: str) -> tuple[pa.Table, Any]:
    """The rows and the truth."""
    table = pq.read_table(path)
    return table.drop_columns(["truth"]), table["truth"].to_numpy()


def by_datong(path: str, threads: int) -> str:
    """One line of the table, and where the time went."""
    from benchmarks.link_peer import cpu_seconds
    from datong.fuse.tables import link_tables, measure, read_spec

    table, truth = rows_of(path)
    spec = read_spec(SPEC)
    start = time.perf_counter()
    link_tables(spec, [table.slice(0, 2_000)], threads=threads)
    loading = time.perf_counter() - start
    marks: list[tuple[str, float, float]] = []
    wall, cpu = time.perf_counter(), cpu_seconds()
    linked = link_tables(spec, [table], threads=threads, tell=lambda step: marks.append((step, time.perf_counter(), cpu_seconds())))
    seconds, used = time.perf_counter() - wall, cpu_seconds() - cpu
    marks.append(("", wall + seconds, cpu + used))
    quality = measure(linked, pa.array(truth.astype(str).astype(object)))
    steps = ", ".join(
        f"{name} {after[1] - at:.2f} s ({after[2] - spent:.2f} CPU)" for (name, at, spent), after in itertools.pairwise(marks)
    )
    return f"{_line('datong', quality, seconds, used)}\n\n(loading compiled loops: {loading:.1f} s; {steps})"


def by_splink(path: str, _: int) -> str:
    """One line of the table, and where the time went."""
    import splink.comparison_library as cl
    from splink import block_on

    from benchmarks.link_peer import PeerModel, run_splink

    table, truth = rows_of(path)
    model = PeerModel(
        row_id="row",
        comparisons=[
            cl.DamerauLevenshteinAtThresholds("name", [3]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("citizen_id", [1, 2]),
            cl.DateOfBirthComparison("birth_date", input_is_string=True, invalid_dates_as_null=True),
            cl.DamerauLevenshteinAtThresholds("phone", [1, 2]),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.88, 0.75]),
        ],
        blocks=[
            block_on("citizen_id"),
            block_on("name", "birth_date"),
            block_on("name", "phone"),
            block_on("birth_date", "phone"),
            block_on("name", "address"),
            block_on("birth_date", "address"),
            block_on("phone", "substr(name, 1, 1)"),
        ],
        training=[block_on("name", "birth_date"), block_on("phone"), block_on("citizen_id")],
        certain=[block_on("citizen_id"), block_on("name", "birth_date")],
        recall=0.9,
        random_pairs=1e6,
    )
    run = run_splink(model, table, truth)
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in run.steps.items())
    return f"{_line(f'Splink 5 ({run.threshold})', run, run.seconds, run.cpu)}\n\n({steps})"


def _line(who: str, quality: Any, seconds: float, cpu: float) -> str:
    found, peak = quality.clusters, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shown = f"{found.precision:.5f} | {found.recall:.5f} | {found.f1:.5f} | {quality.pairs.f1:.5f}"
    return f"| {who} | {shown} | {seconds:.1f} | {cpu:.1f} | {peak:,.0f} |"


def main() -> None:
    """Make the rows, let each engine link them, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=("datong", "splink"))
    given = options.parse_args()
    engines = {"datong": by_datong, "splink": by_splink}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "people.parquet")
        made = people(given.rows, given.seed)
        pq.write_table(made.table.append_column("truth", [pa.array(made.truth)]), path)
        pairs = np.bincount(made.truth)
        print(f"{made.table.num_rows:,} rows about {len(pairs):,} people, {int((pairs * (pairs - 1) // 2).sum()):,} true pairs")
        print(
            "| engine | precision | recall | F1 | F1 of pairs | wall s | CPU s | peak MiB |\n|---|---|---|---|---|---|---|---|", flush=True
        )
        for name in [given.only] if given.only else list(engines):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.apply(engines[name], (path, given.threads)), flush=True)


if __name__ == "__main__":
    main()
