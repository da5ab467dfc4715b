"""Tested again every night: the runs, and what people look at; orders of money to the line."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "service_retest",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("night", sa.Text, primary_key=True),
        *_texts("state", "after_case", "version", "began_at", "changed_at"),
        *_numbers("cases", "people", "ineligible_cases", "ineligible_people", "refused", "not_paid"),
        *_numbers("retested", "retested_people", "changed", "down"),
    )
    op.create_table(
        "service_review",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("night", sa.Text, primary_key=True),
        *_texts("service", "department", "state", "was", "now_is", "rule", "version", "due", "note", "by_whom", "at"),
    )
    op.create_index("service_review_by_department", "service_review", ["department", "state", "due", "case_id"])
    op.create_table(
        "service_money",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        *_texts("department", "service", "state", "amount", "next_at", "number", "why", "began_at", "at"),
    )
    op.create_index("service_money_by_state", "service_money", ["state", "next_at"])
    op.create_table("service_filed", *(sa.Column(name, sa.Text, primary_key=True) for name in ("item", "number", "case_id")))
