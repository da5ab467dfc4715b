"""What a code stands for today."""

from __future__ import annotations

from collections.abc import Iterable

from datong.fuse import store_queries as queries
from datong.store import Query, Session, in_chunks, marks


def resolve(session: Session, code: str) -> str:
    """The code a code stands for today: itself, or the one it was merged into; "" when it was never issued."""
    seen: set[str] = set()
    while code not in seen:
        seen.add(code)
        row = session.one(queries.SUBJECT_BY_CODE, {"code": code})
        if row is None:
            return ""
        if not row[1]:
            return code
        code = str(row[1])
    return code


def query_of(code: str) -> Query:
    """What `resolve` reads first, for a caller that reads ahead."""
    return queries.SUBJECT_BY_CODE, {"code": code}


def codes_of_records(session: Session, resource: str, records: Iterable[str]) -> list[tuple[str, str, str]]:
    """(delivery, record, code) of every subject that these records of a resource speak of."""
    found: list[tuple[str, str, str]] = []
    for chunk in in_chunks(records):
        rows = session.all(queries.CODES_OF_RECORDS.format(marks=marks(chunk)), {"resource": resource, **chunk})
        found += [(row[0], row[1], row[2]) for row in rows]
    return found
