"""Rows that wait: shown to their department, released as they are, or replaced by mended values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from datong import ledger, store
from datong.collect import queries
from datong.collect.clean import Cleaner, CleanRow
from datong.collect.identity import repeat_id
from datong.collect.match_columns import folded_name
from datong.domain.errors import BadValue, Missing
from datong.settings import Settings
from datong.spec import Source
from datong.store import LakeWriter, Session


@dataclass(frozen=True)
class WaitingRow:
    """A row in quarantine, with what was sent and why it waits."""

    delivery_id: str
    row_no: int
    resource: str
    column: str
    reason: str
    message: str
    cells: Mapping[str, str]
    state: str
    decided_by: str
    decided_at: str


@dataclass(frozen=True)
class Decision:
    """Who let a row in, and when."""

    by: str
    at: str


def waiting_rows(
    session: Session, *, resource: str = "", delivery_id: str = "", state: str = "waiting", limit: int = 100
) -> list[WaitingRow]:
    """Rows in quarantine, by delivery and row."""
    asked = {"resource": resource, "delivery_id": delivery_id, "state": state, "limit": limit}
    return [_waiting(row) for row in session.all(queries.QUARANTINED, asked)]


def count_waiting(session: Session) -> dict[tuple[str, str], int]:
    """How many rows wait, by resource and reason."""
    return {(resource, reason): int(count) for resource, reason, count in session.all(queries.COUNT_WAITING)}


def release_row(session: Session, settings: Settings, source: Source, place: tuple[str, int], decision: Decision) -> CleanRow:
    """Let a row in as it was sent; `place` is its delivery and row number. It joins its delivery in the lake."""
    waiting = _find(session, source, place)
    clean = Cleaner(source).row(_by_field(source, waiting.cells), waive=True)
    _let_in(session, settings, source, waiting, (clean, "released", decision))
    return clean


def replace_row(
    session: Session, settings: Settings, source: Source, place: tuple[str, int], values: Mapping[str, str], *, decision: Decision
) -> CleanRow:
    """Let a row in with mended values (by column name); raises BadValue when it is still wrong, naming the column."""
    waiting = _find(session, source, place)
    known = {folded_name(column.name) for column in source.columns}
    for name in values:
        if folded_name(name) not in known:
            raise BadValue(name, "is no column of this source", "name columns as the department does")
    clean = Cleaner(source).row(_by_field(source, waiting.cells) | _by_field(source, values))
    if clean.rejection:
        raise BadValue(clean.rejection.column, clean.rejection.message)
    _let_in(session, settings, source, waiting, (clean, "replaced", decision))
    return clean


def _find(session: Session, source: Source, place: tuple[str, int]) -> WaitingRow:
    row = session.one(queries.ROW, {"delivery_id": place[0], "row_no": place[1]})
    if row is None or row[2] != source.resource:
        raise Missing(f"Row {place[1]} of delivery {place[0]} does not wait in quarantine.")
    waiting = _waiting(row)
    if waiting.state != "waiting":
        raise BadValue("row_no", f"is {waiting.state} already", "name a row that waits")
    return waiting


def _waiting(row: store.Row) -> WaitingRow:
    return WaitingRow(row[0], int(row[1]), row[2], row[3], row[4], row[5], json.loads(row[6]), row[7], row[8], row[9])


def _by_field(source: Source, cells: Mapping[str, str]) -> dict[str, str]:
    named = {folded_name(name): value for name, value in cells.items()}
    return {column.field: named[folded_name(column.name)] for column in source.columns if folded_name(column.name) in named}


def _let_in(session: Session, settings: Settings, source: Source, waiting: WaitingRow, how: tuple[CleanRow, str, Decision]) -> None:
    clean, state, decision = how
    asked = {"state": state, "by": decision.by, "at": decision.at, "delivery_id": waiting.delivery_id, "row_no": waiting.row_no}
    if not session.run(queries.DECIDE_ROW, asked):
        raise BadValue("row_no", "was decided by somebody else just now", "look at it again")
    _write_row(settings, source, waiting, clean)
    body = {
        "resource": source.resource,
        "delivery": waiting.delivery_id,
        "row": waiting.row_no,
        "reason": waiting.reason,
        "column": waiting.column,
        "state": state,
        "record": clean.record_id,
    }
    line = ledger.Line("quarantine", decision.at, actor=decision.by, department=source.department, body=body)
    ledger.append(session, line)


def _write_row(settings: Settings, source: Source, waiting: WaitingRow, clean: CleanRow) -> None:
    """The row as a lake file of its own, beside its delivery's; seen once the transaction is through."""
    schema = Cleaner(source).schema
    record_id, problems = clean.record_id, clean.problems
    if _has_record(settings, source, waiting.delivery_id, record_id):
        record_id = repeat_id(record_id, clean.row_hash)
        problems = ";".join(filter(None, (problems, "key:repeated_key")))
    columns: dict[str, str | int | None] = {
        "record_id": record_id,
        "row_no": waiting.row_no,
        "row_hash": clean.row_hash,
        "problems": problems,
    }
    for field in source.fields:
        columns[field] = clean.values[field]
        columns[f"{field}__raw"] = clean.raws.get(field)
    place = store.lake_row_file(settings, source.resource, waiting.delivery_id, waiting.row_no)
    with LakeWriter(place, schema) as writer:
        writer.write(pa.RecordBatch.from_pylist([columns], schema=schema))
        writer.finish()
        writer.place()


def _has_record(settings: Settings, source: Source, delivery_id: str, record_id: str) -> bool:
    folder = store.lake_file(settings, source.resource, delivery_id)
    paths = [folder, *folder.parent.glob(f"{delivery_id}.row*.parquet")]
    return any(pq.read_table(path, columns=["record_id"], filters=[("record_id", "==", record_id)]).num_rows for path in paths)
