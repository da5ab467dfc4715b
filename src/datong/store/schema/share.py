"""What passes through the one door besides packs: passes (QR), claims, disputes, notices."""

from sqlalchemy import Column, Index, Integer, Table, Text

from datong.store.schema.metadata import METADATA

PASS = Table(
    "share_pass",
    METADATA,
    Column("pass_id", Text, primary_key=True),
    Column("secret_hash", Text, nullable=False, unique=True),  # the QR holds the secret, the store its hash
    Column("holder", Text, nullable=False),  # person code
    Column("premises", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("once", Integer, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text, nullable=False, default=""),
    Column("used_at", Text, nullable=False, default=""),
    Column("used_by", Text, nullable=False, default=""),
)
Index("share_pass_by_holder", PASS.c.holder, PASS.c.issued_at)

CLAIM = Table(
    "share_claim",
    METADATA,
    Column("claim_id", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("premises", Text, nullable=False),
    Column("by_key", Text, nullable=False),
    Column("state", Text, nullable=False),  # confirmed, refused, withdrawn
    Column("claimed_at", Text, nullable=False),
)
Index("share_claim_by_holder", CLAIM.c.holder)

DISPUTE = Table(
    "share_dispute",
    METADATA,
    Column("dispute_id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_kind", Text, nullable=False),
    Column("raised_at", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("state", Text, nullable=False),  # raised, checking, corrected, upheld
    Column("answer", Text, nullable=False, default=""),
    Column("mark_id", Text, nullable=False),
    Column("due", Text, nullable=False),
)
Index("share_dispute_by_code", DISPUTE.c.code)
Index("share_dispute_by_raiser", DISPUTE.c.raised_by)

NOTICE = Table(
    "share_notice",
    METADATA,
    Column("notice_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("read_at", Text, nullable=False, default=""),
)
Index("share_notice_by_subject", NOTICE.c.subject, NOTICE.c.at)
