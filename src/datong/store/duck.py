"""DuckDB for set-wise work: in memory, bounded, spilling into the city's home."""

from __future__ import annotations

from typing import Any

import duckdb

from datong.settings import Settings


def open_duck(settings: Settings) -> Any:
    """A fresh in-memory DuckDB connection with the city's memory limit and threads. Close it after use."""
    spill = settings.home / "spill"
    return duckdb.connect(
        config={
            "memory_limit": settings.memory,
            "threads": str(settings.threads),
            "temp_directory": str(spill),
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
