"""DuckDB for set-wise work: in process, limited in memory and threads, spilling into the city's home."""

from __future__ import annotations

from typing import Any

import duckdb

from datong.settings import Settings


def open_duck(settings: Settings) -> Any:
    """A DuckDB connection in memory. Use it as a context, and `fetchall()` on it (a half-read result keeps it busy)."""
    spill = settings.home / "tmp" / "duck"
    spill.mkdir(parents=True, exist_ok=True)
    config = {
        "memory_limit": settings.memory,
        "threads": str(settings.threads),
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    return duckdb.connect(":memory:", config=config)
