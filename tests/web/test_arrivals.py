"""Results that come from another thread: each to its own task, with as few wakings as there are groups."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from datong.web.arrivals import Arrivals


def test_a_group_wakes_the_loop_once_and_each_gets_its_own() -> None:
    async def all_of_them() -> tuple[list[object], int]:
        arrivals, works = Arrivals(), [Future[int]() for _ in range(64)]
        loop, wakings = asyncio.get_running_loop(), list[object]()
        call = loop.call_soon_threadsafe

        def counted(*args: object) -> object:
            wakings.append(args)
            return call(*args)  # type: ignore[arg-type]

        loop.call_soon_threadsafe = counted  # type: ignore[method-assign, assignment]
        tasks = [asyncio.ensure_future(arrivals.result(one)) for one in works]
        await asyncio.sleep(0)

        def give() -> None:
            for number, one in enumerate(works):
                one.set_exception(ValueError("no")) if number == 7 else one.set_result(number)

        thread = threading.Thread(target=give)
        thread.start()
        thread.join()  # the loop stands meanwhile, as it does while it answers others
        return await asyncio.gather(*tasks, return_exceptions=True), len(wakings)

    found, wakings = asyncio.run(all_of_them())
    assert [one for one in found if not isinstance(one, ValueError)] == [number for number in range(64) if number != 7]
    assert isinstance(found[7], ValueError) and wakings == 1


@pytest.mark.parametrize("first", [Future[int].cancel, lambda work: work.set_result(1)])
def test_who_gives_up_takes_back_what_was_not_begun(first: Callable[[Future[int]], object]) -> None:
    async def give_up() -> Future[int]:
        arrivals, work, other = Arrivals(), Future[int](), Future[int]()
        task = asyncio.ensure_future(arrivals.result(work))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        cancelled = asyncio.ensure_future(arrivals.result(other))
        await asyncio.sleep(0)
        first(other)
        assert (await asyncio.gather(cancelled, return_exceptions=True))[0] in (1,) or cancelled.cancelled()
        return work

    assert asyncio.run(give_up()).cancelled()
