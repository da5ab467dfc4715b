"""Members of a subject side by side; blocks by their hash; tables that are nothing but a key without a second copy of it on SQLite.

Blocks are derived and are written otherwise now, so they are not carried over: after this, `datong fuse run` makes them anew,
with the same codes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0006"
branch_labels = None
depends_on = None

MEMBER = ("code", "resource", "record_id", "role", "kind", "delivery_id", "as_of", "rule", "score", "evidence", "body")
INDEXES = {"anchor": (("anchor_by_code", ["code"]),), "block": (("block_by_code", ["code"]),)}


def upgrade() -> None:
    _members()
    op.execute("DELETE FROM block")
    if op.get_bind().dialect.name == "sqlite":
        for name, indexes in INDEXES.items():
            _without_rowid(name, indexes)


def _members() -> None:
    key = {"code", "resource", "record_id", "role"}
    columns = [sa.Column(name, sa.Float if name == "score" else sa.Text, primary_key=name in key, nullable=False) for name in MEMBER]
    op.create_table("member_new", *columns, sqlite_with_rowid=False)
    names = ", ".join(MEMBER)
    op.execute(f"INSERT INTO member_new ({names}) SELECT {names} FROM member ORDER BY code, resource, record_id, role")  # noqa: S608  names are ours
    op.drop_table("member")
    op.rename_table("member_new", "member")
    op.create_index("member_by_record", "member", ["resource", "record_id", "role"], unique=True)


def _without_rowid(name: str, indexes: tuple[tuple[str, list[str]], ...]) -> None:
    old = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
    columns = [sa.Column(one.name, one.type, primary_key=one.primary_key, nullable=one.nullable) for one in old.columns]
    op.create_table(f"{name}_new", *columns, sqlite_with_rowid=False)
    names = ", ".join(column.name for column in old.columns)
    op.execute(f"INSERT INTO {name}_new ({names}) SELECT {names} FROM {name}")  # noqa: S608  names are ours
    op.drop_table(name)
    op.rename_table(f"{name}_new", name)
    for index, of in indexes:
        op.create_index(index, name, of)
