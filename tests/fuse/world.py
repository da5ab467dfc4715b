"""A small invented city for linking: records are cleaned by the real cleaner against the real packs, then fused."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa

from datong import fuse
from datong.collect import Cleaner, scan_schema
from datong.domain.identifiers import citizen_check, credit_check
from datong.settings import Settings, packs_folder
from datong.spec import Packs, Source, load_packs
from datong.store import Session, Store

NOW = "2026-11-01T00:00:00+00:00"
STREET, DIVISION = "四宝山街道", "370303008001"


@cache
def real_packs() -> Packs:
    """The packs that come with datong, read once."""
    return load_packs(packs_folder())


@cache
def cleaner(resource: str) -> Cleaner:
    return Cleaner(real_packs().source(resource))


def citizen(birth: str, sequence: int, region: str = "370303") -> str:
    """A sound citizen number of nobody; an odd sequence is a man."""
    first = f"{region}{birth.replace('-', '')}{sequence:03}"
    return first + citizen_check(first)


def credit(serial: int) -> str:
    """A sound credit code of no organisation."""
    first = f"91370303MA{serial:07}"
    return first + credit_check(first)


@dataclass
class World:
    """Records by resource; fuse them as often and in whatever order you like."""

    store: Store
    settings: Settings
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    packs: Packs = field(default_factory=real_packs)

    def record(self, resource: str, as_of: str = "2026-10-31", delivery: str = "d000001", **values: str) -> str:
        """One record by the source's field names, cleaned; not in the world yet: see `add`."""
        clean = cleaner(resource).row(values, waive=True)
        row: dict[str, Any] = {"record_id": clean.record_id, "row_no": 1, "row_hash": clean.row_hash, "problems": clean.problems}
        for name in self.packs.source(resource).fields:
            row[name], row[f"{name}__raw"] = clean.values[name], clean.raws.get(name)
        row |= {"delivery_id": delivery, "as_of": as_of}
        self._last = row
        return clean.record_id

    def add(self, resource: str, **values: str) -> str:
        """Add one record; its id."""
        record_id = self.record(resource, **values)
        self.rows.setdefault(resource, {})[record_id] = self._last
        return record_id

    def drop(self, resource: str, record_id: str) -> None:
        del self.rows[resource][record_id]

    def table(self, resource: str, rows: list[dict[str, Any]]) -> pa.Table:
        return pa.Table.from_pylist(rows, schema=scan_schema(self.packs.source(resource)))

    def tables(self, seed: int | None = None) -> Iterator[tuple[Source, pa.Table]]:
        """Every resource's records; with a seed in an order of its own."""
        resources = sorted(self.rows)
        shuffle = random.Random(seed).shuffle if seed is not None else (lambda _: None)
        shuffle(resources)
        for resource in resources:
            rows = list(self.rows[resource].values())
            shuffle(rows)
            yield self.packs.source(resource), self.table(resource, rows)

    def fuse(self, seed: int | None = None) -> dict[str, int]:
        """Fuse everything; the counts."""
        with self.store.session() as session:
            return dict(fuse.fuse_records(session, self.settings, self.packs, self.tables(seed), NOW).counts)

    def push(self, resource: str, **values: str) -> list[str]:
        """Push one record through `fuse.add`; the codes it touched."""
        record_id = self.add(resource, **values)
        with self.store.session() as session:
            return fuse.add(session, self.settings, self.packs, resource, self.table(resource, [self.rows[resource][record_id]]), now=NOW)

    def code(self, resource: str, record_id: str, role: str = "person") -> str:
        """The code a record's role is under; "" when under none."""
        return self.member(resource, record_id, role)[0]

    def member(self, resource: str, record_id: str, role: str = "person") -> tuple[str, str]:
        """(code, rule) of a record's role."""
        with self.store.session(read_only=True) as session:
            row = session.one(
                "SELECT code, rule FROM member WHERE resource = :a AND record_id = :b AND role = :c",
                {"a": resource, "b": record_id, "c": role},
            )
        assert row is not None, f"{resource} {role} is not a member"
        return row[0], row[1]

    def links(self) -> dict[str, str]:
        """Every member's reference with its code."""
        with self.store.session(read_only=True) as session:
            return {f"{row[0]}/{row[1]}/{row[2]}": row[3] for row in session.all("SELECT resource, record_id, role, code FROM member")}

    def groups(self) -> set[frozenset[str]]:
        """The clusters as sets of references, whatever their codes."""
        by_code: dict[str, set[str]] = {}
        for ref, code in self.links().items():
            by_code.setdefault(code or f"none {ref}", set()).add(ref)
        return {frozenset(refs) for refs in by_code.values()}

    def judge(self, left: str, right: str, verdict: Any, kind: Any = "person") -> None:
        with self.store.session() as session:
            fuse.judge(session, kind, left, right, verdict, by="reviewer", at=NOW)

    def unsure(self) -> list[fuse.Unsure]:
        with self.store.session(read_only=True) as session:
            return fuse.unsure_pairs(session)

    # ── short forms of the records the tests use most ────────────────────────────────────────────────

    def home(self, estate: str = "丽景新村", building: str = "1", entrance: str = "1", room: str = "101") -> str:
        """A room known to the police; its standard address."""
        text = f"山东省淄博市张店区{STREET}柳门路1号{estate}{building}号楼{entrance}单元{room}室"
        parts = {"division": DIVISION, "street": STREET, "community": "朱庄社区", "road": "柳门路", "road_no": "1", "estate": estate}
        parts |= {"building": building, "entrance": entrance, "room": room}
        self.add("police_address", address_code=f"A{estate}{building}-{entrance}-{room}", standard_address=text, **parts)
        return text

    def household(self, number: str, name: str, citizen_id: str, address: str = "", **more: str) -> str:
        """A household registration."""
        return self.add("police_household", record_no=number, name=name, citizen_id=citizen_id, address=address, **more)

    def health(self, number: str, name: str, **more: str) -> str:
        """A health file: reported, often without a number."""
        return self.add("health_file", file_no=number, name=name, **more)


def session_of(world: World) -> Session:
    return world.store.session(read_only=True)
