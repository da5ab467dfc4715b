"""Supervision in one place, at the office's door and for systems: by code or name, by own area, what is covered."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Visitors, send, words
from tests.web.small_city import CREDIT_CODE, FIRM, HOME, NOW

from datong.store import Store
from datong.web import NewKey, create_api_key

FINE = {"event_no": "淄市监罚0001", "event_on": "2026-09-01", "event_item": "未明码标价", "event_result": "fined", "event_amount": "500.00"}
CHECK = {"event_no": "XF0001", "event_on": "2026-10-01", "event_result": "mend"}


@pytest.fixture(autouse=True)
def _done(store: Store) -> None:
    with store.session() as session:
        session.run("DELETE FROM member WHERE resource IN ('market_penalty', 'fire_inspection')")
        for resource, said in (("market_penalty", FINE), ("fire_inspection", CHECK)):
            session.run(
                "INSERT INTO member (code, resource, record_id, role, kind, delivery_id, as_of, rule, score, evidence, body) VALUES "
                "(:code, :resource, 'r1', 'organisation', 'organisation', 'd000001', '2026-11-01', 'credit_code', 0, '[]', :body)",
                {"code": FIRM, "resource": resource, "body": json.dumps({"f": said}, ensure_ascii=False)},
            )


def test_a_business_by_its_code_its_name_and_from_the_list_of_the_area(visit: Visitors) -> None:
    officer = visit("registrar")
    page = officer.get("/office/supervision")
    assert page.status_code == 200 and "鸿泰小超市" in page.text and "行政处罚 1" in words(page.text)
    for typed in (CREDIT_CODE, "淄博鸿泰小超市有限公司"):
        answer = send(officer, "/office/supervision", "/office/supervision", key=typed)
        assert answer.status_code == 303 and typed not in answer.headers["location"]
        told = words(officer.get(answer.headers["location"]).text)
        assert "淄市监罚0001" in told and "未明码标价" in told and "罚款" in told and "责令改正" in told and "存证编号" in told
    english = words(officer.get(f"/office/supervision/of/{FIRM}?lang=en").text)
    assert "Penalties" in english and "fined" in english and "Fire" in english
    assert "鸿泰小超市" in officer.get("/office/supervision?kind=penalty&lang=zh").text
    assert "鸿泰小超市" not in officer.get("/office/supervision?kind=coercion").text


def test_what_is_no_business_and_who_has_no_post_for_it(visit: Visitors) -> None:
    officer = visit("registrar")
    wrong = send(officer, "/office/supervision", "/office/supervision", key="370303199001011239")
    assert wrong.status_code == 422 and "企业全称" in wrong.text and "370303199001011239" not in wrong.text
    assert "没有找到" in officer.get(f"/office/supervision/of/{HOME}").text
    assert visit("clerk").get("/office/supervision").status_code == 403
    assert visit("grid").get(f"/office/supervision/of/{FIRM}").status_code == 403


def test_coverage_is_open_to_whoever_reads_the_catalogue(visit: Visitors) -> None:
    told = words(visit("leader").get("/office/supervision/coverage").text)
    assert "3703SJ00102" in told and "尚无数据" in told and "有数据的事项 1 ÷ 全部" in told


def test_systems_read_the_same_by_the_api(client: TestClient, store: Store) -> None:
    with store.session() as session:
        secret = create_api_key(session, NewKey("监管平台", "market_regulation", ("supervision_organisation",), (), ("3703",)), NOW)
    headers = {"Authorization": f"Bearer {secret}"}
    asked = {"purpose": "supervision", "register": "organisation", "key": {"type": "credit_code", "value": CREDIT_CODE}}
    (entry,) = client.post("/api/v1/look-up", headers=headers, json=asked).json()["entries"]
    assert [(one["kind"], one["number"], one["department"]) for one in entry["events"]] == [
        ("inspection", "XF0001", "fire_rescue"),
        ("penalty", "淄市监罚0001", "market_regulation"),
    ]
    listed = client.get("/api/v1/registers/organisation", headers=headers, params={"purpose": "supervision", "event": "penalty"}).json()
    assert [one["code"] for one in listed["entries"]] == [FIRM]
    wrong = client.get("/api/v1/registers/organisation", headers=headers, params={"purpose": "supervision", "event": "petition"})
    assert wrong.status_code == 422 and "event" in wrong.text
    rights = client.get("/api/v1/entitlements", headers=headers, params={"purpose": "supervision"}).json()
    assert ["penalty" in one["events"] for one in rights] == [True]
    items = {one["code"]: one for one in client.get("/api/v1/supervision/coverage", headers=headers).json()}
    assert items["3703SJ00102"]["records"] == 1 and items["3703XF00302"]["records"] == 0
    assert client.get("/api/v1/supervision/coverage").status_code == 401
