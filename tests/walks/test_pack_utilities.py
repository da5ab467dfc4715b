"""The walk of water, power and gas accounts: from the premises' code, each company its own part, and nobody's home opened by a stranger."""

from __future__ import annotations

import pytest
from tests.simulated_city import City
from tests.walks.conftest import actor
from tests.walks.doors import Doors, doors, own_premises, stranger_to

from datong import share

__all__ = ["doors"]
ITEM = "utility_accounts"
WANTED = {"a_water": "yes", "a_power": "yes", "a_gas": "yes", "f_load": "8", "f_appliances": "灶具、热水器", "f_visit_on": "2026-11-30"}


@pytest.fixture
def home(city: City) -> tuple[str, str]:
    """Owner and home."""
    return own_premises(city, "residential")


def test_one_form_from_the_code_and_three_companies_side_by_side(doors: Doors, city: City, home: tuple[str, str]) -> None:
    owner, premises = home
    phone = doors.phone(owner)
    filled = phone.form(ITEM, f_premises=premises)
    assert city.fact(premises, "standard_address") in filled and "已核验" in filled
    assert 'name="answer.own"' not in filled and 'name="answer.transfer"' not in filled, "what the registers say is not asked"
    made = phone.apply(ITEM, f_premises=premises, **WANTED)
    water, power, gas = doors.window("water"), doors.window("power"), doors.window("gas")
    assert made.case_id in power.get("/office/cases")
    assert "8" in power.case(made.case_id) and "灶具" not in power.case(made.case_id), "each sees its own part"
    power.finish(made.case_id, "power")
    gas.finish(made.case_id, "gas", "refuse", "该楼没有燃气管道")
    assert "已办结" not in phone.case(made.case_id)
    water.finish(made.case_id, "water")
    told = phone.case(made.case_id)
    assert "已办结，准予" in told and "该楼没有燃气管道" in told, "one that cannot does not hold up the others"


def test_somebody_else_needs_the_owners_word(doors: Doors, city: City, home: tuple[str, str]) -> None:
    owner, premises = home
    other = stranger_to(city, owner, premises)
    phone, landlord = doors.phone(other), doors.phone(owner)
    written = {**WANTED, "a_transfer": "no", "f_address": "某处", "f_premises": premises}
    assert city.fact(premises, "standard_address") not in phone.form(ITEM, f_premises=premises)
    made = phone.apply(ITEM, **written)
    assert "等待其他当事人确认" in phone.case(made.case_id)
    assert "成为该房屋水电气的用户" in landlord.asked(made.code)
    landlord.answer(made.code, says="decline")
    assert "已办结，不予" in phone.case(made.case_id)
    with city.store.session(read_only=True) as session:
        told = share.department_notices(session, actor("officer", "approval", roles=frozenset({"officer"})))
    assert any(made.case_id in one.title_zh and "冒用" in one.text_zh for one in told), "a refusal is a lead"
    late = phone.apply(ITEM, **written)
    doors.wait(days=20)
    assert "逾期终止" in phone.case(late.case_id), "an owner who says nothing has not agreed"
    third = phone.apply(ITEM, **written)
    landlord.answer(third.code)
    assert "已受理，办理中" in phone.case(third.case_id)
    for name in ("water", "power", "gas"):
        doors.window(name).finish(third.case_id, name)
    assert "已办结，准予" in phone.case(third.case_id)
