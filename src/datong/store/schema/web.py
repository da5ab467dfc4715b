"""Accounts, sessions and keys of the people and systems at the doors."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

ACCOUNT = Table(
    "account",
    METADATA,
    Column("account_id", Text, primary_key=True),  # the sign-in name
    Column("password_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # citizen, officer
    Column("department", Text, nullable=False, default=""),
    Column("unit", Text, nullable=False, default=""),
    Column("roles", Text, nullable=False, default="[]"),
    Column("jurisdiction", Text, nullable=False, default="[]"),
    Column("domains", Text, nullable=False, default="[]"),
    Column("subject", Text, nullable=False, default=""),
    Column("state", Text, nullable=False, default="active"),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", Text, nullable=False, default=""),
    Column("demo_password", Text, nullable=False, default=""),  # demonstration cities only, shown on the sign-in page
    Column("demo_note", Text, nullable=False, default=""),
)

SIGN_IN = Table(
    "sign_in",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("purpose", Text, nullable=False, default=""),
)
Index("sign_in_by_account", SIGN_IN.c.account_id)

API_KEY = Table(
    "api_key",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("agreements", Text, nullable=False),  # JSON list
    Column("resources", Text, nullable=False, default="[]"),  # resources it may push to
    Column("jurisdiction", Text, nullable=False, default='[""]'),
    Column("state", Text, nullable=False, default="active"),
    Column("created_at", Text, nullable=False),
    Column("networks", Text, nullable=False, default="[]"),  # JSON: addresses it may come from; empty: any
    Column("hours", Text, nullable=False, default=""),  # "08:00-18:00", the city's time; empty: any
    Column("until", Text, nullable=False, default=""),  # last day; empty: none
)

LOOKUP = Table(
    "lookup",
    METADATA,
    Column("lookup_id", Text, primary_key=True),  # random; what stands in the address line instead of what was typed
    Column("token_hash", Text, nullable=False),  # the sign-in it belongs to; gone with it
    Column("body", Text, nullable=False),  # JSON: what was typed
    Column("made_at", Text, nullable=False),
)
Index("lookup_by_sign_in", LOOKUP.c.token_hash)

SIGN_IN_FAILURE = Table(
    "sign_in_failure",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("source", Text, primary_key=True),  # digests under the day's key: neither address nor name is kept
    Column("account", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
)

SIGN_IN_WATCH = Table(
    "sign_in_watch",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("secret", Text, nullable=False),  # thrown away once the day is over
)
