"""The cascade with the provincial platform: what it offers, and what was requested of it."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

OFFER = Table(
    "cascade_offer",
    METADATA,
    Column("code", Text, primary_key=True),  # the province's resource code
    Column("title", Text, nullable=False),
    Column("provider", Text, nullable=False),  # the provincial department, in words
    Column("sharing_class", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("items", Text, nullable=False),  # JSON: name → title of each data item
    Column("state", Text, nullable=False),  # offered, withdrawn
    Column("imported_at", Text, nullable=False),
)

REQUEST = Table(
    "cascade_request",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("code", Text, nullable=False),  # of the offer
    Column("department", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("items", Text, nullable=False),  # JSON: names asked for, later those agreed
    Column("why", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sent, agreed, refused
    Column("number", Text, nullable=False),  # the province's own
    Column("answer", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),  # when it is tried or asked after again
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
)
Index("cascade_request_by_state", REQUEST.c.state, REQUEST.c.due_at)
Index("cascade_request_by_department", REQUEST.c.department, REQUEST.c.asked_at)
