"""The ledger's SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from datong.domain.errors import BrokenLedger
from datong.ledger.merkle import Coordinate
from datong.store import Row, Session

Frontier = tuple[int, dict[Coordinate, bytes]]
"""How long the log is, and the subtrees it ends with."""

LOCK_KEY = 0x6C6564676572
"""The advisory lock of the log on PostgreSQL; SQLite has one writer at a time anyway."""

LOCK = "SELECT pg_advisory_xact_lock(:key)"
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(:key)"
SIZE = "SELECT coalesce(max(leaf_index) + 1, 0) FROM ledger_leaf"

LOCK_NOW = f"SELECT 1 FROM pg_advisory_xact_lock({LOCK_KEY})"  # noqa: S608 - a number of our own
FRONTIER = """
WITH log AS (SELECT coalesce(max(leaf_index) + 1, 0) AS size FROM ledger_leaf)
SELECT log.size, at.level, (log.size >> at.level) - 1,
(SELECT hash FROM ledger_node node WHERE node.level = at.level AND node.node_index = (log.size >> at.level) - 1)
FROM log CROSS JOIN generate_series(1, 62) AS at(level) WHERE (log.size >> at.level) & 1 = 1
UNION ALL SELECT log.size, 0, leaf.leaf_index, leaf.hash FROM log JOIN ledger_leaf leaf ON leaf.leaf_index = log.size - 1"""
"""How long the log is, and the subtrees that new leaves may be joined to: on PostgreSQL, in one journey."""

LEAF_COLUMNS = ("leaf_index", "entry", "hash")
NODE_COLUMNS = ("level", "node_index", "hash")
LINE_COLUMNS = ("leaf_index", "line_id", "at", "type", "subject", "actor", "department", "unit", "purpose", "body", "salt")
LINE_FIELDS = ", ".join(LINE_COLUMNS)

LEAF_RANGE = "SELECT leaf_index, entry, hash FROM ledger_leaf WHERE leaf_index >= :start AND leaf_index < :end ORDER BY leaf_index"
LEAF_HASHES = "SELECT hash FROM ledger_leaf WHERE leaf_index >= :start AND leaf_index < :end ORDER BY leaf_index"
LEAF_ENTRY = "SELECT entry FROM ledger_leaf WHERE leaf_index = :leaf_index"
NODE_RANGE = (
    "SELECT node_index, hash FROM ledger_node WHERE level = :level AND node_index >= :start AND node_index < :end ORDER BY node_index"
)
NODE_HASHES = "SELECT hash FROM ledger_node WHERE level = :level AND node_index >= :start AND node_index < :end ORDER BY node_index"
NODE_COUNTS = "SELECT level, count(*), max(node_index) FROM ledger_node GROUP BY level"

LINE_RANGE = f"SELECT {LINE_FIELDS} FROM ledger_line WHERE leaf_index >= :start AND leaf_index < :end"  # noqa: S608
RUN = f"""
SELECT leaf.entry, leaf.hash, {", ".join(f"line.{name}" for name in LINE_COLUMNS[1:])}
FROM ledger_leaf leaf LEFT JOIN ledger_line line ON line.leaf_index = leaf.leaf_index
WHERE leaf.leaf_index >= :start AND leaf.leaf_index < :end ORDER BY leaf.leaf_index"""  # noqa: S608
LINE_BY_ID = f"SELECT {LINE_FIELDS} FROM ledger_line WHERE leaf_index = :leaf_index AND line_id = :line_id"  # noqa: S608
ERASE_LINE = "DELETE FROM ledger_line WHERE leaf_index = :leaf_index AND line_id = :line_id"

NEWEST_CHECKPOINT = "SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1"
CHECKPOINT_RANGE = "SELECT size, note FROM ledger_checkpoint WHERE size > :start AND size <= :end ORDER BY size"
CHECKPOINTS_BEYOND = "SELECT count(*), max(size) FROM ledger_checkpoint WHERE size > :size"
ADD_CHECKPOINT = "INSERT INTO ledger_checkpoint (size, note, signed_at) VALUES (:size, :note, :signed_at) ON CONFLICT (size) DO NOTHING"

COSIGNATURES = "SELECT witness, line FROM ledger_cosignature WHERE size = :size"
ADD_COSIGNATURE = """
INSERT INTO ledger_cosignature (size, witness, line, cosigned_at) VALUES (:size, :witness, :line, :at)
ON CONFLICT (size, witness) DO NOTHING"""
WITNESSES = "SELECT witness, size, outcome, asked_at FROM ledger_witness"
ADD_WITNESS = """
INSERT INTO ledger_witness (witness, size, outcome, asked_at) VALUES (:witness, :size, :outcome, :now)
ON CONFLICT (witness) DO UPDATE SET size = excluded.size, outcome = excluded.outcome, asked_at = excluded.asked_at"""
NEWEST_PUBLISHED = "SELECT size, note FROM ledger_published ORDER BY size DESC LIMIT 1"
PUBLISHED_RANGE = "SELECT size, note FROM ledger_published WHERE size > :start AND size <= :end ORDER BY size"
ADD_PUBLISHED = """
INSERT INTO ledger_published (size, note, published_at) VALUES (:size, :note, :now)
ON CONFLICT (size) DO UPDATE SET note = excluded.note"""


def size_of(session: Session) -> int:
    """How many leaves the log has."""
    row = session.one(SIZE)
    return int(row[0]) if row else 0


def read_hashes(session: Session, coordinates: Sequence[Coordinate]) -> dict[Coordinate, bytes]:
    """The stored hashes at these coordinates, in one statement; BrokenLedger when one of them is gone."""
    if not coordinates:
        return {}
    parts, params = [], {}
    for number, (level, index) in enumerate(coordinates):
        params[f"i{number}"] = index
        if level == 0:
            parts.append(f"SELECT 0, leaf_index, hash FROM ledger_leaf WHERE leaf_index = :i{number}")  # noqa: S608
        else:
            params[f"l{number}"] = level
            parts.append(f"SELECT level, node_index, hash FROM ledger_node WHERE level = :l{number} AND node_index = :i{number}")  # noqa: S608
    rows = session.all(" UNION ALL ".join(parts), params)
    found = {(int(level), int(index)): bytes(digest) for level, index, digest in rows}
    must_have(found, coordinates)
    return found


def must_have(found: Mapping[Coordinate, bytes], coordinates: Sequence[Coordinate]) -> None:
    """BrokenLedger when one of these hashes is gone."""
    for level, index in coordinates:
        if (level, index) not in found:
            raise BrokenLedger(f"The ledger's tree has lost the hash at level {level}, index {index}; run `datong ledger verify`.")


def frontier(session: Session) -> Frontier:
    """Waits on PostgreSQL until nobody else writes to the log; then its length, and the subtrees that new leaves may be joined to."""
    return frontier_of(session.all_after(LOCK_NOW, FRONTIER))


def frontier_of(rows: Sequence[Row]) -> Frontier:
    """What the rows of FRONTIER say."""
    return (int(rows[0][0]) if rows else 0), {(int(level), int(index)): bytes(digest) for _, level, index, digest in rows if digest}
