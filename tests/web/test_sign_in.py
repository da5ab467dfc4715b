"""Sign-in: tokens, forms, lockout, expiry, and where one may be sent on to."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import form_token, send, sign_in
from tests.web.small_city import PASSWORD

from datong import share
from datong.domain.errors import BadValue
from datong.store import Store
from datong.web import NewAccount, create_account, create_app
from datong.web.accounts import HASHER, find_actor, try_password
from datong.web.door import safe_path


def test_signing_in_gives_a_cookie_no_script_can_read(client: TestClient):
    answer = sign_in(client, "clerk")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "datong_session=" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert client.get("/").headers["location"] == "/office"


def test_a_citizen_comes_to_her_own_page(client: TestClient):
    sign_in(client, "owner")
    assert client.get("/").headers["location"] == "/me"


def test_the_store_holds_hashes_only(client: TestClient, store: Store):
    sign_in(client, "clerk")
    token = client.cookies["datong_session"]
    with store.session(read_only=True) as session:
        kept = [row[0] for row in session.all("SELECT token_hash FROM sign_in")]
        password = session.one("SELECT password_hash FROM account WHERE account_id = 'clerk'")
    assert token not in kept and hashlib.sha256(token.encode()).hexdigest() in kept
    assert password is not None and password[0].startswith("$argon2id$") and HASHER.verify(password[0], PASSWORD)


def test_a_wrong_password_and_an_unknown_name_say_the_same(client: TestClient):
    wrong, unknown = sign_in(client, "registrar", "wrong password"), sign_in(client, "nobody at all", "wrong password")
    assert wrong.status_code == unknown.status_code == 401
    assert "账号或密码不对" in wrong.text and "账号或密码不对" in unknown.text


def test_too_many_failures_let_the_account_rest_even_for_the_right_password(client: TestClient, store: Store):
    with store.session() as session:
        create_account(session, NewAccount("locked", PASSWORD, "测试", "officer", roles=("auditor",)))
    answers = [sign_in(client, "locked", "wrong password") for _ in range(3)]
    assert "账号或密码不对" in answers[0].text and "暂停登录" in answers[2].text
    assert "暂停登录" in sign_in(client, "locked").text
    with store.session() as session:
        session.run("UPDATE account SET locked_until = '2020-01-01T00:00:00+00:00' WHERE account_id = 'locked'")
    assert sign_in(client, "locked").status_code == 303


def test_an_account_that_rests_and_a_name_that_is_none_are_told_alike(client: TestClient, store: Store):
    with store.session() as session:
        create_account(session, NewAccount("rests", PASSWORD, "测试", "officer", roles=("auditor",)))
    for _ in range(4):
        resting, nobody = sign_in(client, "rests", "wrong password"), sign_in(client, "never", "wrong password")
        assert resting.status_code == nobody.status_code == 401
        assert resting.text.replace("rests", "").replace(form_token(resting.text), "") == nobody.text.replace("never", "").replace(
            form_token(nobody.text), ""
        )


def test_many_tries_at_once_are_no_more_tries_than_one_after_another(settings, store: Store):
    """The attempt is counted before the password is checked: the fourth and later of a burst find the account resting."""
    with store.session() as session:
        create_account(session, NewAccount("burst", PASSWORD, "测试", "officer", roles=("auditor",)))
    passwords = [f"wrong {number}" for number in range(7)] + [PASSWORD]
    now = datetime.now(UTC)
    with ThreadPoolExecutor(4) as pool:
        attempts = [pool.submit(try_password, store, settings, "burst", password, now) for password in passwords]
        assert [one.result().actor for one in attempts] == [None] * len(passwords)
    with store.session(read_only=True) as session:
        row = session.one("SELECT failures, locked_until FROM account WHERE account_id = 'burst'")
        others = session.all("SELECT failures FROM account WHERE account_id = (SELECT min(account_id) FROM account)")
    assert row is not None and row[1] > now.isoformat() and others == [(0,)]


def test_a_closed_account_cannot_sign_in_and_loses_its_sign_ins(client: TestClient, store: Store):
    with store.session() as session:
        create_account(session, NewAccount("leaver", PASSWORD, "测试", "officer", roles=("auditor",)))
    sign_in(client, "leaver")
    assert client.get("/office").status_code == 200
    with store.session() as session:
        session.run("UPDATE account SET state = 'closed' WHERE account_id = 'leaver'")
    assert client.get("/office").headers["location"].startswith("/sign-in")
    assert "已停用" in sign_in(client, "leaver").text


def test_an_idle_sign_in_expires(client: TestClient, store: Store):
    sign_in(client, "clerk")
    with store.session() as session:
        session.run("UPDATE sign_in SET seen_at = '2026-01-01T00:00:00+00:00'")
    answer = client.get("/office/disputes")
    assert answer.headers["location"] == "/sign-in?next=%2Foffice%2Fdisputes&done=expired"
    assert "登录已超时" in client.get(answer.headers["location"]).text


def test_a_busy_sign_in_ends_after_twelve_hours(client: TestClient, store: Store):
    sign_in(client, "clerk")
    with store.session() as session:
        session.run("UPDATE sign_in SET started_at = '2026-01-01T00:00:00+00:00'")
    assert client.get("/office").headers["location"].startswith("/sign-in")


def test_using_pages_keeps_the_sign_in_awake(client: TestClient, store: Store):
    sign_in(client, "clerk")
    with store.session() as session:
        session.run("UPDATE sign_in SET seen_at = :then", {"then": _minutes_ago(5)})
    client.get("/office")
    with store.session(read_only=True) as session:
        row = session.one("SELECT max(seen_at) FROM sign_in")
    assert row is not None and row[0] > _minutes_ago(1)


def test_signing_out_ends_the_token_in_the_store(client: TestClient, store: Store):
    sign_in(client, "clerk")
    token = client.cookies["datong_session"]
    assert send(client, "/sign-out", "/office").headers["location"] == "/sign-in?done=signed-out"
    client.cookies.set("datong_session", token)
    assert client.get("/office").headers["location"].startswith("/sign-in")


def test_a_new_sign_in_gets_a_new_token_and_ends_the_old(client: TestClient):
    sign_in(client, "clerk")
    first = client.cookies["datong_session"]
    sign_in(client, "clerk")
    assert client.cookies["datong_session"] != first
    client.cookies.clear()
    client.cookies.set("datong_session", first)
    assert client.get("/office").status_code == 303


@pytest.mark.parametrize("token", ["", "made-up", None])
def test_a_form_without_the_pages_token_is_refused(client: TestClient, token: str | None):
    sign_in(client, "clerk")
    data = {"purpose": "window_service"} | ({} if token is None else {"form_token": token})
    answer = client.post("/office/purpose", data=data)
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_another_sign_ins_token_does_not_fit(client: TestClient, settings, store):
    sign_in(client, "clerk")
    foreign = form_token(client.get("/office").text)
    sign_in(client, "registrar")
    assert client.post("/office/purpose", data={"form_token": foreign, "purpose": "x"}).status_code == 403


def test_the_sign_in_form_itself_wants_the_token_of_its_cookie(client: TestClient):
    client.get("/sign-in")
    assert client.post("/sign-in", data={"form_token": "other", "account_id": "clerk", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "/a\r\nb", "/\t/evil.example", "/a\\b"],
)
def test_nobody_is_sent_on_to_another_host(path: str):
    assert safe_path(path) == "/"


def test_one_is_sent_on_to_where_one_was_going(client: TestClient):
    token = form_token(client.get("/sign-in?next=/office/find").text)
    data = {"form_token": token, "account_id": "clerk", "password": PASSWORD, "next": "/office/find"}
    assert client.post("/sign-in", data=data).headers["location"] == "/office/find"


def test_demo_accounts_are_listed_in_a_demonstration_city_only(client: TestClient, settings, store):
    assert "演示账号" in client.get("/sign-in").text
    with TestClient(create_app(replace(settings, demo=False), store)) as plain:
        page = plain.get("/sign-in").text
    assert "演示账号" not in page and PASSWORD not in page


def test_a_short_password_and_a_taken_name_are_refused(store: Store):
    with store.session() as session:
        with pytest.raises(BadValue, match="password"):
            create_account(session, NewAccount("new", "short", "测试", "officer"))
        with pytest.raises(BadValue, match="account_id"):
            create_account(session, NewAccount("clerk", PASSWORD, "测试", "officer"))


def test_cookies_are_for_https_only_where_the_city_says_so(settings, store):
    with TestClient(create_app(replace(settings, secure_cookies=True), store), base_url="https://testserver") as secure:
        answer = secure.get("/sign-in")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def _minutes_ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")


def test_many_failed_sign_ins_raise_an_alert_that_names_nobody(client: TestClient, store: Store):
    with store.session() as session:
        for name, roles in (("watcher", ("security_officer",)), ("guessed", ("auditor",))):
            create_account(session, NewAccount(name, PASSWORD, "值守", "officer", "data", roles=roles, jurisdiction=("",)))
        session.run("DELETE FROM sign_in_failure")
    for number in range(10):
        assert sign_in(client, f"guess-{number}", "wrong password").status_code == 401
    with store.session(read_only=True) as session:
        assert not session.all("SELECT 1 FROM share_alert WHERE kind = 'sign_in'"), "a few slips are no alarm"
    for _ in range(10):
        sign_in(client, "guessed", "wrong password")
    with store.session(read_only=True) as session:
        ((actor, found),) = session.all("SELECT actor, found FROM share_alert WHERE kind = 'sign_in'")
        kept = repr(session.all("SELECT source, account FROM sign_in_failure"))
        watcher = find_actor(session, "watcher")
        assert watcher is not None
        ((source, failures, accounts),) = [(one.source, one.failures, one.accounts) for one in share.failed_sign_ins(session, watcher)]
    assert (actor, found, failures, accounts) == (f"source:{source}", 20, 20, 11)
    assert "testclient" not in kept and "guess" not in kept
    sign_in(client, "watcher")
    page = client.get("/office/security").text
    assert "今日登录失败" in page and source in page and "登录连续失败" in page


def test_yesterdays_key_of_digests_is_gone(store: Store):
    day = timedelta(days=1)
    at = datetime(2026, 11, 20, 2, tzinfo=UTC)
    with store.session() as session:
        share.sign_in_refused(session, "10.0.0.1", "somebody", now=at)
        share.sign_in_refused(session, "10.0.0.1", "somebody", now=at + day)
        assert session.all("SELECT day FROM sign_in_watch WHERE day < '2026-11-22'") == [("2026-11-21",)]
        digests = session.all("SELECT DISTINCT source FROM sign_in_failure WHERE day IN ('2026-11-20', '2026-11-21')")
        assert len(digests) == 2, "the same source reads otherwise each day"
        session.run("DELETE FROM sign_in_failure")
