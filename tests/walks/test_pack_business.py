"""The walk of businesses: a restaurant as one application of five departments and one licence, its two sisters, a company in one go."""

from __future__ import annotations

import pytest
from tests.simulated_city import City
from tests.walks.conftest import actor, citizen
from tests.walks.doors import Doors, Phone, doors, own_premises, stranger_to
from tests.walks.test_pack_address import credit_code

from datong import licences, services, share
from datong.spec import Service

__all__ = ["doors"]
FIRM = """SELECT k.key_value, r.to_code FROM relation r JOIN entry_key k ON k.code = r.to_code AND k.key_type = 'credit_code'
WHERE r.type = 'legal_representative_of' AND r.until = '' AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code = r.to_code)
ORDER BY k.key_value LIMIT 1"""
SHOP = {"f_shop_name": "某面馆", "f_area": "80", "f_seats": "20", "f_phone": "13900001111", "d_layout": "平面图.pdf"}
TASKS = {"food": "market_regulation", "fire": "fire_rescue", "environment": "ecology", "tobacco": "tobacco", "sign": "urban_management"}


@pytest.fixture
def trader(doors: Doors, city: City) -> tuple[Phone, dict[str, str]]:
    """Somebody with a shop of her own, and what she writes."""
    owner, premises = own_premises(city, "commercial", "office")
    credit, _ = city.one(FIRM)
    return doors.phone(owner), {**SHOP, "f_premises": premises, "f_credit_code": credit}


def through(doors: Doors, case_id: str, *tasks: str) -> None:
    """Accepted, and agreed by every department."""
    doors.window("approval").do(case_id, "accept")
    for task in tasks:
        doors.window(TASKS[task]).finish(case_id, task)


def numbers(city: City, case_id: str) -> list[str]:
    """The types of the licences that came of a case."""
    return sorted(row[0] for row in city.all("SELECT type FROM licence WHERE case_ref = :case", case=case_id))


def test_four_permits_in_one_licence(doors: Doors, city: City, trader: tuple[Phone, dict[str, str]]) -> None:
    phone, written = trader
    made = phone.apply("restaurant_opening", a_tobacco="yes", a_sign="no", f_dishes="hot", **written)
    assert "张三" not in phone.case(made.case_id)
    through(doors, made.case_id, "food", "fire", "environment", "tobacco")
    assert "已办结，准予" in phone.case(made.case_id)
    assert numbers(city, made.case_id) == ["environment_filing", "fire_safety", "food_business", "restaurant_composite", "tobacco_retail"]


def test_two_sisters_reuse_the_restaurants_parts(doors: Doors, city: City, trader: tuple[Phone, dict[str, str]]) -> None:
    phone, written = trader
    drinks = phone.apply("drinks_shop_opening", a_sign="no", f_dishes="drinks", **written)
    through(doors, drinks.case_id, "food", "fire")
    assert "已办结，准予" in phone.case(drinks.case_id)
    assert "drinks_composite" in numbers(city, drinks.case_id) and "tobacco_retail" not in numbers(city, drinks.case_id)
    bakery = phone.apply("bakery_opening", a_sign="yes", f_sign_text="某烘焙", f_dishes="hot", **written)
    through(doors, bakery.case_id, "food", "fire", "environment")
    doors.window("urban_management").finish(bakery.case_id, "sign", "refuse", "店招超出规定尺寸")
    told = phone.case(bakery.case_id)
    assert "已办结，准予" in told and "店招超出规定尺寸" in told
    assert "bakery_composite" in numbers(city, bakery.case_id)
    found = phone.get("/me/services")
    modules = [one for one in installed(doors) if one.kind == "one_thing"]
    assert len(modules) >= 10 and all(one.title.zh in found for one in modules), "every one-thing module is on the portal's page"


def installed(doors: Doors) -> list[Service]:
    with doors.city.store.session(read_only=True) as session:
        return list(services.items(session).services.values())


def test_a_refused_fire_check_takes_back_what_was_given(doors: Doors, city: City, trader: tuple[Phone, dict[str, str]]) -> None:
    phone, written = trader
    made = phone.apply("restaurant_opening", a_tobacco="no", a_sign="no", f_dishes="hot", **written)
    through(doors, made.case_id, "food")
    doors.window("fire_rescue").finish(made.case_id, "fire", "refuse", "疏散通道被占用")
    assert "正在撤回已办事项" in phone.case(made.case_id)
    doors.window("market_regulation").finish(made.case_id, "undo:food")
    assert "已办结，不予" in phone.case(made.case_id) and numbers(city, made.case_id) == []


def test_premises_confirmed_once_are_not_examined_again(doors: Doors, city: City, trader: tuple[Phone, dict[str, str]]) -> None:
    phone, written = trader
    inspector = actor("officer", "market_regulation", roles=frozenset({"inspector"}), jurisdiction=("3703",))
    with city.store.session() as session:
        share.confirm(session, inspector, written["f_premises"], "on_site", now=doors.now)
    made = phone.apply("restaurant_opening", a_tobacco="no", a_sign="no", f_dishes="hot", **written)
    through(doors, made.case_id, "food", "environment")
    told = phone.case(made.case_id)
    assert "已办结，准予" in told, "the fire brigade need not come"
    assert "fire" in {row[0] for row in city.all("SELECT task FROM service_event WHERE case_id = :c AND kind = 'skipped'", c=made.case_id)}


FOUNDING = {
    "a_partner": "no", "a_staff": "yes", "a_account": "yes", "f_company_name": "淄博新办商贸有限公司", "f_capital": "100", "f_scope": "日用百货销售",
    "f_phone": "13900001111", "f_employees": "3", "f_bank_branch": "高新支行", "f_seals": "one", "d_articles": "章程.pdf",
}  # fmt: skip
OPENING = {
    "seal_filing": "police",
    "seal_making": "approval",
    "tax": "tax",
    "insurance": "human_resources",
    "fund": "housing_fund",
    "bank": "bank",
}


def test_a_company_in_one_go(doors: Doors, city: City) -> None:
    owner, premises = own_premises(city, "commercial", "office")
    phone = doors.phone(owner)
    head = {"f_head_id": city.fact(owner, "citizen_id"), "f_head_name": city.fact(owner, "name")}
    made = phone.apply("company_start", f_premises=premises, **FOUNDING, **head)
    market = doors.window("market_regulation")
    doors.later(minutes=20)
    market.do(made.case_id, "accept")
    assert made.case_id not in doors.window("police").get("/office/cases"), "nobody is asked before the licence is there"
    market.finish(made.case_id, "licence")
    registered(doors, city, owner, premises)
    for task, department in OPENING.items():
        doors.later(minutes=12)
        if task == "seal_making":
            assert made.case_id in doors.window("approval").get("/office/cases"), "made when it is filed"
        doors.window(department).finish(made.case_id, task)
    told = phone.case(made.case_id)
    assert "已办结，准予" in told
    begun, ended = city.one("SELECT begun_at, ended_at FROM service_case WHERE case_id = :c", c=made.case_id)
    assert (begun[11:16], ended[11:16]) == ("01:00", "02:32")
    (taken,) = doors.times("company_start")
    assert (taken.cases, taken.fastest) == (1, 92), "one visit to no counter, an hour and a half from first to last"


def registered(doors: Doors, city: City, owner: str, premises: str) -> None:
    """The registry's system pushes the new company: it and its licence are there for everybody, and for the founder, at once."""
    names = {column.field: column.name for column in city.packs.source("market_enterprise").columns}
    code, name = credit_code(7), FOUNDING["f_company_name"]
    row = {names[field]: "" for field in names} | {
        names["entity_no"]: "N7", names["credit_code"]: code, names["org_name"]: name, names["address"]: city.fact(premises, "address"),
        names["status"]: "存续", names["legal_name"]: city.fact(owner, "name"), names["legal_citizen_id"]: city.fact(owner, "citizen_id"),
    }  # fmt: skip
    registry = actor("system", "market_regulation", resources=("market_enterprise",), jurisdiction=("",))
    with city.store.session() as session:
        taken = share.take_in(session, registry, "market_enterprise", [row], now=doors.now)
        firm = next(one for one in taken.codes if one[0] == "O")
        wanted = licences.NewLicence("business_licence", firm, {"holder_name": name, "credit_code": code})
        made = licences.issue(session, actor("officer", "market_regulation", roles=frozenset({"officer"})), wanted, now=doors.now)
        held = licences.of_holder(session, citizen(owner), firm, now=doors.now)
    assert [one.licence_id for one in held] == [made.licence_id]


def test_a_partner_who_was_named_without_being_asked_refuses(doors: Doors, city: City) -> None:
    owner, premises = own_premises(city, "commercial", "office")
    phone, partner = doors.phone(owner), doors.phone(stranger_to(city, owner, premises))
    head = {"f_head_id": city.fact(owner, "citizen_id"), "f_head_name": city.fact(owner, "name")}
    made = phone.apply("company_start", f_premises=premises, **{**FOUNDING, "a_partner": "yes"}, **head)
    assert "作为股东记入公司登记" in partner.asked(made.code)
    partner.answer(made.code, says="decline")
    assert "已办结，不予" in phone.case(made.case_id)
