"""Electronic archives of cases, and the lists by which they are disposed of."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "case_archive",
        sa.Column("archive_id", sa.Text, primary_key=True),
        *_texts("case_id"),
        sa.Column("version", sa.Integer, nullable=False),
        *_texts("service", "department", "applicant", "outcome", "ended_at", "filed_at"),
        sa.Column("years", sa.Integer, nullable=False),
        *_texts("keep_until", "manifest", "sha256"),
        sa.Column("size", sa.Integer, nullable=False),
        *_texts("disposal"),
    )
    op.create_index("case_archive_by_case", "case_archive", ["case_id", "version"], unique=True)
    op.create_index("case_archive_by_department", "case_archive", ["department", "service", "ended_at"])
    op.create_index("case_archive_by_term", "case_archive", ["disposal", "keep_until"])
    op.create_table(
        "archive_disposal",
        sa.Column("disposal_id", sa.Text, primary_key=True),
        *_texts("department", "state", "archives", "why", "made_by", "made_at", "decided_by", "decided_at", "said"),
    )
    op.create_index("archive_disposal_by_department", "archive_disposal", ["department", "made_at"])
