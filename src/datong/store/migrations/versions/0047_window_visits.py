"""Numbers taken at windows, and how long it took."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = ("department", "unit", "service", "case_id", "taken_at", "called_at", "begun_at", "left_at")
    op.create_table(
        "window_visit",
        sa.Column("visit_id", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
    )
    op.create_index("window_visit_by_day", "window_visit", ["department", "day", "number"])
    op.create_index("window_visit_of_day", "window_visit", ["day"])
