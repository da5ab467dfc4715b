"""Cases that come by API are worked in a process of their own, and go on here when it ends."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.small_city import CREDIT_CODE, NOW, OWNER_ID, TITLE_NO

from datong import ledger
from datong.settings import Settings
from datong.store import Store
from datong.web import NewKey, create_api_key, create_app

AGREEMENTS = ("catering_person", "catering_premises", "catering_business")
FORM = {"credit_code": CREDIT_CODE, "premises": TITLE_NO, "shop_name": "鸿泰面馆", "area": "80", "dishes": "hot", "seats": "20"}
BODY = {
    "service": "restaurant_opening",
    "applicant": {"type": "citizen_id", "value": OWNER_ID},
    "answers": {"tobacco": "no", "sign": "no"},
    "form": {**FORM, "firm": "某店", "phone": "13800000001"},
    "documents": {"layout": "平面图"},
}


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_the_process_begins_refuses_and_may_end(settings: Settings, store: Store) -> None:
    with store.session() as session:
        key = create_api_key(session, NewKey("审批系统", "approval", AGREEMENTS), NOW)
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(settings, store, apart=True)) as client:
        cases = client.app.state.case_commit  # type: ignore[attr-defined]

        def begin(**changed: object) -> tuple[int, dict[str, object]]:
            answer = client.post("/api/v1/cases", json={**BODY, **changed}, headers=headers)
            return answer.status_code, answer.json()

        first = begin()
        assert first[0] == 201 and not cases.ready, "the first does not wait for the process"
        until(lambda: cases.ready)
        second = begin()
        assert second[0] == 201 and second[1]["case_id"] != first[1]["case_id"] and second[1]["state"] == "submitted"
        where = f"/api/v1/cases/{second[1]['case_id']}"
        assert client.get(where, headers=headers).json() == second[1]
        assert client.post(f"{where}/acts", json={"act": "withdraw"}, headers=headers).json()["state"] == "withdrawn"
        wrong = begin(form={**FORM, "dishes": "fugu"})
        assert wrong[0] == 422 and wrong[1]["errors"][0]["field"] == "dishes"  # type: ignore[index]
        cases._there._process.kill()
        until(lambda: not cases.ready)
        third = begin()
        assert third[0] == 201 and client.get(f"/api/v1/cases/{third[1]['case_id']}", headers=headers).status_code == 200
    assert cases._there._process.returncode is not None


@pytest.mark.slow
def test_closing_answers_what_was_taken_and_ends_the_process(settings: Settings, store: Store) -> None:
    from datong.web.apart import CasesApart

    cases = CasesApart(store, settings)
    cases.start()
    until(lambda: cases.ready)
    waiting = [cases.submit(ledger.size) for _ in range(200)]
    cases.close()
    assert {type(one.result(30)) for one in waiting} == {int}
    assert cases._there is not None and cases._there._process.returncode == 0
