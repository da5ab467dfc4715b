"""The one door, in reading order: decide, find, keep to the agreement's rows, compare or collect, write it down, answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from datong.domain.access import Actor, Answer, Question
from datong.domain.errors import BadValue
from datong.share.answers import look_up, verify
from datong.share.consents import after_consent, with_consent
from datong.share.finding import find_subject
from datong.share.finding import wanted as find_ahead
from datong.share.installed import installed, moment
from datong.share.listing import list_rows
from datong.share.meter import count_of, used_up
from datong.share.notices import Message, notify
from datong.share.passes import Pass, use_pass
from datong.share.policy import asking_for
from datong.share.prepared import Asking, Prepared, refused, settle
from datong.share.stop import why_stopped
from datong.share.words import ground
from datong.share.workdays import city_day, moment_text
from datong.store import Query, Session


def ask(session: Session, actor: Actor, question: Question, *, now: datetime | None = None) -> Answer:
    """Ask the registers one question. Everything that leaves them leaves here.

    The answer's ledger lines, one a subject, are written in the caller's transaction: they are durable when the session
    is left, and gone when it is rolled back. An expected "no" is an answer with its grounds, never an error.
    """
    return settle(session, prepare(session, actor, question, now=now))


def prepare(session: Session, actor: Actor, question: Question, *, now: datetime | None = None) -> Prepared:
    """Work an answer out without writing: for the hot route, which commits many answers' lines together.

    Whoever gives the answer must first make `lines` durable; when there are `changes` (a pass was shown), use `ask`.
    """
    _must_be_text(question)
    parts, at_moment = installed(session), moment(now)
    decision = parts.policy.decide(actor, question, city_day(at_moment).isoformat())
    asking = Asking(session, parts, actor, question, at_moment, moment_text(at_moment), decision)
    if (closed := why_stopped(parts.stored.stops, actor, question.purpose, asking.at)) is not None:
        return refused(asking, (closed,))
    if not decision.allowed:
        return refused(asking, decision.grounds)
    if (over := parts.meter.take(session, actor, asking.agreement, at_moment)) is not None:
        return refused(asking, (over,))
    prepared = list_rows(asking) if question.operation in ("list", "extract") else _prepare_one(asking)
    return _counted(asking, prepared) if session.dialect == "postgresql" else prepared


def _counted(asking: Asking, prepared: Prepared) -> Prepared:
    """The same with what it counts as when it is written."""
    agreement = asking.agreement
    count = count_of(asking.actor, agreement, asking.now, sum(one.type != "refusal" for one in prepared.lines))
    over = lambda span: refused(asking, (used_up(agreement, span),))  # noqa: E731
    return Prepared(prepared.answer, prepared.lines, prepared.changes, prepared.otherwise, count, over)


def wanted(session: Session, actor: Actor, question: Question, *, now: datetime | None = None) -> list[Query]:
    """What `prepare` will read first, for a caller that reads ahead for many at once (`store.Reads`); nothing of what no agreement lets
    be read."""
    decision = installed(session).policy.decide(actor, question, city_day(moment(now)).isoformat())
    return find_ahead(question, decision) if decision.allowed else []


def _must_be_text(question: Question) -> None:
    """Raises BadValue for a character that no text of the registers can hold, and that one of the stores chokes on."""
    typed = [("key", question.key.value)] if question.key else []
    for name, value in (*typed, *question.where):
        if "\x00" in value:
            raise BadValue(name if name == "key" else "where", "holds a NUL character", "leave it out")


def _prepare_one(asking: Asking) -> Prepared:
    """One subject: found by its key, within the agreement's rows, with consent where it is needed."""
    found = find_subject(asking)
    if isinstance(found, Prepared):
        asking.parts.meter.add(asking.actor, asking.agreement, sum(one.type != "refusal" for one in found.lines))
        return found
    subject, shown = found
    agreement = asking.agreement
    consent = None
    if agreement.consent:
        consented = with_consent(asking, subject)
        if isinstance(consented, Prepared):
            return consented
        asking, consent = consented
    answer = verify if asking.question.operation == "verify" else look_up
    prepared = answer(asking, subject, shown is not None)
    asking.parts.meter.add(asking.actor, agreement, len(prepared.lines))
    if consent is not None:
        prepared = after_consent(asking, consent, prepared)
    return _with_pass(asking, shown, prepared) if shown is not None else prepared


def _with_pass(asking: Asking, shown: Pass, prepared: Prepared) -> Prepared:
    """The answer that an owner's pass opened: its use is recorded and the owner told at the same moment."""
    used_by = asking_for(asking.actor)
    outcome = prepared.answer.outcome
    answer = replace(prepared.answer, grounds=(ground("pass_valid", rule=shown.pass_id), *prepared.answer.grounds))

    def use(session: Session) -> bool:
        return outcome == "different" or use_pass(session, shown.pass_id, used_by, asking.at)

    def tell(session: Session) -> bool:
        if asking.actor.subject != shown.holder:
            notify(session, shown.holder, _pass_message(asking, shown, outcome), asking.at)
        return True

    late = refused(asking, (ground("pass_used" if shown.once else "pass_expired", rule=shown.pass_id),), shown.premises)
    return Prepared(answer, prepared.lines, (use, tell), late)


def _pass_message(asking: Asking, shown: Pass, outcome: str) -> Message:
    sharing = asking.parts.sharing
    department = asking.actor.department
    who_zh, who_en = sharing.department_words(department) if department else ("网上申请人", "An applicant online")
    purpose_zh, purpose_en = sharing.purpose_words(shown.purpose)
    passed = outcome in ("same", "partly", "found")
    result_zh, result_en = ("核验通过", "the check passed") if passed else ("核验未通过", "the check did not pass")
    return Message(
        "pass_used",
        ("您的房码被使用", "Your pass was used"),
        (
            f"{who_zh}刚刚使用了您的房码{shown.pass_id}，用途：{purpose_zh}，{result_zh}。如果不是您本人同意的，请立即撤销并提出异议。",
            f"{who_en} has just used your pass {shown.pass_id} for: {purpose_en}; {result_en}. "
            "If you did not agree, revoke it and report it.",
        ),
        (("pass", shown.pass_id), ("premises", shown.premises), ("purpose", shown.purpose)),
    )
