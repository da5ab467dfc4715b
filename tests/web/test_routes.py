"""The table of routes: every address names a permission that exists, and asks for it."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import sign_in

from datong import share
from datong.store import Store
from datong.web.accounts import find_actor
from datong.web.api_routes import Api
from datong.web.door import Page
from datong.web.permissions import KEY, PUBLIC, SIGNED_IN, WITHOUT_ROLE
from datong.web.routes import PAGES, ROUTES

OPEN = {
    "/verify-licence",
    "/api/v1/licences/keys",
    "/api/v1/licences/statuses",
    "/api/v1/licences/statuses/{list_id}",
    "/.well-known/openid-credential-issuer",
    "/.well-known/jwt-vc-issuer",
    "/api/v1/openid/token",
    "/api/v1/openid/nonce",
    "/api/v1/openid/credential",
    "/api/v1/openid/requests/{number}",
    "/api/v1/openid/responses/{number}",
    "/verify-signature",
    "/identity/authorize",
    "/identity/ask/{asked_id}",
    "/identity/token",
    "/identity/userinfo",
    "/identity/keys",
    "/.well-known/openid-configuration",
    "/progress",
    "/services",
    "/services/{service}",
    "/",
    "/sign-in",
    "/sign-out",
    "/api/v1/keys",
    "/api/v1/ledger/checkpoint",
    "/api/v1/ledger/tile/{path:path}",
    "/api/problems/{slug}",
    "/api/health",
    "/open",
    "/open/catalogue.jsonld",
    "/open/wishes",
    "/open/data/{dataset}",
    "/open/data/{dataset}/files/{form}",
    "/open/data/{dataset}/wrong",
    "/api/v1/open/datasets",
    "/api/v1/open/datasets/{dataset}",
    "/api/v1/open/datasets/{dataset}/files/{form}",
    "/api/v1/open/datasets/{dataset}/rows",
    "/api/v1/open/catalogue",
}
"""What is open to everybody, on purpose."""


def address(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "x", path)


def test_only_the_named_addresses_are_public():
    assert {route.path for route in ROUTES if route.permission == PUBLIC} == OPEN


def test_every_permission_is_given_by_some_role_of_the_packs(store: Store):
    with store.session(read_only=True) as session:
        known = {word for role in share.installed(session).roles.values() for word in role.may}
    for route in ROUTES:
        assert route.permission in known or route.permission in WITHOUT_ROLE, f"{route.path} wants {route.permission}: no role has it"


def test_every_call_of_the_api_has_a_name_of_its_own():
    names = [route.do.__name__ for route in ROUTES if isinstance(route, Api)]
    assert len(names) == len(set(names)), "generated clients would lose one of two calls of one name"


def test_no_address_is_listed_twice():
    listed = [(route.method, route.path) for route in ROUTES]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("page", [page for page in PAGES if page.permission != PUBLIC], ids=lambda page: f"{page.method} {page.path}")
def test_a_stranger_is_sent_to_sign_in(client: TestClient, page: Page):
    answer = client.request(page.method, address(page.path))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.permission == KEY], ids=lambda route: f"{route.method} {route.path}")
def test_a_system_without_a_key_is_refused(client: TestClient, route):
    answer = client.request(route.method, address(route.path), json={})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("account", ["clerk", "steward", "auditor", "leader", "owner"])
def test_nobody_opens_a_page_her_post_does_not_have(client: TestClient, store: Store, account: str):
    sign_in(client, account)
    with store.session(read_only=True) as session:
        actor = find_actor(session, account)
        assert actor is not None
        may = share.permissions(session, actor) | {PUBLIC, SIGNED_IN}
    for page in PAGES:
        if page.method == "GET" and page.permission not in may:
            assert client.get(address(page.path)).status_code == 403, page.path
