"""Every citizen's page, on a phone and wide, in both text sizes: no accessibility fault, no complaint of the browser,
nothing wider than the window; the whole way by keyboard, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.conftest import SIZES, Served, Visitor
from tests.browser.test_office_pages import judge
from tests.web.small_city import FIRM, HOME, OWNER, PASSWORD, SHOP, TENANT_ID, TITLE_NO

pytestmark = pytest.mark.browser
PAGES = (
    "/me",
    "/me/homes",
    f"/me/homes/{HOME}",
    f"/me/homes/{HOME}/pass",
    f"/me/homes/{HOME}/wrong?field=area",
    f"/me/homes/{SHOP}",
    "/me/claim",
    "/me/passes",
    "/me/verify",
    "/me/data",
    "/me/data/wrong?field=phone",
    "/me/data/copy",
    f"/me/companies/{FIRM}",
    "/me/looked",
    "/me/reports",
    "/me/messages",
    "/me/consents",
    "/me/mandates",
    "/me/licences",
    "/me/licences/uses",
    "/me/licences/agreed",
    "/me/signatures",
    "/verify-licence",
    "/verify-signature",
    "/me/settings",
)
ELDER = ("/me", f"/me/homes/{HOME}", f"/me/homes/{HOME}/pass", "/me/looked", "/me/verify", "/me/data", "/me/passes")
SECRET = "#pass-typed"


def new_pass(page: Page, address: str) -> str:
    """Make a pass of the flat on its page; its secret."""
    page.goto(f"{address}/me/homes/{HOME}/pass")
    page.check("input[name=purpose][value=window_service]")
    page.click("main form button.btn-primary")
    page.wait_for_selector(SECRET)
    return page.inner_text(SECRET).replace(" ", "")


def clerk_uses(visitor: Visitor, browser: Browser, secret: str) -> None:
    """A clerk verifies the flat by the pass, at her own browser."""
    context = browser.new_context(locale="zh-CN")
    clerk = Visitor(context.new_page(), visitor.address, [])
    clerk.sign_in("clerk")
    clerk.choose_purpose("window_service")
    clerk.go("/office/verify")
    clerk.page.fill("#f-premises", f"datong:pass:{secret}")
    clerk.page.fill("#f-applicant_citizen_id", TENANT_ID)
    clerk.page.click("main form button.btn-primary")
    assert "一致" in clerk.page.inner_text(".verdict")
    clerk.go(f"/office/subject/{OWNER}")
    context.close()


def shot(path: str, width: int, more: str = "") -> str:
    name = re.sub(r"[/?=]", "-", path.strip("/")).replace(HOME, "home").replace(SHOP, "shop").replace(FIRM, "firm")
    return f"citizen-{name}{more}-{width}"


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_a_citizens_pages_are_without_fault(visitor: Visitor, browser: Browser):
    width = visitor.page.viewport_size["width"]
    visitor.sign_in("owner")
    clerk_uses(visitor, browser, new_pass(visitor.page, visitor.address))
    for path in PAGES:
        visitor.go(path)
        judge(visitor, shot(path, width))
    visitor.go("/me/looked?lang=en")
    judge(visitor, shot("/me/looked", width, "-en"))


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_large_text_is_without_fault_and_its_targets_are_large(visitor: Visitor):
    width = visitor.page.viewport_size["width"]
    visitor.sign_in("owner")
    visitor.go("/me/settings?elder=1")
    for path in ELDER:
        visitor.go(path)
        judge(visitor, shot(path, width, "-elder"))
        small = visitor.page.evaluate(
            "() => [...document.querySelectorAll('main button, main .btn, main .form-control, main .pick, .tabs a')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 59.5).map(e => e.outerHTML.slice(0, 90))"
        )
        assert small == [], path


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_what_comes_after_a_form_is_without_fault(visitor: Visitor, browser: Browser):
    width = visitor.page.viewport_size["width"]
    visitor.sign_in("owner")
    secret = new_pass(visitor.page, visitor.address)
    assert secret not in visitor.page.url
    assert "分" in visitor.page.inner_text("[data-until]")
    judge(visitor, f"citizen-pass-{width}")
    clerk_uses(visitor, browser, secret)
    for path, key, name in (("/me/verify", secret, "verified-used"), ("/me/verify", HOME, "verified"), ("/me/claim", TITLE_NO, "claimed")):
        visitor.go(path)
        visitor.page.fill("#f-key", key)
        visitor.page.click("main form button.btn-primary")
        visitor.page.wait_for_selector(".verdict")
        judge(visitor, f"citizen-{name}-{width}")
    visitor.go("/me")
    visitor.page.click("text=不是我同意的 >> nth=0")
    judge(visitor, f"citizen-object-{width}")
    visitor.page.click("main form button.btn-primary")
    judge(visitor, f"citizen-report-{width}")
    visitor.go(f"/me/looked?home={HOME}")
    visitor.page.click(".look-ask a >> nth=0")
    judge(visitor, f"citizen-ask-{width}")
    visitor.go("/me/reports")
    judge(visitor, f"citizen-reports-{width}")


@pytest.mark.parametrize("visitor", ["phone"], indirect=True)
def test_at_320_pixels_nothing_is_cut_off(visitor: Visitor):
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    visitor.sign_in("owner")
    for path in PAGES:
        visitor.go(path)
        assert visitor.overflow() <= 0, path


@pytest.mark.parametrize("visitor", ["phone"], indirect=True)
def test_a_pass_is_made_by_keyboard_alone(visitor: Visitor):
    visitor.sign_in("owner")
    visitor.go(f"/me/homes/{HOME}/pass")
    page = visitor.page
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for name in ("purpose", "lasts", "once"):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.name") == name
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(SECRET)
    assert "可多次使用" in page.inner_text(".pass-purpose")
    assert page.locator(".qr-frame svg").bounding_box()["width"] > 150


@pytest.mark.parametrize("visitor", ["phone"], indirect=True)
def test_the_code_at_the_door_is_copied(visitor: Visitor):
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.sign_in("owner")
    visitor.go(f"/me/homes/{HOME}")
    visitor.page.click("[data-copy]")
    visitor.page.wait_for_selector("text=已复制")
    assert visitor.page.evaluate("() => navigator.clipboard.readText()").replace("-", "") == HOME


def test_the_whole_way_without_scripts(browser: Browser, served: Served):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(served.address + "/sign-in")
    page.locator("input[name=account_id]:visible").first.fill("owner")
    page.locator("input[name=password]:visible").first.fill(PASSWORD)
    page.locator("form[action='/sign-in'] button.btn-primary").first.click()
    page.goto(served.address + "/me/claim")
    page.locator("#f-key").fill(TITLE_NO)
    page.locator("main form button.btn-primary").click()
    assert "认领成功" in page.inner_text(".verdict")
    assert not page.locator("[data-scan-camera]").is_visible()
    secret = new_pass(page, served.address)
    assert re.search(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", page.inner_text(".pass-ends")), "the end stands as a time, without a countdown"
    assert page.locator(".qr-frame svg").is_visible()
    page.goto(served.address + "/me/verify")
    page.locator("#f-key").fill(secret)
    page.locator("main form button.btn-primary").click()
    assert "有效" in page.inner_text(".verdict")
    page.goto(served.address + "/me/looked")
    page.locator(".filter-box summary").click()
    page.locator("#f-period").select_option("30")
    page.locator("main form button.btn-primary").click()
    assert "period=30" in page.url
    context.close()


@pytest.mark.parametrize("visitor", ["phone"], indirect=True)
def test_in_large_text_nothing_sticks_out_of_its_card(visitor: Visitor):
    visitor.sign_in("owner")
    visitor.go("/me/settings?elder=1")
    for path in (f"/me/homes/{HOME}", "/me/data", "/me/homes", "/me/looked"):
        visitor.go(path)
        out = visitor.page.evaluate(
            "() => [...document.querySelectorAll('.card-body *, .ledger-line *')].filter(e => e.checkVisibility() && "
            "e.getBoundingClientRect().right > e.closest('.card-body, .ledger-line').getBoundingClientRect().right + 1)"
            ".filter(e => !e.closest('.visually-hidden')).map(e => e.outerHTML.slice(0, 90))"
        )
        assert out == [], path
