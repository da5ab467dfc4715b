"""A person signs in to somebody else's service with her account here: a real browser, a real other host, with and without scripts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, Visitor
from tests.browser.test_office_pages import judge
from tests.web.small_city import PASSWORD
from tests.web.test_identity import CHALLENGE

from datong.web import clock, identity

pytestmark = pytest.mark.browser


class Bus(BaseHTTPRequestHandler):
    """Another host: it shows what the browser came with."""

    def do_GET(self) -> None:
        """One page for everything."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"bus {self.path}".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def bus(served: Served) -> Iterator[str]:
    """The address answers go to."""
    server = HTTPServer(("127.0.0.1", 0), Bus)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    back = f"http://127.0.0.1:{server.server_port}/signed-in"
    with served.store.session() as session:
        identity.add_service(session, identity.NewService("bus-card", "公交卡服务", "transport", "citizen", (back,)), clock.now())
    yield back
    server.shutdown()
    with served.store.session() as session:
        for table in ("identity_service", "identity_request", "identity_agreed"):
            session.run(f"DELETE FROM {table}")


def authorize(back: str) -> str:
    wanted = {"client_id": "bus-card", "redirect_uri": back, "response_type": "code", "scope": "openid profile", "state": "s"}
    return "/identity/authorize?" + urlencode(wanted | {"code_challenge": CHALLENGE, "code_challenge_method": "S256"})


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_she_is_asked_agrees_and_is_back_at_the_service(visitor: Visitor, bus: str, served: Served) -> None:
    page = visitor.page
    with served.store.session() as session:
        session.run("DELETE FROM identity_agreed")
    visitor.go(authorize(bus))
    assert "/sign-in" in page.url
    page.fill("form[action='/sign-in'] input[name=account_id]:visible", "owner")
    page.fill("form[action='/sign-in'] input[name=password]:visible", PASSWORD)
    page.click("form[action='/sign-in'] button.btn-primary")
    page.wait_for_url("**/identity/ask/*")
    judge(visitor, "identity")
    page.click("button[value=agree]")
    page.wait_for_url("**/signed-in?*")
    assert "code=" in page.inner_text("body") and "state=s" in page.inner_text("body")
    visitor.go("/me/identity")
    judge(visitor, "identity-mine")
    assert "公交卡服务" in page.inner_text("main")
    page.goto(visitor.address + authorize(bus))
    page.wait_for_url(f"{bus}?*")  # the second time she is back at once


@pytest.mark.parametrize("before", [False, True], ids=["says no", "agreed before"])
def test_it_needs_no_script(browser: Browser, served: Served, bus: str, before: bool) -> None:
    with served.store.session() as session:
        session.run("DELETE FROM identity_agreed")
        if before:
            add = "INSERT INTO identity_agreed (account_id, service_id, scope, at) VALUES ('owner', 'bus-card', 'openid profile', '')"
            session.run(add)
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(served.address + authorize(bus))
    page.fill("form[action='/sign-in'] input[name=account_id]:visible", "owner")
    page.fill("form[action='/sign-in'] input[name=password]:visible", PASSWORD)
    page.click("form[action='/sign-in'] button.btn-primary")
    if not before:
        page.click("button[value=refuse]")
    page.wait_for_url("**/signed-in?*")
    assert ("code=" if before else "error=access_denied") in page.inner_text("body")
    context.close()
