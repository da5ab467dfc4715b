"""The doors to other systems: signers, extracts, subscriptions, dead letters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def text(name: str, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False, primary_key=key)


def number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def texts(*names: str) -> list[sa.Column[Any]]:
    return [text(name) for name in names]


def upgrade() -> None:
    op.create_table("door_signer", text("key_id", key=True), *texts("public_key", "added_at"))
    op.create_table(
        "door_extract",
        text("extract_id", key=True),
        *texts("department", "asked_by", "asked_name", "purpose", "register", "agreement", "question", "reason", "form"),
        *texts("state", "asked_at", "decided_by", "decided_at", "said", "expires_at"),
        number("takes"),
        number("rows"),
        text("sha256"),
    )
    op.create_index("door_extract_by_state", "door_extract", ["state", "asked_at"])
    op.create_index("door_extract_by_asker", "door_extract", ["asked_by", "asked_at"])
    op.create_table(
        "door_subscription",
        text("subscription_id", key=True),
        *texts("key_id", "department", "url"),
        number("since"),
        *texts("state", "made_at"),
        number("attempts"),
        *texts("failing_since", "due_at", "error", "told_at"),
    )
    op.create_index("door_subscription_by_due", "door_subscription", ["state", "due_at"])
    op.create_index("door_subscription_by_key", "door_subscription", ["key_id"])
    op.create_table(
        "door_dead_letter",
        text("letter_id", key=True),
        *texts("subscription_id", "department"),
        *(number(name) for name in ("first_seq", "last_seq", "events", "attempts")),
        *texts("error", "died_at", "state", "settled_by", "settled_at"),
    )
    op.create_index("door_dead_letter_by_state", "door_dead_letter", ["state", "died_at"])
