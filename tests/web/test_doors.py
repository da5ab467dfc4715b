"""The doors to other systems and lists: signed requests, many checked at once, extracts approved and marked, changes told."""

from __future__ import annotations

import base64
import csv
import io
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in, words
from tests.web.small_city import HOME, NOW, OWNER, OWNER_ID, PASSWORD, TENANT_ID, TITLE_NO, SmallCity

from datong import share
from datong.settings import Settings
from datong.share.doors.wire import Reply
from datong.store import Store
from datong.web import NewAccount, NewKey, clock, create_account, create_api_key, create_app, key_of
from datong.web.accounts import find_actor

PURPOSE = "statistics"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PEM = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture(scope="module")
def keys(opened: tuple[Store, SmallCity]) -> dict[str, str]:
    """Secrets of the systems at the doors; and accounts for those who ask and decide."""
    made = {}
    with opened[0].session() as session:
        for name, department, agreements in (
            ("stats", "statistics", ("statistics_person", "statistics_premises")),
            ("estate", "natural_resources", ("estate_premises",)),
            ("signer", "market_regulation", ("gate_registrar_system",)),
            ("nothing", "tax", ()),
        ):
            made[name] = create_api_key(session, NewKey(name, department, agreements), NOW)
        share.doors.put_signer(session, key_of(session, made["signer"]), PEM, by="test", at=NOW)
        create_account(session, NewAccount("statistician", PASSWORD, "吴统计", "officer", "statistics", "人口科", ("officer",), ("3703",)))
        create_account(session, NewAccount("manager", PASSWORD, "郑共享", "officer", "data", "共享科", ("sharing_manager",), ("",)))
        create_account(session, NewAccount("both", PASSWORD, "两职", "officer", "data", "共享科", ("sharing_manager", "officer"), ("",)))
    return made


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def lines(store: Store, kind: str) -> list[dict[str, Any]]:
    with store.session(read_only=True) as session:
        found = session.all("SELECT subject, purpose, body FROM ledger_line WHERE type = :kind ORDER BY leaf_index", {"kind": kind})
    return [{"subject": row[0], "purpose": row[1], **json.loads(row[2])} for row in found]


def question() -> dict[str, Any]:
    key = {"type": "title_no", "value": TITLE_NO}
    return {"purpose": "gate_registration", "register": "premises", "key": key, "claims": {"applicant_citizen_id": OWNER_ID}}


# ---- signed requests -------------------------------------------------------------------------------------------------


def signed(secret: str, key_id: str, body: bytes, path: str, **changes: Any) -> dict[str, str]:
    """The headers of a signed POST."""
    headers = {"content-type": "application/json", "content-digest": share.doors.content_digest(body), **bearer(secret)}
    message = share.doors.SignedMessage("POST", "http", "testserver", path, headers=headers)
    told = {"created": int(clock.now().timestamp()), "nonce": secrets.token_urlsafe(18), "keyid": key_id, "alg": "ed25519", **changes}
    return {**headers, **share.doors.sign(message, ("@method", "@authority", "@path", "content-digest"), told, PRIVATE)}


@pytest.mark.parametrize("path", ["/api/v1/verify", "/api/v1/look-up"])
def test_a_key_that_signs_is_taken_only_signed_whole_and_once(client: TestClient, keys: dict[str, str], store: Store, path: str):
    with store.session(read_only=True) as session:
        key_id = key_of(session, keys["signer"])
    body = json.dumps(question() if path.endswith("verify") else {k: v for k, v in question().items() if k != "claims"}).encode()
    headers = signed(keys["signer"], key_id, body, path)
    answer = client.post(path, content=body, headers=headers)
    assert answer.status_code in (200, 403) and answer.json().get("title") != "The signature does not fit", answer.text
    refusals = [
        client.post(path, content=body, headers=headers),
        client.post(path, content=body, headers={**bearer(keys["signer"]), "content-type": "application/json"}),
        client.post(path, content=body + b" ", headers=signed(keys["signer"], key_id, body, path, nonce="y" * 24)),
        client.post(path + "?a=1", content=body, headers=signed(keys["signer"], key_id, body, path, nonce="z" * 24)),
    ]
    for refusal in refusals:
        assert refusal.status_code == 401 and refusal.json()["type"].endswith("bad-signature"), refusal.text
    assert "used before" in refusals[0].json()["detail"] and "Content-Digest" in refusals[2].json()["detail"]


# ---- many at once ------------------------------------------------------------------------------------------------------


def test_a_list_is_checked_row_by_row_each_with_its_line(client: TestClient, city: SmallCity, store: Store):
    before = len(lines(store, "read"))
    ask = question()
    rows = [{"key": ask["key"], "claims": {"applicant_citizen_id": number}} for number in (OWNER_ID, TENANT_ID)]
    rows.append({"key": {"type": "title_no", "value": "370303009009GB00009F00099999"}, "claims": {"applicant_citizen_id": OWNER_ID}})
    body = {"purpose": "window_service", "register": "premises", "rows": rows}
    answer = client.post("/api/v1/verify/batch", json=body, headers=bearer(city.keys["window"]))
    assert answer.status_code == 200, answer.text
    found = answer.json()["rows"]
    assert [one["outcome"] for one in found] == ["same", "different", "not_found"] and [one["row"] for one in found] == [1, 2, 3]
    assert all(one["lines"] and one["grounds"] for one in found)
    assert len(lines(store, "read")) >= before + 3 and "张三" not in answer.text


def test_a_batch_beyond_the_agreement_is_refused_as_a_whole(client: TestClient, city: SmallCity, store: Store):
    before = len(lines(store, "read"))
    rows = [{"key": {"type": "citizen_id", "value": OWNER_ID}, "claims": {"name": "张三"}}] * 51
    body = {"purpose": "window_service", "register": "person", "rows": rows}
    answer = client.post("/api/v1/verify/batch", json=body, headers=bearer(city.keys["window"]))
    assert answer.status_code == 422 and "at most 50" in answer.json()["detail"]
    assert len(lines(store, "read")) == before
    refused = client.post(
        "/api/v1/verify/batch", json={**body, "rows": rows[:2], "purpose": "inspection"}, headers=bearer(city.keys["window"])
    )
    assert refused.status_code == 403 and refused.json()["grounds"] and len(refused.json()["lines"]) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_list_uploaded_at_the_office_comes_back_as_outcomes(window: TestClient, encoding: str):
    text = f"身份证号,姓名,备注\n{OWNER_ID},张三,\n{TENANT_ID},张三,\n"
    bad = upload(window, text.encode(encoding))
    assert bad.status_code == 422 and "备注" in bad.text
    found = upload(window, text.replace(",备注", "").replace("三,", "三").encode(encoding))
    assert found.status_code == 200 and found.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert rows[0] == ["行号", "结果", "姓名", "说明"] and [row[0] for row in rows[1:]] == ["2", "3"]
    assert rows[1][1] != rows[2][1] and OWNER_ID not in found.text


def upload(window: TestClient, content: bytes) -> Any:
    token = window.get("/office/batch").text.split('name="form_token" value="')[1].split('"')[0]
    files = {"file": ("名单.csv", content, "text/csv")}
    return window.post("/office/batch", data={"form_token": token, "register": "person"}, files=files)


# ---- extracts ------------------------------------------------------------------------------------------------------------


def asked(client: TestClient, secret: str, **changes: Any) -> Any:
    body = {"purpose": PURPOSE, "register": "person", "fields": ["sex", "birth_date"], "reason": "第七次人口统计", "form": "csv", **changes}
    return client.post("/api/v1/extracts", json=body, headers=bearer(secret))


def decide(store: Store, account: str, extract_id: str, approved: bool = True, said: str = "") -> Any:
    with store.session() as session:
        actor = find_actor(session, account)
        assert actor is not None
        return share.doors.decide_extract(session, actor, extract_id, approved, said)


def test_an_extract_is_approved_by_another_marked_and_lapses(client: TestClient, keys: dict[str, str], store: Store, settings: Settings):
    made = asked(client, keys["stats"])
    assert made.status_code == 201, made.text
    extract_id, mine = made.json()["extract_id"], bearer(keys["stats"])
    place = f"/api/v1/extracts/{extract_id}"
    assert client.get(f"{place}/file", headers=mine).status_code == 403
    decide(store, "manager", extract_id)
    before = len(lines(store, "read"))
    copies = [client.get(f"{place}/file", headers=mine) for _ in range(4)]
    assert [one.status_code for one in copies] == [200, 200, 200, 403]
    rows = list(csv.DictReader(io.StringIO(copies[1].content.decode("utf-8-sig"))))
    owner = next(row for row in rows if row["永久编码"] == OWNER)
    assert owner["出生日期"].startswith("1990-**") and "张三" not in copies[1].text and OWNER_ID not in copies[1].text
    number, sealed, who, *_ = owner["水印"].split(" · ")
    assert number == f"{extract_id}-2" and "stats" in who and copies[1].headers["cache-control"] == "no-store"
    with store.session(read_only=True) as session:
        whose = share.doors.whose_row(session, number, OWNER, sealed)
        assert whose is not None and whose.extract_id == extract_id
        assert share.doors.whose_row(session, number, OWNER, "0" * 12) is None
    assert len(lines(store, "read")) == before + 3 * len(rows)
    acts = [one for one in lines(store, "extract") if one["extract"] == extract_id]
    assert [one["act"] for one in acts] == ["asked", "approved", "taken", "taken", "taken"] and acts[-1]["rows"] == len(rows)
    assert client.get(place, headers=mine).json()["state"] == "lapsed"
    assert client.get(place, headers=bearer(keys["estate"])).status_code == 404


def test_time_ends_an_extract_too(client: TestClient, keys: dict[str, str], store: Store, monkeypatch: pytest.MonkeyPatch):
    extract_id = asked(client, keys["stats"]).json()["extract_id"]
    decide(store, "manager", extract_id)
    later = datetime.now(UTC) + timedelta(hours=share.doors.VALID_HOURS, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(f"/api/v1/extracts/{extract_id}/file", headers=bearer(keys["stats"])).status_code == 403


def test_what_no_agreement_allows_is_refused_when_it_is_asked_for(client: TestClient, keys: dict[str, str]):
    answer = asked(client, keys["estate"])
    assert answer.status_code == 403 and answer.json()["grounds"]
    name = asked(client, keys["stats"], fields=["name"])
    assert name.status_code == 403 and "name" in name.json()["grounds"][0]["field"]
    assert asked(client, keys["stats"], reason="短").status_code == 422


def test_the_office_asks_decides_and_takes(client: TestClient, keys: dict[str, str], store: Store, visit: Any):
    officer, manager = visit("statistician"), visit("manager")
    send(officer, "/office/purpose", "/office/purpose", purpose=PURPOSE)
    fields = {"register": "premises", "form": "xlsx", "division": "370303", "reason": "住房用途分析"}
    made = send(officer, "/office/extracts", "/office/extracts", **fields)
    assert made.headers["location"].endswith("extract-asked")
    page = manager.get("/office/approvals").text
    assert "住房用途分析" in page and "吴统计" in page
    extract_id = page.split("/office/approvals/")[-1].split('"')[0]
    assert send(manager, f"/office/approvals/{extract_id}", "/office/approvals", decision="approve").status_code == 303
    got = send(officer, f"/office/extracts/{extract_id}/file", "/office/extracts")
    assert got.status_code == 200
    table = CalamineWorkbook.from_filelike(io.BytesIO(got.content)).get_sheet_by_index(0).to_python()
    assert "吴统计" in table[0][0] and extract_id in table[0][0] and table[1][0] == "永久编码"
    assert {row[0] for row in table[2:]} >= {HOME} and all("吴统计" in row[-1] for row in table[2:])
    assert "批准" in words(officer.get("/office/extracts").text)


def test_nobody_decides_about_her_own(client: TestClient, keys: dict[str, str], store: Store, visit: Any):
    both = visit("both")
    send(both, "/office/purpose", "/office/purpose", purpose=PURPOSE)
    send(both, "/office/extracts", "/office/extracts", register="person", form="csv", reason="自己批自己")
    page = both.get("/office/approvals").text
    extract_id = page.split("/office/approvals/")[-1].split('"')[0]
    assert send(both, f"/office/approvals/{extract_id}", "/office/approvals", decision="approve").status_code == 403
    manager = visit("manager")
    refused = send(manager, f"/office/approvals/{extract_id}", "/office/approvals", decision="refuse")
    assert refused.status_code == 422, "a refusal needs its reason"
    assert send(manager, f"/office/approvals/{extract_id}", "/office/approvals", decision="refuse", said="用途不清楚").status_code == 303
    assert "用途不清楚" in both.get("/office/extracts").text


# ---- changes told --------------------------------------------------------------------------------------------------------


class Receiver:
    """What stands at the other end: takes, or does not."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.asked: list[dict[str, str]] = []
        self.allows = "datong.example"

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if method == "OPTIONS":
            self.asked.append(dict(headers))
            return Reply(200, "", {"webhook-allowed-origin": self.allows, "webhook-allowed-rate": "30"})
        status = self.statuses.pop(0) if self.statuses else 202
        self.got.append((url, dict(headers), body))
        return Reply(status, "" if status < 300 else f"HTTP {status}")


URL = "https://receiver.example/changes"


def change(store: Store, code: str = HOME, register: str = "premises") -> int:
    with store.session() as session:
        seq = share.newest_change(session) + 1
        sql = "INSERT INTO change (seq, at, code, kind, what, detail) VALUES (:seq, :at, :code, :kind, 'changed', '{}')"
        session.run(sql, {"seq": seq, "at": NOW, "code": code, "kind": register})
    return seq


@pytest.fixture
def subscription(client: TestClient, keys: dict[str, str]):
    made = client.post("/api/v1/subscriptions", json={"url": URL}, headers=bearer(keys["estate"]))
    assert made.status_code == 201, made.text
    yield made.json()
    client.delete(f"/api/v1/subscriptions/{made.json()['subscription_id']}", headers=bearer(keys["estate"]))


def state(client: TestClient, keys: dict[str, str], subscription: dict[str, Any]) -> dict[str, Any]:
    found = client.get("/api/v1/subscriptions", headers=bearer(keys["estate"])).json()
    return next(one for one in found if one["subscription_id"] == subscription["subscription_id"])


def test_changes_are_told_in_order_signed_and_only_what_the_key_may_see(
    client: TestClient, keys: dict[str, str], store: Store, settings: Settings, subscription: dict[str, Any]
):
    first, second = change(store), change(store)
    change(store, OWNER, "person")
    receiver, now = Receiver(), datetime.now(UTC) + timedelta(seconds=5)
    share.doors.dispatch_due(store, settings, now, receiver)
    ((url, headers, body),) = receiver.got
    events = json.loads(body)
    assert url == URL and [one["data"]["seq"] for one in events] == [first, second] and events[0]["subject"] == HOME
    assert all(one["specversion"] == "1.0" and one["type"] == "cn.datong.register.changed" for one in events)
    (jwk,) = client.get("/api/v1/keys").json()["keys"]
    kept = {name.lower(): value for name, value in headers.items()}
    message = share.doors.SignedMessage("POST", "https", "receiver.example", "/changes", headers=kept)
    (signature,) = share.doors.read_signatures(kept)

    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "="))
    assert signature.text("keyid") == jwk["kid"] and share.doors.fits(message, signature, public)
    assert share.doors.content_digest(body) == kept["content-digest"] and "content-digest" in signature.covered
    assert share.doors.dispatch_due(store, settings, now + timedelta(seconds=5), receiver) == 0, "nothing new, nothing told"


def test_nobody_is_told_who_has_not_said_that_she_wants_to_be(
    client: TestClient, keys: dict[str, str], store: Store, settings: Settings, subscription: dict[str, Any]
):
    change(store)
    receiver, now = Receiver(), datetime.now(UTC) + timedelta(seconds=5)
    receiver.allows = "somebody.else"
    share.doors.dispatch_due(store, settings, now, receiver)
    assert receiver.got == [] and receiver.asked == [{"WebHook-Request-Origin": "datong.example", "WebHook-Request-Rate": "60"}]
    assert "does not allow this origin" in state(client, keys, subscription)["error"]
    receiver.allows, now = "*", now + timedelta(seconds=20)
    assert share.doors.dispatch_due(store, settings, now, receiver) == 1
    due = datetime.fromisoformat(state(client, keys, subscription)["due_at"])
    assert due - now > timedelta(seconds=1.9), "thirty a minute are one in two seconds"
    change(store)
    share.doors.dispatch_due(store, settings, now + timedelta(seconds=10), receiver)
    assert len(receiver.got) == 2 and len(receiver.asked) == 2, "once is enough"


def test_a_day_of_refusals_halts_alarms_and_is_sent_again(
    client: TestClient, keys: dict[str, str], store: Store, settings: Settings, subscription: dict[str, Any], visit: Any
):
    seq = change(store)
    receiver, now = Receiver(*[503] * 60), datetime.now(UTC) + timedelta(seconds=5)
    began, waits = now, []
    while state(client, keys, subscription)["state"] == "active":
        share.doors.dispatch_due(store, settings, now, receiver)
        due = state(client, keys, subscription)["due_at"]
        waits.append((datetime.fromisoformat(due) - now).total_seconds())
        now = max(now + timedelta(seconds=1), datetime.fromisoformat(due))
        assert len(waits) < 50
    assert 15 <= len(receiver.got) <= 25 and (now - began) >= timedelta(hours=24)
    assert waits[:3] == pytest.approx([10, 20, 40], abs=1.5) and max(waits) <= 3 * 3600 + 1
    change(store)
    told = len(receiver.got)
    share.doors.dispatch_due(store, settings, now + timedelta(days=1), receiver)
    assert len(receiver.got) == told, "a halted subscription is left alone"
    manager = visit("manager")
    page = manager.get("/office/subscriptions").text
    assert URL in page and "HTTP 503" in page and "已暂停" in page
    with store.session(read_only=True) as session:
        actor = find_actor(session, "manager")
        assert actor is not None
        assert any(one.kind == "subscription_halted" for one in share.department_notices(session, actor))
    letter = page.split("/office/letters/")[1].split('"')[0]
    assert send(manager, f"/office/letters/{letter}", "/office/subscriptions", act="retry").status_code == 303
    receiver.statuses.clear()
    share.doors.dispatch_due(store, settings, datetime.now(UTC) + timedelta(days=3), receiver)
    events = json.loads(receiver.got[-1][2])
    assert [one["data"]["seq"] for one in events] == [seq, seq + 1], "nothing is lost, nothing overtakes"
    assert send(manager, f"/office/letters/{letter}", "/office/subscriptions", act="drop").status_code == 409


def test_only_sound_addresses_and_systems_with_an_agreement_subscribe(client: TestClient, keys: dict[str, str]):
    for url in (
        "http://receiver.example/x",
        "https://a:b@receiver.example/",
        "https://receiver.example/?key=1",
        "ftp://x.example/",
        "https://",
        "https://127.0.0.1/x",
        "https://[::1]/",
        "https://localhost/",
        "https://169.254.169.254/latest",
        "https://intranet/",
        "https://[::1/broken",
        "https://receiver.example:port/",
    ):
        assert client.post("/api/v1/subscriptions", json={"url": url}, headers=bearer(keys["estate"])).status_code == 422, url
    assert client.post("/api/v1/subscriptions", json={"url": URL}, headers=bearer(keys["nothing"])).status_code == 403
    assert client.delete("/api/v1/subscriptions/S999999", headers=bearer(keys["estate"])).status_code == 404


# ---- sandbox -------------------------------------------------------------------------------------------------------------


def test_a_sandbox_says_so_and_neither_takes_the_others_keys(settings: Settings, store: Store, keys: dict[str, str]):
    sandbox = replace(settings, origin="sandbox." + settings.origin)
    with store.session() as session:
        trial = create_api_key(session, NewKey("trial", "natural_resources", ("estate_premises",)), NOW, sandbox=True)
    with TestClient(create_app(sandbox, store)) as inside, TestClient(create_app(settings, store)) as outside:
        mine = inside.get("/api/v1/purposes", headers=bearer(trial))
        assert mine.status_code == 200 and mine.headers["datong-sandbox"] == "1"
        real = inside.get("/api/v1/purposes", headers=bearer(keys["estate"]))
        assert real.status_code == 401 and "sandbox" in real.json()["detail"]
        wrong = outside.get("/api/v1/purposes", headers=bearer(trial))
        assert wrong.status_code == 401 and "the city itself" in wrong.json()["detail"] and "datong-sandbox" not in wrong.headers
        assert "这是沙箱" in inside.get("/sign-in").text and "这是沙箱" not in outside.get("/sign-in").text


def test_sign_in_is_untouched(client: TestClient, keys: dict[str, str]):
    assert sign_in(client, "manager").status_code == 303
