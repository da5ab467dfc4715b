"""The whole way through a simulated city, in the browser: an owner claims a home and lends it by a pass, a clerk verifies
it, the owner sees who looked and why, says what is wrong, and a steward settles it. Citizens hold a phone, officers sit wide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import Visitor, serving, visiting
from tests.browser.test_office_pages import judge
from tests.simulated_city import City

from datong.cli.demo_people import PASSWORD, demo_accounts
from datong.domain.codes import show_code
from datong.web import create_account

pytestmark = pytest.mark.browser
PURPOSE = "address_at_registration"
PURPOSE_TITLE = "住所（经营场所）登记核验"
HOME = "SELECT to_code FROM relation WHERE from_code = :owner AND type = 'owns' AND until = '' ORDER BY to_code LIMIT 1"
REASON = "有人用这处房屋办理营业执照，登记机关核对房屋和产权人是否属实。"
WRONG = "面积与房产证不符，应为 88.5 平方米"
ANSWER = "已按不动产登记簿核对并更正"


@dataclass
class Street:
    """The people of this way at their browsers, and the home it is about."""

    city: City
    owner: Visitor
    clerk: Visitor
    steward: Visitor
    home: str
    tenant: str

    def fact(self, field: str) -> str:
        """What the clerk's card of the home says of a field."""
        self.clerk.go(f"/office/subject/{self.home}")
        return self.clerk.page.inner_text(f"#fact-{field}")


@pytest.fixture
def street(city: City, browser: Browser) -> Iterator[Street]:
    with city.store.session() as session:
        accounts = demo_accounts(session)
        for account in accounts:
            create_account(session, account)
    subjects = {account.account_id: account.subject for account in accounts}
    (home,) = city.one(HOME, owner=subjects["citizen"])
    with ExitStack() as stack:
        address = stack.enter_context(serving(replace(city.settings, demo=True), city.store))
        people = [stack.enter_context(visiting(browser, address, size)) for size in ("phone", "wide", "wide")]
        for visitor, account_id in zip(people, ("citizen", "clerk", "steward"), strict=True):
            visitor.sign_in(account_id, PASSWORD)
        people[1].choose_purpose(PURPOSE)
        yield Street(city, *people, home, subjects["tenant"])


def test_from_claiming_a_home_to_a_settled_report(street: Street) -> None:
    claim(street)
    verify_by_pass(street, make_pass(street))
    see_who_looked(street)
    report_wrong(street)
    settle(street)


def claim(street: Street) -> None:
    """The owner claims her home by the number on her title."""
    owner = street.owner
    owner.go("/me/claim")
    judge(owner, "way-1-claim")
    owner.page.fill("#f-key", street.city.fact(street.home, "title_unit_no"))
    owner.page.click("main form button.btn-primary")
    assert "认领成功" in owner.page.inner_text(".verdict")
    judge(owner, "way-2-claimed")


def make_pass(street: Street) -> str:
    """She makes a pass for one purpose and one use; what the clerk may type instead of scanning."""
    owner = street.owner
    owner.go(f"/me/homes/{street.home}")
    judge(owner, "way-3-home")
    owner.page.click("text=生成房码 >> nth=0")
    owner.page.check(f"input[name=purpose][value={PURPOSE}]")
    judge(owner, "way-4-pass-form")
    owner.page.click("main form button.btn-primary")
    owner.page.wait_for_selector("#pass-typed")
    assert PURPOSE_TITLE in owner.page.inner_text(".pass-purpose")
    judge(owner, "way-5-pass")
    return owner.page.inner_text("#pass-typed").replace(" ", "")


def verify_by_pass(street: Street, secret: str) -> None:
    """The clerk verifies another's home for an applicant: without the pass it is not hers to use, with it it is, once."""
    clerk, applicant = street.clerk, street.city.fact(street.tenant, "citizen_id")

    def verdict(premises: str) -> str:
        clerk.go("/office/verify")
        clerk.page.fill("#f-premises", premises)
        clerk.page.fill("#f-applicant_citizen_id", applicant)
        clerk.page.click("main form button.btn-primary")
        clerk.page.wait_for_selector(".verdict")
        assert applicant not in clerk.page.url
        return clerk.page.inner_text(".verdict strong")

    assert verdict(show_code(street.home)) == "不一致"
    assert "须出示产权人的房码" in clerk.page.inner_text(".grounds")
    assert verdict(f"datong:pass:{secret}") == "一致"
    assert "产权人已用房码授权使用" in clerk.page.inner_text("main")
    judge(clerk, "way-6-verified")
    assert verdict(f"datong:pass:{secret}") == "不予提供"
    assert "已经使用过" in clerk.page.inner_text(".grounds")
    judge(clerk, "way-7-used")
    assert street.city.fact(street.home, "standard_address") in street.fact("standard_address")
    judge(clerk, "way-8-card")


def see_who_looked(street: Street) -> None:
    """The owner is told that her pass was used, and reads who looked at the home, for what."""
    owner = street.owner
    owner.go("/me")
    assert PURPOSE_TITLE in owner.page.inner_text(".decision")
    judge(owner, "way-9-told")
    owner.go(f"/me/looked?home={street.home}")
    looks = owner.page.locator(".look").all_inner_texts()
    assert any("政务服务大厅3号窗口" in look and REASON in look and "核对一致" in look for look in looks), looks
    assert not any("王敏" in look for look in looks), "the window is named, never the officer"
    judge(owner, "way-10-looked")


def report_wrong(street: Street) -> None:
    """She says that the area is wrong; from then on every reader sees that it is being checked."""
    owner = street.owner
    assert "核查中" not in street.fact("area")
    owner.go(f"/me/homes/{street.home}/wrong?field=area")
    owner.page.fill("#f-what", WRONG)
    judge(owner, "way-11-wrong")
    owner.page.click("main form button.btn-primary")
    owner.page.wait_for_load_state()
    assert "已提交" in owner.page.inner_text("main")
    judge(owner, "way-12-reports")
    assert "核查中" in street.fact("area")
    judge(street.clerk, "way-13-under-check")


def settle(street: Street) -> None:
    """The steward settles it; the mark is gone, and the owner has the answer."""
    steward, owner = street.steward, street.owner
    steward.go("/office")
    assert "1" in steward.page.inner_text("a.tile:has-text('纠错与异议等待核查')")
    judge(steward, "way-14-desk")
    steward.go("/office/disputes")
    assert WRONG in steward.page.inner_text("main")
    judge(steward, "way-15-disputes")
    steward.page.click("text=开始核查")
    steward.page.select_option("select[name=decision]", "corrected")
    steward.page.fill("input[name=reason]", ANSWER)
    steward.page.click("form.settle button.btn-primary")
    steward.page.wait_for_selector("text=没有待处理的异议")
    judge(steward, "way-16-settled")
    assert "核查中" not in street.fact("area")
    owner.go("/me/reports")
    owner.page.click(".report-list a >> nth=0")
    assert ANSWER in owner.page.inner_text("main")
    judge(owner, "way-17-answered")
