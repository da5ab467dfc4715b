"""Guardians: who answers for a child. By the registers' ties a parent does, until the child is of age."""

from __future__ import annotations

from datetime import date

from datong.share import queries
from datong.share.subjects import read_subject
from datong.share.workdays import day_begins
from datong.store import Session

OF_AGE = 18
OWN_SAY = 14
"""From this age on a child may answer for itself beside its parents (Personal Information Protection Law, article 31)."""


def may_answer_for(session: Session, person: str, subject: str, day: date) -> bool:
    """Whether a person may give, refuse and take back consents for a subject on a day: for herself or for her child under age."""
    if not person:
        return False
    age = _age(session, subject, day)
    if person == subject:
        return age is None or age >= OWN_SAY or not parents(session, subject)
    return age is not None and age < OF_AGE and person in parents(session, subject)


def parents(session: Session, child: str) -> tuple[str, ...]:
    """The persons whose child this is, as the registers hold today."""
    return tuple(row[0] for row in session.all(queries.PARENTS, {"code": child}))


def who_answers(session: Session, subject: str, day: date) -> tuple[str, ...]:
    """Whom a request about a subject goes to: herself, for a child under age the parents too (under 14 the parents alone)."""
    people = (subject, *parents(session, subject))
    return tuple(one for one in people if may_answer_for(session, one, subject, day))


def wards(session: Session, person: str, day: date) -> tuple[str, ...]:
    """The children under age for whom a person answers."""
    children = [row[0] for row in session.all(queries.CHILDREN, {"code": person or "-"})]
    return tuple(one for one in sorted(children) if may_answer_for(session, person, one, day))


def of_age_at(session: Session, subject: str) -> str:
    """The moment at which a child comes of age; "" when its birth date is not known."""
    born = _born(session, subject)
    if born is None:
        return ""
    return day_begins(_birthday(born, OF_AGE))


def _age(session: Session, subject: str, day: date) -> int | None:
    born = _born(session, subject)
    return None if born is None else day.year - born.year - (day < _birthday(born, day.year - born.year))


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _born(session: Session, subject: str) -> date | None:
    entry = read_subject(session, subject)
    try:
        return date.fromisoformat(entry.get("birth_date")) if entry else None
    except ValueError:
        return None
