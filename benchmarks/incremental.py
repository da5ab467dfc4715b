"""What a delivery of changed rows costs beside a run over everything: `python benchmarks/incremental.py HOME [--rows 10000]`.

HOME is the home of a city that was collected and fused (benchmarks/fuse.py --people N --scratch FOLDER leaves one); it is copied
first. So many household registrations, drawn evenly from the whole register, are sent again as one message with another place
of work, then fused and put into the registers by themselves; after that the whole city is fused and rebuilt once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from datong import collect, fuse, registers
from datong.settings import Settings, load_settings
from datong.spec import Packs, load_packs
from datong.store import Store, open_store

RESOURCE = "police_household"


def main() -> None:
    """Copy the city, deliver, catch up, run whole, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument(
        "--full-seconds", type=float, default=0.0, help="processor seconds of the whole run, measured before; else it is run"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="datong-incremental-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(given.home, home)
        settings = load_settings(home, {})
        store, packs = open_store(settings), load_packs(settings.packs)
        catch_up(store, settings, packs)
        base = settle(store)
        steps = {"collect": collected(store, settings, packs, given.rows), "fuse and registers": catch_up(store, settings, packs)}
        news = sum(steps.values())
        whole = given.full_seconds or run_whole(store, settings, packs)
        store.close()
    print(f"{base:,} members; {given.rows:,} changed rows of {RESOURCE}")
    for name, seconds in steps.items():
        print(f"{name:20} {seconds:8.1f} s processor  {given.rows / seconds:8,.0f} rows/s")
    print(f"{'whole run':20} {whole:8.1f} s processor")
    print(f"the news cost 1/{whole / news:,.0f} of the whole run; the rows are 1/{base / given.rows:,.0f} of what is linked")


def busy() -> float:
    """Processor seconds so far, of this process and of those it started and that have ended."""
    return sum(os.times()[:4])


def settle(store: Store) -> int:
    """How many members there are."""
    with store.session(read_only=True) as session:
        row = session.one("SELECT count(*) FROM member")
    return int(row[0]) if row else 0


def collected(store: Store, settings: Settings, packs: Packs, rows: int) -> float:
    """Send the rows again with another place of work; processor seconds."""
    source = packs.source(RESOURCE)
    with store.session(read_only=True) as session:
        batches = [batch.to_pylist() for batch in collect.scan(session, settings, source)]
    current = [row for batch in batches for row in batch]
    step = max(len(current) // rows, 1)
    names = {column.field: column.name for column in source.columns}
    sent = []
    for row in current[::step][:rows]:
        cells = {name: row.get(f"{field}__raw") or row.get(field) or "" for field, name in names.items()}
        sent.append(cells | {names["workplace"]: "淄博市新单位"})
    start = busy()
    with store.session() as session:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        collect.push(session, settings, source, sent, received_at=now, received_from="benchmark")
    return busy() - start


def catch_up(store: Store, settings: Settings, packs: Packs) -> float:
    """Fuse what is new and refresh the registers for it; processor seconds."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    start = busy()
    fuse.catch_up(store, settings, packs, now, lambda session, codes: registers.refresh(session, packs, codes, now))
    return busy() - start


def run_whole(store: Store, settings: Settings, packs: Packs) -> float:
    """Fuse and rebuild everything; processor seconds."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    start = busy()
    fuse.run(store, settings, packs, now)
    registers.rebuild(store, settings, packs, now)
    return busy() - start


if __name__ == "__main__":
    main()
