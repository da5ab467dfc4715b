"""The cascade with the provincial platform: what it offers, and what was requested of it."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = ("title", "provider", "sharing_class", "condition", "cycle", "basis", "items", "state", "imported_at")
    op.create_table(
        "cascade_offer",
        sa.Column("code", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
    )
    asked = ("code", "department", "purpose", "items", "why", "state", "number", "answer", "asked_by", "asked_at", "answered_at", "due_at")
    op.create_table(
        "cascade_request",
        sa.Column("request_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in asked),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_index("cascade_request_by_state", "cascade_request", ["state", "due_at"])
    op.create_index("cascade_request_by_department", "cascade_request", ["department", "asked_at"])
