"""Consents: a person lets one department read her data for one purpose until a day; as easily taken back as given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share import queries
from datong.share.installed import installed, moment
from datong.share.notices import next_serial
from datong.share.workdays import city_day, moment_text
from datong.store import Session

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Consent:
    """One consent. `state` is as of the asking: live, expired or withdrawn."""

    consent_id: str
    subject: str
    department: str
    purpose: str
    given_at: str
    until: str
    withdrawn_at: str
    state: str


def give_consent(
    session: Session, actor: Actor, department: str, purpose: str, lasts: timedelta, *, now: datetime | None = None
) -> Consent:
    """The signed-in citizen lets a department read her data for a purpose. Raises BadValue when no agreement asks for it."""
    if not actor.subject:
        raise Forbidden("授权须由本人作出 (only the person herself can consent)")
    agreements = installed(session).sharing.agreements.values()
    if not any(one.consent and one.purpose == purpose and department in one.requesting for one in agreements):
        raise BadValue("purpose", "this department needs no consent for this purpose, or may not ask for it at all")
    if not timedelta(minutes=1) <= lasts <= LONGEST:
        raise BadValue("lasts", "out of bounds", "a consent lasts from a minute to a year")
    at_moment = moment(now)
    at, until = moment_text(at_moment), moment_text(at_moment + lasts)
    number = f"S{city_day(at_moment):%Y%m%d}-{next_serial(session, f'consent:{city_day(at_moment)}'):04d}"
    params = {"consent_id": number, "subject": actor.subject, "department": department, "purpose": purpose, "given_at": at, "until": until}
    session.run(queries.ADD_CONSENT, params)
    _record(session, actor, at, purpose, {"act": "given", "consent": number, "department": department})
    return Consent(number, actor.subject, department, purpose, at, until, "", "live")


def withdraw_consent(session: Session, actor: Actor, consent_id: str, *, now: datetime | None = None) -> None:
    """Take a consent back, from now on. Raises Missing when there is no such live consent of the actor's."""
    at = moment_text(moment(now))
    if not session.run(queries.WITHDRAW_CONSENT, {"consent_id": consent_id, "subject": actor.subject or "-", "at": at}):
        raise Missing("没有这项有效的授权 (you have no such consent in force)")
    _record(session, actor, at, "", {"act": "withdrawn", "consent": consent_id})


def my_consents(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Consent, ...]:
    """The actor's consents with their states, newest first."""
    at = moment_text(moment(now))
    found = []
    for row in session.all(queries.CONSENTS_OF, {"subject": actor.subject or "-"}):
        state = "withdrawn" if row[6] else "expired" if row[5] <= at else "live"
        found.append(Consent(*(*row, state)))
    return tuple(found)


def has_consent(session: Session, subject: str, department: str, purpose: str, at: str) -> bool:
    """Whether a live consent stands behind a read."""
    params = {"subject": subject, "department": department, "purpose": purpose, "at": at}
    return session.one(queries.LIVE_CONSENT, params) is not None


def _record(session: Session, actor: Actor, at: str, purpose: str, body: dict[str, str]) -> None:
    ledger.append(session, ledger.Line("consent", at, actor.subject, actor.id, "", "", purpose, body))
