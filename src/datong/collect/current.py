"""The current records of a resource: what its deliveries together say now.

full: the newest full delivery, and what was pushed since; changes: the newest record of each key;
append: everything. Newest is by the day a delivery speaks of, then by arrival.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datong import store
from datong.collect import queries
from datong.collect.clean import lake_schema
from datong.settings import Settings
from datong.spec import Source
from datong.store import Session

SCAN_BATCH = 65_536


@dataclass(frozen=True)
class Part:
    """One lake file: its delivery, the day it speaks of, and its place among the others (later wins)."""

    path: Path
    delivery_id: str
    as_of: str
    place: int


def current_parts(session: Session, settings: Settings, source: Source, before: tuple[str, str] | None = None) -> list[Part]:
    """The lake files that make up a resource's current records; `before` (as_of, delivery_id) looks back."""
    found = queries.deliveries(session, queries.COLLECTED, resource=source.resource)
    if before is not None:
        found = [delivery for delivery in found if (delivery.as_of, delivery.delivery_id) < before]
    start = max((place for place, delivery in enumerate(found) if delivery.mode == "full"), default=0)
    return _parts(session, settings, source, [(delivery.delivery_id, delivery.as_of) for delivery in found[start:]])


def scan(session: Session, settings: Settings, source: Source, deliveries: Collection[str] | None = None) -> Iterator[Any]:
    """Current records as Arrow record batches, in the lake's columns with `delivery_id` and `as_of` added.

    `deliveries` limits it to the records that these deliveries brought. Which files to read is settled
    before this returns, so the session may end while the batches stream.
    """
    if deliveries is None:
        parts = current_parts(session, settings, source)
    else:
        wanted = set(deliveries)
        found = queries.deliveries(session, queries.COLLECTED, resource=source.resource)
        parts = _parts(session, settings, source, [(one.delivery_id, one.as_of) for one in found if one.delivery_id in wanted])
    return _stream(settings, source, parts)


def scan_schema(source: Source) -> Any:
    """The columns `scan` yields."""
    return lake_schema(source).append(pa.field("delivery_id", pa.string())).append(pa.field("as_of", pa.string()))


def open_current(settings: Settings, parts: Sequence[Part], columns: str, limit: str = "") -> tuple[Any, str, dict[str, Any]]:
    """A DuckDB connection that knows the parts, and the query (with its parameters) for their current records.

    `limit` is a WHERE of this stage's queries: which records are looked at at all.
    """
    duck = store.open_duck(settings)
    table = {
        "path": [str(part.path) for part in parts],
        "delivery_id": [part.delivery_id for part in parts],
        "as_of": [part.as_of for part in parts],
        "place": [part.place for part in parts],
    }
    duck.register("part", pa.table(table))
    newest = queries.NEWEST if len(parts) > 1 else ""
    return duck, queries.CURRENT.format(columns=columns, limit=limit, newest=newest), {"paths": table["path"]}


def _parts(session: Session, settings: Settings, source: Source, wanted: Sequence[tuple[str, str]]) -> list[Part]:
    rows: dict[str, list[int]] = {}
    for delivery_id, row_no in session.all(queries.ROWS_TAKEN, {"resource": source.resource}):
        rows.setdefault(delivery_id, []).append(int(row_no))
    parts = []
    for place, (delivery_id, as_of) in enumerate(wanted):
        paths = [store.lake_file(settings, source.resource, delivery_id)]
        paths += [store.lake_row_file(settings, source.resource, delivery_id, row_no) for row_no in rows.get(delivery_id, ())]
        parts += [Part(path, delivery_id, as_of, place) for path in paths]
    return parts


def _stream(settings: Settings, source: Source, parts: Sequence[Part]) -> Iterator[Any]:
    schema = scan_schema(source)
    if len(parts) == 1:
        yield from _one_file(parts[0], schema)
    elif parts:
        have = {name for part in parts for name in pq.read_schema(part.path).names}
        columns = [f'record."{name}"' if name in have else f'{_absent(name)} AS "{name}"' for name in lake_schema(source).names]
        duck, sql, params = open_current(settings, parts, ", ".join(columns))
        with duck:
            for batch in duck.sql(sql, params=params).to_arrow_reader(SCAN_BATCH):
                yield _in_schema(batch, schema)


def _one_file(part: Part, schema: Any) -> Iterator[Any]:
    for batch in pq.ParquetFile(part.path).iter_batches(SCAN_BATCH):
        count = batch.num_rows
        with_origin = batch.append_column("delivery_id", pa.repeat(part.delivery_id, count)).append_column(
            "as_of", pa.repeat(part.as_of, count)
        )
        yield _in_schema(with_origin, schema)


def _absent(name: str) -> str:
    return "CAST(NULL AS VARCHAR)" if name.endswith("__raw") else "''"


def _in_schema(batch: Any, schema: Any) -> Any:
    """The batch in exactly the pack's columns: a column that an older delivery lacks is empty."""
    have = set(batch.schema.names)
    columns = []
    for field in schema:
        if field.name in have:
            column = batch.column(field.name).cast(field.type)
            columns.append(column if field.name.endswith("__raw") or not column.null_count else column.fill_null(""))
        else:
            columns.append(pa.nulls(batch.num_rows, pa.string()) if field.name.endswith("__raw") else pa.repeat("", batch.num_rows))
    return pa.RecordBatch.from_arrays(columns, schema=schema)
