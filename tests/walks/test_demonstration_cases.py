"""The cases a visitor of the demonstration city finds: work before the officers, a statement in a wallet, an owner to be asked."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.simulated_city import NOW, City

from datong import services
from datong.cli import demo_cases
from datong.cli.demo_people import demo_accounts
from datong.cli.key import Door
from datong.domain.access import Actor
from datong.web import create_account

AT = datetime.fromisoformat(NOW)


@pytest.fixture
def begun(city: City) -> tuple[str, ...]:
    with city.store.session() as session:
        for account in demo_accounts(session):
            create_account(session, account)
        return demo_cases.play(Door(session, city.packs, AT))


def officer(department: str) -> Actor:
    return Actor(f"{department}-1", "测试", "officer", department, roles=frozenset({"officer"}), jurisdiction=("",))


def test_every_department_of_the_restaurant_has_its_part_before_it(city: City, begun: tuple[str, ...]) -> None:
    assert "restaurant_opening" in begun
    with city.store.session(read_only=True) as session:
        waiting = {who: services.queue(session, officer(who), now=AT) for who in ("fire_rescue", "tobacco", "market_regulation")}
    assert {one.task for one in waiting["fire_rescue"]} == {"fire"} and {one.task for one in waiting["tobacco"]} == {"tobacco"}
    assert not [one for one in waiting["market_regulation"] if one.task == "food"], "the food department has finished its part"


def test_a_second_shop_waits_for_its_owner_or_to_be_accepted(city: City, begun: tuple[str, ...]) -> None:
    assert "drinks_shop_opening" in begun
    states = dict(city.all("SELECT service, state FROM service_case"))
    assert states["restaurant_opening"] == "accepted" and states["drinks_shop_opening"] in ("awaiting", "submitted")


def test_statements_of_insurance_are_given_at_once_or_looked_at_by_a_person(city: City, begun: tuple[str, ...]) -> None:
    assert begun.count("insurance_statement") == 2
    assert {row[0] for row in city.all("SELECT state FROM service_case WHERE service = 'insurance_statement'")} <= {"granted", "accepted"}


def test_what_was_granted_is_on_the_board_of_savings_from_the_first_look(city: City, begun: tuple[str, ...]) -> None:
    granted = [row[0] for row in city.all("SELECT case_id FROM service_case WHERE state = 'granted' ORDER BY case_id")]
    assert [row[0] for row in city.all("SELECT case_id FROM service_benefit ORDER BY case_id")] == granted
