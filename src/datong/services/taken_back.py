"""Which parties of a case took back that facts about them are asked: read wherever facts are asked, before they are."""

from __future__ import annotations

from datong.services import around_queries as queries
from datong.store import Session


def taken_back(session: Session, case_id: str) -> frozenset[str]:
    """The seats whose parties took their consent back."""
    return frozenset(row[0] for row in session.all(queries.TAKEN_BACK, {"case_id": case_id}))
