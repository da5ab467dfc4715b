"""The small city as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.collect.small import SmallCity, small_city

from datong import store


@pytest.fixture
def city(tmp_path: Path, sqlite_store: store.Store) -> SmallCity:
    """A city on SQLite."""
    return small_city(tmp_path, sqlite_store)


@pytest.fixture
def any_city(tmp_path: Path, any_store: store.Store) -> SmallCity:
    """A city on SQLite, and one on PostgreSQL."""
    return small_city(tmp_path, any_store)
