"""The walk of a business address: own home by any key, another's by its owner's pass, refusals with reasons, a false registration revoked."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from tests.simulated_city import City, Template
from tests.walks.conftest import actor, citizen
from tests.walks.doors import Doors, doors, own_premises
from tests.walks.test_a_verification import SOMEBODY_ELSE
from tests.web.conftest import send, words

from datong import share
from datong.cli.run import run
from datong.domain.identifiers import read_credit_code

__all__ = ["doors"]
ITEM, GATE = "address_registration", "gate_registration"
OWNERS = """SELECT o.from_code, min(o.to_code) FROM relation o JOIN entry h ON h.code = o.to_code AND h.kind = 'premises'
WHERE o.type = 'owns' AND o.until = '' AND o.from_code LIKE 'P%' AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code IN (o.to_code, o.from_code))
GROUP BY o.from_code HAVING count(DISTINCT o.to_code) {} ORDER BY min((SELECT min(k.key_value) FROM entry_key k WHERE k.code = o.from_code)) LIMIT 1"""
MISUSED = """SELECT o.from_code, o.to_code, r.from_code, k.key_value FROM relation o
JOIN relation r ON r.to_code = o.to_code AND r.type = 'registered_at' AND r.until = ''
JOIN entry_key k ON k.code = r.from_code AND k.key_type = 'credit_code'
WHERE o.type = 'owns' AND o.until = '' AND o.from_code LIKE 'P%'
AND NOT EXISTS (SELECT 1 FROM relation l WHERE l.from_code = o.from_code AND l.to_code = r.from_code) ORDER BY k.key_value LIMIT 1"""


@pytest.fixture
def shop(city: City) -> tuple[str, str, str]:
    """Owner, a shop that nobody doubts, owner's number."""
    owner, premises = own_premises(city, "commercial", "office")
    return owner, premises, city.fact(owner, "citizen_id")


def decided(city: City, case_id: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(city.one("SELECT decision FROM service_case WHERE case_id = :case", case=case_id)[0])
    return found


def shown_pass(doors: Doors, owner: str, premises: str) -> str:
    """The owner makes a pass on her phone's page; what the QR holds."""
    with doors.city.store.session() as session:
        return share.issue_pass(session, citizen(owner), share.NewPass(premises, GATE), now=doors.now).qr


def test_ones_own_premises_are_confirmed_at_once_by_any_key(doors: Doors, city: City, shop: tuple[str, str, str]) -> None:
    owner, premises, _ = shop
    phone = doors.phone(owner)
    title = city.one("SELECT key_value FROM entry_key WHERE code = :code AND key_type = 'title_no'", code=premises)[0]
    for key in (premises, title, city.fact(premises, "address"), shown_pass(doors, owner, premises)):
        made = phone.apply(ITEM, f_premises=key, f_business="某面馆")
        assert "已办结，准予" in phone.case(made.case_id), key
        assert decided(city, made.case_id)["outcome"] == "granted"


def test_ones_only_home_is_found_by_the_own_number_and_nobody_elses_is(doors: Doors, city: City, shop: tuple[str, str, str]) -> None:
    owner, home = city.one(OWNERS.format("= 1"))
    number = city.fact(owner, "citizen_id")
    phone = doors.phone(owner)
    made = phone.apply(ITEM, f_premises=number, f_business="某面馆", f_dwelling_agreed="yes")
    facts = json.loads(city.one("SELECT facts FROM service_case WHERE case_id = :case", case=made.case_id)[0])["facts"]
    assert (facts["may_use"]["value"], facts["may_use"]["subject"]) == ("same", home)
    assert "已办结，准予" in phone.case(made.case_id)
    stranger = phone.form(ITEM, f_premises=shop[2], f_business="某面馆")
    assert "只能用本人的号码" in stranger and city.fact(shop[1], "address") not in stranger
    many = city.one(OWNERS.format("> 1"))[0]
    several = doors.phone(many).form(ITEM, f_premises=city.fact(many, "citizen_id"), f_business="某面馆")
    assert re.search("您名下有[2-9]处房屋，请写明房屋编码", several)


def test_scanning_the_owners_pass_fills_the_form_and_the_owner_is_told_at_once(
    doors: Doors, city: City, shop: tuple[str, str, str]
) -> None:
    owner, premises, _ = shop
    other = city.one(SOMEBODY_ELSE, owner=owner, home=premises)[0]
    address = city.fact(premises, "standard_address")
    phone = doors.phone(other)
    without = phone.form(ITEM, f_premises=premises, f_business="某面馆")
    assert address not in without and "未核实到您与它的关系" in without, "nobody learns of a home by its code"
    assert "data-scan-into" in phone.form(ITEM), "the field reads a QR from the camera"
    scanned = shown_pass(doors, owner, premises)
    filled = phone.form(ITEM, f_premises=scanned, f_business="某面馆")
    assert address in filled and "已核验" in filled and 'name="form.address"' not in filled
    assert "您的房码被使用" in doors.phone(owner).messages(), "before anything is sent"
    made = phone.apply(ITEM, f_premises=scanned, f_business="某面馆")
    assert "已办结，准予" in phone.case(made.case_id), "filling and sending are one use of the pass"
    again = phone.apply(ITEM, f_premises=scanned, f_business="另一家", f_address="某处")
    assert "已受理，办理中" in phone.case(again.case_id) and "已经使用过" in json.dumps(
        json.loads(city.one("SELECT facts FROM service_case WHERE case_id = :case", case=again.case_id)[0]), ensure_ascii=False
    )


def test_vague_impossible_and_unentitled_addresses_are_refused_with_reasons(doors: Doors, city: City, shop: tuple[str, str, str]) -> None:
    owner, _, _ = shop
    known = city.one("SELECT full_text FROM place WHERE level = 'unit' AND full_text LIKE '%单元%' ORDER BY full_text LIMIT 1")[0]
    phone, market = doors.phone(owner), doors.window("market_regulation")
    stranger = city.one(SOMEBODY_ELSE, owner=owner, home=shop[1])[0]
    for who, written, reason in (
        (phone, "四宝山街道", "没有写到户"),
        (phone, re.sub(r"\d+单元.*", "99单元9901室", known), "不存在"),
        (doors.phone(stranger), shop[1], "不是产权人或备案租客"),
    ):
        made = who.apply(ITEM, f_premises=written, f_business="某面馆", f_address=written)
        assert reason in str(decided(city, made.case_id)["reason"]), decided(city, made.case_id)
        assert reason in market.case(made.case_id), "the officer reads why the rules did not grant it"
        market.finish(made.case_id, "check", "refuse", f"{reason}，不予登记")
        told = who.case(made.case_id)
        assert "已办结，不予" in told and f"{reason}，不予登记" in told


def test_premises_that_somebody_reported_wrong_are_not_confirmed_by_rule(doors: Doors, city: City, shop: tuple[str, str, str]) -> None:
    owner, premises, _ = shop
    phone = doors.phone(owner)
    page = f"/me/homes/{premises}/wrong"
    reported = send(phone.client, page, page, field="use", what="这里早已改作仓库，登记的用途不对。")
    assert reported.status_code == 303
    made = phone.apply(ITEM, f_premises=premises, f_business="某面馆")
    assert "有异议，核查中" in phone.form(ITEM, f_premises=premises) or decided(city, made.case_id)["doubts"]
    assert "已受理，办理中" in phone.case(made.case_id), "a disputed address is looked at by a person"


def test_a_crowded_address_goes_to_a_person(doors: Doors, city: City, shop: tuple[str, str, str]) -> None:
    owner, premises, _ = shop
    names = {column.field: column.name for column in city.packs.source("market_enterprise").columns}
    with city.store.session() as session:
        registry = actor("system", "market_regulation", resources=("market_enterprise",), jurisdiction=("",))
        for number in range(5):
            row = {names[field]: "" for field in names} | {
                names["entity_no"]: f"T{number}", names["credit_code"]: credit_code(number), names["org_name"]: f"淄博壳{number}号商贸有限公司",
                names["address"]: city.fact(premises, "address"), names["status"]: "存续", names["legal_name"]: "某某",
            }  # fmt: skip
            assert share.take_in(session, registry, "market_enterprise", [row], now=doors.now).receipt.counts.accepted == 1
    phone = doors.phone(owner)
    made = phone.apply(ITEM, f_premises=premises, f_business="第六家")
    assert "登记的市场主体过多" in str(decided(city, made.case_id)["reason"])
    assert "已受理，办理中" in phone.case(made.case_id)


def credit_code(number: int) -> str:
    """A sound code that nobody has."""
    return next(code for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if read_credit_code(code := f"91370303MA3TE{number}K0T{last}").sound)


def files(template: Template, resource: str) -> Path:
    return max((template.home.parent / "simulated" / "deliveries").glob(f"*/{resource}-*.csv"))


def test_a_false_registration_is_revoked_and_the_list_of_abnormal_operation_shrinks(
    doors: Doors, city: City, template: Template, tmp_path: Path
) -> None:
    owner, premises, firm, credit = city.one(MISUSED)
    phone, market, street = doors.phone(owner), doors.window("market_regulation"), doors.window("sub_district")
    made = phone.apply(
        "false_registration", f_premises=premises, f_credit_code=credit, f_since="收到税务机关的催报信", f_phone="13900001111"
    )
    market.do(made.case_id, "accept")
    street.finish(made.case_id, "on_site", note="现场没有这家公司")
    market.finish(made.case_id, "investigate", note="产权人签名系伪造")
    market.finish(made.case_id, "revoke", note="撤销登记")
    assert "已办结，准予" in phone.case(made.case_id)
    before = listed(doors)
    assert before
    name = before[0]
    deliver(template, city, tmp_path, name, credit, city.fact(firm, "org_name"))
    assert listed(doors) == [one for one in before if one != name], "the next list of the bureau is shorter, and so is the page"
    assert city.fact(firm, "status") == "revoked"
    again = phone.form(ITEM, f_premises=premises, f_business="某面馆")
    assert "已核验" in again


def listed(doors: Doors) -> list[str]:
    """The businesses on the list of abnormal operation, as the inspector's page shows them."""
    page = doors.window("market_regulation", "inspector").client.get("/office/supervision?kind=abnormal_list")
    assert page.status_code == 200, words(page.text)
    return sorted(re.findall(r'/office/supervision/of/(O\w+)"', page.text))


def deliver(template: Template, city: City, tmp_path: Path, gone: str, credit: str, name: str) -> None:
    """The bureau's next files: the list of abnormal operation without one business, the revoked one among the closed."""
    gone_credit = city.fact(gone, "credit_code")
    rows = list(csv.reader(io.StringIO(files(template, "market_abnormal").read_text("gb18030"))))
    kept = [row for row in rows if gone_credit not in row]
    assert len(kept) == len(rows) - 1
    closed = list(csv.reader(io.StringIO(files(template, "market_cancellation").read_text("gb18030"))))
    folder = tmp_path / "next" / "market_regulation"
    folder.mkdir(parents=True)
    for resource, table in (
        ("market_abnormal", kept),
        ("market_cancellation", [closed[0], ["CX0000000001", credit, name, "吊销", "2026.11.23", "撤销冒用登记"]]),
    ):
        with (folder / f"{resource}-20261123.csv").open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(table)
    outcome = run(city.store, city.settings, tmp_path / "next", "2026-11-23T02:00:00+00:00")
    assert not outcome.held, [one.reason for one in outcome.held]
