"""The first schema, frozen: later migrations change it step by step, `schema/` always shows the newest."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FIRST = sa.MetaData()
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def table(name: str, *columns: Column[Any], **options: Any) -> None:
    """One table as it first was."""
    sa.Table(name, FIRST, *columns, **options)


table(
    "account",
    Column("account_id", sa.Text, primary_key=True),
    Column("password_hash", sa.Text, nullable=False),
    Column("name", sa.Text, nullable=False),
    Column("kind", sa.Text, nullable=False),
    Column("department", sa.Text, nullable=False),
    Column("unit", sa.Text, nullable=False),
    Column("roles", sa.Text, nullable=False),
    Column("jurisdiction", sa.Text, nullable=False),
    Column("domains", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("failures", sa.Integer, nullable=False),
    Column("locked_until", sa.Text, nullable=False),
    Column("demo_password", sa.Text, nullable=False),
    Column("demo_note", sa.Text, nullable=False),
)
table(
    "anchor",
    Column("kind", sa.Text, primary_key=True),
    Column("anchor", sa.Text, primary_key=True),
    Column("code", sa.Text, nullable=False),
)
table(
    "api_key",
    Column("key_id", sa.Text, primary_key=True),
    Column("secret_hash", sa.Text, nullable=False, unique=True),
    Column("name", sa.Text, nullable=False),
    Column("department", sa.Text, nullable=False),
    Column("agreements", sa.Text, nullable=False),
    Column("resources", sa.Text, nullable=False),
    Column("jurisdiction", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("created_at", sa.Text, nullable=False),
)
table(
    "block",
    Column("kind", sa.Text, primary_key=True),
    Column("block", sa.Text, primary_key=True),
    Column("code", sa.Text, primary_key=True),
)
table(
    "change",
    Column("seq", sa.Integer, primary_key=True),
    Column("at", sa.Text, nullable=False),
    Column("code", sa.Text, nullable=False),
    Column("kind", sa.Text, nullable=False),
    Column("what", sa.Text, nullable=False),
    Column("detail", sa.Text, nullable=False),
)
table(
    "delivery",
    Column("delivery_id", sa.Text, primary_key=True),
    Column("resource", sa.Text, nullable=False),
    Column("sha256", sa.Text, nullable=False),
    Column("size", sa.Integer, nullable=False),
    Column("file_name", sa.Text, nullable=False),
    Column("form", sa.Text, nullable=False),
    Column("mode", sa.Text, nullable=False),
    Column("as_of", sa.Text, nullable=False),
    Column("received_at", sa.Text, nullable=False),
    Column("received_from", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("reason", sa.Text, nullable=False),
    Column("message", sa.Text, nullable=False),
    Column("receipt", sa.Text, nullable=False),
)
table(
    "entry",
    Column("code", sa.Text, primary_key=True),
    Column("kind", sa.Text, nullable=False),
    Column("division", sa.Text, nullable=False),
    Column("label", sa.Text, nullable=False),
    Column("body", sa.Text, nullable=False),
)
table(
    "entry_key",
    Column("key_type", sa.Text, primary_key=True),
    Column("key_value", sa.Text, primary_key=True),
    Column("code", sa.Text, primary_key=True),
    Column("kind", sa.Text, nullable=False),
)
table(
    "fuse_state",
    Column("name", sa.Text, primary_key=True),
    Column("value", sa.Text, nullable=False),
)
table(
    "job",
    Column("job_id", sa.Text, primary_key=True),
    Column("kind", sa.Text, nullable=False),
    Column("body", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("due_at", sa.Text, nullable=False),
    Column("leased_until", sa.Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    Column("error", sa.Text, nullable=False),
    Column("added_at", sa.Text, nullable=False),
)
table(
    "judgement",
    Column("seq", sa.Integer, primary_key=True),
    Column("kind", sa.Text, nullable=False),
    Column("left_ref", sa.Text, nullable=False),
    Column("right_ref", sa.Text, nullable=False),
    Column("verdict", sa.Text, nullable=False),
    Column("judged_by", sa.Text, nullable=False),
    Column("judged_at", sa.Text, nullable=False),
    Column("note", sa.Text, nullable=False),
)
table(
    "ledger_checkpoint",
    Column("size", BIG, primary_key=True, autoincrement=False),
    Column("note", sa.Text, nullable=False),
    Column("signed_at", sa.Text, nullable=False),
)
table(
    "ledger_leaf",
    Column("leaf_index", BIG, primary_key=True, autoincrement=False),
    Column("entry", sa.LargeBinary, nullable=False),
    Column("hash", sa.LargeBinary, nullable=False),
)
table(
    "ledger_line",
    Column("leaf_index", BIG, primary_key=True, autoincrement=False),
    Column("line_id", sa.Text, nullable=False),
    Column("at", sa.Text, nullable=False),
    Column("type", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("actor", sa.Text, nullable=False),
    Column("department", sa.Text, nullable=False),
    Column("unit", sa.Text, nullable=False),
    Column("purpose", sa.Text, nullable=False),
    Column("body", sa.Text, nullable=False),
    Column("salt", sa.Text, nullable=False),
)
table(
    "ledger_node",
    Column("level", sa.Integer, primary_key=True, autoincrement=False),
    Column("node_index", BIG, primary_key=True, autoincrement=False),
    Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
table(
    "lookup",
    Column("lookup_id", sa.Text, primary_key=True),
    Column("token_hash", sa.Text, nullable=False),
    Column("body", sa.Text, nullable=False),
    Column("made_at", sa.Text, nullable=False),
)
table(
    "mark",
    Column("mark_id", sa.Text, primary_key=True),
    Column("code", sa.Text, nullable=False),
    Column("field", sa.Text, nullable=False),
    Column("kind", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("derived", sa.Integer, nullable=False),
    Column("detail", sa.Text, nullable=False),
    Column("raised_at", sa.Text, nullable=False),
    Column("raised_by", sa.Text, nullable=False),
)
table(
    "member",
    Column("resource", sa.Text, primary_key=True),
    Column("record_id", sa.Text, primary_key=True),
    Column("role", sa.Text, primary_key=True),
    Column("kind", sa.Text, nullable=False),
    Column("code", sa.Text, nullable=False),
    Column("delivery_id", sa.Text, nullable=False),
    Column("as_of", sa.Text, nullable=False),
    Column("rule", sa.Text, nullable=False),
    Column("score", sa.Float, nullable=False),
    Column("evidence", sa.Text, nullable=False),
    Column("body", sa.Text, nullable=False),
)
table(
    "place",
    Column("place_id", sa.Text, primary_key=True),
    Column("parent_id", sa.Text, nullable=False),
    Column("level", sa.Text, nullable=False),
    Column("name", sa.Text, nullable=False),
    Column("full_text", sa.Text, nullable=False),
    Column("division", sa.Text, nullable=False),
    Column("code", sa.Text, nullable=False),
    Column("aliases", sa.Text, nullable=False),
    Column("door", sa.Integer, nullable=False),
    Column("addresses", sa.Text, nullable=False),
    Column("title_unit_no", sa.Text, nullable=False),
    Column("longitude", sa.Float),
    Column("latitude", sa.Float),
    Column("source", sa.Text, nullable=False),
)
table(
    "quarantine",
    Column("delivery_id", sa.Text, primary_key=True),
    Column("row_no", sa.Integer, primary_key=True),
    Column("resource", sa.Text, nullable=False),
    Column("column_name", sa.Text, nullable=False),
    Column("reason", sa.Text, nullable=False),
    Column("message", sa.Text, nullable=False),
    Column("row_json", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("decided_by", sa.Text, nullable=False),
    Column("decided_at", sa.Text, nullable=False),
)
table(
    "relation",
    Column("from_code", sa.Text, primary_key=True),
    Column("type", sa.Text, primary_key=True),
    Column("to_code", sa.Text, primary_key=True),
    Column("resource", sa.Text, primary_key=True),
    Column("record_id", sa.Text, primary_key=True),
    Column("since", sa.Text, nullable=False),
    Column("until", sa.Text, nullable=False),
    Column("as_of", sa.Text, nullable=False),
    Column("delivery_id", sa.Text, nullable=False),
    Column("department", sa.Text, nullable=False),
    Column("detail", sa.Text, nullable=False),
)
table(
    "share_claim",
    Column("claim_id", sa.Text, primary_key=True),
    Column("holder", sa.Text, nullable=False),
    Column("premises", sa.Text, nullable=False),
    Column("by_key", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("claimed_at", sa.Text, nullable=False),
)
table(
    "share_consent",
    Column("consent_id", sa.Text, primary_key=True),
    Column("subject", sa.Text, nullable=False),
    Column("department", sa.Text, nullable=False),
    Column("purpose", sa.Text, nullable=False),
    Column("given_at", sa.Text, nullable=False),
    Column("until", sa.Text, nullable=False),
    Column("withdrawn_at", sa.Text, nullable=False),
)
table(
    "share_dispute",
    Column("dispute_id", sa.Text, primary_key=True),
    Column("code", sa.Text, nullable=False),
    Column("field", sa.Text, nullable=False),
    Column("raised_by", sa.Text, nullable=False),
    Column("raised_kind", sa.Text, nullable=False),
    Column("raised_at", sa.Text, nullable=False),
    Column("what", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("answer", sa.Text, nullable=False),
    Column("mark_id", sa.Text, nullable=False),
    Column("due", sa.Text, nullable=False),
    Column("division", sa.Text, nullable=False),
    Column("department", sa.Text, nullable=False),
    Column("raiser_subject", sa.Text, nullable=False),
    Column("settled_by", sa.Text, nullable=False),
    Column("settled_at", sa.Text, nullable=False),
)
table(
    "share_notice",
    Column("notice_id", sa.Text, primary_key=True),
    Column("subject", sa.Text, nullable=False),
    Column("at", sa.Text, nullable=False),
    Column("kind", sa.Text, nullable=False),
    Column("body", sa.Text, nullable=False),
    Column("read_at", sa.Text, nullable=False),
)
table(
    "share_pass",
    Column("pass_id", sa.Text, primary_key=True),
    Column("secret_hash", sa.Text, nullable=False, unique=True),
    Column("holder", sa.Text, nullable=False),
    Column("premises", sa.Text, nullable=False),
    Column("purpose", sa.Text, nullable=False),
    Column("once", sa.Integer, nullable=False),
    Column("issued_at", sa.Text, nullable=False),
    Column("expires_at", sa.Text, nullable=False),
    Column("revoked_at", sa.Text, nullable=False),
    Column("used_at", sa.Text, nullable=False),
    Column("used_by", sa.Text, nullable=False),
    Column("uses", sa.Integer, nullable=False),
)
table(
    "share_serial",
    Column("name", sa.Text, primary_key=True),
    Column("last", sa.Integer, nullable=False),
)
table(
    "sign_in",
    Column("token_hash", sa.Text, primary_key=True),
    Column("account_id", sa.Text, nullable=False),
    Column("csrf", sa.Text, nullable=False),
    Column("started_at", sa.Text, nullable=False),
    Column("seen_at", sa.Text, nullable=False),
    Column("purpose", sa.Text, nullable=False),
)
table(
    "subject",
    Column("code", sa.Text, primary_key=True),
    Column("kind", sa.Text, nullable=False),
    Column("serial", sa.Integer, nullable=False),
    Column("issued_at", sa.Text, nullable=False),
    Column("state", sa.Text, nullable=False),
    Column("merged_into", sa.Text, nullable=False),
)
table(
    "subject_event",
    Column("seq", sa.Integer, primary_key=True),
    Column("at", sa.Text, nullable=False),
    Column("kind", sa.Text, nullable=False),
    Column("event", sa.Text, nullable=False),
    Column("code", sa.Text, nullable=False),
    Column("other", sa.Text, nullable=False),
    Column("reason", sa.Text, nullable=False),
)
table(
    "unsure",
    Column("kind", sa.Text, primary_key=True),
    Column("left_ref", sa.Text, primary_key=True),
    Column("right_code", sa.Text, primary_key=True),
    Column("score", sa.Float, nullable=False),
    Column("evidence", sa.Text, nullable=False),
)

INDEXES = (
    ("anchor_by_code", "anchor", ["code"], False),
    ("block_by_code", "block", ["code"], False),
    ("delivery_by_content", "delivery", ["resource", "sha256"], False),
    ("delivery_by_resource", "delivery", ["resource", "state", "as_of", "delivery_id"], False),
    ("delivery_by_state", "delivery", ["state", "delivery_id"], False),
    ("entry_by_division", "entry", ["kind", "division", "code"], False),
    ("entry_key_by_code", "entry_key", ["code"], False),
    ("job_by_due", "job", ["state", "due_at"], False),
    ("ledger_line_by_actor", "ledger_line", ["actor", "at", "leaf_index"], False),
    ("ledger_line_by_subject", "ledger_line", ["subject", "at", "leaf_index"], False),
    ("ledger_line_by_time", "ledger_line", ["at", "leaf_index"], False),
    ("lookup_by_sign_in", "lookup", ["token_hash"], False),
    ("mark_by_code", "mark", ["code", "state"], False),
    ("member_by_code", "member", ["code"], False),
    ("place_by_code", "place", ["code"], False),
    ("place_by_level_name", "place", ["level", "name"], False),
    ("place_by_parent", "place", ["parent_id"], False),
    ("quarantine_by_state", "quarantine", ["state", "resource"], False),
    ("relation_by_target", "relation", ["to_code", "type"], False),
    ("share_claim_by_holder", "share_claim", ["holder"], False),
    ("share_consent_by_subject", "share_consent", ["subject", "department", "purpose"], False),
    ("share_dispute_by_code", "share_dispute", ["code"], False),
    ("share_dispute_by_raiser", "share_dispute", ["raised_by"], False),
    ("share_dispute_by_state", "share_dispute", ["state", "due"], False),
    ("share_notice_by_subject", "share_notice", ["subject", "at"], False),
    ("share_pass_by_holder", "share_pass", ["holder", "issued_at"], False),
    ("sign_in_by_account", "sign_in", ["account_id"], False),
    ("subject_by_serial", "subject", ["kind", "serial"], True),
    ("subject_by_survivor", "subject", ["merged_into"], False),
    ("subject_event_by_code", "subject_event", ["code"], False),
)


def upgrade() -> None:
    FIRST.create_all(op.get_bind())
    for name, of, columns, unique in INDEXES:
        op.create_index(name, of, columns, unique=unique)
