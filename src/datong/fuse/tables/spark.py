"""Finding and comparing pairs on Spark: the kernels in `mapInArrow`, joins in its SQL. The rest of linking stays with the driver.

The driver holds the rows and the pairs' patterns, as one machine does; the workers get the rows from it, so files need not
be shared. Reading and keying values, joining blocks and comparing pairs, which is most of the work, is cut into tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from datong.fuse.spark import spark_session
from datong.fuse.tables.block import Pairs, key_batch, not_too_many
from datong.fuse.tables.compare import compare_batch
from datong.fuse.tables.link_spec import LinkSpec

Batches = Callable[[Iterator[Any]], Iterator[Any]]
_KEYS = "id bigint, block int, key bigint"
SIZES = """
SELECT block, count(CASE WHEN many > {largest} THEN 1 END) AS dropped,
       CAST(coalesce(sum(CASE WHEN many <= {largest} THEN many * (many - 1) END), 0) AS BIGINT) AS twice
FROM (SELECT block, key, count(*) AS many FROM link_keys GROUP BY block, key) AS sizes GROUP BY block
"""
PAIRS = """
WITH counted AS (SELECT block, key, id, count(*) OVER (PARTITION BY block, key) AS many FROM link_keys),
held AS (SELECT counted.block, counted.key, counted.id, link_rows.grp, link_rows.side
         FROM counted JOIN link_rows ON link_rows.id = counted.id WHERE counted.many BETWEEN 2 AND {largest})
SELECT one.id AS left_id, other.id AS right_id, bit_or(shiftleft(1L, one.block)) AS found, min_by(one.key, one.block) AS key
FROM held AS one JOIN held AS other ON one.block = other.block AND one.key = other.key AND one.id < other.id
WHERE one.grp <> other.grp AND ({within} OR one.side <> other.side)
GROUP BY one.id, other.id
"""
WITH_TEXTS = """
SELECT link_pairs.*, {columns} FROM link_pairs
JOIN link_rows AS one ON one.id = link_pairs.left_id JOIN link_rows AS other ON other.id = link_pairs.right_id
"""


class SparkPairs:
    """A Spark session as a `PairEngine`."""

    def __init__(self, master: str, options: Mapping[str, str] | None = None) -> None:
        """Raises BadSettings where pyspark or Java is missing or nobody answers at `master`."""
        self._session = spark_session(master, {"spark.driver.maxResultSize": "0", **(options or {})})

    def compared(self, spec: LinkSpec, texts: Any, held: tuple[Any, Any], tell: Callable[[str], None]) -> tuple[Pairs, Any]:
        """See `PairEngine.compared`."""
        tell("handing the rows to Spark")
        names = [f"c{place}" for place in range(len(spec.columns))]
        rows = self._session.createDataFrame(_rows(texts.rename_columns(names), *held))
        rows.createOrReplaceTempView("link_rows")
        keys = rows.select("id", *names).mapInArrow(keys_of(spec), _KEYS).persist()
        keys.createOrReplaceTempView("link_keys")
        try:
            tell("finding pairs on Spark")
            sizes = {row["block"]: row for row in self._query(SIZES.format(largest=spec.largest_block)).to_pylist()}
            of_block = [sizes.get(place, {"dropped": 0, "twice": 0}) for place in range(len(spec.blocks))]
            not_too_many(spec, [one["twice"] // 2 for one in of_block])
            tell(f"comparing at most {sum(one['twice'] // 2 for one in of_block):,} pairs on Spark")
            found = self._levels(spec, names, len(held[1]) == 0)
        finally:
            keys.unpersist()
        return _in_order(found, tuple(one["dropped"] for one in of_block))

    def _levels(self, spec: LinkSpec, names: list[str], within: bool) -> Any:
        pairs = self._session.sql(PAIRS.format(largest=spec.largest_block, within=str(within).lower()))
        pairs.createOrReplaceTempView("link_pairs")
        columns = [f"{side}.{name} AS {view}_{name}" for side, view in (("one", "left"), ("other", "right")) for name in names]
        levels = ", ".join(f"level_{place} tinyint" for place in range(len(spec.comparisons)))
        schema = f"left_id bigint, right_id bigint, found bigint, key bigint, {levels}"
        return self._session.sql(WITH_TEXTS.format(columns=", ".join(columns))).mapInArrow(levels_of(spec), schema).toArrow()

    def _query(self, sql: str) -> Any:
        return self._session.sql(sql).toArrow()

    def close(self) -> None:
        """End the session."""
        self._session.stop()


def _rows(texts: Any, groups: Any, sides: Any) -> Any:
    """The rows with their place, group and side, as one table."""
    count = len(groups)
    held = sides if len(sides) else np.zeros(count, np.int8)
    whole = {"id": pa.array(np.arange(count, dtype=np.int64)), "grp": pa.array(groups.astype(np.int64)), "side": pa.array(held)}
    return pa.table({**whole, **{name: texts.column(name) for name in texts.column_names}})


def keys_of(spec: LinkSpec) -> Batches:
    """Batches of rows (id, c0 …) → batches of their keys."""

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield key_batch(spec, batch.rename_columns(["id", *(column.name for column in spec.columns)]))

    return task


def levels_of(spec: LinkSpec) -> Batches:
    """Batches of pairs with both rows' texts → batches of the pairs, how they were found, and their levels."""

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        own = ["left_id", "right_id", "found", "key"]
        names = [*own, *(f"{side}_{column.name}" for side in ("left", "right") for column in spec.columns)]
        for batch in batches:
            levels = compare_batch(spec, batch.rename_columns(names)).columns[2:]
            whole = [*batch.columns[:4], *levels]
            yield pa.RecordBatch.from_arrays(whole, names=[*own, *(f"level_{place}" for place in range(len(levels)))])

    return task


def _in_order(found: Any, dropped: tuple[int, ...]) -> tuple[Pairs, Any]:
    """Pairs as `candidate_pairs` orders them: by the first block that finds them, then its key, then the rows."""
    left, right = (found[name].to_numpy().astype(np.int32) for name in ("left_id", "right_id"))
    bits, key = (found[name].to_numpy().view(np.uint64) for name in ("found", "key"))
    first = bits & (~bits + np.uint64(1))
    order = np.lexsort((right, left, key, first))
    levels = [found.column(place).to_numpy().astype(np.int8)[order] for place in range(4, found.num_columns)]
    return Pairs(left[order], right[order], bits[order], dropped), np.stack(levels).T
