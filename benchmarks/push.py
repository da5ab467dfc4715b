"""One pushed record until it is visible to a query, on a city that went through the whole flow.

    .venv/bin/python benchmarks/push.py HOME [--records 40] [--rate 200 --seconds 30]

HOME is a city's home (for example the demonstration city's); it is copied first, so that nothing in it changes. Each round pushes one
visit record for another person, in a transaction of its own, and then looks the person up through the one door.

With a rate, so many pushes a second arrive evenly whether or not the earlier ones are answered (an open loop), at one worker's
intake; the time of each runs from the moment it is due until its transaction stands and anybody can read it.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from datong import share, spec, store
from datong.cli.serve import YOUNG
from datong.domain.access import Actor, Key, Question, Reason
from datong.settings import load_settings

RESOURCE = "grid_visit"


def main() -> None:
    """Copy the city, push, look up, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--records", type=int, default=40)
    parser.add_argument("--rate", type=float, default=0.0, help="pushes a second, in an open loop")
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    if not (given.home / "store.db").is_file():
        sys.exit(f"{given.home} holds no city: make one with datong demo --only-make")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(given.home, home)
        settings = load_settings(home, {})
        opened = store.open_store(settings)
        share.install(opened, settings, spec.load_packs(settings.packs))
        report(opened, push_and_look(opened, given.records))
        if given.rate:
            gc.set_threshold(YOUNG, 10, 10)
            gc.collect()
            gc.freeze()  # both as `datong serve` does
            report_load(asyncio.run(load(opened, given.rate, given.seconds)), given.rate)
        opened.close()


def push_and_look(opened: store.Store, records: int) -> list[float]:
    """Seconds from the start of each push until its person was looked up again."""
    with opened.session(read_only=True) as session:
        people = session.all(
            "SELECT k.key_value, e.label FROM entry_key k JOIN entry e ON e.code = k.code "
            "WHERE k.key_type = 'citizen_id' AND length(k.key_value) = 18 AND e.division <> '' ORDER BY k.code LIMIT :limit",
            {"limit": records + 1},
        )
    took = []
    for at, (number, name) in enumerate(people):
        started = perf_counter()
        push(opened, at, number, name)
        look(opened, number)
        took.append(perf_counter() - started)
    return took


SYSTEM = Actor("key_grid", "grid", "system", "sub_district", resources=(RESOURCE,), jurisdiction=("3703",))


def visit(source: spec.Source, at: int, number: str, name: str) -> dict[str, str]:
    """One visit record, as the grid's own system sends it."""
    row = {}
    for column in source.columns:
        known = {"citizen_id": number, "name": name}
        row[column.name] = known.get(column.field) or (
            f"V{at:08}" if column.required and column.type == "text" else "2026-11-20" if column.type == "date" else ""
        )
    return row


async def load(opened: store.Store, rate: float, seconds: float) -> list[float]:
    """Seconds from the moment each push was due until it was visible."""
    with opened.session(read_only=True) as session:
        source = share.installed(session).packs.source(RESOURCE)
        people = session.all(
            "SELECT k.key_value, e.label FROM entry_key k JOIN entry e ON e.code = k.code "
            "WHERE k.key_type = 'citizen_id' AND length(k.key_value) = 18 ORDER BY k.code"
        )
    intake = share.Intake(opened)
    start = perf_counter()

    async def one(at: int) -> float:
        due = start + at / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        row = visit(source, 1_000_000 + at, *people[at * 7919 % len(people)])
        taken = await intake.take_in(share.Push(SYSTEM, RESOURCE, [row]), datetime.now(UTC))
        if taken.receipt.counts.accepted != 1:
            raise SystemExit(f"a record was not accepted: {taken.receipt.counts}")
        return perf_counter() - due

    took = await asyncio.gather(*(one(at) for at in range(int(rate * seconds))))
    await intake.close()
    return list(took)


def report_load(took: list[float], rate: float) -> None:
    """The table of the open loop."""
    took = sorted(took)
    print(f"\n{rate:g} pushes a second arriving, {len(took):,} in all")
    print("| p50 s | p95 s | p99 s | max s |\n|---|---|---|---|")
    print("| " + " | ".join(f"{took[min(int(len(took) * part), len(took) - 1)]:.3f}" for part in (0.5, 0.95, 0.99, 1.0)) + " |")


def push(opened: store.Store, at: int, number: str, name: str) -> None:
    """One visit record in a transaction of its own."""
    with opened.session() as session:
        row = visit(share.installed(session).packs.source(RESOURCE), at, number, name)
        taken = share.take_in(session, SYSTEM, RESOURCE, [row], now=datetime.now(UTC))
        if taken.receipt.counts.accepted != 1:
            raise SystemExit(f"the record was not accepted: {taken.receipt.counts}")


def look(opened: store.Store, number: str) -> None:
    """Look the person up through the one door."""
    officer = Actor("police-1", "officer", "officer", "police", roles=frozenset({"officer"}), jurisdiction=("3703",))
    question = Question("police_enquiry", "look_up", "person", Key("citizen_id", number), reason=Reason("case", "A-1"))
    with opened.session() as session:
        answer = share.ask(session, officer, question)
    if not any(fact.source == RESOURCE for entry in answer.entries for fact in entry.facts) and answer.outcome != "found":
        raise SystemExit(f"the person was not found: {answer.outcome}")


def report(opened: store.Store, took: list[float]) -> None:
    """The first push loads the places of the city; the rest is what a running server does."""
    first, rest = took[0], sorted(took[1:])
    with opened.session(read_only=True) as session:
        people = session.one("SELECT count(*) FROM entry WHERE kind = 'person'")
    print(f"{people[0] if people else 0:,} people; first push {first:.2f} s (loads the places)")
    print("| pushes | p50 s | p95 s | max s |\n|---|---|---|---|")
    print(f"| {len(rest)} | {statistics.median(rest):.3f} | {rest[int(len(rest) * 0.95)]:.3f} | {rest[-1]:.3f} |")


if __name__ == "__main__":
    main()
