from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.licences.conftest import opened, packs, session  # noqa: F401 - fixtures

from datong import share
from datong.settings import load_settings
from datong.store import Session, Store

PACKS = Path(__file__).parents[2] / "packs"


@pytest.fixture
def any_session(any_store: Store, tmp_path: Path) -> Iterator[Session]:
    """A session with the door installed and a home for keys, once on SQLite and once on PostgreSQL."""
    share.install(any_store, load_settings(tmp_path / "home", environ={}, packs=str(PACKS)), packs())
    with any_store.session() as found:
        yield found
