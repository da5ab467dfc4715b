"""The catalogue of shared resources: items, versions, steps, clocks, systems, demand."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0013"
branch_labels = None
depends_on = None


def texts(names: str, key: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False, primary_key=key) for name in names.split()]


def whole(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "catalogue_item",
        *texts("resource", key=True),
        whole("number", unique=True),
        *texts("code department system title sharing_class cycle origin state step"),
        whole("version"),
        *texts("draft search"),
        whole("conflicts"),
        *texts("entered_by signed_by changed_at published_at"),
    )
    op.create_index("catalogue_item_by_department", "catalogue_item", ["department", "number"])
    op.create_index("catalogue_item_by_step", "catalogue_item", ["step", "number"])
    version = whole("version", primary_key=True, autoincrement=False)
    op.create_table("catalogue_version", *texts("resource", key=True), version, *texts("body published_at by_whom note"))
    seq = whole("seq", primary_key=True, autoincrement=False)
    op.create_table("catalogue_step", *texts("resource", key=True), seq, *texts("at act by_whom department note"))
    op.create_table(
        "catalogue_clock", *texts("resource kind started", key=True), *texts("department due"), whole("extended"), *texts("ended why")
    )
    op.create_index("catalogue_clock_by_end", "catalogue_clock", ["ended", "due"])
    op.create_table(
        "catalogue_system", *texts("system_id", key=True), *texts("department title what_for"), whole("in_use"), *texts("entered_at")
    )
    op.create_index("catalogue_system_by_title", "catalogue_system", ["department", "title"], unique=True)
    wanted = "department providing resource title purpose why state answer entered_at entered_by settled_at"
    op.create_table("catalogue_demand", *texts("demand_id", key=True), *texts(wanted))
    op.create_index("catalogue_demand_by_state", "catalogue_demand", ["state", "entered_at"])
    op.create_table(
        "catalogue_refused", *texts("department purpose register field ground", key=True), whole("times"), *texts("first_at last_at")
    )
    op.create_table("share_exchange", *texts("month department purpose type", key=True), whole("times"))
