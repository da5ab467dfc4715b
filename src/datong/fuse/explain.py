"""Evidence, for people: which records a subject is made of and how each came to it; which pairs wait for a reviewer."""

from __future__ import annotations

import json
from dataclasses import dataclass

from datong.domain.access import Register
from datong.domain.judgement import Compared, Reference
from datong.fuse import store_queries as queries
from datong.fuse.today import resolve
from datong.store import Session


@dataclass(frozen=True)
class Evidence:
    """How one record came to a subject: the named rule, and the comparisons where there were any."""

    reference: Reference
    delivery: str
    as_of: str
    rule: str
    score: float
    compared: tuple[Compared, ...]


@dataclass(frozen=True)
class Unsure:
    """A mention and a subject that may be the same: for a reviewer."""

    kind: Register
    left: Reference
    right: str
    score: float
    compared: tuple[Compared, ...]


def why(session: Session, code: str) -> list[Evidence]:
    """Every record of a subject (of the one it was merged into, if it was), and how it came there."""
    rows = session.all(queries.EVIDENCE_OF_CODE, {"code": resolve(session, code)})
    return [Evidence(Reference(*row[:3]), row[3], row[4], row[5], row[6], _compared(row[7])) for row in rows]


def unsure_pairs(session: Session, limit: int = 100) -> list[Unsure]:
    """The pairs that wait for a reviewer, the likeliest first."""
    rows = session.all(queries.ALL_UNSURE, {"limit": limit})
    return [Unsure(kind, Reference(*left.split("/")), right, score, _compared(evidence)) for kind, left, right, score, evidence in rows]


def _compared(evidence: str) -> tuple[Compared, ...]:
    return tuple(Compared(*row) for row in json.loads(evidence)) if evidence else ()
