"""Failed sign-ins counted by source and account, both as digests of a key that is thrown away."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("day", "source", "account")),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_table(
        "sign_in_watch",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("secret", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("sign_in_watch")
    op.drop_table("sign_in_failure")
