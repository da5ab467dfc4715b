"""The write-ahead log is brought in beside the writers, and nothing of what they wrote is lost."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from datong import store


def test_the_log_is_brought_into_the_file_beside_the_writers(sqlite_store: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datong.store.store.TENDED_EVERY", 0.02)
    with sqlite_store.session() as session:
        session.run("CREATE TABLE heap (n INTEGER PRIMARY KEY, text TEXT)")
    stop = threading.Event()
    thread = threading.Thread(target=sqlite_store.tend, args=(stop,))
    thread.start()
    try:
        for start in range(0, 2000, 100):
            with sqlite_store.session() as session:
                session.load("heap", ("n", "text"), [(number, "x" * 2000) for number in range(start, start + 100)])
        file = Path(sqlite_store.url.removeprefix("sqlite:///"))
        deadline = time.monotonic() + 30
        while file.stat().st_size < 4_000_000 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert file.stat().st_size >= 4_000_000, "what the log holds is in the file while everybody is still at work"
    finally:
        stop.set()
        thread.join()
    with sqlite_store.session(read_only=True) as session:
        assert session.one("SELECT count(*), sum(length(text)) FROM heap") == (2000, 4_000_000)


def test_the_log_begins_anew_beside_writers_and_waits_for_no_reader_for_long(
    sqlite_store: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datong.store.store.TENDED_EVERY", 0.02)
    monkeypatch.setattr("datong.store.store.WAL_PAGES", 20)
    with sqlite_store.session() as session:
        session.run("CREATE TABLE heap (n INTEGER PRIMARY KEY, text TEXT)")
    log = Path(sqlite_store.url.removeprefix("sqlite:///") + "-wal")
    stop, begun = threading.Event(), set[bytes]()
    thread = threading.Thread(target=sqlite_store.tend, args=(stop,))
    thread.start()
    written = 0
    try:
        with sqlite_store.session(read_only=True) as reader:
            assert reader.one("SELECT count(*) FROM heap") == (0,)
            written = _write(sqlite_store, written, 40)
            assert reader.one("SELECT count(*) FROM heap") == (0,), "who reads goes on with what she began with"
        deadline = time.monotonic() + 120
        while len(begun) < 3 and time.monotonic() < deadline:
            written = _write(sqlite_store, written, 10)
            begun.add(log.read_bytes()[16:24])  # drawn anew whenever the log begins anew
        assert len(begun) >= 3
    finally:
        stop.set()
        thread.join()
    with sqlite_store.session(read_only=True) as session:
        assert session.one("SELECT count(*) FROM heap") == (written,)


def _write(to: store.Store, start: int, commits: int) -> int:
    for number in range(start, start + commits):
        with to.session() as session:
            session.load("heap", ("n", "text"), [(number, "x" * 3000)])
    return start + commits
