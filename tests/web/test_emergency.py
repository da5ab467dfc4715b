"""The emergency plan and the admission of systems: one act closes the doors everywhere, a second person opens them, keys keep their bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in, words
from tests.web.small_city import ACCOUNTS, OWNER_ID, SmallCity, fill
from tests.web.test_push import ROW

from datong import share
from datong.cli.app import main
from datong.domain.access import Actor, Key, Question
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.settings import Settings, load_settings
from datong.share.stop import Stop
from datong.spec import load_packs
from datong.store import Session, Store, migrate, open_store
from datong.web import clock, create_account, create_app, key_of
from datong.web.accounts import find_actor, key_actor

LOOK = {"purpose": "window_service", "register": "person", "key": {"type": "citizen_id", "value": OWNER_ID}}
AT = "2026-11-22T02:00:00.000Z"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Store, SmallCity]]:
    settings = load_settings(tmp_path_factory.mktemp("stopped"), {}, demo="1", rate_per_minute="100000")
    with closing(open_store(settings)) as store:
        migrate(store)
        city = fill(store, settings)
        with store.session() as session:
            one = next(one for one in ACCOUNTS if one.account_id == "auditor")
            for name in ("duty", "duty2"):
                create_account(session, replace(one, account_id=name, name="值守", roles=("security_officer",)))
        yield settings, store, city


@pytest.fixture
def client(made: tuple[Settings, Store, SmallCity]) -> Iterator[TestClient]:
    with TestClient(create_app(made[0], made[1]), follow_redirects=False) as client:
        yield client
    with made[1].session() as session:
        session.run("UPDATE door_stop SET lifted_at = :at, lifted_by = 'test' WHERE lifted_at = ''", {"at": AT})
    share.install(made[1], made[0], load_packs(made[0].packs))


def who(session: Session, account: str) -> Actor:
    found = find_actor(session, account)
    assert found is not None
    return found


def look(client: TestClient, city: SmallCity) -> Any:
    return client.post("/api/v1/look-up", json=LOOK, headers={"Authorization": f"Bearer {city.keys['window']}"})


def stop(store: Store, scope: str, target: str = "", by: str = "duty") -> Stop:
    with store.session() as session:
        wanted = share.WantedStop(scope, target, "密钥疑似外泄，先行停用", clock.now() + timedelta(hours=2))
        return share.stop_doors(session, who(session, by), wanted)


@pytest.mark.parametrize("scope", ["system", "department", "purpose", "all"])
def test_one_act_stops_and_another_person_lifts(client: TestClient, made: tuple[Settings, Store, SmallCity], scope: str):
    _, store, city = made
    with store.session(read_only=True) as session:
        key = key_of(session, city.keys["window"])
    target = {"system": key, "department": "approval", "purpose": "window_service", "all": ""}[scope]
    assert look(client, city).status_code == 200
    number = stop(store, scope, target).stop_id
    answer = look(client, city)
    (why,) = answer.json()["grounds"]
    assert answer.status_code == 403 and (why["code"], why["rule"]) == ("stopped", number) and "密钥疑似外泄" in why["zh"]
    changes = client.get("/api/v1/changes", headers={"Authorization": f"Bearer {city.keys['window']}"})
    assert changes.status_code == (403 if scope != "purpose" else 200)
    with store.session() as session:
        with pytest.raises(Forbidden, match="another person"):
            share.lift_stop(session, who(session, "duty"), number, "已经更换密钥")
        share.lift_stop(session, who(session, "duty2"), number, "已经更换密钥")
        with pytest.raises(Missing):
            share.lift_stop(session, who(session, "duty2"), number, "已经更换密钥")
        acts = [
            json.loads(row[0]) for row in session.all("SELECT body FROM ledger_line WHERE type = 'stop' ORDER BY leaf_index DESC LIMIT 2")
        ]
    assert [(one["act"], one["stop"]) for one in acts] == [("lifted", number), ("stopped", number)]
    assert look(client, city).status_code == 200


@pytest.mark.parametrize("scope", ["system", "department", "all"])
def test_a_stopped_system_writes_nothing_either_and_the_ledger_stays_open(
    client: TestClient, made: tuple[Settings, Store, SmallCity], scope: str
):
    _, store, city = made
    headers = {"Authorization": f"Bearer {city.keys['registrar']}"}

    def push() -> Any:
        return client.post("/api/v1/resources/market_enterprise/records", json={"rows": [ROW]}, headers=headers)

    assert push().status_code == 200
    with store.session(read_only=True) as session:
        key = key_of(session, city.keys["registrar"])
        holder = key_actor(session, city.keys["registrar"])
    assert holder is not None
    before = _deliveries(store)
    stop(store, scope, {"system": key, "department": holder.department, "all": ""}[scope])
    refused = push()
    assert refused.status_code == 403 and "密钥疑似外泄" in refused.text, refused.text
    assert _deliveries(store) == before
    assert client.get("/api/v1/ledger/checkpoint").status_code in (200, 404), "witnesses go on"


def _deliveries(store: Store) -> Any:
    with store.session(read_only=True) as session:
        return session.one("SELECT count(*) FROM delivery")


def test_another_process_sees_a_stop_and_its_end_comes_by_itself(made: tuple[Settings, Store, SmallCity], client: TestClient):
    settings, store, _ = made
    with closing(open_store(settings)) as other:
        share.install(other, settings, load_packs(settings.packs))
        question = Question("window_service", "look_up", "person", Key("citizen_id", OWNER_ID))
        clerk = Actor("clerk", "王", "officer", "approval", roles=frozenset({"window_clerk"}), jurisdiction=("3703",))
        with other.session() as session:
            assert share.ask(session, clerk, question).outcome == "found"
        stop(store, "all")
        with other.session() as session:
            share.installed(session).watch.looked = float("-inf")  # half a second later
            assert [one.code for one in share.ask(session, clerk, question).grounds] == ["stopped"]
            later = clock.now() + timedelta(hours=3)
            assert share.ask(session, clerk, question, now=later).outcome == "found"


def test_nothing_is_sent_to_a_stopped_subscription_and_nothing_counts_as_failed(
    made: tuple[Settings, Store, SmallCity], client: TestClient
):
    settings, store, city = made
    url = "http://127.0.0.1:9/changes"
    made_one = client.post(
        "/api/v1/subscriptions", json={"url": url, "since": 0}, headers={"Authorization": f"Bearer {city.keys['window']}"}
    )
    assert made_one.status_code == 201, made_one.text
    with store.session() as session:
        session.run(
            "INSERT INTO change (seq, at, code, kind, what, detail) SELECT 9001, :at, code, kind, 'changed', '{}' FROM entry LIMIT 1",
            {"at": AT},
        )
    stop(store, "department", "approval")
    sent: list[str] = []

    def post(method: str, url: str, headers: Any, body: bytes) -> Any:
        sent.append(url)
        raise AssertionError(method)

    assert share.doors.dispatch_due(store, settings, clock.now(), post) == 0 and sent == []
    with store.session(read_only=True) as session:
        (one,) = session.all("SELECT attempts, failing_since, state FROM door_subscription")
    assert one == (0, "", "active")


@pytest.mark.parametrize(
    ("scope", "target", "reason", "hours", "error"),
    [
        ("system", "key_nobody", "密钥疑似外泄", 1, BadValue),
        ("department", "nobody", "密钥疑似外泄", 1, BadValue),
        ("purpose", "nothing", "密钥疑似外泄", 1, BadValue),
        ("all", "approval", "密钥疑似外泄", 1, BadValue),
        ("everything", "", "密钥疑似外泄", 1, BadValue),
        ("all", "", "短", 1, BadValue),
        ("all", "", "密钥疑似外泄", 31 * 24, BadValue),
        ("all", "", "密钥疑似外泄", 0, BadValue),
    ],
)
def test_what_cannot_be_stopped_is_said(
    made: tuple[Settings, Store, SmallCity], scope: str, target: str, reason: str, hours: int, error: Any
):
    with made[1].session() as session:
        wanted = share.WantedStop(scope, target, reason, clock.now() + timedelta(hours=hours))
        with pytest.raises(error):
            share.stop_doors(session, who(session, "duty"), wanted)
        with pytest.raises(Forbidden):
            share.stop_doors(session, who(session, "keeper"), replace(wanted, scope="all", target=""))


@given(
    st.sampled_from(["system", "department", "purpose", "all"]),
    st.sampled_from(["a", "b", "citizen"]),
    st.sampled_from(["p", "q", ""]),
    st.booleans(),
)
def test_a_stop_meets_just_whom_it_names(scope: str, target: str, purpose: str, citizen: bool):
    actor = Actor("a", "", "citizen" if citizen else "system", "" if citizen else "b")
    one = Stop("T", scope, target if scope != "purpose" else "p", "", "", AT, "2027")
    wanted = {
        "system": not citizen and target == "a",
        "department": target == ("citizen" if citizen else "b"),
        "purpose": purpose == "p",
        "all": not citizen,
    }
    assert one.meets(actor, purpose) == wanted[scope]


def test_the_page_of_security_stops_lifts_and_shows_each_systems_admission(client: TestClient, made: tuple[Settings, Store, SmallCity]):
    city = made[2]
    sign_in(client, "duty")
    page = words(client.get("/office/security").text)
    assert "综合窗口系统" in page and "不签名" in page and "预警界限" in page
    sent = send(
        client, "/office/security", "/office/security", scope="purpose", purpose="window_service", lasts="4", reason="发现异常大量查询"
    )
    assert sent.headers["location"] == "/office/security?done=stopped"
    assert "停用中" in words(client.get("/office/security").text) and look(client, city).status_code == 403
    sign_in(client, "duty2")
    page = client.get("/office/security").text
    number = page.split('action="/office/security/')[1].split('"')[0]
    assert send(client, f"/office/security/{number}", "/office/security", reason="核实为误报").status_code == 303
    assert look(client, city).status_code == 200


def test_a_key_is_taken_only_from_where_and_when_it_is_admitted(made: tuple[Settings, Store, SmallCity], monkeypatch: pytest.MonkeyPatch):
    settings, store, city = made
    with store.session() as session:
        key = key_of(session, city.keys["window"])
    for bounds, why in (
        (share.doors.Bounds(("10.0.0.0/8",)), "address"),
        (share.doors.Bounds(hours="08:00-09:00"), "hours"),
        (share.doors.Bounds(until="2026-01-31"), "term"),
    ):
        with store.session() as session:
            share.doors.admit(session, key, bounds, by="test", at=AT)
        with TestClient(create_app(settings, store), client=("192.0.2.7", 1)) as client:
            monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
            for path in ("look-up", "verify"):
                body = LOOK if path == "look-up" else {**LOOK, "claims": {"name": "张三"}}
                answer = client.post(f"/api/v1/{path}", json=body, headers={"Authorization": f"Bearer {city.keys['window']}"})
                assert answer.status_code == 403 and f"its {why} does not fit" in answer.json()["detail"], answer.text
    with store.session() as session:
        share.doors.admit(session, key, share.doors.Bounds(("192.0.2.0/24",), "20:00-13:00", "2026-12-31"), by="test", at=AT)
    with TestClient(create_app(settings, store), client=("192.0.2.7", 1)) as client:
        assert look(client, city).status_code == 200
    with store.session() as session:
        lines = [
            json.loads(row[0]) for row in session.all("SELECT body FROM ledger_line WHERE type = 'key' AND actor = :key", {"key": key})
        ]
        assert [one["why"] for one in lines if one["act"] == "refused"] == ["forbidden"] * 3, "once a minute and process for each reason"
        alert = session.one("SELECT kind, found, actor FROM share_alert WHERE kind = 'admission'")
        assert alert == ("admission", 3, key)
        assert [one.kind for one in share.notices(session, who(session, "duty"))].count("alert") == 1, "the security duty is told once"
        share.doors.admit(session, key, share.doors.Bounds(), by="test", at=AT)


@pytest.mark.parametrize(
    "bounds", [share.doors.Bounds(("10.1.2.3/8",)), share.doors.Bounds(hours="8-18"), share.doors.Bounds(until="soon")]
)
def test_bounds_that_are_none_are_refused(made: tuple[Settings, Store, SmallCity], bounds: Any):
    with made[1].session() as session, pytest.raises(BadValue):
        share.doors.admit(session, key_of(session, made[2].keys["window"]), bounds, by="test", at=AT)


def test_stop_and_lift_at_the_terminal(client: TestClient, made: tuple[Settings, Store, SmallCity], capsys: pytest.CaptureFixture[str]):
    settings, store, city = made

    def run(*given: str) -> tuple[int, str]:
        code = 0
        try:
            main([*given, "--home", str(settings.home)])
        except SystemExit as end:
            code = int(end.code or 0)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    code, text = run("door", "stop", "all", "--why", "疑似数据外泄", "--as", "duty", "--hours", "1")
    number = text.split("Stopped: ")[1].split(",")[0]
    assert code == 0
    with store.session(read_only=True) as session:
        share.installed(session).watch.looked = float("-inf")  # half a second later
    assert look(client, city).status_code == 403
    assert run("door", "lift", number, "--why", "已经处置完毕", "--as", "duty")[0] == 1
    assert number in run("door", "stops", "--as", "duty")[1]
    assert run("door", "lift", number, "--why", "已经处置完毕", "--as", "duty2")[0] == 0
