"""Requests, agreements kept in the store, and the use that is watched."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _requests()
    _agreements()
    _use()


def _requests() -> None:
    op.create_table(
        "share_state",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "share_request",
        sa.Column("request_id", sa.Text, primary_key=True),
        sa.Column("requesting", sa.Text, nullable=False),
        sa.Column("providing", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("papers", sa.Text, nullable=False),
        sa.Column("sharing_class", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
        sa.Column("lacking", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("mediation", sa.Integer, nullable=False),
        sa.Column("agreement", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
    )
    op.create_index("share_request_by_requesting", "share_request", ["requesting", "state"])
    op.create_index("share_request_by_providing", "share_request", ["providing", "state"])
    op.create_index("share_request_by_agreement", "share_request", ["agreement"])
    op.create_table(
        "share_step",
        sa.Column("about", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by_whom", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
    )


def _agreements() -> None:
    op.create_table(
        "share_agreement",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.Text, nullable=False),
        sa.Column("requesting_by", sa.Text, nullable=False),
        sa.Column("requesting_at", sa.Text, nullable=False),
        sa.Column("providing_by", sa.Text, nullable=False),
        sa.Column("providing_at", sa.Text, nullable=False),
        sa.Column("live_at", sa.Text, nullable=False),
    )
    op.create_index("share_agreement_by_state", "share_agreement", ["state", "code"])
    op.create_table(
        "share_hold",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
        sa.Column("disposed_at", sa.Text, nullable=False),
    )


def _use() -> None:
    op.create_table(
        "share_use",
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("lines", sa.Integer, nullable=False),
    )
    op.create_table(
        "share_use_by",
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("outside", sa.Integer, nullable=False),
    )
    op.create_table(
        "share_alert",
        sa.Column("alert_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("agreement", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("usual", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("raised_at", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_by", sa.Text, nullable=False),
        sa.Column("answered_at", sa.Text, nullable=False),
    )
    op.create_index("share_alert_once", "share_alert", ["kind", "agreement", "actor", "day"], unique=True)
    op.create_index("share_alert_by_state", "share_alert", ["state", "raised_at"])
