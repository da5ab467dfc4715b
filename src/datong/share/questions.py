"""A citizen asks about one look at her or at her home: the department that looked must answer, within the same ten working days."""

from __future__ import annotations

from datetime import datetime

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.share import queries
from datong.share.disputes import LONGEST, SHORTEST, WORKING_DAYS, Dispute, find_dispute
from datong.share.installed import installed, moment
from datong.share.logbook import Look, find_look
from datong.share.notices import Message, next_serial, notify
from datong.share.subjects import read_subject
from datong.share.workdays import city_day, moment_text
from datong.store import Session


def question_look(session: Session, actor: Actor, line_id: str, what: str, *, now: datetime | None = None) -> Dispute:
    """Ask why somebody looked. No value is doubted, so nothing is marked; the department is told and the clock runs.

    Asking about the same look twice gives the first question back. Raises Missing when the look is not about her or her
    home, BadValue when nothing is said.
    """
    parts, at_moment = installed(session), moment(now)
    look = find_look(session, actor, line_id, now=at_moment)
    text = what.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadValue("what", "too short or too long", f"say in {SHORTEST} to {LONGEST} characters what you want to know")
    field = f"look:{line_id}"
    before = session.one(queries.SAME_DISPUTE, {"code": look.subject, "field": field, "raised_by": actor.id})
    if before:
        return find_dispute(session, actor, before[0], now=at_moment)
    day, at = city_day(at_moment), moment_text(at_moment)
    number = f"Y{day:%Y%m%d}-{next_serial(session, f'dispute:{day}'):04d}"
    subject = read_subject(session, look.subject)
    session.run(
        queries.ADD_DISPUTE,
        {
            "dispute_id": number,
            "code": look.subject,
            "field": field,
            "raised_by": actor.id,
            "raised_kind": actor.kind,
            "raised_at": at,
            "what": text,
            "mark_id": "",
            "due": parts.calendar.due(day, WORKING_DAYS).isoformat(),
            "division": subject.division if subject else "",
            "department": look.department_code,
            "raiser_subject": actor.subject,
        },
    )
    made = find_dispute(session, actor, number, now=at_moment)
    _tell(session, actor, look, made, at)
    body = {"act": "raised", "dispute": number, "look": line_id}
    ledger.append(session, ledger.Line("dispute", at, look.subject, actor.id, "", "", "", body))
    return made


def _tell(session: Session, actor: Actor, look: Look, made: Dispute, at: str) -> None:
    """The citizen has it in writing; the department that looked learns what it is asked, not who asks."""
    about = (("dispute", made.dispute_id), ("look", look.line_id))
    mine = (
        f"您对一次查看提出的询问（{made.dispute_id}）已受理，最迟{made.due}答复。",
        f"Your question {made.dispute_id} about a look was received. Answer by {made.due}.",
    )
    notify(session, actor.subject, Message("dispute_raised", ("询问已受理", "Your question was received"), mine, about), at)
    if look.department_code:
        theirs = (
            f"当事人询问贵部门的一次查看（存证{look.line_id}），请于{made.due}前说明：{made.what}",
            f"A person asks about a look of yours (line {look.line_id}). Explain by {made.due}: {made.what}",
        )
        message = Message("look_questioned", ("当事人询问一次查看", "A look is questioned"), theirs, about)
        notify(session, f"department:{look.department_code}", message, at)
