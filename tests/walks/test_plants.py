"""The traps of the simulated city, through the real flow: whoever is easily taken for somebody else is not."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from tests.simulated_city import City, Template

from datong import collect, fuse

APART = ("twins", "father_and_son", "namesakes_in_house", "namesakes_born_same_day", "homonyms", "phone_handed_on", "remarried")
"""Kinds of trap whose people must stay apart."""
RARE = ("namesakes_in_house",)
"""One in some two thousand people: a city of the walks' size may have none; `tests/fuse/test_people.py` has one by hand."""
TOGETHER = ("rare_name", "dotted_name", "renamed", "old_citizen_id")
"""Kinds of trap whose person must stay one."""
Mention = tuple[str, str, str]


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def truth_of(city: City, folder: Path) -> dict[Mention, str]:
    """Every current record's roles with the person they truly speak of."""
    names = dict(city.all("SELECT delivery_id, file_name FROM delivery"))
    found: dict[Mention, str] = {}
    for path in sorted((folder / "rows").glob("*.csv.gz")):
        resource = path.name.removesuffix(".csv.gz")
        told = {(row["file"], row["row_no"]): row for row in rows(path)}
        with city.store.session(read_only=True) as session:
            for batch in collect.scan(session, city.settings, city.packs.source(resource)):
                for record, number, delivery in zip(
                    *(batch.column(name).to_pylist() for name in ("record_id", "row_no", "delivery_id")), strict=True
                ):
                    for role, subject in told.get((names[delivery], str(number)), {}).items():
                        if role not in ("file", "row_no") and subject.startswith("P"):
                            found[resource, record, role] = subject
    return found


@pytest.mark.slow
def test_the_people_of_every_trap_are_who_they_are(city: City, template: Template) -> None:
    folder = template.home.parent / "simulated" / "truth"
    truth = truth_of(city, folder)
    linked = {
        (row[0], row[1], row[2]): row[3] for row in city.all("SELECT resource, record_id, role, code FROM member WHERE kind = 'person'")
    }
    people: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention, person in truth.items():
        if code := linked.get(mention, ""):
            people[code].add(person)
            codes[person][code] += 1
    traps: dict[str, list[list[str]]] = defaultdict(list)
    for row in rows(folder / "traps.csv.gz"):
        traps[row["kind"]].append([one for one in row["ids"].split() if one.startswith("P")])
    for kind in APART:
        assert traps[kind] or kind in RARE, f"the simulated city has no {kind}"
        for ids in traps[kind]:
            for one, two in combinations(ids, 2):
                assert not set(codes[one]) & set(codes[two]), f"{kind}: two people under one code"
    for kind in TOGETHER:
        for (person,) in (ids for ids in traps[kind] if len(ids) == 1):
            found = codes[person]
            assert not found or found.most_common(1)[0][1] >= 0.8 * found.total(), f"{kind}: one person in pieces"
    assert all(len(found) == 1 for found in people.values()), "no code holds two people"


@pytest.mark.slow
def test_no_code_holds_two_sound_numbers_that_nobody_joined(city: City) -> None:
    numbers = city.all(
        "SELECT code, anchor FROM anchor WHERE kind IN ('person', 'organisation') AND (anchor LIKE 'id:%' OR anchor LIKE 'uscc:%')"
    )
    held = Counter(code for code, _ in numbers)
    assert len(numbers) > 1000 and max(held.values()) == 1


@pytest.mark.slow
def test_the_citys_own_data_agree_with_the_declared_order_and_the_health_check_finds_it_sound(city: City) -> None:
    with city.store.session() as session:
        learnt = fuse.learn_weights(session, city.packs, "person", sample=600)
        fuse.check_health(session, city.packs)
        grave = [one for one in fuse.suspicious_clusters(session, 50) if one.problem == "two_numbers"]
    rows_ = {(row.comparison, row.level): row.learnt for row in learnt.rows if row.learnt is not None}
    assert learnt.compared > 300 and rows_["name", "same"] > 3 > 0 > rows_["name", "different"]
    assert grave == []
