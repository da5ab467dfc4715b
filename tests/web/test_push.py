"""Records pushed by a system: in the registers when the answer comes, the wrong ones on the steward's desk with their reason."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in, words
from tests.web.small_city import SHOP_ADDRESS, SmallCity

from datong.domain.identifiers import citizen_check, credit_check

CREDIT = "91370303MA3C00077"
CREDIT += credit_check(CREDIT)
PERSON = "37030319750707111"
PERSON += citizen_check(PERSON)
ROW = {
    "主体身份代码": "E0077",
    "统一社会信用代码": CREDIT,
    "企业名称": "淄博新开张餐饮有限公司",
    "企业类型": "有限责任公司",
    "法定代表人": "吴七",
    "法定代表人证件号码": PERSON,
    "成立日期": "2026-11-01",
    "登记状态": "存续",
    "住所": SHOP_ADDRESS,
}
BAD = {**ROW, "主体身份代码": "E0078", "统一社会信用代码": "123"}


@pytest.fixture
def pushed(client: TestClient, city: SmallCity):
    headers = {"Authorization": f"Bearer {city.keys['registrar']}"}
    answer = client.post("/api/v1/resources/market_enterprise/records", json={"rows": [ROW, BAD]}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_pushed_record_is_in_the_registers_when_the_answer_comes(client: TestClient, pushed):
    sign_in(client, "clerk")
    send(client, "/office/purpose", "/office/purpose", purpose="window_service")
    found = send(client, "/office/find", "/office/find", key=CREDIT)
    page = client.get(found.headers["location"]).text
    assert "淄博新开张餐饮有限公司" in page and "吴七" in words(page)


def test_the_same_rows_twice_are_taken_once(client: TestClient, pushed, city: SmallCity):
    headers = {"Authorization": f"Bearer {city.keys['registrar']}"}
    again = client.post("/api/v1/resources/market_enterprise/records", json={"rows": [ROW, BAD]}, headers=headers).json()
    assert again["already_received"] and again["delivery"] == pushed["delivery"]


def test_a_wrong_row_waits_with_its_reason_and_can_be_released(client: TestClient, pushed):
    assert [(one["row"], one["column"], one["reason"]) for one in pushed["problems"]] == [(2, "统一社会信用代码", "length")]
    sign_in(client, "steward")
    assert pushed["delivery"] in client.get("/office/deliveries").text
    place = f"/office/deliveries/{pushed['delivery']}"
    page = client.get(place).text
    assert "位数不对" in page and PERSON not in page and "吴七" not in page
    action = re.search(r'action="([^"]+/rows/2)"', page)
    assert action
    assert send(client, action[1], place).status_code == 303
    assert "没有待处理的行" in client.get(place).text


def test_a_column_nobody_described_stops_the_push(client: TestClient, city: SmallCity):
    headers = {"Authorization": f"Bearer {city.keys['registrar']}"}
    answer = client.post("/api/v1/resources/market_enterprise/records", json={"rows": [{**ROW, "新列": "x"}]}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["reason"] == "new_column" and "新列" in answer.json()["detail"]


@pytest.mark.parametrize("row", ["x", "-1", "99999"])
def test_a_row_that_does_not_wait_cannot_be_released(client: TestClient, pushed, row: str):
    sign_in(client, "steward")
    place = f"/office/deliveries/{pushed['delivery']}"
    assert send(client, f"{place}/rows/{row}", "/office").status_code in (404, 422)
