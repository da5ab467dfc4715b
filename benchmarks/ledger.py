"""What the ledger does on this machine: `python benchmarks/ledger.py [entries] [leaves]`; 200,000 entries when left out.

With `leaves`, inclusion proofs from a tree of so many bare leaves are measured too (10,000,000 take about 2 GB).

Everything is durable: SQLite with a write-ahead log and a full flush at each commit, in a folder of its own that goes away.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from datong import ledger, store
from datong.ledger import merkle
from datong.settings import load_settings

NOW = "2026-01-31T08:00:00Z"
SECONDS = 2.0
"""How long each writing rate is measured."""


def line(number: int) -> ledger.Line:
    """A line as the office's look-ups leave it."""
    body = {"operation": "look_up", "fields": ["name", "address", "phone"], "outcome": "found", "agreement": "registration"}
    actor, subject = f"officer{number % 300}", f"P{number * 7919 % 100_003:09}"
    return ledger.Line("read", NOW, subject, actor, "market_regulation", "window", "address_at_registration", body)


def writing(opened: store.Store, each: int) -> tuple[float, float]:
    """Durable entries a second and CPU microseconds an entry, `each` in a commit, one writer."""
    started, used, written = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - started < SECONDS:
        with opened.session() as session:
            ledger.append(session, *(line(written + number) for number in range(each)))
        written += each
    return written / (time.perf_counter() - started), (time.process_time() - used) / written * 1e6


def grouped(opened: store.Store, callers: int) -> tuple[float, list[float]]:
    """Durable entries a second and each one's wait, for tasks that write one line at a time through group commit."""
    waits: list[float] = []

    async def caller(group: ledger.GroupCommit, until: float) -> None:
        while (begun := time.perf_counter()) < until:
            await group.commit([line(len(waits))])
            waits.append(time.perf_counter() - begun)

    async def whole() -> float:
        group = ledger.GroupCommit(opened)
        started = time.perf_counter()
        await asyncio.gather(*(caller(group, started + SECONDS) for _ in range(callers)))
        await group.close()
        return time.perf_counter() - started

    took = asyncio.run(whole())
    return len(waits) / took, waits


def timed(calls: int, work: Callable[[int], object]) -> list[float]:
    """How long each of so many calls took."""
    took = []
    for number in range(calls):
        started = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - started)
    return took


def fill(opened: store.Store, entries: int) -> None:
    """Bring the log to at least so many entries."""
    with opened.session(read_only=True) as session:
        size = ledger.size(session)
    for start in range(size, entries, 5000):
        with opened.session() as session:
            ledger.append(session, *(line(number) for number in range(start, min(start + 5000, entries))))


def fill_tree(opened: store.Store, leaves: int) -> None:
    """A log of so many bare entries: leaves and tree as always, but no lines, which proofs by index do not look at."""
    step = 1 << 18
    edge: dict[merkle.Coordinate, bytes] = {}
    for start in track(range(0, leaves, step), f"{leaves:,} leaves", console=Console(stderr=True), transient=True):
        entries = [b'{"digest":"%064x"}' % index for index in range(start, min(start + step, leaves))]
        hashes = [merkle.leaf_hash(entry) for entry in entries]
        made = merkle.grow(start, hashes, edge)
        with opened.session() as session:
            session.load("ledger_leaf", ("leaf_index", "entry", "hash"), zip(count(start), entries, hashes, strict=False))
            session.load("ledger_node", ("level", "node_index", "hash"), made)
        tree = {
            **edge,
            **{(level, index): digest for level, index, digest in made},
            **{(0, start + i): one for i, one in enumerate(hashes)},
        }
        edge = {one: tree[one] for one in merkle.cover(0, start + len(hashes))}


def tree_rows(leaves: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Proofs from a large tree."""
    opened = store.open_store(load_settings(folder, environ={}))
    store.migrate(opened)
    fill_tree(opened, leaves)
    signer = ledger.make_keys(folder, "bench.example/tree")
    with opened.session() as session:
        ledger.checkpoint(session, signer, NOW)
    with opened.session(read_only=True) as session:
        used = time.process_time()
        proofs = timed(20_000, lambda number: ledger.proof_at(session, number * 7_919_777 % leaves))
        cpu = (time.process_time() - used) / 20_000
        yield f"inclusion proof at {leaves:,} entries, p50 / p99 / CPU", f"{ms(proofs, 0.5)} / {ms(proofs, 0.99)} / {cpu * 1000:.2f} ms"
    opened.close()


def processor() -> float:
    """CPU seconds of this process and of those it has started and seen end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def ms(values: list[float], part: float) -> str:
    """A quantile in milliseconds."""
    return f"{statistics.quantiles(values, n=1000, method='inclusive')[round(part * 1000) - 1] * 1000:.2f} ms"


def rows(opened: store.Store, entries: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Each measure and its result."""
    for each in (1, 16, 256):
        rate, cpu = writing(opened, each)
        yield f"durable entries a second, {each} a commit; CPU an entry", f"{rate:,.0f}; {cpu:.0f} µs"
    for callers in (1, 16, 64, 256):
        rate, waits = grouped(opened, callers)
        yield f"group commit, {callers} callers: entries a second, p50 / p99", f"{rate:,.0f}, {ms(waits, 0.5)} / {ms(waits, 0.99)}"
    fill(opened, entries)
    with opened.session(read_only=True) as session:
        size = ledger.size(session)
    used, started = time.process_time(), time.perf_counter()
    pieces = ledger.join_runs(opened)
    took = (time.process_time() - used) / size * 1e6
    yield (
        f"joining the index's runs over {size:,} entries: time; CPU an entry",
        f"{time.perf_counter() - started:.1f} s in {pieces} transactions; {took:.1f} µs",
    )
    signer = ledger.make_keys(folder, "bench.example/ledger")
    with opened.session() as session:
        yield "sign a checkpoint", ms(timed(1, lambda _: ledger.checkpoint(session, signer, NOW)) * 2, 0.5)
        size = ledger.size(session)
    with opened.session(read_only=True) as session:
        step = size // 5000 or 1
        proofs = timed(5000, lambda number: ledger.proof_at(session, number * step % size))
        yield f"inclusion proof at {size:,} entries, p50 / p99", f"{ms(proofs, 0.5)} / {ms(proofs, 0.99)}"
        text = str(ledger.proof_at(session, size // 3))
        yield "check a proof file", ms(timed(500, lambda _: ledger.check_proof(text, signer.verifier)), 0.5)
        reads = timed(2000, lambda number: ledger.lines_of_subject(session, line(number).subject))
        yield "who looked at one subject, p50 / p99", f"{ms(reads, 0.5)} / {ms(reads, 0.99)}"
        for processes in (1, 2):
            started, used = time.perf_counter(), processor()
            report = ledger.verify_log(session, signer.verifier, processes=processes)
            took, cpu = time.perf_counter() - started, processor() - used
            yield (
                f"verify the whole log of {report.size:,}, processes: {processes}",
                f"{took:.1f} s (CPU {cpu:.1f} s), {report.size / took:,.0f} entries a second, {'sound' if report.sound else 'NOT SOUND'}",
            )
        started = time.perf_counter()
        done = ledger.export_tree(session, folder / "static")
        yield "export it as static files", f"{time.perf_counter() - started:.1f} s, {done.written:,} files"


def main() -> None:
    """Measure, and print one table."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    leaves = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "city"
        opened = store.open_store(load_settings(folder, environ={}))
        store.migrate(opened)
        table = Table("measure", "result", title="ledger, SQLite, full flush at each commit")
        for measure, result in rows(opened, entries, folder):
            table.add_row(measure, result)
        for measure, result in tree_rows(leaves, Path(name) / "tree") if leaves else ():
            table.add_row(measure, result)
        Console(width=110).print(table)
        opened.close()


if __name__ == "__main__":
    main()
