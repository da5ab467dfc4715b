"""DuckDB for set-wise work: in process, limited in memory and threads, spilling into the city's home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from datong.settings import Settings


def open_duck(settings: Settings) -> Any:
    """A DuckDB connection in memory. Use it as a context, and `fetchall()` on it (a half-read result keeps it busy)."""
    return _connect(settings, ":memory:")


@contextmanager
def open_duck_on_disk(settings: Settings) -> Iterator[Any]:
    """As `open_duck`, its tables compressed in a file that is gone afterwards: for work larger than the memory limit."""
    folder = settings.home / "tmp" / "duck"
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"run-{os.getpid()}.duckdb"
    _remove(place)
    con = _connect(settings, str(place))
    try:
        yield con
    finally:
        con.close()
        _remove(place)


def _remove(place: Path) -> None:
    for path in (place, place.with_name(place.name + ".wal")):
        path.unlink(missing_ok=True)


def _connect(settings: Settings, place: str) -> Any:
    spill = settings.home / "tmp" / "duck"
    spill.mkdir(parents=True, exist_ok=True)
    config = {
        "memory_limit": settings.memory,
        "threads": str(settings.threads),
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    import duckdb  # loaded by whoever works set-wise

    return duckdb.connect(place, config=config)
