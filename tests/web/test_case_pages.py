"""What officers do besides deciding: hand a task over to a colleague, look again at what the rules gave."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in
from tests.web.small_city import NOW, PASSWORD
from tests.web.test_cases import act, apply

from datong.store import Store
from datong.web import NewAccount, create_account

PEOPLE = {"lead_first": "officer", "food_first": "officer", "food_second": "officer", "food_clerk": "window_clerk"}


@pytest.fixture
def colleagues(store: Store) -> None:
    with store.session() as session:
        if session.one("SELECT 1 FROM account WHERE account_id = 'lead_first'") is None:
            for name, role in PEOPLE.items():
                department = "approval" if name == "lead_first" else "market_regulation"
                create_account(session, NewAccount(name, PASSWORD, f"某{name[-3:]}", "officer", department, "一科", (role,), ("3703",)))


def test_a_task_is_handed_over_to_a_colleague_who_may_do_it(client: TestClient, store: Store, colleagues: None) -> None:
    sign_in(client, "owner")
    number = apply(client)
    sign_in(client, "lead_first")
    page = client.get(f"/office/cases/{number}").text
    assert "下一步" in page and "去办理" in page and "最迟" in page, "what to do next, and by when"
    act(client, number, "accept")
    sign_in(client, "food_first")
    act(client, number, "claim", "food")
    choice = client.get(f"/office/cases/{number}").text
    assert '<option value="food_second">' in choice and "food_clerk" not in choice, "who cannot do it is not offered"
    assert act(client, number, "hand_over", "food", to="food_clerk").status_code == 422
    assert act(client, number, "hand_over", "food", to="food_second", note="我明天出差").status_code == 303
    refused = act(client, number, "finish", "food", outcome="agree")
    assert refused.status_code == 403, "it is the colleague's now"
    sign_in(client, "food_second")
    assert "某ond" in client.get("/office/cases").text
    assert act(client, number, "finish", "food", outcome="agree").status_code == 303


def test_what_the_rules_gave_is_looked_at_again(client: TestClient, store: Store, colleagues: None) -> None:
    add = """INSERT INTO service_sample (case_id, service, department, month, state, note, by_whom, at)
    VALUES (:case_id, 'restaurant_opening', 'approval', '2026-11', 'open', '', '', :at)"""
    sign_in(client, "owner")
    number = apply(client)
    with store.session() as session:
        session.run(add, {"case_id": number, "at": NOW})
    sign_in(client, "lead_first")
    assert number in client.get("/office/samples").text
    silent = send(client, f"/office/samples/{number}", "/office/samples", result="wrong")
    assert silent.status_code == 422, "what is wrong must be said"
    assert send(client, f"/office/samples/{number}", "/office/samples", result="wrong", note="面积与图不符").status_code == 303
    assert number not in client.get("/office/samples").text
    assert "面积与图不符" in client.get("/office/samples?state=wrong").text
    assert send(client, f"/office/samples/{number}", "/office/samples?state=wrong", result="right").status_code in (404, 422)
