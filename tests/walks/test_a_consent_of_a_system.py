"""The walk of a consent that a system uses: asked at the counter, given on the phone, used by the API, withdrawn, refused from then on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.testclient import TestClient
from tests.web.conftest import city, client, filled, opened, send, settings, store, visit, words
from tests.web.small_city import OWNER, OWNER_ID
from tests.web.test_consents import ask, counter

from datong import ledger
from datong.store import Store
from datong.web import NewKey, create_api_key

__all__ = ["city", "client", "counter", "filled", "opened", "settings", "store", "visit"]
CASE = {"kind": "case", "reference": "救2026-17"}
OWNER_KEY = {"type": "citizen_id", "value": OWNER_ID}


class System:
    """The means-test system of civil affairs with its key."""

    def __init__(self, client: TestClient, secret: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {secret}"}
        self.key = ECKey.generate_key("P-256")

    def look(self, **more: Any) -> Any:
        sealed = {"encrypt_to": self.key.as_dict(private=False)}
        body = {"purpose": "means_test", "register": "person", "key": OWNER_KEY, "reason": CASE, **sealed, **more}
        return self.client.post("/api/v1/look-up", json=body, headers=self.headers)

    def read(self, **more: Any) -> Any:
        """What an answer says, once it is opened."""
        answer = self.look(**more)
        assert answer.status_code == 200, answer.text
        return json.loads(jwe.decrypt_compact(answer.text, self.key, algorithms=["ECDH-ES", "A256GCM"]).plaintext)

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
    body = system.read()
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
    assert system.read()["outcome"] == "found"
    assert system.client.get(place, headers=system.headers).json()["state"] == "used"
    assert system.refusal() == ["consent_missing"]


def test_an_answer_leaves_encrypted_for_the_asker_alone(system: System, owner_phone: TestClient):
    made = system.client.post(
        "/api/v1/consent-requests",
        json={"purpose": "means_test", "key": OWNER_KEY, "fields": ["phone"], "reason": CASE},
        headers=system.headers,
    )
    send(owner_phone, f"/me/consents/requests/{made.json()['request_id']}", "/me/consents", answer="give")
    assert system.refusal(encrypt_to=None) == ["encryption_missing"], "household and marriage leave for no system in the open"
    theirs = system.key
    answer = system.look()
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/jose"
    assert "phone" not in answer.text
    opened = jwe.decrypt_compact(answer.text, theirs, algorithms=["ECDH-ES", "A256GCM"])
    assert opened.protected["kid"] == theirs.thumbprint()
    said = json.loads(opened.plaintext)
    assert [fact["field"] for entry in said["entries"] for fact in entry["facts"]] == ["phone"]
    with pytest.raises(JoseError):
        jwe.decrypt_compact(answer.text, ECKey.generate_key("P-256"), algorithms=["ECDH-ES", "A256GCM"])
    off_curve = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}
    assert system.look(encrypt_to=off_curve).status_code == 422
