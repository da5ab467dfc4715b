"""Places given in one order to all who were entitled."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_allocation",
        sa.Column("allocation_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("service", "choice")),
        sa.Column("places", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("seed", "body", "by_whom", "at")),
    )
