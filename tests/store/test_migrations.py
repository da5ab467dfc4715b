"""The migrations lead to just the schema that `store/schema` declares, on both databases."""

from __future__ import annotations

import json
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from datong import store
from datong.registers import read_body, write_facts
from datong.settings import load_settings
from datong.store.schema import METADATA


def test_the_migrated_store_is_the_declared_schema(any_store: store.Store) -> None:
    engine = create_engine(any_store.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        options = {"include_object": lambda one, *_: one.info.get("only_on", any_store.dialect) == any_store.dialect}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    engine.dispose()
    assert differences == [], "the schema has changed: write a migration"


def test_entries_of_the_earlier_shape_read_the_same_after_migrating(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.db'}"
    migrate_to(address, "0004")
    record = {"resource": "police_household", "department": "police", "record": "r1", "delivery": "d000001", "as_of": "2026-10-31"}
    other = {**record, "resource": "health_file", "department": "health", "record": "r2"}
    third = {**other, "record": "r3"}
    facts = {
        "name": [
            {"value": '王"小明', **record, "state": "won", "why": "order", "raw": "王 小明"},
            {"value": "王小明", **other, "state": "agrees", "why": "same_value"},
            {"value": "王小明", **third, "state": "agrees", "why": "same_value"},
        ],
        "sex": [{"value": "male", **record, "state": "won", "why": "only"}],
    }
    signs = {"paid": "2026-10", "used": "2026-09"}
    opened = store.open_store(load_settings(store=address, environ={}))
    with opened.session() as session:
        body = json.dumps({"facts": facts, "signs": signs}, ensure_ascii=False)
        session.run("INSERT INTO entry (code, kind, division, label, body) VALUES ('P1', 'person', '', '', :body)", {"body": body})
    store.migrate(opened)
    with opened.session() as session:
        row = session.one("SELECT body FROM entry")
    opened.close()
    assert row is not None and row[0] == write_facts(facts, signs), "the shape that a rebuild writes, to the letter"
    assert read_body(row[0]) == facts


def migrate_to(address: str, revision: str) -> None:
    """Bring an empty database to the schema of a time before."""
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    engine = create_engine(address)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
