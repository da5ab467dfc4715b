"""The addresses of the one sign-in for other services: pages, and what services ask directly. `routes.py` joins them to the one table."""

from __future__ import annotations

from datong.web.api_routes import Plain
from datong.web.door import Page
from datong.web.identity import doors
from datong.web.pages import counter, identity

IDENTITY_PAGES: tuple[Page, ...] = (
    Page("GET", "/identity/authorize", identity.begin, "public"),
    Page("GET", "/identity/ask/{asked_id}", identity.show, "public"),
    Page("POST", "/identity/ask/{asked_id}", identity.answer, "public"),
    Page("GET", "/me/identity", identity.mine, "citizen.home"),
    Page("POST", "/me/identity/{system_id}", identity.withdraw, "citizen.home"),
    Page("POST", "/office/counter-systems/{system_id}", counter.open_system, "cases.counter"),
    Page("POST", "/office/cases/{case_id}/open/{system_id}", identity.open_system, "cases.work"),
)
IDENTITY_DOORS: tuple[Plain, ...] = (
    Plain("GET", "/.well-known/openid-configuration", doors.make_discovery, "public"),
    Plain("GET", "/identity/keys", doors.make_keys, "public"),
    Plain("POST", "/identity/token", doors.make_token, "public"),
    Plain("GET", "/identity/userinfo", doors.make_userinfo, "public"),
)
"""Of these, the token and who it stands for are opened by a secret that the function itself checks."""
