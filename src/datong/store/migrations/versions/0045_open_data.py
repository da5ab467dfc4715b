"""Open data: datasets opened to the public, their versions and downloads, wishes and corrections of the public."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "open_dataset",
        sa.Column("code", sa.Text, primary_key=True),
        *_texts("resource", "department", "title", "title_en", "summary", "shape", "register", "fields", "licence", "condition"),
        *_texts("cycle", "state", "why"),
        *_numbers("version"),
        *_texts("search", "proposed_by", "proposed_at", "signed_by", "opened_at", "withdrawn_at"),
    )
    op.create_index("open_dataset_by_state", "open_dataset", ["state", "code"])
    op.create_table(
        "open_version",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("at", "as_of"),
        *_numbers("rows"),
        *_texts("csv_sha256"),
        *_numbers("csv_size"),
        *_texts("json_sha256"),
        *_numbers("json_size"),
    )
    op.create_table(
        "open_download",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        *_numbers("times"),
    )
    op.create_table(
        "open_wish",
        sa.Column("wish_id", sa.Text, primary_key=True),
        *_texts("asked_by", "title", "why", "department", "state", "answer", "basis", "dataset", "asked_at", "due"),
        *_texts("answered_at", "answered_by"),
    )
    op.create_index("open_wish_by_state", "open_wish", ["state", "due"])
    op.create_table(
        "open_correction",
        sa.Column("correction_id", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        *_numbers("version"),
        *_texts("what", "state", "answer", "reported_at", "due", "answered_at", "answered_by"),
    )
    op.create_index("open_correction_by_dataset", "open_correction", ["code", "reported_at"])
