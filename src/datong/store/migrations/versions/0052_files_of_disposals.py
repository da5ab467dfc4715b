"""Files that a disposal has given up: removed after its commit."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_file_gone",
        sa.Column("room", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("disposal", sa.Text, nullable=False),
    )
