"""Every address of the table × every post × the wrong person, area, agreement or form: nothing of anybody's leaks, nothing is done.

A stranger in another district is planted with values that stand nowhere else. Whoever has no right to them asks every
address for them, by her codes and by the numbers of what is hers; neither page, header nor problem may hold one of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.abuse import case_asks, open_asks
from tests.web.conftest import form_token, sign_in
from tests.web.identity_asks import IDENTITY
from tests.web.planted import (
    CALLED,
    CITIZEN_ID,
    DEPARTMENTS,
    FAR,
    FAR_FIRM,
    FIRM_NAME,
    NAME,
    PLACE,
    SECRETS,
    STANDING,
    STRANGER,
    TITLE,
    WHAT,
    Planted,
    planted,
)
from tests.web.small_city import HOME, KEY, OWNER, OWNER_ID, PASSWORD, PHONE, PLATE, TITLE_NO
from tests.web.wallet_asks import WALLETS

from datong import share
from datong.domain.access import Actor
from datong.domain.codes import issue, show_code
from datong.web import clock, sign_ins
from datong.web.accounts import NewKey, create_api_key, find_actor
from datong.web.door import Page
from datong.web.permissions import KEY as WITH_KEY
from datong.web.permissions import PUBLIC, SIGNED_IN
from datong.web.routes import PAGES, ROUTES

__all__ = ["planted"]

FORM = {
    "key": FAR, "premises": FAR, "code": FAR, "applicant_citizen_id": OWNER_ID, "owner_name": "张三", "field": "use", "tie": "0" * 24,
    "reason": "核对一下情况", "what": "这一项好像不对", "decision": "upheld", "purpose": "window_service", "lasts": "30m", "once": "1",
    "address": "隐秘", "act": "right", "result": "right", "register": "person", "form": "csv", "said": "", "size": "20", "measure": "address", "digits": "0", "organisation": FAR_FIRM, "how": "on_site", "to": "police", "subject": STRANGER, "type": "", "next": "/", "account_id": "stranger", "password": "wrong password",
    "ward_name": "某人", "ward_id": OWNER_ID, "guardian_name": "某人", "guardian_id": OWNER_ID, "basis": "court", "paper": "无此文书", "until": "2026-12-31", "name": "某人", "citizen_id": OWNER_ID,
    "verdict": "same", "term": "once", "keep": "view", "answer": "give", "separate": "1", "grid_cell": "01", "use": "", "left": FAR, "right": STRANGER, "state": "open", "kind": "person", "department": "", "division": "",
    "applicant": OWNER_ID, "step": "send", "outcome": "agree", "task": "food", "note": "看看", "seat": "seat:owner", "answer.tobacco": "no", "answer.sign": "no", "answer.own": "yes", "form.premises": FAR, "form.shop_name": "小店", "form.area": "80", "form.dishes": "hot", "form.seats": "20", "form.credit_code": "91350100M000100Y43", "form.firm": "某店", "form.phone": "13800000009", "form.address": "某路", "document.layout": "图", "lacking": "缺", "days": "3", "tasks": "food", "grade": "5", "draft": "", "case": "C20261120-0001", "way": "open",
}  # fmt: skip
"""A value for every field that some form of the table wants. What is typed here may come back; the secrets are not among it."""


def leaks(answer: Any, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    said = answer.text + repr(dict(answer.headers))
    return [one for one in secrets if one in said]


def follow(client: TestClient, answer: Any) -> list[Any]:
    """The answer and where it leads."""
    found = [answer]
    while answer.status_code in (303, 307) and len(found) < 4 and answer.headers["location"].startswith("/"):
        answer = client.get(answer.headers["location"])
        found.append(answer)
    return found


def token_of(planted: Planted, client: TestClient) -> str:
    with planted.store.session(read_only=True) as session:
        token_hash = sign_ins.secret_hash(client.cookies["datong_session"])
        row = session.one("SELECT csrf FROM sign_in WHERE token_hash = :hash", {"hash": token_hash})
    assert row is not None
    return str(row[0])


def work_for(planted: Planted, client: TestClient, purpose: str) -> None:
    with planted.store.session() as session:
        sign_ins.choose_purpose(session, sign_ins.secret_hash(client.cookies["datong_session"]), purpose)


def send(planted: Planted, client: TestClient, page: Page) -> Any:
    if page.method == "GET":
        return client.get(planted.path(page))
    return client.post(planted.path(page), data={**FORM, "mark": planted.params["mark_id"], "form_token": token_of(planted, client)})


def may(planted: Planted, account: str) -> frozenset[str]:
    with planted.store.session(read_only=True) as session:
        actor = find_actor(session, account)
        assert actor is not None
        return share.permissions(session, actor) | {PUBLIC, SIGNED_IN}


def purposes_of(planted: Planted, department: str) -> list[str]:
    with planted.store.session(read_only=True) as session:
        agreements = share.installed(session).sharing.agreements.values()
    return sorted({one.purpose for one in agreements if department in one.requesting})


def hers(planted: Planted) -> list[Any]:
    """Everything of the stranger's that somebody else's form could have changed."""
    with planted.store.session(read_only=True) as session:
        return [
            session.all("SELECT state, version FROM licence WHERE holder = :code", {"code": STRANGER}),
            session.all("SELECT withdrawn_at FROM licence_agreed WHERE holder = :code", {"code": STRANGER}),
            session.all("SELECT state, jws FROM signature WHERE holder = :code", {"code": STRANGER}),
            session.all("SELECT state, seq FROM service_case WHERE applicant = :code", {"code": STRANGER}),
            session.all("SELECT body, until FROM service_draft WHERE owner = :code", {"code": STRANGER}),
            session.all("SELECT sha256 FROM service_paper WHERE name LIKE :name", {"name": f"{NAME}%"}),
            session.all("SELECT count(*) FROM service_rating"),
            session.all("SELECT revoked_at, uses FROM share_pass WHERE holder = :code", {"code": STRANGER}),
            session.all("SELECT withdrawn_at FROM share_consent WHERE subject = :code", {"code": STRANGER}),
            session.all("SELECT state, ended_by FROM share_mandate WHERE principal = :code", {"code": STRANGER}),
            session.all("SELECT state, answered_at FROM share_consent_request WHERE subject = :code", {"code": STRANGER}),
            session.all("SELECT state, answer FROM share_dispute WHERE raiser_subject = :code", {"code": STRANGER}),
            session.all("SELECT notice_id, read_at FROM share_notice WHERE subject = :code AND kind = 'note'", {"code": STRANGER}),
            session.all("SELECT state FROM share_claim WHERE premises = :code AND state = 'confirmed'", {"code": FAR}),
            session.all("SELECT state, owner FROM mark_case WHERE mark_id = :id", {"id": planted.params["mark_id"]}),
            session.all("SELECT mark_id FROM mark WHERE kind = 'confirmed' AND code = :code", {"code": FAR}),
            session.all("SELECT seq, verdict FROM judgement"),
            session.all("SELECT state, takes FROM door_extract WHERE extract_id = 'E20261120-9001'"),
            session.all("SELECT state FROM door_subscription WHERE subscription_id = 'S900001'"),
            session.all("SELECT state, claimed_by FROM review"),
            session.all("SELECT state, due FROM share_request WHERE request_id = :id", {"id": planted.params["request_id"]}),
            session.all("SELECT version, state FROM share_agreement"),
            session.all("SELECT code, state FROM share_hold"),
            session.all("SELECT stop_id, lifted_at FROM door_stop"),
            session.all("SELECT state FROM share_alert WHERE state = 'misuse'"),
            session.all("SELECT service_id, scope FROM identity_agreed WHERE account_id = 'stranger'"),
            session.all(STANDING),
            session.all("SELECT state, code_hash, token_hash FROM identity_request WHERE account_id = 'stranger'"),
            session.all("SELECT body FROM entry WHERE code IN (:a, :b)", {"a": STRANGER, "b": FAR}),
        ]


WAYS_OUT = {"/sign-in", "/sign-out"}  # these end the sign-in of the test itself
OFFICERS = [
    f"{role}@{department}"
    for department in DEPARTMENTS
    for role in (
        *("admin", "archivist", "auditor"),
        "grid_worker",
        "inspector",
        "leader",
        "officer",
        "reviewer",
        "security_officer",
        "sharing_manager",
        "sharing_officer",
        "steward",
        "window_clerk",
        "none",
    )
]


def test_every_role_of_the_packs_asks(planted: Planted):
    assert {one.partition("@")[0] for one in OFFICERS} == {*planted.roles, "none"} - {"citizen"}


@pytest.mark.parametrize("account", OFFICERS)
def test_no_officer_of_another_area_gets_anything(planted: Planted, account: str):
    before, allowed = hers(planted), may(planted, account)
    with planted.client() as client:
        sign_in(client, account)
        for purpose in purposes_of(planted, account.partition("@")[2]):
            work_for(planted, client, purpose)
            for page in PAGES:
                if page.path in WAYS_OUT:
                    continue
                first = send(planted, client, page)
                if page.permission not in allowed:
                    assert first.status_code == 403, f"{account} {page.method} {page.path}"
                for answer in follow(client, first):
                    assert answer.status_code < 500, f"{account} {page.method} {page.path} {purpose}"
                    assert not leaks(answer), f"{account} {page.method} {page.path} {purpose}"
    assert hers(planted) == before


def test_no_citizen_gets_anything_of_anothers(planted: Planted):
    before, allowed = hers(planted), may(planted, "owner")
    with planted.client() as client:
        sign_in(client, "owner")
        for page in (page for page in PAGES if page.path not in WAYS_OUT):
            for code in (FAR, STRANGER, FAR_FIRM):
                planted.params["code"] = code
                if code == FAR_FIRM and page.path.startswith("/me/companies"):
                    continue  # the law has businesses publish just that
                for answer in follow(client, first := send(planted, client, page)):
                    assert answer.status_code < 500, f"{page.method} {page.path}"
                    told = [one for one in leaks(answer) if (page.path, one) != ("/me/verify", "隐秘路")]  # a door plate's road is shown
                    assert not told, f"{page.method} {page.path}"
                if page.permission not in allowed:
                    assert first.status_code == 403, page.path
    planted.params["code"] = FAR
    assert hers(planted) == before


def test_what_is_anothers_and_what_is_nothing_are_told_alike(planted: Planted):
    nothing = {"code": list(islice(issue("premises", -1, KEY), 40))[39][1]}
    nothing |= {name: "f" * len(value) for name, value in planted.params.items() if name.endswith("_id")}
    with planted.client() as client:
        sign_in(client, "owner")
        for page in (page for page in PAGES if page.path.startswith("/me/") and "{" in page.path):
            if page.path == "/me/homes/{code}/wrong" and page.method == "POST":
                continue  # anybody may report what stands on a door plate
            real = _plain(send(planted, client, page), planted, page.path)
            kept, planted.params = planted.params, planted.params | nothing
            unreal = _plain(send(planted, client, page), planted, page.path)
            planted.params = kept
            assert real == unreal, f"{page.method} {page.path}"


def _plain(answer: Any, planted: Planted, path: str) -> tuple[int, str]:
    """Status and words, without the codes and numbers that were asked for."""
    text = answer.text
    asked = [value for name, value in planted.params.items() if "{" + name + "}" in path]
    for value in sorted(asked, key=len, reverse=True):
        text = text.replace(value, "").replace(show_code(value), "")
    return answer.status_code, text


def test_her_own_pages_show_what_the_others_must_not(planted: Planted):
    """The planted values do show where they may: without this the tests above would prove nothing."""
    with planted.client() as client:
        sign_in(client, "stranger")
        assert {NAME, CALLED, PLACE} <= set(leaks(client.get("/me/data")))
        assert PLACE in client.get(f"/me/homes/{FAR}").text
        assert WHAT in client.get(f"/me/reports/{planted.params['dispute_id']}").text
        assert NAME in client.get("/me/messages").text
    with planted.client() as client:
        sign_in(client, "far_steward")
        work_for(planted, client, "data_steward_review")
        assert PLACE in client.get(f"/office/subject/{FAR}").text
        assert NAME in client.get(f"/office/reviews/{planted.params['pair_id']}").text
        assert WHAT in client.get(f"/office/links/{STRANGER}").text
        assert PLACE in client.get("/office/conflicts").text or "09" in client.get("/office/conflicts").text


@pytest.mark.parametrize("page", [page for page in PAGES if page.method == "POST"], ids=lambda page: page.path)
def test_no_form_is_taken_without_its_own_token(planted: Planted, page: Page):
    before = hers(planted)
    with planted.client() as client:
        sign_in(client, "everything")
        work_for(planted, client, "window_service")
        for token in ({}, {"form_token": ""}, {"form_token": "x" * 32}):
            answer = client.post(planted.path(page), data={**FORM, **token})
            assert answer.status_code == 403 and "页面已过期" in answer.text, page.path
        get = client.get(planted.path(page), params=FORM)
        assert get.status_code < 500
    assert hers(planted) == before


UNASKED = (
    "/api/v1/receipts",
    "/api/v1/receipts/{line_id}",
    "/api/v1/sharing/compliance",
    "/api/v1/supervision/coverage",
    "/api/v1/keys",
    "/api/v1/ledger/checkpoint",
    "/api/v1/ledger/tile/{path:path}",
    "/api/problems/{slug}",
    "/api/health",
)
"""Routes that take nothing by which anybody could be found."""


def asks(route: Any, planted: Planted) -> list[dict[str, Any]]:
    """Requests to a route of the API that try to get at the stranger; a new route must say here how it would be abused."""
    code = {"type": "code", "value": FAR}
    about = [
        ("premises", code), ("premises", {"type": "title_no", "value": TITLE}), ("premises", {"type": "address", "value": PLACE}),
        ("person", {"type": "citizen_id", "value": CITIZEN_ID}), ("person", {"type": "phone", "value": CALLED}),
        ("person", {"type": "name_birth", "value": NAME, "extra": {"birth_date": "1979-09-09"}}), ("organisation", {"type": "org_name", "value": FIRM_NAME}),
    ]  # fmt: skip
    purposes = ("residence_registration", "window_service", "police_enquiry", "own_data", "made_up")
    base = [{"purpose": purpose, "register": register, "key": key} for purpose in purposes for register, key in about]
    wanted: dict[str, list[dict[str, Any]]] = {
        **{path: [{}] for path in UNASKED},
        **WALLETS,
        **IDENTITY,
        "/api/v1/verify": [{"json": {**one, "claims": {"owner_name": "某某", "name": "某某", "citizen_id": OWNER_ID}}} for one in base],
        "/api/v1/look-up": [{"json": one} for one in base],
        "/api/v1/registers/{register}": [
            {"params": {"purpose": purpose, **more}}
            for purpose in purposes
            for more in ({}, {"division": "370304"}, {"mark": "any"}, {"use": "residential"}, {"street": "x"}, {"status": "active"})
        ],
        "/api/v1/addresses/suggest": [{"json": {"text": "隐秘"}}],
        "/api/v1/addresses/read": [{"json": {"text": "博山区隐秘"}}],
        "/api/v1/addresses/locate": [{"json": {"text": "博山区隐秘"}}, {"json": {"code": FAR}}],
        "/api/v1/purposes": [{}],
        "/api/v1/entitlements": [{}],
        "/api/v1/resources/{resource}/records": [{"json": {"rows": [{"主体身份代码": "E2"}]}}],
        "/api/v1/changes": [{"params": {"since": 0, "limit": 1000}}],
        "/api/v1/verify/batch": [
            {"json": {"purpose": one["purpose"], "register": one["register"], "rows": [{"key": one["key"], "claims": {"name": "某某"}}]}}
            for one in base
        ],
        "/api/v1/extracts": [
            {"json": {"purpose": purpose, "register": register, "reason": "看看有什么"}}
            for purpose in (*purposes, "statistics", "data_mending")
            for register in ("person", "premises")
        ],
        "/api/v1/extracts/{extract_id}": [{}],
        "/api/v1/extracts/{extract_id}/file": [{}],
        "/api/v1/subscriptions": [{"json": {"url": "https://elsewhere.example/x", "since": 0}}],
        "/api/v1/subscriptions/{subscription_id}": [{}],
        "/api/v1/consent-requests": [{"json": {"purpose": one, "key": key}} for one in (*purposes, "means_test") for _, key in about[:5]],
        "/api/v1/consent-requests/{request_id}": [{}],
        "/api/v1/province/look-up": [
            {"json": {"code": "370000/1", "purpose": one, "key": key}} for one in purposes for _, key in about[3:]
        ],
        **(open_asks() | case_asks([key for _, key in about])),
    }
    assert route.path in wanted, f"say in tests/web/test_every_route.py how somebody could abuse {route.path}"
    return wanted[route.path]


OWN_MATTERS = ("/office/disputes", "/office/cases", "/me/cases")
"""What was sent to an office itself, which it keeps: a report, an application."""
SYSTEMS = [route for route in ROUTES if not isinstance(route, Page)]


@pytest.mark.parametrize("key", ["near", "nothing"])
@pytest.mark.parametrize("route", SYSTEMS, ids=lambda route: f"{route.method} {route.path}")
def test_no_system_gets_what_its_key_was_not_issued_for(planted: Planted, route: Any, key: str):
    headers = {"Authorization": f"Bearer {planted.keys[key]}"}
    with planted.client() as client:
        for request in asks(route, planted):
            sent = repr(request)
            answer = client.request(route.method, planted.path(route), headers=headers, **request)
            assert answer.status_code < 500, request
            assert not [one for one in leaks(answer, (*SECRETS, STRANGER, FAR, FAR_FIRM)) if one not in sent], request
            if route.permission == WITH_KEY and key == "nothing" and "purpose" in sent:
                assert answer.status_code in ((403, 404, 422) if "/province/" in route.path else (403,)), request  # nobody agreed there


@pytest.mark.parametrize("route", SYSTEMS, ids=lambda route: f"{route.method} {route.path}")
def test_nothing_is_given_under_an_agreement_that_has_ended(planted: Planted, route: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    owners = (OWNER_ID, PHONE, PLATE, TITLE_NO, "张三", "张*", OWNER, HOME, *SECRETS, STRANGER, FAR, FAR_FIRM)
    with planted.client() as client:
        for key in ("window", "near"):
            headers = {"Authorization": f"Bearer {planted.keys[key]}"}
            for request in asks(route, planted):
                answer = client.request(route.method, planted.path(route), headers=headers, **request)
                assert answer.status_code < 500
                assert not [one for one in leaks(answer, owners) if one not in repr(request)], request


def test_no_page_opens_a_subject_under_an_agreement_that_has_ended(planted: Planted, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    with planted.client() as client:
        token = form_token(client.get("/sign-in").text)
        client.post("/sign-in", data={"form_token": token, "account_id": "everything", "password": PASSWORD})
        for purpose in purposes_of(planted, "approval"):
            work_for(planted, client, purpose)
            for page in (page for page in PAGES if page.path not in WAYS_OUT and not page.path.startswith(OWN_MATTERS)):
                for answer in follow(client, send(planted, client, page)):
                    assert answer.status_code < 500, page.path
                    assert set(leaks(answer)) <= {WHAT}, f"{page.method} {page.path}"  # her report, for those who settle it


def test_a_suspended_agreement_opens_no_door(planted: Planted):
    code, at = planted.params["agreement"], datetime(2026, 11, 20, 2, tzinfo=UTC)
    manager = Actor("manager", "", "officer", "data", roles=frozenset({"sharing_manager"}))
    with planted.store.session() as session:
        secret = create_api_key(session, NewKey("公积金系统", "housing_fund", (code,)), at.isoformat())
    headers = {"Authorization": f"Bearer {secret}"}
    body = {"purpose": "rental_registration", "register": "premises", "key": {"type": "code", "value": FAR}}
    with planted.client() as client:
        assert PLACE in client.post("/api/v1/look-up", json=body, headers=headers).text, "while it is in force it does give"
        with planted.store.session() as session:
            share.act_on_agreement(session, manager, code, "suspend", "超范围使用，限期整改", now=at)
        for route in SYSTEMS:
            for request in asks(route, planted):
                for part in ("json", "params"):
                    if "purpose" in request.get(part, {}):
                        request[part]["purpose"] = "rental_registration"
                answer = client.request(route.method, planted.path(route), headers=headers, **request)
                assert not [one for one in leaks(answer, (*SECRETS, STRANGER, FAR_FIRM)) if one not in repr(request)], request
        refused = client.post("/api/v1/look-up", json=body, headers=headers)
        assert refused.status_code == 403 and refused.json()["grounds"][0] | {"zh": "", "en": ""} == {
            "code": "suspended",
            "field": "",
            "zh": "",
            "en": "",
            "rule": code,
        }
        with planted.store.session() as session:
            share.act_on_agreement(session, manager, code, "resume", "整改完成，恢复", now=at)
        assert PLACE in client.post("/api/v1/look-up", json=body, headers=headers).text
