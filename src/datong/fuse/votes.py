"""Secondary numbers: a certificate, an account, an old registration number leads to the subject most records name."""

from __future__ import annotations

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse.work import Work


def vote(work: Work, kind: Register, table: str, key: str, node: str, seen: str, weight: str = "1") -> None:
    """Make a table key → node: what a secondary number leads to; nothing where records contradict each other."""
    work.con.execute(queries.KEY_VOTES.format(table=table, key=key, node=node, seen=seen, weight=weight))
    if not work.whole:
        _prefer_known(work, kind, table)


def _prefer_known(work: Work, kind: Register, table: str) -> None:
    """In a small run what the register knows of a number outweighs the few records at hand."""
    sql = f"SELECT key FROM {table}"  # noqa: S608  names are ours
    known = work.known_numbers(kind, [row[0] for row in work.rows(sql)])
    if known:
        update = f"UPDATE {table} SET node = ? WHERE key = ?"  # noqa: S608  names are ours
        work.con.executemany(update, [(node, key) for key, node in known.items()])
