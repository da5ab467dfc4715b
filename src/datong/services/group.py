"""Many cases in one commit: what queued while the last commit ran becomes one transaction; no timer.

A commit costs a disk flush however many cases it carries. Each piece of work stands behind a savepoint of its own: one that fails
undoes itself and harms nobody else's. The ledger's lines of all are written together at the end (`ledger.hold`). Nobody gets an
answer before it is durable.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from datong import ledger
from datong.domain.errors import Busy
from datong.store import Session, Store

MOST_AT_ONCE = 64
T = TypeVar("T")
Work = Callable[[Session], Any]


class CaseCommit:
    """One writer for many callers, in any threads or event loops (`asyncio.wrap_future`)."""

    def __init__(self, store: Store, most: int = MOST_AT_ONCE) -> None:
        self._store, self._most = store, most
        self._queue: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="cases", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Have work done in the next transaction; its result once it is durable. What it raises is raised to its caller alone."""
        if self._closed:
            raise Busy("正在停机，请稍后重试 (closing; ask again in a moment)")
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
            self._commit(group)
            if ending:
                return

    def _commit(self, group: list[tuple[Work, Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with self._store.session() as session:
                ledger.hold(session)
                for work, future in group:
                    try:
                        with session.savepoint():
                            done.append((future, work(session)))
                    except Exception as error:
                        future.set_exception(error)
        except Exception as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for future, result in done:
            future.set_result(result)
