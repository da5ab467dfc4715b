"""Cosignatures of witnesses, and the checkpoints that enough of them have cosigned."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0004"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_cosignature",
        sa.Column("size", POSITION, primary_key=True, autoincrement=False),
        sa.Column("witness", sa.Text, primary_key=True),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("cosigned_at", POSITION, nullable=False),
    )
    op.create_table(
        "ledger_witness",
        sa.Column("witness", sa.Text, primary_key=True),
        sa.Column("size", POSITION, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text, nullable=False),
    )
    op.create_table(
        "ledger_published",
        sa.Column("size", POSITION, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("published_at", sa.Text, nullable=False),
    )
