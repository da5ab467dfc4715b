"""The wallet, the verifier's pages and the issuing office's, as a browser without scripts meets them."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Visitors, form_token, send, words
from tests.web.small_city import OWNER, OWNER_ID, PASSWORD, SmallCity

from datong import licences
from datong.domain.access import Actor
from datong.store import Store
from datong.web import NewAccount, create_account

FACTS = {
    "fact_holder_name": "张三",
    "fact_citizen_id": OWNER_ID,
    "fact_kind": "听力",
    "fact_level": "三级",
    "fact_number": f"{OWNER_ID}23",
}
ACCOUNTS = (("federation", "disabled_federation", "officer"), ("insurance", "medical_insurance", "window_clerk"))


@pytest.fixture
def federation(store: Store, visit: Visitors) -> TestClient:
    with store.session() as session:
        for name, department, role in ACCOUNTS:
            if session.one("SELECT 1 FROM account WHERE account_id = :id", {"id": name}) is None:
                create_account(session, NewAccount(name, PASSWORD, "某人", "officer", department, "一窗", (role,), ("",)))
    return visit("federation")


@pytest.fixture
def card(federation: TestClient, owner: TestClient) -> str:
    """A disability card of the owner's, issued at the office page: its id."""
    page = "/office/licences/disability_card"
    answer = send(federation, page, page, holder=OWNER, **FACTS)
    assert answer.status_code == 303, words(answer.text)
    found = re.findall(r'href="/me/licences/(L[A-Z0-9]+)"', owner.get("/me/licences").text)
    return found[0]


def _code(owner: TestClient, card: str, **fields: str) -> str:
    answer = send(owner, f"/me/licences/{card}/show", f"/me/licences/{card}", purpose="报销医药费", **fields)
    assert answer.status_code == 303, words(answer.text)
    page = owner.get(answer.headers["location"]).text
    assert owner.get(answer.headers["location"]).headers["location"].startswith("/me/licences"), "shown once"
    found = re.search(r'<code id="licence-typed">([^<]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


def test_issued_at_the_office_shown_on_the_phone_and_checked_by_anybody(card: str, owner: TestClient, client: TestClient) -> None:
    secret = _code(owner, card, field="level")
    page = words(send(client, "/verify-licence", "/verify-licence", key=f"datong:licence:{secret}").text)
    assert "有效，可以采信" in page
    assert "三级" in page
    assert "听力" not in page
    assert OWNER_ID not in page
    again = words(send(client, "/verify-licence", "/verify-licence", key=f"datong:licence:{secret}").text)
    assert "已经使用过" in again
    assert "报销医药费" in words(owner.get("/me/licences/uses").text)


def test_the_same_in_english(card: str, client: TestClient) -> None:
    assert "Check a licence" in client.get("/verify-licence?lang=en").text


def test_at_a_counter_by_id_card_alone_once_agreed(card: str, owner: TestClient, visit: Visitors) -> None:
    clerk, page = visit("insurance"), "/office/licence-check"
    asked = {"citizen_id": OWNER_ID, "type": "disability_card", "purpose": "医药费报销"}
    assert "没有同意" in words(send(clerk, f"{page}/card", page, **asked).text)
    agreed = {"type": "disability_card", "department": "medical_insurance", "lasts": "30"}
    assert send(owner, "/me/licences/agreed", "/me/licences/agreed", **agreed).status_code == 303
    told = words(send(clerk, f"{page}/card", page, **asked).text)
    assert "有效，可以采信" in told
    assert "三级" in told
    number = re.search(r"/me/licences/agreed/([^/]+)/withdraw", owner.get("/me/licences/agreed").text)
    assert number
    assert send(owner, f"/me/licences/agreed/{number[1]}/withdraw", "/me/licences/agreed").status_code == 303
    assert "没有同意" in words(send(clerk, f"{page}/card", page, **asked).text)


def test_a_file_for_a_verifier_passes_whole_and_not_bent(card: str, owner: TestClient, client: TestClient) -> None:
    asked = {"purpose": "购票", "audience": "地铁", "nonce": "n1", "field": "level"}
    text = send(owner, f"/me/licences/{card}/file", f"/me/licences/{card}", **asked).text
    token = {"form_token": form_token(client.get("/verify-licence").text)}
    good = client.post("/verify-licence", data=token, files={"file": ("a.sd-jwt", text.encode())})
    assert "有效，可以采信" in words(good.text)
    bent = text.replace("~", "~x", 1)
    bad = client.post("/verify-licence", data=token, files={"file": ("a.sd-jwt", bent.encode())})
    assert "不是真的" in words(bad.text)


def test_the_office_suspends_and_the_holder_sees_why(card: str, owner: TestClient, federation: TestClient) -> None:
    page = "/office/licences/disability_card"
    answer = send(federation, f"{page}/{card}", page, act="suspend", reason="复评中")
    assert answer.status_code == 303, words(answer.text)
    shown = words(owner.get(f"/me/licences/{card}").text)
    assert "暂扣" in shown
    assert "复评中" in shown
    assert "生成一次性出示码" not in shown
    refused = send(federation, f"{page}/{card}", page, act="renew", reason="")
    assert refused.status_code == 422


def test_the_catalogue_says_how_many_of_each(card: str, visit: Visitors) -> None:
    page = words(visit("insurance").get("/office/licences").text)
    assert "残疾人证" in page
    assert visit("insurance").get("/office/licences/disability_card").status_code == 403


def test_a_document_is_signed_with_the_password_alone_and_verified_beside_it(owner: TestClient, client: TestClient, store: Store) -> None:
    document = "退税申请书".encode()
    token = {"form_token": form_token(owner.get("/me/signatures").text)}
    answer = owner.post("/me/signatures", data=token, files={"file": ("退税.txt", document)})
    page = answer.headers["location"]
    wrong = send(owner, page, page, password="wrong")
    assert "没有签署" in words(wrong.text)
    assert owner.get(f"{page}/file").status_code == 404
    assert send(owner, page, page, password=PASSWORD).status_code == 303
    signature = owner.get(f"{page}/file").content
    public = {"form_token": form_token(client.get("/verify-signature").text)}
    for given, said in ((document, "签名有效"), (document + b"!", "签名不成立")):
        files = {"document": ("a", given), "signature": ("s.json", signature)}
        assert said in words(client.post("/verify-signature", data=public, files=files).text)
    with store.session(read_only=True) as session:
        assert session.one("SELECT 1 FROM signature WHERE digest = :d AND state = 'signed'", {"d": sha256(document).hexdigest()})


def test_a_department_sees_no_ones_licences_but_its_own_types(card: str, store: Store) -> None:
    with store.session() as session, pytest.raises(Exception, match="holder"):
        licences.of_holder(session, Actor("x", "x", "officer", "police", roles=frozenset({"officer"})), OWNER)


def test_a_licence_is_taken_into_another_wallet_and_asked_for_by_api(
    card: str, owner: TestClient, client: TestClient, city: SmallCity
) -> None:
    answer = send(owner, f"/me/licences/{card}/offer", f"/me/licences/{card}")
    page = owner.get(answer.headers["location"]).text
    assert re.search(r'<code id="licence-pin">\d{6}</code>', page)
    listed = client.get("/api/v1/licences/statuses/disability_card-0")
    assert listed.headers["content-type"].startswith("application/statuslist+jwt"), listed.text
    trust = licences.read_bundle(client.get("/api/v1/licences/statuses").text)
    assert trust.lists
    assert client.get("/.well-known/openid-credential-issuer").json()["credential_configurations_supported"]["disability_card"]
    wrong = client.post("/api/v1/openid/token", data={"grant_type": "password"})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "unsupported_grant_type")
    assert client.post("/api/v1/openid/credential", json={}).status_code == 401
    key = {"Authorization": f"Bearer {city.keys['window']}"}
    query = {"credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}}]}
    made = client.post("/api/v1/openid/requests", headers=key, json={"purpose": "看看", "dcql_query": query})
    assert made.status_code == 201, made.text
    number = made.json()["request_id"]
    assert client.get(f"/api/v1/openid/requests/{number}").text.count(".") == 2
    assert client.post(f"/api/v1/openid/responses/{number}", data={"vp_token": "{}"}).json()["error"] == "invalid_request"
    assert client.get(f"/api/v1/openid/results/{number}", headers=key).json() == {"state": "waiting", "answers": {}}
    assert client.get(f"/api/v1/openid/results/{number}", headers={"Authorization": f"Bearer {city.keys['registrar']}"}).status_code == 404


@pytest.mark.parametrize("form", ["pdf", "ofd"])
def test_a_file_to_print_is_uploaded_and_passes_and_bent_it_does_not(
    card: str, owner: TestClient, client: TestClient, federation: TestClient, form: str
) -> None:
    if form == "pdf":
        pytest.importorskip("pyhanko")
        pytest.importorskip("reportlab")
    answer = send(owner, f"/me/licences/{card}/paper/{form}", f"/me/licences/{card}")
    assert answer.status_code == 200, words(answer.text)
    assert answer.headers["content-type"] == f"application/{form}"
    token = {"form_token": form_token(client.get("/verify-licence").text)}
    good = words(client.post("/verify-licence", data=token, files={"file": (f"a.{form}", answer.content)}).text)
    assert "有效，可以采信" in good
    assert "整份文件由发证部门签名" in good
    bent = answer.content[:300] + b"x" + answer.content[301:]
    assert "不是真的" in words(client.post("/verify-licence", data=token, files={"file": (f"a.{form}", bent)}).text)
    page = "/office/licences/disability_card"
    assert send(federation, f"{page}/{card}/paper", page, form=form).content.startswith(answer.content[:4])
    assert "打印了您的" in words(owner.get("/me/messages").text)
