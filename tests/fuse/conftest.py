"""The small world, once on SQLite and once on PostgreSQL where it matters."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuse.world import World

from datong.settings import load_settings
from datong.store import Store


@pytest.fixture
def world(sqlite_store: Store, tmp_path: Path) -> World:
    """An empty city on SQLite."""
    return World(sqlite_store, load_settings(tmp_path / "city", environ={}))


@pytest.fixture
def any_world(any_store: Store, tmp_path: Path) -> World:
    """An empty city on each database."""
    return World(any_store, load_settings(tmp_path / "city", environ={}))
