"""Deliveries and their rejected rows. The records themselves lie in the lake."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

DELIVERY = Table(
    "delivery",
    METADATA,
    Column("delivery_id", Text, primary_key=True),  # d000001, in order of arrival
    Column("resource", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("form", Text, nullable=False),  # file, message: pushed rows and snapshots of remote tables are kept as JSON Lines
    Column("mode", Text, nullable=False),  # full, changes, append: a pushed message is never full
    Column("as_of", Text, nullable=False),  # the day it speaks of
    Column("received_at", Text, nullable=False),
    Column("received_from", Text, nullable=False),  # actor id, or "cli"
    Column("state", Text, nullable=False),  # received, collected, held, replaced
    Column("reason", Text, nullable=False, default=""),  # stable word when held
    Column("message", Text, nullable=False, default=""),  # the sentence for people when held
    Column("receipt", Text, nullable=False, default="{}"),  # JSON of the counts
)
Index("delivery_by_content", DELIVERY.c.resource, DELIVERY.c.sha256)
Index("delivery_by_resource", DELIVERY.c.resource, DELIVERY.c.state, DELIVERY.c.as_of, DELIVERY.c.delivery_id)
Index("delivery_by_state", DELIVERY.c.state, DELIVERY.c.delivery_id)

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("delivery_id", Text, primary_key=True),
    Column("row_no", Integer, primary_key=True),
    Column("resource", Text, nullable=False),
    Column("column_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("row_json", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, released, replaced
    Column("decided_by", Text, nullable=False, default=""),
    Column("decided_at", Text, nullable=False, default=""),
)
Index("quarantine_by_state", QUARANTINE.c.state, QUARANTINE.c.resource)
