"""Minutes at the window: a number taken, called, begun with, accepted; measured by item and by window with denominators."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Visitors, send, sign_in, words
from tests.web.small_city import OWNER_ID, PASSWORD
from tests.web.test_cases import FORM, ITEM, act

from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.services import windows
from datong.store import Store
from datong.web import NewAccount, clock, create_account

START = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
DAYS = "since=2027-03-01&until=2027-03-01"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, store: Store) -> list[datetime]:
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    with store.session() as session:
        if session.one("SELECT 1 FROM account WHERE account_id = 'lead_times'") is None:
            create_account(session, NewAccount("lead_times", PASSWORD, "某人", "officer", "approval", "一科", ("officer",), ("3703",)))
            create_account(
                session, NewAccount("next_window", PASSWORD, "某人", "officer", "approval", "2号窗口", ("window_clerk",), ("3703",))
            )
    return now


def begin(client: TestClient, **more: str) -> str:
    page = f"/office/counter/{ITEM}"
    made = send(client, page, page, applicant=OWNER_ID, name="张三", **(FORM | more))
    number = re.search(r"C\d{8}-\d{4}", made.text)
    assert made.status_code == 200 and number, words(made.text)[:400]
    return number[0]


def test_from_the_number_to_acceptance_by_item_and_window(client: TestClient, visit: Visitors, store: Store, time: list[datetime]) -> None:
    sign_in(client, "clerk")
    for _ in range(2):
        assert send(client, "/office/counter-numbers", "/office/counter", act="take").status_code == 303
    first, second = dict.fromkeys(re.findall(r'name="visit" value="(V[\d-]+)"', client.get("/office/counter").text))
    time[0] += timedelta(minutes=4)
    send(client, "/office/counter-numbers", "/office/counter", act="call", visit=first)
    other = visit("next_window")
    assert send(other, "/office/counter-numbers", "/office/counter", act="call", visit=first).status_code == 409, (
        "a colleague has called it"
    )
    page = f"/office/counter/{ITEM}"
    assert "1 号" in client.get(page).text and "1 号" not in other.get(page).text
    stolen = send(other, page, page, applicant=OWNER_ID, name="张三", visit=first, **FORM)
    assert stolen.status_code == 422 and "收件回执" not in stolen.text, "it is another window's number"
    time[0] += timedelta(minutes=5)
    case = begin(client, visit=first)
    time[0] += timedelta(minutes=3)
    act(visit("lead_times"), case, "accept")
    send(client, "/office/counter-numbers", "/office/counter", act="leave", visit=second)
    opened = time[0].isoformat()
    time[0] += timedelta(minutes=20)
    second_case = begin(client, opened_at=opened)
    sign_in(client, "leader")
    board = words(client.get(f"/office/window-times?{DAYS}").text)
    assert "1 / 1" in board and "1 / 2" in board, "one of two begun is accepted, and that in time"
    rows = list(csv.DictReader(io.StringIO(client.get(f"/office/window-times.csv?{DAYS}").text.removeprefix("\ufeff"))))
    whole = rows[0]
    assert (whole["begun"], whole["with_number"], whole["taken_in"], whole["within"], whole["left"]) == ("2", "1", "1", "1", "1")
    assert (whole["minutes_median"], whole["waited_median"]) == ("12.0", "4.0")
    assert {(row["of"], row["code"]) for row in rows[1:]} == {("item", ITEM), ("window", "政务服务大厅")}
    act(visit("lead_times"), second_case, "accept")
    late = next(csv.DictReader(io.StringIO(client.get(f"/office/window-times.csv?{DAYS}").text.removeprefix("\ufeff"))))
    assert (late["taken_in"], late["within"]) == ("2", "1"), "the second took twenty minutes from the form's opening"
    assert client.get("/office/window-times?since=x&lang=en").status_code == 200


def test_a_form_cannot_make_its_time_up_and_only_counters_deal_in_numbers(store: Store, time: list[datetime]) -> None:
    clerk = Actor("clerk", "某人", "officer", "approval", "7号窗口", frozenset({"window_clerk"}), ("3703",))
    leader = Actor("leader", "某人", "officer", "approval", "", frozenset({"leader"}), ("3703",))
    now = START + timedelta(days=1)
    with store.session() as session:
        for number, opened in enumerate(("", "nonsense", "2027-03-02T03:00:00+00:00", "2020-01-01T00:00:00+00:00", "2027-03-02T01:00:00")):
            windows.begun_at_window(session, clerk, (f"C{number}", "somewhere"), opened_at=opened, now=now)
        rows = session.all("SELECT called_at, begun_at FROM window_visit WHERE service = 'somewhere'")
        assert len(rows) == 5 and all(called == begun for called, begun in rows)
        with pytest.raises(Forbidden):
            windows.take_number(session, leader, now=now)
        with pytest.raises(Forbidden):
            windows.window_times(session, clerk, "2027-03-02", "2027-03-02")
        found = windows.window_times(session, leader, "2027-03-02", "2027-03-02")
        assert (found.whole.begun, found.whole.taken_in, found.whole.share, found.whole.middle) == (5, 0, 0.0, -1.0)
