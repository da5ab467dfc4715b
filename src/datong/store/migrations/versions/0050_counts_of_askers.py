"""What each asker has taken under each agreement, counted by all processes together."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_count",
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("taken", sa.BigInteger, nullable=False),
        sa.Column("minute", sa.BigInteger, nullable=False),
        sa.Column("questions", sa.BigInteger, nullable=False),
    )
