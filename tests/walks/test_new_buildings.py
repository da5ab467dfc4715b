"""A new home: reported by the housing department's system, seen on site by a grid worker, then in the base with both words; and placed for every other system."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.walks.conftest import City, actor

from datong import collect, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOUSING = actor("system", "housing", id="key_housing", resources=("housing_unit",), jurisdiction=("3703",))


def worker(department: str = "sub_district", role: str = "grid_worker") -> Actor:
    return actor("officer", department, unit="第三网格", roles=frozenset({role}), jurisdiction=("3703",))


def new_home(city: City) -> tuple[str, str]:
    """Push a home on a floor that its building did not have; its code and its full wording."""
    source = city.packs.source("housing_unit")
    with city.store.session(read_only=True) as session:
        rows = [row for batch in collect.scan(session, city.settings, source) for row in batch.to_pylist()]
    known = next(row for row in rows if row["estate"] and row["building"] and row["room"] and row["community"])
    names = {column.field: column.name for column in source.columns}
    row = {name: known.get(f"{field}__raw") or known.get(field) or "" for field, name in names.items()}
    address = f"{row[names['standard_address']].removesuffix('室').removesuffix(known['room'])}6601室"
    row |= {
        names["unit_no"]: "新报-1", names["room"]: "6601", names["floor"]: "66", names["standard_address"]: address, names["title_unit_no"]: "",
    }  # fmt: skip
    with city.store.session() as session:
        taken = share.take_in(session, HOUSING, "housing_unit", [row], now=AT)
    assert taken.receipt.counts.accepted == 1, taken.receipt
    homes = [code for code in taken.codes if code[0] == "H"]
    assert len(homes) == 1
    return homes[0], address


def asked(city: City, code: str) -> list[str]:
    rows = city.all("SELECT mark_id FROM mark WHERE code = :code AND kind = 'single_source' AND state = 'open'", code=code)
    return [row[0] for row in rows]


def test_a_new_home_is_seen_on_site_and_stands_in_the_base_with_both_words(city: City) -> None:
    code, _ = new_home(city)
    (mark,) = asked(city, code)
    with city.store.session() as session:
        listed = share.problems(session, worker(), {"kind": "single_source"}, now=AT)
        assert mark in {one.case.mark_id for one in listed.found} or listed.next_cursor, "it is on the grid's list"
        taken = share.see_on_site(session, worker(), mark, share.Seen("370303008001-07", "居住"), now=AT)
    assert code in taken.codes and taken.receipt.counts.accepted == 1
    assert asked(city, code) == [], "a second department speaks of it: the question is settled"
    sources = {row[0] for row in city.all("SELECT resource FROM member WHERE code = :code", code=code)}
    assert sources == {"housing_unit", "grid_premises"}
    assert city.fact(code, "grid_cell") == "370303008001-07"
    lines = city.all("SELECT actor, type FROM ledger_line WHERE subject = :code AND type = 'push' ORDER BY leaf_index", code=code)
    assert [row[0] for row in lines] == ["key_housing", "sub_district-1"], "both who sent it and who saw it are in the record"


def test_only_the_grids_own_workers_write_down_what_they_saw(city: City) -> None:
    code, _ = new_home(city)
    (mark,) = asked(city, code)
    with city.store.session() as session:
        for stranger in (worker(role="officer"), worker("market_regulation"), worker("housing")):
            with pytest.raises((Forbidden, Missing)):
                share.see_on_site(session, stranger, mark, share.Seen(), now=AT)
        with pytest.raises(BadValue, match="use"):
            share.see_on_site(session, worker(), mark, share.Seen(use="天上"), now=AT)
        with pytest.raises(Missing):
            share.see_on_site(session, worker(), "0" * 24, share.Seen(), now=AT)
    assert asked(city, code) == [mark]


def test_other_systems_place_an_address_in_its_block_and_on_the_map(city: City) -> None:
    """One interface for all: registration of property and of business ask where something lies, and follow what changes."""
    code, full = city.one(
        "SELECT p.code, p.full_text FROM place p JOIN member m ON m.code = p.code AND m.resource = 'grid_premises' "
        "WHERE p.level = 'unit' AND p.longitude IS NOT NULL ORDER BY p.place_id LIMIT 1"
    )
    registry = actor("system", "natural_resources", id="key_registry", jurisdiction=("3703",))
    block = city.fact(code, "grid_cell")
    with city.store.session(read_only=True) as session:
        by_text = share.locate(session, registry, full, now=AT)
        nowhere = share.locate(session, registry, "月球路1号", now=AT)
    assert by_text.read.verdict == "exact" and (by_text.block, by_text.block_of) == (block, "door")
    assert by_text.point is not None and 117 < by_text.point.longitude < 119 and 36 < by_text.point.latitude < 38
    assert [step.level for step in by_text.chain][:2] == ["city", "district"] and by_text.chain[-1].level == "unit"
    assert by_text.division.startswith("3703") and len(by_text.division) == 12
    assert by_text.around, "a sketch has something to show"
    assert nowhere.point is None and nowhere.block == "" and nowhere.chain == ()


def test_what_the_housing_system_pushed_is_placed_at_once(city: City) -> None:
    """Both sides stay current: the new home can be asked for as soon as the push is answered, and is in the feed."""
    (seq,) = city.one("SELECT coalesce(max(seq), 0) FROM change")
    code, address = new_home(city)
    registry = actor("system", "police", id="key_police", jurisdiction=("3703",))
    with city.store.session(read_only=True) as session:
        found = share.locate(session, registry, address, now=AT)
        told, _ = share.changes(session, worker("police", "officer"), seq, now=AT)
    assert found.read.verdict == "exact" and found.chain[-1].name == "6601"
    assert found.point is not None and found.point.level != "unit", "its own coordinates are not known yet: its building's are"
    assert code in {change.code for change in told}
