"""The record nobody can rewrite: leaves and tile hashes, and the readable lines they prove."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from datong.store.schema.metadata import METADATA

LEAF = Table(
    "ledger_leaf",
    METADATA,
    Column("leaf_index", Integer, primary_key=True),
    Column("entry", LargeBinary, nullable=False),
)

NODE = Table(
    "ledger_node",
    METADATA,
    Column("level", Integer, primary_key=True),
    Column("node_index", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)

CHECKPOINT = Table(
    "ledger_checkpoint",
    METADATA,
    Column("size", Integer, primary_key=True),
    Column("note", Text, nullable=False),
    Column("signed_at", Text, nullable=False),
)

LINE = Table(
    "ledger_line",
    METADATA,
    Column("line_id", Text, primary_key=True),
    Column("leaf_index", Integer, nullable=False),
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
Index("ledger_line_by_subject", LINE.c.subject, LINE.c.at)
Index("ledger_line_by_actor", LINE.c.actor, LINE.c.at)
Index("ledger_line_by_leaf", LINE.c.leaf_index)
