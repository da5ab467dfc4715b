"""Kept files, lake files and foreign tables."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datong import store
from datong.domain.errors import BadDelivery, BadSettings
from datong.settings import Settings, load_settings


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "home", environ={})


def test_content_is_kept_once_under_its_hash(city: Settings, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 1_000_000)
    first = store.keep_file(city, tmp_path / "a")
    again = store.keep_blocks(city, [b"abc"] * 1_000_000)
    assert first == again and first.size == 3_000_000
    assert store.raw_file(city, first.sha256).read_bytes() == b"abc" * 1_000_000
    assert len([path for path in city.home.rglob("*") if path.is_file()]) == 1


def test_a_content_is_dropped_once_nobody_has_kept_it_for_an_hour(city: Settings) -> None:
    kept = store.keep_bytes(city, b"abc", "papers")
    assert not store.drop_file(city, kept.sha256, "papers") and kept.path.is_file()
    os.utime(kept.path, (1, 1))
    assert store.keep_bytes(city, b"abc", "papers") == kept
    assert not store.drop_file(city, kept.sha256, "papers"), "kept again just now"
    os.utime(kept.path, (1, 1))
    assert store.drop_file(city, kept.sha256, "papers") and store.drop_file(city, kept.sha256, "papers")
    assert [path for path in city.home.rglob("*") if path.is_file()] == []


def test_content_that_breaks_off_leaves_nothing(city: Settings) -> None:
    def broken():
        yield b"abc"
        raise OSError("the line is cut")

    with pytest.raises(OSError, match="cut"):
        store.keep_blocks(city, broken())
    assert [path for path in city.home.rglob("*") if path.is_file()] == []


def test_sweeping_takes_what_dead_processes_left_only(city: Settings) -> None:
    folder = city.home / "raw"
    folder.mkdir(parents=True)
    living, dead, other = folder / f".{os.getpid()}.x.tmp", folder / ".999999999.x.tmp", folder / ".notes.tmp"
    for path in (living, dead, other):
        path.touch()
    assert store.sweep_temporary(folder) == 1
    assert living.exists() and other.exists() and not dead.exists()
    assert store.sweep_temporary(city.home / "nowhere") == 0


def test_a_lake_file_is_in_its_place_whole_or_not_at_all(city: Settings) -> None:
    schema = pa.schema([("a", pa.string())])
    place = store.lake_file(city, "resident", "d000001")
    with pytest.raises(RuntimeError), store.LakeWriter(place, schema) as writer:
        writer.write(pa.RecordBatch.from_pydict({"a": ["x"]}, schema=schema))
        raise RuntimeError
    assert list(place.parent.iterdir()) == []
    with store.LakeWriter(place, schema) as writer:
        for _ in range(3):
            writer.write(pa.RecordBatch.from_pydict({"a": ["x", "y"]}, schema=schema))
        writer.finish()
        assert not place.exists()
        writer.place()
    assert pq.read_table(place).num_rows == 6 and list(place.parent.iterdir()) == [place]


def test_duckdb_works_within_the_city(city: Settings) -> None:
    with store.open_duck(city) as duck:
        assert duck.execute("SELECT current_setting('threads'), current_setting('temp_directory')").fetchall() == [
            (city.threads, str(city.home / "tmp" / "duck"))
        ]


def test_a_foreign_table_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "f.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a, b, c)")
        connection.execute("INSERT INTO t VALUES (1.0, NULL, x'ff')")
    connection.close()
    assert list(store.read_table(f"sqlite:///{path}", store.table_query("t"))) == [(["a", "b", "c"], [("1", "", "\ufffd")])]
    with pytest.raises(BadSettings):
        list(store.read_table(f"sqlite:///{path}", "DROP TABLE t"))
    with pytest.raises(BadDelivery):
        list(store.read_table(f"sqlite:///{path}", "WITH x AS (SELECT 1) DELETE FROM t"))
    with pytest.raises(BadDelivery):
        list(store.read_table("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1", "SELECT 1"))


@pytest.mark.parametrize("name", ['t"; DROP TABLE x', "a.b.c", "", "t t", "t;"])
def test_a_table_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadSettings):
        store.table_query(name)
