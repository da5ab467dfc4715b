"""Results that another thread brings to the event loop: those of one group wake it once, where each by itself would wake it."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Arrivals:
    """For the tasks of one event loop, which must be the one that is running."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._came: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._called = False

    async def result(self, work: Future[T]) -> T:
        """What comes of work in another thread, or what it raises. Who gives up while waiting takes back what was not begun."""
        waiting: asyncio.Future[T] = self._loop.create_future()
        work.add_done_callback(lambda done: self._put(waiting, done))
        try:
            return await waiting
        except asyncio.CancelledError:
            work.cancel()
            raise

    def _put(self, waiting: asyncio.Future[Any], done: Future[Any]) -> None:
        """In the thread that did it: leave the result, and wake the loop unless that is on its way."""
        self._came.append((waiting, done))
        if not self._called and not self._loop.is_closed():
            self._called = True
            self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._called = False  # before the queue is emptied: what is left there from now on calls again
        while self._came:
            waiting, done = self._came.popleft()
            if waiting.done():
                continue
            if done.cancelled():
                waiting.cancel()
            elif (error := done.exception()) is not None:
                waiting.set_exception(error)
            else:
                waiting.set_result(done.result())
