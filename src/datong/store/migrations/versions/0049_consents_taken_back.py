"""A party of a case may take back that facts about her are asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_taken_back",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("seat", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
