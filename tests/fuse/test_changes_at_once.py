"""A pushed change of a place takes effect at once, survives a restart, and the next whole run finds nothing to change."""

from __future__ import annotations

import pytest
from tests.fuse.test_place_changes import OLD, STREET, change, events, meaning, police
from tests.fuse.world import DIVISION, World, session_of

from datong import fuse
from datong.domain.address import Verdict
from datong.registers import queries as register_queries


def push_change(world: World, number: str, kind: str, **parts: str) -> list[str]:
    """Push a change as the civil affairs office records it; the codes it touched."""
    record = change(world, number, kind, **parts)
    with world.store.session() as session:
        rows = world.table("civil_place_change", [world.rows["civil_place_change"][record]])
        return fuse.add(session, world.settings, world.packs, "civil_place_change", rows, now="2026-11-01T00:00:00+00:00")


def push_room(world: World, building: str, room: str, estate: str = "丽景新村") -> list[str]:
    return world.push(
        "police_address", address_code=f"new{building}{room}", standard_address="", division=DIVISION, street=STREET, community="朱庄社区",
        road="柳门路", road_no="1", estate=estate, building=building, entrance="1", room=room,
    )  # fmt: skip


def agrees_with_a_whole_run(world: World) -> None:
    """A restart changes nothing, and a whole run leaves every code where it is."""
    before, seen = world.links(), len(events(world))
    world.store.parts.clear()
    world.fuse()
    assert world.links() == before
    assert len(events(world)) == seen


def full_texts(world: World) -> dict[str, str]:
    with session_of(world) as session:
        return {row[0]: row[1] for row in session.all("SELECT code, full_text FROM place WHERE code <> '' AND until = ''")}


def register_wordings(world: World) -> dict[str, str]:
    """The standard wording that the registers take for each code."""
    with session_of(world) as session:
        return {row[0]: row[2] for row in session.all(register_queries.PLACES)}


@pytest.mark.parametrize("restart", [False, True])
def test_a_renamed_estate_answers_to_both_names_at_once(world: World, restart: bool) -> None:
    homes = [police(world, room=room) for room in ("101", "102")]
    told = world.health("1", "王小明", birth_date="1985-03-07", address=OLD.format("1", "102"))
    world.fuse()
    codes = [world.code("police_address", home, "premises") for home in homes]
    touched = push_change(world, "1", "更名", old_estate="丽景新村", estate="丽景华庭")
    assert set(codes) <= set(touched)
    if restart:
        world.store.parts.clear()
    for name in ("丽景新村", "丽景华庭"):
        found = meaning(world, OLD.format("1", "101").replace("丽景新村", name))
        assert (found.verdict, found.code) == (Verdict.EXACT, codes[0])
        assert "丽景华庭" in found.full_text
    assert all("丽景华庭" in text for text in full_texts(world).values())
    assert push_room(world, "1", "102") == [codes[1]], "a row in the former name is the same door"
    (fresh,) = push_room(world, "1", "103", estate="丽景华庭")
    assert fresh not in codes
    assert meaning(world, OLD.format("1", "103")).code == fresh, "the former name leads to new doors too"
    assert world.code("health_file", told, "home") == codes[1]
    agrees_with_a_whole_run(world)


def test_a_renumbered_building_is_found_by_both_numbers_at_once(world: World) -> None:
    home = police(world, building="5")
    world.fuse()
    code = world.code("police_address", home, "premises")
    assert code in push_change(world, "1", "改号", old_estate="丽景新村", old_building="5", estate="丽景新村", building="7")
    now = meaning(world, OLD.format("7", "101"))
    assert (now.verdict, now.code) == (Verdict.EXACT, code)
    former = meaning(world, OLD.format("5", "101"))
    assert (former.verdict, former.code, former.reasons[0].word) == (Verdict.EXACT, code, "renumbered")
    assert push_room(world, "7", "101") == [code]
    assert "7号楼" in register_wordings(world)[code]
    agrees_with_a_whole_run(world)
    assert "7号楼" in register_wordings(world)[code]
    assert meaning(world, OLD.format("5", "101")).reasons[0].word == "renumbered"


def test_a_renamed_road_takes_its_numbers_and_estates_along(world: World) -> None:
    home = police(world)
    world.fuse()
    code = world.code("police_address", home, "premises")
    push_change(world, "1", "更名", old_road="柳门路", old_road_no="", road="柳泉北路", road_no="")
    for road in ("柳门路", "柳泉北路"):
        found = meaning(world, f"张店区{road}1号1号楼1单元101")
        assert (found.verdict, found.code) == (Verdict.EXACT, code), road
    assert "柳泉北路1号" in full_texts(world)[code]
    agrees_with_a_whole_run(world)


def test_a_demolished_building_is_no_address_at_once_and_a_new_one_is(world: World) -> None:
    home = police(world)
    world.fuse()
    code = world.code("police_address", home, "premises")
    push_change(world, "1", "拆除", old_estate="丽景新村", old_building="1")
    found = meaning(world, OLD.format("1", "101"))
    assert (found.verdict, found.reasons[0].word) == (Verdict.IMPOSSIBLE, "demolished")
    push_change(world, "2", "新建", estate="丽景新村", building="9")
    assert meaning(world, "张店区四宝山街道柳门路1号丽景新村9号楼").code.startswith("H")
    agrees_with_a_whole_run(world)
    assert world.code("police_address", home, "premises") == code


def test_a_number_that_another_door_bears_waits_for_the_whole_run(world: World) -> None:
    old_3, old_5 = police(world, building="3"), police(world, building="5")
    world.fuse()
    code_3, code_5 = (world.code("police_address", one, "premises") for one in (old_3, old_5))
    push_change(world, "1", "改号", old_estate="丽景新村", old_building="3", estate="丽景新村", building="5")
    assert meaning(world, OLD.format("5", "101")).code == code_5
    assert meaning(world, OLD.format("3", "101")).code == code_3
