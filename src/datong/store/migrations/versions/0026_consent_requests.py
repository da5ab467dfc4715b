"""Consents asked for at a counter, and what a consent covers: fields, one look or many, seen or kept, given by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("share_consent") as table:
        table.add_column(sa.Column("once", sa.Integer, nullable=False, server_default="0"))
        for name in ("used_at", "fields", "given_by"):
            table.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("keep", sa.Text, nullable=False, server_default="view"))
    op.execute("UPDATE share_consent SET given_by = subject")
    op.create_table(
        "share_consent_request",
        sa.Column("request_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("subject", "department", "purpose", "agreement", "asked_by", "asked_at")),
        sa.Column("lapses_at", sa.Text, nullable=False),
        sa.Column("once", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("keep", "fields", "state", "answered_at", "answered_by", "consent_id")),
    )
    op.create_index("share_consent_request_by_subject", "share_consent_request", ["subject", "state"])
    op.create_index("share_consent_request_by_asker", "share_consent_request", ["asked_by", "asked_at"])
