"""Renamed, renumbered, split, merged and demolished places: codes stay, former wordings lead to them, and the reason is told."""

from __future__ import annotations

from tests.fuse.world import DIVISION, STREET, World, session_of

from datong import fuse
from datong.domain.address import Verdict


def police(world: World, estate: str = "丽景新村", building: str = "1", room: str = "101") -> str:
    """The record of a room; its id."""
    world.home(estate, building, "1", room)
    record_id = list(world.rows["police_address"])[-1]
    world.rows["police_address"][record_id]["as_of"] = "2026-03-31"
    return record_id


def change(world: World, number: str, kind: str, on: str = "2026-09-01", **parts: str) -> str:
    """A change as the civil affairs office records it, in the columns of its source."""
    parts.setdefault("old_road" if any(name.startswith("old_") for name in parts) else "road", "柳门路")
    parts.setdefault("old_road_no" if "old_road" in parts else "road_no", "1")
    if any(not name.startswith("old_") for name in parts) and "old_road" in parts:
        parts = {"road": "柳门路", "road_no": "1"} | parts
    given = {"record_no": number, "place_change": kind, "place_changed_on": on, "division": DIVISION, "street": STREET}
    return world.add("civil_place_change", **given, **parts)


def meaning(world: World, text: str):
    with session_of(world) as session:
        return fuse.match_text(session, text)


def events(world: World) -> list[tuple[str, str, str]]:
    with session_of(world) as session:
        return [tuple(row) for row in session.all("SELECT event, code, other FROM subject_event WHERE kind = 'premises' ORDER BY seq")]


OLD = "张店区四宝山街道柳门路1号丽景新村{}号楼1单元{}室"


def test_a_renamed_estate_keeps_its_codes_and_answers_to_its_former_name(world: World) -> None:
    homes = [police(world, room=room) for room in ("101", "102")]
    world.fuse()
    before = [world.code("police_address", home, "premises") for home in homes]
    change(world, "1", "更名", old_estate="丽景新村", estate="丽景华庭")
    fresh = police(world, estate="丽景华庭", room="103")
    told = world.health("1", "王小明", birth_date="1985-03-07", address=OLD.format("1", "102"))
    world.fuse()
    assert [world.code("police_address", home, "premises") for home in homes] == before
    assert world.code("health_file", told, "home") == before[1]
    assert world.code("police_address", fresh, "premises") not in before
    found = meaning(world, OLD.format("1", "101"))
    assert (found.verdict, found.code) == (Verdict.EXACT, before[0])
    assert "丽景华庭" in found.full_text
    assert meaning(world, OLD.format("1", "101").replace("丽景新村", "丽景华庭")).code == before[0]
    assert {event for event, *_ in events(world)} == {"issued"}


def test_a_renumbered_building_keeps_its_code_though_another_takes_its_number(world: World) -> None:
    old_3, old_5 = police(world, building="3"), police(world, building="5")
    world.fuse()
    code_3, code_5 = (world.code("police_address", one, "premises") for one in (old_3, old_5))
    change(world, "1", "改号", old_estate="丽景新村", old_building="5", estate="丽景新村", building="7")
    change(world, "2", "改号", old_estate="丽景新村", old_building="3", estate="丽景新村", building="5")
    for _ in range(3):
        world.fuse()
        assert world.code("police_address", old_3, "premises") == code_3
        assert world.code("police_address", old_5, "premises") == code_5
    assert meaning(world, OLD.format("7", "101")).code == code_5
    assert meaning(world, OLD.format("5", "101")).code == code_3, "the number is today's"
    former = meaning(world, OLD.format("3", "101"))
    assert (former.verdict, former.code) == (Verdict.EXACT, code_3)
    assert former.reasons[0].word == "renumbered"
    assert "5号楼" in former.reasons[0].zh


def test_two_rooms_made_one_share_the_older_code_and_the_other_resolves_to_it(world: World) -> None:
    one, two = police(world, room="101"), police(world, room="102")
    world.fuse()
    codes = [world.code("police_address", home, "premises") for home in (one, two)]
    for number, room in (("1", "101"), ("2", "102")):
        parts = {"old_entrance": "1", "old_room": room, "entrance": "1", "room": "101A"}
        change(world, number, "合并", old_estate="丽景新村", old_building="1", estate="丽景新村", building="1", **parts)
    world.fuse()
    assert world.code("police_address", one, "premises") == world.code("police_address", two, "premises")
    survivor = world.code("police_address", one, "premises")
    with session_of(world) as session:
        assert {fuse.resolve(session, code) for code in codes} == {survivor}
    assert survivor in codes
    assert [event for event, *_ in events(world)].count("merged") == 1
    assert meaning(world, OLD.format("1", "102")).code == survivor


def test_the_parts_of_a_split_room_get_codes_that_say_where_they_came_from(world: World) -> None:
    whole = police(world, room="101")
    world.fuse()
    code = world.code("police_address", whole, "premises")
    for number, room in (("1", "101A"), ("2", "101B")):
        parts = {"old_entrance": "1", "old_room": "101", "entrance": "1", "room": room}
        change(world, number, "拆分", old_estate="丽景新村", old_building="1", estate="丽景新村", building="1", **parts)
    before_the_split = world.health("1", "王小明", birth_date="1985-03-07", address=OLD.format("1", "101"))
    world.fuse()
    assert world.code("police_address", whole, "premises") == code
    assert world.code("health_file", before_the_split, "home") == code
    parted = [meaning(world, OLD.format("1", room)) for room in ("101A", "101B")]
    assert all(one.verdict is Verdict.EXACT for one in parted)
    assert len({code, *(one.code for one in parted)}) == 3
    assert [(event, other) for event, _, other in events(world)].count(("split", code)) == 2
    found = meaning(world, OLD.format("1", "101"))
    assert found.verdict is Verdict.VAGUE
    assert found.reasons[0].word == "parted"
    assert "101B" in found.reasons[0].zh


def test_a_demolished_building_keeps_its_codes_and_is_no_address_any_more(world: World) -> None:
    gone, stands = police(world, building="2"), police(world, building="3")
    change(world, "1", "拆除", on="2026-08-15", old_estate="丽景新村", old_building="2")
    lived = world.health("1", "王小明", birth_date="1985-03-07", address=OLD.format("2", "101"))
    world.fuse()
    code = world.code("police_address", gone, "premises")
    assert code.startswith("H")
    assert world.code("health_file", lived, "home") == code, "the record may be older than the change"
    found = meaning(world, OLD.format("2", "101"))
    assert (found.verdict, found.code) == (Verdict.IMPOSSIBLE, code)
    assert "2026-08-15" in found.reasons[0].zh
    assert meaning(world, OLD.format("3", "101")).code == world.code("police_address", stands, "premises")


def test_a_new_building_is_a_door_at_once(world: World) -> None:
    police(world)
    change(world, "1", "新建", estate="丽景新村", building="9")
    world.fuse()
    found = meaning(world, "张店区四宝山街道柳门路1号丽景新村9号楼")
    assert found.code.startswith("H")


def test_the_tree_of_the_past_survives_the_store_and_a_pushed_record_uses_it(world: World) -> None:
    home = police(world, room="101")
    change(world, "1", "更名", old_estate="丽景新村", estate="丽景华庭")
    change(world, "2", "改号", old_estate="丽景华庭", old_building="1", estate="丽景华庭", building="11")
    world.fuse()
    world.store.parts.clear()
    code = world.code("police_address", home, "premises")
    assert meaning(world, OLD.format("1", "101")).code == code
    touched = world.push("health_file", file_no="7", name="李丽", birth_date="1990-01-01", address=OLD.format("1", "101"))
    assert code in touched
    pushed = world.push("police_address", address_code="new", standard_address="", division=DIVISION, street=STREET, community="朱庄社区",
                        road="柳门路", road_no="1", estate="丽景新村", building="11", entrance="1", room="101")  # fmt: skip
    assert pushed == [code], "its former name leads to the same door"


def test_the_order_of_records_changes_nothing(world: World) -> None:
    homes = [police(world, building=number) for number in ("3", "5")]
    change(world, "1", "改号", on="2026-05-01", old_estate="丽景新村", old_building="5", estate="丽景新村", building="7")
    change(world, "2", "改号", on="2026-06-01", old_estate="丽景新村", old_building="3", estate="丽景新村", building="5")
    change(world, "3", "更名", on="2026-07-01", old_estate="丽景新村", estate="丽景华庭")
    world.fuse()
    first = [world.code("police_address", home, "premises") for home in homes]
    for seed in (1, 2):
        world.fuse(seed)
        assert [world.code("police_address", home, "premises") for home in homes] == first
