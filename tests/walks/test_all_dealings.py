"""Everything somebody has to do with, on one page; and what her cases saved, on the board of the leader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import send, sign_in, words
from tests.web.small_city import CREDIT_CODE, FIRM, OWNER, PASSWORD, fill
from tests.web.test_cases import ITEM, act, apply

from datong import licences, services
from datong.domain.access import Actor
from datong.settings import load_settings
from datong.store import Store, migrate, open_store
from datong.web import NewAccount, create_account, create_app

PARTS = {"food": "market_regulation", "fire": "fire_rescue", "environment": "ecology"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Store]]:
    settings = load_settings(tmp_path_factory.mktemp("dealings"), {}, rate_per_minute="100000")
    store = open_store(settings)
    migrate(store)
    fill(store, settings)
    with store.session() as session:
        for department in ("approval", *PARTS.values()):
            create_account(
                session, NewAccount(f"in_{department}", PASSWORD, "某人", "officer", department, "一科", ("officer",), ("3703",))
            )
    with TestClient(create_app(settings, store), follow_redirects=False) as client:
        yield client, store
    store.close()


@pytest.fixture(scope="module")
def granted(opened: tuple[TestClient, Store]) -> str:
    """A restaurant of the owner's, granted; and one more that he took back."""
    client, _ = opened
    sign_in(client, "owner")
    number, other = apply(client), apply(client)
    send(client, f"/me/cases/{other}/act", f"/me/cases/{other}", act="withdraw")
    sign_in(client, "in_approval")
    act(client, number, "accept")
    for task, department in PARTS.items():
        sign_in(client, f"in_{department}")
        act(client, number, "claim", task)
        act(client, number, "finish", task, outcome="agree")
    return number


def test_every_dealing_of_a_person_and_her_firm_is_on_one_page(opened: tuple[TestClient, Store], granted: str) -> None:
    client, store = opened
    sign_in(client, "clerk")
    fields = {"form.project": "二期", "form.building": "5号楼", "form.homes": "60", "form.sold": "50", "form.filed": "50"}
    page = "/office/counter/first_registration"
    assert send(client, page, page, applicant=CREDIT_CODE, name="淄博鸿泰小超市有限公司", **fields).status_code == 200
    sign_in(client, "owner")
    said = words(client.get("/me/dealings").text)
    assert granted in said and "已办结，准予" in said and "已撤回" in said, "his cases"
    assert "您代表的企业或家人" in said, "and his firm's, begun at a counter"
    assert "证照" in said and "市场监督管理局" in said, "his firm's licences that came of it"
    only = words(client.get("/me/dealings?kind=licence").text)
    assert granted not in only
    with store.session(read_only=True) as session:
        held = licences.of_holder(session, Actor("owner", "", "citizen", subject=OWNER), now=datetime.now(UTC))
    assert {one.holder for one in held} == {FIRM} and len(held) >= 4
    sign_in(client, "tenant")
    assert granted not in client.get("/me/dealings").text


def test_what_cases_saved_stands_on_the_board_with_its_denominators(opened: tuple[TestClient, Store], granted: str) -> None:
    client, store = opened
    with store.session() as session:
        later = datetime.now(UTC) + timedelta(hours=1)
        while services.count_benefits(session, now=later):
            pass
    sign_in(client, "leader")
    board = words(client.get("/office/benefits").text)
    assert "7 少跑（趟），1 件准予办结中" in board and "16 少交材料（份）" in board, "one paper was handed in"
    assert "1,408.00 合计为群众节省（元）" in board and "每趟 200.00 元" in board, "7 trips at 200 yuan, 16 papers at 0.5"
    assert "没有到窗口的 / 全部办结" in board
    file = client.get("/office/benefits.csv")
    assert file.headers["content-type"].startswith("text/csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("month,item,title,ended,granted") and any(f",{ITEM}," in one and ",2,1,2,7,16,0," in one for one in lines)
    assert any(one.startswith("unit cost,visit") for one in lines)
    sign_in(client, "clerk")
    assert client.get("/office/benefits").status_code == 403
