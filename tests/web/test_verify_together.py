"""On PostgreSQL many verifications read and write together, and answer as each alone does on SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.ledger.sample import verified
from tests.web.small_city import CREDIT_CODE, FIRM, HOME, OWNER, OWNER_ID, SHOP, TENANT_ID, SmallCity, fill

from datong import ledger
from datong.settings import Settings
from datong.store import Store
from datong.web import create_app

pytestmark = pytest.mark.postgres
NUMBERS = (OWNER_ID, TENANT_ID, "370303198505052321", CREDIT_CODE, "", "张三")
KEYS = tuple({"type": "code", "value": code} for code in (HOME, SHOP, HOME.lower(), HOME[:-1] + "0", OWNER, FIRM, "x"))
OTHER_KEYS = ({"type": "address", "value": "鸿泰家园3号楼2单元501室"}, {"type": "citizen_id", "value": OWNER_ID})


@pytest.fixture
def on_postgres(postgres_store: Store, settings: Settings) -> Iterator[tuple[TestClient, SmallCity]]:
    city = fill(postgres_store, settings)
    with TestClient(create_app(settings, postgres_store)) as client:
        yield client, city


def questions() -> list[dict[str, Any]]:
    base = {"purpose": "gate_registration", "register": "premises", "reason": {"kind": "case", "reference": "B1"}}
    asked = [{**base, "key": key, "claims": {"applicant_citizen_id": number or "-"}} for key in (*KEYS, *OTHER_KEYS) for number in NUMBERS]
    asked.append({**asked[0], "purpose": "no_such_purpose"})
    asked.append({**asked[0], "claims": {"owner_name": "张三", "applicant_citizen_id": OWNER_ID}})
    return asked


def told(answer: Any) -> str:
    """An answer without the ids of its lines, which are nobody else's, and without the number of them."""
    body = answer.json()
    body["lines"] = len(body.get("lines", ()))
    return json.dumps([answer.status_code, body], ensure_ascii=False, sort_keys=True)


def test_many_at_once_on_postgresql_answer_as_one_alone_on_sqlite(
    client: TestClient, city: SmallCity, on_postgres: tuple[TestClient, SmallCity], postgres_store: Store
) -> None:
    asked = questions()
    alone = [client.post("/api/v1/verify", json=one, headers={"Authorization": f"Bearer {city.keys['registrar']}"}) for one in asked]
    there, other = on_postgres
    secret = {"Authorization": f"Bearer {other.keys['registrar']}"}
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda one: there.post("/api/v1/verify", json=one, headers=secret), asked))
    assert [told(one) for one in together] == [told(one) for one in alone]
    assert len({one.json().get("outcome") for one in alone}) >= 3, "the questions are of several kinds"
    lines = [line for one in together for line in one.json()["lines"]]
    assert len(set(lines)) == len(lines) >= len(asked)
    with postgres_store.session(read_only=True) as session:
        assert all(ledger.find_line(session, line) for line in lines)
    assert verified(postgres_store).sound
