"""Group commit gives every caller its own ids, durably, and one caller's trouble is nobody else's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.ledger.sample import line, verified

from datong import ledger, store
from datong.domain.errors import BadValue, Busy


def run(opened: store.Store, work: Callable[[ledger.GroupCommit], Awaitable[Any]], threaded: bool | None = False) -> Any:
    async def whole() -> Any:
        group = ledger.GroupCommit(opened, threaded=threaded)
        try:
            return await asyncio.wait_for(work(group), 60)
        finally:
            await group.close()

    return asyncio.run(whole())


def commits(opened: store.Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every session that is opened from now on leaves its thread's name here."""
    seen: list[str] = []
    session = opened.session

    def counted(read_only: bool = False, wait: bool = True) -> store.Session:
        seen.append(threading.current_thread().name)
        return session(read_only, wait)

    monkeypatch.setattr(opened, "session", counted)
    return seen


@pytest.mark.parametrize("threaded", [None, False, True])
def test_two_hundred_tasks_each_get_their_own_ids_in_few_transactions(
    any_store: store.Store, threaded: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = commits(any_store, monkeypatch)

    async def work(group: ledger.GroupCommit) -> list[Any]:
        async def one(number: int) -> Any:
            return await group.commit([line(number, body={"n": number, "k": k}) for k in range(number % 3 + 1)])

        return list(await asyncio.gather(*(one(number) for number in range(200))))

    answers = run(any_store, work, threaded)
    assert len(seen) <= 20
    with any_store.session(read_only=True) as session:
        for number, ids in enumerate(answers):
            stored = [ledger.find_line(session, line_id) for line_id in ids]
            assert [one.line.body for one in stored if one] == [{"n": number, "k": k} for k in range(number % 3 + 1)]
    assert verified(any_store).sound


def test_what_queues_during_a_commit_is_the_next_one(sqlite_store: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = commits(sqlite_store, monkeypatch)

    async def work(group: ledger.GroupCommit) -> None:
        async def three() -> None:
            for number in range(3):
                await group.commit([line(number)])

        await asyncio.gather(*(three() for _ in range(50)))

    run(sqlite_store, work)
    assert verified(sqlite_store).size == 150
    assert len(seen) - 1 == 3


def test_a_line_that_cannot_stand_fails_for_its_own_caller_only(sqlite_store: store.Store) -> None:
    async def work(group: ledger.GroupCommit) -> list[Any]:
        return await asyncio.gather(
            group.commit([line(1)]), group.commit([line(2, type="No")]), group.commit([line(3)]), group.commit([]), return_exceptions=True
        )

    first, second, third, fourth = run(sqlite_store, work)
    assert isinstance(second, BadValue)
    assert (len(first), len(third), fourth) == (1, 1, ())
    assert verified(sqlite_store).size == 2


@pytest.mark.parametrize("threaded", [None, False, True])
def test_a_failing_batch_fails_for_all_in_it_and_the_next_goes_on(any_store: store.Store, threaded: bool | None) -> None:
    async def work(group: ledger.GroupCommit) -> None:
        with any_store.session() as session:
            session.run("ALTER TABLE ledger_line RENAME TO ledger_line_away")
        failed = await asyncio.gather(*(group.commit([line(n)]) for n in range(5)), return_exceptions=True)
        assert len({str(error) for error in failed}) == 1
        assert all(isinstance(error, Exception) for error in failed)
        with any_store.session() as session:
            session.run("ALTER TABLE ledger_line_away RENAME TO ledger_line")
        assert len(await group.commit([line(6)])) == 1

    run(any_store, work, threaded)
    report = verified(any_store)
    assert (report.size, report.sound) == (1, True)


@pytest.mark.parametrize("threaded", [None, False])
def test_the_loop_goes_on_while_another_transaction_holds_the_store(any_store: store.Store, threaded: bool | None) -> None:
    async def work(group: ledger.GroupCommit) -> int:
        with any_store.session() as session:
            ledger.append(session, line(0))
            waiting = asyncio.create_task(group.commit([line(1)]))
            turns = 0
            for _ in range(20):
                await asyncio.sleep(0.005)
                turns += 1
            assert not waiting.done()
        assert len(await waiting) == 1
        return turns

    assert run(any_store, work, threaded) == 20
    assert verified(any_store).size == 2


def test_a_caller_that_gives_up_does_not_disturb_the_others(sqlite_store: store.Store) -> None:
    async def work(group: ledger.GroupCommit) -> None:
        leaving = asyncio.create_task(group.commit([line(1)]))
        staying = asyncio.create_task(group.commit([line(2)]))
        await asyncio.sleep(0)
        leaving.cancel()
        assert len(await staying) == 1

    run(sqlite_store, work)
    assert verified(sqlite_store).sound


def test_closing_waits_for_what_is_in_hand_and_takes_no_more(sqlite_store: store.Store) -> None:
    async def work() -> None:
        group = ledger.GroupCommit(sqlite_store)
        waiting = [asyncio.create_task(group.commit([line(n)])) for n in range(10)]
        await asyncio.sleep(0)
        await group.close()
        assert all(task.done() for task in waiting)
        with pytest.raises(Busy):
            await group.commit([line(99)])

    asyncio.run(work())
    assert verified(sqlite_store).size == 10


def test_a_large_rush_is_written_in_bounded_transactions(sqlite_store: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = commits(sqlite_store, monkeypatch)

    async def work(group: ledger.GroupCommit) -> None:
        await asyncio.gather(*(group.commit([line(n) for n in range(500)]) for _ in range(9)))

    run(sqlite_store, work)
    assert len(seen) == 3
    assert verified(sqlite_store).size == 4500


@pytest.mark.postgres
def test_two_groups_of_two_loops_take_turns_on_postgresql(postgres_store: store.Store) -> None:
    async def work(group: ledger.GroupCommit) -> list[Any]:
        return list(await asyncio.gather(*(group.commit([line(n)]) for n in range(20) for _ in range(5))))

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(run, postgres_store, work, None) for _ in range(2)]
        ids = [one for each in both for (one,) in each.result(60)]
    assert len(set(ids)) == 200
    assert verified(postgres_store).size == 200 and verified(postgres_store).sound


@pytest.mark.postgres
def test_a_lost_connection_costs_one_group_and_no_more(postgres_store: store.Store) -> None:
    async def work(group: ledger.GroupCommit) -> None:
        await group.commit([line(1)])
        with postgres_store.session() as session:
            session.all(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await asyncio.sleep(0.2)
        await group.commit([line(2)])

    run(postgres_store, work, None)
    assert verified(postgres_store).size == 2


def test_threads_simply_append(sqlite_store: store.Store) -> None:
    def work(number: int) -> str:
        with sqlite_store.session() as session:
            return ledger.append(session, line(number))[0]

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(work, range(40)))
    assert len(set(ids)) == 40
    assert verified(sqlite_store).sound
