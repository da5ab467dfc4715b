"""What a code stands for today."""

from __future__ import annotations

from datong.fuse import store_queries as queries
from datong.store import Session


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
