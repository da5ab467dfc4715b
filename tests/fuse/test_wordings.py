"""A wording nobody can place is a further name of a door when two departments name that door beside it, by number or parts."""

from __future__ import annotations

from tests.fuse.world import DIVISION, STREET, World, session_of

from datong import fuse
from datong.domain.address import PlaceMatch, Verdict

TITLE = "370303008001GB00001F0001{:04}"
OLD = "张店区机床厂老宿舍1号楼1单元101"


def homes(world: World) -> list[str]:
    """Two rooms with their title units, told by their usual address; their police records."""
    for at, room in enumerate(("101", "102"), start=1):
        text = world.home(room=room)
        world.add(
            "estate_title",
            title_record_no=str(at),
            title_unit_no=TITLE.format(at),
            certificate_no=f"鲁{at}号",
            owner_name="王明",
            address=text,
        )
    return list(world.rows["police_address"])


def mortgage(world: World, text: str, unit: int = 1, number: str = "9") -> str:
    """The land office's wording beside a title unit."""
    return world.add("estate_mortgage", mortgage_no=number, name="王明", citizen_id="", title_unit_no=TITLE.format(unit), address=text)


def grid(world: World, text: str, room: str = "101", number: str = "7") -> str:
    """The sub-district's wording beside the parts of a room."""
    parts = {"division": DIVISION, "street": STREET, "community": "朱庄社区", "road": "柳门路", "road_no": "1", "estate": "丽景新村"}
    return world.add("grid_premises", house_no_grid=number, building="1", entrance="1", room=room, address=text, **parts)


def meaning(world: World, text: str) -> PlaceMatch:
    with session_of(world) as session:
        return fuse.match_text(session, text)


def test_a_wording_confirmed_by_two_departments_is_a_name_of_its_door(world: World) -> None:
    police = homes(world)
    mortgage(world, OLD)
    grid(world, OLD)
    meter = world.add("power_account", account_no="3701", name="李丽", address=OLD)
    resident = world.health("1", "李丽", birth_date="1990-01-01", address=OLD)
    assert world.fuse()["wordings_confirmed"] == 1
    code = world.code("police_address", police[0], "premises")
    assert world.member("power_account", meter, "premises") == (code, "confirmed_wording")
    assert world.code("health_file", resident, "home") == code
    found = meaning(world, "张店区机床厂老宿舍一号楼 1单元101".replace("一", "1"))
    assert (found.verdict, found.code, found.rule) == (Verdict.EXACT, code, "confirmed_wording")
    assert [why.word for why in found.reasons] == ["wording_confirmed"]
    assert "、" in found.reasons[0].zh and "confirm" in found.reasons[0].en
    with session_of(world) as session:
        (kept,) = fuse.wordings_of(session, code)
    assert {one[0] for one in kept.departments} == {"natural_resources", "sub_district"}
    assert set(kept.numbers) == {"place", "title_unit_no"}


def test_a_push_finds_what_the_whole_run_confirmed(world: World) -> None:
    police = homes(world)
    mortgage(world, OLD)
    grid(world, OLD)
    world.fuse()
    world.store.parts.clear()
    code = world.code("police_address", police[0], "premises")
    touched = world.push("power_account", account_no="3702", name="陈静", address=OLD)
    assert code in touched
    pushed = world.links()
    record = next(ref for ref in pushed if ref.startswith("power_account/") and ref.endswith("/premises"))
    before = world.member(*record.split("/"))
    world.fuse()
    assert world.links() == pushed
    assert world.member(*record.split("/")) == before == (code, "confirmed_wording")


def test_one_department_alone_or_two_doors_confirm_nothing(world: World) -> None:
    homes(world)
    mortgage(world, OLD)
    mortgage(world, OLD, number="8")
    assert world.fuse()["wordings_confirmed"] == 0
    grid(world, OLD, room="102")
    assert world.fuse()["wordings_confirmed"] == 0
    assert meaning(world, OLD).verdict != Verdict.EXACT


def test_a_wording_cut_short_or_vague_is_no_name_of_one_door(world: World) -> None:
    homes(world)
    for text in ("张店区机床厂老宿舍1号楼", "张店区柳门路1号丽景新村", "丽景新村1号楼"):
        mortgage(world, text, number=text)
        grid(world, text, number=text)
    assert world.fuse()["wordings_confirmed"] == 0


def test_a_wording_is_forgotten_when_its_records_are_gone(world: World) -> None:
    homes(world)
    told = mortgage(world, OLD)
    grid(world, OLD)
    world.fuse()
    world.drop("estate_mortgage", told)
    world.fuse()
    assert meaning(world, OLD).verdict != Verdict.EXACT
