"""What breaks: a reference for the visitor, kinds and places for the log, and nobody's data in either."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in
from tests.web.small_city import OWNER_ID, TENANT_ID

from datong.store import Store
from datong.web.unforeseen import plain_path, trail


def test_an_unforeseen_error_goes_into_the_log_without_what_it_says(client: TestClient, store: Store, caplog: pytest.LogCaptureFixture):
    sign_in(client, "clerk")
    send(client, "/office/purpose", "/office/purpose", purpose="window_service")
    kept = send(client, "/office/find", "/office/find", key=OWNER_ID).headers["location"]
    with store.session() as session:
        whole = session.one("SELECT body FROM entry WHERE label = '张三'")
        assert whole is not None
        session.run("UPDATE entry SET body = :body WHERE label = '张三'", {"body": '{"facts": ' + OWNER_ID + " 张三"})
    caplog.set_level(logging.DEBUG)
    try:
        answer = client.get(kept)
    finally:
        with store.session() as session:
            session.run("UPDATE entry SET body = :body WHERE label = '张三'", {"body": whole[0]})
    assert answer.status_code == 500 and "default-src 'none'" in answer.headers["content-security-policy"]
    ours = [record for record in caplog.records if not record.name.startswith("http")]  # the test's own client logs too
    said = "\n".join([*(record.getMessage() for record in ours), *(repr(record.exc_info) for record in ours)])
    assert "GET /office/find/… failed, reference" in said and "JSONDecodeError at" in said
    for secret in (OWNER_ID, "张三", "Expecting", kept.rpartition("/")[2]):
        assert secret not in said
    assert OWNER_ID not in answer.text and "张三" not in answer.text


def test_when_even_the_page_about_it_breaks_a_bare_problem_is_given(client: TestClient, store: Store):
    sign_in(client, "clerk")
    with store.session() as session:
        session.run("ALTER TABLE sign_in RENAME TO sign_in_gone")
    try:
        answer = client.get("/office")
    finally:
        with store.session() as session:
            session.run("ALTER TABLE sign_in_gone RENAME TO sign_in")
    assert answer.status_code == 500
    assert answer.json()["reference"] and "sign_in" not in answer.text


def test_a_trail_names_errors_and_places_only():
    def choke() -> None:
        try:
            int(TENANT_ID + "X")
        except ValueError as error:
            raise KeyError(TENANT_ID) from error

    with pytest.raises(KeyError) as caught:
        choke()
    told = trail(caught.value)
    assert told.startswith("KeyError at test_unforeseen.py:") and "after ValueError at" in told
    assert TENANT_ID not in told


def test_a_path_is_logged_without_codes():
    assert plain_path("/office/subject/P7K2M9XQ4T/unmask") == "/office/subject/…/unmask"
    assert plain_path("/me/homes/张三/not-mine") == "/me/homes/…/not-mine"


def test_a_character_that_no_text_holds_is_a_bad_request(client: TestClient):
    sign_in(client, "clerk")
    assert client.get("/office/subject/P7K2%00M9XQ4T").status_code == 400
    assert send(client, "/office/find", "/office/address", key="12\x0034").status_code == 400


def test_what_one_form_kept_opens_at_no_other(client: TestClient):
    sign_in(client, "clerk")
    send(client, "/office/purpose", "/office/purpose", purpose="window_service")
    found = send(client, "/office/find", "/office/address", key=OWNER_ID).headers["location"]
    assert client.get(found.replace("/find/", "/verify/")).status_code == 404


def test_an_auditor_says_why_she_searches(client: TestClient):
    sign_in(client, "auditor")
    assert send(client, "/office/looks", "/office/looks", actor="clerk", reason="查").status_code == 422
    assert send(client, "/office/looks", "/office/looks", actor="clerk", reason="抽查窗口查询").status_code == 303
