"""How right the registers of a simulated city are: addresses, and the domiciles of organisations, against the city's truth."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from datong import collect
from datong.settings import Settings
from datong.spec import Packs
from datong.store import Session

ADDRESSES = ("address", "registered_address", "operating_address")
BASE = ("police_address", "housing_unit", "grid_premises")
"""The resources whose rows say which code a door bears: the base that addresses are led to."""
Mention = tuple[str, str, str]


@dataclass(frozen=True)
class Accuracy:
    """Counts by outcome: right, wrong, none (led to no door) and nobody (the register does not know the organisation)."""

    address: Counter[str]
    domicile: Counter[str]


def measure(session: Session, settings: Settings, packs: Packs, truth: Path) -> Accuracy:
    """Compare every delivered address and every active organisation's seat with the truth files of `datong simulate`."""
    said: dict[Mention, str] = {}
    address: Counter[str] = Counter()
    linked = {(r, record, role): code for r, record, role, code in session.all("SELECT resource, record_id, role, code FROM member")}
    for mention, subject in true_subjects(session, settings, packs, truth):
        if subject[0] in "UF" and mention in linked:
            said[mention] = subject
    doors = _codes(said, linked, "U", BASE)
    firms = _codes(said, linked, "F", ())
    for mention, subject in said.items():
        if subject[0] == "U" and mention[0] not in BASE and subject in doors:
            code = linked[mention]
            address["none" if not code else "right" if code == doors[subject] else "wrong"] += 1
    return Accuracy(address, _domiciles(session, truth, doors, firms))


def true_subjects(session: Session, settings: Settings, packs: Packs, truth: Path) -> Iterator[tuple[Mention, str]]:
    """Every current record's roles with the id of the subject they truly speak of."""
    names: dict[str, str] = dict(session.all("SELECT delivery_id, file_name FROM delivery"))
    for path in sorted((truth / "rows").glob("*.csv.gz")):
        resource = path.name.removesuffix(".csv.gz")
        rows = {(row["file"], row["row_no"]): row for row in read(path)}
        for batch in collect.scan(session, settings, packs.source(resource)):
            columns = (batch.column(name).to_pylist() for name in ("record_id", "row_no", "delivery_id"))
            for record, row_no, delivery in zip(*columns, strict=True):
                for role, subject in rows.get((names[delivery], str(row_no)), {}).items():
                    if subject and role not in ("file", "row_no"):
                        yield (resource, record, role), subject


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one truth file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _codes(said: dict[Mention, str], linked: dict[Mention, str], letter: str, base: tuple[str, ...]) -> dict[str, str]:
    """Which code a true subject bears: the commonest among the base's rows, or among all rows where there is no base."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for mention, subject in said.items():
        if subject[0] == letter and linked[mention] and (not base or mention[0] in base):
            seen[subject][linked[mention]] += 1
    return {subject: sorted(codes.items(), key=lambda one: (-one[1], one[0]))[0][0] for subject, codes in seen.items()}


def _domiciles(session: Session, truth: Path, doors: dict[str, str], firms: dict[str, str]) -> Counter[str]:
    """Of the organisations that are truly active and have a seat in the city: what the register says of the seat."""
    seats: dict[str, set[str]] = defaultdict(set)
    for code, door in session.all("SELECT from_code, to_code FROM relation WHERE type = 'registered_at' AND until = ''"):
        seats[code].add(door)
    found: Counter[str] = Counter()
    for row in read(truth / "firms.csv.gz"):
        if row["status"] != "active" or row["registered_unit"] not in doors:
            continue
        code = firms.get(row["id"], "")
        seat = seats.get(code, set())
        found["nobody" if not code else "none" if not seat else "right" if seat == {doors[row["registered_unit"]]} else "wrong"] += 1
    return found
