"""Consent asked for at the counter: the page at both widths, without fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.browser.conftest import SIZES, Served, Visitor
from tests.web.small_city import ACCOUNTS, OWNER_ID

from datong.domain.access import Actor
from datong.web import create_account
from datong.web.accounts import find_actor

pytestmark = pytest.mark.browser


def officer(served: Served) -> Actor:
    with served.store.session() as session:
        if find_actor(session, "relief") is None:
            clerk = next(one for one in ACCOUNTS if one.account_id == "registrar")
            create_account(session, replace(clerk, account_id="relief", department="civil_affairs", demo_note=""))
        actor = find_actor(session, "relief")
    assert actor is not None
    return actor


def judge(visitor: Visitor, name: str) -> None:
    assert visitor.faults() == [], name
    assert visitor.overflow() <= 0, f"{name} is wider than its window"


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_the_counters_page_is_without_fault(visitor: Visitor, served: Served):
    officer(served)
    visitor.sign_in("relief")
    visitor.go("/office/purpose")
    visitor.page.fill("#reason-means_test", "低保核对 2026-17")
    visitor.page.click("form:has(#reason-means_test) button.choice")
    visitor.go("/office/consents")
    judge(visitor, "the form")
    visitor.page.fill("#f-key", OWNER_ID)
    visitor.page.click("form[action='/office/consents'] button.btn-primary")
    visitor.page.wait_for_load_state()
    assert visitor.page.locator("li.ledger-line").count() >= 1, visitor.page.inner_text("main")
    judge(visitor, "what was asked")
    visitor.go("/office/consents?lang=en")
    judge(visitor, "in English")
