"""Consent asked for at a counter: an officer or a system asks a person, who gives it or refuses it on her phone.

Nothing of the person is shown with the request: she is found by the key she named at the counter. Refusing harms nothing; a
request that nobody answers lapses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from datong.domain.access import Actor, Ground, Key, Question, Reason
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share import queries
from datong.share.agreement import Agreement
from datong.share.consents import KEEP, Terms, consent_state, consent_to, covered, record
from datong.share.finding import find_subject
from datong.share.guardians import CONSENT, may_answer_for, represented, who_answers
from datong.share.installed import installed, moment
from datong.share.notices import Message, dated_number, notify
from datong.share.prepared import Asking, Prepared, refused, settle
from datong.share.stop import why_stopped
from datong.share.words import ground
from datong.share.workdays import city_day, moment_text
from datong.store import Row, Session

ONCE_DAYS = 7
"""Days within which a one-off consent is used."""
LONGEST_DAYS = 365
MOST_ASKED = 3
"""How often a department may ask a person for the same in `ASKED_WITHIN`: nobody is worn down until she agrees."""
ASKED_WITHIN = timedelta(days=30)
_FIRST = ("request_id", "subject", "department", "purpose", "agreement", "asked_by", "asked_at", "lapses_at")


@dataclass(frozen=True)
class WantedConsent:
    """What is asked of whom. `days`: how long it is to last, unless it is for `once`; `fields`: empty for all of the agreement."""

    purpose: str
    key: Key
    once: bool = True
    days: int = ONCE_DAYS
    keep: str = "view"
    fields: tuple[str, ...] = ()
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True)
class ConsentRequest:
    """One request. `state`: asked, given, refused, lapsed, or (of what was given) withdrawn, used or expired."""

    request_id: str
    subject: str
    department: str
    purpose: str
    agreement: str
    asked_by: str
    asked_at: str
    lapses_at: str
    once: bool
    days: int
    keep: str
    fields: tuple[str, ...]
    state: str
    answered_at: str
    answered_by: str
    consent_id: str
    separate: tuple[str, ...] = ()
    """Those of `fields` that need a consent of their own."""

    @property
    def ordinary(self) -> tuple[str, ...]:
        """Those of `fields` that the consent itself covers."""
        return tuple(name for name in self.fields if name not in self.separate)


@dataclass(frozen=True)
class AskedConsent:
    """How the asking ended: the request, or the reasons why there is none."""

    request: ConsentRequest | None
    grounds: tuple[Ground, ...] = ()


def ask_consent(session: Session, actor: Actor, wanted: WantedConsent, *, now: datetime | None = None) -> AskedConsent:
    """Ask a person for her consent. She, and who answers for her, is told on her phone; the same request twice is one.

    Raises BadValue when the terms are out of bounds. A purpose for which the department has no agreement that needs consent, what
    the agreements or the meter refuse, and a key that finds nobody: each is an answer with its grounds. Attempts leave a line.
    """
    parts, at_moment = installed(session), moment(now)
    agreement = consent_agreement(session, actor, wanted.purpose)
    if agreement is None:
        return AskedConsent(None, (ground("consent_not_asked", what=parts.sharing.purpose_words(wanted.purpose)),))
    fields = _checked(agreement, wanted)
    operation = "look_up" if "look_up" in agreement.operations else "verify"
    question = Question(wanted.purpose, operation, "person", wanted.key, reason=wanted.reason, encrypted=True)  # type: ignore[arg-type]
    decision = parts.policy.decide(actor, question, city_day(at_moment).isoformat())
    asking = Asking(session, parts, actor, question, at_moment, moment_text(at_moment), decision)
    if (closed := why_stopped(parts.stored.stops, actor, wanted.purpose, asking.at)) is not None:
        return AskedConsent(None, settle(session, refused(asking, (closed,))).grounds)
    if not decision.allowed:
        return AskedConsent(None, settle(session, refused(asking, decision.grounds)).grounds)
    if (over := parts.meter.take(session, actor, agreement, at_moment)) is not None:
        return AskedConsent(None, settle(session, refused(asking, (over,))).grounds)
    found = find_subject(asking)
    if isinstance(found, Prepared):
        answer = settle(session, found)
        return AskedConsent(None, tuple(one for one in answer.grounds if one not in decision.grounds))
    subject = found[0].code
    before = [_request(row, asking) for row in _asked_since(asking, subject)]
    for one in before:
        same = (one.fields, one.once, one.keep) == (fields, wanted.once, wanted.keep) and (one.once or one.days == wanted.days)
        if same and one.state == "asked" and one.asked_by == actor.id:
            return AskedConsent(one)
    if len(before) >= MOST_ASKED:
        return AskedConsent(None, (ground("consent_often", rule=agreement.code),))
    return AskedConsent(_ask(asking, subject, wanted, fields))


def consent_request(session: Session, actor: Actor, request_id: str, *, now: datetime | None = None) -> ConsentRequest:
    """What became of a request of the actor's own. Raises Missing for any other."""
    row = session.one(queries.CONSENT_REQUEST, {"request_id": request_id})
    if row is None or row[5] != actor.id:
        raise Missing("没有这个授权请求 (there is no such request for consent)")
    return _seen(session, row, moment(now))


def asked_consents(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[ConsentRequest, ...]:
    """The requests an officer or a system made, newest first, with what became of them."""
    rows = session.all(queries.CONSENT_REQUESTS_BY, {"asked_by": actor.id})
    return tuple(_seen(session, row, moment(now)) for row in rows)


def consent_requests(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[ConsentRequest, ...]:
    """What waits for the signed-in citizen's answer, for herself and for those she answers for."""
    at_moment = moment(now)
    day = city_day(at_moment)
    people = [(actor.subject or "-", None), *((one.subject, one) for one in represented(session, actor.subject, day))]
    found = []
    for code, other in people:
        for row in session.all(queries.CONSENT_REQUESTS_TO, {"subject": code}):
            hers = may_answer_for(session, code, code, day, row[3]) if other is None else other.covers(CONSENT, row[3])
            if hers and (one := _seen(session, row, at_moment)).state == "asked":
                found.append(one)
    return tuple(found)


def give_asked(session: Session, actor: Actor, request_id: str, *, separate: bool = False, now: datetime | None = None) -> ConsentRequest:
    """Give what was asked for; with `separate` the sensitive part too. Raises Missing when nothing waits for her under this number."""
    asked, at_moment = _waiting(session, actor, request_id, moment(now)), moment(now)
    fields = asked.fields if separate else asked.ordinary
    if not fields:
        raise BadValue("separate", "every field asked for is sensitive", "consent to the sensitive fields, or refuse")
    terms = Terms(asked.department, asked.purpose, timedelta(days=asked.days), asked.once, fields, asked.keep)
    made = consent_to(session, actor, asked.subject, terms, at_moment)
    return _answer(session, actor, asked, ("given", made.consent_id), at_moment)


def refuse_asked(session: Session, actor: Actor, request_id: str, *, now: datetime | None = None) -> ConsentRequest:
    """Refuse. Nothing follows from it but that the counter goes on with papers."""
    at_moment = moment(now)
    asked = _waiting(session, actor, request_id, at_moment)
    record(session, actor, asked.subject, moment_text(at_moment), {"act": "refused", "request": asked.request_id}, purpose=asked.purpose)
    return _answer(session, actor, asked, ("refused", ""), at_moment)


def consent_agreement(session: Session, actor: Actor, purpose: str) -> Agreement | None:
    """The agreement of the actor's department that needs consent for this purpose; nothing when none does."""
    held = installed(session).policy.agreements_of(actor)
    return next((one for one in held if one.consent and one.purpose == purpose and actor.kind != "citizen"), None)


def _checked(agreement: Agreement, wanted: WantedConsent) -> tuple[str, ...]:
    """The fields and relations asked for. Raises BadValue."""
    whole = (*agreement.fields, *agreement.links)
    if unknown := [name for name in wanted.fields if name not in whole]:
        raise BadValue("fields", f"{len(unknown)} of them are not in the agreement", f"choose among {', '.join(whole)}")
    if wanted.keep not in KEEP:
        raise BadValue("keep", "is not known", f"write one of {', '.join(KEEP)}")
    if not 1 <= wanted.days <= LONGEST_DAYS:
        raise BadValue("days", "out of bounds", f"write 1 to {LONGEST_DAYS} days")
    return tuple(name for name in whole if not wanted.fields or name in wanted.fields)


def _asked_since(asking: Asking, subject: str) -> list[Row]:
    agreement = asking.agreement
    params = {"subject": subject, "department": asking.actor.department, "purpose": agreement.purpose}
    return asking.session.all(queries.CONSENT_ASKED_SINCE, params | {"since": moment_text(asking.now - ASKED_WITHIN)})


def _ask(asking: Asking, subject: str, wanted: WantedConsent, fields: tuple[str, ...]) -> ConsentRequest:
    session, actor, agreement, at = asking.session, asking.actor, asking.agreement, asking.at
    day = city_day(asking.now)
    number = dated_number(session, "A", "consent-request", day)
    lapses = moment_text(asking.now + timedelta(days=agreement.answer_days))
    params = {
        "request_id": number,
        "subject": subject,
        "department": actor.department,
        "purpose": agreement.purpose,
        "agreement": agreement.code,
        "asked_by": actor.id,
        "asked_at": at,
        "lapses_at": lapses,
        "once": int(wanted.once),
        "days": ONCE_DAYS if wanted.once else wanted.days,
        "keep": wanted.keep,
        "fields": json.dumps(fields),
    }
    session.run(queries.ADD_CONSENT_REQUEST, params)
    asking.parts.meter.add(actor, agreement, 1)
    body = {
        "act": "asked",
        "request": number,
        "agreement": agreement.code,
        "once": wanted.once,
        "keep": wanted.keep,
        "fields": list(fields),
    }
    record(session, actor, subject, at, body, purpose=agreement.purpose)
    for person in who_answers(session, subject, day, agreement.purpose):
        notify(session, person, _message(asking, number, lapses, other=person != subject), at)
    return consent_request(session, actor, number, now=asking.now)


def _message(asking: Asking, number: str, lapses: str, *, other: bool) -> Message:
    sharing = asking.parts.sharing
    who, what = sharing.department_words(asking.actor.department), sharing.purpose_words(asking.agreement.purpose)
    until = city_day(datetime.fromisoformat(lapses)).isoformat()
    of_zh, of_en = ("由您代为答复的人", "somebody's whom you answer for,") if other else ("您", "your")
    text = (
        f"{who[0]}请求查看{of_zh}的数据，用途：{what[0]}。请到“授权”页同意或拒绝，{until}前不答复即失效。不同意不影响办事，可改交纸质材料。",
        f"{who[1]} asks to see {of_en} data for: {what[1]}. Consent or refuse under Consents; unanswered it lapses on {until}. "
        "Refusing harms nothing: you can bring papers instead.",
    )
    return Message("consent_asked", ("有单位请求您授权", "Your consent is asked for"), text, (("consent_request", number),))


def _waiting(session: Session, actor: Actor, request_id: str, now: datetime) -> ConsentRequest:
    found = next((one for one in consent_requests(session, actor, now=now) if one.request_id == request_id), None)
    if found is None:
        raise Missing("没有等待您答复的授权请求 (no such request waits for your answer)")
    return found


def _answer(session: Session, actor: Actor, asked: ConsentRequest, to: tuple[str, str], now: datetime) -> ConsentRequest:
    state, consent_id = to
    at = moment_text(now)
    params = {"request_id": asked.request_id, "state": state, "at": at, "by": actor.subject, "consent_id": consent_id}
    if not session.run(queries.ANSWER_CONSENT_REQUEST, params):
        raise Forbidden("这个授权请求已答复或已失效 (this request has been answered or has lapsed)")
    words = ("已同意", "was given") if state == "given" else ("已拒绝，请按纸质材料办理", "was refused; go on with papers")
    text = (f"授权请求{asked.request_id}{words[0]}。", f"The consent asked for under {asked.request_id} {words[1]}.")
    title = ("授权请求有答复", "A request for consent was answered")
    notify(session, f"account:{asked.asked_by}", Message(f"consent_{state}", title, text, (("consent_request", asked.request_id),)), at)
    return replace(asked, state=state, answered_at=at, answered_by=actor.subject, consent_id=consent_id)


def _request(row: Row, asking: Asking) -> ConsentRequest:
    return _seen(asking.session, row, asking.now)


def _seen(session: Session, row: Row, now: datetime) -> ConsentRequest:
    """A request as it stands at a moment, with what became of the consent it led to."""
    *first, once, days, keep, fields, state, answered_at, answered_by, consent_id, until, withdrawn_at, used_at = row
    at, asked = moment_text(now), tuple(json.loads(fields))
    if state == "asked" and first[7] <= at:
        state = "lapsed"
    if state == "given":
        became = consent_state(withdrawn_at or "", once and used_at, until or at, at)
        state = "given" if became == "live" else became
    agreement = installed(session).sharing.known(first[4])
    ordinary = covered(agreement, ()) if agreement else frozenset(asked)
    separate = tuple(name for name in asked if name not in ordinary)
    return ConsentRequest(
        **dict(zip(_FIRST, first, strict=True)),
        once=bool(once),
        days=days,
        keep=keep,
        fields=asked,
        state=state,
        answered_at=answered_at,
        answered_by=answered_by,
        consent_id=consent_id,
        separate=separate,
    )
