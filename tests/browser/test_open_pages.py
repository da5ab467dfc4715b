"""Open data wide and on a phone, for everybody and for offices: without fault, and read and reported without scripts or sign-in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, visiting
from tests.browser.test_office_pages import judge
from tests.web.open_city import know_the_firm, open_the_firm
from tests.web.small_city import PASSWORD

from datong.share import open_data
from datong.web import NewAccount, create_account
from datong.web.accounts import find_actor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def dataset(served: Served) -> str:
    with served.store.session() as session:
        know_the_firm(session)
        create_account(
            session, NewAccount("market_steward", PASSWORD, "某人", "officer", "market_regulation", "数据科", ("steward",), ("",))
        )
        owner = find_actor(session, "owner")
        assert owner is not None
        open_data.wish(session, owner, open_data.WishedFor("公交到站数据", "做一个出行提醒小程序", "transport"))
        code = open_the_firm(session)
        open_data.report_correction(session, code, "登记状态与实际不符")
        return code


@pytest.mark.parametrize("size", SIZES)
def test_pages_for_everybody_are_without_fault(browser: Browser, served: Served, dataset: str, size: str):
    with visiting(browser, served.address, size) as visitor:
        for number, path in enumerate(("/open", "/open?q=none&lang=en", f"/open/data/{dataset}?lang=zh", "/open/wishes")):
            visitor.go(path)
            judge(visitor, f"open-{number}-{size}")
        visitor.sign_in("owner")
        visitor.go("/open/wishes")
        judge(visitor, f"open-wishes-{size}")


@pytest.mark.parametrize("account", ["market_steward", "keeper"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_offices_are_without_fault(browser: Browser, served: Served, dataset: str, account: str, size: str):
    with visiting(browser, served.address, size) as visitor:
        visitor.sign_in(account)
        visitor.go("/office/open")
        judge(visitor, f"office-open-{account}-{size}")
        if account == "market_steward":
            visitor.go("/office/open/new?resource=market_enterprise&lang=en")
            judge(visitor, f"office-open-new-{size}")


def test_without_scripts_anybody_agrees_downloads_and_reports_by_keyboard(browser: Browser, served: Served, dataset: str):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{served.address}/open/data/{dataset}")
    page.locator("#agree-csv").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename == f"{dataset}-v1.csv"
    page.fill("textarea[name=what]", "名称少了一个字，请核对")
    page.locator("textarea[name=what]").press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**number=K*")
    assert "已收到，编号 K" in page.inner_text("#corrections")
    context.close()
