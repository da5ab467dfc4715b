"""What stands around a case: drafts, papers handed in, notes with their codes, ratings, and what each case saved."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0041"
branch_labels = None
depends_on = None


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "service_draft",
        sa.Column("draft_id", sa.Text, primary_key=True),
        *texts("owner", "service", "body", "made_at", "changed_at", "until"),
    )
    op.create_index("service_draft_by_owner", "service_draft", ["owner", "changed_at"])
    op.create_index("service_draft_by_until", "service_draft", ["until"])
    op.create_table(
        "service_paper",
        sa.Column("paper_id", sa.Text, primary_key=True),
        *texts("case_id", "code", "name", "media_type", "sha256", "by_whom", "at"),
        *numbers("size"),
    )
    op.create_index("service_paper_by_case", "service_paper", ["case_id", "at"])
    op.create_table("service_note", sa.Column("secret_hash", sa.Text, primary_key=True), *texts("case_id", "kind", "by_whom", "at"))
    op.create_index("service_note_by_case", "service_note", ["case_id"])
    op.create_table(
        "service_rating",
        sa.Column("case_id", sa.Text, primary_key=True),
        *texts("service", "department", "state", "words", "at", "contact_due", "due", "answer", "answered_by", "answered_at"),
        *numbers("grade", "again"),
    )
    op.create_index("service_rating_by_department", "service_rating", ["department", "state", "due"])
    op.create_table(
        "service_benefit",
        sa.Column("case_id", sa.Text, primary_key=True),
        *texts("service", "department", "month", "state", "ended_at"),
        *numbers("online", "visits", "papers", "fees", "days"),
    )
    op.create_index("service_benefit_by_month", "service_benefit", ["month", "service"])
    op.create_index("service_benefit_by_end", "service_benefit", ["ended_at", "case_id"])
    ended = sa.text("ended_at <> ''")
    op.create_index("service_case_by_end", "service_case", ["ended_at", "case_id"], sqlite_where=ended, postgresql_where=ended)
