"""What the set-wise steps ask of an engine. Two exist: DuckDB in this process (`local.py`) and Spark (`spark.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from datong.fuse.bulk.files import Piece

Told = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and how much there is."""


class Engine(Protocol):
    """Runs the kernels over pieces and the SQL of `queries.py` over Parquet."""

    rows_a_part: int
    """How many links lie in one file of the links."""

    def keys(self, pieces: Sequence[Piece], folder: Path, progress: Told) -> None:
        """Write the keys of all pieces as Parquet into the folder; pieces that are there already are kept."""

    def groups(self, folder: Path) -> list[list[str]]:
        """The files of the folder in groups that one statement handles."""

    def see(self, name: str, files: Sequence[str]) -> None:
        """Let SQL read Parquet files under this name."""

    def query(self, sql: str) -> Any:
        """The answer as an Arrow table."""

    def write(self, sql: str, target: Path) -> None:
        """Write the answer as Parquet into the folder `target`, whole or not at all."""

    def links(self, names: Sequence[str], work: Path, target: Path, progress: Told) -> None:
        """Join these tables of keys with `ranges` and write a folder `part=N` for every part into `target`, sorted within."""

    def close(self) -> None:
        """Let go of what it holds."""
