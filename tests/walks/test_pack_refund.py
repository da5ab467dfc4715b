"""The walk of the refund centre: three kinds in one flow, each step of the money watched, in the account within twenty-four hours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from tests.simulated_city import City
from tests.walks.doors import Doors, doors
from tests.web.conftest import send, words

from datong import services
from datong.cli import worker
from datong.domain.errors import Busy, Missing

__all__ = ["doors"]
FIRM = """SELECT k.key_value FROM entry_key k JOIN entry e ON e.code = k.code WHERE e.kind = 'organisation' AND k.key_type = 'credit_code'
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code = e.code) ORDER BY k.key_value LIMIT 1"""
HEAD = """SELECT r.from_code, r.to_code FROM relation r JOIN entry_key k ON k.code = r.to_code AND k.key_type = 'credit_code'
WHERE r.type = 'legal_representative_of' AND r.until = '' AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code IN (r.from_code, r.to_code))
AND (SELECT count(DISTINCT x.to_code) FROM relation x WHERE x.from_code = r.from_code AND x.type = r.type AND x.until = '') = 1
ORDER BY k.key_value, r.from_code"""
FORM = {"tax": "vat", "period": "2026-10", "amount": "12800.50", "branch": "高新支行", "account": "6222020100012345"}
KINDS = {"policy": {"policy": "小微企业减免"}, "export": {"declaration": "EX2026-1"}, "over": {"payment": "JK2026-1"}}


@pytest.fixture
def header(doors: Doors) -> dict[str, str]:
    """The taxpayer's own system comes by the tax bureau's channel."""
    return doors.key("tax", "refund_centre_business")


def ask(doors: Doors, header: dict[str, str], kind: str, **more: str) -> str:
    credit = doors.city.one(FIRM)[0]
    body = {
        "service": "tax_refund", "applicant": {"type": "credit_code", "value": credit}, "answers": {"kind": kind},
        "form": {**FORM, "firm": "某公司", **KINDS[kind], **more},
    }  # fmt: skip
    answer = doors.api().post("/api/v1/cases", json=body, headers=header)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


def standing(doors: Doors, header: dict[str, str], case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = doors.api().get(f"/api/v1/cases/{case_id}", headers=header).json()
    return found


def pay(doors: Doors, line: services.Line | None = None) -> list[str]:
    """The worker's turn: every step that is due goes to the line, until none is."""
    steps: list[str] = []
    while done := services.move_money(doors.city.store, line or services.SimulatedLine(), now=doors.now):
        steps += [one.step for one in done]
    return steps


@pytest.mark.parametrize("kind", list(KINDS))
def test_three_kinds_in_one_flow_within_a_day(doors: Doors, city: City, header: dict[str, str], kind: str) -> None:
    case_id = ask(doors, header, kind)
    assert pay(doors) == [], "no money moves before the bureau has ordered it"
    doors.later(hours=5)
    doors.window("tax").finish(case_id, kind)
    doors.later(hours=1)
    assert pay(doors) == ["treasury", "bank"] or sorted(pay(doors)) == []
    told = standing(doors, header, case_id)
    assert told["state"] == "granted" and all(one["state"] == "done" for one in told["tasks"])
    events = city.all("SELECT task, data FROM service_event WHERE case_id = :c AND kind = 'done' ORDER BY seq", c=case_id)
    assert [row[0] for row in events] == [kind, "treasury", "bank"] and "回执" in events[1][1] and "回执" in events[2][1]
    (taken,) = doors.times("tax_refund")
    assert taken.fastest == 360 < 24 * 60


def test_money_that_the_bank_cannot_place_goes_back_and_is_seen_on_every_step(doors: Doors, city: City, header: dict[str, str]) -> None:
    case_id = ask(doors, header, "over", account="0000000000")
    doors.window("tax").finish(case_id, "over")
    assert "treasury" in pay(doors)
    told = standing(doors, header, case_id)
    assert told["state"] in ("undoing", "refused")
    undo = {one["task"]: one["department"] for one in told["tasks"] if one["task"].startswith("undo:")}
    assert undo == {"undo:over": "tax"} or undo == {"undo:over": "tax", "undo:treasury": "treasury"}
    for task, department in undo.items():
        doors.window(department).finish(case_id, task)
    assert standing(doors, header, case_id)["state"] == "refused"


def test_a_bureau_that_lets_the_day_pass_is_seen(doors: Doors, city: City, header: dict[str, str]) -> None:
    case_id = ask(doors, header, "export")
    doors.wait(days=45)
    late = city.all("SELECT kind FROM service_event WHERE case_id = :c AND kind = 'overdue'", c=case_id)
    assert late == [("overdue",)]
    assert case_id in doors.window("tax").get("/office/cases")


@pytest.fixture
def head(city: City) -> tuple[str, str]:
    """Somebody who represents one firm, and the firm."""
    person, firm = city.all(HEAD)[0]
    return person, firm


def test_the_representative_begins_it_at_home_and_watches_each_step_of_the_money(
    doors: Doors, city: City, head: tuple[str, str], header: dict[str, str]
) -> None:
    person, firm = head
    phone = doors.phone(person)
    assert city.fact(firm, "org_name") in words(phone.form("tax_refund"))
    written = {f"f_{name}": value for name, value in {**FORM, **KINDS["over"]}.items()}
    answer = send(phone.client, "/me/services/tax_refund/apply", "/me/services/tax_refund/apply", step="send", firm=firm,
                  **{"answer.kind": "over"}, **{f"form.{name[2:]}": value for name, value in written.items()})  # fmt: skip
    assert answer.status_code == 303, words(answer.text)
    case_id = city.one("SELECT case_id FROM service_case WHERE service = 'tax_refund'")[0]
    shown = phone.case(case_id)
    assert "还剩 24 小时 0 分" in shown and "还没有轮到" in shown and case_id in phone.get("/me/dealings")
    doors.later(hours=3)
    doors.window("tax").finish(case_id, "over")
    line = replace(city.settings, money_line="simulated")
    worker.move_money(city.store, line, doors.now.isoformat())
    shown = phone.case(case_id)
    assert shown.count("已完成，回执") == 2 and "12800.50 元" in shown and "用时 3 小时 0 分" in shown and "已办结，准予" in shown
    assert "已办结，准予" in phone.messages(), "who represents the firm is told"


def test_nobody_begins_it_for_a_firm_that_is_not_hers(doors: Doors, city: City, head: tuple[str, str], header: dict[str, str]) -> None:
    firm = head[1]
    stranger = city.one("SELECT from_code FROM relation WHERE type = 'married_to' AND from_code NOT IN "
                        "(SELECT from_code FROM relation WHERE type = 'legal_representative_of') ORDER BY from_code LIMIT 1")[0]  # fmt: skip
    phone = doors.phone(stranger)
    assert "不是任何单位的法定代表人" in phone.get("/me/services/tax_refund/apply")
    fields = {"answer.kind": "over", **{f"form.{name}": value for name, value in {**FORM, **KINDS["over"]}.items()}}
    for asked in ({"firm": firm}, {"firm": stranger}, {}):
        refused = send(phone.client, "/me/services/tax_refund/apply", "/me/services", step="send", **asked, **fields)
        assert refused.status_code in (403, 404, 422) and not city.all("SELECT 1 FROM service_case")
    case_id = ask(doors, header, "over")
    assert phone.client.get(f"/me/cases/{case_id}").status_code == 404


class DeadLine:
    """A line that does not answer; the numbers of what it was sent."""

    def __init__(self) -> None:
        self.numbers: list[str] = []

    def send(self, order: services.Order) -> services.Receipt:
        self.numbers.append(order.number)
        raise TimeoutError


def test_a_line_that_is_down_is_tried_again_and_at_last_told_to_people(doors: Doors, city: City, header: dict[str, str]) -> None:
    case_id = ask(doors, header, "over")
    doors.window("tax").finish(case_id, "over")
    line = DeadLine()
    assert pay(doors, line) == ["treasury"] and pay(doors, line) == [], "not again at once"
    officer = doors.window("tax")
    assert "第 1 次没有送达，会自动再发" in officer.case(case_id)
    for _ in range(7):
        doors.later(hours=1)
        pay(doors, line)
    assert line.numbers == [f"{case_id}-treasury-1"] * 8, "the same order each time"
    doors.later(hours=1)
    assert pay(doors, line) == [] and "没有送达，工作人员正在核实" in officer.case(case_id)
    for department in ("tax", "treasury"):
        assert case_id in doors.window(department).get("/office/money") and "8 次未送达" in doors.window(department).get("/office/money")
    assert case_id not in doors.window("housing").get("/office/money")
    refused = send(doors.window("housing").client, f"/office/money/{case_id}", "/office/money", step="treasury")
    assert refused.status_code == 404
    again = send(officer.client, f"/office/money/{case_id}", "/office/money", step="treasury")
    assert again.status_code == 303 and case_id not in officer.get("/office/money")
    assert pay(doors) == ["treasury", "bank"]
    assert standing(doors, header, case_id)["state"] == "granted"


def test_what_an_officer_does_by_hand_is_not_paid_by_the_line_as_well(doors: Doors, city: City, header: dict[str, str]) -> None:
    case_id = ask(doors, header, "over")
    doors.window("tax").finish(case_id, "over")
    line = DeadLine()
    pay(doors, line)
    doors.window("treasury").finish(case_id, "treasury", note="人工退付")
    doors.later(hours=2)
    assert pay(doors) == ["bank"] and standing(doors, header, case_id)["state"] == "granted"
    assert city.all("SELECT step, state FROM service_money ORDER BY step") == [("bank", "done"), ("treasury", "void")]


def test_twenty_four_hours_of_the_day_run_and_are_told_when_over(doors: Doors, city: City, header: dict[str, str]) -> None:
    doors.later(days=4, hours=8)  # a Friday evening: the weekend counts
    case_id = ask(doors, header, "export")
    officer = doors.window("tax")
    doors.later(hours=19)
    seen = officer.client.get(f"/office/cases/{case_id}").text
    assert "还剩 5 小时 0 分" in words(seen) and "light-yellow" in seen
    worker.move_money(city.store, city.settings, doors.now.isoformat())
    assert not city.all("SELECT 1 FROM service_event WHERE kind = 'late'")
    doors.later(hours=6)
    for _ in range(2):
        worker.move_money(city.store, city.settings, doors.now.isoformat())
    assert city.all("SELECT case_id FROM service_event WHERE kind = 'late'") == [(case_id,)], "told once"
    seen = officer.client.get(f"/office/cases/{case_id}").text
    assert "超过 1 小时 0 分" in words(seen) and "light-red" in seen and "超过承诺的时限" in words(seen)
    officer.finish(case_id, "export")
    pay(doors)
    assert standing(doors, header, case_id)["state"] == "granted" and "用时 25 小时 0 分" in officer.case(case_id)


@pytest.fixture
def bank() -> Iterator[tuple[str, list[dict[str, Any]], dict[str, Any]]]:
    """A line behind an address: what it was sent, and what it will answer."""
    heard: list[dict[str, Any]] = []
    answers: dict[str, Any] = {"status": 200, "body": {"state": "waiting"}}

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            heard.append({**body, "path": self.path, "signed": "signature" in self.headers and "content-digest" in self.headers})
            told = json.dumps(answers["body"]).encode()
            self.send_response(answers["status"])
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/line", heard, answers
    server.shutdown()
    server.server_close()


def test_a_city_puts_its_own_line_behind_an_address(
    doors: Doors, city: City, header: dict[str, str], bank: tuple[str, list[dict[str, Any]], dict[str, Any]]
) -> None:
    url, heard, answers = bank
    settings = replace(city.settings, money_line=url)
    case_id = ask(doors, header, "over")
    doors.window("tax").finish(case_id, "over")
    worker.move_money(city.store, settings, doors.now.isoformat())
    assert heard == [{"order": f"{case_id}-treasury-1", "step": "treasury", "amount": "12800.50", "account": FORM["account"],
                      "branch": FORM["branch"], "path": "/line/orders", "signed": True}]  # fmt: skip
    officer = doors.window("tax")
    assert "已发出，等待回执" in officer.case(case_id)
    answers["body"] = {"state": "done", "number": "GK-77"}
    doors.later(minutes=2)
    worker.move_money(city.store, settings, doors.now.isoformat())
    assert "GK-77" in officer.case(case_id) and standing(doors, header, case_id)["state"] == "granted"
    line = services.HttpLine(settings)
    order = services.Order("C1", "bank", Decimal(1), "1", "C1-bank-1")
    answers["status"] = 503
    with pytest.raises(Busy, match="503"):
        line.send(order)
    answers |= {"status": 200, "body": {"state": "done"}}
    with pytest.raises(Missing):
        line.send(order)
