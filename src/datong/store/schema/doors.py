"""The doors to other systems: who signs, extracts asked for, who is told of changes, and what could not be told."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

SIGNER = Table(
    "door_signer",
    METADATA,
    Column("key_id", Text, primary_key=True),  # the API key whose requests must be signed
    Column("public_key", Text, nullable=False),  # PEM
    Column("added_at", Text, nullable=False),
)

EXTRACT = Table(
    "door_extract",
    METADATA,
    Column("extract_id", Text, primary_key=True),
    Column("department", Text, nullable=False),  # whose agreement it goes by
    Column("asked_by", Text, nullable=False),
    Column("asked_name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("register", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("question", Text, nullable=False),  # JSON: fields and filters
    Column("reason", Text, nullable=False),
    Column("form", Text, nullable=False),  # xlsx, csv
    Column("state", Text, nullable=False),  # asked, approved, refused
    Column("asked_at", Text, nullable=False),
    Column("decided_by", Text, nullable=False, default=""),
    Column("decided_at", Text, nullable=False, default=""),
    Column("said", Text, nullable=False, default=""),
    Column("expires_at", Text, nullable=False, default=""),
    Column("takes", Integer, nullable=False, default=0),
    Column("rows", Integer, nullable=False, default=0),  # of the newest copy
    Column("sha256", Text, nullable=False, default=""),  # of the newest copy
)
Index("door_extract_by_state", EXTRACT.c.state, EXTRACT.c.asked_at)
Index("door_extract_by_asker", EXTRACT.c.asked_by, EXTRACT.c.asked_at)

SUBSCRIPTION = Table(
    "door_subscription",
    METADATA,
    Column("subscription_id", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("since", Integer, nullable=False),  # the last change that was told
    Column("state", Text, nullable=False),  # active, halted, ended
    Column("made_at", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),  # at the batch in hand
    Column("failing_since", Text, nullable=False, default=""),
    Column("due_at", Text, nullable=False, default=""),
    Column("error", Text, nullable=False, default=""),
    Column("told_at", Text, nullable=False, default=""),
    Column("allowed_at", Text, nullable=False, default=""),  # when the receiver said that it wants to be told
    Column("allowed_rate", Integer, nullable=False, default=0),  # requests a minute it allows; 0: no limit
)
Index("door_subscription_by_due", SUBSCRIPTION.c.state, SUBSCRIPTION.c.due_at)
Index("door_subscription_by_key", SUBSCRIPTION.c.key_id)

STOP = Table(
    "door_stop",
    METADATA,
    Column("stop_id", Text, primary_key=True),
    Column("scope", Text, nullable=False),  # system, department, purpose, all
    Column("target", Text, nullable=False),  # key, department or purpose; "" for all
    Column("reason", Text, nullable=False),
    Column("stopped_by", Text, nullable=False),
    Column("stopped_at", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("lifted_by", Text, nullable=False, default=""),
    Column("lifted_at", Text, nullable=False, default=""),
    Column("lift_reason", Text, nullable=False, default=""),
)
Index("door_stop_by_until", STOP.c.lifted_at, STOP.c.until)

NONCE = Table(
    "door_nonce",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),  # seconds since 1970
)
Index("door_nonce_by_time", NONCE.c.seen_at)

DEAD_LETTER = Table(
    "door_dead_letter",
    METADATA,
    Column("letter_id", Text, primary_key=True),
    Column("subscription_id", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("died_at", Text, nullable=False),
    Column("state", Text, nullable=False),  # dead, retried, dropped
    Column("settled_by", Text, nullable=False, default=""),
    Column("settled_at", Text, nullable=False, default=""),
)
Index("door_dead_letter_by_state", DEAD_LETTER.c.state, DEAD_LETTER.c.died_at)
