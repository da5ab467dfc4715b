"""Every operation of the API answers only as its document says, whatever is sent: no 5xx, no other status, content type or shape.

What is sent is made from the OpenAPI document itself, once such as fits it and once such as does not. Each operation is then asked for
something that is there, so that answers are judged beside refusals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.open_city import know_the_firm, open_the_firm
from tests.web.small_city import ADDRESS, CREDIT_CODE, NOW, OWNER, OWNER_ID, TENANT_ID, TITLE_NO, fill
from tests.web.test_push import ROW

from datong import ledger, licences, services, share
from datong.domain.access import Actor, Key, Reason
from datong.settings import load_settings
from datong.store import Session, migrate, open_store
from datong.web import NewKey, create_api_key, create_app
from datong.web.accounts import find_actor, key_actor
from datong.web.routes import API, HOT

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
    ignored_auth,
]
EXAMPLES = 20
OPERATIONS = sorted((route.method, route.path.replace(":path}", "}")) for route in (*HOT, *API))
FORM_BODIES = ("/api/v1/openid/token", "/api/v1/openid/responses/{number}")
KEYS = {
    "market_regulation": ("gate_registrar_system",),
    "approval": (
        *("approval_window_person", "approval_window_premises", "approval_window_organisation"),
        *("catering_person", "catering_premises", "catering_business"),
    ),
    "statistics": ("statistics_person", "statistics_premises"),
    "civil_affairs": ("means_test_person",),
}
HOLDERS = {"consent-requests": "civil_affairs", "extracts": "statistics", "resources": "market_regulation", "verify": "market_regulation"}
"""A part of an operation's address → whose key asks; the windows' else."""
CASE = {"kind": "case", "reference": "救2026-1"}
OWNER_KEY = {"type": "citizen_id", "value": OWNER_ID}
HOME_KEY, CLAIM = {"type": "title_no", "value": TITLE_NO}, {"applicant_citizen_id": OWNER_ID}
CHECKING = {"purpose": "gate_registration", "register": "premises"}
ANSWERS = {"tobacco": "no", "sign": "no", "own": "yes"}
SHOP = {"credit_code": CREDIT_CODE, "firm": "某店", "premises": TITLE_NO, "address": ADDRESS, "phone": "13800000001", "shop_name": "某店"}
FORM = {**SHOP, "area": "80", "dishes": "hot", "seats": "20"}
VCT = "https://datong.example/city/licence-types/disability_card"
QUERY = {"credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}}]}
BODIES: dict[str, Any] = {
    "/api/v1/cases": {
        "service": "restaurant_opening",
        "applicant": OWNER_KEY,
        "answers": ANSWERS,
        "form": FORM,
        "documents": {"layout": "平面图"},
    },
    "/api/v1/cases/{case_id}/acts": {"act": "urge"},
    "/api/v1/verify": {**CHECKING, "key": HOME_KEY, "claims": CLAIM},
    "/api/v1/verify/batch": {**CHECKING, "rows": [{"key": HOME_KEY, "claims": CLAIM}]},
    "/api/v1/look-up": {"purpose": "window_service", "register": "person", "key": OWNER_KEY},
    "/api/v1/addresses/suggest": {"text": "鸿泰家园"},
    "/api/v1/addresses/read": {"text": ADDRESS},
    "/api/v1/addresses/locate": {"text": ADDRESS},
    "/api/v1/extracts": {"purpose": "statistics", "register": "person", "fields": ["sex"], "reason": "第七次人口统计"},
    "/api/v1/subscriptions": {"url": "https://receiver.example.org/changes"},
    "/api/v1/consent-requests": {"purpose": "means_test", "key": OWNER_KEY, "reason": CASE},
    "/api/v1/resources/{resource}/records": {"rows": [ROW]},
    "/api/v1/licences": {"licences": [{"reference": "1", "type": "disability_card", "holder": OWNER, "facts": {"level": "二级"}}]},
    "/api/v1/licences/{licence_id}/acts": {"reference": "2", "act": "suspend", "reason": "复查"},
    "/api/v1/openid/nonce": None,
    "/api/v1/openid/credential": {"credential_configuration_id": "disability_card", "proofs": {"jwt": ["a.b.c"]}},
    "/api/v1/openid/requests": {"purpose": "购票", "dcql_query": QUERY},
    "/api/v1/openid/responses/{number}": {"vp_token": '{"a": ["x~"]}'},
    "/api/v1/province/look-up": {"code": "370000/104005", "purpose": "window_service", "key": OWNER_KEY},
}
ELSEWHERE = {
    "/api/v1/province/look-up": 404,  # nobody here has agreed with the province
    "/api/v1/licences": 403,  # these three by signed requests alone: tests/web/test_licence_orders.py
    "/api/v1/licences/{licence_id}": 403,
    "/api/v1/licences/{licence_id}/acts": 403,
    "/api/v1/openid/credential": 401,  # a wallet's further steps are walked in tests/licences/test_openid.py
    "/api/v1/openid/responses/{number}": 400,
}
"""What is refused although the address leads somewhere, and by which status."""


@dataclass(frozen=True)
class Described:
    """The API by its document, and what stands in the city that answers it."""

    schema: Any
    secrets: dict[str, str]
    there: dict[str, str]
    """Name of a part of an address → a value that leads somewhere."""

    def headers(self, path: str) -> dict[str, str]:
        """The key that asks at an address."""
        holder = next((who for part, who in HOLDERS.items() if f"/{part}" in path), "approval")
        return {"Authorization": f"Bearer {self.secrets[holder]}"}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """A small city of its own with systems, an approved extract, a subscription, a request for consent and a published ledger."""
    settings = load_settings(tmp_path_factory.mktemp("asked"), {}, demo="1", rate_per_minute="1000000")
    store = open_store(settings)
    migrate(store)
    fill(store, settings)
    with store.session() as session:
        secrets = {
            name: create_api_key(session, NewKey(name, name, agreements, ("market_enterprise",)), NOW) for name, agreements in KEYS.items()
        }
        there = {"register": "premises", "slug": "busy", "resource": "market_enterprise", **_standing(session, secrets)}
        there |= _wallet(session, secrets)
        know_the_firm(session)
        there |= {"dataset": open_the_firm(session), "form": "csv"}
        ledger.publish(session, ledger.load_signer(settings.home), settings.home / "ledger", NOW)
        there["line_id"] = ledger.lines_by(session, department="approval", limit=1).lines[0].line_id
    tile = next(one for one in (settings.home / "ledger" / "tile").rglob("*") if one.is_file())
    there["path"] = tile.relative_to(settings.home / "ledger" / "tile").as_posix()
    yield Described(schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(settings, store)), secrets, there)
    store.close()


def _standing(session: Session, secrets: dict[str, str]) -> dict[str, str]:
    """The numbers of what the systems asked for before."""
    statistics, windows, relief = (key_actor(session, secrets[one]) for one in ("statistics", "approval", "civil_affairs"))
    keeper = find_actor(session, "keeper")
    assert statistics and windows and relief and keeper
    extract = share.doors.ask_extract(
        session, statistics, share.doors.WantedExtract("statistics", "person", ("sex",), (), "第七次人口统计", "csv")
    )
    consent = share.ask_consent(
        session, relief, share.WantedConsent("means_test", Key("citizen_id", TENANT_ID), reason=Reason("case", "救2026-2"))
    )
    assert extract.extract and consent.request
    share.doors.decide_extract(session, keeper, extract.extract.extract_id, True, "")
    told = share.doors.subscribe(session, windows, "https://receiver.example.org/changes")
    wanted = services.NewCase("restaurant_opening", Key("citizen_id", OWNER_ID), ANSWERS, FORM, {"layout": "平面图"})
    begun = services.begin(session, windows, wanted, now=datetime.now(UTC))
    return {
        "case_id": begun.case.case_id, "service": "restaurant_opening","extract_id": extract.extract.extract_id, "request_id": consent.request.request_id, "subscription_id": told.subscription_id,
    }  # fmt: skip


def _wallet(session: Session, secrets: dict[str, str]) -> dict[str, str]:
    """A licence with its list, an offer of it to another wallet, and a request to show one."""
    now = datetime.now(UTC)
    issuer = Actor("federation", "", "officer", "disabled_federation", roles=frozenset({"officer"}))
    owner = Actor("owner", "", "citizen", roles=frozenset({"citizen"}), subject=OWNER)
    facts = {"holder_name": "张三", "citizen_id": OWNER_ID, "kind": "听力", "level": "三级", "number": "1"}
    made = licences.issue(session, issuer, licences.NewLicence("disability_card", OWNER, facts), now=now)
    offer = licences.openid_offer(session, owner, made.licence_id, now=now)
    grants = json.loads(unquote(offer.uri.partition("=")[2]))["grants"]
    ((grant, said),) = grants.items()
    windows = key_actor(session, secrets["approval"])
    assert windows
    asked = licences.openid_ask(session, windows, QUERY, "购票", now=now)
    BODIES["/api/v1/openid/token"] = {"grant_type": grant, "pre-authorized_code": said["pre-authorized_code"], "tx_code": offer.pin}
    return {"licence_id": made.licence_id, "list_id": f"{made.type}-0", "number": asked["request_id"]}


@pytest.mark.slow
@pytest.mark.parametrize("kind", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfit"])
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if "{path}" not in one[1]], ids=" ".join)
def test_it_answers_only_as_described(described: Described, operation: tuple[str, str], kind: GenerationMode):
    """A tile is left out: its place holds slashes, which no generated part of an address does."""
    method, path = operation

    @given(case=described.schema[path][method].as_strategy(generation_mode=kind))
    @pace(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def judge(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=described.headers(path), timeout=60)

    try:
        judge()
    except Unsatisfiable:
        assert kind is GenerationMode.NEGATIVE, "nothing fits the description"


@pytest.mark.parametrize("operation", sorted(OPERATIONS, key=lambda one: one[0] == "DELETE"), ids=" ".join)
def test_what_is_there_is_answered_as_described(described: Described, operation: tuple[str, str]):
    method, path = operation
    parts = {name: described.there[name] for name in re.findall(r"{(\w+)}", path)}
    query: dict[str, Any] = {"purpose": "window_service"} if "{register}" in path else {"agree": 1} if "{dataset}/" in path else {}
    sent = BODIES[path] if method == "POST" else None
    media = "application/x-www-form-urlencoded" if path in FORM_BODIES else "application/json"
    body = {"body": sent, "media_type": media} if sent is not None else {}
    case = described.schema[path][method].Case(path_parameters=parts, query=query, **body)
    answer = case.call_and_validate(checks=CHECKS, headers=described.headers(path), timeout=60)
    assert answer.status_code in ((ELSEWHERE[path],) if path in ELSEWHERE else (200, 201, 204)), answer.text


def test_the_document_names_every_operation(described: Described):
    asked = {(one.ok().method.upper(), one.ok().path) for one in described.schema.get_all_operations()}
    assert sorted(asked) == OPERATIONS
