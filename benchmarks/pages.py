"""What page 1,000 of a list costs beside page 1: an agreement with row conditions over a million rows, through the one door.

    python benchmarks/pages.py [--rows 1000000] [--pages 1000] [--folder FOLDER]

The rows are invented organisations written straight into the registers, a third of them outside the agreement. Each page is
one `share.ask` with its ledger lines in a transaction of its own; the next begins at the cursor of the one before. Beside it
the same page by OFFSET, as SQL alone without lines.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from datong import ledger, share, spec, store
from datong.cli.init import make_city
from datong.domain.access import Actor, Question
from datong.domain.codes import issue
from datong.registers import value_sql, write_facts
from datong.store import Store

PAGE = 45
"""Rows a page: a thousand of them stay within a day's quota of the agreement."""
SPAN = 20
OFFICER = Actor("bench", "某人", "officer", "market_regulation", roles=frozenset({"officer"}), jurisdiction=("3703",))
DIVISIONS = [f"370303{at:03}" for at in range(1, 41)]
STATES = ("active", "active", "cancelled")
OFFSET = f"""SELECT e.code, e.body FROM entry e WHERE e.kind = 'organisation' AND e.division >= '3703' AND e.division < '3704'
AND {value_sql("e.body", "status", "sqlite")} NOT IN ('cancelled', 'revoked') ORDER BY e.division, e.code LIMIT 46 OFFSET :skip"""


def entries(rows: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Organisations in order of their place in the table."""
    codes = [code for _, code in islice(issue("organisation", -1, b"a key for benchmarks, for nothing else"), rows)]
    for at, code in enumerate(sorted(codes)):
        facts = {"org_name": f"淄博第{at}商贸有限公司", "status": STATES[at % 3], "org_type": "company"}
        told = {
            "resource": "market_enterprise",
            "department": "market_regulation",
            "as_of": "2026-11-01",
            "delivery": "d000001",
            "record": f"{at:032}",
        }
        body = write_facts({name: [{"value": value, **told}] for name, value in facts.items()})
        yield code, "organisation", DIVISIONS[at % len(DIVISIONS)], facts["org_name"], body


def walk(opened: Store, pages: int) -> list[float]:
    """Milliseconds of each page, one after another."""
    took, cursor, now = [], "", datetime(2026, 11, 20, 2, tzinfo=UTC)
    for _ in range(pages):
        now += timedelta(seconds=1)
        question = Question("inspection", "list", "organisation", fields=("org_name", "status"), cursor=cursor, limit=PAGE)
        began = time.perf_counter()
        with opened.session() as session:
            answer = share.ask(session, OFFICER, question, now=now)
        took.append((time.perf_counter() - began) * 1000)
        assert len(answer.entries) == PAGE == len(answer.lines) and answer.next_cursor, answer.grounds
        cursor = answer.next_cursor
    return took


def by_offset(opened: Store, page: int) -> float:
    """Milliseconds of one page by OFFSET."""
    began = time.perf_counter()
    with opened.session(read_only=True) as session:
        session.all(OFFSET, {"skip": (page - 1) * PAGE})
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Make the registers, walk the list, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        settings = make_city(Path(folder) / "city", {"origin": "datong.example/bench"})
        with closing(store.open_store(settings)) as opened:
            share.install(opened, settings, spec.load_packs(settings.packs))
            ledger.make_keys(settings.home, settings.origin)
            with opened.session() as session:
                session.load("entry", ("code", "kind", "division", "label", "body"), entries(given.rows))
            began = time.process_time()
            took = walk(opened, given.pages)
            cpu = time.process_time() - began
            offset = [statistics.median(by_offset(opened, page) for _ in range(5)) for page in (1, given.pages)]
    first, last = statistics.median(took[:SPAN]), statistics.median(took[-SPAN:])
    print(f"{given.rows:,} rows, {given.pages:,} pages of {PAGE}, {cpu / given.pages * 1000:.2f} ms of processor a page with its lines")
    print(f"{'':30} {'page 1':>10} {f'page {given.pages:,}':>12}")
    print(f"{f'by cursor, median of {SPAN}, ms':30} {first:10.2f} {last:12.2f}")
    print(f"{'by OFFSET, SQL alone, ms':30} {offset[0]:10.2f} {offset[1]:12.2f}")


if __name__ == "__main__":
    main()
