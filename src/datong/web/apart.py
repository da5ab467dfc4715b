"""Cases that come by API are begun in a process of their own, so that reading requests and working cases share no interpreter lock.

The first such case starts it; until it is ready, and should it ever end, the group commit of this process does the work. Nothing
is lost that was answered: an answer leaves when its case is durable, whoever wrote it. Work in hand of a process that ended is told
to be asked again.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import logging
import pickle
import queue
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from multiprocessing.connection import Connection
from typing import Any

from datong import services
from datong.domain.errors import Busy
from datong.settings import Settings
from datong.store import Store

READY = "ready"
"""The first word of the process."""
CLOSE_SECONDS = 60
_log = logging.getLogger("datong.web")


class CasesApart:
    """The group commit of cases in another process, with the same methods as `services.CaseCommit`. Work must be picklable, and so
    must its result."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._here = services.CaseCommit(store)
        self._settings = settings
        self._there: _Process | None = None
        self._started = False
        self._closed = False
        self._lock = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether the other process does the work."""
        return self._there is not None and self._there.alive

    def submit(self, work: services.Work) -> Future[Any]:
        """Have work done in the next transaction; its result once it is durable. What it raises is raised to its caller alone."""
        if self._closed:
            raise services.closing()
        there = self._there
        if there is not None and there.alive:
            return there.submit(work)
        if not self._started:
            self.start()
        return self._here.submit(work)

    def start(self) -> None:
        """Start the process beside what is being done."""
        with self._lock:
            if self._started:
                return
            self._started = True
        threading.Thread(target=self._start, name="cases apart", daemon=True).start()

    def _start(self) -> None:
        try:
            there = _Process(self._settings)
        except (OSError, EOFError):
            _log.exception("cases go on in this process: another could not be started")
            return
        with self._lock:
            if not self._closed:
                self._there = there
                return
        there.close()

    def close(self) -> None:
        """Take no more work, and wait until what is in hand is done."""
        with self._lock:
            self._closed = True
        if self._there is not None:
            self._there.close()
        self._here.close()


class _Process:
    """The other process: what was sent and is not yet answered, a thread that sends and one that hears."""

    def __init__(self, settings: Settings) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", "datong.web.apart_process", str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=(theirs.fileno(),))  # noqa: S603 - our own program, no typed text
        self._connection = Connection(ours.detach())
        self._numbers = itertools.count()
        self._waiting: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[tuple[int, services.Work] | None] = queue.SimpleQueue()
        self._connection.send((settings, gc.get_threshold()))
        if self._connection.recv() != READY:
            raise EOFError
        self.alive = True
        self._hearing = threading.Thread(target=self._hear, name="cases from", daemon=True)
        self._hearing.start()
        threading.Thread(target=self._send, name="cases to", daemon=True).start()

    def submit(self, work: services.Work) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        number = next(self._numbers)
        with self._lock:
            if not self.alive:
                raise _ended()
            self._waiting[number] = future
        self._queue.put((number, work))
        return future

    def _send(self) -> None:
        """Everything that waits goes in one message."""
        while (first := self._queue.get()) is not None:
            sent, ending = [first], False
            while not self._queue.empty() and not ending:
                following = self._queue.get()
                ending = following is None
                if following is not None:
                    sent.append(following)
            try:
                self._connection.send(sent)
            except OSError:
                return  # the other thread hears that it ended
            except (pickle.PicklingError, TypeError, AttributeError) as error:
                self._fail([number for number, _ in sent], error)
            if ending:
                break
        with contextlib.suppress(OSError):
            self._connection.send(None)

    def _hear(self) -> None:
        try:
            while True:
                for number, outcome in self._connection.recv():
                    with self._lock:
                        future = self._waiting.pop(number)
                    services.give(future, outcome)
        except (EOFError, OSError):
            with self._lock:
                self.alive = False
                left = list(self._waiting)
        self._process.wait()
        if left:
            _log.error("the process of the cases ended with %d in hand; they go on in this process", len(left))
        self._fail(left, _ended())

    def _fail(self, numbers: list[int], error: Exception) -> None:
        for number in numbers:
            with self._lock:
                future = self._waiting.pop(number)
            services.give(future, services.Outcome(error=error))

    def close(self) -> None:
        self._queue.put(None)
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._hearing.join()


def _ended() -> Busy:
    return Busy("办理进程中断，请查询是否已受理后重试 (the work was interrupted; look whether the case was taken, then ask again)")
