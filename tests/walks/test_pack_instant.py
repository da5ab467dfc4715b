"""The walk of items decided at once: the statement of insurance, the housing fund for rent, kinship proved from records, joining a spouse's
household, a disability card and what it entitles to by the ID card alone."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.simulated_city import City
from tests.walks.conftest import actor, citizen
from tests.walks.doors import Doors, doors, stranger_to
from tests.walks.test_pack_means import COUPLES

from datong import licences, services

__all__ = ["doors"]
INSURED = """SELECT DISTINCT r.from_code FROM relation r JOIN entry_key k ON k.code = r.from_code AND k.key_type = 'citizen_id'
WHERE r.type = 'works_for' AND r.until = '' AND length(k.key_value) = 18 AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code = r.from_code)
ORDER BY 1"""
CHILD = """SELECT c.from_code, c.to_code FROM relation c JOIN entry_key k ON k.code = c.from_code AND k.key_type = 'citizen_id'
WHERE c.type = 'child_of' AND c.until = '' AND length(k.key_value) = 18
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code IN (c.from_code, c.to_code)) ORDER BY k.key_value, c.to_code LIMIT 1"""


def has(city: City, code: str, field: str) -> str:
    try:
        return city.fact(code, field)
    except KeyError:
        return ""


def decided(city: City, case_id: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(city.one("SELECT decision FROM service_case WHERE case_id = :c", c=case_id)[0])
    return found


def other(city: City, code: str) -> dict[str, str]:
    return {"f_other_id": city.fact(code, "citizen_id"), "f_other_name": city.fact(code, "name")}


def test_a_statement_of_insurance_comes_in_one_step(doors: Doors, city: City) -> None:
    insured = [row[0] for row in city.all(INSURED) if has(city, row[0], "insurance_no") and not has(city, row[0], "death_date")][:8]
    granted = []
    for code in insured:
        phone = doors.phone(code)
        made = phone.apply("insurance_statement", f_purpose_of_use="购房")
        granted.append("已办结，准予" in phone.case(made.case_id))
    assert sum(granted) >= 6, "nobody waits whose record is clear"
    (taken,) = doors.times("insurance_statement")
    assert taken.mean == 0
    with city.store.session() as session:
        who = insured[granted.index(True)]
        (held,) = licences.of_holder(session, citizen(who), now=doors.now)
        assert held.type == "insurance_statement" and held.facts["holder_name"] == city.fact(who, "name")


def test_the_fund_for_rent_goes_by_what_the_registers_say(doors: Doors, city: City) -> None:
    renters = city.all(
        "SELECT DISTINCT r.from_code FROM relation r WHERE r.type = 'rents' AND r.until = '' AND r.from_code LIKE 'P%' ORDER BY 1"
    ) + city.all("SELECT code FROM entry WHERE kind = 'person' ORDER BY code")
    seen = set()
    for (code,) in renters:
        if (
            not has(city, code, "housing_fund_no")
            or not has(city, code, "marital_status")
            or city.fact(code, "marital_status") == "married"
        ):
            continue
        phone = doors.phone(code)
        made = phone.apply("fund_rent_withdrawal", f_months="3", f_amount="3000", f_phone="13900001111")
        told = decided(city, made.case_id)
        seen.add(str(told["outcome"]))
        assert ("已办结，准予" in phone.case(made.case_id)) == bool(told["favourable"])
        greedy = phone.apply("fund_rent_withdrawal", f_months="3", f_amount="99999", f_phone="13900001111")
        assert "超过每月限额" in str(decided(city, greedy.case_id)["reason"])
        assert "已受理，办理中" in phone.case(greedy.case_id), "what the rules do not grant, a person decides"
        break
    assert seen, "nobody in the city rents and pays into the fund"


def test_my_mother_is_my_mother(doors: Doors, city: City) -> None:
    child, parent = city.one(CHILD)
    phone = doors.phone(child)
    made = phone.apply("kinship_proof", f_relation="parent", f_use="出国旅游", **other(city, parent))
    assert "已办结，准予" in phone.case(made.case_id), decided(city, made.case_id)
    with city.store.session() as session:
        (held,) = licences.of_holder(session, citizen(child), now=doors.now)
        checked = licences.check_text(session, None, held.credential, now=doors.now)
    assert held.type == "kinship_statement" and checked.verdict.good and held.facts["other_name"] == city.fact(parent, "name")
    wrong = phone.apply("kinship_proof", f_relation="parent", f_use="出国旅游", **other(city, stranger_to(city, child, parent)))
    assert "记录中没有这一关系" in str(decided(city, wrong.case_id)["reason"])
    assert "民警查档核实" in phone.case(wrong.case_id), "what no record holds is looked for, never denied by rule"
    misspelt = phone.apply("kinship_proof", f_relation="parent", f_use="出国旅游", **{**other(city, parent), "f_other_name": "别人"})
    assert not decided(city, misspelt.case_id)["favourable"]


def test_joining_a_spouses_household_without_a_certificate(doors: Doors, city: City) -> None:
    one, spouse = city.all(COUPLES)[0]
    phone, partner, police = doors.phone(one), doors.phone(spouse), doors.window("police")
    assert "不需要任何纸质材料" in phone.get("/me/services/spouse_joins")
    made = phone.apply("spouse_joins", f_new_address="柳泉路1号", f_phone="13900001111", f_registered="旧址", **other(city, spouse))
    assert "户口迁入您的户" in partner.get("/me/messages")
    partner.answer(case_id=made.case_id, seat="other")
    police.do(made.case_id, "accept")
    assert made.case_id and "enquiry" not in {
        row[0] for row in city.all("SELECT code FROM service_task WHERE case_id = :c", c=made.case_id)
    }
    police.finish(made.case_id, "entry")
    assert "已办结，准予" in phone.case(made.case_id)
    assert city.all("SELECT type FROM licence WHERE case_ref = :c", c=made.case_id) == [("household_page",)]
    refused = phone.apply("spouse_joins", f_new_address="柳泉路1号", f_phone="13900001111", f_registered="旧址", **other(city, spouse))
    partner.answer(case_id=refused.case_id, seat="other", says="decline")
    assert "已办结，不予" in phone.case(refused.case_id)


def test_a_disability_card_and_reimbursement_by_the_id_card_alone(doors: Doors, city: City) -> None:
    holder = next(
        row[0] for row in city.all("SELECT code FROM entry WHERE kind = 'person' ORDER BY code")
        if has(city, row[0], "disability_level") and len(has(city, row[0], "citizen_id")) == 18
        and not city.all("SELECT 1 FROM mark WHERE code = :c", c=row[0])
    )  # fmt: skip
    level, number, name = (city.fact(holder, one) for one in ("disability_level", "citizen_id", "name"))
    phone = doors.phone(holder)
    made = phone.apply("disability_card", a_guardian="no", f_kind="limb", f_phone="13900001111", f_address="柳泉路1号")
    federation = doors.window("disabled_federation")
    federation.do(made.case_id, "accept")
    federation.finish(made.case_id, "issue")
    assert "已办结，准予" in phone.case(made.case_id)
    with city.store.session() as session:
        licences.agree(session, citizen(holder), "disability_card", "medical_insurance", timedelta(days=30), now=doors.now)
        checked = licences.by_card(
            session, actor("officer", "medical_insurance", roles=frozenset({"window_clerk"}), jurisdiction=("3703",)), number,
            "disability_card", purpose="医药费报销", now=doors.now,
        )  # fmt: skip
    assert checked.verdict.good and checked.verdict.claims["kind"] == "肢体"
    counter = doors.window("disabled_federation", "window_clerk")
    answer = counter.counter(
        "aid_reimbursement", number, name, f_device="wheelchair", f_bought_on="2026-11-20", f_amount="900", d_invoice="发票1"
    )
    assert answer.status_code == 200 and "收件回执" in answer.text, answer.text[:400]
    case_id = city.one("SELECT case_id FROM service_case WHERE service = 'aid_reimbursement'")[0]
    assert decided(city, case_id)["outcome"] == "granted" and level in json.dumps(decided(city, case_id)["inputs"])
    assert "已办结，准予" in phone.case(case_id), "no card, no proof: the number and the invoice"
    with city.store.session(read_only=True) as session:
        assert services.items(session).of("aid_reimbursement").documents[0].because
