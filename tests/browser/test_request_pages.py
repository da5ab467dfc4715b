"""The sharing manager's and the responsible persons' pages, wide and on a phone: without fault, and the way through by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, visiting
from tests.browser.test_office_pages import judge
from tests.web.small_city import PASSWORD
from tests.web.test_requests import PEOPLE

from datong import share
from datong.web import NewAccount, create_account
from datong.web.accounts import find_actor

pytestmark = pytest.mark.browser
TERMS = {
    "register": "premises",
    "operations": ["verify", "look_up"],
    "rows": {"jurisdiction": "own"},
    "keys": ["code"],
    "roles": ["officer"],
    "fields": {"standard_address": "plain", "area": "plain", "owner_name": "name"},
    "claims": ["owner_citizen_id"],
    "valid_from": "2026-01-01",
    "valid_to": "2028-12-31",
}
PAPERS = dict.fromkeys(("use_basis", "scene", "scope", "safety"), "租房提取公积金核对房屋，仅限窗口使用")


@pytest.fixture(scope="module")
def matters(served: Served) -> dict[str, str]:
    """A late request, one in mediation, one to be signed in each width, an agreement in force with an alert."""
    with served.store.session() as session:
        for name, department, role in PEOPLE:
            create_account(session, NewAccount(name, PASSWORD, "某人", "officer", department, "一科", (role,), ("3703",)))
        asks, gives = find_actor(session, "fund_head"), find_actor(session, "estate_head")
        assert asks and gives
        now = datetime.now(UTC)

        def reviewed(purpose: str, at: datetime = now) -> str:
            asked = share.Asked("租房提取核验房屋", "natural_resources", purpose, TERMS, PAPERS)
            number = share.draft_request(session, asks, asked, now=at).request_id
            share.advance_request(session, asks, number, share.DoingRequest("submit"), now=at)
            share.advance_request(session, gives, number, share.DoingRequest("complete"), now=at)
            return number

        late, disputed = reviewed("tax_service", now - timedelta(days=40)), reviewed("statistics")
        refusal = share.DoingRequest("refuse", "使用依据不成立", reasons=("no_basis",))
        share.advance_request(session, gives, disputed, refusal, now=now)
        share.advance_request(session, asks, disputed, share.DoingRequest("dispute", "依据是行政法规"), now=now)
        found = {"late": late, "disputed": disputed, "wide": reviewed("inspection"), "phone": reviewed("code_check")}
        done = share.advance_request(session, gives, reviewed("rental_registration"), share.DoingRequest("accept"), now=now)
        for who in (asks, gives):
            share.sign_agreement(session, who, done.agreement, 1, now=now)
        share.give_up_fields(session, asks, done.agreement, ("area",), "从来没有使用过", now=now)
        session.run(
            "INSERT INTO share_alert (alert_id, kind, agreement, actor, department, day, found, usual, state, raised_at, answer, answered_by, "
            "answered_at) VALUES ('W1', 'hours', :code, 'fund', 'housing_fund', '2026-11-20', 40, 20, 'open', '2026-11-20T18:00:00Z', '', '', '')",
            {"code": done.agreement},
        )
    return {**found, "agreement": done.agreement}


@pytest.mark.parametrize("size", SIZES)
def test_the_sharing_managers_pages_are_without_fault(browser: Browser, served: Served, matters: dict[str, str], size: str):
    with visiting(browser, served.address, size) as visitor:
        visitor.sign_in("request_manager")
        for path in (
            "/office",
            "/office/requests",
            f"/office/requests/{matters['late']}",
            f"/office/requests/{matters['disputed']}",
            "/office/agreements",
            f"/office/agreements/{matters['agreement']}",
            f"/office/what-if?about={matters['agreement']}&sample=home&role=officer&area=370303",
            f"/office/what-if?about={matters['agreement']}&sample=home_elsewhere&role=officer&area=370303",
            "/office/bases?register=person",
            "/office/requests?lang=en",
            "/office/requests?elder=1&lang=zh",
        ):
            visitor.go(path)
            judge(visitor, f"manager-{path.strip('/').partition('?')[0].replace('/', '-')}-{size}")
        visitor.go("/office/requests?elder=0")
        light = visitor.page.locator("tr", has_text=matters["late"]).locator(".light")
        assert "超期" in light.inner_text() and light.locator("i").count() == 1, "words and a shape beside the colour"


@pytest.mark.parametrize("size", SIZES)
def test_both_sides_work_by_hand(browser: Browser, served: Served, matters: dict[str, str], size: str):
    number = matters[size]
    with visiting(browser, served.address, size) as visitor:
        page = visitor.page
        visitor.sign_in("fund_head")
        visitor.go("/office/requests/new?register=person")
        judge(visitor, f"head-new-{size}")
        visitor.go(f"/office/requests/{number}")
        judge(visitor, f"head-request-{size}")
    with visiting(browser, served.address, size) as visitor:
        page = visitor.page
        visitor.sign_in("estate_head")
        visitor.go(f"/office/requests/{number}")
        page.locator("summary", has_text="部分同意").click()
        judge(visitor, f"head-partly-{size}")
        page.get_by_role("button", name="同意共享", exact=True).click()
        page.get_by_role("link", name="协议 A", exact=False).first.click()
        page.get_by_role("button", name="签署第 1 版").click()
        page.wait_for_selector("text=已签署")
        judge(visitor, f"head-signed-{size}")
