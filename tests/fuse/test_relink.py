"""A judgement applied at once: what comes out is what a whole run would have said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuse.world import NOW, World, citizen, credit

from datong import collect, fuse
from datong.domain.errors import BadValue, Missing

WANG, LI = citizen("1985-03-07", 11), citizen("1985-03-07", 13)
LATER = "2026-12-15T00:00:00+00:00"


def apply(world: World, left: str, right: str, verdict: Any, kind: Any = "person") -> list[str]:
    """Judge, and let the codes follow; those that were touched."""
    with world.store.session() as session:
        fuse.judge(session, kind, left, right, verdict, by="reviewer", at=NOW)
        return fuse.relink(session, world.settings, world.packs, kind, (left, right), now=NOW)


def settled(world: World) -> None:
    """A whole run says what was applied, and asks about the same pairs."""
    applied, asked = world.links(), {(pair.left, pair.right) for pair in world.unsure()}
    world.fuse()
    assert world.links() == applied
    assert {(pair.left, pair.right) for pair in world.unsure()} == asked


@pytest.fixture
def lake(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world's records can be read again, as they were cleaned."""

    def scan(session: Any, settings: Any, source: Any, deliveries: Any = None) -> Any:
        return iter(world.table(source.resource, list(world.rows[source.resource].values())).to_batches())

    monkeypatch.setattr(collect, "scan", scan)
    return world


def namesakes(world: World) -> tuple[str, str, str]:
    """Father and son of one name in one home, and a health file that says neither number nor birth date."""
    home = world.home()
    father = world.household("1", "王小明", WANG, home)
    son = world.household("2", "王小明", citizen("2012-01-01", 11), home)
    world.household("3", "赵丽", citizen("1990-06-07", 22), home)
    file = world.health("1", "王小明", address=home)
    world.fuse()
    return father, son, file


def test_a_waiting_record_joins_the_person_it_was_judged_to_be(world: World) -> None:
    father, _, file = namesakes(world)
    person = world.code("police_household", father)
    assert len(world.unsure()) == 2
    touched = apply(world, f"health_file/{file}/person", person, "same")
    assert person in touched
    assert world.member("health_file", file) == (person, "judged")
    assert world.unsure() == []
    settled(world)


def test_told_apart_from_one_the_other_takes_it(world: World) -> None:
    father, son, file = namesakes(world)
    apply(world, f"health_file/{file}/person", world.code("police_household", son), "different")
    assert world.code("health_file", file) == world.code("police_household", father)
    settled(world)


def test_two_numbers_merge_and_part_again(world: World) -> None:
    one = world.household("1", "王小明", WANG)
    two = world.household("2", "王小明", LI)
    world.health("1", "王小明", citizen_id=WANG)
    world.fuse()
    codes = {world.code("police_household", record) for record in (one, two)}
    left, right = (f"police_household/{record}/person" for record in (one, two))
    assert codes <= set(apply(world, left, right, "same"))
    kept = world.code("police_household", one)
    assert world.code("police_household", two) == kept
    with world.store.session(read_only=True) as session:
        assert {fuse.resolve(session, code) for code in codes} == {kept}
    settled(world)
    with world.store.session() as session:
        number = fuse.newest_judgements(session, 1)[0].number
        fuse.undo(session, number, by="reviewer", at=NOW, days=30)
        fuse.relink(session, world.settings, world.packs, "person", (left, right), now=NOW)
    assert world.code("police_household", one) != world.code("police_household", two)
    settled(world)


def test_repeated_words_follow_their_subject(lake: World) -> None:
    """Twelve monthly rows say the same: their words are kept once, and all of them move."""
    for number in (WANG, LI):
        for month in range(1, 7):
            row = {"insurance_no": number[-6:], "period": f"2026-{month:02}", "name": "王小明", "citizen_id": number}
            lake.add("hr_insured_payment", **row)
    one = lake.household("1", "王小明", WANG)
    two = lake.household("2", "王小明", LI)
    lake.fuse()
    left, right = (f"police_household/{record}/person" for record in (one, two))
    apply(lake, left, right, "same")
    settled(lake)
    assert len(set(lake.links().values())) == 1
    apply(lake, left, right, "different")
    assert len(set(lake.links().values())) == 2
    settled(lake)


def test_organisations_merge_and_their_people_follow(world: World) -> None:
    first = world.add("market_enterprise", entity_no="1", org_name="淄博鑫源机械有限公司", credit_code=credit(1), legal_name="王小明")
    second = world.add("market_enterprise", entity_no="2", org_name="淄博鑫源机械厂", credit_code=credit(2), legal_name="王小明")
    world.household("1", "王小明", WANG)
    world.fuse()
    left, right = (f"market_enterprise/{record}/organisation" for record in (first, second))
    apply(world, left, right, "same", "organisation")
    assert world.code("market_enterprise", first, "organisation") == world.code("market_enterprise", second, "organisation")
    settled(world)
    apply(world, left, right, "unsure", "organisation")
    assert world.code("market_enterprise", first, "organisation") != world.code("market_enterprise", second, "organisation")
    settled(world)


@pytest.mark.parametrize("back", ["different", "unsure"])
def test_two_doors_judged_one_share_a_code_until_they_are_told_apart(lake: World, back: str) -> None:
    """A shop that was knocked through: the police know two rooms, their people and meters follow the code and part again."""
    for room in ("101", "102"):
        home = lake.home(room=room)
        lake.add("power_account", account_no=f"37{room}", name="王明", address=home)
        lake.health(room, "王小明" if room == "101" else "赵丽", birth_date="1985-03-07", address=home)
    lake.fuse()
    one, two = (f"police_address/{record}/premises" for record in lake.rows["police_address"])
    before, parted = lake.links(), lake.groups()
    assert before[one] != before[two]
    touched = apply(lake, one, two, "same", "premises")
    assert {before[one], before[two]} <= set(touched)
    joined = lake.links()
    assert {joined[ref] for ref in joined if ref.endswith(("/premises", "/home"))} == {joined[one]}
    assert joined[one] in (before[one], before[two])
    settled(lake)
    apply(lake, one, two, back, "premises")
    assert lake.groups() == parted
    settled(lake)


def test_undo_restores_what_was_in_force_before(world: World) -> None:
    father, _, file = namesakes(world)
    ref, person = f"health_file/{file}/person", world.code("police_household", father)
    apply(world, ref, person, "different")
    apply(world, ref, person, "same")
    with world.store.session() as session:
        first, second = reversed(fuse.newest_judgements(session))
        with pytest.raises(BadValue, match="newest"):
            fuse.undo(session, first.number, by="a", at=NOW, days=30)
        with pytest.raises(BadValue, match="older than 30 days"):
            fuse.undo(session, second.number, by="a", at=LATER, days=30)
        with pytest.raises(Missing):
            fuse.undo(session, 99, by="a", at=NOW, days=30)
        taken = fuse.undo(session, second.number, by="a", at=NOW, days=30)
        assert (taken.verdict, taken.undoes) == ("different", second.number)
        back = fuse.undo(session, taken.number, by="a", at=NOW, days=30)
        assert (back.verdict, back.undoes) == ("same", taken.number)
        assert [one.verdict for one in fuse.judgements_on(session, str(first.left), str(first.right))] == [
            "different",
            "same",
            "different",
            "same",
        ]


NAMES = ("王小明", "王晓明", "赵丽")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(("same", "different", "unsure"))), min_size=1, max_size=4))
def test_whatever_is_judged_a_whole_run_agrees(world: World, verdicts: list[tuple[int, int, str]]) -> None:
    with world.store.session() as session:
        for table in ("judgement", "member", "subject", "anchor", "subject_event", "unsure", "block", "place"):
            session.run(f"DELETE FROM {table}")
    world.rows.clear()
    home = world.home()
    refs = [f"police_household/{world.household(str(at), NAMES[at % 3], citizen('1985-03-07', 10 + at), home)}/person" for at in range(4)]
    refs += [f"health_file/{world.health(str(at), NAMES[at % 3], birth_date='1985-03-07')}/person" for at in range(3)]
    refs += [f"health_file/{world.health(str(at), NAMES[at % 3], address=home)}/person" for at in range(3, 6)]
    world.fuse()
    for left, right, verdict in verdicts:
        if left != right:
            apply(world, refs[left], refs[right], verdict)
            settled(world)
