"""Who answers for whom: a parent for a child under age, a guardian for an adult ward, an agent whom a person named. Asked at each use.

A guardianship is a fact of a source (a court's judgment, delivered: it begins and ends by record) or, where no source knows it, entered
from a paper (`mandates/`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from datong.share import queries
from datong.share.subjects import read_subject
from datong.share.workdays import day_begins
from datong.store import Row, Session

OF_AGE = 18
OWN_SAY = 14
"""From this age on a child may answer for itself beside its parents (Personal Information Protection Law, article 31)."""
CONSENT, LOOKED, ACT = "consent", "looked", "act"
GUARDIAN = "guardian"
ACTS = (CONSENT, LOOKED, ACT)
"""What a mandate may be for: to give, refuse and take back consents; to see who looked; to act for her (licences, services)."""
STANDING_NAMES = ("mandate_id", "kind", "principal", "agent", "acts", "purposes", "alone", "until", "principal_name", "agent_name")


@dataclass(frozen=True)
class Standing:
    """A mandate or guardianship in force. `purposes`: empty for every one; `alone`: the ward has no say of her own beside the guardian;
    `until`: the last day, empty where none is known; `resource`: the source that says so, empty for a mandate or a paper."""

    mandate_id: str
    kind: str
    principal: str
    agent: str
    acts: tuple[str, ...]
    purposes: tuple[str, ...]
    alone: bool
    until: str
    principal_name: str
    agent_name: str
    resource: str = ""

    def covers(self, act: str, purpose: str) -> bool:
        """Whether it is for an act; a consent also for its purpose."""
        return act in self.acts and (act != CONSENT or not self.purposes or purpose in self.purposes)


@dataclass(frozen=True)
class Recorded:
    """A guardianship as a source says it, in force, over (`until`: the first day on which it holds no more) or still to begin.

    Names are not read here: they stand with each person's own data.
    """

    ward: str
    guardian: str
    since: str
    until: str
    resource: str
    department: str
    alone: bool
    as_of: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day.isoformat() and (not self.until or day.isoformat() < self.until)

    def as_standing(self) -> Standing:
        """The same as any standing: a guardian may do all of ACTS, for every purpose."""
        last = (date.fromisoformat(self.until) - timedelta(days=1)).isoformat() if self.until else ""
        return Standing("", GUARDIAN, self.ward, self.guardian, ACTS, (), self.alone, last, "", "", self.resource)


@dataclass(frozen=True)
class Represented:
    """Somebody whom a person answers for: her child, her ward (`guardian`) or who named her (`mandate`), and how she is called."""

    subject: str
    kind: str
    name: str = ""
    by: Standing | None = None

    def covers(self, act: str, purpose: str = "") -> bool:
        """Whether the person may do this for her; a parent may do all of it."""
        return self.by is None or self.by.covers(act, purpose)


def may_answer_for(session: Session, person: str, subject: str, day: date, purpose: str = "", *, act: str = CONSENT) -> bool:
    """Whether a person may do what ACTS name for a subject on a day; a consent is to a purpose."""
    if not person:
        return False
    if person == subject:
        return has_own_say(session, subject, day)
    standing = standing_for(session, subject, day)
    return _is_parent(session, person, subject, day) or any(one.agent == person and one.covers(act, purpose) for one in standing)


def has_own_say(session: Session, subject: str, day: date) -> bool:
    """Whether a person answers for herself: not a child under 14 who has parents, nor a ward whose guardian answers alone."""
    age = _age(session, subject, day)
    if age is not None and age < OWN_SAY and parents(session, subject):
        return False
    return not any(one.alone for one in standing_for(session, subject, day))


def standing_for(session: Session, subject: str, day: date) -> tuple[Standing, ...]:
    """The mandates and guardianships in force under which others answer for a subject."""
    recorded = (one.as_standing() for one in recorded_for(session, subject) if one.holds_on(day))
    entered = map(standing_of, session.all(queries.STANDING_FOR, {"code": subject or "-", "day": day.isoformat()}))
    return tuple(one for one in (*recorded, *entered) if _both_live(session, one, day))


def recorded_for(session: Session, ward: str) -> tuple[Recorded, ...]:
    """The guardians whom sources have ever named for a person, the earliest first."""
    return tuple(map(_recorded, session.all(queries.RECORDED_FOR, {"code": ward or "-"})))


def recorded_by(session: Session, guardian: str) -> tuple[Recorded, ...]:
    """Those whose guardian a person has ever been by a source's word, the earliest first."""
    return tuple(map(_recorded, session.all(queries.RECORDED_BY, {"code": guardian or "-"})))


def represented(session: Session, person: str, day: date) -> tuple[Represented, ...]:
    """Everybody whom a person answers for: her children under age, her wards, and those who named her."""
    children = sorted(row[0] for row in session.all(queries.CHILDREN, {"code": person or "-"}))
    found = [Represented(one, "child") for one in children if _is_parent(session, person, one, day)]
    recorded = [one.as_standing() for one in recorded_by(session, person) if one.holds_on(day)]
    wards = {one.principal for one in recorded}
    entered = map(standing_of, session.all(queries.STANDING_BY, {"code": person or "-", "day": day.isoformat()}))
    held = (*recorded, *(one for one in entered if one.kind != GUARDIAN or one.principal not in wards))
    live = (one for one in held if _both_live(session, one, day))
    return (*found, *(Represented(one.principal, one.kind, one.principal_name, one) for one in live))


def answers_until(session: Session, person: str, subject: str, day: date, purpose: str) -> str:
    """The moment at which a person's say for another ends: the child comes of age, the mandate is over; "" when none is known."""
    if _is_parent(session, person, subject, day):
        return of_age_at(session, subject)
    last = [one.until for one in standing_for(session, subject, day) if one.agent == person and one.covers(CONSENT, purpose)]
    return day_begins(date.fromisoformat(max(last)) + timedelta(days=1)) if last and all(last) else ""


def parents(session: Session, child: str) -> tuple[str, ...]:
    """The persons whose child this is, as the registers hold today."""
    return tuple(row[0] for row in session.all(queries.PARENTS, {"code": child}))


def who_answers(session: Session, subject: str, day: date, purpose: str = "", *, act: str = CONSENT) -> tuple[str, ...]:
    """Whom a request about a subject goes to: herself, her parents while she is under age, her guardians and agents for just this."""
    others = (*parents(session, subject), *(one.agent for one in standing_for(session, subject, day)))
    if not others:
        return (subject,) if subject else ()
    people = dict.fromkeys((subject, *others))
    return tuple(one for one in people if may_answer_for(session, one, subject, day, purpose, act=act))


def of_age_at(session: Session, subject: str) -> str:
    """The moment at which a child comes of age; "" when its birth date is not known."""
    born = _born(session, subject)
    if born is None:
        return ""
    return day_begins(_birthday(born, OF_AGE))


def is_of_age(session: Session, subject: str, day: date) -> bool:
    """Whether a person is of age as far as the registers know; somebody whose birth date is not known counts as of age."""
    age = _age(session, subject, day)
    return age is None or age >= OF_AGE


def standing_of(row: Row) -> Standing:
    """A standing from a row of STANDING_NAMES."""
    known = dict(zip(STANDING_NAMES, row, strict=True))
    read = {"acts": tuple(json.loads(known["acts"])), "purposes": tuple(json.loads(known["purposes"])), "alone": bool(known["alone"])}
    return Standing(**{**known, **read})


def _recorded(row: Row) -> Recorded:
    alone = json.loads(row[6] or "{}").get("capacity") == "none"
    values: tuple[Any, ...] = (*row[:6], alone, row[7])
    return Recorded(*values)


def _is_parent(session: Session, person: str, subject: str, day: date) -> bool:
    age = _age(session, subject, day)
    return age is not None and age < OF_AGE and person in parents(session, subject)


def _both_live(session: Session, one: Standing, day: date) -> bool:
    """Whether neither side has died: a guardianship ends with a death, and so does a mandate (Civil Code, articles 39 and 173)."""
    return not any(_has_died(session, code, day) for code in (one.principal, one.agent))


def _has_died(session: Session, subject: str, day: date) -> bool:
    entry = read_subject(session, subject)
    died = entry.get("death_date") if entry else ""
    return bool(died) and died <= day.isoformat()


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
