"""Who acts for whom: a person for herself, a parent, guardian or agent for another, a legal representative for the organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from datong.domain.codes import kind_of
from datong.share import guardians, queries
from datong.share.guardians import ACT, may_answer_for, who_answers
from datong.share.subjects import merged_from
from datong.store import Session, in_chunks, marks


def represented(session: Session, person: str, day: date) -> tuple[str, ...]:
    """Every code a person may act for on a day: her own first (and earlier ones), those she answers for, her firms'."""
    if not person:
        return ()
    firms = tuple(row[0] for row in session.all(queries.FIRMS_OF, {"person": person}))
    others = (one.subject for one in guardians.represented(session, person, day) if one.covers(ACT))
    return tuple(dict.fromkeys((person, *merged_from(session, person), *others, *firms)))


def may_act_for(session: Session, person: str, code: str, day: date) -> bool:
    """Whether a person may act for what a code stands for."""
    if not person or not code:
        return False
    if kind_of(code) == "person":
        return may_answer_for(session, person, code, day, act=ACT) or code in merged_from(session, person)
    return session.one(queries.FIRM_OF, {"person": person, "code": code}) is not None


def representatives(session: Session, code: str, day: date) -> tuple[str, ...]:
    """The persons who act for what a code stands for: who is to be told of what concerns it."""
    if kind_of(code) == "person":
        return who_answers(session, code, day, act=ACT) or (code,)
    return tuple(row[0] for row in session.all(queries.REPRESENTATIVES, {"code": code}))


def representatives_of_all(session: Session, codes: Iterable[str], day: date) -> dict[str, tuple[str, ...]]:
    """The same for many at once: code → who is told. Only those for whom anybody else might answer are looked at one by one."""
    wanted = set(codes)
    persons = {one for one in wanted if kind_of(one) == "person"}
    others = wanted - persons
    for chunk in in_chunks(persons):
        params = {**chunk, "day": day.isoformat()}
        others |= {str(row[0]) for row in session.all(queries.ANSWERED_FOR.format(marks=marks(chunk)), params)}
    return {one: representatives(session, one, day) if one in others else (one,) for one in wanted}
