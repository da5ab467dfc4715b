"""Electronic licences: library, keys, one-time codes, uses, agreements, reminders; signatures of people."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0026"
branch_labels = None
depends_on = None


def text(name: str, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False, primary_key=key)


def texts(*names: str) -> list[sa.Column[Any]]:
    return [text(name) for name in names]


def number(name: str, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False, primary_key=key, autoincrement=False)


def upgrade() -> None:
    op.create_table("licence_key", text("kid", key=True), *texts("department", "jwk", "made_at"))
    op.create_table("licence_series", text("type", key=True), number("last"))
    op.create_table(
        "licence",
        text("licence_id", key=True),
        number("version", key=True),
        sa.Column("identifier", sa.Text, nullable=False, unique=True),
        *texts("type", "holder", "department", "state", "state_at", "reason", "issued_at", "valid_from", "valid_until", "case_ref"),
        text("list_id"),
        number("list_index"),
        *texts("digest", "replaces", "credential", "holder_key"),
    )
    op.create_index("licence_by_holder", "licence", ["holder", "state"])
    op.create_index("licence_by_list", "licence", ["list_id", "state"])
    op.create_index("licence_by_end", "licence", ["state", "valid_until"])
    op.create_table("licence_part", text("composite_id", key=True), text("part_id", key=True))
    op.create_index("licence_part_by_part", "licence_part", ["part_id"])
    _uses()
    _signatures()


def _uses() -> None:
    op.create_table(
        "licence_ticket",
        text("ticket_hash", key=True),
        *texts("kind", "licence_id", "holder", "department", "purpose", "body", "made_at", "expires_at", "used_at", "used_by"),
    )
    op.create_index("licence_ticket_by_holder", "licence_ticket", ["holder", "made_at"])
    op.create_table(
        "licence_use",
        text("use_id", key=True),
        *texts("licence_id", "holder", "at", "how", "department", "unit", "purpose", "fields", "outcome", "line_id"),
    )
    op.create_index("licence_use_by_holder", "licence_use", ["holder", "at"])
    op.create_index("licence_use_by_licence", "licence_use", ["licence_id", "at"])
    columns = texts("holder", "type", "department", "given_at", "until", "withdrawn_at")
    op.create_table("licence_agreed", text("agreed_id", key=True), *columns)
    op.create_index("licence_agreed_by_holder", "licence_agreed", ["holder", "type"])
    op.create_table("licence_told", text("licence_id", key=True), number("version", key=True), number("days", key=True), text("at"))


def _signatures() -> None:
    op.create_table("signing_key", text("kid", key=True), *texts("holder", "jwk", "sealed", "made_at", "ended_at"))
    op.create_index("signing_key_by_holder", "signing_key", ["holder", "made_at"])
    names = ("holder", "digest", "title", "kid", "asked_by", "case_ref", "state", "asked_at", "signed_at", "jws", "line_id")
    op.create_table("signature", text("signature_id", key=True), *texts(*names))
    op.create_index("signature_by_holder", "signature", ["holder", "asked_at"])
    op.create_index("signature_by_digest", "signature", ["digest"])
