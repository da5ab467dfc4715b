"""Open data at its pages and at the public interface: nobody signs in to read, everything is counted, three people open."""

from __future__ import annotations

import hashlib
import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Visitors, form_token, send, words
from tests.web.open_city import know_the_firm, open_the_firm
from tests.web.small_city import CREDIT_CODE, PASSWORD

from datong.store import Store
from datong.web import NewAccount, create_account

PEOPLE = (("market_steward", "steward", "market_regulation"), ("market_head", "sharing_officer", "market_regulation"))


@pytest.fixture(scope="module")
def known(opened) -> None:
    store = opened[0]
    with store.session() as session:
        know_the_firm(session)
        for account, role, department in PEOPLE:
            create_account(session, NewAccount(account, PASSWORD, "某人", "officer", department, "数据科", (role,), ("",)))


@pytest.fixture(scope="module")
def dataset(opened, known: None) -> str:
    with opened[0].session() as session:
        return open_the_firm(session)


def test_three_people_open_by_forms_and_what_names_people_cannot_be_ticked(visit: Visitors, known: None) -> None:
    steward, head, keeper = visit("market_steward"), visit("market_head"), visit("keeper")
    form = steward.get("/office/open/new?resource=market_enterprise")
    assert 'value="legal_representative" id="organisation-legal_representative" disabled' in form.text
    assert "能识别或联系到个人" in form.text
    page = "/office/open/new?resource=market_enterprise"
    typed = {"resource": "market_enterprise", "title": "企业状态", "title_en": "Status of companies", "summary": "登记企业的状态"}
    refused = send(steward, "/office/open", page, **typed, shape="rows", register="organisation", fields=["org_name", "phone"])
    assert refused.status_code == 422 and "联系电话：能识别或联系到个人，不得开放" in words(refused.text).replace(" ", "")
    assert send(steward, "/office/open", page, **typed, shape="rows", register="organisation", fields=["org_name"]).status_code == 303
    code = re.findall(r"O\d{4}-\d{4}", steward.get("/office/open").text)[0]
    act = f"/office/open/{code}/act"
    assert send(steward, act, "/office/open", act="sign").status_code == 403
    assert "签批" in head.get("/office/open").text and send(head, act, "/office/open", act="sign").status_code == 303
    assert steward.get(f"/open/data/{code}").status_code == 404
    assert send(keeper, act, "/office/open", act="open").status_code == 303
    assert "企业状态" in steward.get("/open?q=企业状态").text
    assert send(head, act, "/office/open", act="withdraw", why="名称有误需要整改").status_code == 303
    page_after = words(steward.get(f"/open/data/{code}").text)
    assert "已撤回" in page_after and "名称有误需要整改" in page_after
    assert steward.get(f"/open/data/{code}/files/csv?agree=1").status_code == 403


def test_anybody_finds_reads_downloads_and_reports_without_signing_in(client: TestClient, dataset: str, visit: Visitors) -> None:
    assert "企业名录" in client.get("/open").text and "没有找到" in client.get("/open?q=没有这样的").text
    page = client.get(f"/open/data/{dataset}")
    assert "公共数据有条件开放许可" in page.text and "新鲜度" in page.text and "我同意开放条件" in page.text
    assert client.get(f"/open/data/{dataset}/files/csv").status_code == 403
    file = client.get(f"/open/data/{dataset}/files/csv?agree=1")
    assert file.content.startswith(b"\xef\xbb\xbf") and CREDIT_CODE in file.text and hashlib.sha256(file.content).hexdigest() in page.text
    assert client.get(f"/open/data/{dataset}/files/xml?agree=1").status_code == 422
    assert client.get("/open/catalogue.jsonld").json()["@type"] == "dcat:Catalog"
    answer = send(client, f"/open/data/{dataset}/wrong", f"/open/data/{dataset}", what="登记状态与实际不符，已经歇业")
    number = re.search(r"K\d{8}-\d{4}", answer.headers["location"])
    assert answer.status_code == 303 and number
    after = client.get(answer.headers["location"]).text
    assert number[0] in after and "已经歇业" not in after, "what was said is shown with its answer"
    head = visit("market_head")
    said = {"state": "upheld", "answer": "已核实，下一版更正"}
    assert send(head, f"/office/open/corrections/{number[0]}", "/office/open", **said).status_code == 303
    after = client.get(f"/open/data/{dataset}").text
    assert "已经歇业" in after and "下一版更正" in after
    english = client.get(f"/open/data/{dataset}?lang=en").text
    assert "Licence of use" in english and "I agree to the conditions" in english


def test_public_data_is_asked_for_and_answered(client: TestClient, owner: TestClient, visit: Visitors) -> None:
    assert "登录后可以申请" in client.get("/open/wishes").text
    asked = send(owner, "/open/wishes", "/open/wishes", title="公交到站数据", why="做一个老年人出行提醒", department="transport")
    assert asked.status_code == 303 and "公交到站数据" in owner.get("/open/wishes").text
    assert "公交到站数据" not in client.get("/open/wishes").text, "nobody else sees it before it is answered"
    keeper = visit("keeper")
    number = re.findall(r"W\d{8}-\d{4}", keeper.get("/office/open").text)[0]
    answer = f"/office/open/wishes/{number}"
    assert send(keeper, answer, "/office/open", state="declined", answer="暂时没有这项数据", basis="").status_code == 422
    said = {"state": "planned", "answer": "已列入明年开放计划，三月开放"}
    assert send(keeper, answer, "/office/open", **said).status_code == 303
    assert "三月开放" in client.get("/open/wishes").text


def test_programs_read_it_without_a_key_and_at_everybodys_pace(client: TestClient, dataset: str, store: Store) -> None:
    (listed,) = [one for one in client.get("/api/v1/open/datasets?q=企业名录").json() if one["dataset"] == dataset]
    assert listed["licence"] == "conditional" and listed["freshness"] in ("green", "yellow", "red")
    refused = client.get(f"/api/v1/open/datasets/{dataset}/rows")
    assert refused.status_code == 403 and "agree=1" in refused.text
    rows = client.get(f"/api/v1/open/datasets/{dataset}/rows?agree=1").json()
    assert rows["total"] == 1 and rows["rows"][0]["credit_code"] == CREDIT_CODE
    file = client.get(f"/api/v1/open/datasets/{dataset}/files/json?agree=1")
    assert hashlib.sha256(file.content).hexdigest() == file.headers["datong-sha256"] == listed["versions"][0]["json_sha256"]
    whole = client.get("/api/v1/open/catalogue")
    assert whole.headers["content-type"] == "application/ld+json"
    assert dataset in whole.text
    with store.session(read_only=True) as session:
        forms = {row[0] for row in session.all("SELECT form FROM open_download WHERE code = :code", {"code": dataset})}
    assert {"rows", "json"} <= forms
    assert form_token(client.get(f"/open/data/{dataset}").text)
