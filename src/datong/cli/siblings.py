"""Further processes that serve at the same address: the system deals new connections out among all that listen there."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading

from datong.domain.errors import BadSettings
from datong.settings import Settings
from datong.store import Store

MOST = 64
AGAIN_AFTER = 1.0
"""Seconds before one that ended is started anew."""
_log = logging.getLogger("datong.serve")


def must_share(store: Store, processes: int) -> None:
    """Raises BadSettings where several processes cannot serve."""
    if processes > 1 and store.dialect == "sqlite":
        raise BadSettings("processes: SQLite has one writer, so one process serves; for more, set store to a PostgreSQL address")
    if processes > 1 and not hasattr(socket, "SO_REUSEPORT"):
        raise BadSettings("processes: this system lets one process listen at an address; start several behind a proxy instead")


def shared_socket(settings: Settings) -> socket.socket:
    """A socket at the address that others of this user may listen at too."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    found = socket.socket(family)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    found.bind((settings.host, settings.port))
    return found


def leave_with_parent() -> None:
    """End this process as soon as the one that started it has ended, however that came."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


class Siblings:
    """The further processes of one that serves; whichever ends is started anew."""

    def __init__(self, settings: Settings, processes: int) -> None:
        given = ["--home", str(settings.home), "--host", settings.host, "--port", str(settings.port), "--no-jobs", "--sibling"]
        self._command = [sys.executable, "-P", "-c", "from datong.cli import main; main()", "serve", *given]
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        """By number, from 1."""
        for number in range(1, processes):
            threading.Thread(target=self._keep, args=(number,), name=f"sibling {number}", daemon=True).start()

    def _keep(self, number: int) -> None:
        while not self._stop.is_set():
            with self._lock:
                if self._stop.is_set():
                    return
                process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own program with our own settings
                self.running[number] = process
            code = process.wait()
            if not self._stop.wait(AGAIN_AFTER):
                _log.error("a serving process ended with %d and is started anew", code)

    def close(self) -> None:
        """End them all, and wait until what they have in hand is answered."""
        with self._lock:
            self._stop.set()
            for process in self.running.values():
                process.terminate()
        for process in self.running.values():
            process.wait()
