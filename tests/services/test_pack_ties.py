"""Packs on a real store: a tie that leads to somebody named, a service like another with its own licences, a chain of parties."""

from __future__ import annotations

import pytest
from tests.services.town import ANSWERS, DOCUMENTS, FORM, NOW, accept, finish, officer
from tests.share.city import LI_ID, City, citizen, fill

from datong import licences, services
from datong.domain.errors import Missing
from datong.store import Session


def joins(session: Session, city: City, code: str, form: dict[str, str], who: str = "wang", **answers: str) -> services.Begun:
    wanted = services.NewCase(
        code, answers=answers, form={"other_name": "李小红", "new_address": "柳泉路1号", "registered": "博山区", **form}
    )
    return services.begin(session, citizen(city[who]), wanted, now=NOW)


@pytest.mark.parametrize("way", [("wang", "li"), ("li", "wang")])
def test_who_are_married_are_so_whichever_way_it_was_written(any_session: Session, way: tuple[str, str]) -> None:
    city = fill(any_session)
    city.tie(way[0], "married_to", way[1])
    begun = joins(any_session, city, "spouse_joins", {"other_id": LI_ID, "phone": "13812341234"})
    assert begun.facts["tie"].value == "yes" and begun.facts["tie"].subject == city["wang"]
    assert begun.case.answers == {"tie": "yes"} and begun.case.parties == {"seat:other": city["li"]}


def test_a_marriage_to_somebody_else_or_one_that_ended_proves_nothing(any_session: Session) -> None:
    city = fill(any_session)
    city.tie("wang", "married_to", "zhao")
    city.tie("wang", "married_to", "li", until="2024-05-01")
    begun = joins(any_session, city, "spouse_joins", {"other_id": LI_ID}, tie="no")
    assert begun.facts["tie"].value == "no" and begun.case.answers == {"tie": "no"}


def test_a_child_is_not_its_childs_child(any_session: Session) -> None:
    city = fill(any_session)
    city.tie("wang", "child_of", "li")
    assert joins(any_session, city, "child_joins", {"other_id": LI_ID}).facts["tie"].value == "yes"
    begun = joins(any_session, city, "parent_joins", {"other_id": LI_ID}, tie="no")
    assert begun.facts["tie"].value == "no", "Li is the parent here, not the child"


def test_a_number_alone_fills_in_nothing_of_its_holder(any_session: Session) -> None:
    city = fill(any_session)
    begun = joins(any_session, city, "spouse_joins", {"other_id": LI_ID, "other_name": "李大红"}, tie="no")
    assert begun.facts["other_same"].value == "different"
    filled = {one.fact for one in begun.service.form if one.fact}
    others = {one.code for one in begun.service.facts if one.key == "other_id"}
    assert others and not filled & others, "what is known of somebody else is not shown in the form"


def test_only_the_one_joined_confirms_and_the_page_is_issued(any_session: Session) -> None:
    city = fill(any_session)
    city.tie("li", "married_to", "wang")
    case_id = joins(any_session, city, "spouse_joins", {"other_id": LI_ID}).case.case_id
    doing = services.Doing("confirm", "seat:other")
    with pytest.raises(Missing):
        services.act(any_session, citizen(city["zhao"], "zhao"), case_id, doing, now=NOW)
    services.act(any_session, citizen(city["li"], "li"), case_id, doing, now=NOW)
    police = officer("police")
    services.act(any_session, police, case_id, services.Doing("accept"), now=NOW)
    services.act(any_session, police, case_id, services.Doing("claim", "entry"), now=NOW)
    case = services.act(any_session, police, case_id, services.Doing("finish", "entry", "", {"outcome": "agree"}), now=NOW)
    assert case.state == "granted"
    held = licences.of_holder(any_session, citizen(city["wang"]), now=NOW)
    assert [one.type for one in held] == ["household_page"]


def test_a_drinks_shop_gets_a_composite_of_its_own_parts(any_session: Session) -> None:
    city = fill(any_session)
    city.tie("wang", "legal_representative_of", "firm")
    wanted = services.NewCase(
        "drinks_shop_opening", answers={"sign": ANSWERS["sign"]}, form={**FORM, "dishes": "drinks"}, documents=DOCUMENTS
    )
    case_id = services.begin(any_session, citizen(city["wang"]), wanted, now=NOW).case.case_id
    accept(any_session, case_id)
    for task in ("food", "fire", "sign"):
        case = finish(any_session, case_id, task)
    assert case.state == "granted"
    held = {one.type: one for one in licences.of_holder(any_session, citizen(city["wang"]), city["firm"], now=NOW)}
    assert set(held) == {"food_business", "fire_safety", "drinks_composite"}
