"""Clusters: edges between numbered nodes → connected components, beside what else does it.

    python benchmarks/clusters.py [--edges 50000000] [--peer-edges 5000000] [--times 3]

Clusters of about five nodes and one hub of 100,000. The peers get `--peer-edges` of them, as they need ten times the time and
memory and more: scipy's connected_components where it is installed, and DuckDB's recursive
`USING KEY`. All must find as many clusters. Extra memory is what the process grows by beyond edges and nodes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from datong.fuse import bulk

HUB = 100_000


def make_edges(edges: int) -> tuple[Any, Any, int]:
    """Left ends, right ends, number of nodes."""
    draw = np.random.default_rng(9)
    nodes = int(edges * 1.25) + HUB
    cluster = draw.integers(0, nodes // 5, edges - HUB)
    left = np.concatenate([cluster * 5 + draw.integers(0, 5, cluster.size), draw.integers(0, nodes, HUB)])
    right = np.concatenate([cluster * 5 + draw.integers(0, 5, cluster.size), np.full(HUB, nodes // 2)])
    order = draw.permutation(edges)
    names = draw.permutation(nodes).astype(np.int32)
    return names[left[order]], names[right[order]], nodes


def by_datong(left: Any, right: Any, nodes: int) -> int:
    """Union-find."""
    roots, _ = bulk.components(left, right, nodes)
    return int((roots == np.arange(nodes, dtype=roots.dtype)).sum())


def by_datong_apart(left: Any, right: Any, nodes: int) -> int:
    """The same with classes that must not meet (here: all alike, so that the count is the same)."""
    roots, refused = bulk.components(left, right, nodes, np.full(nodes, 7, np.int32))
    assert not refused.any()
    return int((roots == np.arange(nodes, dtype=roots.dtype)).sum())


def by_scipy(left: Any, right: Any, nodes: int) -> int:
    """scipy's connected_components."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    return int(connected_components(coo_array((np.ones(left.size, np.bool_), (left, right)), shape=(nodes, nodes)), directed=False)[0])


def by_duckdb(left: Any, right: Any, nodes: int) -> int:
    """Smallest number that reaches a node, by a recursive query that keeps one row a node."""
    sql = """
    WITH RECURSIVE root(node, least) USING KEY (node) AS (
      SELECT i::INTEGER, i::INTEGER FROM range($nodes) r(i)
      UNION
      SELECT e.b, min(w.least)::INTEGER FROM root w JOIN edges e ON e.a = w.node JOIN recurring.root known ON known.node = e.b
      WHERE w.least < known.least GROUP BY e.b
    ) SELECT count(DISTINCT least) FROM root
    """
    with duckdb.connect(config={"threads": "2", "memory_limit": "8GB"}) as con:
        con.register("given", pa.table({"a": left, "b": right}))
        con.execute("CREATE TABLE edges AS SELECT a, b FROM given UNION ALL SELECT b, a FROM given")
        return int(con.execute(sql, {"nodes": nodes}).fetchall()[0][0])


def peak() -> int:
    """The most memory this process has held since `peak_afresh`, in KiB."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))


def peak_afresh() -> int:
    """Forget the peak (Linux); what is held now."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def measured(run: Callable[[Any, Any, int], int], given: tuple[Any, Any, int], times: int) -> tuple[float, float, float, int]:
    """Medians of wall and processor seconds, growth of the peak in GiB, clusters."""
    before = peak_afresh()
    spent = []
    found = 0
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        found = run(*given)
        spent.append((time.perf_counter() - wall, time.process_time() - cpu))
    grown = (peak() - before) / 2**20
    return statistics.median(wall for wall, _ in spent), statistics.median(cpu for _, cpu in spent), grown, found


def main() -> None:
    """Make the edges, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edges", type=int, default=50_000_000)
    parser.add_argument("--peer-edges", type=int, default=5_000_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    bulk.components(np.zeros(1, np.int32), np.zeros(1, np.int32), 1)
    bulk.components(np.zeros(1, np.int32), np.zeros(1, np.int32), 1, np.zeros(1, np.int32))
    print(f"{'way':30} {'edges':>12} {'wall s':>8} {'CPU s':>8} {'extra GiB':>10} {'clusters':>12}")
    process = multiprocessing.get_context("spawn").Process(target=full_size, args=(given.edges, given.times))
    process.start()
    process.join()
    ways = {"datong": by_datong, "datong, classes kept apart": by_datong_apart, "scipy": by_scipy, "DuckDB, USING KEY": by_duckdb}
    small = make_edges(given.peer_edges)
    agreed = set()
    for way, run in ways.items():
        try:
            wall, cpu, grown, clusters = measured(run, small, given.times if "datong" in way else 1)
        except ImportError:
            print(f"{way:30} not installed")
            continue
        agreed.add(clusters)
        print(f"{way:30} {given.peer_edges:12,} {wall:8.2f} {cpu:8.2f} {grown:10.2f} {clusters:12,}", flush=True)
    assert len(agreed) == 1, f"they disagree: {agreed}"


def full_size(edges: int, times: int) -> None:
    """Ours alone, at full size, in a process of its own: the growth of its peak is what the clusters need."""
    bulk.components(np.zeros(1, np.int32), np.zeros(1, np.int32), 1)
    bulk.components(np.zeros(1, np.int32), np.zeros(1, np.int32), 1, np.zeros(1, np.int32))
    made = make_edges(edges)
    for way, run in (("datong", by_datong), ("datong, classes kept apart", by_datong_apart)):
        wall, cpu, grown, clusters = measured(run, made, times)
        print(f"{way:30} {edges:12,} {wall:8.2f} {cpu:8.2f} {grown:10.2f} {clusters:12,}", flush=True)


if __name__ == "__main__":
    main()
