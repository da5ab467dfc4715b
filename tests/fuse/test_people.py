"""Which records are one person, and which are not."""

from __future__ import annotations

from tests.fuse.world import World, citizen

WANG = citizen("1985-03-07", 11)
TWIN_ONE, TWIN_TWO = citizen("2010-05-05", 31), citizen("2010-05-05", 33)


def test_a_sound_number_links_whatever_else_is_written(world: World) -> None:
    one = world.household("1", "王小明", WANG)
    two = world.health("1", "王 小 明", citizen_id=f" {WANG[:6]} {WANG[6:14]} {WANG[14:]} ")
    world.fuse()
    assert world.member("police_household", one) == (world.code("health_file", two), "citizen_id")


def test_a_number_of_15_digits_links_only_when_the_name_agrees(world: World) -> None:
    old = WANG[:6] + WANG[8:17]
    one = world.household("1", "王小明", WANG)
    same = world.health("1", "王小明", citizen_id=old)
    other = world.health("2", "赵丽", citizen_id=old)
    world.fuse()
    assert world.member("health_file", same) == (world.code("police_household", one), "compared")
    assert world.code("health_file", other) != world.code("police_household", one)
    assert any(pair.left.record_id == other for pair in world.unsure()), "a reviewer is asked"


def test_a_number_with_one_wrong_digit_is_found_by_name(world: World) -> None:
    wrong = WANG[:17] + ("0" if WANG[17] != "0" else "1")
    one = world.household("1", "王小明", WANG)
    two = world.health("1", "王小明", citizen_id=wrong)
    world.fuse()
    assert world.member("health_file", two) == (world.code("police_household", one), "compared")


def test_without_a_number_name_and_birth_date_link_and_the_evidence_is_kept(world: World) -> None:
    from datong import fuse

    one = world.household("1", "王小明", WANG)
    two = world.health("1", "王小明", birth_date="1985-03-07", sex="男")
    world.fuse()
    code = world.code("health_file", two)
    assert code == world.code("police_household", one)
    with world.store.session(read_only=True) as session:
        found = {one.reference.resource: one for one in fuse.why(session, code)}
    assert found["health_file"].rule == "compared"
    assert {(one.comparison, one.level) for one in found["health_file"].compared} >= {("name", "same"), ("birth_date", "same")}
    assert found["health_file"].score == sum(one.weight for one in found["health_file"].compared)


def test_a_name_alone_is_nobody(world: World) -> None:
    world.household("1", "王小明", WANG)
    two = world.health("1", "王小明")
    world.fuse()
    assert world.member("health_file", two) == ("", "too_little")


def test_name_in_letters_and_lost_characters_still_link_at_the_same_door(world: World) -> None:
    home = world.home()
    one = world.household("1", "王喆明", WANG, home)
    letters = world.health("1", "WANG ZHEMING", address=home, birth_date="1985-03-07")
    lost = world.health("2", "王？明", address=home, birth_date="1985-03-07")
    world.fuse()
    assert world.code("health_file", letters) == world.code("health_file", lost) == world.code("police_household", one)


def test_twins_stay_apart_and_a_mistyped_twin_goes_to_a_reviewer(world: World) -> None:
    home = world.home()
    one = world.household("1", "李文博", TWIN_ONE, home)
    two = world.household("2", "李文渊", TWIN_TWO, home)
    exact = world.health("1", "李文博", birth_date="2010-05-05", address=home)
    odd = world.health("2", "李文强", birth_date="2010-05-05", address=home)
    world.fuse()
    assert world.code("police_household", one) != world.code("police_household", two)
    assert world.code("health_file", exact) == world.code("police_household", one)
    assert world.code("health_file", odd) not in (world.code("police_household", one), world.code("police_household", two))


def test_father_and_son_of_one_name_in_one_house_are_told_apart_or_asked_about(world: World) -> None:
    home = world.home()
    father = world.household("1", "张伟", citizen("1960-01-02", 15), home)
    son = world.household("2", "张伟", citizen("1990-06-07", 17), home)
    dated = world.health("1", "张伟", birth_date="1990-06-07", address=home)
    undated = world.health("2", "张伟", address=home)
    world.fuse()
    assert world.code("police_household", father) != world.code("police_household", son)
    assert world.code("health_file", dated) == world.code("police_household", son)
    assert world.member("health_file", undated) == ("", "unsure")
    codes = {pair.right for pair in world.unsure() if pair.left.record_id == undated}
    assert codes == {world.code("police_household", father), world.code("police_household", son)}


def test_a_person_and_her_namesake_in_one_house_are_told_apart_or_asked_about(world: World) -> None:
    home = world.home()
    one = world.household("1", "李静", citizen("1990-06-07", 22), home, phone="13912345678")
    two = world.household("2", "李静", citizen("1988-11-20", 24), home, phone="13812345678")
    known = world.health("1", "李静", address=home, birth_date="1988-11-20")
    only_place = world.health("2", "李静", address=home, sex="女")
    world.fuse()
    assert world.code("police_household", one) != world.code("police_household", two)
    assert world.code("health_file", known) == world.code("police_household", two)
    assert world.member("health_file", only_place) == ("", "unsure")
    asked = {pair.right for pair in world.unsure() if pair.left.record_id == only_place}
    assert asked == {world.code("police_household", one), world.code("police_household", two)}


def test_two_sound_numbers_are_never_one_person_even_with_all_else_equal(world: World) -> None:
    home = world.home()
    one = world.household("1", "张伟", citizen("1990-06-07", 15), home)
    two = world.household("2", "张伟", citizen("1990-06-07", 17), home)
    world.fuse()
    assert world.code("police_household", one) != world.code("police_household", two)


def test_a_number_used_under_quite_another_name_does_not_drag_its_owner_along(world: World) -> None:
    world.household("1", "王小明", WANG)
    world.add("police_resident", record_no="1", name="王小明", citizen_id=WANG)
    borrowed = world.health("1", "赵丽", citizen_id=WANG)
    world.fuse()
    code, rule = world.member("health_file", borrowed)
    assert code != world.links()[f"police_household/{next(iter(world.rows['police_household']))}/person"]
    assert rule in ("alone", "unsure", "too_little")
    assert any(pair.left.record_id == borrowed for pair in world.unsure())


def test_a_name_changed_on_record_is_not_a_borrowed_number(world: World) -> None:
    one = world.household("1", "王小明", WANG, former_name="赵丽")
    world.add("police_resident", record_no="1", name="王小明", citizen_id=WANG)
    old = world.health("1", "赵丽", citizen_id=WANG)
    world.fuse()
    assert world.member("health_file", old) == (world.code("police_household", one), "citizen_id")


def test_a_newborn_without_a_number_is_known_by_mother_and_birth_date(world: World) -> None:
    mother = citizen("1990-06-07", 22)
    told = {"name": "王一诺", "birth_date": "2026-09-01", "sex": "女", "mother_name": "陈静", "mother_citizen_id": mother}
    birth = world.add("health_birth", certificate_no="B1", **told)
    file = world.health("1", "王一诺", birth_date="2026-09-01", sex="女")
    world.fuse()
    assert world.code("health_birth", birth) == world.code("health_file", file) != ""
    assert world.code("health_birth", birth, "mother") != world.code("health_birth", birth)


def test_judgement_same_joins_and_different_parts_and_both_outrank_the_score(world: World) -> None:
    one = world.household("1", "王小明", WANG)
    two = world.health("1", "王小明", birth_date="1985-03-07")
    far = world.health("2", "赵丽", birth_date="1985-03-07")
    world.fuse()
    person = world.code("police_household", one)
    world.judge(f"health_file/{two}/person", person, "different")
    world.judge(f"health_file/{far}/person", person, "same")
    world.fuse()
    assert world.code("health_file", two) != person
    assert world.member("health_file", far) == (person, "judged")
    world.judge(f"health_file/{two}/person", person, "unsure")
    world.fuse()
    assert world.code("health_file", two) == person, "taking the verdict back lets the score speak again"


def test_only_a_judgement_joins_two_sound_numbers_and_the_older_code_survives(world: World) -> None:
    from datong import fuse

    one = world.household("1", "王小明", WANG)
    two = world.household("2", "王小明", citizen("1985-03-07", 13))
    world.fuse()
    codes = [world.code("police_household", record) for record in (one, two)]
    world.judge(f"police_household/{one}/person", f"police_household/{two}/person", "same")
    world.fuse()
    kept = world.code("police_household", one)
    assert kept == world.code("police_household", two) and kept in codes
    gone = next(code for code in codes if code != kept)
    with world.store.session(read_only=True) as session:
        assert fuse.resolve(session, gone) == kept
        serials = dict(session.all("SELECT code, serial FROM subject"))
        events = session.all("SELECT event, code, other FROM subject_event WHERE event <> 'issued'")
    assert serials[kept] < serials[gone]
    assert ("merged", gone, kept) in events
    world.judge(f"police_household/{one}/person", f"police_household/{two}/person", "different")
    world.fuse()
    again = {world.code("police_household", one), world.code("police_household", two)}
    assert len(again) == 2 and kept in again and gone not in again, "a split mints a code; a merged one is never used again"
