"""Consents: a person lets one department read her data for one purpose until a day, or once; as easily taken back as given.

A consent names its fields. What is sensitive in an agreement (`separate`) is covered only when it was consented to by name.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share import queries
from datong.share.agreement import Agreement
from datong.share.guardians import CONSENT, answers_until, may_answer_for, represented
from datong.share.installed import installed, moment
from datong.share.notices import dated_number
from datong.share.prepared import Asking, Prepared, refused
from datong.share.subjects import Subject
from datong.share.words import ground
from datong.share.workdays import city_day, moment_text
from datong.store import Row, Session

LONGEST = timedelta(days=366)
KEEP = ("view", "keep")
_FIRST = ("consent_id", "subject", "department", "purpose", "given_at", "until", "withdrawn_at")


@dataclass(frozen=True)
class Consent:
    """One consent. `state` is as of the asking: live, expired, used (a one-off) or withdrawn.

    `fields`: what it covers, relations among it; empty for everything that needs no consent of its own. `given_by`: her own
    code, or that of her parent, guardian or agent.
    """

    consent_id: str
    subject: str
    department: str
    purpose: str
    given_at: str
    until: str
    withdrawn_at: str
    once: bool = False
    used_at: str = ""
    fields: tuple[str, ...] = ()
    keep: str = "view"
    given_by: str = ""
    state: str = "live"


@dataclass(frozen=True)
class Terms:
    """What is consented to: for whom, how often, what of it, and whether it may be kept."""

    department: str
    purpose: str
    lasts: timedelta
    once: bool = False
    fields: tuple[str, ...] = ()
    keep: str = "view"


def give_consent(
    session: Session, actor: Actor, department: str, purpose: str, lasts: timedelta, *, now: datetime | None = None
) -> Consent:
    """The signed-in citizen lets a department read her data for a purpose: all but what needs a consent of its own.

    Raises BadValue when no agreement asks for it.
    """
    if not actor.subject:
        raise Forbidden("授权须由本人作出 (only the person herself can consent)")
    return consent_to(session, actor, actor.subject, Terms(department, purpose, lasts), moment(now))


def consent_to(session: Session, actor: Actor, subject: str, terms: Terms, now: datetime) -> Consent:
    """Write a consent down, for herself or for a child, ward or principal; it ends at the latest when her say for the other ends.

    Raises BadValue when no agreement asks for it, Forbidden for anyone else.
    """
    day = city_day(now)
    if not may_answer_for(session, actor.subject, subject, day, terms.purpose):
        raise Forbidden("授权须由本人、监护人或代理人作出 (only the person herself, her guardian or her agent can consent)")
    agreements = installed(session).sharing.agreements.values()
    if not any(one.consent and one.purpose == terms.purpose and terms.department in one.requesting for one in agreements):
        raise BadValue("purpose", "this department needs no consent for this purpose, or may not ask for it at all")
    if not timedelta(minutes=1) <= terms.lasts <= LONGEST:
        raise BadValue("lasts", "out of bounds", "a consent lasts from a minute to a year")
    at, until = moment_text(now), moment_text(now + terms.lasts)
    if subject != actor.subject and (ends := answers_until(session, actor.subject, subject, day, terms.purpose)):
        until = min(until, ends)
    number = dated_number(session, "S", "consent", day)
    made = Consent(number, subject, terms.department, terms.purpose, at, until, "", terms.once, "", terms.fields, terms.keep, actor.subject)
    names = ("consent_id", "subject", "department", "purpose", "given_at", "until", "keep", "given_by")
    params = {name: getattr(made, name) for name in names}
    session.run(queries.ADD_CONSENT, params | {"once": int(made.once), "fields": json.dumps(made.fields) if made.fields else ""})
    body = {"act": "given", "consent": number, "department": terms.department, "once": terms.once, "keep": terms.keep}
    record(session, actor, subject, at, body | {"fields": list(terms.fields)}, purpose=terms.purpose)
    return made


def withdraw_consent(session: Session, actor: Actor, consent_id: str, *, now: datetime | None = None) -> None:
    """Take a consent back, from now on. Raises Missing when there is no such live consent of hers or of one she answers for."""
    at_moment = moment(now)
    at = moment_text(at_moment)
    row = session.one(queries.CONSENT, {"consent_id": consent_id})
    hers = row is not None and may_answer_for(session, actor.subject, row[1], city_day(at_moment), row[3])
    if row is None or not hers or not session.run(queries.WITHDRAW_CONSENT, {"consent_id": consent_id, "at": at}):
        raise Missing("没有这项有效的授权 (you have no such consent in force)")
    record(session, actor, row[1], at, {"act": "withdrawn", "consent": consent_id})


def my_consents(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Consent, ...]:
    """The actor's consents and those of the people she answers for with their states, newest first."""
    at_moment = moment(now)
    at = moment_text(at_moment)
    found = [_consent(row, at) for row in session.all(queries.CONSENTS_OF, {"subject": actor.subject or "-"})]
    for other in represented(session, actor.subject, city_day(at_moment)):
        theirs = (_consent(row, at) for row in session.all(queries.CONSENTS_OF, {"subject": other.subject}))
        found += [one for one in theirs if other.covers(CONSENT, one.purpose)]
    return tuple(sorted(found, key=lambda one: (one.given_at, one.consent_id), reverse=True))


def with_consent(asking: Asking, subject: Subject) -> tuple[Asking, Consent] | Prepared:
    """The question cut down to what the person consented to, and the consent; or the refusal, when there is none.

    Of several consents that stand the one that covers most speaks, and among those one that lasts before a one-off.
    """
    agreement = asking.agreement
    params = {"subject": subject.code, "department": asking.actor.department, "purpose": agreement.purpose, "at": asking.at}
    live = [_consent(row, asking.at) for row in asking.session.all(queries.LIVE_CONSENT, params)]
    if not live:
        return refused(asking, (ground("consent_missing", rule=agreement.code),), subject.code)
    best = max(live, key=lambda one: (len(covered(agreement, one.fields)), not one.once))
    held = covered(agreement, best.fields)
    lacking = (frozenset(agreement.fields) | frozenset(agreement.links)) - held
    question, decision = asking.question, asking.decision
    named = [name for name in (*question.fields, *(claim for claim, _ in question.claims), *question.unmask) if name in lacking]
    grounds = tuple(ground("consent_field", field=name, rule=best.consent_id) for name in dict.fromkeys(named))
    stops = question.operation == "verify" or any(name in lacking for name in question.unmask)
    kept = tuple(name for name in decision.fields if name not in lacking)
    if (grounds and stops) or (question.operation != "verify" and not kept):
        return refused(asking, grounds or (ground("consent_missing", rule=agreement.code),), subject.code)
    fields = {name: mask for name, mask in agreement.fields.items() if name in held}
    links = {name: mask for name, mask in agreement.links.items() if name in held}
    withheld = tuple(name for name in decision.fields if name in lacking)
    says = (*decision.grounds, ground(f"consent_{best.keep}", rule=best.consent_id), *grounds)
    masks = tuple(pair for pair in decision.masks if pair[0] in kept)
    cut = replace(decision, fields=kept, masks=masks, refused_fields=(*decision.refused_fields, *withheld), grounds=says)
    return replace(asking, decision=cut, consented=replace(agreement, fields=fields, links=links)), best


def after_consent(asking: Asking, consent: Consent, prepared: Prepared) -> Prepared:
    """The answer a consent opened: its lines name the consent, and a one-off is used up with it."""
    lines = tuple(replace(one, body={**one.body, "consent": consent.consent_id}) for one in prepared.lines)
    if not consent.once:
        return replace(prepared, lines=lines)

    def use(session: Session) -> bool:
        return session.run(queries.USE_CONSENT, {"consent_id": consent.consent_id, "at": asking.at}) == 1

    late = refused(asking, (ground("consent_missing", rule=asking.agreement.code),), consent.subject)
    return replace(prepared, lines=lines, changes=(*prepared.changes, use), otherwise=late)


def covered(agreement: Agreement, fields: Collection[str]) -> frozenset[str]:
    """What of an agreement a consent covers: the fields and relations it names; all but the sensitive ones when it names none."""
    whole = frozenset(agreement.fields) | frozenset(agreement.links)
    return whole & frozenset(fields) if fields else whole - frozenset(agreement.separate)


def record(session: Session, actor: Actor, subject: str, at: str, body: dict[str, object], *, purpose: str = "") -> None:
    """A line of the ledger on a consent or a request for one: ids and field names only."""
    ledger.append(session, ledger.Line("consent", at, subject, actor.id, actor.department, actor.unit, purpose, body))


def consent_state(withdrawn_at: str, used_up: object, until: str, at: str) -> str:
    """How a consent stands at a moment: live, expired, used (a one-off that was) or withdrawn."""
    return "withdrawn" if withdrawn_at else "used" if used_up else "expired" if until <= at else "live"


def _consent(row: Row, at: str) -> Consent:
    *first, once, used_at, fields, keep, given_by = row
    until, withdrawn = first[5], first[6]
    state = consent_state(withdrawn, once and used_at, until, at)
    named = tuple(json.loads(fields)) if fields else ()
    known = dict(zip(_FIRST, first, strict=True))
    return Consent(**known, once=bool(once), used_at=used_at, fields=named, keep=keep, given_by=given_by, state=state)
