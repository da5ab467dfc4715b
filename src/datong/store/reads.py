"""What many callers of one event loop read of PostgreSQL goes there together: one journey for all, one statement for each kind of query.

There is no timer: a caller that comes alone goes at once; what comes while a journey is under way, or while those before them are
being written, is the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datong.store.pipe import Pipe, read_steps
from datong.store.quick import Asked, Query, Row

if TYPE_CHECKING:
    from datong.store.store import Store

MOST_TOGETHER = 256
"""Callers of one journey."""
Found = dict[Asked, list[Row]]
"""Rows by the query that asks for them."""


@dataclass(frozen=True)
class _Waiting:
    queries: Sequence[Query]
    future: asyncio.Future[Found]


class Reads:
    """Reads for the concurrent tasks of one event loop. On SQLite, whose reads travel nowhere, it finds nothing ahead."""

    def __init__(self, store: Store, after: Callable[[], Awaitable[None] | None] = lambda: None) -> None:
        """`after`: what is being written just now. Whoever comes meanwhile waits for it once, so that the answers of one group are the
        questions of the next, and journeys are few."""
        self._after = after
        self._pipe = Pipe(store) if store.dialect == "postgresql" else None
        self._queue: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None

    @property
    def travels(self) -> bool:
        """Whether it is worth while to read ahead."""
        return self._pipe is not None

    async def read(self, queries: Sequence[Query]) -> Found:
        """The rows of these queries, for `Session.know`. What could not be read so is not among them, and the session reads it itself.

        Whoever has none to ask takes his turn with the others all the same: what he writes then goes with what they write.
        """
        if self._pipe is None:
            return {}
        loop = asyncio.get_running_loop()
        waiting = _Waiting(queries, loop.create_future())
        self._queue.append(waiting)
        if self._running is None:
            self._running = loop.create_task(self._run(self._pipe))
        return await waiting.future

    async def close(self) -> None:
        """Wait for what is under way, and close the connection."""
        if self._running is not None:
            await self._running
        if self._pipe is not None:
            self._pipe.close()

    async def _run(self, pipe: Pipe) -> None:
        while self._queue:
            if (writing := self._after()) is not None:
                await writing
            group, self._queue = self._queue[:MOST_TOGETHER], self._queue[MOST_TOGETHER:]
            found = await _found(pipe, [query for waiting in group for query in waiting.queries])
            for waiting in group:
                if not waiting.future.done():
                    mine = [(sql, tuple(params.items())) for sql, params in waiting.queries]
                    waiting.future.set_result({one: found[one] for one in mine if one in found})
        self._running = None


async def _found(pipe: Pipe, queries: Sequence[Query]) -> Found:
    """The rows of all of them; none when one could not be asked in this way."""
    if not queries:
        return {}
    try:
        steps, asked = read_steps(queries)
        answers = await pipe.journey(*steps)
    except Exception:
        return {}  # each session asks for itself, and raises what there is to raise
    found: Found = {one: [] for many in asked for one in many}
    for many, rows in zip(asked, answers, strict=True):
        for row in rows:
            found[many[row[0] - 1]].append(row[1:])
    return found
