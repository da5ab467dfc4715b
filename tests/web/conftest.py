"""A small office at its door: a store with accounts, an application, a client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from datong.settings import Settings, load_settings
from datong.store import Store, migrate, open_store
from datong.web import NewAccount, create_account, create_app

PASSWORD = "correct horse"
CLERK = NewAccount("clerk", PASSWORD, "王窗口", "officer", "approval", "政务服务大厅", ("window_clerk",), ("3703",))
STEWARD = NewAccount("steward", PASSWORD, "李管家", "officer", "data_office", "数据局", ("steward",), ("",))
AUDITOR = NewAccount("auditor", PASSWORD, "赵审计", "officer", "data_office", "数据局", ("auditor",), ("",))
LEADER = NewAccount("leader", PASSWORD, "钱区长", "officer", "sub_district", "四宝山街道", ("leader",), ("370303",))
CITIZEN = NewAccount("citizen", PASSWORD, "张三", "citizen", subject="P000000000")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(tmp_path_factory.mktemp("city"), {}, demo="1")


@pytest.fixture(scope="session")
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    migrate(opened)
    with opened.session() as session:
        for account in (CLERK, STEWARD, AUDITOR, LEADER, CITIZEN):
            create_account(session, account)
    yield opened
    opened.close()


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store), follow_redirects=False) as made:
        yield made


def form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def sign_in(client: TestClient, account_id: str, password: str = PASSWORD) -> None:
    token = form_token(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"form_token": token, "account_id": account_id, "password": password})
    assert answer.status_code == 303, answer.text


def post(client: TestClient, path: str, page: str, **fields: str):
    """Send a form from `page`, with the token it carries."""
    return client.post(path, data={"form_token": form_token(client.get(page).text), **fields})


@pytest.fixture
def home(settings: Settings) -> Path:
    return settings.home
