"""Cases of services: definitions, cases, tasks with their clocks, events, and what is looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "service_definition",
        sa.Column("digest", sa.Text, primary_key=True),
        *texts("service", "pack", "version", "text", "since"),
    )
    op.create_table(
        "service_case",
        sa.Column("case_id", sa.Text, primary_key=True),
        *texts("service", "digest", "state", "applicant", "department"),
        sa.Column("seq", sa.Integer, nullable=False),
        *texts("body", "form", "facts", "decision", "begun_by", "begun_at", "changed_at", "ended_at"),
    )
    op.create_index("service_case_by_applicant", "service_case", ["applicant", "begun_at"])
    op.create_index("service_case_by_department", "service_case", ["department", "state", "begun_at"])
    op.create_table(
        "service_task",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        *texts("kind", "department", "state", "who", "secret", "due", "wake"),
    )
    op.create_index("service_task_by_department", "service_task", ["department", "state", "due", "case_id"])
    op.create_index("service_task_by_wake", "service_task", ["wake"])
    op.create_index("service_task_by_who", "service_task", ["who", "state"])
    op.create_index("service_task_by_secret", "service_task", ["secret"])
    op.create_table(
        "service_event",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        *texts("kind", "at", "by_whom", "task", "data"),
    )
    op.create_table(
        "service_sample",
        sa.Column("case_id", sa.Text, primary_key=True),
        *texts("service", "department", "month", "state", "note", "by_whom", "at"),
    )
    op.create_index("service_sample_by_department", "service_sample", ["department", "state"])
    op.create_table("service_seed", sa.Column("month", sa.Text, primary_key=True), *texts("seed", "made_at"))
