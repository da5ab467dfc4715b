"""Reading for many at once gives each what it would have read alone; a journey that fails harms nobody after it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datong import store
from datong.store.quick import Query

pytestmark = pytest.mark.postgres
TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=6)
NUMBER = st.integers(-3, 3)
ORDERED = "SELECT a, n, raw, n > 0 AS more FROM kept WHERE a = :a OR n = :n ORDER BY n, a, raw"
FIRST = "SELECT n FROM kept WHERE a = :a AND n = :n ORDER BY raw LIMIT 1"
EITHER = "SELECT a FROM kept WHERE a = :a UNION SELECT a FROM kept k WHERE k.n = :n AND k.a <> :a"
QUERIES = (ORDERED, FIRST, EITHER)
ROWS = st.lists(st.tuples(TEXT, NUMBER, st.binary(max_size=5)), max_size=12)
ASKED = st.lists(st.tuples(st.sampled_from(QUERIES), TEXT, NUMBER), min_size=1, max_size=9)


def together(opened: store.Store, work: Callable[[store.Reads], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        reads = store.Reads(opened)
        try:
            return await asyncio.wait_for(work(reads), 60)
        finally:
            await reads.close()

    return asyncio.run(whole())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ASKED, st.lists(st.integers(0, 11), max_size=6))
def test_each_gets_what_it_would_have_read_alone(
    postgres_store: store.Store, rows: list[tuple[str, int, bytes]], asked: list[tuple[str, str, int]], picked: list[int]
) -> None:
    with postgres_store.session() as session:
        session.run("CREATE TABLE IF NOT EXISTS kept (a text, n bigint, raw bytea)")
        session.run("TRUNCATE kept")
        session.load_all([("kept", ("a", "n", "raw"), rows)])
    known = [(sql, rows[at][0], rows[at][1]) for at in picked if at < len(rows) for sql in QUERIES]
    queries: list[Query] = [(sql, {"a": a, "n": n}) for sql, a, n in [*asked, *known]]

    async def work(reads: store.Reads) -> list[Any]:
        return list(await asyncio.gather(*(reads.read(queries[at:]) for at in range(len(queries)))))

    found = together(postgres_store, work)
    for at, one in enumerate(found):
        with postgres_store.session(read_only=True) as session, postgres_store.session(read_only=True) as alone:
            session.know(one)
            for sql, params in queries[at:]:
                assert (sql, tuple(params.items())) in one
                same = (lambda many: sorted(many)) if sql == EITHER else (lambda many: many)
                assert same(one[sql, tuple(params.items())]) == same(alone.all(sql, params))


def test_what_cannot_be_read_so_is_read_by_the_session(postgres_store: store.Store) -> None:
    fine: Query = ("SELECT :text::text", {"text": "x"})
    for wrong in ("SELECT 1.5::numeric + :text::int", "SELECT 1 FROM no_such_table WHERE a = :text"):

        async def work(reads: store.Reads, wrong: str = wrong) -> list[Any]:
            first = await reads.read([(wrong, {"text": "1"}), fine])
            return [first, await reads.read([fine]), await reads.read([("SELECT :text::text", {"text": 0.5})]), await reads.read([])]

        assert together(postgres_store, work) == [{}, {(fine[0], (("text", "x"),)): [("x",)]}, {}, {}]
    with postgres_store.session(read_only=True) as session:
        session.know({})
        assert session.all(*fine) == [("x",)]


def test_on_sqlite_nothing_travels(sqlite_store: store.Store) -> None:
    async def work(reads: store.Reads) -> Any:
        assert not reads.travels
        return await reads.read([("SELECT :text", {"text": "x"})])

    assert together(sqlite_store, work) == {}


def test_whoever_comes_while_others_are_written_waits_for_them_once(postgres_store: store.Store) -> None:
    async def whole() -> list[str]:
        told: list[str] = []

        async def write() -> None:
            await asyncio.sleep(0.05)
            told.append("written")

        writing: list[asyncio.Task[None]] = [asyncio.create_task(write())]
        reads = store.Reads(postgres_store, after=lambda: writing[0])
        await reads.read([("SELECT :text::text", {"text": "x"})])
        await reads.close()
        return [*told, "read"]

    assert asyncio.run(whole()) == ["written", "read"]


def test_a_journey_that_fails_raises_and_leaves_nothing(postgres_store: store.Store) -> None:
    async def work() -> None:
        pipe = store.Pipe(postgres_store)
        rows: list[tuple[int, str | None]] = [(1, "x"), (2, None)]
        step = store.load_step([("kept", ("n", "a"), rows), ("also", ("n",), [(1,)])])
        await pipe.journey(store.plain("CREATE TABLE kept (n bigint primary key, a text)"), store.plain("CREATE TABLE also (n bigint)"))
        await pipe.journey(store.plain("BEGIN"))
        await pipe.journey(step, store.plain("COMMIT"))
        await pipe.journey(store.plain("BEGIN"), store.plain("DELETE FROM also"))
        with pytest.raises(psycopg.errors.UniqueViolation):
            await pipe.journey(step, store.plain("COMMIT"))
        assert await pipe.journey(store.plain("SELECT n, a FROM kept ORDER BY n"), store.plain("SELECT count(*) FROM also")) == [
            rows,
            [(1,)],
        ]
        with pytest.raises(TypeError):
            await pipe.journey(store.plain("SELECT 1.5::numeric"))
        pipe.close()
        pipe.close()

    asyncio.run(work())


def test_a_session_takes_a_connection_only_when_it_asks_something_unknown(
    postgres_store: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    take = postgres_store.take_connection
    monkeypatch.setattr(postgres_store, "take_connection", lambda: taken.append(1) or take())
    with postgres_store.session(read_only=True) as session:
        session.know({("SELECT :a", (("a", "x"),)): [("y",)]})
        assert session.one("SELECT :a", {"a": "x"}) == ("y",) and not taken
        assert session.all("SELECT 1") == [(1,)] and taken == [1]
    with pytest.raises(RuntimeError):
        session.all("SELECT 1")
