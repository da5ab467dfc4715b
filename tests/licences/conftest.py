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
from datong.store import Session, Store, open_store

PACKS = Path(__file__).parents[2] / "packs"


@cache
def packs() -> Packs:
    return load_packs(PACKS)


@pytest.fixture
def opened(migrated_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store with the door installed and a home of its own for keys."""
    shutil.copy(migrated_file, tmp_path / "store.db")
    settings = load_settings(tmp_path / "home", environ={}, packs=str(PACKS), store=f"sqlite:///{tmp_path / 'store.db'}")
    found = open_store(settings)
    share.install(found, settings, packs())
    yield found
    found.close()


@pytest.fixture
def any_opened(any_store: Store, tmp_path: Path) -> Store:
    """The same, once on SQLite and once on PostgreSQL."""
    share.install(any_store, load_settings(tmp_path / "home", environ={}, packs=str(PACKS)), packs())
    return any_store


@pytest.fixture
def session(opened: Store) -> Iterator[Session]:
    with opened.session() as found:
        yield found


@pytest.fixture
def city(session: Session) -> City:
    return fill(session)
