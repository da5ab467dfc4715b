"""The cascade at the office's door: the catalogue imported, a request entered, papers broken down; and the API without an agreed request."""

from __future__ import annotations

import json

from starlette.testclient import TestClient
from tests.share.province import CATALOGUE
from tests.web.conftest import Visitors, form_token, send, words
from tests.web.small_city import OWNER_ID, SmallCity


def brought_in(manager: TestClient, content: bytes) -> int:
    token = form_token(manager.get("/office/province").text)
    answer = manager.post("/office/province/catalogue", data={"form_token": token}, files={"file": ("province.json", content)})
    return answer.status_code


def test_imported_found_and_requested(visit: Visitors) -> None:
    manager, officer = visit("keeper"), visit("registrar")
    assert brought_in(manager, b"nothing") == 422
    assert brought_in(manager, json.dumps(CATALOGUE).encode()) == 303
    page = officer.get("/office/province?q=毕业")
    assert "高等教育学历学位信息" in page.text and "职业技能等级证书" not in page.text
    chosen = "/office/province?code=370000/104005"
    assert "用于本人办理的事项" in officer.get(chosen).text
    form = {"code": "370000/104005", "purpose": "inspection", "why": "抽查时要核对从业人员的学历", "items": "college"}
    assert send(officer, "/office/province", chosen, **form | {"why": "短"}).status_code == 422
    assert send(officer, "/office/province", chosen, **form | {"items": "phone"}).status_code == 422
    assert send(officer, "/office/province", chosen, **form).headers["location"] == "/office/province?done=saved"
    told = words(officer.get("/office/province").text)
    assert "待发送" in told and "college" in told
    assert "college" not in words(visit("head").get("/office/province").text.partition("向省平台的申请")[2]), "another department's"
    assert visit("clerk").post("/office/province", data=form).status_code == 403


def test_papers_broken_down_in_both_languages(visit: Visitors) -> None:
    leader = visit("leader")
    told = words(leader.get("/office/province/items").text)
    assert "教师资格认定" in told and "学位名称 (尚无来源)" in told and "试点事项" in told
    assert "from nowhere yet" in words(leader.get("/office/province/items?lang=en").text)


def test_a_system_without_an_agreed_request_gets_nothing(client: TestClient, city: SmallCity) -> None:
    asked = {"code": "370000/104005", "purpose": "window_service", "key": {"type": "citizen_id", "value": OWNER_ID}}
    headers = {"Authorization": f"Bearer {city.keys['window']}"}
    answer = client.post("/api/v1/province/look-up", headers=headers, json=asked)
    assert answer.status_code == 404 and OWNER_ID not in answer.text
    assert client.post("/api/v1/province/look-up", json=asked).status_code == 401
    assert (
        client.post("/api/v1/province/look-up", headers=headers, json=asked | {"key": {"type": "phone", "value": "1"}}).status_code == 422
    )
