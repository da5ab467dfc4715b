"""Marks have owners, and a history that outlives rebuilding: cases and their steps."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0007"
branch_labels = None
depends_on = None

CASE = (
    *("code", "field", "kind", "says"),
    *("owner", "source", "state", "since", "due", "taken_by", "reason", "probe", "settled_at", "settled_by"),
)


def text(name: str, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False, primary_key=key)


def upgrade() -> None:
    for name in ("owner", "source", "says"):
        op.add_column("mark", sa.Column(name, sa.Text, nullable=False, server_default=""))
    columns = [text(name) for name in CASE]
    columns.insert(4, sa.Column("derived", sa.Integer, nullable=False))
    op.create_table("mark_case", text("mark_id", key=True), *columns)
    op.create_index("mark_case_by_code", "mark_case", ["code"])
    op.create_index("mark_case_by_owner", "mark_case", ["owner", "state", "due"])
    op.create_table(
        "mark_step",
        text("mark_id", key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        *(text(name) for name in ("at", "act", "by_whom", "department", "reason")),
    )
    op.create_table(
        "quality_sample",
        text("sample_id", key=True),
        text("measure"),
        text("division"),
        sa.Column("digits", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        *(text(name) for name in ("seed_hash", "seed", "commit_line", "state", "committed_at", "drawn_at", "by_whom", "strata")),
    )
    op.create_table(
        "quality_check",
        text("sample_id", key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *(text(name) for name in ("code", "stratum", "division", "result", "found", "checked_by", "department", "checked_at")),
    )
    op.create_index("quality_check_by_division", "quality_check", ["result", "division"])
    op.create_table("register_state", text("name", key=True), text("value"))
