"""'Who looked at me' for a person with many lines among very many: `python benchmarks/who_looked.py [lines] [home]`.

The page as the browser gets it: sign-in, the year's count by department, the newest twenty, and the durable line that says the
record was read. 6,000,000 lines of other people when left out (about 3 GB); the person has 5,000, spread over all of them.
The home is made once and kept if one is named. The same with only 5,000 lines in all stands beside: that is the limit.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from starlette.testclient import TestClient

from datong import ledger, share, store
from datong.ledger import merkle, runs
from datong.settings import load_settings
from datong.spec import load_packs
from datong.web import NewAccount, create_account, create_app

HERS = 5_000
OTHERS = 1_000_000
"""Other people the lines are about."""
ME = "P370303000000017"
PASSWORD = "a-long-benchmark-word"
DEPARTMENTS = ("market_regulation", "police", "housing", "approval", "natural_resources")
PURPOSES = ("address_at_registration", "window_service", "household_visit", "rental_registration", "means_test")
COLUMNS = ("leaf_index", "line_id", "at", "type", "subject", "actor", "department", "unit", "purpose", "body", "salt")
BODY = '{"agreement":"registration_premises","fields":["standard_address","area"],"operation":"look_up","outcome":"found"}'
STEP = 200_000
BY_TIME = store.Index("ledger_line_by_time", "ledger_line", ("at", "leaf_index"))


def rows(start: int, end: int, every: int, first: datetime) -> Iterator[tuple[Any, ...]]:
    """Lines of the last two years, in order; each `every`th is about me."""
    for index in range(start, end):
        at = (first + timedelta(seconds=index)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        subject = ME if index % every == 0 else f"P3703{index * 7919 % OTHERS:011}"
        kind = index % 5
        yield (
            *(index, f"{index:010x}aaaaaaaaaaaa", at, "read", subject, f"officer{index % 900}", DEPARTMENTS[kind], "window"),
            *(PURPOSES[kind], BODY, "00" * 16),
        )


def build(home: Path, lines: int) -> store.Store:
    """A city whose record has so many lines; nothing else."""
    settings = replace(load_settings(home, {}), rate_per_minute=1_000_000, session_minutes=600)
    opened = store.open_store(settings)
    if (home / "built").exists():
        share.install(opened, settings, load_packs(settings.packs))
        return opened
    store.migrate(opened)
    share.install(opened, settings, load_packs(settings.packs))
    ledger.make_keys(home, settings.origin)
    every = lines // HERS
    first = datetime.now(UTC) - timedelta(seconds=lines)
    with opened.session() as session:
        session.drop_index(BY_TIME.name)
    for start in track(range(0, lines, STEP), f"{lines:,} lines", console=Console(stderr=True), transient=True):
        with opened.session() as session:
            session.load("ledger_line", COLUMNS, rows(start, min(start + STEP, lines), every, first))
            runs.seal(session)
    with opened.session() as session:
        session.load("ledger_leaf", ("leaf_index", "entry", "hash"), [(lines - 1, b"{}", b"0" * 32)])
        edge = [(level, index, b"0" * 32) for level, index in merkle.cover(0, lines) if level]  # what going on from here asks for
        session.load("ledger_node", ("level", "node_index", "hash"), edge)
    with opened.session() as session:
        session.make_index(BY_TIME)
    ledger.join_runs(opened)
    with opened.session() as session:
        create_account(session, NewAccount("me", PASSWORD, "citizen", "citizen", subject=ME))
    (home / "built").touch()
    return opened


def pages(opened: store.Store, home: Path, count: int) -> tuple[list[float], list[float], int]:
    """Wall and CPU seconds of so many visits to the page, and how many looks of the year it counts."""
    settings = replace(load_settings(home, {}), rate_per_minute=1_000_000, session_minutes=600)
    with TestClient(create_app(settings, opened)) as client:
        token = re.search(r'name="form_token" value="([^"]+)"', client.get("/sign-in").text)
        client.post("/sign-in", data={"form_token": token[1] if token else "", "account_id": "me", "password": PASSWORD})
        wall, cpu, year = [], [], 0
        for _ in range(count):
            begun, used = time.perf_counter(), time.process_time()
            page = client.get("/me/looked")
            wall.append(time.perf_counter() - begun)
            cpu.append(time.process_time() - used)
            assert page.status_code == 200, page.status_code
            year = int(re.search(r'year-number">(\d+)<', page.text)[1])  # type: ignore[index]
    return wall, cpu, year


def measured(home: Path, lines: int, count: int) -> tuple[str, ...]:
    """One row of the table."""
    opened = build(home, lines)
    first, _, _ = pages(opened, home, 1)
    wall, cpu, year = pages(opened, home, count)
    opened.close()
    at = statistics.quantiles(wall, n=100, method="inclusive")
    size = (home / "store.db").stat().st_size / 1e9
    cells = (f"{lines:,}", f"{size:.1f} GB", f"{year:,}", f"{first[0] * 1000:.0f} ms", f"{at[49] * 1000:.0f} ms", f"{at[94] * 1000:.0f} ms")
    return (*cells, f"{statistics.median(cpu) * 1000:.0f} ms")


def main() -> None:
    """Build, measure, print."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000_000
    table = Table(title="who looked at me: a page for a person with 5,000 lines")
    for name in ("lines in all", "store", "of the year", "first", "p50", "p95", "CPU p50"):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory() as name:
        table.add_row(*measured(Path(name) / "few", HERS, 100))
        home = Path(sys.argv[2]).absolute() if len(sys.argv) > 2 else Path(name) / "many"
        table.add_row(*measured(home, lines, 200))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
