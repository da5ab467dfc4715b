"""A repeated run changes no code, a shuffled one changes no cluster."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuse.world import World, citizen, credit

from datong import store
from datong.settings import load_settings

NAMES = ("王小明", "王晓明", "王小亮", "赵丽", "張偉", "张伟", "王?明")
BIRTHS = ("1985-03-07", "1985-07-03", "2010-05-05")
PERSON = st.fixed_dictionaries(
    {
        "source": st.sampled_from(("police_household", "health_file", "police_resident")),
        "name": st.sampled_from(NAMES),
        "birth": st.sampled_from(BIRTHS),
        "number": st.sampled_from(("", "", "sound", "old", "wrong")),
        "sequence": st.integers(1, 3),
        "phone": st.sampled_from(("", "13905330001", "13905330002")),
        "room": st.sampled_from(("", "101", "102")),
    }
)


def add_person(world: World, at: int, told: dict[str, str]) -> None:
    number = citizen(told["birth"], int(told["sequence"]))
    written = {"": "", "sound": number, "old": number[:6] + number[8:17], "wrong": number[:16] + "9" + number[17]}[told["number"]]
    address = f"柳门路1号丽景新村1号楼1单元{told['room']}室" if told["room"] else ""
    common = {"name": told["name"], "citizen_id": written, "birth_date": told["birth"], "address": address}
    if told["source"] == "police_household":
        world.household(str(at), **common)
    elif told["source"] == "health_file":
        world.health(str(at), phone=told["phone"], **common)
    else:
        world.add("police_resident", record_no=str(at), phone=told["phone"], **common)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PERSON, min_size=2, max_size=14), st.integers(0, 10_000))
def test_order_of_records_changes_no_cluster_and_repetition_no_code(people: list[dict[str, str]], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = (new_world(Path(folder) / name) for name in ("a", "b"))
        for world in (first, second):
            world.home()
            world.home(room="102")
            for at, told in enumerate(people):
                add_person(world, at, told)
        first.fuse()
        second.fuse(seed)
        assert first.groups() == second.groups()
        before = first.links()
        first.fuse(seed)
        assert first.links() == before
        for world in (first, second):
            sound_numbers_apart(world)
            world.store.close()


def new_world(home: Path) -> World:
    settings_ = load_settings(home, environ={})
    opened = store.open_store(settings_)
    store.migrate(opened)
    return World(opened, settings_)


def sound_numbers_apart(world: World) -> None:
    """No subject holds two different sound numbers."""
    from datong.domain.identifiers import read_citizen_id

    held: dict[str, set[str]] = {}
    links = world.links()
    for resource, rows in world.rows.items():
        for record, row in rows.items():
            reading = read_citizen_id(row.get("citizen_id") or "")
            if reading.sound and "citizen_id:old15" not in row["problems"]:
                held.setdefault(links[f"{resource}/{record}/person"], set()).add(reading.value)
    assert all(len(numbers) == 1 for code, numbers in held.items() if code)


def test_two_cities_with_one_key_issue_the_same_codes(tmp_path: Path) -> None:
    worlds = [new_world(tmp_path / name) for name in ("a", "b")]
    (tmp_path / "b" / "keys").mkdir(parents=True)
    for at, world in enumerate(worlds):
        world.home()
        world.household("1", "王小明", citizen("1985-03-07", 11))
        world.add("market_enterprise", entity_no="1", org_name="淄博鑫源机械有限公司", credit_code=credit(1))
        if at:
            (tmp_path / "b" / "keys" / "code.key").write_bytes((tmp_path / "a" / "keys" / "code.key").read_bytes())
        world.fuse(seed=at)
    assert worlds[0].links() == worlds[1].links()


def test_a_subject_whose_records_go_is_empty_and_comes_back_under_its_code(world: World) -> None:
    one = world.household("1", "王小明", citizen("1985-03-07", 11))
    world.fuse()
    code = world.code("police_household", one)
    kept = world.rows["police_household"].copy()
    world.household("2", "赵丽", citizen("1986-03-07", 12))
    world.drop("police_household", one)
    world.fuse()
    with world.store.session(read_only=True) as session:
        assert session.one("SELECT state FROM subject WHERE code = :code", {"code": code}) == ("empty",)
    world.rows["police_household"] |= kept
    world.fuse()
    assert world.code("police_household", one) == code
    with world.store.session(read_only=True) as session:
        assert session.one("SELECT state FROM subject WHERE code = :code", {"code": code}) == ("active",)
        assert [row[0] for row in session.all("SELECT event FROM subject_event WHERE code = :code ORDER BY seq", {"code": code})] == [
            "issued",
            "emptied",
            "revived",
        ]


def test_each_run_that_touches_codes_leaves_one_line_in_the_ledger(world: World) -> None:
    world.household("1", "王小明", citizen("1985-03-07", 11))
    world.fuse()
    world.fuse()
    with world.store.session(read_only=True) as session:
        rows = session.all("SELECT body FROM ledger_line WHERE type = 'codes'")
    assert len(rows) == 1 and "王小明" not in rows[0][0] and "digest" in rows[0][0]


def test_the_same_links_come_out_on_every_database(any_world: World) -> None:
    home = any_world.home()
    one = any_world.household("1", "王小明", citizen("1985-03-07", 11), home)
    two = any_world.health("1", "王小明", birth_date="1985-03-07", address=home)
    any_world.fuse()
    any_world.fuse()
    assert any_world.code("police_household", one) == any_world.code("health_file", two) != ""
