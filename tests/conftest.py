"""Fixtures that every folder of tests may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from datong import store
from datong.settings import load_settings
from tests import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server's address; skips with a reason where there is none."""
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[store.Store]:
    """An empty migrated store, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path / 'store.db'}")
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield from _opened(url)


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[store.Store]:
    """An empty migrated SQLite store."""
    yield from _opened(f"sqlite:///{tmp_path / 'store.db'}")


@pytest.fixture
def fresh_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a walk's city keeps its store: SQLite, or PostgreSQL when DATONG_STORE names a server."""
    if os.environ.get("DATONG_STORE", "").startswith("postgres"):
        with postgres.database(request.getfixturevalue("postgres_server")) as url:
            yield url
    else:
        yield ""


def _opened(url: str) -> Iterator[store.Store]:
    opened = store.open_store(load_settings(store=url, environ={}))
    store.migrate(opened)
    yield opened
    opened.close()
