"""The operational store behaves the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading

import pytest

from datong import store
from datong.domain.errors import BadSettings, Busy
from datong.store.session import percent_style


def add(session: store.Session, code: str, serial: int = 1) -> None:
    session.run(
        "INSERT INTO subject (code, kind, serial, issued_at, state, merged_into) VALUES (:code, 'person', :serial, '2026-01-01', 'active', '')",
        {"code": code, "serial": serial},
    )


def test_leaving_a_session_commits(any_store: store.Store) -> None:
    with any_store.session() as session:
        add(session, "P1")
    with any_store.session(read_only=True) as session:
        assert session.one("SELECT code, serial FROM subject") == ("P1", 1)


def test_an_exception_rolls_everything_back(any_store: store.Store) -> None:
    with pytest.raises(RuntimeError), any_store.session() as session:
        add(session, "P1")
        raise RuntimeError
    with any_store.session(read_only=True) as session:
        assert session.all("SELECT code FROM subject") == []


def test_rows_come_as_tuples_or_by_name(any_store: store.Store) -> None:
    with any_store.session() as session:
        add(session, "P1")
        assert session.dicts("SELECT code, serial FROM subject") == [{"code": "P1", "serial": 1}]
        assert session.run("UPDATE subject SET state = 'merged' WHERE code = :code", {"code": "P1"}) == 1
        assert session.run("UPDATE subject SET state = 'merged' WHERE code = :code", {"code": "P2"}) == 0


def test_many_and_load_fill_tables(any_store: store.Store) -> None:
    columns = ("code", "kind", "serial", "issued_at", "state", "merged_into")
    with any_store.session() as session:
        session.load("subject", columns, ((f"P{n}", "person", n, "2026-01-01", "active", "") for n in range(1000)))
        session.many("UPDATE subject SET merged_into = :into WHERE code = :code", [{"code": f"P{n}", "into": "P0"} for n in range(10)])
        assert session.one("SELECT count(*), count(*) FILTER (WHERE merged_into = 'P0') FROM subject") == (1000, 10)


def test_percent_signs_and_casts_survive_the_rewriting() -> None:
    assert percent_style("SELECT x::text FROM t WHERE a LIKE 'b%' AND c = :c") == "SELECT x::text FROM t WHERE a LIKE 'b%%' AND c = %(c)s"


def test_a_like_pattern_works_on_both(any_store: store.Store) -> None:
    with any_store.session() as session:
        add(session, "P1")
        assert session.one("SELECT code FROM subject WHERE code LIKE :prefix", {"prefix": "P%"}) == ("P1",)
        assert session.one("SELECT code FROM subject WHERE code LIKE 'P%'") == ("P1",)


def test_migrating_twice_changes_nothing(any_store: store.Store) -> None:
    with any_store.session() as session:
        add(session, "P1")
    store.migrate(any_store)
    with any_store.session(read_only=True) as session:
        assert session.one("SELECT count(*) FROM subject") == (1,)


def test_an_unknown_store_address_is_refused_with_the_mend() -> None:
    with pytest.raises(BadSettings, match="postgresql://"):
        store.Store("mysql://nowhere")


@pytest.mark.postgres
def test_two_transactions_in_each_others_way_end_in_busy_for_one_and_well_for_the_other(postgres_store: store.Store) -> None:
    with postgres_store.session() as session:
        add(session, "P1", 1)
        add(session, "P2", 2)
    both_hold_one, outcomes = threading.Barrier(2), []

    def change(first: str, second: str) -> None:
        try:
            with postgres_store.session() as session:
                session.run("UPDATE subject SET state = 'merged' WHERE code = :code", {"code": first})
                both_hold_one.wait(timeout=20)
                session.run("UPDATE subject SET state = 'merged' WHERE code = :code", {"code": second})
            outcomes.append("done")
        except Busy as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=change, args=pair) for pair in (("P1", "P2"), ("P2", "P1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["Another transaction changes the same things at this moment; try again.", "done"]
    with postgres_store.session(read_only=True) as session:
        assert session.one("SELECT count(*) FROM subject WHERE state = 'merged'") == (2,)


def test_a_writer_that_waited_in_vain_is_told_to_come_again(sqlite_store: store.Store) -> None:
    with sqlite_store.session() as holding:
        add(holding, "P1")
        with pytest.raises(Busy), sqlite_store.session(wait=False) as second:
            add(second, "P2")


@pytest.mark.parametrize("spare", [False, True])
def test_what_is_remembered_of_a_transaction_is_remembered_once_it_stands(any_store: store.Store, spare: bool) -> None:
    known: list[str] = []
    with any_store.session() as session:
        if spare:
            session.spare_savepoints()
        session.when_durable(lambda: known.append("kept"))
        with pytest.raises(ValueError, match="no"), session.savepoint():
            session.when_durable(lambda: known.append("part"))
            raise ValueError("no")
        assert known == []
    assert known == ["kept"]
    with pytest.raises(ValueError, match="no"), any_store.session() as session:
        session.when_durable(lambda: known.append("undone"))
        raise ValueError("no")
    assert known == ["kept"]
