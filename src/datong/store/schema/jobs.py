"""Work that a lower stage leaves for later."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

JOB = Table(
    "job",
    METADATA,
    Column("job_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, running, done, dead
    Column("due_at", Text, nullable=False),
    Column("leased_until", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Column("added_at", Text, nullable=False),
)
Index("job_by_due", JOB.c.state, JOB.c.due_at)
