"""What an owner's pass opened while a form was filled, until the form is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_opened",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("applicant", "service", "shown")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("facts", "until")),
    )
