"""Review of linking: the queue of pairs, reviewers' opinions, and judgements that take others back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("judgement", sa.Column("undoes", sa.Integer, nullable=False, server_default="0"))
    op.create_index("judgement_by_left", "judgement", ["left_ref"])
    op.create_index("judgement_by_right", "judgement", ["right_ref"])
    op.create_table(
        "review",
        sa.Column("pair_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("left_ref", sa.Text, nullable=False),
        sa.Column("right_code", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("division", sa.Text, nullable=False),
        sa.Column("chance", sa.Float, nullable=False),
        sa.Column("touched", sa.Integer, nullable=False),
        sa.Column("hanging", sa.Integer, nullable=False),
        sa.Column("worth", sa.Float, nullable=False),
        sa.Column("doubled", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("claimed_by", sa.Text, nullable=False, server_default=""),
        sa.Column("claimed_until", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("review_by_worth", "review", ["state", "worth"])
    op.create_index("review_by_left", "review", ["left_ref"])
    op.create_table(
        "review_opinion",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("pair_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("left_ref", sa.Text, nullable=False),
        sa.Column("right_ref", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("judged_by", sa.Text, nullable=False),
        sa.Column("judged_at", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("doubled", sa.Integer, nullable=False),
        sa.Column("judgement", sa.Integer, nullable=False, server_default="0"),
        sa.Column("applied_at", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("review_opinion_by_pair", "review_opinion", ["pair_id"])
    op.create_index("review_opinion_by_judgement", "review_opinion", ["judgement"])
