"""The reviewers' pages, wide and on a phone: without fault, by keys and by buttons, with and without scripts."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import SIZES, Served, visiting
from tests.browser.test_office_pages import judge
from tests.web.small_city import OWNER, PASSWORD, TENANT

pytestmark = pytest.mark.browser
EVIDENCE = [["name", "same", 7.0], ["birth_date", "same", 9.0], ["phone", "different", -0.5], ["sex", "different", -6.0]]


def plant(served: Served, number: int, code: str) -> None:
    """A health file that may be somebody's, and a household record that is hers."""
    member = (
        "INSERT INTO member (resource, record_id, role, kind, code, delivery_id, as_of, rule, score, evidence, body) "
        "VALUES (:resource, :record, 'person', 'person', :code, 'd000001', '2026-11-01', :rule, 0, '', :body)"
    )
    said = json.dumps({"f": {"name": "张三", "birth_date": "1990-01-01", "phone": "13800000009", "sex": "female"}}, ensure_ascii=False)
    with served.store.session() as session:
        for resource, of, rule in (("health_file", "", "unsure"), ("police_household", code, "citizen_id")):
            session.run(member, {"resource": resource, "record": f"w{number}", "code": of, "rule": rule, "body": said})
        session.run(
            "INSERT INTO unsure (kind, left_ref, right_code, score, evidence) VALUES ('person', :ref, :code, 9.5, :evidence)",
            {"ref": f"health_file/w{number}/person", "code": code, "evidence": json.dumps(EVIDENCE)},
        )


def verdicts(served: Served) -> list[str]:
    with served.store.session(read_only=True) as session:
        return [row[0] for row in session.all("SELECT verdict FROM review_opinion ORDER BY seq")]


@pytest.mark.parametrize("size", SIZES)
def test_a_reviewer_judges_by_keys_by_buttons_and_without_scripts(browser: Browser, served: Served, size: str):
    first = 10 if size == "wide" else 20
    for number, code in ((first, OWNER), (first + 1, TENANT), (first + 2, OWNER), (first + 3, TENANT)):
        plant(served, number, code)
    before = verdicts(served)
    with visiting(browser, served.address, size) as visitor:
        page = visitor.page
        visitor.sign_in("steward")
        visitor.go("/office/reviews")
        judge(visitor, f"steward-reviews-{size}")
        page.click("form[action='/office/reviews/next'] button")
        page.wait_for_selector("form[data-keys]")
        judge(visitor, f"steward-review-{size}")
        assert page.locator(".weighing tfoot .bits").inner_text() == "+9.5"
        page.locator("details.more summary").first.click()
        judge(visitor, f"steward-review-open-{size}")
        for key in ("s", "n", "y"):
            shown = page.url
            page.keyboard.press(key)
            page.wait_for_url(lambda url, shown=shown: url != shown)
        assert verdicts(served) == [*before, "unsure", "different", "same"]
        page.get_by_role("button", name="撤销").first.click()
        page.wait_for_selector("text=已撤销")
        judge(visitor, f"steward-undone-{size}")
        for path in (f"/office/links/{OWNER}", f"/office/links?left={OWNER}&right={TENANT}", "/office/links", "/office/clusters"):
            visitor.go(path)
            judge(visitor, f"steward-{path.strip('/').partition('?')[0].replace('/', '-')}-{size}")
    context = browser.new_context(java_script_enabled=False, viewport={"width": SIZES[size][0], "height": SIZES[size][1]})
    page = context.new_page()
    page.goto(served.address + "/sign-in")
    page.fill("form[action='/sign-in'] input[name=account_id]:visible", "steward")
    page.fill("form[action='/sign-in'] input[name=password]:visible", PASSWORD)
    page.click("form[action='/sign-in'] button.btn-primary")
    page.goto(served.address + "/office/reviews")
    page.click("form[action='/office/reviews/next'] button")
    page.click("button[name=verdict][value=unsure]")
    page.wait_for_selector("text=判断已保存")
    context.close()
    assert len(verdicts(served)) == len(before) + 4
