"""A small city with its office at the door: a store, an application, a client for each kind of visitor."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.small_city import PASSWORD, SmallCity, fill

from datong import share
from datong.settings import Settings, load_settings
from datong.spec import load_packs
from datong.store import Store, migrate, open_store
from datong.web import create_app


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SmallCity]:
    """The home of a small city, to be copied: what one file of tests does in its city is nothing to the next."""
    settings = _settings(tmp_path_factory.mktemp("city") / "home")
    store = open_store(settings)
    migrate(store)
    city = fill(store, settings)
    store.close()
    return settings.home, city


@pytest.fixture(scope="module")
def settings(filled: tuple[Path, SmallCity], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("copy") / "home"
    shutil.copytree(filled[0], home)
    return _settings(home)


@pytest.fixture(scope="module")
def opened(settings: Settings, filled: tuple[Path, SmallCity]) -> Iterator[tuple[Store, SmallCity]]:
    store = open_store(settings)
    share.install(store, settings, load_packs(settings.packs))
    yield store, filled[1]
    store.close()


def _settings(home: Path) -> Settings:
    return load_settings(home, {}, demo="1", rate_per_minute="100000", lockout_failures="3")


@pytest.fixture
def store(opened: tuple[Store, SmallCity]) -> Store:
    return opened[0]


@pytest.fixture
def city(opened: tuple[Store, SmallCity]) -> SmallCity:
    return opened[1]


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store), follow_redirects=False) as made:
        yield made


@pytest.fixture
def clerk(client: TestClient) -> TestClient:
    """The clerk, signed in, who has chosen a purpose."""
    sign_in(client, "clerk")
    send(client, "/office/purpose", "/office/purpose", purpose="window_service")
    return client


Visitors = Callable[[str], TestClient]


@pytest.fixture
def visit(settings: Settings, store: Store) -> Iterator[Visitors]:
    """A browser of her own for each person, signed in."""
    opened: list[TestClient] = []

    def come(account: str) -> TestClient:
        made = TestClient(create_app(settings, store), follow_redirects=False)
        opened.append(made)
        sign_in(made, account)
        return made

    yield come
    for made in opened:
        made.close()


@pytest.fixture
def owner(visit: Visitors) -> TestClient:
    """The citizen who owns the flat."""
    return visit("owner")


@pytest.fixture
def window(visit: Visitors) -> TestClient:
    """The clerk at the window, at a browser of her own, who has chosen a purpose."""
    made = visit("clerk")
    send(made, "/office/purpose", "/office/purpose", purpose="window_service")
    return made


def form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def sign_in(client: TestClient, account_id: str, password: str = PASSWORD):
    token = form_token(client.get("/sign-in").text)
    return client.post("/sign-in", data={"form_token": token, "account_id": account_id, "password": password})


def send(client: TestClient, path: str, page: str, **fields: str):
    """Send a form as the browser would from `page`, with the token that page carries."""
    return client.post(path, data={"form_token": form_token(client.get(page).text), **fields})


def words(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
