"""The registers as a whole: derived, found by any key, listed, marked, followed."""

from __future__ import annotations

import pytest
from tests.fuse.world import NOW, World, citizen, credit
from tests.registers.conftest import TITLE, WANG

from datong import registers
from datong.domain.access import Key
from datong.domain.errors import BadValue, Missing
from datong.store import Session

LATER = "2026-11-02T00:00:00+00:00"


def one(session: Session, key_type: str, value: str, **extra: str) -> str:
    found = registers.find(session, Key(key_type, value, tuple(extra.items())))
    assert len(found) == 1, f"{key_type} leads to {len(found)} subjects"
    return found[0]


def test_dropped_and_rebuilt_the_registers_are_the_same_to_the_byte(any_city: World) -> None:
    with any_city.store.session(read_only=True) as session:
        before = registers.digest(session)
        changes = len(registers.changes(session))
        bodies = session.all("SELECT code, body FROM entry ORDER BY code")
    assert registers.rebuild(any_city.store, any_city.settings, any_city.packs, LATER) == before
    with any_city.store.session() as session:
        assert session.all("SELECT code, body FROM entry ORDER BY code") == bodies
        assert len(registers.changes(session)) == changes, "what did not change is not in the feed"
        session.run("UPDATE entry SET body = replace(body, '王', '李') WHERE kind = 'person'")
        assert registers.digest(session) != before
    assert registers.rebuild(any_city.store, any_city.settings, any_city.packs, LATER) == before, "an edited register heals"


def test_every_key_leads_to_its_subject(any_city: World) -> None:
    with any_city.store.session(read_only=True) as session:
        person = one(session, "citizen_id", f"{WANG[:6]} {WANG[6:]}")
        assert one(session, "code", fuse_shown(person)) == person
        assert one(session, "phone", "+86 139-0533-0001") == person
        assert one(session, "phone", "13905330002") == person
        assert one(session, "name_birth", "王 小明", birth_date="1985年3月7日") == person
        assert one(session, "name_birth", "王小明") == person
        firm = one(session, "credit_code", credit(1).lower())
        assert one(session, "org_name", "淄博鑫源机械有限公司") == firm
        assert one(session, "org_name", "淄博鑫源五金厂") == firm
        door = one(session, "title_no", TITLE)
        assert one(session, "certificate_no", "鲁（2011）第1号") == door
        assert one(session, "account_no", "3701") == door
        assert one(session, "address", "丽景新村 １-１-101") == door
        assert registers.find(session, Key("address", "柳门路")) == ()
        assert registers.find(session, Key("citizen_id", citizen("1999-01-01", 99))) == ()
        with pytest.raises(BadValue):
            registers.find(session, Key("shoe_size", "42"))


def fuse_shown(code: str) -> str:
    from datong.domain.codes import show_code

    return show_code(code).lower()


def test_an_entry_says_where_each_fact_comes_from_and_what_contradicts_it(city: World) -> None:
    with city.store.session(read_only=True) as session:
        entry = registers.entry(session, one(session, "citizen_id", WANG))
        assert entry is not None
        marks = registers.open_marks(session, entry.code)
    assert entry.label == entry.value("name") == "王小明"
    assert (lambda fact: (fact.value, fact.state, fact.department))(entry.facts["name"][0]) == ("王小明", "won", "police")
    assert ("王晓明", "conflict") in {(fact.value, fact.state) for fact in entry.facts["name"]}
    assert entry.division.startswith("370303")
    assert {(mark.kind, mark.field) for mark in marks} >= {("conflict", "name"), ("vague_address", "address")}
    assert all(mark.derived for mark in marks)


def test_relations_are_seen_from_both_sides_with_their_dates_and_source(city: World) -> None:
    with city.store.session(read_only=True) as session:
        person, door = one(session, "citizen_id", WANG), one(session, "title_no", TITLE)
        firm = one(session, "credit_code", credit(1))
        out = {(link.type, link.code) for link in registers.relations(session, person) if link.direction == "out"}
        assert {("owns", door), ("household_registered_at", door), ("legal_representative_of", firm), ("account_holder_at", door)} <= out
        owns = next(link for link in registers.relations(session, door) if link.type == "owns")
    assert (owns.direction, owns.code, owns.label, owns.since) == ("in", person, "王小明", "2011-02-03")
    assert (owns.resource, owns.department, owns.register) == ("estate_title", "natural_resources", "person")
    assert owns.detail["certificate_no"] == "鲁(2011)第1号"


def test_lists_go_by_division_and_value_page_by_page(any_city: World) -> None:
    with any_city.store.session(read_only=True) as session:
        everyone = registers.list_entries(session, "person", limit=50)
        assert len(everyone.entries) == 2 and everyone.next_cursor == ""
        first = registers.list_entries(session, "person", limit=1)
        second = registers.list_entries(session, "person", limit=1, cursor=first.next_cursor)
        assert [*first.entries, *second.entries] == list(everyone.entries) and second.next_cursor == ""
        assert registers.list_entries(session, "person", divisions=("370304",)).entries == ()
        assert len(registers.list_entries(session, "person", divisions=("370304", "370303008")).entries) == 2
        assert registers.list_entries(session, "person", divisions=()).entries == ()
        men = registers.list_entries(session, "person", where=(("sex", "male"),)).entries
        assert [entry.label for entry in men] == ["王小明"]
        with pytest.raises(BadValue):
            registers.list_entries(session, "person", where=(("sex' OR '1'='1", "male"),))


def test_a_push_refreshes_what_it_touches_and_equals_a_rebuild(city: World) -> None:
    touched = city.push(
        "health_file", file_no="9", name="陈静", citizen_id=citizen("1970-01-01", 44), address="丽景新村1-1-102", phone="13905330009"
    )
    with city.store.session() as session:
        since = registers.changes(session)[-1].seq
        registers.refresh(session, city.packs, touched, LATER)
        assert one(session, "phone", "13905330009") in touched
        whats = {(change.code[0], change.what) for change in registers.changes(session, since)}
        digest = registers.digest(session)
    assert ("P", "created") in whats
    assert registers.rebuild(city.store, city.settings, city.packs, LATER) == digest


def test_a_merged_code_still_leads_to_the_subject_and_the_feed_says_so(city: World) -> None:
    with city.store.session(read_only=True) as session:
        wang, zhao = one(session, "citizen_id", WANG), one(session, "citizen_id", citizen("1990-06-07", 22))
    city.judge(wang, zhao, "same")
    city.fuse()
    registers.rebuild(city.store, city.settings, city.packs, LATER)
    with city.store.session(read_only=True) as session:
        kept = registers.resolve(session, wang)
        gone = zhao if kept == wang else wang
        assert registers.find(session, Key("code", gone)) == (kept,)
        entry = registers.entry(session, gone)
        assert entry is not None and entry.code == kept and entry.merged_from == (gone,)
        merged = [change for change in registers.changes(session) if change.what == "merged"]
        assert [(change.code, change.detail) for change in merged] == [(gone, {"into": kept})]
    households = [ref for ref in city.links() if ref.startswith("police_household") and ref.endswith("/person")]
    city.judge(households[0], households[1], "different")
    city.fuse()
    registers.rebuild(city.store, city.settings, city.packs, LATER)
    with city.store.session(read_only=True) as session:
        split = [change for change in registers.changes(session) if change.what == "split"]
        assert len(split) == 1 and split[0].detail == {"from": kept} and split[0].code not in (wang, zhao)


def test_a_mark_people_raise_outlives_a_rebuild_until_it_is_settled(city: World) -> None:
    with city.store.session() as session:
        person = one(session, "citizen_id", WANG)
        mark = registers.raise_mark(session, person, "under_investigation", by="officer", at=NOW, field="name", detail={"dispute": "1"})
        derived = next(one.mark_id for one in registers.open_marks(session, person) if one.derived)
        with pytest.raises(BadValue):
            registers.settle_mark(session, derived, by="officer", at=NOW, outcome="upheld")
        with pytest.raises(Missing):
            registers.raise_mark(session, "P000000000", "under_investigation", by="officer", at=NOW)
    registers.rebuild(city.store, city.settings, city.packs, LATER)
    with city.store.session() as session:
        assert mark in {one.mark_id for one in registers.open_marks(session, person)}
        registers.settle_mark(session, mark, by="officer", at=LATER, outcome="corrected")
        assert mark not in {one.mark_id for one in registers.open_marks(session, person)}
        assert [change.what for change in registers.changes(session)][-2:] == ["marked", "marked"]


def test_a_subject_without_records_is_empty_not_unknown(city: World) -> None:
    with city.store.session(read_only=True) as session:
        zhao = one(session, "citizen_id", citizen("1990-06-07", 22))
    record = next(record for record, row in city.rows["police_household"].items() if row["name"] == "赵丽")
    city.drop("police_household", record)
    city.fuse()
    registers.rebuild(city.store, city.settings, city.packs, LATER)
    with city.store.session(read_only=True) as session:
        entry = registers.entry(session, zhao)
        assert entry is not None and entry.status == "empty" and entry.facts == {}
        assert registers.entry(session, "P000000000") is None
        assert registers.changes(session)[-1].what == "ended"


def test_half_typed_addresses_are_completed_from_the_tree(city: World) -> None:
    with city.store.session(read_only=True) as session:
        found = registers.suggest(session, "丽景")
    assert any("丽景新村" in suggestion.text and suggestion.level == "estate" for suggestion in found)
