"""On SQLite the record is looked up by subject and by actor in sorted runs over stretches of the log; views read them on both databases."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0033"
branch_labels = None
depends_on = None

SEEN = ("subject", "actor", "type", "purpose", "department", "unit")
POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SHORTEST, FAN = 2048, 32
"""Lines in the shortest run; runs that are joined to one of the next level: as the ledger makes them."""


def upgrade() -> None:
    op.create_table(
        "ledger_index_run",
        sa.Column("run", POSITION, primary_key=True, autoincrement=False),
        sa.Column("first", POSITION, nullable=False),
        sa.Column("last", POSITION, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("at_first", sa.Text, nullable=False),
        sa.Column("at_last", sa.Text, nullable=False),
        sa.Column("goes_to", POSITION, nullable=False),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        add_run()
    for key in ("subject", "actor"):
        rest = [name for name in SEEN if name != key]
        table = f"ledger_{key}_index"
        op.create_table(
            table,
            sa.Column("run", POSITION, primary_key=True, autoincrement=False),
            *(sa.Column(name, sa.Text, primary_key=True) for name in (key, "at")),
            sa.Column("leaf_index", POSITION, primary_key=True, autoincrement=False),
            *(sa.Column(name, sa.Text, nullable=False) for name in rest),
            sqlite_with_rowid=False,
        )
        names = ", ".join((key, "at", "leaf_index", *rest))
        if on_sqlite:
            op.execute(
                f"INSERT INTO {table} (run, {names}) SELECT 1, {names} FROM ledger_line WHERE {key} <> '' "  # noqa: S608
                f"ORDER BY {key}, at, leaf_index"
            )
            op.drop_index(f"ledger_line_by_{key}", table_name="ledger_line")
        in_runs = f"""SELECT {", ".join(f"e.{name}" for name in names.split(", "))}
            FROM ledger_index_run r CROSS JOIN {table} e ON e.run = r.run UNION ALL """  # noqa: S608
        behind = " NOT INDEXED WHERE leaf_index > (SELECT coalesce(max(last), -1) FROM ledger_index_run)"
        of_lines = f"SELECT {names} FROM ledger_line"  # noqa: S608
        op.execute(f"CREATE VIEW ledger_by_{key} AS {in_runs + of_lines + behind if on_sqlite else of_lines}")


def add_run() -> None:
    """One run over all lines there are."""
    lines, last, at_first, at_last = (
        op.get_bind().execute(sa.text("SELECT count(*), max(leaf_index), min(at), max(at) FROM ledger_line")).one()
    )
    if not lines:
        return
    level = 0
    while SHORTEST * FAN ** (level + 1) <= lines:
        level += 1
    run = sa.table("ledger_index_run", *(sa.column(name) for name in ("run", "first", "last", "level", "at_first", "at_last", "goes_to")))
    values = {"run": 1, "first": 0, "last": last, "level": level, "at_first": at_first, "at_last": at_last, "goes_to": 0}
    op.execute(sa.insert(run).values(values))
