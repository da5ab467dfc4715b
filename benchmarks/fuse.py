"""Measure fusion against the truth of a simulated city: pairs of records that belong together, by register.

    python -m benchmarks.fuse --people 20000            (simulate, collect, fuse, registers, compare)
    python -m benchmarks.fuse HOME SIMULATED [--run]     (a city that is there already)

Precision: of all pairs of records put under one code, how many speak of the same subject. Recall: of all pairs of
records that speak of the same subject, how many are under one code. `open` are the mentions without a number of
their own to go by (missing, unsound, of 15 digits, or under quite another name): their share, and how many came to the
subject most records of theirs are under, to another, or to none.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import fuse_truth
from datong import collect, fuse, registers
from datong.cli.deliveries import deliveries_in
from datong.cli.init import make_city
from datong.settings import load_settings, packs_folder
from datong.simulate import simulate
from datong.spec import load_packs
from datong.store import open_store

NOW = "2026-11-01T00:00:00+00:00"
PREFIX = {"person": "id:", "organisation": "uscc:"}
JOINED_NUMBERS = "SELECT count(*) FROM (SELECT code FROM anchor WHERE anchor LIKE '{prefix}%' GROUP BY code HAVING count(*) > 1) AS joined"


def main() -> None:
    """Make the city, or read the two folders from the command line; print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path, nargs="?")
    parser.add_argument("simulated", type=Path, nargs="?")
    parser.add_argument("--people", type=int, default=0, help="simulate, collect, fuse and compare a city of so many people, end to end")
    parser.add_argument("--scratch", type=Path, default=None, help="where that city is made; what it holds already is not made again")
    parser.add_argument("--run", action="store_true", help="fuse and rebuild the registers first, and time them")
    parser.add_argument("--wrong", type=int, default=0, help="list so many wrong links, by reference only")
    parser.add_argument("--missed", type=int, default=0, help="show so many places where missed links lie")
    given = parser.parse_args()
    if given.people:
        with tempfile.TemporaryDirectory(prefix="datong-fuse-", ignore_cleanup_errors=True) as folder:
            whole(given.scratch or Path(folder), given.people, (given.wrong, given.missed))
    elif given.home and given.simulated:
        if given.run:
            for name in ("fuse", "registers"):
                stage(name, given.home)
        compare(given.home, given.simulated, (given.wrong, given.missed))
    else:
        parser.error("name a city's home and its simulated folder, or --people")


def whole(folder: Path, people: int, show: tuple[int, int]) -> None:
    """Every stage in a process of its own, with its time, its peak memory and the bytes it leaves."""
    simulated, home = folder / "simulated", folder / "city"
    print("| stage | wall s | processor s | peak MB | bytes a person left |\n|---|---|---|---|---|")
    if not (simulated / "manifest.json").is_file():
        stage("simulate", simulated, str(people), leaves=simulated / "deliveries", people=people)
    if not (home / "lake").is_dir():
        stage("collect", home, str(simulated / "deliveries"), leaves=home, people=people)
    stage("fuse", home, leaves=home / "store.db", people=people)
    compare(home, simulated, show)
    stage("registers", home, leaves=home / "store.db", people=people)


def stage(name: str, home: Path, *more: str, leaves: Path | None = None, people: int = 1) -> None:
    """Run one stage in a fresh process and print its line."""
    wall = time.perf_counter()
    process = multiprocessing.get_context("spawn").Process(target=STAGES[name], args=(home, *more))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with MemoryWatch() as watch:
        process.start()
        watch.of(process.pid or 0)
        process.join()
    if process.exitcode:
        raise SystemExit(f"{name} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    left = sum(path.stat().st_size for path in ([leaves] if leaves.is_file() else leaves.rglob("*")) if path.is_file()) if leaves else 0
    print(f"| {name} | {time.perf_counter() - wall:.1f} | {busy:.1f} | {watch.peak / 1e6:,.0f} | {left / people:,.0f} |", flush=True)


class MemoryWatch:
    """The most memory a process and its children held together, looked at every two seconds."""

    def __init__(self) -> None:
        self.peak, self._pid, self._done = 0, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def of(self, pid: int) -> None:
        """Watch this process."""
        self._pid = pid

    def _look(self) -> None:
        while not self._done.wait(2):
            if self._pid:
                self.peak = max(self.peak, _held(self._pid))


def _held(pid: int) -> int:
    """Private and shared pages of a process and of all it started, shared ones once."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return total
    return total + sum(_held(int(child)) for child in children)


def _simulate(folder: Path, people: str) -> None:
    simulate(folder, int(people), 1, packs_folder(), lambda *_: None)


def _collect(home: Path, deliveries: str) -> None:
    settings = make_city(home, {})
    packs, store = load_packs(settings.packs), open_store(settings)
    for source, path in deliveries_in(packs, Path(deliveries)).deliveries:
        collect.receive(store, settings, source, path, received_at=NOW, received_from="benchmark")
    store.close()


def _fuse(home: Path) -> None:
    settings = load_settings(home)
    store = open_store(settings)
    fuse.run(store, settings, load_packs(settings.packs), NOW)
    store.close()


def _registers(home: Path) -> None:
    settings = load_settings(home)
    store = open_store(settings)
    registers.rebuild(store, settings, load_packs(settings.packs), NOW)
    store.close()


STAGES: dict[str, Callable[..., None]] = {"simulate": _simulate, "collect": _collect, "fuse": _fuse, "registers": _registers}


def compare(home: Path, simulated: Path, show: tuple[int, int]) -> None:
    """Print what linking found against what is true."""
    settings = load_settings(home)
    store, packs = open_store(settings), load_packs(settings.packs)
    with tempfile.TemporaryDirectory(prefix="datong-compare-", dir=home) as folder, store.session(read_only=True) as session:
        con = fuse_truth.read(Path(folder), session, settings, packs, simulated)
        joined = {kind: session.all(JOINED_NUMBERS.format(prefix=prefix))[0][0] for kind, prefix in PREFIX.items()}
        for kind in fuse_truth.KINDS:
            report(kind, fuse_truth.score(con, kind, *show))
            if kind in joined:
                print(f"{'':13} codes that hold two different valid numbers: {joined[kind]}")
        con.close()
    store.close()


def report(kind: str, found: fuse_truth.Scores) -> None:
    """Print one register's lines."""
    print(f"{kind:13} {found.mentions:8,} mentions  pairs: precision {found.precision:.6f}  recall {found.recall:.6f}")
    opened = sum(found.open.values())
    print(f"{'':13} without a usable number: {opened:,} mentions, {opened / max(found.mentions, 1):.2%}")
    print(f"{'':13} open: " + "  ".join(f"{name} {number:,}" for name, number in found.open.items()))
    for *mention, rule, code, main in found.wrong:
        print("   ", "/".join(mention), rule, code, "should be", main)
    if found.missed:
        print(f"{'':13} missed, by resource and rule: " + "  ".join(f"{where}/{rule} {n}" for where, rule, n in found.missed))
    print(f"{'':13} codes {found.codes:,} for {found.subjects:,} subjects; codes with more than one subject: {found.mixed}")


if __name__ == "__main__":
    main()
