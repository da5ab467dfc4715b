"""One act upon a request: may it be done here and now by this person; what it changes; the step and the ledger line it leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy
from datong.share.installed import Installed
from datong.share.notices import Message, notify
from datong.share.requests import queries
from datong.share.requests.asked import Lack, Request, read_request, steps_of
from datong.share.requests.clocks import clock_of, due_day
from datong.share.requests.parties import parties
from datong.share.requests.rules import Act
from datong.share.requests.terms import digest_of
from datong.store import Session

LONGEST = 1000
SHORTEST = 5


@dataclass(frozen=True)
class Doing:
    """What is done with a request, and what the act needs."""

    act: str
    note: str = ""
    days: int = 0
    fields: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    """What an act changes of a request, besides its state and clock."""

    lacking: tuple[Lack, ...] | None = None
    answer: Mapping[str, Any] | None = None
    mediation: int | None = None
    agreement: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    """What the ledger line says besides: codes and counts, never free text."""


def possible(session: Session, parts: Installed, actor: Actor, request: Request) -> tuple[Act, ...]:
    """The acts the actor may do now."""
    mine = parties(parts, actor, (request.requesting,), (request.providing,))
    done = [one.act for one in steps_of(session, request.request_id)]
    return tuple(act for act in parts.requests.acts.values() if set(act.by) & mine and _why_not(parts, act, request, done) is None)


def check_act(session: Session, parts: Installed, act: Act, request: Request, doing: Doing) -> None:
    """Raises BadValue when the act cannot be done now, or what it needs is not given."""
    done = [one.act for one in steps_of(session, request.request_id)]
    reason = _why_not(parts, act, request, done)
    if reason is not None:
        raise BadValue("act", reason)
    if len(doing.note) > LONGEST:
        raise BadValue("note", "too long", f"write at most {LONGEST} characters")
    if "note" in act.needs and len(doing.note.strip()) < SHORTEST:
        raise BadValue("note", "请写明理由，至少五个字 (say why, in five characters or more)")
    if "reasons" in act.needs:
        known = set(parts.requests.reasons) - parts.requests.by_rule
        if not doing.reasons or set(doing.reasons) - known:
            raise BadValue("reasons", "请选择理由 (choose the reasons)", f"known are {', '.join(sorted(known))}")
    if "days" in act.needs:
        clock = parts.requests.clocks.get(request.clock)
        most = clock.extension if clock else 0
        if not 1 <= doing.days <= most:
            raise BadValue("days", f"最多延长{most}个工作日 (at most {most} working days)")


def _why_not(parts: Installed, act: Act, request: Request, done: list[str]) -> str | None:
    if request.state not in act.sources:
        return "当前状态不能办理此项 (not in this state)"
    if act.once and act.code in done:
        return "此项只能办理一次 (this is done once only)"
    if act.after and (not done or act.after not in done):
        return "须先提出申请 (it must be asked for first)"
    if act.extends and request.clock not in parts.requests.clocks:
        return "没有正在计时的期限 (no clock is running)"
    if act.code == "escalate" and request.mediation >= len(parts.requests.mediation):
        return "已是最后一步 (this is the last step)"
    return None


@dataclass(frozen=True)
class When:
    """The moment of an act as the store writes it, and the city's day."""

    at: str
    today: date


def move(session: Session, parts: Installed, actor: Actor, request: Request, *, act: Act, doing: Doing, moved: Moved, when: When) -> None:
    """Do the act: the request's row, a step, a ledger line, and a word to the department that is to act next.

    Raises Busy when somebody else was faster.
    """
    clock, due = _clock(parts, act, request, doing, when.today)
    lacking = request.lacking if moved.lacking is None else moved.lacking
    params = {
        "request_id": request.request_id,
        "before": request.state,
        "state": act.to,
        "clock": clock,
        "due": due,
        "lacking": json.dumps([[one.code, one.zh, one.en] for one in lacking], ensure_ascii=False),
        "answer": json.dumps(request.answer if moved.answer is None else moved.answer, ensure_ascii=False),
        "mediation": request.mediation if moved.mediation is None else moved.mediation,
        "agreement": request.agreement if moved.agreement is None else moved.agreement,
    }
    if session.run(queries.MOVE_REQUEST, params) != 1:
        raise Busy("有人正在办理同一申请 (somebody else is at this request)")
    add_step(session, actor, request.request_id, Recorded(act.code, act.to, 0, doing.note.strip(), clock, due, doing.days), when.at)
    terms = digest_of(request.terms)
    body = {"request": request.request_id, "act": act.code, "state": act.to, "clock": clock, "due": due, "terms": terms, **moved.said}
    purpose = request.purpose if request.purpose in parts.sharing.purposes else ""
    ledger.append(session, ledger.Line("request", when.at, "", actor.id, actor.department, actor.unit, purpose, body))
    _tell(session, parts, request, act, when.at)


@dataclass(frozen=True)
class Recorded:
    """A step as it is written down."""

    act: str
    state: str
    version: int = 0
    note: str = ""
    clock: str = ""
    due: str = ""
    days: int = 0


def add_step(session: Session, actor: Actor, about: str, step: Recorded, at: str) -> None:
    """Write a step of a request or an agreement down."""
    session.run(queries.ADD_STEP, {"about": about, "at": at, "by_whom": actor.id, "department": actor.department, **asdict(step)})


def _clock(parts: Installed, act: Act, request: Request, doing: Doing, today: date) -> tuple[str, str]:
    """The clock that runs after the act, and its last day."""
    if act.starts and (clock := clock_of(parts, act.starts, request.sharing_class)) is not None:
        return clock.code, due_day(parts, clock, today)
    if act.extends:
        return request.clock, parts.calendar.due(date.fromisoformat(request.due), doing.days).isoformat()
    ended = act.stops or parts.requests.states[act.to].next == "nobody"
    return ("", "") if ended else (request.clock, request.due)


def _tell(session: Session, parts: Installed, request: Request, act: Act, at: str) -> None:
    """The department that is to act next, or both at the end, learns of it."""
    following = parts.requests.states[act.to].next
    sides = {"requesting": (request.requesting,), "providing": (request.providing,)}.get(following, (request.requesting, request.providing))
    number = request.request_id
    state = parts.requests.states[act.to].title
    said = (f"申请{number}：{act.title[0]}，现为“{state[0]}”。", f"Request {number}: {act.title[1]}; it is now {state[1].lower()}.")
    title = ("共享申请有进展", "A sharing request has moved")
    for department in sides:
        notify(session, f"department:{department}", Message("request", title, said, (("request", number),)), at)


def agreed(session: Session, parts: Installed, actor: Actor, request_id: str, when: When) -> None:
    """Both have signed the agreement: its request follows by rule."""
    row = session.one(queries.REQUEST, {"request_id": request_id})
    act = parts.requests.acts.get("agree")
    if row is None or act is None:
        return
    request = read_request(parts, row, when.today)
    if request.state in act.sources:
        moved = Moved(said={"agreement": request.agreement})
        move(session, parts, actor, request, act=act, doing=Doing("agree"), moved=moved, when=when)
