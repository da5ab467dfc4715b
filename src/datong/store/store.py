"""The operational store: one SQLite file, or a PostgreSQL database; the same schema, the same statements."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from datong.domain.errors import BadSettings
from datong.settings import Settings
from datong.store.quick import Prepared
from datong.store.session import Session

WAL_PAGES = 8000
"""Pages (32 MB) that wait in SQLite's write-ahead log before they are brought into the file: a page that many commits touch is brought
there once. The ledger writes a third less for it."""
MOST_WAL_PAGES = 4 * WAL_PAGES
"""As many where another thread brings them in (`Store.tend`), before a writer must do it after all."""
TENDED_EVERY = 1.0
"""Seconds between two looks of that thread."""
MOST_HELD_MS = 100
"""Milliseconds that it may wait for readers while it keeps writers from writing."""


class Store:
    """Hands out sessions; keeps idle connections; carries what upper stages compile once (`parts`)."""

    def __init__(self, url: str) -> None:
        """`url` is `sqlite:///path` or `postgresql://…`."""
        self.url = url
        self.dialect: Literal["sqlite", "postgresql"] = _dialect(url)
        self.parts: dict[str, Any] = {}
        """What a stage compiles once and keeps with the store, under its own name ("share.policy")."""
        self._idle: list[Any] = []
        self._prepared: WeakKeyDictionary[Any, dict[str, Prepared | None]] = WeakKeyDictionary()
        self._lock = threading.Lock()
        self._wal_pages = WAL_PAGES

    def session(self, read_only: bool = False, wait: bool = True) -> Session:
        """A unit of work: `with store.session() as session:`. Leaving it commits.

        With `wait` false, entering raises Busy when another transaction is writing on SQLite.
        """
        return Session(self, read_only, wait)

    def take_connection(self) -> Any:
        """A driver connection, for sessions and the one hot route that holds its own."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def new_connection(self) -> Any:
        """A driver connection of one's own, outside of those that sessions share."""
        return self._connect()

    def give_connection(self, connection: Any) -> None:
        """Put a connection back for the next session."""
        with self._lock:
            self._idle.append(connection)

    def prepared_on(self, connection: Any) -> dict[str, Prepared | None]:
        """What a connection to PostgreSQL has prepared for quick reading."""
        found = self._prepared.get(connection)
        if found is None:
            found = self._prepared[connection] = {}
        return found

    def drop_connection(self, connection: Any) -> None:
        """Close a connection that failed."""
        connection.close()

    def tend(self, stop: threading.Event) -> None:
        """Bring SQLite's write-ahead log into the file beside the writers, until told to stop: a commit then waits for its own flush alone.

        For a thread of its own in a process that serves. Only where the log grows faster than this do writers bring it in themselves.
        """
        if self.dialect != "sqlite":
            return
        connection = self._connect()
        connection.execute(f"PRAGMA busy_timeout={MOST_HELD_MS}")
        self.leave_log()
        while not stop.wait(TENDED_EVERY):
            if _brought_in(connection, "PASSIVE") > WAL_PAGES:
                _brought_in(connection, "PASSIVE")  # what came meanwhile is little, so that the writers wait shortly now
                _brought_in(connection, "RESTART")
        connection.close()

    def leave_log(self) -> None:
        """From now on connections leave SQLite's write-ahead log to whoever tends it."""
        self._wal_pages = MOST_WAL_PAGES
        self.close()

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _connect(self) -> Any:
        if self.dialect == "postgresql":
            import psycopg

            return psycopg.connect(self.url)
        connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute(f"PRAGMA wal_autocheckpoint={self._wal_pages}")
        return connection


def _brought_in(connection: Any, how: str) -> int:
    """Bring the write-ahead log into the file; how many pages it holds. RESTART begins it anew, for which writers and readers are waited
    for: otherwise it grows until a writer must bring it in, because there is always something new in it."""
    (_, pages, _) = connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
    return int(pages)


def store_url(settings: Settings) -> str:
    """The store's address: the setting, or the SQLite file in the city's home."""
    return settings.store or f"sqlite:///{settings.home / 'store.db'}"


def open_store(settings: Settings) -> Store:
    """Open the city's store. The schema must be there: `migrate` makes it."""
    url = store_url(settings)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return Store(url)


def open_store_file(path: Path) -> Store:
    """A small SQLite store of its own beside the city's, for what stands apart from it (a witness's memory)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return Store(f"sqlite:///{path}")


def _dialect(url: str) -> Literal["sqlite", "postgresql"]:
    if url.startswith("sqlite:///"):
        return "sqlite"
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql"
    raise BadSettings("store: write nothing for SQLite, or postgresql://user@host/name")
