"""A register store of a million people for `serve.py`: invented, written straight into the tables in the registers' own shape.

Each person, home and tie has the facts of the three sources that every city starts with (household register, residents,
real-estate titles), so that an entry is a document of some kilobytes, as the folding makes it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from datong import ledger, share, spec, store
from datong.cli.init import make_city
from datong.domain.codes import issue
from datong.domain.identifiers import citizen_check
from datong.registers import write_facts
from datong.settings import Settings
from datong.web import NewKey, create_api_key

NOW = "2026-11-20T02:00:00+00:00"
DIVISIONS = ("370303008", "370303001", "370305001", "370306001")
SOURCES = (("police_household", "police"), ("police_resident", "police"), ("estate_title", "natural_resources"))
INSURED = (("hr_insured_person", "human_resources"),)
_KEY = b"a key for benchmarks, for nothing else"


@dataclass(frozen=True)
class Built:
    """Where the store lies and the secret of the key that may ask."""

    settings: Settings
    secret: str


REGISTRAR = NewKey("benchmark", "market_regulation", ("gate_registrar_system",), ())


def build(home: Path, people: int, database: str = "", key: NewKey = REGISTRAR) -> Built:
    """Make the city, or take the one that stands; homes are 0.45 a person, each with one owner. `database`: a store elsewhere."""
    settings = make_city(home, {"origin": "datong.example/bench", **({"store": database} if database else {})})
    opened = store.open_store(settings)
    with opened.session(read_only=True) as session:
        stands = session.one("SELECT count(*) FROM entry WHERE kind = 'person'") == (people,)
    if not stands:
        _fill(opened, people)
    share.install(opened, settings, spec.load_packs(settings.packs))
    ledger.make_keys(settings.home, settings.origin)
    with opened.session() as session:
        secret = create_api_key(session, key, NOW)
    opened.close()
    return Built(settings, secret)


def _fill(opened: store.Store, people: int) -> None:
    """Every table in the order of its key and in a transaction of its own: a tree filled in order is filled fast."""
    persons = [code for _, code in islice(issue("person", -1, _KEY), people)]
    homes = [code for _, code in islice(issue("premises", -1, _KEY), people * 9 // 20)]
    relation = ("from_code", "type", "to_code", "resource", "record_id", "since", "until", "as_of", "delivery_id", "department", "detail")
    subjects = ("code", "kind", "serial", "issued_at", "state", "merged_into")
    tables = (
        ("subject", subjects, sorted(_subjects(("person", persons), ("premises", homes)))),
        ("entry", ("code", "kind", "division", "label", "body"), _entries(persons, homes)),
        ("entry_key", ("key_type", "key_value", "code", "kind"), sorted(_keys(persons))),
        ("relation", relation, sorted(_relations(persons, homes))),
    )
    for table, columns, rows in tables:
        with opened.session() as session:
            session.run(f"DELETE FROM {table}")
            session.load(table, columns, rows)


def _subjects(*kinds: tuple[str, list[str]]) -> Iterator[tuple[str, str, int, str, str, str]]:
    for kind, codes in kinds:
        for serial, code in enumerate(codes):
            yield code, kind, serial, NOW, "active", ""


def number_of(at: int) -> str:
    """The citizen number of the person at a place in the list: sound, invented, unique."""
    day = 1 + at // 999 % 28
    body = f"370303{1940 + at // 999 // 28 // 12 % 80:04}{1 + at // 999 // 28 % 12:02}{day:02}{at % 999 + 1:03}"
    return body + citizen_check(body)


def owner_at(home: int, people: int) -> int:
    """The place of a home's owner in the list of people."""
    return home * 2 % people


def _entries(persons: list[str], homes: list[str]) -> Iterator[tuple[str, ...]]:
    draw = random.Random(5)
    for code, at in sorted((code, at) for at, code in enumerate(homes)):
        door = f"{at // 60 % 40 + 1}号楼{at // 20 % 3 + 1}单元{at % 20 // 2 + 1}0{at % 2 + 1}室"
        address = f"山东省淄博市张店区四宝山街道柳泉路{at // 400}号鸿泰家园{door}"
        title = f"370303001001GB{at // 10000:05}F{at:08}"
        facts = {"address": address, "standard_address": address, "area": "98.5", "use": "residential", "title_unit_no": title}
        yield code, "premises", DIVISIONS[at % 4], address, write_facts(_held(facts, code))
    for code, at in sorted((code, at) for at, code in enumerate(persons)):
        name = draw.choice("王李张刘陈杨赵黄周吴") + draw.choice("伟芳娜敏静磊强洋艳勇") + draw.choice("军杰娟涛明超霞平刚桂")
        number = number_of(at)
        facts = {"name": name, "citizen_id": number, "sex": "male", "birth_date": number[6:14], "phone": f"139{at:08}"}
        insured = {"insurance_no": f"S{at:09}", "workplace": f"淄博第{at % 9973}商贸有限公司"}
        yield code, "person", DIVISIONS[at % 4], name, write_facts(_held(facts, code) | _held(insured, code, INSURED))


def _held(facts: dict[str, str], code: str, sources: tuple[tuple[str, str], ...] = SOURCES) -> dict[str, list[dict[str, str]]]:
    return {
        field: [
            {"value": value, "resource": resource, "department": department, "record": f"{code:0>32}", "delivery": "d000001",
             "as_of": "2026-10-31", "state": "won" if at == 0 else "agrees", "why": "order" if at == 0 else "same_value"}
            for at, (resource, department) in enumerate(sources)
        ]
        for field, value in facts.items()
    }  # fmt: skip


def _keys(persons: list[str]) -> Iterator[tuple[str, ...]]:
    for at, code in enumerate(persons):
        yield "citizen_id", number_of(at), code, "person"
        yield "phone", f"139{at:08}", code, "person"


def _relations(persons: list[str], homes: list[str]) -> Iterator[tuple[str, ...]]:
    for at, home in enumerate(homes):
        owner = persons[owner_at(at, len(persons))]
        yield owner, "owns", home, "estate_title", f"{at:032}", "2019-05-01", "", "2026-10-31", "d000001", "natural_resources", "{}"
    for at, person in enumerate(persons):
        home = homes[at % len(homes)]
        yield person, "lives_at", home, "police_resident", f"{at:032}", "2019-06-01", "", "2026-10-31", "d000001", "police", "{}"
