"""What came since the last run, fused by itself, ends in what a whole run over everything ends in."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuse.world import citizen, real_packs

from datong import collect, fuse, registers
from datong.cli.init import make_city
from datong.registers import read_body
from datong.store import Store, open_store

NOW = "2026-11-20T00:00:00+00:00"
HOMES = [f"山东省淄博市张店区四宝山街道柳门路1号丽景新村1号楼1单元{floor}0{door}室" for floor in (1, 2, 3) for door in (1, 2)]


@dataclass(frozen=True)
class Somebody:
    """What the police and the clinic say of one person."""

    number: int
    name: str
    phone: str = ""
    home: int = 0
    clinic: bool = True
    police: bool = True

    @property
    def citizen_id(self) -> str:
        return citizen(f"19{60 + self.number}-03-07", 10 * self.number + 1)


PEOPLE = tuple(
    Somebody(at, name, f"1390533{at:04}", at % 6) for at, name in enumerate(("王小明", "李桂兰", "张建国", "赵敏", "陈静", "孙伟"))
)


class City:
    """A city that collects files and messages."""

    def __init__(self, folder: Path) -> None:
        self.settings = make_city(folder / "city", {})
        self.store: Store = open_store(self.settings)
        self.packs = real_packs()
        self.folder = folder

    def deliver(self, people: tuple[Somebody, ...], day: str) -> None:
        """Full deliveries of the police's registrations and of the clinic's files, which name no number."""
        rooms = [{"address_code": f"A{at}", "standard_address": home, **_parts(home)} for at, home in enumerate(HOMES)]
        self._file("police_address", rooms, day)
        registered = [
            {"record_no": f"R{one.number}", "name": one.name, "citizen_id": one.citizen_id, "address": HOMES[one.home]}
            for one in people
            if one.police
        ]
        self._file("police_household", registered, day)
        files = [
            {"file_no": f"F{one.number}", "name": one.name, "birth_date": f"19{60 + one.number}-03-07", "phone": one.phone,
             "address": HOMES[one.home]}
            for one in people
            if one.clinic
        ]  # fmt: skip
        self._file("health_file", files, day)

    def _file(self, resource: str, rows: list[dict[str, str]], day: str) -> None:
        source = self.packs.source(resource)
        whole = [{column.name: row.get(column.field, "") for column in source.columns} for row in rows]
        path = self.folder / f"{resource}-{day.replace('-', '')}.{'jsonl' if source.format.kind == 'jsonl' else 'csv'}"
        if source.format.kind == "jsonl":
            path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in whole), encoding="utf-8")
        else:
            with path.open("w", encoding=source.format.encoding, newline="") as file:
                writer = csv.DictWriter(file, [column.name for column in source.columns], delimiter=source.format.delimiter or ",")
                writer.writeheader()
                writer.writerows(whole)
        receipt = collect.receive(self.store, self.settings, source, path, received_at=f"{day}T01:00:00Z", received_from="t", as_of=day)
        if not receipt.collected:  # so few rows are against the agreed number
            at = f"{day}T02:00:00Z"
            receipt = collect.release_delivery(self.store, self.settings, source, receipt.delivery_id, by="t", at=at)
        assert receipt.collected, (receipt.reason, receipt.message, receipt.counts)

    def run(self) -> None:
        fuse.run(self.store, self.settings, self.packs, NOW)
        registers.rebuild(self.store, self.settings, self.packs, NOW)

    def catch_up(self) -> fuse.Caught:
        return fuse.catch_up(
            self.store, self.settings, self.packs, NOW, lambda session, codes: registers.refresh(session, self.packs, codes, NOW)
        )

    def state(self) -> tuple[object, ...]:
        """What stands in the registers and who is who, without the codes themselves."""
        with self.store.session(read_only=True) as session:
            groups: dict[str, set[str]] = {}
            for code, *ref in session.all("SELECT code, resource, record_id, role FROM member"):
                groups.setdefault(code or "/".join(ref), set()).add("/".join(ref))
            names = {code: min(refs) for code, refs in groups.items()}
            entries = []
            for code, division, label, body in session.all("SELECT code, division, label, body FROM entry"):
                facts = read_body(body)
                told = [(f, sorted((x["value"], x["record"], x["as_of"], x["state"], x["why"]) for x in some)) for f, some in facts.items()]
                entries.append((names[code], division, label, sorted(told)))
            ties = {(names[one], kind, names[two]) for one, kind, two in session.all("SELECT from_code, type, to_code FROM relation")}
            alive = session.all("SELECT kind, count(*) FROM subject WHERE state = 'active' GROUP BY kind ORDER BY kind")
        return {frozenset(refs) for refs in groups.values()}, sorted(entries), ties, alive


def _parts(home: str) -> dict[str, str]:
    room = home.removesuffix("室")[-3:]
    parts = {"division": "370303008001", "street": "四宝山街道", "community": "朱庄社区", "road": "柳门路", "road_no": "1"}
    return parts | {"estate": "丽景新村", "building": "1", "entrance": "1", "room": room}


def same_in_the_end(folder: Path, before: tuple[Somebody, ...], after: tuple[Somebody, ...]) -> fuse.Caught:
    """Two cities: one runs, gets news and catches up; the other runs once at the end."""
    one, other = City(folder / "one"), City(folder / "other")
    one.deliver(before, "2026-10-31")
    one.run()
    with one.store.session(read_only=True) as session:
        codes = dict(session.all("SELECT resource || record_id || role, code FROM member WHERE code <> ''"))
    one.deliver(after, "2026-11-15")
    caught = one.catch_up()
    other.deliver(before, "2026-10-31")
    other.deliver(after, "2026-11-15")
    other.run()
    left, right = one.state(), other.state()
    with one.store.session(read_only=True) as session:
        kept = dict(session.all("SELECT resource || record_id || role, code FROM member WHERE code <> ''"))
        moved = {
            ref: (codes[ref], code)
            for ref, code in kept.items()
            if codes.get(ref, code) != code and ref.startswith("police_household") and ref.endswith("person")
        }
    for city in (one, other):
        city.store.close()
    assert left == right
    assert not moved, "whoever has a number keeps the code"
    return caught


def test_news_and_ended_records_end_in_what_a_whole_run_ends_in(tmp_path: Path) -> None:
    changed = replace(PEOPLE[1], name="李桂蓝", home=5)
    gone = replace(PEOPLE[2], police=False, clinic=False)
    only_clinic = replace(PEOPLE[3], police=False)
    caught = same_in_the_end(tmp_path, PEOPLE[:5], (PEOPLE[0], changed, gone, only_clinic, PEOPLE[4], PEOPLE[5]))
    assert caught.ended["police_household"] == 2
    assert caught.ended["health_file"] == 1


def test_nothing_new_touches_nothing(tmp_path: Path) -> None:
    city = City(tmp_path)
    city.deliver(PEOPLE, "2026-10-31")
    city.run()
    before = city.state()
    assert city.catch_up().codes == set()
    assert city.state() == before
    city.store.close()


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(("keep", "move", "rename", "no police", "no clinic", "gone")), st.integers(0, 5)), min_size=6, max_size=6
    )
)
def test_whatever_changes_it_ends_the_same(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int]]) -> None:
    after = []
    for one, (what, home) in zip(PEOPLE, changes, strict=True):
        news = {
            "keep": {}, "move": {"home": home}, "rename": {"name": one.name[:-1] + "华"}, "no police": {"police": False},
            "no clinic": {"clinic": False}, "gone": {"police": False, "clinic": False},
        }[what]  # fmt: skip
        after.append(replace(one, **news))
    if any(one.police for one in after) and any(one.clinic for one in after):
        same_in_the_end(tmp_path_factory.mktemp("since"), PEOPLE, tuple(after))
