"""Opens a delivery by its source's format; every reader streams the same kind of batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from datong.collect.read_columns import open_parquet, open_table
from datong.collect.read_lines import open_fixed, open_json_lines
from datong.collect.read_sheet import open_sheet
from datong.collect.read_text import open_text
from datong.collect.rows import Opened
from datong.spec import Format, Source

_READERS: Mapping[str, Callable[[Source, Path], Opened]] = {
    "csv": open_text,
    "xlsx": open_sheet,
    "jsonl": open_json_lines,
    "fixed": open_fixed,
    "parquet": open_parquet,
    "table": open_table,
}


def open_delivery(source: Source, path: Path, pushed: bool = False) -> Opened:
    """Open a kept delivery. A pushed message, and a snapshot of a remote table, are JSON Lines whatever the source's files are.

    Raises BadDelivery when it cannot be read as this source at all.
    """
    if pushed:
        return open_json_lines(replace(source, format=Format("jsonl", encoding="utf-8")), path)
    return _READERS[source.format.kind](source, path)
