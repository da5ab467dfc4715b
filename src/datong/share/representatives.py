"""Who acts for whom: a person for herself, a parent for a child under age, a legal representative for the organisation."""

from __future__ import annotations

from datetime import date

from datong.domain.codes import kind_of
from datong.share import queries
from datong.share.guardians import may_answer_for, wards, who_answers
from datong.share.subjects import merged_from
from datong.store import Session


def represented(session: Session, person: str, day: date) -> tuple[str, ...]:
    """Every code a person may act for on a day: her own first (with earlier ones that lead to it), her children's, her firms'."""
    if not person:
        return ()
    firms = tuple(row[0] for row in session.all(queries.FIRMS_OF, {"person": person}))
    return tuple(dict.fromkeys((person, *merged_from(session, person), *wards(session, person, day), *firms)))


def may_act_for(session: Session, person: str, code: str, day: date) -> bool:
    """Whether a person may act for what a code stands for."""
    if not person or not code:
        return False
    if kind_of(code) == "person":
        return may_answer_for(session, person, code, day) or code in merged_from(session, person)
    return session.one(queries.FIRM_OF, {"person": person, "code": code}) is not None


def representatives(session: Session, code: str, day: date) -> tuple[str, ...]:
    """The persons who act for what a code stands for: who is to be told of what concerns it."""
    if kind_of(code) == "person":
        return who_answers(session, code, day) or (code,)
    return tuple(row[0] for row in session.all(queries.REPRESENTATIVES, {"code": code}))
