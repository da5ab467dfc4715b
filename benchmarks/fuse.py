"""Measure fusion against the truth of a simulated city: pairs of records that belong together, by register.

    datong simulate var/sim --people 20000
    datong init … and datong collect … into a city's home, then:
    python benchmarks/fuse.py var/city var/sim [--run]

Precision: of all pairs of records put under one code, how many speak of the same subject. Recall: of all pairs of
records that speak of the same subject, how many are under one code. `open` are the mentions without a number of
their own to go by (missing, unsound, of 15 digits, or under quite another name): their share, and how many came to the
subject most records of theirs are under, to another, or to none.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from datong import collect, fuse, registers
from datong.settings import Settings, load_settings
from datong.spec import Packs, load_packs
from datong.store import Session, Store, open_store

KINDS = {"person": "P", "organisation": "F", "premises": "U"}
BY_NUMBER = frozenset(("citizen_id", "credit_code", "registration_no", "place", "title_unit_no", "certificate_no"))
PREFIX = {"person": "id:", "organisation": "uscc:"}
JOINED_NUMBERS = "SELECT count(*) FROM (SELECT code FROM anchor WHERE anchor LIKE '{prefix}%' GROUP BY code HAVING count(*) > 1) AS joined"
Mention = tuple[str, str, str]
"""Resource, record id, role."""


def main() -> None:
    """Read the two folders from the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("simulated", type=Path)
    parser.add_argument("--run", action="store_true", help="fuse and rebuild the registers first, and time them")
    parser.add_argument("--wrong", type=int, default=0, help="list so many wrong links, by reference only")
    parser.add_argument("--missed", type=int, default=0, help="show so many places where missed links lie")
    given = parser.parse_args()
    settings = load_settings(given.home)
    store, packs = open_store(settings), load_packs(settings.packs)
    if given.run:
        timed(store, settings, packs)
    with store.session(read_only=True) as session:
        truth = dict(true_subjects(session, settings, packs, given.simulated))
        linked = {
            (row[0], row[1], row[2]): (row[3], row[4], row[5])
            for row in session.all("SELECT resource, record_id, role, kind, code, rule FROM member")
        }
        joined = {kind: session.all(JOINED_NUMBERS.format(prefix=prefix))[0][0] for kind, prefix in PREFIX.items()}
    for kind in KINDS:
        report(kind, truth, linked, wrong=given.wrong, missed=given.missed)
        if kind in joined:
            print(f"{'':13} codes that hold two different valid numbers: {joined[kind]}")
    store.close()


def timed(store: Store, settings: Settings, packs: Packs) -> None:
    """Fuse and rebuild, with wall and processor seconds."""
    for name, step in (("fuse", fuse.run), ("registers", registers.rebuild)):
        wall, cpu = time.perf_counter(), time.process_time()
        step(store, settings, packs, "2026-11-01T00:00:00+00:00")
        print(f"{name:10} {time.perf_counter() - wall:7.1f} s wall {time.process_time() - cpu:7.1f} s processor")


def true_subjects(session: Session, settings: Settings, packs: Packs, simulated: Path) -> Iterator[tuple[Mention, str]]:
    """Every current record's roles with the id of the subject they truly speak of."""
    names = dict(session.all("SELECT delivery_id, file_name FROM delivery"))
    for path in sorted((simulated / "truth" / "rows").glob("*.csv.gz")):
        resource = path.name.removesuffix(".csv.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = {(row["file"], row["row_no"]): row for row in csv.DictReader(lines)}
        for batch in collect.scan(session, settings, packs.source(resource)):
            for record, row_no, delivery in zip(
                *(batch.column(name).to_pylist() for name in ("record_id", "row_no", "delivery_id")), strict=True
            ):
                for role, subject in rows.get((names[delivery], str(row_no)), {}).items():
                    if subject and role not in ("file", "row_no"):
                        yield (resource, record, role), subject


def report(kind: str, truth: dict[Mention, str], linked: dict[Mention, tuple[str, str, str]], *, wrong: int, missed: int) -> None:
    """Print one register's line."""
    rows = [
        (mention, subject, *linked[mention][1:])
        for mention, subject in truth.items()
        if mention in linked and linked[mention][0] == kind and subject[0] == KINDS[kind]
    ]
    true_pairs = pairs(Counter(subject for _, subject, _, _ in rows))
    made_pairs = pairs(Counter(code for _, _, code, _ in rows if code))
    right = pairs(Counter((subject, code) for _, subject, code, _ in rows if code))
    precision, recall = right / max(made_pairs, 1), right / max(true_pairs, 1)
    print(f"{kind:13} {len(rows):8,} mentions  pairs: precision {precision:.5f}  recall {recall:.5f}")
    main_code = most_common(rows)
    outcome: Counter[str] = Counter()
    for mention, subject, code, rule in rows:
        if rule in BY_NUMBER:
            continue
        what = "none" if not code else "right" if code == main_code.get(subject) else "other"
        outcome[what] += 1
        if what == "other" and outcome["other"] <= wrong:
            print("   ", "/".join(mention), rule, code, "should be", main_code.get(subject))
    opened = sum(outcome.values())
    print(f"{'':13} without a usable number: {opened:,} mentions, {opened / max(len(rows), 1):.2%}")
    print(f"{'':13} open: " + "  ".join(f"{name} {number:,}" for name, number in sorted(outcome.items())))
    together = defaultdict(set)
    for _, subject, code, _ in rows:
        if code:
            together[code].add(subject)
    lost = Counter((mention[0], rule) for mention, subject, code, rule in rows if rule not in BY_NUMBER and code != main_code.get(subject))
    if missed:
        print(f"{'':13} missed, by resource and rule: " + "  ".join(f"{where}/{rule} {n}" for (where, rule), n in lost.most_common(missed)))
    print(
        f"{'':13} codes {len(together):,} for {len({s for _, s, c, _ in rows if c}):,} subjects; codes with more than one subject: {sum(len(s) > 1 for s in together.values())}"
    )


def most_common(rows: list[tuple[Mention, str, str, str]]) -> dict[str, str]:
    """Subject → the code most of its records are under."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for _, subject, code, _ in rows:
        if code:
            counts[subject][code] += 1
    return {subject: min(found, key=lambda code: (-found[code], code)) for subject, found in counts.items()}


def pairs(counts: Counter[object]) -> int:
    """How many pairs groups of these sizes hold."""
    return sum(number * (number - 1) // 2 for number in counts.values())


if __name__ == "__main__":
    main()
