"""Consent asked for at the counter's page and answered on the citizen's: forms, words and what each of them sees."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Visitors, send, words
from tests.web.small_city import ACCOUNTS, OWNER, OWNER_ID, TENANT_ID

from datong.store import Store
from datong.web import NewKey, create_account, create_api_key
from datong.web.accounts import find_actor


@pytest.fixture
def counter(visit: Visitors, store: Store) -> TestClient:
    """An officer of civil affairs who works for a means test."""
    with store.session() as session:
        if find_actor(session, "relief") is None:
            clerk = next(one for one in ACCOUNTS if one.account_id == "registrar")
            create_account(session, replace(clerk, account_id="relief", department="civil_affairs", demo_note=""))
    made = visit("relief")
    send(made, "/office/purpose", "/office/purpose", purpose="means_test", reason="低保核对 2026-17")
    return made


def ask(counter: TestClient, key: str, fields: list[str], term: str = "once") -> str:
    """The number of the request that the counter makes."""
    token = re.search(r'name="form_token" value="([^"]+)"', counter.get("/office/consents").text)
    assert token
    form = {"form_token": token[1], "key": key, "term": term, "keep": "view", "field": fields}
    answer = counter.post("/office/consents", data=form)
    assert answer.headers["location"] == "/office/consents?done=consent-asked", words(answer.text)
    page = counter.get("/office/consents").text
    number = re.search(r"A\d{8}-\d{4}", page)
    assert number
    return number[0]


def test_asked_given_used_and_seen_on_both_pages(counter: TestClient, owner: TestClient):
    number = ask(counter, OWNER_ID, ["name", "phone", "disability_level"])
    page = counter.get("/office/consents").text
    assert "张三" not in page and OWNER_ID not in page and OWNER not in page, "nothing of the person is shown"
    hers = words(owner.get("/me/consents").text)
    assert "请求您授权" in hers and "残疾等级" in hers and "不同意不影响办事" in hers
    assert "有单位请求您授权" in words(owner.get("/me/messages").text)
    answer = send(owner, f"/me/consents/requests/{number}", "/me/consents", answer="give")
    assert answer.headers["location"] == "/me/consents?done=consented"
    assert "张" in words(counter.get(f"/office/subject/{OWNER}").text)
    assert "已使用" in words(counter.get("/office/consents").text)
    again = words(counter.get(f"/office/subject/{OWNER}").text)
    assert "需要当事人授权" in again and "请求授权" in again
    assert "已使用" in words(owner.get("/me/consents").text)


def test_refused_harms_nothing_and_the_counter_is_told_of_papers(counter: TestClient, visit: Visitors):
    number = ask(counter, TENANT_ID, ["name"])
    tenant = visit("tenant")
    answer = send(tenant, f"/me/consents/requests/{number}", "/me/consents", answer="refuse")
    assert "不影响办事" in words(tenant.get(answer.headers["location"]).text)
    assert "纸质证明材料，照常办理" in words(counter.get("/office/consents").text)
    assert send(tenant, f"/me/consents/requests/{number}", "/me/consents", answer="give").status_code == 404


def test_a_key_that_finds_nobody_and_a_purpose_without_consent_say_so(counter: TestClient, clerk: TestClient):
    answer = send(counter, "/office/consents", "/office/consents", key="370303199001011230", term="once", keep="view")
    assert answer.status_code == 200 and "没有发出请求" in words(answer.text)
    assert "不需要当事人授权" in words(clerk.get("/office/consents").text)


def test_a_system_whose_key_is_not_for_the_agreement_is_refused(client: TestClient, store: Store):
    with store.session() as session:
        key = create_api_key(session, NewKey("核对系统", "civil_affairs", (), (), ("",)), "2026-11-20T02:00:00Z")
    headers = {"Authorization": f"Bearer {key}"}
    body = {"purpose": "means_test", "key": {"type": "citizen_id", "value": OWNER_ID}, "reason": {"kind": "case", "reference": "救2026-1"}}
    answer = client.post("/api/v1/consent-requests", json=body, headers=headers)
    assert answer.status_code == 403 and answer.json()["grounds"][0]["code"] == "key_not_issued", answer.text
    assert client.get("/api/v1/consent-requests/A20261120-0001", headers=headers).status_code == 404
