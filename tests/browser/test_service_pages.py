"""A restaurant through every page of its case: a citizen, her landlord, the counter, the departments; wide, on a phone, without scripts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, Visitor, visiting
from tests.browser.test_office_pages import judge
from tests.web.small_city import CREDIT_CODE, OWNER_ID, PASSWORD, TITLE_NO

from datong import services
from datong.web import NewAccount, create_account

pytestmark = pytest.mark.browser
ITEM = "restaurant_opening"
WRITTEN = {
    "form.credit_code": CREDIT_CODE,
    "form.shop_name": "鸿泰面馆",
    "form.area": "80",
    "form.seats": "20",
}
LAYOUT = {"name": "平面图.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 layout"}
PARTS = {"food": "market_regulation", "fire": "fire_rescue", "environment": "ecology"}


@pytest.fixture(scope="module")
def officers(served: Served) -> None:
    """A clerk of the lead and one officer of each department of the item."""
    with served.store.session() as session:
        for department in ("approval", *PARTS.values()):
            who = NewAccount(f"page_{department}", PASSWORD, "钱科员", "officer", department, "一科", ("officer",), ("3703",))
            create_account(session, who)


def judged(visitor: Visitor, name: str, scripts: bool) -> None:
    """Without fault, and with everything on it reached by keyboard; the judges themselves are scripts."""
    if scripts:
        judge(visitor, f"service-{name}-{visitor.page.viewport_size['width']}")
        assert visitor.unreached() == [], name


def fill_in(visitor: Visitor, **more: str) -> None:
    """What the form still asks."""
    page = visitor.page
    for name, value in {**WRITTEN, **more}.items():
        box = page.locator(f"[name='{name}']")
        if box.count() and box.first.is_editable():
            box.first.fill(value)
    if page.locator("text=已收到").count() == 0:
        page.set_input_files("[name='file.layout']", LAYOUT)
    for name, value in (("answer.tobacco", "no"), ("answer.sign", "no"), ("form.dishes", "hot")):
        page.check(f"input[name='{name}'][value={value}]")


def number_of(visitor: Visitor) -> str:
    found = re.search(r"C\d{8}-\d{4}", visitor.page.inner_text("main"))
    assert found, visitor.page.inner_text("main")
    return found[0]


def applies(visitor: Visitor, scripts: bool) -> tuple[str, str]:
    """The tenant of a shop looks for the item, reads its guide, applies; the case's number and the code for the owner."""
    page = visitor.page
    visitor.sign_in("tenant")
    visitor.go("/me/services")
    page.fill("#q", "饭店")
    page.locator("form[role=search] button").click()
    judged(visitor, "found", scripts)
    page.click(f"a[href='/me/services/{ITEM}']")
    judged(visitor, "guide", scripts)
    page.click("text=开始办理")
    judged(visitor, "form", scripts)
    fill_in(visitor, **{"form.premises": "370303001001GB00001F00019999", "form.area": "很大"})
    page.locator("button[value=save]").click()
    assert "没办完的草稿" in page.inner_text("main")
    judged(visitor, "draft", scripts)
    page.locator("a:has-text('接着办')").first.click()
    assert page.input_value("[name='form.shop_name']") == "鸿泰面馆" and "平面图.pdf" in page.inner_text("main")
    page.locator("button[value=fill]").click()
    fill_in(visitor, **{"form.address": "张店区政通路78号", "form.area": "很大"})
    page.check("input[name='answer.own'][value=no]")
    page.locator("button[value=send]").click()
    assert "请填写数字" in page.inner_text("main") and page.input_value("[name='form.shop_name']") == "鸿泰面馆"
    judged(visitor, "form-wrong", scripts)
    visitor.complaints[:] = [one for one in visitor.complaints if "422" not in one]  # the browser tells of every form that did not fit
    page.fill("[name='form.area']", "80")
    page.locator("button[value=send]").click()
    judged(visitor, "invited", scripts)
    code = page.locator("strong.code").first.inner_text()
    page.click("text=看办件进度")
    assert "等待其他当事人确认" in page.inner_text("main")
    judged(visitor, "awaiting", scripts)
    return number_of(visitor), code


def confirms(visitor: Visitor, code: str, scripts: bool) -> None:
    """The owner opens the seat by the code and confirms."""
    page = visitor.page
    visitor.sign_in("owner")
    visitor.go("/me/confirm")
    judged(visitor, "code", scripts)
    page.fill("#code", code)
    page.locator("main form button").click()
    assert "该房屋可以用于经营餐馆" in page.inner_text("main")
    judged(visitor, "asked", scripts)
    page.locator("button[value=confirm]").click()
    assert "您的答复已记录" in page.inner_text("main")


def works(visitor: Visitor, account: str, number: str, task: str, scripts: bool) -> None:
    """An officer finds the case in the list, opens it and does her part."""
    page = visitor.page
    visitor.sign_in(account)
    visitor.go("/office/cases")
    assert "剩" in page.inner_text("main") or "超期" in page.inner_text("main")
    judged(visitor, f"list-{task}", scripts)
    page.click(f"a[href='/office/cases/{number}'] >> nth=0")
    judged(visitor, f"case-{task}", scripts)
    if task == "acceptance":
        page.locator("form:has(input[value=accept]) button").click()
    else:
        page.locator("form:has(input[value=claim]) button").first.click()
        judged(visitor, f"claimed-{task}", scripts)
        page.check("input[name=outcome][value=agree]")
        page.locator("details[open] form button").first.click()
    assert "已处理" in page.inner_text("main")


def whole_way(browser: Browser, served: Served, size: str, scripts: bool) -> None:
    """From the search to the licence in the wallet."""

    def come():
        return visiting(browser, served.address, size, scripts)

    with come() as tenant:
        number, code = applies(tenant, scripts)
        with come() as owner:
            confirms(owner, code, scripts)
        for account, task in (("page_approval", "acceptance"), *((f"page_{who}", task) for task, who in PARTS.items())):
            with come() as officer:
                works(officer, account, number, task, scripts)
        tenant.go(f"/me/cases/{number}")
        said = tenant.page.inner_text("main")
        assert "已办结，准予" in said and "证照" in said
        judged(tenant, "done", scripts)
        looks_back(tenant, number, scripts)


def looks_back(visitor: Visitor, number: str, scripts: bool) -> None:
    """She opens the note of the result, sees by its code how it stands, rates, and finds it among her dealings."""
    page = visitor.page
    page.locator("form:has(input[value=result]) button").click()
    judged(visitor, "note", scripts)
    code = page.locator(".note-card code").inner_text()
    visitor.go("/progress")
    page.fill("[name=key]", code)
    page.locator("main form button.btn-primary").click()
    assert "已办结，准予" in page.inner_text("main")
    judged(visitor, "progress", scripts)
    visitor.go(f"/me/cases/{number}")
    page.check("input[name=grade][value='2']")
    page.fill("#note", "等得久")
    page.locator("form:has(input[name=grade]) button").click()
    assert "前答复" in page.inner_text("main")
    judged(visitor, "rated", scripts)
    visitor.go("/me/dealings")
    assert number in page.inner_text("main")
    judged(visitor, "dealings", scripts)


@pytest.mark.parametrize("size", SIZES)
def test_a_restaurant_from_the_search_to_the_licence(browser: Browser, served: Served, officers: None, size: str) -> None:
    whole_way(browser, served, size, scripts=True)


def test_the_whole_way_without_scripts(browser: Browser, served: Served, officers: None) -> None:
    whole_way(browser, served, "phone", scripts=False)


def begins(visitor: Visitor, scripts: bool) -> str:
    """The clerk begins the item for the owner, who is there with his card."""
    page = visitor.page
    visitor.sign_in("clerk")
    visitor.go("/office/counter?q=饭店")
    judged(visitor, "counter", scripts)
    page.click("text=开餐馆一件事")
    judged(visitor, "counter-form", scripts)
    page.fill("#applicant", OWNER_ID)
    page.fill("#name", "张三")
    fill_in(visitor, **{"form.premises": TITLE_NO, "form.firm": "某店", "form.phone": "13800000001"})
    page.check("input[name='answer.own'][value=yes]")  # asked where somebody disputes what the register says
    page.locator("main form[method=post] button.btn-primary").last.click()
    assert "收件回执" in page.inner_text("main")
    judged(visitor, "receipt", scripts)
    return number_of(visitor)


@pytest.mark.parametrize("size", SIZES)
def test_the_counter_begins_for_somebody_who_then_sees_it(browser: Browser, served: Served, officers: None, size: str) -> None:
    with visiting(browser, served.address, size) as clerk:
        number = begins(clerk, True)
    with visiting(browser, served.address, size) as owner:
        owner.sign_in("owner")
        owner.go("/me/services")
        judged(owner, "services", True)
        owner.page.click(f"a[href='/me/cases/{number}']")
        assert "已提交，待受理" in owner.page.inner_text("main")


def test_the_counter_works_without_scripts(browser: Browser, served: Served, officers: None) -> None:
    with visiting(browser, served.address, "wide", scripts=False) as clerk:
        begins(clerk, False)


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_around_cases_are_without_fault(browser: Browser, served: Served, officers: None, size: str) -> None:
    with visiting(browser, served.address, size) as anybody:
        for path in ("/services", "/services?level=district&life=home", f"/services/{ITEM}", "/progress", "/services?lang=en"):
            anybody.go(path)
            judged(anybody, path.strip("/").replace("/", "-").replace("?", "-"), True)
    with visiting(browser, served.address, size) as officer:
        officer.sign_in("page_approval")
        for path in (
            "/office/ratings",
            "/office/ratings?state=given",
            "/office/samples",
            "/office/cases?state=paused",
            "/office/retests",
            "/office/money",
        ):
            officer.go(path)
            judged(officer, path.strip("/").replace("/", "-").replace("?", "-"), True)
    with served.store.session() as session:
        services.count_benefits(session, now=datetime.now(UTC) + timedelta(hours=1))
    with visiting(browser, served.address, size) as leader:
        leader.sign_in("leader")
        leader.go("/office/benefits")
        judged(leader, "benefits", True)
