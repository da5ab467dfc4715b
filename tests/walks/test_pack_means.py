"""The walk of a means test: the family from the registers, nothing of a spouse before her word, a verdict with reasons, an officer's decision,
everybody tested again at night, rates with their denominators."""

from __future__ import annotations

import json

import pytest
from tests.simulated_city import City
from tests.walks.conftest import actor
from tests.walks.doors import Doors, doors

from datong import services, share

__all__ = ["doors"]
ITEM = "minimum_allowance"
COUPLES = """SELECT r.from_code, r.to_code FROM relation r
JOIN entry_key k ON k.code = r.from_code AND k.key_type = 'citizen_id' AND length(k.key_value) = 18
WHERE r.type = 'married_to' AND r.until = '' AND substr(k.key_value, 7, 4) BETWEEN '1955' AND '1995'
AND NOT EXISTS (SELECT 1 FROM relation x WHERE x.type = 'married_to' AND x.until = '' AND x.to_code <> r.to_code AND x.from_code = r.from_code)
AND NOT EXISTS (SELECT 1 FROM relation x WHERE x.type = 'married_to' AND x.until = '' AND x.from_code <> r.to_code AND x.to_code = r.from_code)
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code IN (r.from_code, r.to_code))
GROUP BY r.from_code, r.to_code ORDER BY min(k.key_value)"""
UNITS = {"income": "tax", "deposits": "bank", "pension": "human_resources", "fund": "housing_fund", "vehicles": "police",
         "home_visit": "sub_district"}  # fmt: skip
SPOUSES = ("spouse_car", "spouse_business", "spouse_homes")
DECLARED = {"f_members": "3", "f_monthly_income": "1500", "f_deposits": "6000"}
CIVIL = actor("officer", "civil_affairs", roles=frozenset({"officer"}))


@pytest.fixture
def couple(city: City) -> tuple[str, str]:
    """Two who are married to one another and to nobody else, and of whom the police says so."""
    for one, other in city.all(COUPLES):
        if status(city, one) == "married" and plain(city, one) and plain(city, other):
            return one, other
    raise AssertionError("nobody in the city is married")


def status(city: City, code: str) -> str:
    try:
        return city.fact(code, "marital_status")
    except KeyError:
        return ""


def plain(city: City, code: str) -> bool:
    """Without car and business, with one home at most: within the line, if the income is."""
    cars = city.all("SELECT 1 FROM entry_key WHERE code = :c AND key_type = 'plate'", c=code)
    ties = city.all("SELECT type FROM relation WHERE from_code = :c AND until = '' AND type IN ('legal_representative_of')", c=code)
    homes = city.all("SELECT DISTINCT to_code FROM relation WHERE from_code = :c AND until = '' AND type = 'owns'", c=code)
    return not cars and not ties and len(homes) == 0


def facts(city: City, case_id: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(city.one("SELECT facts FROM service_case WHERE case_id = :c", c=case_id)[0])["facts"]
    return found


def looks(city: City, code: str, case_id: str) -> list[tuple[str, ...]]:
    """What the item asked about somebody: the lines of the record."""
    return city.all(
        "SELECT leaf_index FROM ledger_line WHERE subject = :c AND purpose = 'means_test_online' AND body LIKE :case AND body NOT LIKE '%\"via\"%'",
        c=code,
        case=f"%{case_id}%",
    )


def units(doors: Doors, case_id: str) -> None:
    for task, department in UNITS.items():
        doors.window(department).finish(case_id, task)


def test_the_family_comes_from_the_registers_and_nothing_of_the_spouse_before_her_word(
    doors: Doors, city: City, couple: tuple[str, str]
) -> None:
    one, other = couple
    phone, spouse = doors.phone(one), doors.phone(other)
    shown = phone.form(ITEM)
    assert city.fact(other, "name") in shown and 'name="form.spouse_id"' not in shown, "nobody types the number of her spouse"
    made = phone.apply(ITEM, **DECLARED)
    assert {facts(city, made.case_id)[name]["state"] for name in SPOUSES} == {"waiting"}
    assert "等待配偶" in facts(city, made.case_id)["spouse_car"]["why_zh"]
    assert looks(city, other, made.case_id) == [], "her record shows no look"
    assert "您的机动车、不动产和经营情况" in spouse.get("/me/messages")
    spouse.answer(case_id=made.case_id, seat="spouse")
    told = facts(city, made.case_id)
    assert {told[name]["state"] for name in SPOUSES} <= {"verified", "empty"} and told["spouse_homes"]["value"] == "0"
    assert looks(city, other, made.case_id), "she sees that she was looked at, and why"
    assert "社会救助" in spouse.get("/me/looked") or "救助" in spouse.get("/me/looked")
    officer = doors.window("civil_affairs")
    assert "收入和财产在标准以内" in officer.case(made.case_id)
    assert "已受理，办理中" in phone.case(made.case_id), "no verdict grants by itself"
    units(doors, made.case_id)
    officer.finish(made.case_id, "decide", note="符合条件")
    assert "已办结，准予" in phone.case(made.case_id)
    assert city.all("SELECT type FROM licence WHERE case_ref = :c", c=made.case_id) == [("minimum_allowance",)]


def test_a_spouse_who_refuses_is_never_looked_at(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    one, other = couple
    phone, spouse = doors.phone(one), doors.phone(other)
    made = phone.apply(ITEM, **DECLARED)
    spouse.answer(case_id=made.case_id, seat="spouse", says="decline")
    assert "已办结，不予" in phone.case(made.case_id)
    assert {facts(city, made.case_id)[name]["state"] for name in SPOUSES} == {"waiting"}
    assert looks(city, other, made.case_id) == []
    late = phone.apply(ITEM, **DECLARED)
    doors.wait(days=25)
    assert "逾期终止" in phone.case(late.case_id) and looks(city, other, late.case_id) == []


def test_too_much_income_is_above_with_the_rule_and_the_officer_refuses(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    one, other = couple
    phone = doors.phone(one)
    made = phone.apply(ITEM, **{**DECLARED, "f_monthly_income": "9000"})
    doors.phone(other).answer(case_id=made.case_id, seat="spouse")
    officer = doors.window("civil_affairs")
    seen = officer.case(made.case_id)
    assert "人均收入高于标准" in seen and "社会救助暂行办法" in seen
    units(doors, made.case_id)
    officer.finish(made.case_id, "decide", "refuse", "人均收入高于标准")
    assert "已办结，不予" in phone.case(made.case_id)
    with city.store.session(read_only=True) as session:
        found = services.rates(session, ITEM)
        same = services.replay_decision(session, CIVIL, made.case_id)
    assert (found.cases, found.ineligible_cases, found.people, found.ineligible_people, found.refused) == (1, 1, 3, 3, 1)
    assert found.not_paid == 0, "whose income is above the line would have been paid nothing"
    assert same.same


def test_everybody_is_tested_again_at_night_in_one_query(doors: Doors, city: City, couple: tuple[str, str]) -> None:
    one, other = couple
    made = doors.phone(one).apply(ITEM, **DECLARED)
    doors.phone(other).answer(case_id=made.case_id, seat="spouse")
    units(doors, made.case_id)
    doors.window("civil_affairs").finish(made.case_id, "decide")
    doors.later(days=1)
    with city.store.session() as session:
        quiet = services.retest(session, city.settings, CIVIL, ITEM, now=doors.now)
    assert (quiet.cases, quiet.people, quiet.changed) == (1, 3, ())
    car = {column.field: column.name for column in city.packs.source("police_vehicle").columns}
    row = dict.fromkeys(car.values(), "") | {
        car["plate"]: "鲁C8K001", car["owner_name" if "owner_name" in car else "name"]: city.fact(other, "name"),
        car["owner_id" if "owner_id" in car else "citizen_id"]: city.fact(other, "citizen_id"),
    }  # fmt: skip
    police = actor("system", "police", resources=("police_vehicle",), jurisdiction=("",))
    with city.store.session() as session:
        assert share.take_in(session, police, "police_vehicle", [row], now=doors.now).receipt.counts.accepted == 1
        (changed,) = services.retest(session, city.settings, CIVIL, ITEM, now=doors.now).changed
        assert (changed.case_id, changed.before, changed.now, changed.rule) == (made.case_id, "within", "above", "M03")
        told = share.department_notices(session, CIVIL)
    assert any("within变为above" in one.text_zh and "不自动停发" in one.text_zh for one in told)
    assert "已办结，准予" in doors.phone(one).case(made.case_id), "nothing is stopped by rule"
