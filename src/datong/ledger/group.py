"""Group commit for the hot route: what queued while the last commit ran becomes one transaction; no timer.

A commit costs a disk flush however many lines it carries. One caller alone waits for one flush; two hundred callers share
a few. Nobody gets an id before the line is durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from datong.domain.errors import Busy
from datong.ledger.counts import Count, OverCountError, Span
from datong.ledger.line import Line, SealedLine
from datong.ledger.log import append_by, append_sealed, seal_all, take
from datong.store import Pipe, Session, Store

MOST_LINES = 2048
"""Lines in one transaction: more only makes the first of them wait longer."""

Ids = tuple[str, ...]
Results = list[Ids | Span] | BaseException
"""For each caller of a group his ids, or why his count is used up; or what went wrong with all."""


@dataclass(frozen=True)
class _Waiting:
    """One caller's lines, and where its ids will be put."""

    sealed: Sequence[SealedLine]
    count: Count | None
    future: asyncio.Future[Ids]


class GroupCommit:
    """Writes the lines of many concurrent tasks of one event loop.

    On SQLite a group is written on the loop itself, which spares the hand-over between threads; when another transaction
    holds the store, that one group goes to a thread, so that the loop never stands still. On PostgreSQL, which is
    waited for across a socket, the loop works the next answers out meanwhile. `threaded` sends every group to the thread, or none.
    """

    def __init__(self, store: Store, threaded: bool | None = None) -> None:
        self._store = store
        self._pipe = Pipe(store) if store.dialect == "postgresql" and threaded is None else None
        self._threaded = bool(threaded)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._queue: list[_Waiting] = []
        self._running = False
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def commit(self, lines: Sequence[Line], count: Count | None = None) -> Ids:
        """Write one caller's lines, all or none; their ids, once they are durable. With `count` only if it allows: else OverCountError.

        A line that cannot stand in the record raises BadValue here and harms nobody else's. A failing transaction
        raises for every caller in it, and for none after it.
        """
        if self._closed:
            raise Busy("The ledger is closing; ask again in a moment.")
        if not lines:
            return ()
        loop = asyncio.get_running_loop()
        waiting = _Waiting(seal_all(lines), count, loop.create_future())
        self._queue.append(waiting)
        if not self._running:
            self._running = True
            self._idle.clear()
            loop.call_soon(self._write_next, loop)
        return await waiting.future

    def under_way(self) -> asyncio.Task[None] | None:
        """The group that is being written just now, where the loop does it on PostgreSQL."""
        return self._task

    async def close(self) -> None:
        """Take no more lines, and wait until those in hand are written."""
        self._closed = True
        await self._idle.wait()
        self._thread.shutdown()
        if self._pipe is not None:
            self._pipe.close()

    def _write_next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write one group; as long as others have queued meanwhile, come back for them."""
        group, self._task = self._take(), None
        if not group:
            self._running = False
            self._idle.set()
            return
        if self._pipe is not None:
            self._task = loop.create_task(self._write_by(self._pipe, loop, group))
            return
        result = None if self._threaded else self._write_here(group)
        if result is not None:
            self._finish(loop, group, result)
            return
        task = loop.run_in_executor(self._thread, self._write, group)
        task.add_done_callback(lambda done: self._finish(loop, group, done.exception() or done.result()))

    async def _write_by(self, pipe: Pipe, loop: asyncio.AbstractEventLoop, group: Sequence[_Waiting]) -> None:
        """Write a group on PostgreSQL, and wake its callers."""
        result: Results
        try:
            result = await append_by(pipe, [(waiting.sealed, waiting.count) for waiting in group])
        except Exception as error:
            result = error
        self._finish(loop, group, result)

    def _write_here(self, group: Sequence[_Waiting]) -> Results | None:
        """Write a group on the loop: the ids of each, or the error. Nothing when another transaction holds the store."""
        try:
            return self._write(group, wait=False)
        except Busy:
            return None
        except Exception as error:
            return error

    def _write(self, group: Sequence[_Waiting], wait: bool = True) -> list[Ids | Span]:
        with self._store.session(wait=wait) as session:
            refused = [_refusal(session, waiting.count) for waiting in group]
            sealed = [one for waiting, span in zip(group, refused, strict=True) if span is None for one in waiting.sealed]
            ids = iter(append_sealed(session, sealed, wait))
            return [span or tuple(islice(ids, len(waiting.sealed))) for waiting, span in zip(group, refused, strict=True)]

    def _take(self) -> list[_Waiting]:
        """The next group from the head of the queue."""
        taken = lines = 0
        while taken < len(self._queue) and (not taken or lines + len(self._queue[taken].sealed) <= MOST_LINES):
            lines += len(self._queue[taken].sealed)
            taken += 1
        group, self._queue = self._queue[:taken], self._queue[taken:]
        return group

    def _finish(self, loop: asyncio.AbstractEventLoop, group: Sequence[_Waiting], result: Results) -> None:
        """Wake a group's callers with their ids, or with the error, and go on."""
        for number, waiting in enumerate(group):
            outcome = result if isinstance(result, BaseException) else result[number]
            if waiting.future.done():
                continue
            if isinstance(outcome, tuple):
                waiting.future.set_result(outcome)
            else:
                waiting.future.set_exception(outcome if isinstance(outcome, BaseException) else OverCountError(outcome))
        loop.call_soon(self._write_next, loop)


def _refusal(session: Session, count: Count | None) -> Span | None:
    try:
        if count is not None:
            take(session, count)
    except OverCountError as error:
        return error.span
    return None
