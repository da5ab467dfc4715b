"""Pushes that arrive while others are being taken in wait a moment and go together: one transaction, one small world, one flush.

Like the ledger's group commit there is no timer: a push that comes alone goes at once; what comes meanwhile is the next group.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from datong.domain.errors import Busy
from datong.share.intake import Push, TakenIn, take_in, take_in_all
from datong.store import Store

MOST_ROWS_TOGETHER = 1000
"""Rows in one transaction: more only makes the first of them wait longer."""


@dataclass(frozen=True)
class _Waiting:
    push: Push
    now: datetime
    future: asyncio.Future[TakenIn]


class Intake:
    """Takes in the pushes of many concurrent callers of one event loop, in a thread of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._queue: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None
        self._closed = False

    async def take_in(self, push: Push, now: datetime) -> TakenIn:
        """As `take_in`; returns once the records are visible to everybody. Each caller gets his own receipt or his own error."""
        if self._closed:
            raise Busy("The service is closing; send it again in a moment.")
        waiting = _Waiting(push, now, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await waiting.future

    async def close(self) -> None:
        """Take no more, and wait until what is in hand is done."""
        self._closed = True
        if self._running is not None:
            await self._running
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while group := self._take():
            outcomes = await loop.run_in_executor(self._thread, self._do, group)
            for waiting, outcome in zip(group, outcomes, strict=True):
                if waiting.future.done():
                    continue
                if isinstance(outcome, BaseException):
                    waiting.future.set_exception(outcome)
                else:
                    waiting.future.set_result(outcome)
        self._running = None

    def _take(self) -> list[_Waiting]:
        """The next group from the head of the queue."""
        taken = rows = 0
        while taken < len(self._queue) and (not taken or rows + len(self._queue[taken].push.rows) <= MOST_ROWS_TOGETHER):
            rows += len(self._queue[taken].push.rows)
            taken += 1
        group, self._queue = self._queue[:taken], self._queue[taken:]
        return group

    def _do(self, group: Sequence[_Waiting]) -> Sequence[TakenIn | BaseException]:
        """The outcomes of a group; when the whole transaction fails, each is tried alone, so that every caller gets his own error."""
        try:
            with self._store.session() as session:
                return take_in_all(session, [one.push for one in group], now=group[-1].now)
        except Exception as error:
            return [error] if len(group) == 1 else [self._alone(one) for one in group]

    def _alone(self, waiting: _Waiting) -> TakenIn | BaseException:
        push = waiting.push
        try:
            with self._store.session() as session:
                return take_in(session, push.actor, push.resource, push.rows, now=waiting.now)
        except Exception as error:
            return error
