"""Departments' systems issue, change and end licences by signed requests, each order once."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.testclient import TestClient
from tests.web.conftest import words
from tests.web.small_city import OWNER, OWNER_ID

from datong import share
from datong.store import Store
from datong.web import NewKey, clock, create_api_key
from datong.web.accounts import key_actor

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
ORDER = {
    "reference": "r0",
    "type": "disability_card",
    "holder": OWNER,
    "facts": {"holder_name": "张三", "citizen_id": OWNER_ID, "kind": "听力", "level": "三级", "number": "2"},
}


class System:
    """A department's own system with a key that wants signatures."""

    def __init__(self, client: TestClient, secret: str, key_id: str) -> None:
        self.client, self.secret, self.key_id = client, secret, key_id

    def send(self, method: str, path: str, body: Any = None, *, signed: bool = True) -> Any:
        raw = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.secret}", "content-type": "application/json"}
        headers["content-digest"] = share.doors.content_digest(raw)
        if signed:
            told = {"created": int(clock.now().timestamp()), "nonce": secrets.token_urlsafe(18), "keyid": self.key_id, "alg": "ed25519"}
            message = share.doors.SignedMessage(method, "http", "testserver", path, headers=headers)
            headers |= share.doors.sign(message, ("@method", "@authority", "@path", "content-digest"), told, PRIVATE)
        return self.client.request(method, path, content=raw, headers=headers)


@pytest.fixture
def systems(client: TestClient, store: Store) -> dict[str, System]:
    """Two departments' systems that sign, and one whose key asks for no signature."""
    found = {}
    pem = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with store.session() as session:
        for name in ("disabled_federation", "police", "plain"):
            department = "disabled_federation" if name == "plain" else name
            secret = create_api_key(session, NewKey(f"{name} 系统", department, ()), datetime.now(UTC).isoformat())
            holder = key_actor(session, secret)
            assert holder is not None
            if name != "plain":
                share.doors.put_signer(session, holder.id, pem, by="test", at=datetime.now(UTC).isoformat())
            found[name] = System(client, secret, holder.id)
    return found


def test_a_departments_system_issues_by_signed_orders_each_once(systems: dict[str, System], owner: TestClient) -> None:
    system = systems["disabled_federation"]
    first = system.send("POST", "/api/v1/licences", {"licences": [{**ORDER, "reference": "r1"}]})
    assert first.status_code == 201, first.text
    (made,) = first.json()["licences"]
    assert (made["state"], made["again"], made["reference"]) == ("valid", False, "r1")
    assert OWNER_ID not in first.text and "张三" not in first.text
    (again,) = system.send("POST", "/api/v1/licences", {"licences": [{**ORDER, "reference": "r1"}]}).json()["licences"]
    assert (again["licence_id"], again["again"]) == (made["licence_id"], True), "an answer lost on the way makes no second licence"
    other = {**ORDER, "reference": "r1", "facts": {**ORDER["facts"], "level": "一级"}}
    assert system.send("POST", "/api/v1/licences", {"licences": [other]}).status_code == 422
    assert made["identifier"] in words(owner.get(f"/me/licences/{made['licence_id']}").text)
    path = f"/api/v1/licences/{made['licence_id']}"
    assert system.send("GET", path).json()["state"] == "valid"
    ended = {"reference": "r2", "act": "revoke", "reason": "复查不符"}
    assert system.send("POST", f"{path}/acts", ended).json()["state"] == "revoked"
    assert system.send("POST", f"{path}/acts", ended).json()["again"] is True
    assert "复查不符" in words(owner.get(f"/me/licences/{made['licence_id']}").text)


def test_an_order_needs_its_signature_and_the_department_that_owns_the_type(systems: dict[str, System]) -> None:
    body = {"licences": [{**ORDER, "reference": "r3"}]}
    assert systems["disabled_federation"].send("POST", "/api/v1/licences", body, signed=False).status_code == 401
    assert systems["plain"].send("POST", "/api/v1/licences", body, signed=False).status_code == 403
    assert systems["police"].send("POST", "/api/v1/licences", body).status_code == 403
    (made,) = systems["disabled_federation"].send("POST", "/api/v1/licences", body).json()["licences"]
    path = f"/api/v1/licences/{made['licence_id']}"
    assert systems["police"].send("GET", path).status_code == 404, "another department learns not even that it exists"
    assert systems["police"].send("POST", f"{path}/acts", {"reference": "x", "act": "revoke", "reason": "试试"}).status_code == 404
    mixed = {"licences": [{**ORDER, "reference": "r4"}, {**ORDER, "reference": "r5", "facts": {}}]}
    assert systems["disabled_federation"].send("POST", "/api/v1/licences", mixed).status_code == 422
    (done,) = (
        systems["disabled_federation"].send("POST", "/api/v1/licences", {"licences": [{**ORDER, "reference": "r4"}]}).json()["licences"]
    )
    assert done["again"] is False, "of an order that fails nothing is kept"
