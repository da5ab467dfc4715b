"""Secondary numbers: a certificate, an account, an old registration number leads to the subject most records name."""

from __future__ import annotations

from dataclasses import dataclass

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse.work import Work


@dataclass(frozen=True)
class Ballot:
    """Where the votes stand: the table `seen` has the number in `key`, the subject in `node`, and how much a row counts."""

    table: str
    key: str
    node: str
    seen: str
    weight: str = "1"


def vote(work: Work, kind: Register, ballot: Ballot) -> None:
    """Make a table key → node: what a secondary number leads to; nothing where records contradict each other."""
    work.con.execute(queries.KEY_VOTES.format(**vars(ballot)))
    if not work.whole:
        _prefer_known(work, kind, ballot)


def _prefer_known(work: Work, kind: Register, ballot: Ballot) -> None:
    """In a small run what the register knows of a number outweighs the few records at hand."""
    sql = f"SELECT DISTINCT {ballot.key} FROM {ballot.seen} WHERE {ballot.key} IS NOT NULL"  # noqa: S608  names are ours
    known = work.known_numbers(kind, [row[0] for row in work.rows(sql)])
    for number, node in known.items():
        work.con.execute(f"DELETE FROM {ballot.table} WHERE key = ?", [number])  # noqa: S608  names are ours
        work.con.execute(f"INSERT INTO {ballot.table} VALUES (?, ?)", [number, node])  # noqa: S608  names are ours
