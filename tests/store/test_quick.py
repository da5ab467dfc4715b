"""Quick reading on PostgreSQL gives what the driver gives, and leaves to it what it cannot read."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datong import store
from datong.store import quick

pytestmark = pytest.mark.postgres
TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=20)
NUMBER = st.integers(-(2**62), 2**62)
KINDS = """SELECT :text::text AS t, :number::bigint AS n, :nothing::text AS none, :number::bigint > 0 AS more, convert_to(:text, 'UTF8') AS raw,
 one.n AS row FROM generate_series(1, :rows::int) AS one(n) ORDER BY one.n"""


def both(session: store.Session, sql: str, params: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """The rows by the quick way and by the driver."""
    rows = session.all(sql, params)
    known, session._quick = session._quick, None
    try:
        return rows, session.all(sql, params)
    finally:
        session._quick = known


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT, NUMBER, st.integers(0, 5))
def test_it_reads_what_the_driver_reads(postgres_store: store.Store, text: str, number: int, rows: int) -> None:
    with postgres_store.session(read_only=True) as session:
        ours, theirs = both(session, KINDS, {"text": text, "number": number, "nothing": None, "rows": rows})
        assert ours == theirs and len(ours) == rows
        assert session._quick and all(session._quick.values()), "it was read quickly"
        assert session.one(KINDS, {"text": text, "number": number, "nothing": None, "rows": rows}) == (theirs[0] if rows else None)


def test_what_it_cannot_read_the_driver_does(postgres_store: store.Store) -> None:
    with postgres_store.session(read_only=True) as session:
        assert both(session, "SELECT 1.5::numeric, now()::date IS NULL", {})[0][0][1] is False
        assert session._quick == {"SELECT 1.5::numeric, now()::date IS NULL": None}
        assert session.all("SELECT :many::float8", {"many": 0.5}) == [(0.5,)], "a value of another kind"
        for _ in range(2):
            with pytest.raises(psycopg.errors.UndefinedTable):
                session.all("SELECT 1 FROM no_such_table", {})
            with pytest.raises(psycopg.errors.DivisionByZero):
                session.all("SELECT 1 / :nought::int", {"nought": 0})
        assert session.all("SELECT :text::text", {"text": "还在"}) == [("还在",)], "and the connection is as good as before"


def test_a_table_that_changes_its_shape_is_read_all_the_same(postgres_store: store.Store) -> None:
    with postgres_store.session() as session:
        session.run("CREATE TABLE shape (a text)")
        session.run("INSERT INTO shape VALUES ('x')")
    with postgres_store.session(read_only=True) as session:
        assert session.all("SELECT * FROM shape") == [("x",)]
    with postgres_store.session() as session:
        assert session._quick is None, "in a transaction the driver reads"
        session.run("ALTER TABLE shape ADD COLUMN b int DEFAULT 7")
    for _ in range(2):
        with postgres_store.session(read_only=True) as session:
            assert session.all("SELECT * FROM shape") == [("x", 7)]


def test_names_become_numbers() -> None:
    assert quick.numbered("SELECT a::text FROM t WHERE a = :x AND b = :y AND c = :x") == (
        b"SELECT a::text FROM t WHERE a = $1 AND b = $2 AND c = $1",
        ("x", "y"),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, NUMBER, st.binary(max_size=40)), min_size=1, max_size=12))
def test_several_tables_are_filled_by_one_statement_as_by_one_each(postgres_store: store.Store, rows: list[tuple[str, int, bytes]]) -> None:
    with postgres_store.session() as session:
        session.run("CREATE TABLE IF NOT EXISTS kept (a text, n bigint, raw bytea)")
        session.run("CREATE TABLE IF NOT EXISTS also (n bigint, a text)")
        session.run("TRUNCATE kept, also")
    with postgres_store.session() as session:
        session.load_all([("kept", ("a", "n", "raw"), rows), ("also", ("n", "a"), [(n, a) for a, n, _ in rows]), ("kept", ("a",), [])])
    with postgres_store.session(read_only=True) as session:
        assert sorted(session.all("SELECT a, n, raw FROM kept")) == sorted(rows)
        assert sorted(session.all("SELECT n, a FROM also")) == sorted((n, a) for a, n, _ in rows)


def test_rows_that_do_not_fit_fail_as_a_whole(any_store: store.Store) -> None:
    with any_store.session() as session:
        session.run("CREATE TABLE one (n bigint primary key)")
        session.run("CREATE TABLE other (n bigint primary key)")
        session.load_all([("one", ("n",), [(1,)])])
    loads = [("one", ("n",), [(2,)]), ("other", ("n",), [(1,), (1,)])]
    with pytest.raises((psycopg.errors.UniqueViolation, sqlite3.IntegrityError)), any_store.session() as session:
        session.load_all(loads)
    with any_store.session() as session:
        assert session.all("SELECT n FROM one") == [(1,)]
        assert session.all("SELECT n FROM other") == []


def test_a_query_after_a_lock_sees_what_was_committed_meanwhile(postgres_store: store.Store) -> None:
    with postgres_store.session() as session:
        session.run("CREATE TABLE shape (n bigint)")
    lock, read = "SELECT pg_advisory_xact_lock(77)", "SELECT count(*) FROM shape"
    waiting = postgres_store.session()

    def later() -> list[Any]:
        with waiting as session:
            session.all_after(lock, read)
            return session.all_after(lock, read)

    with ThreadPoolExecutor(1) as pool:
        with postgres_store.session() as session:
            assert session.all_after(lock, read) == [(0,)]
            done = pool.submit(later)
            time.sleep(0.2)
            session.run("INSERT INTO shape VALUES (1)")
            assert not done.done(), "it waits for the lock"
        assert done.result(10) == [(1,)]
    with postgres_store.session() as session:  # the driver forgets what it has prepared when a part is undone
        for number in range(8):
            assert session.one("SELECT :n::bigint", {"n": number}) == (number,)
        with suppress(RuntimeError), session.savepoint():
            raise RuntimeError
        assert session.all_after(lock, read) == [(1,)]
        session.load_all([("shape", ("n",), [(2,)])])
        session.run("DELETE FROM shape WHERE n = 2")
    with pytest.raises(psycopg.errors.UndefinedTable), postgres_store.session() as session:
        session.all_after(lock, "SELECT 1 FROM no_such_table")
    with postgres_store.session() as session:
        assert session.all_after(lock, read) == [(1,)], "and the connection is as good as before"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, NUMBER, st.integers(0, 3)), min_size=2, max_size=5))
def test_what_is_read_ahead_is_what_is_read(postgres_store: store.Store, asked: list[tuple[str, int, int]]) -> None:
    queries = [(KINDS, {"text": text, "number": number, "nothing": None, "rows": rows}) for text, number, rows in asked]
    with postgres_store.session(read_only=True) as session:
        plain = [session.all(*query) for query in queries]
        session.ahead(queries)
        assert len(session._ahead) == len({tuple(params.values()) for _, params in queries})
        assert [session.all(*query) for query in queries] == plain
        assert not session._ahead, "each answer serves once"
        session.ahead(queries)
        assert [session.one(*query) for query in queries] == [rows[0] if rows else None for rows in plain]


def test_what_fails_ahead_fails_where_it_is_asked(postgres_store: store.Store) -> None:
    text, number = "SELECT :text::text", "SELECT 1 / :nought::int"
    with postgres_store.session(read_only=True) as session:
        for _ in range(2):
            session.ahead([(text, {"text": "x"}), (number, {"nought": 0}), (text, {"text": "y"}), ("SELECT 1 FROM no_such_table", {})])
            assert session.all(text, {"text": "x"}) == [("x",)]
            assert session.all(text, {"text": "y"}) == [("y",)], "not read after a failure, so asked for now"
            with pytest.raises(psycopg.errors.DivisionByZero):
                session.all(number, {"nought": 0})
            with pytest.raises(psycopg.errors.UndefinedTable):
                session.all("SELECT 1 FROM no_such_table", {})
        session.ahead([(text, {"text": "old"}), (text, {"text": "other"})])
    with postgres_store.session(read_only=True) as session:
        assert not session._ahead
        assert session.all(text, {"text": "old"}) == [("old",)]


def test_reading_ahead_changes_nothing_on_sqlite(sqlite_store: store.Store) -> None:
    with sqlite_store.session(read_only=True) as session:
        session.ahead([("SELECT :n", {"n": 1}), ("SELECT :n", {"n": 2})])
        assert session.all("SELECT :n", {"n": 2}) == [(2,)]
