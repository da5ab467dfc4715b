"""Fixtures that every folder of tests may use."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

sys.path.insert(0, str(Path(__file__).parent.parent))

from datong import store
from datong.settings import load_settings
from tests import postgres
from tests.simulated_city import city, template

__all__ = ["city", "template"]
examples.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("untimed")  # how fast a machine is at the moment is nothing that a test may fail by


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's driver keeps an event loop running in this thread: its tests come last."""
    items.sort(key=lambda item: "/browser/" in str(item.path))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server's address; skips with a reason where there is none."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite store, to be copied: migrating anew for each test would take most of its time."""
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str) -> Iterator[str]:
    """The name of an empty migrated PostgreSQL database, to be copied."""
    with postgres.database(postgres_server) as url:
        _migrate(url)
        yield postgres.name_of(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[store.Store]:
    """An empty migrated store, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield from _copied(request.getfixturevalue("migrated_file"), tmp_path)
        return
    with postgres.database(request.getfixturevalue("postgres_server"), request.getfixturevalue("migrated_database")) as url:
        yield from _opened(url)


@pytest.fixture
def postgres_store(postgres_server: str, migrated_database: str) -> Iterator[store.Store]:
    """An empty migrated PostgreSQL store."""
    with postgres.database(postgres_server, migrated_database) as url:
        yield from _opened(url)


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_file: Path) -> Iterator[store.Store]:
    """An empty migrated SQLite store."""
    yield from _copied(migrated_file, tmp_path)


def _copied(migrated: Path, folder: Path) -> Iterator[store.Store]:
    shutil.copy(migrated, folder / "store.db")
    yield from _opened(f"sqlite:///{folder / 'store.db'}")


def _opened(url: str) -> Iterator[store.Store]:
    opened = store.open_store(load_settings(store=url, environ={}))
    yield opened
    opened.close()


def _migrate(url: str) -> None:
    opened = store.open_store(load_settings(store=url, environ={}))
    store.migrate(opened)
    opened.close()
