"""The process that `apart` starts: cases in groups, each group one transaction, answered when it is durable."""

from __future__ import annotations

import gc
import logging
import pickle
import signal
import sys
from collections import deque
from multiprocessing.connection import Connection
from typing import Any

from datong import services, share
from datong.domain.errors import DatongError
from datong.services import MOST_AT_ONCE, Outcome, Together, Work
from datong.settings import Settings
from datong.spec import load_packs
from datong.store import Store, open_store
from datong.web.apart import READY
from datong.web.unforeseen import trail

_log = logging.getLogger("datong.web")


def main() -> None:
    """Serve until the other end closes. Signals are the other's to hear: it closes when everything is answered."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    connection: Connection[Any, Any] = Connection(int(sys.argv[1]))
    try:
        settings, thresholds = connection.recv()
        store = opened(settings)
        gc.set_threshold(*thresholds)
        gc.collect()
        gc.freeze()
        connection.send(READY)
        serve(connection, store)
    except (EOFError, OSError):
        return  # the other end has gone


def opened(settings: Settings) -> Store:
    """The city's store with everything compiled that cases need; its log is tended by the process that serves."""
    store = open_store(settings)
    store.leave_log()
    share.install(store, settings, load_packs(settings.packs))
    with store.session(read_only=True) as session:
        services.items(session)
    return store


def serve(connection: Connection[Any, Any], store: Store) -> None:
    """Do what comes, in groups, until nothing more comes."""
    together = Together(store)
    waiting: deque[tuple[int, Work]] = deque()
    ending = False
    while waiting or not ending:
        while not ending and (not waiting or connection.poll()):
            came = connection.recv()
            ending = came is None
            waiting.extend(came or ())
        group = [waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(waiting)))]
        if group:
            outcomes = together.all([work for _, work in group])
            connection.send([(number, _sendable(outcome)) for (number, _), outcome in zip(group, outcomes, strict=True)])


def _sendable(outcome: Outcome) -> Outcome:
    """What was not foreseen is logged here, where its places are known, and never with its message, which may quote what somebody sent."""
    error = outcome.error
    if error is None or (isinstance(error, DatongError) and _travels(error)):
        return outcome
    _log.error("a case failed in its process: %s", trail(error))
    return Outcome(error=RuntimeError("a case failed in its process; its log says where"))


def _travels(error: Exception) -> bool:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just written
    except Exception:
        return False
    return True


if __name__ == "__main__":
    main()
