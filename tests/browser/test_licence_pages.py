"""The wallet on a phone and wide: a licence, its one-time code, the counter that redeems it; without fault, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, Visitor
from tests.browser.test_office_pages import judge
from tests.web.small_city import OWNER, OWNER_ID, PASSWORD

from datong import licences
from datong.domain.access import Actor

pytestmark = pytest.mark.browser
FEDERATION = Actor("federation", "某人", "officer", "disabled_federation", roles=frozenset({"officer"}))
FACTS = {"holder_name": "张三", "citizen_id": OWNER_ID, "kind": "听力", "level": "三级", "number": f"{OWNER_ID}23"}


def _issue(served: Served) -> str:
    with served.store.session() as session:
        return licences.issue(session, FEDERATION, licences.NewLicence("disability_card", OWNER, FACTS)).licence_id


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_shown_on_the_phone_and_checked_at_the_public_page(visitor: Visitor, served: Served) -> None:
    card, width = _issue(served), visitor.page.viewport_size["width"]
    visitor.sign_in("owner")
    visitor.go(f"/me/licences/{card}")
    judge(visitor, f"licence-{width}")
    visitor.page.check("input[name=field][value=level]")
    visitor.page.fill("#f-purpose", "报销医药费")
    visitor.page.click("main form button.btn-primary")
    visitor.page.wait_for_selector("#licence-typed")
    judge(visitor, f"licence-code-{width}")
    secret = visitor.page.inner_text("#licence-typed").replace(" ", "")
    visitor.go("/verify-licence")
    visitor.page.fill("#f-key", f"datong:licence:{secret}")
    visitor.page.click("main form button.btn-primary")
    assert "有效" in visitor.page.inner_text(".verdict")
    assert "听力" not in visitor.page.inner_text("main")
    judge(visitor, f"licence-checked-{width}")
    visitor.go("/me/licences/uses")
    assert "报销医药费" in visitor.page.inner_text("main")
    judge(visitor, f"licence-uses-{width}")


def test_the_wallet_works_without_scripts(served: Served, browser: Browser) -> None:
    card = _issue(served)
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/sign-in")
    page.fill("#f-account_id", "owner")
    page.fill("#f-password", PASSWORD)
    page.click("main form button.btn-primary")
    page.goto(f"{served.address}/me/licences/{card}")
    page.fill("#f-purpose", "报销")
    page.click("main form button.btn-primary")
    secret = page.inner_text("#licence-typed").replace(" ", "")
    page.goto(f"{served.address}/verify-licence")
    page.fill("#f-key", secret and f"datong:licence:{secret}")
    page.click("main form button.btn-primary")
    assert "有效" in page.inner_text(".verdict")
    context.close()


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_a_document_is_signed_and_its_page_is_without_fault(visitor: Visitor, served: Served) -> None:
    width = visitor.page.viewport_size["width"]
    visitor.sign_in("owner")
    visitor.go("/me/signatures")
    visitor.page.set_input_files("#f-file", {"name": "申请.txt", "mimeType": "text/plain", "buffer": f"申请 {width}".encode()})
    visitor.page.click("main form button.btn-primary")
    judge(visitor, f"signature-{width}")
    visitor.page.fill("#f-password", PASSWORD)
    visitor.page.click("main form button.btn-primary")
    visitor.page.wait_for_selector("text=已签署")
    judge(visitor, f"signed-{width}")
