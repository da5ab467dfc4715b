"""The migrations lead to just the schema that `store/schema` declares, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from datong import store
from datong.store.schema import METADATA


def test_the_migrated_store_is_the_declared_schema(any_store: store.Store) -> None:
    engine = create_engine(any_store.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()
    assert differences == [], "the schema has changed: write a migration"
