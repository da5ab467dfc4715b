"""Bring the store's schema to the newest version, with Alembic.

Alembic and SQLAlchemy are loaded here and only when a store is migrated: nothing else needs them, and they take over a second.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from datong.store.store import Store

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection


def migrate(store: Store) -> None:
    """Run every migration that the store has not had yet, each in its own transaction."""
    from alembic import command
    from sqlalchemy import create_engine

    url = store.url.replace("postgresql://", "postgresql+psycopg://").replace("postgres://", "postgresql+psycopg://")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
