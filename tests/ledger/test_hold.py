"""Lines held to the end of a transaction have their ids at once, follow its savepoints, and lie in the log as if written one by one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.sample import line, verified

from datong import ledger, store
from datong.settings import load_settings


class _OopsError(Exception):
    pass


def test_held_lines_are_written_at_the_end_under_the_ids_they_were_given(any_store: store.Store) -> None:
    with any_store.session() as session:
        before = ledger.append(session, line(0), line(1))
        ledger.hold(session)
        ids = [*ledger.append(session, line(2)), *ledger.append(session, line(3), line(4))]
        assert ledger.find_line(session, ids[0]) is None, "not yet"
    with any_store.session(read_only=True) as session:
        assert ledger.size(session) == 5
        found = [ledger.find_line(session, one) for one in (*before, *ids)]
        assert [one.leaf_index for one in found if one] == [0, 1, 2, 3, 4]
        assert [one.line for one in found if one] == [line(number) for number in range(5)]
    assert verified(any_store).sound


def test_what_a_savepoint_undoes_leaves_no_line_and_no_gap(any_store: store.Store) -> None:
    with any_store.session() as session:
        ledger.hold(session)
        first = ledger.append(session, line(0))
        with pytest.raises(_OopsError), session.savepoint():
            ledger.append(session, line(1), line(2))
            raise _OopsError
        last = ledger.append(session, line(3))
    with any_store.session(read_only=True) as session:
        assert ledger.size(session) == 2
        assert [ledger.find_line(session, one).line for one in (*first, *last)] == [line(0), line(3)]  # type: ignore[union-attr]
    assert verified(any_store).sound


def test_a_transaction_that_fails_leaves_none(any_store: store.Store) -> None:
    with pytest.raises(_OopsError), any_store.session() as session:
        ledger.hold(session)
        ledger.append(session, line(0))
        raise _OopsError
    with any_store.session(read_only=True) as session:
        assert ledger.size(session) == 0


@pytest.fixture(scope="module")
def two_logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[store.Store, store.Store]]:
    """Two logs that are written to alike, one of them held."""
    first, second = (store.open_store(load_settings(tmp_path_factory.mktemp("log"), environ={})) for _ in range(2))
    store.migrate(first)
    store.migrate(second)
    yield first, second
    first.close()
    second.close()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 7), st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_held_or_not_the_same_lines_stand(two_logs: tuple[store.Store, store.Store], parts: list[tuple[int, bool, bool]]) -> None:
    """`parts`: how many lines, whether the part fails, whether the next one begins another transaction."""
    for opened in two_logs:
        todo = list(parts)
        while todo:
            with opened.session() as session:
                if opened is two_logs[0]:
                    ledger.hold(session)
                write_parts(session, todo)
    sql = "SELECT leaf_index, at, type, subject, actor, department, unit, purpose, body FROM ledger_line ORDER BY leaf_index"
    with two_logs[0].session(read_only=True) as one, two_logs[1].session(read_only=True) as other:
        assert one.all(sql) == other.all(sql)
    assert verified(two_logs[0]).sound and verified(two_logs[1]).sound


def write_parts(session: store.Session, todo: list[tuple[int, bool, bool]]) -> None:
    """The parts of one transaction, each behind a savepoint."""
    while todo:
        many, fails, ends = todo.pop(0)
        try:
            with session.savepoint():
                ledger.append(session, *(line(number) for number in range(many)))
                if fails:
                    raise _OopsError
        except _OopsError:
            pass
        if ends:
            return
