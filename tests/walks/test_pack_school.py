"""The walk of school enrolment: six kinds of data instead of papers, zones and points by rule, places in one order for all, an electronic notice."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.simulated_city import City
from tests.walks.conftest import actor
from tests.walks.doors import Applied, Doors, doors

from datong import ledger, licences, services

__all__ = ["doors"]
ITEM = "school_enrolment"
FAMILIES = """SELECT DISTINCT c.from_code, c.to_code, min(h.to_code) FROM relation c
JOIN entry_key k ON k.code = c.from_code AND k.key_type = 'citizen_id'
JOIN relation h ON h.from_code = c.to_code AND h.type = 'owns' AND h.until = '' AND h.to_code LIKE 'H%'
WHERE c.type = 'child_of' AND c.until = '' AND length(k.key_value) = 18 AND substr(k.key_value, 7, 8) BETWEEN '20170901' AND '20210831'
GROUP BY c.from_code, c.to_code ORDER BY min(k.key_value), c.to_code"""
BUREAU = actor("officer", "education", roles=frozenset({"officer"}))
PLACES = 2


def families(city: City) -> list[tuple[str, str, str]]:
    """Child, one of its parents, her home: of each child once."""
    found = {child: (child, parent, home) for child, parent, home in reversed(city.all(FAMILIES))}
    return list(found.values())


def enrol(doors: Doors, city: City, family: tuple[str, str, str], **more: str) -> Applied:
    child, parent, home = family
    written = {
        "f_child_id": city.fact(child, "citizen_id"), "f_child_name": city.fact(child, "name"), "f_premises": home,
        "f_school": "liuquan", "f_phone": "13900001111", "f_address": "某处", "f_name": city.fact(parent, "name"), "a_contract": "no",
    }  # fmt: skip
    return doors.phone(parent).apply(ITEM, **{**written, **more})


def decision(city: City, case_id: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(city.one("SELECT decision FROM service_case WHERE case_id = :case", case=case_id)[0])
    return found


@pytest.fixture
def few(doors: Doors) -> Doors:
    """The school has fewer places than there are children."""
    with doors.city.store.session() as session:
        installed = services.items(session)
        item = installed.of(ITEM)
        assert item.allocation is not None
        fewer = replace(item, allocation=replace(item.allocation, places={"liuquan": PLACES}))
        services.items(session).services[ITEM] = fewer  # type: ignore[index]
    return doors


def test_six_kinds_of_data_are_read_and_none_is_asked_for(doors: Doors, city: City) -> None:
    child, parent, home = families(city)[0]
    phone = doors.phone(parent)
    guide = phone.get(f"/me/services/{ITEM}")
    for kind in ("居民信息", "不动产信息", "社会保险缴费信息", "商品房买卖合同信息", "个体工商户信息", "出生医学证明信息"):
        assert kind in guide
    assert "不需要任何纸质材料" in guide
    empty = phone.form(ITEM)
    assert city.fact(child, "citizen_id") not in empty, "a child is not guessed"
    made = enrol(doors, city, (child, parent, home))
    facts = json.loads(city.one("SELECT facts FROM service_case WHERE case_id = :c", c=made.case_id)[0])["facts"]
    assert facts["tie"]["value"] == "yes" and facts["born"]["value"] == city.fact(child, "birth_date")
    assert {facts[name]["department"] for name in ("born", "registered", "tie") if facts[name]["value"]} <= {"police", "health"}


def test_nobody_learns_of_a_child_that_is_not_hers(doors: Doors, city: City) -> None:
    (child, _, _), (_, stranger, home) = families(city)[0], families(city)[1]
    assert not city.all("SELECT 1 FROM relation WHERE from_code = :c AND to_code = :p AND type = 'child_of'", c=child, p=stranger)
    made = enrol(doors, city, (child, stranger, home))
    facts = json.loads(city.one("SELECT facts FROM service_case WHERE case_id = :c", c=made.case_id)[0])["facts"]
    assert facts["tie"]["value"] == "no" and facts["born"]["value"] == "" == facts["registered"]["value"]
    assert "没有记载监护关系" in str(decision(city, made.case_id)["reason"])


def test_places_go_to_all_applicants_in_one_order_that_can_be_made_again(few: Doors, city: City) -> None:
    made = [enrol(few, city, one) for one in families(city)]
    entitled = {one.case_id for one in made if decision(city, one.case_id)["outcome"] == "eligible"}
    assert len(entitled) > PLACES, [decision(city, one.case_id)["reason"] for one in made]
    with city.store.session() as session:
        run = services.allocate(session, BUREAU, ITEM, "liuquan", now=few.now)
    doubted = {one.case_id for one in made if decision(city, one.case_id)["doubts"]}
    assert {one.case_id for one in run.ranked} == entitled - doubted and sum(one.given for one in run.ranked) == PLACES
    points = [int(one.found[0]) for one in run.ranked]
    assert points == sorted(points, reverse=True) and min(points) >= 60
    by_case = {one.case_id: parent for one, (_, parent, _) in zip(made, families(city), strict=True)}
    best, last = run.ranked[0].case_id, run.ranked[-1].case_id
    told = few.phone(by_case[best]).case(best)
    assert "已办结，准予" in told and "排第1位" in told and "抽签号" in told
    assert f"排第{len(run.ranked)}位" in few.phone(by_case[last]).messages() and "名额已满" in few.phone(by_case[last]).messages()
    assert "已受理，办理中" in few.phone(by_case[last]).case(last), "the bureau goes on looking for a place"
    with city.store.session() as session:
        same, again = services.order_again(session, BUREAU, run.allocation_id)
        assert same and again == run.ranked
        line = city.one("SELECT body FROM ledger_line WHERE type = 'case.allocation' AND actor = :who", who=BUREAU.id)[0]
        assert run.allocation_id in line and best not in line
        assert ledger.verify_log(session, ledger.load_verifier(city.settings.home)).sound
    few.window("education").finish(last, "examine", "agree", "统筹到相邻学校")
    assert "已办结，准予" in few.phone(by_case[last]).case(last)


def test_the_notice_of_admission_is_an_electronic_licence(few: Doors, city: City) -> None:
    made = {enrol(few, city, one).case_id: one for one in families(city)[:6]}
    with city.store.session() as session:
        run = services.allocate(session, BUREAU, ITEM, "liuquan", now=few.now)
        first = run.ranked[0].case_id
        child = made[first][0]
        (notice,) = licences.of_holder(session, actor("citizen", subject=child, roles=frozenset({"citizen"})), now=few.now)
    assert notice.type == "admission_notice" and notice.state == "valid" and notice.facts["school"] == "柳泉路小学"
    assert notice.facts["holder_name"] == city.fact(child, "name")
