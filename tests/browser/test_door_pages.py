"""The pages of the doors, wide and on a phone, with something on each of them; and the way of an extract by mouse and keyboard."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.browser.conftest import SIZES, Served, Visitor
from tests.browser.test_office_pages import judge
from tests.web.small_city import NOW, OWNER_ID, PASSWORD

from datong.web import NewAccount, create_account

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def doors(served: Served) -> None:
    """Who asks, who decides, and a subscription that has a dead letter."""
    with served.store.session() as session:
        create_account(session, NewAccount("statistician", PASSWORD, "吴统计", "officer", "statistics", "人口科", ("officer",), ("3703",)))
        create_account(session, NewAccount("sharer", PASSWORD, "郑共享", "officer", "data", "共享科", ("sharing_manager",), ("",)))
        for number, state in ((1, "halted"), (2, "active")):
            session.run(
                "INSERT INTO door_subscription (subscription_id, key_id, department, url, since, state, made_at, attempts, failing_since, "
                "due_at, error, told_at) VALUES (:id, 'key_x', 'tax', 'https://receiver.example/a/rather/long/path/for/a/phone', 3, :state, :at, "
                "4, :at, '2036-01-01T00:00:00+00:00', 'HTTP 503', :at)",
                {"id": f"S00000{number}", "state": state, "at": NOW},
            )
        session.run(
            "INSERT INTO door_dead_letter (letter_id, subscription_id, department, first_seq, last_seq, events, attempts, error, died_at, "
            "state, settled_by, settled_at) VALUES ('D000001', 'S000001', 'tax', 4, 9, 6, 17, 'HTTP 503', :at, 'dead', '', '')",
            {"at": NOW},
        )


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_an_extract_is_asked_for_decided_and_taken(visitor: Visitor) -> None:
    width = visitor.page.viewport_size["width"] if visitor.page.viewport_size else 0
    visitor.sign_in("statistician")
    visitor.choose_purpose("statistics")
    visitor.go("/office/extracts")
    judge(visitor, f"extracts-none-{width}")
    visitor.page.fill("input[name=reason]", f"宽{width}的人口统计")
    visitor.page.click("form[action='/office/extracts'] button.btn-primary")
    judge(visitor, f"extracts-asked-{width}")
    visitor.page.click("form[action='/sign-out'] button")
    visitor.sign_in("sharer")
    visitor.go("/office/approvals")
    judge(visitor, f"approvals-{width}")
    visitor.page.locator(f"section:has-text('宽{width}的人口统计') button[value=approve]").click()
    visitor.go("/office/subscriptions")
    judge(visitor, f"subscriptions-{width}")
    visitor.page.click("form[action='/sign-out'] button")
    visitor.sign_in("statistician")
    visitor.choose_purpose("statistics")
    visitor.go("/office/extracts?lang=en")
    judge(visitor, f"extracts-approved-en-{width}")
    with visitor.page.expect_download() as found:
        visitor.page.locator("form[action$='/file'] button").first.click()
    assert found.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("visitor", SIZES, indirect=True)
def test_a_list_is_checked_without_script(visitor: Visitor, tmp_path: Path) -> None:
    width = visitor.page.viewport_size["width"] if visitor.page.viewport_size else 0
    visitor.sign_in("clerk")
    visitor.choose_purpose("window_service")
    visitor.go("/office/batch")
    judge(visitor, f"batch-{width}")
    given = tmp_path / "名单.csv"
    given.write_text(f"身份证号,姓名\n{OWNER_ID},张三\n", encoding="utf-8")
    visitor.page.select_option("select[name=register]", "person")
    visitor.page.set_input_files("input[type=file][name=file]", str(given))
    with visitor.page.expect_download() as found:
        visitor.page.click("form[action='/office/batch'] button.btn-primary")
    rows = list(csv.reader(Path(found.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1][:3] == ["2", "一致", "一致"]
