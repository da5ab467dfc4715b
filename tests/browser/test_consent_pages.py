"""Consent asked for at the counter and answered on the phone: the pages at both widths, without fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, Visitor, visiting
from tests.web.small_city import ACCOUNTS, OWNER_ID, TENANT_ID

from datong import share
from datong.domain.access import Actor, Key, Reason
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


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_what_waits_on_the_phone_is_given_with_its_sensitive_part_and_withdrawn(visitor: Visitor, served: Served):
    asker = officer(served)
    fields = (
        ("name", "phone", "disability_level")
        if visitor.page.viewport_size == {"width": 390, "height": 844}
        else ("name", "disability_level")
    )
    wanted = share.WantedConsent("means_test", Key("citizen_id", TENANT_ID), once=False, fields=fields, reason=Reason("case", "救2026-18"))
    with served.store.session() as session:
        made = share.ask_consent(session, asker, wanted).request
    assert made is not None
    visitor.sign_in("tenant")
    visitor.go("/me/consents")
    visitor.page.wait_for_selector(f"#ask-{made.request_id}")
    judge(visitor, "a request waits")
    form = visitor.page.locator(f"form[action='/me/consents/requests/{made.request_id}']")
    form.locator("input[name=separate]").check()
    form.locator("button[value=give]").click()
    visitor.page.wait_for_url("**/me/consents?done=consented")
    assert visitor.page.locator(f"#ask-{made.request_id}").count() == 0
    judge(visitor, "given")
    before = visitor.page.locator("form[action$='/withdraw']").count()
    visitor.page.locator("form[action$='/withdraw'] button").first.click()
    visitor.page.wait_for_url("**/me/consents?done=withdrawn")
    assert visitor.page.locator("form[action$='/withdraw']").count() == before - 1
    judge(visitor, "withdrawn")
    visitor.go("/me/consents?lang=en")
    judge(visitor, "in English")


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_a_mandate_is_sent_accepted_and_ended_at_both_widths(visitor: Visitor, browser: Browser, served: Served):
    visitor.sign_in("owner")
    visitor.go("/me/mandates")
    judge(visitor, "the form")
    visitor.page.fill("#f-name", "李四")
    visitor.page.fill("#f-citizen_id", TENANT_ID)
    visitor.page.fill("#f-until", (datetime.now(UTC).date() + timedelta(days=30)).isoformat())
    visitor.page.click("form[action='/me/mandates'] button.btn-primary")
    visitor.page.wait_for_url("**/me/mandates?done=mandate-offered")
    with visiting(browser, served.address, "phone") as agent:
        agent.sign_in("tenant")
        agent.go("/me/mandates")
        judge(agent, "a mandate waits")
        agent.page.click("button[value=accept]")
        agent.page.wait_for_url("**/me/mandates?done=decided")
        judge(agent, "accepted")
    visitor.go("/me/mandates")
    judge(visitor, "in force")
    visitor.page.locator("form[action^='/me/mandates/M'] button").first.click()
    visitor.page.wait_for_url("**/me/mandates?done=mandate-ended")


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_the_page_of_guardians_is_without_fault(visitor: Visitor, served: Served):
    visitor.sign_in("steward")
    visitor.go("/office/guardians")
    for name, text in (("ward_name", "李四"), ("ward_id", TENANT_ID), ("guardian_name", "张三"), ("guardian_id", OWNER_ID)):
        visitor.page.fill(f"#f-{name}", text)
    visitor.page.fill("#f-paper", "（2026）鲁0303民特12号")
    visitor.page.fill("#f-until", (datetime.now(UTC).date() + timedelta(days=300)).isoformat())
    visitor.page.click("form[action='/office/guardians'] button.btn-primary")
    visitor.page.wait_for_url("**/office/guardians?done=guardian-entered")
    judge(visitor, "entered")
    visitor.go("/office/guardians?lang=en")
    judge(visitor, "in English")
