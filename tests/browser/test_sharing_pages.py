"""The catalogue, demand and the boards, wide and on a phone: without fault; charts drawn beside their tables, and saved with their Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, visiting
from tests.browser.test_office_pages import judge
from tests.web.small_city import FIRM

pytestmark = pytest.mark.browser
PAGES = {
    "registrar": ("/office/supervision", "/office/supervision/coverage?lang=en", f"/office/supervision/of/{FIRM}?lang=zh"),
    "urban_steward": (
        "/office/catalogue",
        "/office/catalogue?q=%E6%88%B7%E7%B1%8D&sharing_class=conditional",
        "/office/catalogue?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA",
        "/office/catalogue/items/police_household",
        "/office/catalogue/items/tax_registration?lang=en",
        "/office/catalogue/work?lang=zh",
        "/office/catalogue/new",
        "/office/catalogue/systems",
        "/office/catalogue/rules",
        "/office/demands",
    ),
    "keeper": (
        "/office/applications?lang=en",
        "/office/levels?lang=zh",
        "/office/province",
        "/office/province/items?lang=en",
        "/office/catalogue/work",
        "/office/demands",
        "/office/sharing?lang=en",
        "/office/sharing/parties?lang=zh",
        "/office/window-times",
    ),
}


@pytest.mark.parametrize("account", PAGES)
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_the_catalogue_are_without_fault(browser: Browser, served: Served, account: str, size: str):
    with visiting(browser, served.address, size) as visitor:
        visitor.sign_in(account)
        for number, path in enumerate(PAGES[account]):
            visitor.go(path)
            judge(visitor, f"{account}-{number}-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_the_board_draws_its_charts_and_saves_them_as_pictures(browser: Browser, served: Served, size: str, tmp_path: Path):
    with visiting(browser, served.address, size) as visitor:
        visitor.sign_in("leader")
        visitor.go("/office/sharing")
        visitor.page.wait_for_selector(".chart-place svg")
        assert visitor.page.locator(".chart-place svg").count() == 3
        judge(visitor, f"leader-board-{size}")
        with visitor.page.expect_download() as saved:
            visitor.page.locator("[data-chart-save=classes]").click()
        saved.value.save_as(tmp_path / "classes.svg")
        text = (tmp_path / "classes.svg").read_text(encoding="utf-8")
        assert text.startswith("<svg") and "有条件共享" in text


def test_without_scripts_the_tables_say_it_all(browser: Browser, served: Served):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(served.address + "/sign-in")
    page.fill("form[action='/sign-in'] input[name=account_id] >> visible=true", "leader")
    page.fill("form[action='/sign-in'] input[name=password] >> visible=true", "correct horse")
    page.click("form[action='/sign-in'] button.btn-primary")
    page.goto(served.address + "/office/sharing")
    assert page.locator(".chart-place svg").count() == 0 and not page.locator(".chart-tools").first.is_visible()
    assert page.locator("#classes table tbody tr").count() == 3
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_a_steward_enters_a_resource_with_a_fault_and_mends_it(browser: Browser, served: Served, size: str):
    with visiting(browser, served.address, size) as visitor:
        visitor.sign_in("urban_steward")
        visitor.go("/office/catalogue/new")
        page = visitor.page
        typed = {
            "title": f"公共自行车站点{size}",
            "system": "慢行平台",
            "summary": "站点位置和桩数",
            "classification": "201001",
            "condition": "按用途使用",
        }
        for name, text in typed.items():
            page.fill(f"#f-{name}", text)
        page.fill("#f-scope", "本市各部门")
        page.fill("#f-used_for", "便民查询")
        page.fill("#f-bases", "行政法规 | 有条件共享 | 《政务数据共享条例》 | 第十四条")
        page.fill("#f-fields", "站点名称 | 1name")
        page.on("response", lambda answer: None)
        page.click("main form button.btn-primary")
        assert "信息项代码不合规则" in page.inner_text("#faults")
        visitor.complaints[:] = [one for one in visitor.complaints if "422" not in one]
        judge(visitor, f"steward-faults-{size}")
        page.fill("#f-fields", "站点名称 | name\n桩数 | docks | integer")
        page.click("main form button.btn-primary")
        page.wait_for_url("**/office/catalogue/items/r*")
        judge(visitor, f"steward-draft-{size}")
