"""Open data: what was opened to the public, its versions and their use; what the public asks for and reports. No row names a person
but the wish that somebody signed in made, by her account."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

DATASET = Table(
    "open_dataset",
    METADATA,
    Column("code", Text, primary_key=True),  # of the agreement with the public: O2026-0001
    Column("resource", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("shape", Text, nullable=False),  # rows: each subject; counts: how many of each group
    Column("register", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON list of the register's fields
    Column("licence", Text, nullable=False),
    Column("condition", Text, nullable=False),  # what is agreed to before a download; empty: none
    Column("cycle", Text, nullable=False),
    Column("state", Text, nullable=False),  # proposed, signed, opened, returned, withdrawn
    Column("why", Text, nullable=False),  # why it was returned or withdrawn
    Column("version", Integer, nullable=False),  # the newest published; 0: none
    Column("search", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Text, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("withdrawn_at", Text, nullable=False),
)
Index("open_dataset_by_state", DATASET.c.state, DATASET.c.code)

VERSION = Table(
    "open_version",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("as_of", Text, nullable=False),  # day of the newest delivery it was made from
    Column("rows", Integer, nullable=False),
    Column("csv_sha256", Text, nullable=False),
    Column("csv_size", Integer, nullable=False),
    Column("json_sha256", Text, nullable=False),
    Column("json_size", Integer, nullable=False),
)

DOWNLOAD = Table(
    "open_download",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("form", Text, primary_key=True),  # csv, json, rows
    Column("day", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)

WISH = Table(
    "open_wish",
    METADATA,
    Column("wish_id", Text, primary_key=True),
    Column("asked_by", Text, nullable=False),  # mailbox of who asked
    Column("title", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("department", Text, nullable=False),  # who has it; empty: not known
    Column("state", Text, nullable=False),  # open, opened, planned, declined
    Column("answer", Text, nullable=False),
    Column("basis", Text, nullable=False),  # the act a refusal rests on
    Column("dataset", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
)
Index("open_wish_by_state", WISH.c.state, WISH.c.due)

CORRECTION = Table(
    "open_correction",
    METADATA,
    Column("correction_id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, upheld, dismissed
    Column("answer", Text, nullable=False),
    Column("reported_at", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
)
Index("open_correction_by_dataset", CORRECTION.c.code, CORRECTION.c.reported_at)
