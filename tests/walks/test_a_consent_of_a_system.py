"""The walk of a consent that a system uses: asked at the counter, given on the phone, used by the API, withdrawn, refused from then on."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import city, client, opened, send, settings, store, visit, words
from tests.web.small_city import OWNER, OWNER_ID
from tests.web.test_consents import ask, counter

from datong import ledger
from datong.store import Store
from datong.web import NewKey, create_api_key

__all__ = ["city", "client", "counter", "opened", "settings", "store", "visit"]
CASE = {"kind": "case", "reference": "救2026-17"}
OWNER_KEY = {"type": "citizen_id", "value": OWNER_ID}


class System:
    """The means-test system of civil affairs with its key."""

    def __init__(self, client: TestClient, secret: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {secret}"}

    def look(self, **more: Any) -> Any:
        body = {"purpose": "means_test", "register": "person", "key": OWNER_KEY, "reason": CASE, **more}
        return self.client.post("/api/v1/look-up", json=body, headers=self.headers)

    def refusal(self, **more: Any) -> list[str]:
        answer = self.look(**more)
        assert answer.status_code == 403, answer.text
        return [one["code"] for one in answer.json()["grounds"]]


@pytest.fixture
def system(client: TestClient, store: Store) -> System:
    with store.session() as session:
        return System(client, create_api_key(session, NewKey("核对系统", "civil_affairs", ("means_test_person",)), "2026-11-20T02:00:00Z"))


@pytest.fixture
def owner_phone(visit: Any) -> TestClient:
    """The owner, at her phone."""
    return visit("owner")


def test_asked_at_the_counter_given_on_the_phone_used_by_the_api_withdrawn_refused(
    system: System, counter: TestClient, owner_phone: TestClient, store: Store
):
    assert system.refusal() == ["consent_missing"]
    number = ask(counter, OWNER_ID, ["name", "phone", "plate"], term="30")
    assert system.refusal() == ["consent_missing"], "asking opens nothing"
    page = owner_phone.get("/me/consents").text
    assert number in page and "请求您授权" in words(page)
    send(owner_phone, f"/me/consents/requests/{number}", "/me/consents", answer="give")
    body = system.look().json()
    (entry,) = body["entries"]
    assert {fact["field"] for fact in entry["facts"]} == {"name", "phone", "plate"} and entry["links"] == []
    with store.session(read_only=True) as session:
        line = ledger.find_line(session, body["lines"][0])
    assert line is not None and line.line.subject == OWNER and line.line.body["consent"].startswith("S")
    assert system.refusal(fields=["birth_date"]) == ["consent_field"]
    seen = words(owner_phone.get("/me/looked").text)
    assert "低保" in seen or "救助" in seen, "she sees the look and what it was for"
    mine = owner_phone.get("/me/consents").text
    withdraw = mine.split('action="/me/consents/S')[1].split('"')[0]
    assert send(owner_phone, f"/me/consents/S{withdraw}", "/me/consents").status_code == 303
    assert system.refusal() == ["consent_missing"]


def test_a_system_asks_for_itself_and_a_one_off_is_used_once(system: System, owner_phone: TestClient):
    made = system.client.post(
        "/api/v1/consent-requests",
        json={"purpose": "means_test", "key": OWNER_KEY, "fields": ["phone"], "reason": CASE},
        headers=system.headers,
    )
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    send(owner_phone, f"/me/consents/requests/{made.json()['request_id']}", "/me/consents", answer="give")
    assert system.look().json()["outcome"] == "found"
    assert system.client.get(place, headers=system.headers).json()["state"] == "used"
    assert system.refusal() == ["consent_missing"]
