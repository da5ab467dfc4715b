"""Judge the comparisons by themselves: a sample of open mentions of a linked simulated city, each with its candidates, against the truth.

    datong simulate var/sim --people 20000
    datong init … , datong collect … and datong fuse run into a city's home, then:
    python benchmarks/weights.py var/city var/sim [--sample 2500]

Seconds instead of a whole run, so a change of a weight can be tried at once. `right` and `wrong`: the subject chosen is, or is
not, whom the mention truly speaks of; `asked`: waits for a reviewer; `left`: none likely enough. Run with the declared
weights, and with what is known of how common values are left out.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from datong import collect
from datong.fuse import learn_from
from datong.fuse.counting import models_at_hand
from datong.fuse.learn import Pair
from datong.fuse.model import Model
from datong.fuse.score import choose
from datong.settings import Settings, load_settings
from datong.spec import Packs, load_packs
from datong.store import Session, open_store

NUMBERS = {"person": ("persons", "citizen_id", "id:"), "organisation": ("firms", "credit_code", "uscc:")}


def main() -> None:
    """Read the two folders from the command line and print a table a register."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("simulated", type=Path)
    parser.add_argument("--sample", type=int, default=2500)
    given = parser.parse_args()
    settings = load_settings(given.home)
    store, packs = open_store(settings), load_packs(settings.packs)
    with store.session(read_only=True) as session:
        models = models_at_hand(session, packs)
        for kind in ("person", "organisation"):
            pairs = learn_from.draw_sample(session, models[kind], given.sample).pairs
            truth = dict(true_subjects(session, settings, packs, (given.simulated, {pair.left.key for pair in pairs})))
            owners = dict(owner_of_numbers(given.simulated, kind))
            for label, model in (("as declared", models[kind]), ("without commonness", replace(models[kind], rarity={}))):
                print(f"{kind:13} {label:19} " + outcome(model, pairs, truth, owners))
    store.close()


def outcome(model: Model, pairs: list[Pair], truth: dict[str, str], owners: dict[str, str]) -> str:
    """What becomes of every mention that has candidates."""
    by_mention: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_mention[pair.left.key].append(pair)
    counts: Counter[str] = Counter()
    for key, found in by_mention.items():
        choice = choose(model, found[0].left, [pair.right for pair in found])
        if choice.key:
            counts["right" if owners.get(choice.key) == truth.get(key) else "wrong"] += 1
        else:
            counts["asked" if choice.unsure else "left"] += 1
    return "  ".join(f"{name} {counts[name]:,}" for name in ("right", "wrong", "asked", "left"))


def owner_of_numbers(simulated: Path, kind: str) -> Iterator[tuple[str, str]]:
    """Anchor → the subject whose number it truly is."""
    name, column, prefix = NUMBERS[kind]
    with gzip.open(simulated / "truth" / f"{name}.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield prefix + row[column], row["id"]


def true_subjects(session: Session, settings: Settings, packs: Packs, wanted: tuple[Path, set[str]]) -> Iterator[tuple[str, str]]:
    """Mention (`rec:resource/record/role`) → the subject it truly speaks of."""
    simulated, keys = wanted
    names = dict(session.all("SELECT delivery_id, file_name FROM delivery"))
    roles: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key in keys:
        resource, record, role = key.removeprefix("rec:").split("/")
        roles[resource][record].append(role)
    for resource, records in sorted(roles.items()):
        with gzip.open(simulated / "truth" / "rows" / f"{resource}.csv.gz", "rt", encoding="utf-8") as lines:
            told = {(row["file"], row["row_no"]): row for row in csv.DictReader(lines)}
        for batch in collect.scan(session, settings, packs.source(resource)):
            columns = (batch.column(name).to_pylist() for name in ("record_id", "row_no", "delivery_id"))
            for record, number, delivery in zip(*columns, strict=True):
                for role in records.get(record, ()):
                    yield f"rec:{resource}/{record}/{role}", told.get((names[delivery], str(number)), {}).get(role, "")


if __name__ == "__main__":
    main()
