"""Lines are found by subject and by actor as if one looked at each, however they stand in runs; and a verification sees what was hidden."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.sample import NOW, SIGNER, change, flaws, line, verified
from tests.store.test_migrations import migrate_to

from datong import ledger, store
from datong.ledger import runs, verify
from datong.settings import load_settings

BY = ledger.Line("erasure", NOW, actor="auditor", department="data_office", body={"reason": "retention"})
COUNT = "SELECT department, count(*) FROM ledger_by_subject WHERE subject = :code AND at >= :since GROUP BY department ORDER BY department"


@pytest.fixture(autouse=True)
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("EVERY", 16), ("FAN", 3), ("PIECE", 9)):
        monkeypatch.setattr(runs, name, value)
    monkeypatch.setattr(verify, "STRETCH", 64)


def filled(opened: store.Store, count: int) -> list[str]:
    """Lines in transactions of different sizes; every third time lies before those of the lines before it."""
    ids: list[str] = []
    draw = random.Random(3)
    while len(ids) < count:
        more = min(draw.choice((1, 2, 7, 40)), count - len(ids))
        with opened.session() as session:
            ids += ledger.append(session, *(late(len(ids) + number) for number in range(more)))
            ledger.checkpoint(session, SIGNER, NOW)
    return ids


def late(number: int) -> ledger.Line:
    return line(number, at=f"2026-01-{number // 10 % 28 + 1 - (number % 3 == 0) * (number // 10 % 2):02}T08:00:{number % 60:02}Z")


def every_page(session: store.Session, **wanted: Any) -> list[int]:
    """The leaves of all pages, in their order."""
    found: list[int] = []
    cursor = ""
    while True:
        subject = wanted.get("subject")
        others = {name: value for name, value in wanted.items() if name != "subject"}
        if subject:
            page = ledger.lines_of_subject(session, subject, limit=5, cursor=cursor, **others)
        else:
            page = ledger.lines_by(session, limit=5, cursor=cursor, **others)
        found += [one.leaf_index for one in page.lines]
        cursor = page.next_cursor
        if not cursor:
            return found


def looked_at_each(session: store.Session, **wanted: Any) -> list[int]:
    """The same by looking at every line there is."""
    since, until = wanted.pop("since", ""), wanted.pop("until", "")
    found = [
        (at, leaf)
        for leaf, at, *rest in session.all("SELECT leaf_index, at, subject, actor, department FROM ledger_line")
        if at >= since and (not until or at < until)
        if all(dict(zip(("subject", "actor", "department"), rest, strict=True))[name] == value for name, value in wanted.items())
    ]
    return [leaf for _, leaf in sorted(found, reverse=True)]


ASKED: tuple[dict[str, Any], ...] = (
    {"subject": "P000000003"},
    {"subject": "P000000004", "department": "police"},
    {"subject": "P000000005", "since": "2026-01-05", "until": "2026-01-12"},
    {"actor": "officer1"},
    {"actor": "officer2", "department": "housing", "until": "2026-01-09"},
    {"department": "police"},
)


def same(opened: store.Store) -> None:
    with opened.session(read_only=True) as session:
        for wanted in ASKED:
            assert every_page(session, **wanted) == looked_at_each(session, **wanted), wanted
        counted = session.all(COUNT, {"code": "P000000003", "since": "2026-01-04"})
        assert counted == session.all(COUNT.replace("ledger_by_subject", "ledger_line"), {"code": "P000000003", "since": "2026-01-04"})


def piece_by_piece(opened: store.Store) -> Iterator[None]:
    """Runs joined, one transaction at a time."""
    while True:
        with opened.session() as session:
            piece = runs.next_piece(session)
            if piece is None:
                return
            runs.do_piece(session, piece)
        yield


def test_what_is_found_is_what_is_there(any_store: store.Store) -> None:
    filled(any_store, 230)
    same(any_store)
    assert verified(any_store).sound


def test_runs_are_joined_and_nobody_sees_it(sqlite_store: store.Store) -> None:
    ids = filled(sqlite_store, 480)
    steps = 0
    for _ in piece_by_piece(sqlite_store):
        steps += 1
        if steps == 4:
            with sqlite_store.session() as session:
                ledger.erase(session, [*ids[3:9], *ids[100:102], ids[479]], BY)
        if steps % 6 == 0:
            same(sqlite_store)
            assert verified(sqlite_store).sound
    assert steps > 15
    with sqlite_store.session() as session:
        assert session.one("SELECT max(level) FROM ledger_index_run") == (2,)
        rows = session.one("SELECT count(*) FROM ledger_subject_index WHERE leaf_index IN (3, 4, 5, 6, 7, 8, 100, 101, 479)")
    assert rows == (0,), "what is erased stands in no run"
    same(sqlite_store)
    assert verified(sqlite_store).sound


def test_a_piece_that_was_prepared_stays_right_whatever_happens_before_it_is_done(sqlite_store: store.Store) -> None:
    ids = filled(sqlite_store, 150)
    steps = 0
    while True:
        with sqlite_store.session(read_only=True) as session:
            piece = runs.next_piece(session)
        if piece is None:
            break
        steps += 1
        if steps in (3, 5):  # lines go meanwhile, and others come
            with sqlite_store.session() as session:
                ledger.erase(session, ids[steps * 4 : steps * 4 + 3], BY)
        if steps == 9:  # all runs are made anew meanwhile: what was prepared moves nothing
            with sqlite_store.session() as session:
                ledger.index_anew(session)
        with sqlite_store.session() as session:
            runs.do_piece(session, piece)
        same(sqlite_store)
        assert verified(sqlite_store).sound
    assert steps > 8


def test_two_workers_that_begin_at_once_begin_once(sqlite_store: store.Store) -> None:
    filled(sqlite_store, 200)
    with sqlite_store.session() as session:
        first, second = runs.next_piece(session), runs.next_piece(session)
        assert first is not None and second is not None
        runs.do_piece(session, first)
        begun = session.all("SELECT * FROM ledger_index_run ORDER BY run")
        runs.do_piece(session, second)
        assert session.all("SELECT * FROM ledger_index_run ORDER BY run") == begun
    assert verified(sqlite_store).sound


def test_joining_ends_when_its_time_is_over_and_goes_on_the_next_time(sqlite_store: store.Store) -> None:
    filled(sqlite_store, 200)
    assert ledger.join_runs(sqlite_store, seconds=0.0) == 0
    assert ledger.join_runs(sqlite_store, rest=1.0) > 10
    same(sqlite_store)


def test_a_piece_is_two_statements(sqlite_store: store.Store) -> None:
    """In a busy process each statement waits for its turn while the store is locked."""
    filled(sqlite_store, 200)
    for _ in range(20):
        with sqlite_store.session() as session:
            piece = runs.next_piece(session)
            if piece is None:
                break
            assert len(piece.statements) <= 2
            runs.do_piece(session, piece)


def test_the_worker_joins_until_nothing_is_left_to_join(any_store: store.Store) -> None:
    filled(any_store, 200)
    done = ledger.join_runs(any_store)
    assert (done > 10) is (any_store.dialect == "sqlite")
    assert ledger.join_runs(any_store) == 0
    same(any_store)


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM ledger_subject_index WHERE leaf_index = 70",
        "DELETE FROM ledger_actor_index WHERE leaf_index = 70",
        "UPDATE ledger_subject_index SET department = 'housing' WHERE leaf_index = 70",
        "UPDATE ledger_actor_index SET at = '2020-01-01T08:00:00Z' WHERE leaf_index = 70",
        "UPDATE ledger_subject_index SET run = 99 WHERE leaf_index = 70",
        "UPDATE ledger_index_run SET at_last = '' WHERE first <= 70 AND last >= 70",
        "UPDATE ledger_index_run SET at_first = '2030' WHERE first <= 70 AND last >= 70",
        "UPDATE ledger_index_run SET first = last WHERE first <= 70 AND last >= 70",
        "DELETE FROM ledger_index_run WHERE first <= 70 AND last >= 70",
        """INSERT INTO ledger_index_run (run, first, last, level, at_first, at_last, goes_to)
        VALUES (999, 0, 9999, 0, '', '9', 0)""",
        """INSERT INTO ledger_subject_index (run, subject, at, leaf_index, actor, type, purpose, department, unit)
        SELECT 999, subject, at, leaf_index, actor, type, purpose, department, unit FROM ledger_line WHERE leaf_index = 70""",
    ],
)
def test_an_index_that_hides_or_invents_is_found_and_made_anew(sqlite_store: store.Store, tampering: str) -> None:
    filled(sqlite_store, 150)
    change(sqlite_store, tampering)
    assert {kind for kind, _ in flaws(sqlite_store)} == {"index"}
    with sqlite_store.session() as session:
        ledger.index_anew(session)
    assert verified(sqlite_store).sound
    same(sqlite_store)


def test_a_record_of_before_is_found_after_migrating(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.db'}"
    migrate_to(address, "0033")
    opened = store.open_store(load_settings(store=address, environ={}))
    columns = ("leaf_index", "line_id", "at", "type", "subject", "actor", "department", "unit", "purpose", "body", "salt")
    with opened.session() as session:
        old = [late(number) for number in range(50)]
        session.load("ledger_line", columns, [
            (at, f"{at:022x}", one.at, one.type, one.subject, one.actor, one.department, one.unit, one.purpose, "{}", "00" * 16)
            for at, one in enumerate(old)
        ])  # fmt: skip
    store.migrate(opened)
    same(opened)
    with opened.session(read_only=True) as session:
        assert session.one("SELECT first, last FROM ledger_index_run") == (0, 49)
        assert runs.unfound(session, 0, 50) == ({"subject": 50, "actor": 50}, [])
        assert not session.index_names("ledger_line") & {"ledger_line_by_subject", "ledger_line_by_actor"}
    opened.close()


def test_no_search_goes_through_all_lines(sqlite_store: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(sqlite_store, 150)
    asked: list[tuple[str, dict[str, Any]]] = [(COUNT, {"code": "P000000003", "since": "2026-01-04"})]
    with sqlite_store.session(read_only=True) as session:
        plain = session.all

        def listened(sql: str, params: dict[str, Any] | None = None) -> list[store.Row]:
            asked.append((sql, params or {}))
            return plain(sql, params)

        monkeypatch.setattr(session, "all", listened)
        for wanted in ASKED[:5]:
            every_page(session, **wanted)
        runs.unfound(session, 0, 100)
        plans = {row[3] for sql, params in asked for row in plain(f"EXPLAIN QUERY PLAN {sql}", params)}
    of_lines = {plan for plan in plans if "ledger_line" in plan or " l " in plan}
    assert of_lines
    assert all("INTEGER PRIMARY KEY" in plan for plan in of_lines), of_lines
