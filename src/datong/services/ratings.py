"""What people thought of how their case was handled; a bad word is called back about and answered, by clocks of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services import around_queries as queries
from datong.services.installed import items
from datong.services.parties import WORK, is_applicant
from datong.services.store_case import kept_case
from datong.services.terms import terms
from datong.services.told import about_case
from datong.spec import Words
from datong.store import Session

GRADES = {
    5: Words("非常满意", "very good"),
    4: Words("满意", "good"),
    3: Words("基本满意", "fair"),
    2: Words("不满意", "bad"),
    1: Words("非常不满意", "very bad"),
}
STATES = ("given", "open", "answered")
SOON = 3
"""Working days before the last at which an answer turns yellow."""


@dataclass(frozen=True)
class Rating:
    """A rating as its case, or the list of those to be answered, shows it."""

    case_id: str
    service: str
    department: str
    state: str
    grade: int
    again: int
    words: str
    at: str
    contact_due: str
    due: str
    answer: str
    answered_at: str
    left: int | None = None
    light: str = "grey"


@dataclass(frozen=True)
class Counted:
    """A department's ratings: all, bad ones, answered, and those over their time."""

    all: int = 0
    bad: int = 0
    answered: int = 0
    late: int = 0


def rate(session: Session, actor: Actor, case_id: str, grade: int, words: str, *, now: datetime) -> Rating:
    """Say how a case that ended was handled: once, and once more after a bad word was answered. Raises BadValue, Missing."""
    kept = kept_case(session, case_id)
    if not is_applicant(session, actor, kept):
        raise Missing("没有这个办件 (there is no such case)")
    if not kept.case.ended:
        raise BadValue("grade", "办结以后再评价 (rate it once it has ended)")
    if grade not in GRADES:
        raise BadValue("grade", "请选择评价 (choose a grade)")
    held = terms(session)
    at, day, due = share.moment_text(now), share.city_day(now).isoformat(), items(session).working.due
    bad = grade <= held.bad
    params = {"case_id": case_id, "service": kept.case.service, "department": kept.department, "grade": grade, "words": words.strip()[:500]}
    params |= {"state": "open" if bad else "given", "at": at}
    params |= {"contact_due": due(day, held.contact_days) if bad else "", "due": due(day, held.answer_days) if bad else ""}
    if not session.run(queries.ADD_RATING, params) and not session.run(queries.RATE_AGAIN, {"case_id": case_id, "grade": grade}):
        raise BadValue("grade", "已经评价过了 (it has been rated)")
    _line(session, actor, case_id, "rate", at, grade=grade)
    if bad:
        zh = f"办件{case_id}收到差评，请在{params['contact_due']}前回访、{params['due']}前答复。"
        en = f"Case {case_id} was rated bad: call back by {params['contact_due']}, answer by {params['due']}."
        message = about_case(case_id, ("收到差评", "A bad rating"), (zh, en))
        share.notify(session, f"department:{kept.department}", message, at)
    found = rating_of(session, case_id, now=now)
    assert found is not None
    return found


def answer_rating(session: Session, actor: Actor, case_id: str, answer: str, *, now: datetime) -> None:
    """What was found and mended; the applicant reads it and may rate once more. Raises BadValue, Forbidden, Missing."""
    share.installed(session).must(actor, WORK)
    if not answer.strip():
        raise BadValue("answer", "请写明核实和整改的情况 (say what was found and mended)")
    at = share.moment_text(now)
    params = {"case_id": case_id, "department": actor.department, "answer": answer.strip()[:1000], "by": actor.id, "at": at}
    if not session.run(queries.ANSWER_RATING, params):
        raise Missing("没有待答复的评价 (there is no rating to be answered)")
    _line(session, actor, case_id, "answer", at)
    kept = kept_case(session, case_id)
    text = (
        "您的评价已有答复，可以在办件页面查看，并再评价一次。",
        "Your rating was answered; read it on the case's page, and rate once more.",
    )
    share.notify(session, kept.case.applicant, about_case(case_id, ("评价已答复", "Your rating was answered"), text), at)


def rating_of(session: Session, case_id: str, *, now: datetime) -> Rating | None:
    """The rating of a case, if there is one; the caller has seen the case."""
    row = session.one(queries.RATING, {"case_id": case_id})
    return _rating(session, row, now) if row else None


def ratings(session: Session, actor: Actor, state: str = "open", most: int = 100, *, now: datetime) -> tuple[Rating, ...]:
    """A department's ratings in a state, those to be answered first first. Raises Forbidden."""
    share.installed(session).must(actor, WORK)
    rows = session.all(queries.RATINGS, {"department": actor.department, "state": state, "most": most})
    return tuple(_rating(session, row, now) for row in rows)


def ratings_counted(session: Session, actor: Actor, *, now: datetime) -> Counted:
    """How a department stands."""
    params = {"department": actor.department, "bad": terms(session).bad, "day": share.city_day(now).isoformat()}
    row = session.one(queries.RATINGS_COUNTED, params)
    return Counted(*(int(one or 0) for one in row)) if row else Counted()


def _rating(session: Session, row: tuple[object, ...], now: datetime) -> Rating:
    found = Rating(*row)  # type: ignore[arg-type]
    if found.state != "open":
        return found
    left = int(items(session).working.between(share.city_day(now).isoformat(), found.due))
    return replace(found, left=left, light=share.light(left, SOON))


def _line(session: Session, actor: Actor, case_id: str, act: str, at: str, **more: int) -> None:
    body = {"case": case_id, "act": act, **more}
    ledger.append(session, ledger.Line("case.rating", at, "", actor.id, actor.department, actor.unit, "", body))
