"""The walk of a new home: the developer files every sold home with the first registration or gets no certificate; buyer, developer and bank
confirm when they have time; one ID card instead of 19 papers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.simulated_city import City
from tests.walks.conftest import actor
from tests.walks.doors import Doors, doors, stranger_to
from tests.web.conftest import send, words

from datong import share

__all__ = ["doors"]
ITEM = "new_home_transfer"
FIRST_DONE = """SELECT k.key_value, o.from_code, o.to_code FROM relation o
JOIN entry_key k ON k.code = o.from_code AND k.key_type = 'credit_code'
JOIN entry_key t ON t.code = o.to_code AND t.key_type = 'title_no'
WHERE o.type = 'owns' AND o.until = '' AND o.from_code LIKE 'O%' ORDER BY t.key_value, k.key_value"""
KEYS = ("new_home_person", "new_home_premises", "new_home_developer")


@pytest.fixture
def sold(city: City) -> tuple[str, str]:
    """The credit code of a developer and a home that the register says is still its own."""
    credit, _, home = city.all(FIRST_DONE)[0]
    return credit, home


def begin(doors: Doors, header: dict[str, str], **body: Any) -> dict[str, Any]:
    answer = doors.api().post("/api/v1/cases", json=body, headers=header)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_certificate_is_held_back_until_every_sold_home_is_filed(doors: Doors, city: City, sold: tuple[str, str]) -> None:
    credit, home = sold
    header = doors.key("natural_resources", *KEYS)
    form = {"project": "某花园", "building": "3号楼", "homes": "60", "sold": "2", "filed": "1"}
    made = begin(doors, header, service="first_registration", applicant={"type": "credit_code", "value": credit}, form=form)
    case_id = made["case_id"]
    registry, housing = doors.window("natural_resources"), doors.window("housing")
    registry.do(case_id, "accept")
    registry.finish(case_id, "examine")
    housing.do(case_id, "claim", "batch")
    housing.do(case_id, "pause", "batch", note="已售两套，只提交一套转移登记申请")
    buyers = [stranger_to(city, "-", home)]
    standing = doors.api().get(f"/api/v1/cases/{case_id}", headers=header).json()
    assert [one["task"] for one in standing["tasks"] if one["state"] == "open"] == [], "the certificate is not begun"
    assert next(one for one in standing["tasks"] if one["task"] == "batch")["paused_because"]
    filed = [begin(doors, header, service=ITEM, **application(city, one, credit, home)) for one in buyers]
    assert all(set(one["invitations"]) == {"developer", "bank"} for one in filed)
    housing.do(case_id, "resume", "batch")
    housing.do(case_id, "finish", "batch", outcome="agree")
    registry.finish(case_id, "certificate")
    assert doors.api().get(f"/api/v1/cases/{case_id}", headers=header).json()["state"] == "granted"


BUILDING = "山东省淄博市高新区某花园3号楼"


def sells(doors: Doors, city: City, credit: str, **places: str) -> None:
    """The housing bureau's system pushes contracts that the developer signed: number → where the home is."""
    columns = {column.field: column.name for column in city.packs.source("housing_contract").columns}
    rows = [
        dict.fromkeys(columns.values(), "") | {
            columns["contract_no"]: number, columns["name"]: "某买受人", columns["seller_credit_code"]: credit,
            columns["address"]: place, columns["signed_on"]: "2026-11-01", columns["filed_on"]: "2026-11-02",
        }
        for number, place in places.items()
    ]  # fmt: skip
    housing = actor("system", "housing", resources=("housing_contract",), jurisdiction=("",))
    with city.store.session() as session:
        assert share.take_in(session, housing, "housing_contract", rows, now=doors.now).receipt.counts.accepted == len(rows)


def test_what_was_sold_and_never_filed_holds_the_certificate_back_by_itself(doors: Doors, city: City, sold: tuple[str, str]) -> None:
    credit, home = sold
    sells(doors, city, credit, YS1=f"{BUILDING}1单元101", YS2=f"{BUILDING}1单元102", YS3="山东省淄博市高新区另一花园1号楼101")
    header = doors.key("natural_resources", *KEYS)
    form = {"project": "某花园", "building": "3号楼", "homes": "60", "sold": "1", "filed": "1"}
    made = begin(doors, header, service="first_registration", applicant={"type": "credit_code", "value": credit}, form=form)
    case_id = made["case_id"]
    buyers = [stranger_to(city, "-", home)]
    buyers.append(another(city, set(buyers)))

    def file(buyer: str, number: str) -> str:
        body = application(city, buyer, credit, home)
        body["form"]["contract_no"] = number
        return str(begin(doors, header, service=ITEM, **body)["case_id"])

    file(buyers[0], "YS1")
    registry = doors.window("natural_resources")
    seen = registry.case(case_id)
    assert "2 套已售，1 套还没有提交，暂不发证" in seen and "YS2" in seen and "不在本次楼栋的备案合同：1 份" in seen, (
        "whatever the developer wrote"
    )
    registry.do(case_id, "accept")
    registry.finish(case_id, "examine")
    doors.window("housing").finish(case_id, "batch")
    registry.do(case_id, "claim", "certificate")
    held = send(
        registry.client, f"/office/cases/{case_id}/act", f"/office/cases/{case_id}", act="finish", task="certificate", outcome="agree"
    )
    assert held.status_code == 422 and "YS2" in words(held.text) and "YS1" not in words(held.text)
    second = file(buyers[1], "YS2")
    doors.phone(buyers[1]).do(second, "withdraw")
    again = send(
        registry.client, f"/office/cases/{case_id}/act", f"/office/cases/{case_id}", act="finish", task="certificate", outcome="agree"
    )
    assert again.status_code == 422, "an application that was withdrawn is none"
    file(buyers[1], "YS2")
    sells(doors, city, credit, YS4=f"{BUILDING}2单元201")
    late = send(
        registry.client, f"/office/cases/{case_id}/act", f"/office/cases/{case_id}", act="finish", task="certificate", outcome="agree"
    )
    assert late.status_code == 422 and "YS4" in words(late.text), "sold after the case was begun"
    file(another(city, set(buyers)), "YS4")
    assert "2 套已售，全部提交" in registry.case(case_id)
    registry.do(case_id, "finish", "certificate", outcome="agree")
    assert doors.api().get(f"/api/v1/cases/{case_id}", headers=header).json()["state"] == "granted"


def application(city: City, buyer: str, credit: str, home: str) -> dict[str, Any]:
    """What the developer files for a buyer."""
    form = {
        "developer_code": credit, "premises": home, "contract_no": "YS2026-1", "share": "sole", "bank_name": "某银行", "loan_amount": "600000",
        "phone": "13900001111", "developer": "某开发公司",
    }  # fmt: skip
    facts = {"address": "standard_address", "title_unit": "title_unit_no", "area": "area"}
    number = {"type": "citizen_id", "value": city.fact(buyer, "citizen_id")}
    return {"applicant": number, "answers": {"loan": "yes"}, "form": form | {name: city.fact(home, field) for name, field in facts.items()}}


def test_buyer_developer_and_bank_at_their_own_times_with_one_id_card(doors: Doors, city: City, sold: tuple[str, str]) -> None:
    credit, home = sold
    buyer = stranger_to(city, "-", home)
    phone = doors.phone(buyer)
    guide = phone.get(f"/me/services/{ITEM}")
    assert "不需要任何纸质材料" in guide
    for paper in ("结婚证", "户口簿", "商品房买卖合同", "房屋平面图", "抵押合同", "契税完税证明", "开发企业营业执照"):
        assert paper in guide, paper
    written = {f"f_{name}": value for name, value in application(city, buyer, credit, home)["form"].items()}
    made = phone.apply(ITEM, a_loan="yes", **written)
    assert "等待其他当事人确认" in phone.case(made.case_id)
    agents = [doors.phone(stranger_to(city, buyer, home))]
    asked = {words(agents[0].asked(code)).count("抵押登记"): code for code in made.codes.values()}
    assert len(made.codes) == 2 and asked
    codes = list(made.codes.values())
    developer, bank = agents[0], doors.phone(another(city, {buyer, stranger_to(city, buyer, home)}))
    doors.later(hours=30)
    developer.answer(codes[0])
    assert "等待其他当事人确认" in phone.case(made.case_id)
    doors.later(days=5)
    bank.answer(codes[1])
    assert "已提交，待受理" in phone.case(made.case_id)
    doors.window("natural_resources").do(made.case_id, "accept")
    if "first" in {row[0] for row in city.all("SELECT code FROM service_task WHERE case_id = :c AND state = 'open'", c=made.case_id)}:
        doors.window("natural_resources").finish(made.case_id, "first")
    doors.window("housing").finish(made.case_id, "contract")
    doors.window("tax").finish(made.case_id, "tax")
    registry = doors.window("natural_resources")
    registry.finish(made.case_id, "transfer")
    registry.finish(made.case_id, "mortgage")
    assert "已办结，准予" in phone.case(made.case_id)
    held = city.all("SELECT type FROM licence WHERE case_ref = :c AND holder = :h", c=made.case_id, h=buyer)
    assert held == [("property_title",)]


def test_a_developer_who_says_nothing_does_not_hold_the_buyer_for_ever(doors: Doors, city: City, sold: tuple[str, str]) -> None:
    credit, home = sold
    buyer = stranger_to(city, "-", home)
    phone = doors.phone(buyer)
    written = {f"f_{name}": value for name, value in application(city, buyer, credit, home)["form"].items()}
    made = phone.apply(ITEM, a_loan="yes", **written)
    bank = doors.phone(stranger_to(city, buyer, home))
    bank.answer(list(made.codes.values())[1])
    doors.wait(days=50)
    assert "逾期终止" in phone.case(made.case_id)
    assert "逾期终止" in phone.messages(), "and she is told"


def test_the_list_of_papers_is_nineteen(doors: Doors) -> None:
    with doors.city.store.session(read_only=True) as session:
        from datong import services

        assert len(services.items(session).of(ITEM).materials) == 19
        assert not services.items(session).of(ITEM).documents


def another(city: City, but: set[str]) -> str:
    """Somebody grown up who is none of these."""
    rows = city.all(
        "SELECT k.code FROM entry_key k WHERE k.key_type = 'citizen_id' AND substr(k.key_value, 7, 4) < '1990' ORDER BY k.key_value"
    )
    return next(row[0] for row in rows if row[0] not in but)
