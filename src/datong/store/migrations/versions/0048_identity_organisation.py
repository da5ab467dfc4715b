"""A person may sign in to another service for an organisation she represents."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("organisation", "organisation_name"):
        op.add_column("identity_request", sa.Column(name, sa.Text, nullable=False, server_default=""))
