"""Which value wins, and why: folding is a function of what records say."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from tests.fuse.world import real_packs

from datong.registers import read_body
from datong.registers.build import body_of
from datong.registers.fold import Said, Weights, fold

WEIGHTS = Weights(real_packs())


def said(field: str, value: str, resource: str, as_of: str = "2026-10-31", record: str = "r1", **more: object) -> Said:
    return Said(field, value, resource, record, "d000001", as_of, **more)  # type: ignore[arg-type]


def states(kind: str, *heard: Said) -> list[tuple[str, str, str]]:
    facts = fold(kind, heard, WEIGHTS)  # type: ignore[arg-type]
    return [(fact.said.value, fact.state, fact.why) for fact in facts[heard[0].field]]


def test_the_source_named_for_a_field_wins_over_a_newer_record_of_another() -> None:
    heard = (said("name", "王晓明", "health_file", "2026-10-31"), said("name", "王小明", "police_household", "2020-01-01"))
    assert states("person", *heard) == [("王小明", "won", "order"), ("王晓明", "conflict", "outranked")]


def test_without_an_order_the_class_decides_then_the_newest_record() -> None:
    classes = (said("household_no", "1", "health_file"), said("household_no", "2", "police_household", "2020-01-01"))
    assert states("person", *classes)[0] == ("2", "won", "order")
    newest = (
        said("legal_representative_id", "1", "tobacco_licence", "2025-01-01"),
        said("legal_representative_id", "2", "tax_registration"),
    )
    assert states("organisation", *newest) == [("2", "won", "newest"), ("1", "conflict", "outranked")]


def test_an_unsound_value_never_wins_over_a_sound_one() -> None:
    heard = (said("citizen_id", "37", "police_household", problem="length"), said("citizen_id", "370303198503070113", "health_file"))
    assert states("person", *heard) == [("370303198503070113", "won", "sound"), ("37", "conflict", "unsound")]


def test_what_the_same_source_said_earlier_is_past_not_a_conflict() -> None:
    heard = (said("sex", "male", "health_file", "2026-10-31", "b"), said("sex", "female", "health_file", "2024-01-01", "a"))
    assert states("person", *heard) == [("male", "won", "newest"), ("female", "past", "older")]


def test_a_former_name_on_record_is_past() -> None:
    facts = fold(
        "person",
        (
            said("name", "赵丽", "police_household"),
            said("name", "赵小丽", "health_file"),
            said("former_name", "赵小丽", "police_household"),
        ),
        WEIGHTS,
    )
    assert [(fact.said.value, fact.state) for fact in facts["name"]] == [("赵丽", "won"), ("赵小丽", "past")]


def test_several_phones_stand_beside_each_other_and_the_same_twice_agrees() -> None:
    heard = (said("phone", "1", "police_resident"), said("phone", "2", "health_file"), said("phone", "2", "power_account"))
    assert sorted(state for _, state, _ in states("person", *heard)) == ["agrees", "won", "won"]


def test_two_wordings_of_one_door_agree_and_a_vague_address_loses() -> None:
    heard = (
        said("address", "柳门路附近", "police_resident", door=False),
        said("address", "丽景新村1-1-101", "health_file", place="H1"),
        said("address", "柳门路1号丽景新村1号楼1单元101室", "grid_visit", place="H1"),
    )
    assert [state for _, state, _ in states("person", *heard)] == ["won", "agrees", "agrees"]
    assert states("person", *heard)[0][0] == "柳门路1号丽景新村1号楼1单元101室"


def test_every_fact_names_its_record_delivery_department_and_day() -> None:
    facts = fold("person", (said("name", '王"小明', "police_household", raw="王 小明"),), WEIGHTS)
    assert read_body(body_of(facts, WEIGHTS))["name"][0] == {
        "value": '王"小明',
        "resource": "police_household",
        "department": "police",
        "record": "r1",
        "delivery": "d000001",
        "as_of": "2026-10-31",
        "state": "won",
        "why": "only",
        "raw": "王 小明",
    }


HEARD = st.builds(
    said,
    st.sampled_from(("name", "phone", "address", "sex")),
    st.sampled_from(("一", "二", "三")),
    st.sampled_from(("police_household", "health_file", "grid_visit", "power_account")),
    st.sampled_from(("2024-01-01", "2026-10-31")),
    st.sampled_from(("r1", "r2", "r3")),
)


@given(st.lists(HEARD, unique_by=lambda one: (one.field, one.resource, one.record, one.as_of), max_size=12), st.integers(0, 99))
def test_the_order_in_which_records_come_changes_nothing(heard: list[Said], seed: int) -> None:
    shuffled = heard.copy()
    random.Random(seed).shuffle(shuffled)
    assert fold("person", heard, WEIGHTS) == fold("person", shuffled, WEIGHTS)


@given(st.lists(HEARD, min_size=1, max_size=8))
def test_each_field_has_a_winner_first_and_loses_no_value(heard: list[Said]) -> None:
    for field, facts in fold("person", heard, WEIGHTS).items():
        assert facts[0].state == "won"
        assert {fact.said.value for fact in facts} == {one.value for one in heard if one.field == field}
