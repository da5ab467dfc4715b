"""Works done together: whatever fails, and when, what stands afterwards is what savepoints would have left."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.sample import line, verified

from datong import ledger, services, store
from datong.domain.errors import BadDelivery, BadPack, BadValue, Busy, DatongError, Fault, Missing
from datong.settings import load_settings

ADD = "INSERT INTO share_state (name, value) VALUES (:name, :name)"
SERIES = store.Series("share_serial", "name")


class _OopsError(Exception):
    pass


def work_of(number: int, steps: list[str]) -> services.Work:
    """What one caller wants done: it writes, appends lines, fails within a part of its own and goes on, or fails."""

    def work(session: store.Session) -> int:
        for at, step in enumerate(steps):
            if step == "write":
                session.run(ADD, {"name": f"{number}.{at}"})
            elif step == "line":
                ledger.append(session, line(number))
            elif step == "number":
                session.run(ADD, {"name": f"{number}.{at}: {session.next_number(SERIES, 'cases', 2)}"})
            elif step == "take a number":
                session.next_number(SERIES, "cases")
            elif step == "fail":
                raise _OopsError
            else:
                _fails_within(session, f"{number}.{at}", wrote=step == "fail within, having written")
        return number

    return work


def _fails_within(session: store.Session, name: str, *, wrote: bool) -> None:
    try:
        with session.savepoint():
            ledger.append(session, line(1))
            session.next_number(SERIES, "cases")
            if wrote:
                session.run(ADD, {"name": name})
            raise _OopsError
    except _OopsError:
        pass


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[store.Store, store.Store]]:
    """Two stores; the works of one always have savepoints."""
    opened = tuple(store.open_store(load_settings(tmp_path_factory.mktemp("group"), environ={})) for _ in range(2))
    for one in opened:
        store.migrate(one)
    yield opened[0], opened[1]
    for one in opened:
        one.close()


STEPS = st.sampled_from(("write", "line", "number", "take a number", "fail", "fail within", "fail within, having written"))


@settings(max_examples=60, deadline=None)
@given(groups=st.lists(st.lists(st.lists(STEPS, max_size=4), max_size=5), min_size=1, max_size=3))
def test_with_savepoints_or_without_the_same_stands(two: tuple[store.Store, store.Store], groups: list[list[list[str]]]) -> None:
    told = []
    for opened, careful in zip(two, (0, 1_000_000), strict=True):
        with opened.session() as session:
            session.run("DELETE FROM share_state")
            session.run("DELETE FROM share_serial")
        together = services.Together(opened)
        together._careful = careful
        outcomes = [together.all([work_of(10 * place + at, steps) for at, steps in enumerate(group)]) for place, group in enumerate(groups)]
        with opened.session(read_only=True) as session:
            rows = session.all("SELECT name FROM share_state ORDER BY name")
            rows += session.all("SELECT name, last FROM share_serial")
            lines = session.all("SELECT at, type, subject, actor, body FROM ledger_line ORDER BY leaf_index")
        told.append(([[(one.result, type(one.error)) for one in group] for group in outcomes], rows, lines))
        assert verified(opened).sound
    assert told[0] == told[1]


def test_one_that_had_written_makes_the_next_groups_careful(any_store: store.Store) -> None:
    together = services.Together(any_store)
    found = together.all(
        [work_of(1, ["write", "line"]), work_of(2, ["write", "fail"]), work_of(3, ["fail"]), work_of(4, ["line", "write"])]
    )
    assert [one.result for one in found] == [1, None, None, 4] and isinstance(found[1].error, _OopsError)
    assert (together._careful > 0) == (any_store.dialect == "sqlite")
    with any_store.session(read_only=True) as session:
        assert session.all("SELECT name FROM share_state ORDER BY name") == [("1.0",), ("4.1",)] and ledger.size(session) == 2


def test_what_cannot_be_committed_fails_for_all_but_keeps_each_own_reason(any_store: store.Store) -> None:
    def broken(session: store.Session) -> None:
        session.run("INSERT INTO no_such_table VALUES (1)")

    found = services.Together(any_store).all([work_of(1, ["fail"]), work_of(2, ["write"]), broken, work_of(3, ["write"])])
    assert isinstance(found[0].error, _OopsError) and found[2].error is not None
    assert [one.result for one in found] == [None, 2, None, 3]


def test_who_gave_up_while_waiting_is_passed_over(any_store: store.Store) -> None:
    import threading

    going, began = threading.Event(), threading.Event()
    group = services.CaseCommit(any_store)

    def slow(session: store.Session) -> str:
        began.set()
        assert going.wait(30)
        return "done"

    first = group.submit(slow)
    assert began.wait(30)
    given_up, last = group.submit(work_of(1, ["write"])), group.submit(work_of(2, ["write"]))
    assert given_up.cancel() and not first.cancel()
    going.set()
    assert first.result(30) == "done" and last.result(30) == 2
    group.close()
    with any_store.session(read_only=True) as session:
        assert session.all("SELECT name FROM share_state") == [("2.0",)]


ERRORS = (BadValue("form", "错", "改"), BadPack([Fault("a.yml", 1, "x")]), BadDelivery("held", "等"), Missing("没有"), Busy("忙"))


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_errors_travel_between_processes(error: DatongError) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error) and vars(there) == vars(error) and str(there) == str(error)
