from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.share.city import City, fill

from datong import share
from datong.settings import load_settings
from datong.spec import Packs, load_packs
from datong.store import Session, Store

PACKS = Path(__file__).parents[2] / "packs"


@cache
def packs() -> Packs:
    return load_packs(PACKS)


@pytest.fixture
def opened(any_store: Store) -> Store:
    """A store with the door installed and the tiny city committed."""
    share.install(any_store, load_settings(environ={}, packs=str(PACKS)), packs())
    return any_store


@pytest.fixture
def session(opened: Store) -> Iterator[Session]:
    with opened.session() as found:
        yield found


@pytest.fixture
def city(session: Session) -> City:
    return fill(session)
