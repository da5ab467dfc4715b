"""Marks: found by rule in the records, kept in step by deliveries, answered by people, and the same however they were come by."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuse.world import World, citizen, credit
from tests.registers.conftest import WANG

from datong import registers
from datong.domain.access import Key
from datong.domain.errors import BadValue
from datong.registers import Act, Case
from datong.registers.neighbours import months_before
from datong.registers.rules import months_after
from datong.settings import load_settings
from datong.store import Session, Store

LATER, LAST = "2026-11-02T00:00:00+00:00", "2026-11-09T00:00:00+00:00"


def code_of(session: Session, key_type: str, value: str) -> str:
    return registers.find(session, Key(key_type, value))[0]


def kinds_on(session: Session, code: str) -> set[tuple[str, str]]:
    return {(mark.kind, mark.field) for mark in registers.open_marks(session, code)}


def case_on(session: Session, code: str, kind: str, field: str) -> Case:
    found = [mark.mark_id for mark in registers.open_marks(session, code) if (mark.kind, mark.field) == (kind, field)]
    assert len(found) == 1, kinds_on(session, code)
    return registers.find_case(session, found[0])


def rebuild(world: World, now: str = LATER) -> str:
    world.fuse()
    return registers.rebuild(world.store, world.settings, world.packs, now)


def firm(world: World, serial: int, address: str, **more: str) -> str:
    values = {"entity_no": str(serial), "org_name": f"淄博{'甲乙丙丁戊己庚辛'[serial % 8]}远商贸有限公司", "credit_code": credit(serial)}
    values |= {"address": address, "founded_on": "2015-01-01", "status": "存续", "org_type": "有限责任公司", "legal_name": "钱七"}
    values |= {"legal_citizen_id": citizen("1970-03-03", 71)}
    return world.add("market_enterprise", **(values | more))


def test_what_registered_facts_and_operating_facts_say_differently_is_marked(any_city: World) -> None:
    """Registered but not operating, registered and operating address, owner and registrant, many registrants at one door."""
    home, other = any_city.home(), any_city.home(room="102")
    for serial in range(10, 15):
        firm(any_city, serial, home)
    any_city.add("tax_paid", ticket_no="1", credit_code=credit(11), org_name="淄博丁远商贸有限公司", until="20260930", paid_amount="12")
    any_city.add(
        "grid_company",
        record_no="1",
        org_name="淄博戊远商贸有限公司",
        credit_code=credit(12),
        address=other,
        operating_state="正常经营",
        collected_on="2026-10-01",
    )
    rebuild(any_city)
    with any_city.store.session(read_only=True) as session:
        silent, paying, moved = (code_of(session, "credit_code", credit(n)) for n in (10, 11, 12))
        door = code_of(session, "address", home)
        assert ("not_operating", "status") in kinds_on(session, silent)
        assert ("not_operating", "status") not in kinds_on(session, paying), "it paid tax in September"
        assert ("not_operating", "status") not in kinds_on(session, moved), "the grid saw it at work in October"
        assert ("address_differs", "registered_address") in kinds_on(session, moved)
        assert ("owner_not_registrant", f"link:registered_at:{door}") in kinds_on(session, silent)
        assert ("many_registrants", "address") in kinds_on(session, door)
        own = code_of(session, "credit_code", credit(1))
        assert not {kind for kind, _ in kinds_on(session, own)} & {"owner_not_registrant", "address_differs"}, (
            "Wang's firm is at Wang's home"
        )
        assert case_on(session, silent, "not_operating", "status").owner == "market_regulation"


def test_a_lease_or_a_spouse_who_owns_makes_the_seat_right(city: World) -> None:
    home = city.home()
    firm(city, 10, home)
    firm(city, 11, home, legal_name="孙八", legal_citizen_id=citizen("1986-04-04", 82))
    lease = {"landlord_name": "王小明", "landlord_citizen_id": WANG, "name": "钱七", "citizen_id": citizen("1970-03-03", 71)}
    city.add("housing_lease", lease_no="1", address=home, since="2026-01-01", until="2027-12-31", **lease)
    couple = {"husband_name": "王小明", "husband_citizen_id": WANG, "wife_name": "孙八", "wife_citizen_id": citizen("1986-04-04", 82)}
    city.add("civil_marriage", certificate_no="1", since="2010-05-01", **couple)
    rebuild(city)
    with city.store.session(read_only=True) as session:
        types = {row[0] for row in session.all("SELECT type FROM relation")}
        for serial, why in ((10, "rents"), (11, "married_to")):
            assert why in types
            code = code_of(session, "credit_code", credit(serial))
            assert not [kind for kind, _ in kinds_on(session, code) if kind == "owner_not_registrant"], why


def test_the_dead_who_are_still_listed_and_the_gaps_are_marked(city: World) -> None:
    dead = citizen("1940-05-05", 33)
    city.add("health_death", certificate_no="1", name="周老", citizen_id=dead, death_date="2026-01-02")
    city.household("77", "周老", dead, city.home())
    city.health("5", "无号人", phone="13905330077", birth_date="1999-09-09")
    rebuild(city)
    with city.store.session(read_only=True) as session:
        code = code_of(session, "citizen_id", dead)
        assert ("after_death", "death_date") in kinds_on(session, code)
        assert case_on(session, code, "after_death", "death_date").owner == "police", "who still lists her must look"
        unknown = code_of(session, "phone", "13905330077")
        gap = case_on(session, unknown, "gap", "citizen_id")
        assert gap.owner == "police", "the source whose word holds for a citizen number is the police's"


def test_what_people_said_outlives_a_rebuild_and_a_new_wrong_value_is_a_new_mark(any_city: World) -> None:
    with any_city.store.session() as session:
        person = code_of(session, "citizen_id", WANG)
        case = case_on(session, person, "conflict", "name")
        done = registers.act_on_mark(session, case.mark_id, Act("right", "li", "police", LATER, "两个字同音，户籍为准"))
        assert done.state == "right" and ("conflict", "name") not in kinds_on(session, person)
        digest = registers.digest(session)
    assert registers.rebuild(any_city.store, any_city.settings, any_city.packs, LAST) == digest
    with any_city.store.session(read_only=True) as session:
        assert ("conflict", "name") not in kinds_on(session, person), "settled as right: nobody is warned any more"
        assert registers.find_case(session, case.mark_id).reason == "两个字同音，户籍为准"
    any_city.add("police_resident", record_no="1", name="王小名", citizen_id=WANG, phone="139 0533 0001", address="丽景新村1-1-102")
    rebuild(any_city, LAST)
    with any_city.store.session(read_only=True) as session:
        assert case_on(session, person, "conflict", "name").mark_id != case.mark_id, "another value is another question"
        assert registers.find_case(session, case.mark_id).state == "lapsed"


def test_a_delivery_that_mends_a_fact_settles_its_mark_by_itself_and_says_so(any_city: World) -> None:
    with any_city.store.session() as session:
        person = code_of(session, "citizen_id", WANG)
        case = case_on(session, person, "conflict", "name")
        registers.act_on_mark(session, case.mark_id, Act("investigate", "li", "police", LATER))
        assert ("under_investigation", "name") in kinds_on(session, person), "every reader sees it"
        since = registers.changes(session, 0, 5000)[-1].seq
    any_city.add("police_resident", record_no="1", name="王小明", citizen_id=WANG, phone="139 0533 0001", address="丽景新村1-1-102")
    rebuild(any_city, LAST)
    with any_city.store.session(read_only=True) as session:
        assert not {("conflict", "name"), ("under_investigation", "name")} & kinds_on(session, person)
        after = registers.find_case(session, case.mark_id)
        assert (after.state, after.settled_by) == ("corrected", "registers")
        assert [step.act for step in registers.steps(session, case.mark_id)] == ["investigate", "mended"]
        told = [change.detail for change in registers.changes(session, since, 5000) if change.what == "marked"]
        assert {"mark": "conflict", "field": "name", "settled": "corrected"} in told


def test_what_was_mended_and_breaks_again_is_open_again(city: World) -> None:
    with city.store.session(read_only=True) as session:
        person = code_of(session, "citizen_id", WANG)
        case = case_on(session, person, "conflict", "name")
    again = {"record_no": "1", "citizen_id": WANG, "phone": "139 0533 0001", "address": "丽景新村1-1-102", "since": "2020-05-01"}
    for name, state in (("王小明", "corrected"), ("王晓明", "open")):
        city.add("police_resident", name=name, **again)
        rebuild(city, LAST)
        with city.store.session(read_only=True) as session:
            assert registers.find_case(session, case.mark_id).state == state
    with city.store.session(read_only=True) as session:
        assert [step.act for step in registers.steps(session, case.mark_id)] == ["mended", "back"]


def test_a_pushed_record_gives_the_neighbours_the_marks_a_rebuild_would(any_city: World) -> None:
    """An owner changes: the firm registered at the door is marked, though no record of the firm was touched."""
    home = any_city.home()
    rebuild(any_city)
    with any_city.store.session(read_only=True) as session:
        own = code_of(session, "credit_code", credit(1))
        assert "owner_not_registrant" not in {kind for kind, _ in kinds_on(session, own)}
    title = {"title_record_no": "1", "title_unit_no": "370303008001GB00001F00010001", "certificate_no": "鲁（2026）第9号", "address": home}
    touched = any_city.push("estate_title", owner_name="郑九", owner_citizen_id=citizen("1980-08-08", 91), since="2026-10-01", **title)
    with any_city.store.session() as session:
        registers.refresh(session, any_city.packs, touched, LATER)
        assert "owner_not_registrant" in {kind for kind, _ in kinds_on(session, own)}
        digest = registers.digest(session)
    assert registers.rebuild(any_city.store, any_city.settings, any_city.packs, LATER) == digest


def test_what_was_said_of_a_mark_follows_a_merge(city: World) -> None:
    with city.store.session() as session:
        wang, zhao = code_of(session, "citizen_id", WANG), code_of(session, "citizen_id", citizen("1990-06-07", 22))
        case = case_on(session, wang, "conflict", "name")
        registers.act_on_mark(session, case.mark_id, Act("take", "li", "police", LATER))
        seen = {row[0] for row in session.all("SELECT code FROM mark_case")}
    assert {wang} <= seen
    city.judge(wang, zhao, "same")
    rebuild(city, LAST)
    with city.store.session(read_only=True) as session:
        kept = registers.resolve(session, wang)
        states = dict(session.all("SELECT code, state FROM mark_case WHERE kind = 'conflict' AND field = 'name' ORDER BY code"))
    assert kept in states and states[kept] in ("open", "taken"), states


def test_acts_and_their_limits(city: World) -> None:
    with city.store.session() as session:
        person = code_of(session, "citizen_id", WANG)
        case = case_on(session, person, "conflict", "name")
        with pytest.raises(BadValue):
            registers.act_on_mark(session, case.mark_id, Act("dance", "li", "police", LATER))
        sent = registers.act_on_mark(session, case.mark_id, Act("forward", "li", "police", LATER, "不归我管", "health"))
        assert (sent.owner, sent.state) == ("health", "open")
        wrong = registers.act_on_mark(session, case.mark_id, Act("wrong", "wu", "health", LATER, "下月报送更正"))
        assert wrong.state == "wrong" and ("conflict", "name") in kinds_on(session, person), "wrong as it still stands: readers stay warned"


def test_kinds_are_checked_with_file_and_line(sqlite_store: Store, tmp_path: Path) -> None:
    from shutil import copytree

    from datong.settings import packs_folder
    from datong.spec import load_packs

    copytree(packs_folder(), tmp_path / "packs")
    bad = "kinds:\n  odd:\n    title: {zh: 怪, en: Odd}\n    means: {zh: 怪, en: Odd}\n    rule: guess\n"
    bad += "    fields: {person: [shoe_size], ship: []}\n    owner: nobody\n"
    (tmp_path / "packs" / "registers" / "marks.yml").write_text(bad, encoding="utf-8")
    faults = registers.check_marks(load_packs(tmp_path / "packs"))
    told = " ".join(fault.message for fault in faults)
    assert all(word in told for word in ("guess", "shoe_size", "ship", "nobody")), told
    assert {fault.line for fault in faults} <= set(range(2, 8))
    assert load_settings(tmp_path, environ={}).home == tmp_path


@pytest.mark.parametrize(("month", "number", "earlier"), [("2026-11", 6, "2026-05"), ("2026-01", 1, "2025-12"), ("", 3, "")])
def test_months_before(month: str, number: int, earlier: str) -> None:
    assert months_before(month, number) == earlier


@pytest.mark.parametrize(("day", "months", "later"), [("2026-01-02", 3, "2026-04-02"), ("2025-11-30", 3, "2026-02-28"), ("unknown", 1, "")])
def test_months_after(day: str, months: int, later: str) -> None:
    assert months_after(day, months) == later
