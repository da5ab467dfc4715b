"""One sign-in for other services: who may ask, what is asked, what was agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "identity_service",
        sa.Column("service_id", sa.Text, primary_key=True),
        *_texts("title", "department", "audience", "redirects", "start_url", "secret_hash", "state", "made_at"),
    )
    op.create_table(
        "identity_request",
        sa.Column("request_id", sa.Text, primary_key=True),
        *_texts("service_id", "redirect_uri", "state", "nonce", "challenge", "scope", "until"),
        *_texts("account_id", "signed_in_at", "code_hash", "token_hash"),
    )
    op.create_index("identity_request_by_code", "identity_request", ["code_hash"])
    op.create_index("identity_request_by_token", "identity_request", ["token_hash"])
    op.create_index("identity_request_by_until", "identity_request", ["until"])
    op.create_table(
        "identity_agreed",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("service_id", sa.Text, primary_key=True),
        *_texts("scope", "at"),
    )
