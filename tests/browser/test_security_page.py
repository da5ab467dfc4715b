"""The page of security at both widths: without fault, and a stop made and lifted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, Visitor, visiting
from tests.browser.test_office_pages import judge
from tests.web.small_city import ACCOUNTS

from datong.web import create_account
from datong.web.accounts import find_actor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def duty(served: Served) -> None:
    """Two people on duty."""
    with served.store.session() as session:
        one = next(one for one in ACCOUNTS if one.account_id == "auditor")
        for name in ("duty", "duty2"):
            if find_actor(session, name) is None:
                create_account(session, replace(one, account_id=name, name="值守", roles=("security_officer",), demo_note=""))


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
@pytest.mark.usefixtures("duty")
def test_a_stop_is_made_and_another_person_lifts_it(visitor: Visitor, browser: Browser, served: Served):
    visitor.sign_in("duty")
    visitor.go("/office/security")
    judge(visitor, "security")
    visitor.page.check("input[name=scope][value=purpose]")
    visitor.page.select_option("#f-purpose", "tax_service")
    visitor.page.fill("#f-reason", "演练：密钥疑似外泄")
    visitor.page.click("form[action='/office/security'] button")
    visitor.page.wait_for_url("**/office/security?done=stopped")
    judge(visitor, "stopped")
    with visiting(browser, served.address, "phone") as other:
        other.sign_in("duty2")
        other.go("/office/security?lang=en")
        judge(other, "in English")
        form = other.page.locator("form[action^='/office/security/T']").first
        form.locator("input[name=reason]").fill("演练结束，恢复")
        form.locator("button").click()
        other.page.wait_for_url("**/office/security?done=lifted")
