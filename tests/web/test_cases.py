"""Applying and deciding through the pages and the API: a citizen, three departments, a counter, a system."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import form_token, send, sign_in, words
from tests.web.small_city import CREDIT_CODE, NOW, OWNER, OWNER_ID, PASSWORD, TENANT_ID, TITLE_NO

from datong.store import Store
from datong.web import NewAccount, NewKey, create_account, create_api_key

ITEM = "restaurant_opening"
FORM = {
    "answer.tobacco": "no",
    "answer.sign": "no",
    "form.credit_code": CREDIT_CODE,
    "form.premises": TITLE_NO,
    "form.shop_name": "鸿泰面馆",
    "form.area": "80",
    "form.dishes": "hot",
    "form.seats": "20",
    "form.firm": "某店",
    "form.phone": "13800000001",
    "document.layout": "平面图.pdf",
    "step": "send",
}
DEPARTMENTS = ("approval", "market_regulation", "fire_rescue", "ecology")


@pytest.fixture
def officers(store: Store) -> tuple[str, ...]:
    with store.session() as session:
        for department in DEPARTMENTS:
            row = session.one("SELECT 1 FROM account WHERE account_id = :id", {"id": f"case_{department}"})
            if row is None:
                create_account(
                    session, NewAccount(f"case_{department}", PASSWORD, "某科员", "officer", department, "一科", ("officer",), ("3703",))
                )
    return DEPARTMENTS


def apply(client: TestClient, **changes: str) -> str:
    """Apply as the signed-in citizen; the case's number."""
    page = f"/me/services/{ITEM}/apply"
    answer = send(client, page, page, **{**FORM, **changes})
    assert answer.status_code == 303, words(answer.text)
    found = re.search(r"C\d{8}-\d{4}", answer.headers["location"])
    assert found
    return found[0]


def act(client: TestClient, number: str, name: str, task: str = "", **fields: str):
    page = f"/office/cases/{number}"
    return send(client, f"{page}/act", page, act=name, task=task, **fields)


def test_a_citizen_applies_and_departments_decide(client: TestClient, officers: tuple[str, ...]):
    sign_in(client, "owner")
    assert "开餐馆一件事" in client.get("/me/services?q=饭店").text
    assert "没有找到" in client.get("/me/services?q=造火箭").text
    assert "需要提交" in client.get(f"/me/services/{ITEM}").text
    form = client.get(f"/me/services/{ITEM}/apply").text
    assert "张三" in form and "已核验" in form and 'name="form.name"' not in form, "what is verified is shown, not asked"
    page = f"/me/services/{ITEM}/apply"
    wrong = send(client, page, page, **{**FORM, "form.area": "很大"})
    assert wrong.status_code == 422 and "请填写数字" in wrong.text and "鸿泰面馆" in wrong.text, "what she wrote is still there"
    filled = send(client, page, page, **{**FORM, "step": "fill"})
    assert filled.status_code == 200 and "鸿泰家园3号楼2单元501室" in filled.text
    number = apply(client)
    shown = client.get(f"/me/cases/{number}").text
    assert "已提交，待受理" in shown and "个工作日" in shown and "light-green" in shown
    sign_in(client, "case_approval")
    assert number in client.get("/office/cases").text
    assert act(client, number, "accept").status_code == 303
    assert "开餐馆一件事" in client.get(f"/office/cases/{number}").text
    compared = send(client, f"/office/cases/{number}/compare", f"/office/cases/{number}")
    assert "与提交时一致" in compared.text
    for department, task in (("market_regulation", "food"), ("fire_rescue", "fire"), ("ecology", "environment")):
        sign_in(client, f"case_{department}")
        act(client, number, "claim", task)
        own = client.get(f"/office/cases/{number}").text
        assert "张三" in own or department != "market_regulation"
        assert act(client, number, "finish", task, outcome="agree").status_code == 303
    sign_in(client, "owner")
    done = words(client.get(f"/me/cases/{number}").text)
    assert "已办结，准予" in done
    english = client.get(f"/me/cases/{number}?lang=en").text
    assert "Granted" in english
    client.get("/me?lang=zh")


def test_the_owner_confirms_by_code(client: TestClient):
    sign_in(client, "tenant")
    page = f"/me/services/{ITEM}/apply"
    answer = send(
        client,
        page,
        page,
        **{**FORM, "answer.own": "no", "form.name": "李四", "form.premises": "370303001001GB00001F00019999", "form.address": "别处"},
    )
    assert answer.status_code == 303, words(answer.text)
    once = client.get(answer.headers["location"]).text
    code = re.search(r'class="code">([2-9A-Z]{10})<', once)
    assert code
    number = re.search(r"C\d{8}-\d{4}", answer.headers["location"])
    assert number and "等待其他当事人确认" in client.get(f"/me/cases/{number[0]}").text
    assert client.get(answer.headers["location"]).status_code == 303, "the code is shown once"
    sign_in(client, "owner")
    asked = send(client, "/me/confirm", "/me/confirm", code=code[1])
    assert "该房屋可以用于经营餐馆" in asked.text
    assert client.get(f"/me/cases/{number[0]}").status_code == 404
    assert send(client, "/me/confirm", "/me/confirm", code=code[1], answer="confirm").status_code == 303
    assert send(client, "/me/confirm", "/me/confirm", code=code[1]).status_code == 404, "a code opens a seat while it waits"
    sign_in(client, "tenant")
    assert "已提交，待受理" in client.get(f"/me/cases/{number[0]}").text
    send(client, f"/me/cases/{number[0]}/act", f"/me/cases/{number[0]}", act="withdraw")
    assert "已撤回" in client.get(f"/me/cases/{number[0]}").text


def test_at_the_counter_name_and_number_belong_together(client: TestClient):
    sign_in(client, "clerk")
    page = f"/office/counter/{ITEM}"
    assert "开餐馆一件事" in client.get("/office/counter").text
    wrong = send(client, page, page, **FORM, applicant=OWNER_ID, name="李四")
    assert wrong.status_code == 404 and "张三" not in wrong.text
    made = send(client, page, page, **FORM, applicant=OWNER_ID, name="张三")
    assert made.status_code == 200 and "收件回执" in made.text, words(made.text)
    number = re.search(r"C\d{8}-\d{4}", made.text)
    assert number
    sign_in(client, "owner")
    assert number[0] in client.get("/me/services").text


def test_a_system_begins_only_what_its_key_may_ask(client: TestClient, store: Store):
    agreements = ("catering_person", "catering_premises", "catering_business")
    with store.session() as session:
        good = create_api_key(session, NewKey("审批系统", "approval", agreements), NOW)
        short = create_api_key(session, NewKey("审批系统二", "approval", agreements[:1]), NOW)
    body = {
        "service": ITEM,
        "applicant": {"type": "citizen_id", "value": OWNER_ID},
        "answers": {"tobacco": "no", "sign": "no"},
        "form": {name.removeprefix("form."): value for name, value in FORM.items() if name.startswith("form.")},
        "documents": {"layout": "平面图"},
    }
    refused = client.post("/api/v1/cases", json=body, headers={"Authorization": f"Bearer {short}"})
    assert refused.status_code == 403 and "张三" not in refused.text
    headers = {"Authorization": f"Bearer {good}"}
    made = client.post("/api/v1/cases", json=body, headers=headers)
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["state"] == "submitted" and [one["task"] for one in told["tasks"]] == ["acceptance"] and "张三" not in made.text
    where = made.headers["location"]
    assert client.get(where, headers=headers).json()["state"] == "submitted"
    assert client.get(where, headers={"Authorization": f"Bearer {short}"}).status_code == 404
    assert client.post(f"{where}/acts", json={"act": "withdraw"}, headers=headers).json()["state"] == "withdrawn"
    unknown = client.post(
        "/api/v1/cases", json={**body, "applicant": {"type": "citizen_id", "value": "370303200001010000"}}, headers=headers
    )
    assert unknown.status_code in (404, 422)
    wrong = client.post("/api/v1/cases", json={**body, "form": {**body["form"], "dishes": "fugu"}}, headers=headers)
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "dishes"
    assert any(one["code"] == ITEM for one in client.get("/api/v1/services", headers=headers).json())
    guide = client.get(f"/api/v1/services/{ITEM}", headers=headers).json()
    assert any("平面布局图" in line for one in guide for line in one["lines_zh"])
    assert TENANT_ID not in made.text and OWNER and form_token


def test_the_first_page_shows_what_is_under_way(client: TestClient, officers: dict[str, str]) -> None:
    sign_in(client, "owner")
    number = apply(client)
    first = client.get("/me").text
    assert "正在办理" in first and f"/me/cases/{number}" in first
