"""Wordings of doors that records with numbers confirm."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_wording",
        sa.Column("wording", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("place_id", sa.Text, nullable=False),
        sa.Column("departments", sa.Text, nullable=False),
        sa.Column("numbers", sa.Text, nullable=False),
    )
    op.create_index("place_wording_by_place", "place_wording", ["place_id"])
