from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.share.city import City, fill

from datong import share
from datong.settings import load_settings
from datong.spec import Packs, load_packs
from datong.store import Session, Store, migrate, open_store

PACKS = Path(__file__).parents[2] / "packs"


@cache
def packs() -> Packs:
    return load_packs(PACKS)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite store, made once and copied for each test."""
    path = tmp_path_factory.mktemp("share") / "store.db"
    made = open_store(load_settings(store=f"sqlite:///{path}", environ={}))
    migrate(made)
    made.close()
    return path


@pytest.fixture
def opened(empty_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store with the door installed."""
    path = tmp_path / "store.db"
    shutil.copy(empty_file, path)
    found = open_store(load_settings(store=f"sqlite:///{path}", environ={}))
    share.install(found, load_settings(environ={}, packs=str(PACKS)), packs())
    yield found
    found.close()


@pytest.fixture
def any_session(any_store: Store) -> Iterator[Session]:
    """A session with the door installed, once on SQLite and once on PostgreSQL."""
    share.install(any_store, load_settings(environ={}, packs=str(PACKS)), packs())
    with any_store.session() as found:
        yield found


@pytest.fixture
def session(opened: Store) -> Iterator[Session]:
    with opened.session() as found:
        yield found


@pytest.fixture
def city(session: Session) -> City:
    return fill(session)
