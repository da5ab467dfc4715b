"""What tests of the citizen's pages do again and again."""

from __future__ import annotations

import re

from starlette.testclient import TestClient
from tests.web.conftest import send, words
from tests.web.small_city import HOME

from datong.store import Store


def make_pass(owner: TestClient, purpose: str = "window_service", once: str = "1", lasts: str = "30m") -> tuple[str, str, str]:
    """A pass of HOME: its secret, its number and the address of the page that shows it."""
    answer = send(owner, f"/me/homes/{HOME}/pass", f"/me/homes/{HOME}/pass", purpose=purpose, lasts=lasts, once=once)
    assert answer.status_code == 303, words(answer.text)
    page = owner.get(answer.headers["location"])
    found = re.search(r'<code id="pass-typed">([^<]+)</code>', page.text)
    assert found, words(page.text)
    number = re.search(r"R\d{8}-\d{4}", page.text)
    assert number
    return found[1].replace(" ", ""), number[0], answer.headers["location"]


def clerk_checks(clerk: TestClient, key: str, **claims: str) -> str:
    answer = send(clerk, "/office/verify", "/office/verify", premises=key, **claims)
    return words(clerk.get(answer.headers["location"]).text)


def settle_all(store: Store) -> None:
    """Take the marks of a test away again, for the tests that share the city."""
    with store.session() as session:
        session.run("UPDATE mark SET state = 'settled' WHERE kind = 'under_investigation'")
        session.run("UPDATE share_dispute SET state = 'upheld' WHERE state IN ('raised', 'checking')")
