"""The stage's SQL: deliveries and quarantine in the store, current records and comparison in DuckDB."""

# ruff: noqa: S608 - only this module's own constants are put into its queries
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from datong.collect.receipt import Delivery
from datong.store import Session

DELIVERY_COLUMNS = (
    *("delivery_id", "resource", "sha256", "size", "file_name", "form", "mode", "as_of"),
    *("received_at", "received_from", "state", "reason", "message", "receipt"),
)
QUARANTINE_COLUMNS = (
    *("delivery_id", "row_no", "resource", "column_name", "reason", "message", "row_json"),
    *("state", "decided_by", "decided_at"),
)
_ALL = ", ".join(DELIVERY_COLUMNS)

LOCK_POSTGRES = "LOCK TABLE delivery IN SHARE ROW EXCLUSIVE MODE"
NEXT_NUMBER = "SELECT COALESCE(MAX(CAST(SUBSTR(delivery_id, 2) AS INTEGER)), 0) + 1 FROM delivery"
BY_ID = f"SELECT {_ALL} FROM delivery WHERE delivery_id = :delivery_id"
SAME_CONTENT = (
    f"SELECT {_ALL} FROM delivery WHERE resource = :resource AND sha256 = :sha256 AND state <> 'replaced' ORDER BY delivery_id DESC"
)
BY_STATE = f"SELECT {_ALL} FROM delivery WHERE state = :state ORDER BY delivery_id"
NEWER = """
SELECT COUNT(*) FROM delivery WHERE resource = :resource AND state = 'collected'
AND (as_of > :as_of OR (as_of = :as_of AND delivery_id > :delivery_id))"""
COLLECTED = f"SELECT {_ALL} FROM delivery WHERE resource = :resource AND state = 'collected' ORDER BY as_of, delivery_id"
LIST = f"""
SELECT {_ALL} FROM delivery WHERE (:resource = '' OR resource = :resource) AND (:state = '' OR state = :state)
ORDER BY delivery_id DESC LIMIT :limit"""
SETTLE = """
UPDATE delivery SET state = :state, reason = :reason, message = :message, receipt = :receipt
WHERE delivery_id = :delivery_id AND state IN ('received', 'held')"""
REPLACE = "UPDATE delivery SET state = 'replaced' WHERE delivery_id = :delivery_id AND state = 'held'"
DROP_QUARANTINE = "DELETE FROM quarantine WHERE delivery_id = :delivery_id"
QUARANTINED = """
SELECT delivery_id, row_no, resource, column_name, reason, message, row_json, state, decided_by, decided_at FROM quarantine
WHERE (:resource = '' OR resource = :resource) AND (:delivery_id = '' OR delivery_id = :delivery_id) AND (:state = '' OR state = :state)
ORDER BY delivery_id, row_no LIMIT :limit"""
ROW = """
SELECT delivery_id, row_no, resource, column_name, reason, message, row_json, state, decided_by, decided_at FROM quarantine
WHERE delivery_id = :delivery_id AND row_no = :row_no"""
DECIDE_ROW = """
UPDATE quarantine SET state = :state, decided_by = :by, decided_at = :at
WHERE delivery_id = :delivery_id AND row_no = :row_no AND state = 'waiting'"""
ROWS_TAKEN = """
SELECT delivery_id, row_no FROM quarantine WHERE resource = :resource AND state IN ('released', 'replaced') ORDER BY delivery_id, row_no"""
COUNT_WAITING = (
    "SELECT resource, reason, COUNT(*) FROM quarantine WHERE state = 'waiting' GROUP BY resource, reason ORDER BY resource, reason"
)

CURRENT = """
SELECT {columns}, part.delivery_id AS delivery_id, part.as_of AS as_of
FROM read_parquet($paths, filename = true, union_by_name = true) AS record JOIN part ON part.path = record.filename
{limit}
{newest}"""
ONLY_FRESH = "WHERE record.record_id IN (SELECT record_id FROM read_parquet($fresh))"
NEWEST = "QUALIFY row_number() OVER (PARTITION BY record.record_id ORDER BY part.place DESC, record.row_no DESC) = 1"
COMPARE = """
WITH earlier AS ({current}), fresh AS (SELECT record_id, row_hash FROM read_parquet($fresh))
SELECT COUNT(*) FILTER (WHERE earlier.record_id IS NULL),
       COUNT(*) FILTER (WHERE earlier.row_hash <> fresh.row_hash),
       COUNT(*) FILTER (WHERE earlier.row_hash = fresh.row_hash),
       (SELECT COUNT(*) FROM earlier)
FROM fresh LEFT JOIN earlier USING (record_id)"""


def find_delivery(session: Session, delivery_id: str) -> Delivery | None:
    """A delivery by its id."""
    row = session.one(BY_ID, {"delivery_id": delivery_id})
    return Delivery(*row) if row else None


def deliveries(session: Session, sql: str, **params: Any) -> list[Delivery]:
    """Deliveries by one of this module's queries."""
    return [Delivery(*row) for row in session.all(sql, params)]


def next_id(session: Session) -> str:
    """The id of the next delivery, in order of arrival; other writers wait until this session ends."""
    if session.dialect == "postgresql":
        session.run(LOCK_POSTGRES)
    found = session.one(NEXT_NUMBER)
    assert found is not None
    return f"d{int(found[0]):06d}"


def add_delivery(session: Session, delivery: Delivery) -> None:
    """Enter a delivery."""
    session.load("delivery", DELIVERY_COLUMNS, [[getattr(delivery, name) for name in DELIVERY_COLUMNS]])


def add_quarantine(session: Session, rows: Iterable[Sequence[Any]]) -> None:
    """Enter rows that wait."""
    session.load("quarantine", QUARANTINE_COLUMNS, rows)
