"""Mandates and guardianships, doors stopped in an emergency, nonces shared between processes, what a key is admitted to, handshakes."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0031"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "share_mandate",
        sa.Column("mandate_id", sa.Text, primary_key=True),
        *_texts("kind", "principal", "agent", "acts", "purposes"),
        sa.Column("alone", sa.Integer, nullable=False),
        *_texts("until", "principal_name", "agent_name", "state", "basis", "paper", "made_by", "made_at"),
        *_texts("answered_by", "answered_at", "ended_by", "ended_at"),
    )
    op.create_index("share_mandate_by_principal", "share_mandate", ["principal", "state"])
    op.create_index("share_mandate_by_agent", "share_mandate", ["agent", "state"])
    op.create_table(
        "door_stop",
        sa.Column("stop_id", sa.Text, primary_key=True),
        *_texts("scope", "target", "reason", "stopped_by", "stopped_at", "until", "lifted_by", "lifted_at", "lift_reason"),
    )
    op.create_index("door_stop_by_until", "door_stop", ["lifted_at", "until"])
    op.create_table(
        "door_nonce",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("nonce", sa.Text, primary_key=True),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_index("door_nonce_by_time", "door_nonce", ["seen_at"])
    with op.batch_alter_table("api_key") as table:
        table.add_column(sa.Column("networks", sa.Text, nullable=False, server_default="[]"))
        table.add_column(sa.Column("hours", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("until", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("door_subscription") as table:
        table.add_column(sa.Column("allowed_at", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("allowed_rate", sa.Integer, nullable=False, server_default="0"))
