"""The record nobody can rewrite: leaves and tree hashes, and the readable lines they prove.

A leaf's own hash lies with the leaf; `ledger_node` holds the hashes of every complete subtree above it. A line is found
by its leaf index, which every line id begins with, so lines need no index of their ids: everything here but the look-up
indices grows at its end.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from datong.store.schema.metadata import METADATA

POSITION = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both dialects: a city that reads ten million times a day leaves 32 bits within the year."""

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
)
"""Holds all that counting and choosing a person's lines asks for: these lie together here, and all over the table there."""
Index("ledger_line_by_actor", LINE.c.actor, LINE.c.at, LINE.c.leaf_index)
Index("ledger_line_by_time", LINE.c.at, LINE.c.leaf_index)
