"""Pushed records one by one: what comes out is what a whole run would have said."""

from __future__ import annotations

import time

import pytest
from tests.fuse.world import World, citizen, credit

WANG = citizen("1985-03-07", 11)


def settled(world: World) -> None:
    """What a whole run says now is what the pushes said."""
    pushed = world.links()
    world.fuse()
    assert world.links() == pushed


def small_city(world: World) -> str:
    home = world.home()
    world.home(room="102")
    world.household("1", "王小明", WANG, home)
    world.household("2", "赵丽", citizen("1990-06-07", 22), home)
    world.add("market_enterprise", entity_no="1", org_name="淄博鑫源机械有限公司", credit_code=credit(1), legal_name="王小明", address=home)
    world.add("power_account", account_no="3701", name="王小明", address=home)
    world.fuse()
    return home


def test_a_known_number_joins_its_subject(world: World) -> None:
    small_city(world)
    person = world.code("police_household", next(iter(world.rows["police_household"])))
    assert person in world.push("health_file", file_no="1", name="王小明", citizen_id=WANG)
    settled(world)


def test_an_unknown_number_is_issued_the_code_a_whole_run_would_know(world: World) -> None:
    small_city(world)
    touched = world.push("health_file", file_no="1", name="陈静", citizen_id=citizen("1970-01-01", 44), address="丽景新村1-1-102")
    assert len([code for code in touched if code.startswith("P")]) == 1
    assert len([code for code in touched if code.startswith("H")]) == 1
    settled(world)


def test_a_record_without_a_number_is_compared_with_the_register(world: World) -> None:
    home = small_city(world)
    person = world.code("police_household", next(iter(world.rows["police_household"])))
    touched = world.push("health_file", file_no="1", name="王晓明", birth_date="1985-03-07", address=home)
    assert person in touched
    settled(world)


def test_namesakes_are_asked_about_as_in_a_whole_run(world: World) -> None:
    home = small_city(world)
    world.household("3", "王小明", citizen("2012-01-01", 11), home)
    world.fuse()
    world.push("health_file", file_no="1", name="王小明", address=home)
    asked = {(pair.left, pair.right) for pair in world.unsure()}
    record = next(iter(world.rows["health_file"]))
    assert len([pair for pair in asked if pair[0].record_id == record]) == 2
    settled(world)
    assert {(pair.left, pair.right) for pair in world.unsure()} == asked


def test_a_number_that_turns_up_later_draws_the_waiting_record_to_it_under_the_older_code(world: World) -> None:
    small_city(world)
    waiting = world.push("health_file", file_no="1", name="孙悦", birth_date="1999-09-09")
    touched = world.push("police_resident", record_no="9", name="孙悦", citizen_id=citizen("1999-09-09", 24))
    assert waiting[0] in touched
    assert world.code("health_file", next(iter(world.rows["health_file"]))) == waiting[0]
    settled(world)


def test_readings_organisations_and_doors_follow_their_numbers(world: World) -> None:
    small_city(world)
    door = world.code("police_address", next(iter(world.rows["police_address"])), "premises")
    assert world.push("power_reading", account_no="3701", period="202610") == [door]
    firm = world.code("market_enterprise", next(iter(world.rows["market_enterprise"])), "organisation")
    assert firm in world.push("tax_paid", ticket_no="1", org_name="淄博鑫源机械有限公司")
    settled(world)


def test_a_record_sent_again_with_another_number_leaves_its_old_subject(world: World) -> None:
    small_city(world)
    first = world.push("health_file", file_no="1", name="王小明", citizen_id=WANG)
    other = citizen("1990-06-07", 22)
    touched = world.push("health_file", file_no="1", name="赵丽", citizen_id=other)
    assert set(first) <= set(touched) and len(touched) == 2
    settled(world)


def test_a_new_room_pushed_by_the_police_can_be_found_at_once(world: World) -> None:
    from datong import fuse

    small_city(world)
    parts = {
        "division": "370303008001",
        "street": "四宝山街道",
        "community": "朱庄社区",
        "road": "柳门路",
        "road_no": "1",
        "estate": "丽景新村",
    }
    text = "山东省淄博市张店区四宝山街道柳门路1号丽景新村2号楼1单元501室"
    touched = world.push("police_address", address_code="new", building="2", entrance="1", room="501", standard_address=text, **parts)
    with world.store.session(read_only=True) as session:
        assert fuse.match_text(session, "丽景新村2-1-501").code == touched[0]
    settled(world)


def test_a_push_that_fails_leaves_nothing_behind(world: World) -> None:
    from datong import fuse

    small_city(world)
    before = world.links()
    record = world.add("health_file", file_no="1", name="陈静", citizen_id=citizen("1970-01-01", 44))
    table = world.table("health_file", [world.rows["health_file"][record]])
    with pytest.raises(RuntimeError), world.store.session() as session:
        fuse.add(session, world.settings, world.packs, "health_file", table, now="2026-11-01T00:00:00+00:00")
        raise RuntimeError
    assert world.links() == before


@pytest.mark.slow
def test_one_record_takes_well_under_a_second(world: World) -> None:
    home = small_city(world)
    world.push("health_file", file_no="0", name="陈静", citizen_id=citizen("1970-01-01", 44))
    started = time.process_time()
    world.push("health_file", file_no="1", name="王晓明", birth_date="1985-03-07", address=home)
    assert time.process_time() - started < 1.0
