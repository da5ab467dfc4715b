"""Many cases in one commit: what queued while the last commit ran becomes one transaction; no timer.

A commit costs a disk flush however many cases it carries. One piece of work that fails undoes itself and harms nobody else's: savepoints
would see to it, but cost a tenth of a case on SQLite, so that a group is first done without. A piece that fails before it wrote
anything fails alone; when one had written, the whole group is undone and done again with savepoints, and so are the next few, for who
sends one such piece often sends more. The ledger's lines of all are written together at the end (`ledger.hold`). Nobody gets an answer
before it is durable.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from datong import ledger
from datong.domain.errors import Busy
from datong.store import NeedsSavepoints, Session, Store

MOST_AT_ONCE = 64
CAREFUL = 16
"""Groups with savepoints after one that needed them."""
T = TypeVar("T")
Work = Callable[[Session], Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one piece of work: its result, which is durable, or what it raised."""

    result: Any = None
    error: Exception | None = None


class Together:
    """Does groups of work, each in one transaction, one after another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._careful = 0
        """Groups yet to be done with savepoints."""

    def all(self, works: Sequence[Work]) -> list[Outcome]:
        """Do them in one transaction; when it cannot be committed, everything has failed."""
        if not works:
            return []
        failed: dict[int, Exception] = {}
        try:
            done = self._done(works, failed)
        except Exception as error:
            return [Outcome(error=failed.get(at, error)) for at in range(len(works))]
        return [Outcome(error=failed[at]) if at in failed else Outcome(done[at]) for at in range(len(works))]

    def _done(self, works: Sequence[Work], failed: dict[int, Exception]) -> dict[int, Any]:
        if not self._careful:
            try:
                return self._transaction(works, failed, spare=True)
            except NeedsSavepoints:
                self._careful = CAREFUL
        self._careful -= 1
        return self._transaction(works, failed, spare=False)

    def _transaction(self, works: Sequence[Work], failed: dict[int, Exception], *, spare: bool) -> dict[int, Any]:
        """Place → result of what was done; `failed` gets what was not, and what stands there is not tried again."""
        done: dict[int, Any] = {}
        with self._store.session() as session:
            ledger.hold(session)
            if spare:
                session.spare_savepoints()
            for at, work in enumerate(works):
                if at in failed:
                    continue
                try:
                    with session.savepoint():
                        done[at] = work(session)
                except Exception as error:
                    failed[at] = error
        return done


class CaseCommit:
    """One writer for many callers, in any threads or event loops."""

    def __init__(self, store: Store, most: int = MOST_AT_ONCE) -> None:
        self._together, self._most = Together(store), most
        self._queue: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="cases", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Have work done in the next transaction; its result once it is durable. What it raises is raised to its caller alone."""
        if self._closed:
            raise closing()
        future: Future[T] = Future()
        self._queue.put((work, future))
        return future

    def do(self, work: Callable[[Session], T]) -> T:
        """The same, waiting for it."""
        return self.submit(work).result()

    def close(self) -> None:
        """Take no more work, and wait until what is in hand is done."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            ending = False
            while len(group) < self._most and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    ending = True
                    break
                group.append(following)
            wanted = [one for one in group if one[1].set_running_or_notify_cancel()]
            for (_, future), outcome in zip(wanted, self._together.all([work for work, _ in wanted]), strict=True):
                give(future, outcome)
            if ending:
                return


def closing() -> Busy:
    """What somebody is told who comes while the house closes."""
    return Busy("正在停机，请稍后重试 (closing; ask again in a moment)")


def give(future: Future[Any], outcome: Outcome) -> None:
    """Give a caller what became of her work."""
    if outcome.error is not None:
        future.set_exception(outcome.error)
    else:
        future.set_result(outcome.result)
