"""Licences ordered by departments' systems, each once; accounts of companies, opened by their licences."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licence_order",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("department", "reference")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("digest", "licence_id", "at")),
    )
    op.create_table(
        "company_account",
        sa.Column("organisation", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("licence_id", "opened_at")),
    )


def downgrade() -> None:
    op.drop_table("company_account")
    op.drop_table("licence_order")
