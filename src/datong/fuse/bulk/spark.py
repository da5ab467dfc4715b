"""The same steps on Spark: kernels in `mapInArrow`, the same SQL. Needs pyspark (the extra `spark`) and Java 17 or 21.

Every worker must have datong installed and see the same files under the same paths (shared storage).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from datong.fuse.bulk import queries
from datong.fuse.bulk.engine import Told
from datong.fuse.bulk.files import Piece, keys_of_pieces, piece_rows
from datong.fuse.spark import spark_session

_PATTERN = re.compile(r"([][{}*?\\])")
"""What Spark would read as a pattern in a path."""
_KEYS = "file_no int, row_no bigint, kind tinyint, key bigint, problem tinyint"


def open_spark(master: str, options: Mapping[str, str] | None = None) -> Spark:
    """A Spark engine on `spark://host:port` or `local[*]`. Raises `BadSettings` where pyspark or Java is missing or nobody answers."""
    return Spark(spark_session(master, options))


class Spark:
    """A Spark session."""

    rows_a_part = 20_000_000

    def __init__(self, session: Any) -> None:
        self._session = session

    def keys(self, pieces: Sequence[Piece], folder: Path, progress: Told) -> None:
        """See `Engine.keys`: a task for every piece."""
        if (folder / "_SUCCESS").exists():
            return
        tasks = self._session.createDataFrame(piece_rows(pieces)).repartition(max(len(pieces), 1), "file_no", "first_group")
        tasks.mapInArrow(keys_of_pieces, _KEYS).write.mode("overwrite").parquet(str(folder))

    def groups(self, folder: Path) -> list[list[str]]:
        """See `Engine.groups`: Spark cuts the work itself."""
        return [[str(folder)]]

    def see(self, name: str, files: Sequence[str]) -> None:
        """See `Engine.see`."""
        self._session.read.parquet(*(_PATTERN.sub(r"\\\1", file) for file in files)).createOrReplaceTempView(name)

    def query(self, sql: str) -> Any:
        """See `Engine.query`: the answer must fit into the driver's memory."""
        return self._session.sql(sql).toArrow()

    def write(self, sql: str, target: Path) -> None:
        """See `Engine.write`."""
        self._session.sql(sql).write.mode("overwrite").parquet(str(target))

    def links(self, names: Sequence[str], work: Path, target: Path, progress: Told) -> None:
        """See `Engine.links`: one job; a task sorts a part, spilling to its worker's disk."""
        progress("links", 0, 1)
        for name in names:
            found = self._session.sql(queries.LINKS.format(keys=name)).repartition("part")
            ordered = found.sortWithinPartitions("part", "subject", "file_no", "row_no")
            ordered.write.mode("overwrite").partitionBy("part").parquet(str(target))

    def close(self) -> None:
        """See `Engine.close`."""
        self._session.stop()
