"""Quick reading on PostgreSQL gives what the driver gives, and leaves to it what it cannot read."""

from __future__ import annotations

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
