"""Places of the past: the day since which a place is no more, and what it became."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("until", sa.Text, nullable=False, server_default=""))
    op.add_column("place", sa.Column("became", sa.Text, nullable=False, server_default="[]"))
