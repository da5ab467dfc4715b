"""The record nobody can rewrite: leaves and tree hashes, and the readable lines they prove.

A leaf's own hash lies with the leaf; `ledger_node` holds the hashes of every complete subtree above it. A line is found
by its leaf index, which every line id begins with, so lines need no index of their ids: everything here grows at its end.

So do the look-up indices by subject and by actor on SQLite: they are sorted runs over stretches of the log, made at once from some
thousand lines and later joined to longer ones (`datong.ledger.runs`). On PostgreSQL they are indices of the table. Who asks reads the
views `ledger_by_subject` and `ledger_by_actor`, which are the same on both.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from datong.store.schema.metadata import METADATA

POSITION = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both dialects: a city that reads ten million times a day leaves 32 bits within the year."""

ON_POSTGRESQL = {"only_on": "postgresql"}
"""What only one of the two databases has."""

LEAF = Table(
    "ledger_leaf",
    METADATA,
    Column("leaf_index", POSITION, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

NODE = Table(
    "ledger_node",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),  # 1 and above
    Column("node_index", POSITION, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

CHECKPOINT = Table(
    "ledger_checkpoint",
    METADATA,
    Column("size", POSITION, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("signed_at", Text, nullable=False),
)

COSIGNATURE = Table(
    "ledger_cosignature",
    METADATA,
    Column("size", POSITION, primary_key=True, autoincrement=False),
    Column("witness", Text, primary_key=True),  # its public key as text: a policy may rename it
    Column("line", Text, nullable=False),
    Column("cosigned_at", POSITION, nullable=False),  # seconds since 1970, as the cosignature says
)

WITNESS = Table(
    "ledger_witness",
    METADATA,
    Column("witness", Text, primary_key=True),
    Column("size", POSITION, nullable=False),  # how far it has seen the log, as far as we know
    Column("outcome", Text, nullable=False),  # of the last request: cosigned, or why not
    Column("asked_at", Text, nullable=False),
)

PUBLISHED = Table(
    "ledger_published",
    METADATA,
    Column("size", POSITION, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),  # the checkpoint with the cosignatures of a quorum
    Column("published_at", Text, nullable=False),
)

LINE = Table(
    "ledger_line",
    METADATA,
    Column("leaf_index", POSITION, primary_key=True, autoincrement=False),
    Column("line_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("type", Text, nullable=False),  # read, refusal, delivery, codes, merge, split, claim, pass, dispute, sign_in …
    Column("subject", Text, nullable=False, default=""),  # permanent code
    Column("actor", Text, nullable=False, default=""),
    Column("department", Text, nullable=False, default=""),
    Column("unit", Text, nullable=False, default=""),
    Column("purpose", Text, nullable=False, default=""),
    Column("body", Text, nullable=False),  # JSON: operation, fields by name, outcome, agreement, reason, automatic
    Column("salt", Text, nullable=False),
)
Index(
    "ledger_line_by_subject",
    *(LINE.c[name] for name in ("subject", "at", "leaf_index", "type", "purpose", "department", "actor")),
    info=ON_POSTGRESQL,
)
"""Holds all that counting and choosing a person's lines asks for: these lie together here, and all over the table there."""
Index("ledger_line_by_actor", LINE.c.actor, LINE.c.at, LINE.c.leaf_index, info=ON_POSTGRESQL)
Index("ledger_line_by_time", LINE.c.at, LINE.c.leaf_index)

INDEX_RUN = Table(
    "ledger_index_run",
    METADATA,
    Column("run", POSITION, primary_key=True, autoincrement=False),
    Column("first", POSITION, nullable=False),  # the stretch of the log: its first and its last leaf
    Column("last", POSITION, nullable=False),
    Column("level", Integer, nullable=False),  # how often it has been joined from shorter ones
    Column("at_first", Text, nullable=False),  # the earliest and the latest time in it
    Column("at_last", Text, nullable=False),
    Column("goes_to", POSITION, nullable=False),  # the longer run that its rows are being moved to; 0: none
)


def _index_of(name: str, *key: str) -> Table:
    """A table of runs: the key, then what choosing among its rows asks for."""
    rest = [one for one in ("subject", "actor", "type", "purpose", "department", "unit") if one not in key]
    return Table(
        name,
        METADATA,
        Column("run", POSITION, primary_key=True, autoincrement=False),
        *(Column(one, Text, primary_key=True) for one in key),
        Column("leaf_index", POSITION, primary_key=True, autoincrement=False),
        *(Column(one, Text, nullable=False) for one in rest),
        sqlite_with_rowid=False,
    )


SUBJECT_INDEX = _index_of("ledger_subject_index", "subject", "at")
ACTOR_INDEX = _index_of("ledger_actor_index", "actor", "at")
