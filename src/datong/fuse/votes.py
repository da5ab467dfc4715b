"""Secondary numbers: a certificate, an account, an old registration number leads to the subject most records name."""

from __future__ import annotations

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse.work import Work


def vote(work: Work, kind: Register, table: str, key: str, node: str, seen: str, weight: str = "1") -> None:
    """Make a table key → node: what a secondary number leads to; nothing where records contradict each other."""
    work.con.execute(queries.KEY_VOTES.format(table=table, key=key, node=node, seen=seen, weight=weight))
    if not work.whole:
        _prefer_known(work, kind, table, key, seen)


def _prefer_known(work: Work, kind: Register, table: str, key: str, seen: str) -> None:
    """In a small run what the register knows of a number outweighs the few records at hand."""
    sql = f"SELECT DISTINCT {key} FROM {seen} WHERE {key} IS NOT NULL"  # noqa: S608  names are ours
    known = work.known_numbers(kind, [row[0] for row in work.rows(sql)])
    for number, node in known.items():
        work.con.execute(f"DELETE FROM {table} WHERE key = ?", [number])  # noqa: S608  names are ours
        work.con.execute(f"INSERT INTO {table} VALUES (?, ?)", [number, node])  # noqa: S608  names are ours
