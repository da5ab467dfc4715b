"""Somebody complains of what is registered at premises: every registration there is shown, and each can be sent to its department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from datong import ledger, registers
from datong.domain.access import Actor, Answer, Key, Question, Reason, SharedLink
from datong.domain.errors import BadValue, Forbidden
from datong.registers import Case
from datong.share import queries
from datong.share.disputes import known_subject
from datong.share.flow import ask
from datong.share.installed import installed, moment
from datong.share.workdays import city_day, moment_text
from datong.store import Session

KIND = "complaint"
REPORT = "dispute.report"
OWNER = "market_regulation"
"""Who answers when the city's marks.yml names nobody."""
SHORTEST, LONGEST = 5, 500
TIES = ("registered_at", "operates_at")


@dataclass(frozen=True)
class Registration:
    """One organisation at the premises, its other marks, and the complaint about it if there is one."""

    link: SharedLink
    marks: tuple[str, ...]
    complaint: Case | None


def registrations(
    session: Session, actor: Actor, purpose: str, code: str, reason: Reason, *, now: datetime | None = None
) -> tuple[Answer, tuple[Registration, ...]]:
    """Every organisation registered or working at premises, for a purpose whose agreement opens the premises to the actor."""
    answer = ask(session, actor, Question(purpose, "look_up", "premises", Key("code", code), reason=reason), now=now)
    if answer.outcome != "found":
        return answer, ()
    entry = answer.entries[0]
    found = [link for link in entry.links if link.type in TIES and link.direction == "in" and not link.until]
    return answer, tuple(_registration(session, entry.code, link) for link in found)


def complain(session: Session, actor: Actor, premises: str, organisations: Sequence[str], what: str, *, now: datetime | None = None) -> int:
    """Send registrations at premises to the department answerable; how many were sent. One that was sent already is not sent twice.

    Every reader of the premises sees the complaint until each is settled. Raises Forbidden without `dispute.report`, BadValue when
    nothing is said or chosen, or when something chosen is not registered there, Missing for premises the actor may not see.
    """
    parts, at_moment = installed(session), moment(now)
    if not parts.may(actor, REPORT):
        raise Forbidden("您的岗位不能登记投诉 (your post lacks dispute.report)")
    text = what.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadValue("what", "too short or too long", f"say in {SHORTEST} to {LONGEST} characters what is complained of")
    premises = known_subject(session, actor, premises).code
    there = {row[0] for row in session.all(queries.AT_PREMISES, {"code": premises})}
    chosen = list(dict.fromkeys(organisations))
    if not chosen or not set(chosen) <= there:
        raise BadValue("organisation", "is not registered at these premises", "choose among those listed")
    at = moment_text(at_moment)
    kind = parts.kinds.get(KIND)
    due = _due(city_day(at_moment), kind.days if kind else 14)
    owner = registers.Owner(kind.owner if kind and kind.owner in parts.sharing.departments else OWNER, due)
    sent = 0
    for code in chosen:
        if _case(session, code, premises) is None:
            _raise(session, actor, code, (f"link:registered_at:{premises}", text, at), owner)
            sent += 1
    if sent and not [mark for mark in registers.open_marks(session, premises) if mark.kind == KIND]:
        _raise(session, actor, premises, ("", text, at), owner)
    return sent


def _raise(session: Session, actor: Actor, code: str, what: tuple[str, str, str], owner: registers.Owner) -> None:
    field, text, at = what
    registers.raise_mark(session, code, KIND, by=actor.id, at=at, field=field, detail={"what": text}, owner=owner)
    body = {"act": "complaint", "mark": KIND, "fields": [field.split(":")[1]] if field else []}
    ledger.append(session, ledger.Line("mark", at, code, actor.id, actor.department, actor.unit, "", body))


def _registration(session: Session, premises: str, link: SharedLink) -> Registration:
    marks = tuple(sorted({m.kind for m in registers.open_marks(session, link.code)} - installed(session).quiet - {KIND}))
    return Registration(link, marks, _case(session, link.code, premises))


def _case(session: Session, code: str, premises: str) -> Case | None:
    for mark in registers.open_marks(session, code):
        if mark.kind == KIND and mark.field == f"link:registered_at:{premises}":
            return registers.find_case(session, mark.mark_id)
    return None


def _due(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()
