"""The API: what it answers, and that everything broken is answered clearly, as RFC 9457 wants it."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.small_city import FIRM, HOME, NOW, OWNER, OWNER_ID, TENANT_ID, TITLE_NO, SmallCity

from datong import ledger
from datong.store import Store
from datong.web import NewKey, create_api_key
from datong.web.errors import KINDS
from datong.web.routes import API, HOT


class Caller:
    """A system with its key."""

    def __init__(self, client: TestClient, secret: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"}

    def post(self, path: str, body: Any, **more: Any):
        return self.client.post(f"/api/v1/{path}", json=body, headers=self.headers, **more)

    def get(self, path: str, **query: Any):
        return self.client.get(f"/api/v1/{path}", params=query, headers=self.headers)


@pytest.fixture
def registrar(client: TestClient, city: SmallCity) -> Caller:
    return Caller(client, city.keys["registrar"])


@pytest.fixture
def window(client: TestClient, city: SmallCity) -> Caller:
    return Caller(client, city.keys["window"])


def question(**changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "purpose": "gate_registration",
        "register": "premises",
        "key": {"type": "title_no", "value": TITLE_NO},
        "claims": {"applicant_citizen_id": OWNER_ID},
    }
    return {name: value for name, value in {**asked, **changes}.items() if value is not None}


def person(**changes: Any) -> dict[str, Any]:
    asked = {"purpose": "window_service", "register": "person", "key": {"type": "citizen_id", "value": OWNER_ID}}
    return {name: value for name, value in {**asked, **changes}.items() if value is not None}


def test_verify_answers_same_with_reasons_and_a_durable_line(registrar: Caller, store: Store):
    answer = registrar.post("verify", question())
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["outcome"] == "same" and body["compared"] == {"applicant_citizen_id": "same"}
    assert any(ground["code"] == "owner" and ground["zh"] and ground["en"] for ground in body["grounds"])
    with store.session(read_only=True) as session:
        line = ledger.find_line(session, body["lines"][0])
    assert line is not None and line.line.subject == HOME and line.line.purpose == "gate_registration"
    assert OWNER_ID not in json.dumps(line.line.body)


def test_verify_answers_different_for_another_person(registrar: Caller):
    body = registrar.post("verify", question(claims={"applicant_citizen_id": TENANT_ID})).json()
    assert body["outcome"] == "different" and body["compared"] == {"applicant_citizen_id": "different"}


def test_verify_gives_no_more_than_the_agreement(registrar: Caller):
    text = registrar.post("verify", question()).text
    assert "张三" not in text and OWNER_ID not in text


def test_many_verifications_at_once_each_get_their_own_line(client: TestClient, city: SmallCity, store: Store):
    caller = Caller(client, city.keys["registrar"])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: caller.post("verify", question()).json(), range(24)))
    lines = [line for answer in answers for line in answer["lines"]]
    assert len(set(lines)) == 24
    with store.session(read_only=True) as session:
        assert all(ledger.find_line(session, line) for line in lines)


def test_look_up_masks_and_names_sources(window: Caller):
    body = window.post("look-up", person(fields=["name", "citizen_id", "birth_date"])).json()
    assert body["outcome"] == "found"
    facts = {fact["field"]: fact for fact in body["entries"][0]["facts"]}
    assert facts["citizen_id"]["value"] == "370303********1239" and facts["citizen_id"]["masked"]
    assert (facts["name"]["department"], facts["name"]["as_of"]) == ("police", "2026-11-01")


def test_look_up_shows_a_field_whole_for_a_reason(window: Caller):
    reason = {"kind": "unmask", "text": "核对当事人身份", "reference": "A-1"}
    body = window.post("look-up", person(fields=["name"], unmask=["name"], reason=reason)).json()
    assert body["entries"][0]["facts"][0]["value"] == "张三"


def test_fields_not_granted_are_named_while_the_rest_is_answered(window: Caller):
    body = window.post("look-up", person(fields=["name", "death_date"])).json()
    assert body["outcome"] == "found" and body["refused_fields"] == ["death_date"]
    assert [ground["field"] for ground in body["grounds"] if ground["code"] == "field_not_granted"] == ["death_date"]


def test_a_list_is_read_page_by_page(window: Caller):
    seen: list[str] = []
    cursor = ""
    for _ in range(5):
        body = window.get("registers/premises", purpose="window_service", limit=1, cursor=cursor, division="370303").json()
        seen += [entry["code"] for entry in body["entries"]]
        cursor = body["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 2 and HOME in seen


def test_entitlements_and_purposes_say_what_may_be_asked(window: Caller):
    mine = window.get("entitlements", purpose="window_service").json()
    assert {(one["version"], tuple(one["where"])) for one in mine} == {(0, ())}
    assert window.get("entitlements", purpose="no_such_purpose").json() == []
    assert {one["register"] for one in mine if one["state"] == "in_force"} == {"person", "premises", "organisation"}
    fields = next(one["fields"] for one in mine if one["agreement"] == "approval_window_person")
    assert fields["citizen_id"] == "citizen_id" and fields["sex"] == "plain"
    assert "window_service" in [one["code"] for one in window.get("purposes").json()]


def test_changes_tell_codes_and_where_to_go_on(window: Caller, store: Store):
    with store.session() as session:
        start = (session.one("SELECT coalesce(max(seq), 0) FROM change") or (0,))[0]
        for number, code in enumerate((OWNER, FIRM), start + 1):
            kind = {"P": "person", "O": "organisation"}[code[0]]
            params = {"seq": number, "at": NOW, "code": code, "kind": kind}
            session.run("INSERT INTO change (seq, at, code, kind, what, detail) VALUES (:seq, :at, :code, :kind, 'changed', '{}')", params)
    body = window.get("changes", since=start).json()
    assert [(one["code"], one["what"]) for one in body["changes"]] == [(OWNER, "changed"), (FIRM, "changed")]
    assert window.get("changes", since=body["next"]).json() == {"changes": [], "next": body["next"]}


def test_the_ledger_is_public_and_gives_nothing_away(client: TestClient, settings, store: Store):
    with store.session() as session:
        ledger.append(session, ledger.Line("audit", "2026-11-20T00:00:00Z", OWNER, "clerk"))
        ledger.publish(session, ledger.load_signer(settings.home), settings.home / "ledger", "2026-11-20T00:00:00Z")
    note = client.get("/api/v1/ledger/checkpoint").text
    assert note.startswith(settings.origin + "\n")
    width = int(note.splitlines()[1]) % 256
    tile = client.get(f"/api/v1/ledger/tile/entries/000.p/{width}")
    assert tile.status_code == 200 and OWNER.encode() not in tile.content and b"clerk" not in tile.content


def test_a_revoked_key_stops_working(client: TestClient, store: Store, city: SmallCity):
    with store.session() as session:
        secret = create_api_key(session, NewKey("短命系统", "approval", ("approval_window_person",)), NOW)
    caller = Caller(client, secret)
    assert caller.get("purposes").status_code == 200
    with store.session() as session:
        session.run("UPDATE api_key SET state = 'revoked' WHERE name = '短命系统'")
    client.app.state.key_ring._seen.clear()
    assert caller.get("purposes").status_code == 401


# ---- broken calls -------------------------------------------------------------------------------------------------

JSON = {"Content-Type": "application/json"}
LONG = "长" * 301


@pytest.mark.parametrize("body", ["", "{", "{'a': 1}", "\xff\xfe", '{"purpose": "x"', "NaN,"])
@pytest.mark.parametrize("path", ["verify", "look-up"])
def test_what_is_no_json_is_said_to_be_none(registrar: Caller, path: str, body: str):
    answer = registrar.client.post(f"/api/v1/{path}", content=body.encode("latin-1"), headers={**registrar.headers, **JSON})
    problem(answer, 400 if body else (400, 422), ("bad-json", "bad-value"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": None}, "body.purpose"),
        ({"purpose": ""}, "body.purpose"),
        ({"purpose": "DROP TABLE"}, "body.purpose"),
        ({"register": None}, "body.register"),
        ({"register": "vehicles"}, "body.register"),
        ({"key": None}, "body.key"),
        ({"key": "370303"}, "body.key"),
        ({"key": {"type": "dna", "value": "x"}}, "body.key.type"),
        ({"key": {"type": "code"}}, "body.key.value"),
        ({"key": {"type": "code", "value": ""}}, "body.key.value"),
        ({"key": {"type": "code", "value": LONG}}, "body.key.value"),
        ({"key": {"type": "code", "value": 7}}, "body.key.value"),
        ({"key": {"type": "code", "value": "x", "extra": {"birth_date": 1}}}, "body.key.extra.birth_date"),
        ({"claims": {}}, "body.claims"),
        ({"claims": None}, "body.claims"),
        ({"claims": [["name", "x"]]}, "body.claims"),
        ({"claims": {"name": None}}, "body.claims.name"),
        ({"automatic": "perhaps"}, "body.automatic"),
        ({"reason": {"kind": "curiosity"}}, "body.reason.kind"),
        ({"reason": {"kind": "case", "text": "长" * 301}}, "body.reason.text"),
        ({"reson": {}}, "body.reson"),
    ],
)
def test_a_value_that_does_not_fit_is_named_and_never_repeated(registrar: Caller, changes: dict[str, Any], field: str):
    body = problem(registrar.post("verify", question(**changes)), 422, ("bad-value",))
    assert field in [error["field"] for error in body["errors"]]
    assert OWNER_ID not in json.dumps(body) and TITLE_NO not in json.dumps(body)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"purpose": "nothing_known"}, "purpose_unknown", ""),
        ({"purpose": "police_enquiry"}, "purpose_not_yours", ""),
        ({"purpose": "food_safety"}, "register_not_granted", ""),
        ({"key": {"type": "account_no", "value": "123456"}}, "key_not_allowed", ""),
        ({"claims": {"area": "98.50"}}, "field_not_granted", "area"),
        ({"key": {"type": "pass", "value": "datong:pass:00000000000000000000000000"}}, "pass_unknown", ""),
    ],
)
def test_a_refusal_names_the_field_and_the_missing_rule(registrar: Caller, changes: dict[str, Any], code: str, field: str):
    body = problem(registrar.post("verify", question(**changes)), 403, ("refused",))
    ground = next(ground for ground in body["grounds"] if ground["code"] == code)
    assert ground["zh"] and ground["en"] and ground["field"] == field
    assert body["lines"], "a refusal is written down too"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unmask": ["name"]}, "reason_missing"),
        ({"unmask": ["birth_date"], "reason": {"kind": "unmask", "text": "核对出生日期"}}, "unmask_not_granted"),
        ({"fields": ["death_date"]}, "field_not_granted"),
        ({"key": {"type": "plate", "value": "鲁CA1234"}}, "key_not_allowed"),
        ({"purpose": "means_test"}, "purpose_not_yours"),
    ],
)
def test_a_look_up_beyond_the_agreement_is_refused_by_name(window: Caller, changes: dict[str, Any], code: str):
    body = problem(window.post("look-up", person(**changes)), 403, ("refused",))
    assert code in [ground["code"] for ground in body["grounds"]]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer dt_wrong", "bearer", "dt_without_scheme"])
@pytest.mark.parametrize(("method", "path"), [("POST", "verify"), ("GET", "purposes")])
def test_a_key_that_is_none_is_refused(client: TestClient, header: str, method: str, path: str):
    answer = client.request(method, f"/api/v1/{path}", json=question() if method == "POST" else None, headers={"Authorization": header})
    problem(answer, 401, ("not-signed-in",))
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("registers/vehicles", {"purpose": "window_service"}, 422),
        ("registers/premises", {}, 422),
        ("registers/premises", {"purpose": "window_service", "limit": "0"}, 422),
        ("registers/premises", {"purpose": "window_service", "limit": "many"}, 422),
        ("registers/premises", {"purpose": "window_service", "limit": "501"}, 422),
        ("registers/premises", {"purpose": "window_service", "cursor": "made-up"}, 422),
        ("registers/premises", {"purpose": "window_service", "division": "somewhere"}, 422),
        ("registers/premises", {"purpose": "window_service", "owner_name": "张三"}, 422),
        ("registers/person", {"purpose": "window_service"}, 403),
        ("registers/premises", {"purpose": "window_service", "limit": "500"}, 403),
        ("changes", {"since": "-1"}, 422),
        ("changes", {"since": "yesterday"}, 422),
        ("changes", {"limit": "1001"}, 422),
        ("changes", {"since": "9223372036854775808"}, 422),
        ("changes", {"sinse": "1"}, 422),
        ("entitlements", {"porpoise": "window_service"}, 422),
    ],
)
def test_a_list_that_cannot_be_given_says_why(window: Caller, path: str, query: dict[str, str], status: int):
    body = problem(window.get(path, **query), status, ("bad-value", "refused"))
    assert "张三" not in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize(
    ("resource", "body", "status"),
    [
        ("market_enterprise", {"rows": []}, 422),
        ("market_enterprise", {}, 422),
        ("market_enterprise", {"rows": "none"}, 422),
        ("market_enterprise", {"rows": [["a"]]}, 422),
        ("police_household", {"rows": [{"姓名": "张三"}]}, 403),
        ("nothing_known", {"rows": [{"a": "b"}]}, 403),
        ("NO", {"rows": [{"a": "b"}]}, 422),
    ],
)
def test_a_push_that_cannot_be_taken_says_why(registrar: Caller, resource: str, body: Any, status: int):
    problem(registrar.post(f"resources/{resource}/records", body), status, ("bad-value", "forbidden", "bad-delivery"))


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/nothing", 404, "not-found"),
        ("GET", "/api/v1/verify", 405, "bad-method"),
        ("DELETE", "/api/v1/look-up", 405, "bad-method"),
        ("GET", "/api/problems/nothing", 404, "not-found"),
        ("GET", "/api/v1/ledger/tile/9/000", 422, "bad-value"),
        ("GET", "/api/v1/ledger/tile/0/x999/999", 404, "not-found"),
        ("GET", "/api/v1/ledger/tile/..%2f..%2fkeys%2fledger.key", 422, "bad-value"),
    ],
)
def test_an_address_that_is_none_is_a_problem_too(client: TestClient, method: str, path: str, status: int, kind: str):
    problem(client.request(method, path), status, (kind,))


def test_another_content_type_is_refused(registrar: Caller):
    headers = {**registrar.headers, "Content-Type": "text/plain"}
    problem(registrar.client.post("/api/v1/verify", content=json.dumps(question()), headers=headers), 415, ("bad-media-type",))


def test_a_body_that_is_too_large_is_refused(registrar: Caller):
    headers = {**registrar.headers, **JSON}
    problem(registrar.client.post("/api/v1/verify", content=b" " * 9_000_000, headers=headers), 413, ("too-large",))


def test_a_failure_inside_shows_a_reference_and_no_traceback(client: TestClient, city: SmallCity, store: Store):
    """The store is taken away under the application: what is answered must not tell how it is built."""
    safe = TestClient(client.app, raise_server_exceptions=False)
    with store.session() as session:
        session.run("ALTER TABLE api_key RENAME TO api_key_gone")
    try:
        answer = safe.get("/api/v1/purposes", headers={"Authorization": f"Bearer {city.keys['window']}"})
    finally:
        with store.session() as session:
            session.run("ALTER TABLE api_key_gone RENAME TO api_key")
    body = problem(answer, 500, ("broken",))
    assert body["reference"] and "sqlite" not in answer.text.lower() and "Traceback" not in answer.text


def test_every_kind_of_problem_has_its_page(client: TestClient):
    for slug, kind in KINDS.items():
        page = client.get(f"/api/problems/{slug}").json()
        assert (page["status"], page["title"]) == (kind.status, kind.en)


def test_the_description_covers_every_route_and_every_error_is_a_problem(client: TestClient):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for route in (*HOT, *API):
        path = route.path.replace("{path:path}", "{path}")
        operation = document["paths"][path][route.method.lower()]
        for status, answer in ((one, told) for one, told in operation["responses"].items() if int(one) >= 400):
            own = {"application/json"} if int(status) in getattr(route, "oauth", ()) else set()  # OAuth refuses in a form of its own
            assert answer["content"] and set(answer["content"]) <= {"application/problem+json", *own}, f"{path} {status}"
        if route.permission == "key":
            assert operation["security"], path
            assert "401" in operation["responses"], path
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_reference_of_the_description_exists(client: TestClient):
    document = client.get("/api/v1/openapi.json").json()
    text = json.dumps(document)
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in document["components"]["schemas"], name


def problem(answer, status: int | tuple[int, ...], kinds: tuple[str, ...]) -> dict[str, Any]:
    """The answer must be a well-formed problem of this status and one of these kinds."""
    wanted = (status,) if isinstance(status, int) else status
    assert answer.status_code in wanted, f"{answer.status_code}: {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] in {f"/api/problems/{kind}" for kind in kinds}, body
    assert body["status"] == answer.status_code and body["title"] and body["title_zh"] and body["detail"]
    assert "Traceback" not in answer.text and "/src/" not in answer.text
    return body


def test_an_address_is_read_into_parts_with_its_reasons(registrar: Caller):
    body = registrar.post("addresses/read", {"text": "淄博市张店区鸿泰家园3号楼2单元501室", "division": "370303"}).json()
    assert (body["parts"]["building"], body["parts"]["entrance"], body["parts"]["room"]) == ("3", "2", "501")
    assert body["verdict"] in ("exact", "vague", "unknown") and all(reason["zh"] and reason["en"] for reason in body["reasons"])


def test_an_address_is_placed_with_its_division_block_and_point(registrar: Caller):
    body = registrar.post("addresses/locate", {"text": "淄博市张店区鸿泰家园3号楼2单元501室", "division": "370303"}).json()
    assert set(body) == {
        *("parts", "verdict", "level", "code", "full_text", "rule", "reasons"),
        *("chain", "division", "block", "block_of", "point"),
    }
    problem(registrar.post("addresses/locate", {}), 422, ("bad-value",))
    problem(registrar.post("addresses/locate", {"text": "x", "code": HOME}), 422, ("bad-value",))
    problem(registrar.post("addresses/locate", {"code": "HZZZZZZZZZ"}), 404, ("not-found",))


def test_a_half_typed_address_is_completed(registrar: Caller):
    assert isinstance(registrar.post("addresses/suggest", {"text": "鸿泰"}).json(), list)


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "长" * 301}, {"text": "x", "division": "here"}, {"text": "x", "limit": 51}])
@pytest.mark.parametrize("path", ["addresses/read", "addresses/suggest"])
def test_an_address_that_is_none_is_named(registrar: Caller, path: str, body: dict[str, Any]):
    problem(registrar.post(path, body), 422, ("bad-value",))
