"""Take two real public lists of one city the whole way: collect → fuse → registers, and say how far their addresses reach.

    python benchmarks/real_zibo.py [--data ../shared/data/address] [--sample 50 --seed 7]

The lists are 5,107 company registrations (names and addresses as typed) and 8,200 entries of residential estates from six
property sites. They may not be passed on, so they are read where they lie; without them this says so and ends. The estate
list builds the premises tree, the company list is matched against it. What is printed is explained in
docs/concepts/real-zibo.md.
"""

from __future__ import annotations

import argparse
import gzip
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from datong import collect, fuse, registers
from datong.cli.init import make_city
from datong.domain.address import Level, ParsedAddress, PlaceMatch, Verdict
from datong.settings import Settings, load_settings, packs_folder
from datong.spec import Packs, load_packs
from datong.store import Session, Store, open_store

PACKS = Path(__file__).with_suffix("")
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "address"
FILES = {"estate_list": "estates_zibo.csv", "company_list": "enterprise_zibo.csv.gz"}
CITY_FILES = ("departments.yml", "comparisons.yml", "divisions.csv", "functional_zones.csv")
DELIVERED, NOW = "20261101", "2026-11-01T00:00:00+00:00"


@dataclass(frozen=True)
class Told:
    """One company's address, what it was taken for, the level reached in the register, the level the text speaks of."""

    text: str
    match: PlaceMatch
    reached: Level
    says: Level


def main() -> None:
    """Read the options, run the whole way in a folder that is thrown away, print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=BESIDE, help="folder with the two lists")
    options.add_argument("--sample", type=int, default=0, help="print so many results, to be judged by eye")
    options.add_argument("--seed", type=int, default=7, help="which results the sample draws")
    given = options.parse_args()
    missing = [name for name in FILES.values() if not (given.data / name).is_file()]
    if missing:
        sys.exit(f"{given.data} lacks {', '.join(missing)}: the lists are not part of the project; name their folder with --data")
    with tempfile.TemporaryDirectory(prefix="datong-real-") as folder, city_at(Path(folder)) as (store, settings, packs):
        walk(store, settings, packs, deliveries(given.data, Path(folder) / "deliveries"))
        with store.session(read_only=True) as session:
            told = addresses(session, settings, packs)
            print_levels(told)
            print_reasons(told)
            print_registers(session)
        print_sample(random.Random(given.seed).sample(told, min(given.sample, len(told))))


# ── the whole way ────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def city_at(folder: Path) -> Iterator[tuple[Store, Settings, Packs]]:
    """A city of its own with two sources and nothing else."""
    registers_folder = folder / "packs" / "registers"
    shutil.copytree(PACKS, registers_folder / "sources")
    for name in CITY_FILES:
        shutil.copyfile(packs_folder() / "registers" / name, registers_folder / name)
    make_city(folder / "city", {"packs": str(folder / "packs"), "city": "淄博市", "division": "3703"})
    settings = load_settings(folder / "city")
    store = open_store(settings)
    try:
        yield store, settings, load_packs(settings.packs)
    finally:
        store.close()


def deliveries(data: Path, folder: Path) -> list[tuple[str, Path]]:
    """The two files under the names their packs expect."""
    folder.mkdir()
    made = []
    for resource, name in FILES.items():
        path = folder / f"{resource}-{DELIVERED}.csv"
        content = (data / name).read_bytes()
        path.write_bytes(gzip.decompress(content) if name.endswith(".gz") else content)
        made.append((resource, path))
    return made


def walk(store: Store, settings: Settings, packs: Packs, files: Sequence[tuple[str, Path]]) -> None:
    """Collect, fuse, build the registers, with what each step kept and how fast it was."""
    rows = 0
    for resource, path in files:
        start = time.perf_counter()
        receipt = collect.receive(store, settings, packs.source(resource), path, received_at=NOW, received_from="benchmark")
        counts, took = receipt.counts, time.perf_counter() - start
        rows += counts.received
        print(f"collect {resource}: {receipt.state} {receipt.message}  {counts.received:,} rows in, {counts.accepted:,} kept, "
              f"waiting {dict(counts.rejected) or 'none'}, same row again {counts.duplicates:,}; "
              f"kept with a note {dict(counts.problems) or 'none'}; {counts.received / took:,.0f} rows/s")  # fmt: skip
    for name, step in (("fuse", fuse.run), ("registers", registers.rebuild)):
        start = time.perf_counter()
        result = step(store, settings, packs, NOW)
        took = time.perf_counter() - start
        print(f"{name}: {took:.1f} s, {rows / took:,.0f} rows/s  {dict(result.counts) if isinstance(result, fuse.Report) else ''}")


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────


def addresses(session: Session, settings: Settings, packs: Packs) -> list[Told]:
    """Every company's address as collected, matched as the run matched it, in an order that does not depend on the run."""
    tree, reader = fuse.places_of(session)
    texts = sorted(
        text
        for batch in collect.scan(session, settings, packs.source("company_list"))
        for text in batch.column("registered_address").to_pylist()
        if text
    )
    start = time.perf_counter()
    matches = fuse.match_many(reader, tree, texts)
    took = time.perf_counter() - start
    print(f"match: {len(texts):,} addresses, {len(set(texts)):,} different, {len(texts) / took:,.0f} a second")
    return [_told(tree, reader, text, match) for text, match in zip(texts, matches, strict=True)]


def _told(tree: fuse.PlaceTree, reader: fuse.Reader, text: str, match: PlaceMatch) -> Told:
    place = tree.places.get(match.place_id)
    return Told(text, match, place.level if place else Level.NONE, deepest_said(reader.read(text)))


def deepest_said(parsed: ParsedAddress) -> Level:
    """The deepest level of which the text itself says something, whether or not the register knows it."""
    said = (
        (Level.UNIT, parsed.room or parsed.floor),
        (Level.BUILDING, parsed.building or parsed.entrance),
        (Level.NUMBER, parsed.road_no),
        (Level.ESTATE, parsed.estate),
        (Level.ROAD, parsed.road),
        (Level.COMMUNITY, parsed.community or parsed.village),
        (Level.STREET, parsed.street),
        (Level.DISTRICT, parsed.district),
        (Level.CITY, parsed.city or parsed.zone),
    )
    return next((level for level, value in said if value), Level.NONE)


def print_levels(told: Sequence[Told]) -> None:
    """How deep the texts go, and how deep the register follows them: at this level, and at this level or deeper."""
    columns = [Counter(one.says for one in told), Counter(one.reached for one in told)]
    print(f"\n{'level':10}{'text says':>11}{'or deeper':>11}{'reached':>11}{'or deeper':>11}")
    so_far = [0, 0]
    for level in reversed(Level):
        cells = []
        for at, counts in enumerate(columns):
            so_far[at] += counts[level]
            cells += [counts[level], so_far[at]]
        print(f"{level.value:10}" + "".join(f"{number / max(len(told), 1):>11.1%}" for number in cells))


def print_reasons(told: Sequence[Told]) -> None:
    """Verdicts; by which rule the exact ones were found; the first reason of the others."""
    print()
    for verdict in Verdict:
        of_it = [one.match for one in told if one.match.verdict is verdict]
        print(f"{verdict.value:11}{len(of_it):6,}{len(of_it) / max(len(told), 1):8.1%}")
        found = (match.rule.partition(",")[0] if verdict is Verdict.EXACT else match.reasons[0].word for match in of_it)
        for word, number in Counter(found).most_common():
            print(f"    {word:24}{number:6,}")


def print_registers(session: Session) -> None:
    """What stands in the registers in the end."""
    print()
    print("entries:", dict(session.all("SELECT kind, count(*) FROM entry GROUP BY kind ORDER BY kind")))
    print("relations:", dict(session.all("SELECT type, count(*) FROM relation GROUP BY type ORDER BY type")))
    print("open marks:", dict(session.all("SELECT kind, count(*) FROM mark WHERE state = 'open' GROUP BY kind ORDER BY kind")))
    print("places:", dict(session.all("SELECT level, count(*) FROM place GROUP BY level ORDER BY level")))


def print_sample(told: Sequence[Told]) -> None:
    """Some results, for judging by eye."""
    for number, one in enumerate(told, start=1):
        match = one.match
        why = "; ".join(reason.zh for reason in match.reasons)
        print(f"{number:3} {one.text}\n      {match.verdict.value}, {one.reached.value}: {match.full_text or '-'}  [{match.rule}] {why}")


if __name__ == "__main__":
    main()
