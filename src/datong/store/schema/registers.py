"""The registers: derived from members, judgements and precedence; dropped and rebuilt at will."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

ENTRY = Table(
    "entry",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("division", Text, nullable=False, default=""),  # where the subject is: rows are limited by it
    Column("label", Text, nullable=False, default=""),
    Column("body", Text, nullable=False),  # JSON, see datong.registers
)
Index("entry_by_division", ENTRY.c.kind, ENTRY.c.division, ENTRY.c.code)

ENTRY_KEY = Table(
    "entry_key",
    METADATA,
    Column("key_type", Text, primary_key=True),
    Column("key_value", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
)
Index("entry_key_by_code", ENTRY_KEY.c.code)

RELATION = Table(
    "relation",
    METADATA,
    Column("from_code", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("to_code", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("since", Text, nullable=False, default=""),
    Column("until", Text, nullable=False, default=""),
    Column("as_of", Text, nullable=False, default=""),
    Column("delivery_id", Text, nullable=False),
    Column("department", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default="{}"),
)
Index("relation_by_target", RELATION.c.to_code, RELATION.c.type)

MARK = Table(
    "mark",
    METADATA,
    Column("mark_id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False, default=""),
    Column("kind", Text, nullable=False),  # conflict, invalid_id, vague_address, impossible_address, under_investigation…
    Column("state", Text, nullable=False),  # open, settled
    Column("derived", Integer, nullable=False),  # 1: recomputed by a rebuild; 0: raised by a person
    Column("detail", Text, nullable=False, default="{}"),
    Column("raised_at", Text, nullable=False),
    Column("raised_by", Text, nullable=False, default=""),
    Column("owner", Text, nullable=False, server_default=""),  # the department answerable
    Column("source", Text, nullable=False, server_default=""),  # the resource it speaks of first
    Column("says", Text, nullable=False, server_default=""),  # digest of what it says
)
Index("mark_by_code", MARK.c.code, MARK.c.state)

MARK_CASE = Table(
    "mark_case",
    METADATA,
    Column("mark_id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("says", Text, nullable=False),
    Column("derived", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, taken, investigating, right, wrong, corrected, lapsed
    Column("since", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("probe", Text, nullable=False),  # the under_investigation mark an investigation raised
    Column("settled_at", Text, nullable=False),
    Column("settled_by", Text, nullable=False),
)
Index("mark_case_by_code", MARK_CASE.c.code)
Index("mark_case_by_owner", MARK_CASE.c.owner, MARK_CASE.c.state, MARK_CASE.c.due)

MARK_STEP = Table(
    "mark_step",
    METADATA,
    Column("mark_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

REGISTER_STATE = Table(
    "register_state",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

CHANGE = Table(
    "change",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),  # created, changed, merged, split, marked, ended
    Column("detail", Text, nullable=False, default="{}"),
)
