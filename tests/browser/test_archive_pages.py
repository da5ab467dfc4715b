"""The pages of electronic archives wide and on a phone, without fault; opened without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, visiting
from tests.browser.test_office_pages import judge
from tests.web.archived import file_one
from tests.web.small_city import PASSWORD

from datong.web import NewAccount, create_account

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def archive(served: Served) -> str:
    with served.store.session() as session:
        for role in ("archivist", "leader"):
            create_account(session, NewAccount(f"approval_{role}", PASSWORD, "某人", "officer", "approval", "一科", (role,), ("",)))
        return file_one(session)["archive_id"]


@pytest.mark.parametrize("size", SIZES)
def test_archives_are_found_opened_and_decided_on_without_fault(browser: Browser, served: Served, archive: str, size: str):
    with visiting(browser, served.address, size) as visitor:
        visitor.sign_in("approval_archivist")
        visitor.go("/office/archives")
        judge(visitor, f"archives-{size}")
        visitor.go(f"/office/archives/{archive}?lang=en")
        judge(visitor, f"archive-closed-{size}")
        visitor.page.fill("input[name=reason]", "consulted for a review")
        visitor.page.locator("button[value=open]").press("Enter")
        visitor.page.wait_for_selector("text=events.json")
        judge(visitor, f"archive-open-{size}")
    with visiting(browser, served.address, size) as visitor:
        visitor.sign_in("approval_leader")
        visitor.go("/office/archives")
        judge(visitor, f"archives-leader-{size}")
