"""The catalogue of what departments share: resources with their versions, steps and clocks; systems; what is asked for and not had."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

ITEM = Table(
    "catalogue_item",
    METADATA,
    Column("resource", Text, primary_key=True),  # a source's resource, or r000001
    Column("number", Integer, nullable=False, unique=True),  # order of entry; pages go by it
    Column("code", Text, nullable=False),  # classification/sequence; empty until published
    Column("department", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sharing_class", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("origin", Text, nullable=False),  # pack, entered
    Column("state", Text, nullable=False),  # draft, published, withdrawn
    Column("step", Text, nullable=False),  # of the working draft: empty, draft, assessed, submitted, returned
    Column("version", Integer, nullable=False),  # the published one; 0: none yet
    Column("draft", Text, nullable=False),  # JSON of the working draft; empty: none
    Column("search", Text, nullable=False),  # every word of names and fields, in small letters
    Column("conflicts", Integer, nullable=False),  # how many of its items have acts that differ
    Column("entered_by", Text, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("published_at", Text, nullable=False),
)
Index("catalogue_item_by_department", ITEM.c.department, ITEM.c.number)
Index("catalogue_item_by_step", ITEM.c.step, ITEM.c.number)

VERSION = Table(
    "catalogue_version",
    METADATA,
    Column("resource", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),  # JSON of the whole item
    Column("published_at", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("note", Text, nullable=False),
)

STEP = Table(
    "catalogue_step",
    METADATA,
    Column("resource", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("note", Text, nullable=False),
)

CLOCK = Table(
    "catalogue_clock",
    METADATA,
    Column("resource", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # update, review
    Column("started", Text, primary_key=True),  # moment
    Column("department", Text, nullable=False),  # who must act
    Column("due", Text, nullable=False),  # day
    Column("extended", Integer, nullable=False),
    Column("ended", Text, nullable=False),  # day; empty: still runs
    Column("why", Text, nullable=False),
)
Index("catalogue_clock_by_end", CLOCK.c.ended, CLOCK.c.due)

SYSTEM = Table(
    "catalogue_system",
    METADATA,
    Column("system_id", Text, primary_key=True),
    Column("department", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("what_for", Text, nullable=False),
    Column("in_use", Integer, nullable=False),
    Column("entered_at", Text, nullable=False),
)
Index("catalogue_system_by_title", SYSTEM.c.department, SYSTEM.c.title, unique=True)

DEMAND = Table(
    "catalogue_demand",
    METADATA,
    Column("demand_id", Text, primary_key=True),
    Column("department", Text, nullable=False),  # who wants it
    Column("providing", Text, nullable=False),  # who should have it; empty: not known
    Column("resource", Text, nullable=False),  # where it belongs, when it is known
    Column("title", Text, nullable=False),  # the data wanted
    Column("purpose", Text, nullable=False),
    Column("why", Text, nullable=False),  # the work that waits for it
    Column("state", Text, nullable=False),  # open, planned, met, declined
    Column("answer", Text, nullable=False),
    Column("entered_at", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("settled_at", Text, nullable=False),
)
Index("catalogue_demand_by_state", DEMAND.c.state, DEMAND.c.entered_at)

REFUSED = Table(
    "catalogue_refused",
    METADATA,
    Column("department", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("register", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("ground", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
)
"""Refused reads counted from the ledger, without anybody's code or name."""

EXCHANGE = Table(
    "share_exchange",
    METADATA,
    Column("month", Text, primary_key=True),  # YYYY-MM
    Column("department", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("type", Text, primary_key=True),  # of the ledger's line: read, unmask, refusal, push, delivery
    Column("times", Integer, nullable=False),
)
"""Exchanges counted from the ledger, for the boards."""
