"""The walk of the refund centre: three kinds in one flow, each step of the money watched, in the account within twenty-four hours."""

from __future__ import annotations

from typing import Any

import pytest
from tests.simulated_city import City
from tests.walks.doors import Doors, doors

from datong import services

__all__ = ["doors"]
FIRM = """SELECT k.key_value FROM entry_key k JOIN entry e ON e.code = k.code WHERE e.kind = 'organisation' AND k.key_type = 'credit_code'
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.code = e.code) ORDER BY k.key_value LIMIT 1"""
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


def pay(doors: Doors) -> list[str]:
    """The worker's turn: every step that waits goes to the line, until none does."""
    steps: list[str] = []
    while True:
        with doors.city.store.session() as session:
            done = services.send_money(session, services.SimulatedLine(), now=doors.now)
        if not done:
            return steps
        steps += [step for _, step, _ in done]


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
