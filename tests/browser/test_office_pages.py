"""Every office page, wide and on a phone: no accessibility fault, no complaint of the browser, nothing wider than the window."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.browser.conftest import SIZES, Visitor
from tests.web.small_city import FIRM, HOME, MARK, OWNER, OWNER_ID, SHOP, TITLE_NO

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("DATONG_SHOTS")
"""A folder: screenshots of every page are put there, to be looked at."""

PAGES = {
    "clerk": (
        "/office",
        "/office/purpose",
        "/office/find",
        "/office/verify",
        "/office/address",
        "/office/address/read",
        "/office/disputes",
        f"/office/subject/{OWNER}",
        f"/office/subject/{HOME}",
        f"/office/subject/{FIRM}",
        f"/office/subject/{HOME}/wrong?field=area",
        "/office/licence-check",
        "/office/licences",
        "/office/find?lang=en",
        "/office/find?elder=1&lang=zh",
    ),
    "steward": (
        "/office",
        "/office/disputes",
        "/office/deliveries",
        "/office/conflicts",
        "/office/problems",
        f"/office/problems/{MARK}",
        "/office/problems?light=red&state=all&lang=en",
        "/office/quality",
        "/office/changes",
        "/office/index",
    ),
    "grid": ("/office/problems", "/office/checks"),
    "registrar": (f"/office/subject/{HOME}", f"/office/subject/{SHOP}/registrations"),
    "auditor": ("/office", "/office/looks", "/office/ledger"),
    "leader": ("/office", "/office/area", "/office/quality"),
}
PURPOSES = {"clerk": "window_service", "registrar": "address_at_registration", "steward": "data_steward_review"}


def judge(visitor: Visitor, name: str) -> None:
    """The page as it stands must be without fault."""
    if SHOTS:
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
    assert visitor.faults() == [], name
    assert visitor.overflow() <= 0, f"{name} is wider than its window"


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_the_sign_in_page_is_without_fault(visitor: Visitor):
    visitor.go("/sign-in")
    judge(visitor, f"sign-in-{visitor.page.viewport_size['width']}")


@pytest.mark.parametrize("account", PAGES)
@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_office_pages_are_without_fault(visitor: Visitor, account: str):
    visitor.sign_in(account)
    if account in PURPOSES:
        visitor.choose_purpose(PURPOSES[account])
    for path in PAGES[account]:
        visitor.go(path)
        name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
        judge(visitor, f"{account}-{name}-{visitor.page.viewport_size['width']}")


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_a_found_person_a_verdict_and_a_refusal_are_without_fault(visitor: Visitor):
    width = visitor.page.viewport_size["width"]
    visitor.sign_in("clerk")
    visitor.choose_purpose("window_service")
    visitor.go("/office/find")
    visitor.page.fill("#f-key", OWNER_ID)
    visitor.page.click("main form button.btn-primary")
    assert OWNER_ID not in visitor.page.url
    judge(visitor, f"clerk-found-{width}")
    visitor.page.locator("#fact-name summary").click()
    visitor.page.fill("#reason-name", "核对当事人姓名")
    visitor.page.locator("#fact-name button").click()
    visitor.page.wait_for_selector("#fact-name >> text=张三")
    judge(visitor, f"clerk-unmasked-{width}")
    visitor.go("/office/verify")
    visitor.page.fill("#f-premises", TITLE_NO)
    visitor.page.fill("#f-applicant_citizen_id", OWNER_ID)
    visitor.page.click("main form button.btn-primary")
    judge(visitor, f"clerk-verified-{width}")
    visitor.go("/office/find")
    visitor.page.fill("#f-key", "鲁C00000")
    visitor.page.click("main form button.btn-primary")
    judge(visitor, f"clerk-refused-{width}")
