"""Premises once confirmed need no second examination: who confirmed them, how, when and until when is told to every later reader.

A confirmation is a mark like any other, and good news; one that is under investigation or complained of cannot be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from datong import ledger, registers
from datong.domain.access import Actor, Confirmation
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share.disputes import known_subject
from datong.share.installed import installed, moment
from datong.share.workdays import city_day, moment_text
from datong.store import Session

KIND = "confirmed"
CONFIRM = "premises.confirm"
HOW = {
    "on_site": ("上门核实", "seen on site"),
    "papers": ("查验产权证件", "papers examined"),
    "owner_pass": ("产权人出示房码", "the owner showed the pass"),
    "delivery": ("部门数据一致", "departments' data agree"),
}
"""How premises may be confirmed."""
LONGEST_DAYS = 3 * 366
STOPS = frozenset(("under_investigation", "complaint"))
"""Open marks that stand against a confirmation."""


def confirm(session: Session, actor: Actor, code: str, how: str, days: int = 0, *, now: datetime | None = None) -> Confirmation:
    """Confirm premises for so many days (0: as long as the city's marks.yml says). A new confirmation takes the place of an older one.

    Raises Forbidden without `premises.confirm`, Missing when the actor may not see the premises, BadValue when something about
    them is under investigation.
    """
    parts, at_moment = installed(session), moment(now)
    if not parts.may(actor, CONFIRM):
        raise Forbidden("您的岗位不能确认房屋 (your post lacks premises.confirm)")
    if how not in HOW:
        raise BadValue("how", "is not known", f"write one of {', '.join(HOW)}")
    if not 0 <= days <= LONGEST_DAYS:
        raise BadValue("days", "is too long", f"write at most {LONGEST_DAYS}")
    subject = known_subject(session, actor, code)
    if subject.register != "premises":
        raise BadValue("code", "is no premises' code")
    open_now = registers.open_marks(session, subject.code)
    if any(mark.kind in STOPS for mark in open_now):
        raise BadValue("code", "is under investigation", "settle that first: 核查中的房屋不能确认")
    kind = parts.kinds.get(KIND)
    until = city_day(at_moment) + timedelta(days=days or (kind.days if kind else 365))
    at = moment_text(at_moment)
    for mark in open_now:
        if mark.kind == KIND:
            registers.settle_mark(session, mark.mark_id, by=actor.id, at=at, outcome="replaced")
    detail = {"department": actor.department, "unit": actor.unit, "how": how, "until": until.isoformat()}
    registers.raise_mark(session, subject.code, KIND, by=actor.id, at=at, field="address", detail=detail)
    body = {"act": "confirmed", "mark": KIND, "how": how, "until": until.isoformat()}
    ledger.append(session, ledger.Line("mark", at, subject.code, actor.id, actor.department, actor.unit, "", body))
    return Confirmation(actor.department, how, at, until.isoformat())


def withdraw_confirmation(session: Session, actor: Actor, code: str, *, now: datetime | None = None) -> None:
    """Take a confirmation back; later readers examine the premises again. Raises Missing when there is none of one's own department."""
    at = moment_text(moment(now))
    if not installed(session).may(actor, CONFIRM):
        raise Forbidden("您的岗位不能撤销确认 (your post lacks premises.confirm)")
    subject = known_subject(session, actor, code)
    mine = [m for m in registers.open_marks(session, subject.code) if m.kind == KIND and m.detail.get("department") == actor.department]
    if not mine:
        raise Missing("没有贵部门的有效确认 (your department has confirmed nothing here)")
    for mark in mine:
        registers.settle_mark(session, mark.mark_id, by=actor.id, at=at, outcome="withdrawn")
    body = {"act": "withdrawn", "mark": KIND}
    ledger.append(session, ledger.Line("mark", at, subject.code, actor.id, actor.department, actor.unit, "", body))


def confirmed(session: Session, code: str, today: date, kinds: Iterable[tuple[str, str]]) -> Confirmation | None:
    """The confirmation of premises in force on a day; nothing when there is none, or when it has run out. `kinds`: its open marks."""
    if all(kind != KIND for _, kind in kinds):
        return None
    for mark in registers.open_marks(session, code):
        if mark.kind == KIND and mark.detail.get("until", "") >= today.isoformat():
            return Confirmation(mark.detail.get("department", ""), mark.detail.get("how", ""), mark.raised_at, mark.detail["until"])
    return None
