"""The emergency plan: one act closes the doors to a system, a department, a purpose or all at once; a second person opens them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share.agreement import CITIZEN
from datong.share.doors.admission import Admission, admissions
from datong.share.duty import WATCH, tell_duty
from datong.share.installed import installed, look_again, moment
from datong.share.notices import Message, dated_number
from datong.share.requests.alerts import Touched, raise_for_lines
from datong.share.requests.stored import changed
from datong.share.stop import NEWEST, ONE, SCOPES, Stop, must_be_open
from datong.share.workdays import city_day, moment_text
from datong.store import Session

STOP = "security.stop"
"""The permission to stop and to lift."""
LONGEST = timedelta(days=30)
SHORTEST_REASON, LONGEST_REASON = 5, 200
_ADD = """INSERT INTO door_stop (stop_id, scope, target, reason, stopped_by, stopped_at, until, lifted_by, lifted_at, lift_reason)
VALUES (:stop_id, :scope, :target, :reason, :by, :at, :until, '', '', '')"""
_LIFT = "UPDATE door_stop SET lifted_by = :by, lifted_at = :at, lift_reason = :reason WHERE stop_id = :stop_id AND lifted_at = ''"


@dataclass(frozen=True)
class Wanted:
    """What is to be stopped, why and until when. `target`: a key's id, a department or `citizen`, a purpose; empty for all."""

    scope: str
    target: str
    reason: str
    until: datetime


def stop_doors(session: Session, actor: Actor, wanted: Wanted, *, now: datetime | None = None) -> Stop:
    """Close the outward doors at once; every process sees it within half a second.

    Raises Forbidden without the permission, BadValue for a target nobody knows, a reason too short, an end out of bounds.
    """
    parts, at_moment = installed(session), moment(now)
    parts.must(actor, STOP)
    reason = wanted.reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise BadValue("reason", "请写明原因，五至二百字 (say why, in 5 to 200 characters)")
    if not at_moment < wanted.until <= at_moment + LONGEST:
        raise BadValue("until", "截止时间须在三十天以内 (the end is out of bounds)", "write a moment within thirty days")
    _check_target(session, wanted)
    number, at = dated_number(session, "T", "stop", city_day(at_moment)), moment_text(at_moment)
    params = {"stop_id": number, "scope": wanted.scope, "target": wanted.target, "reason": reason, "by": actor.id}
    session.run(_ADD, {**params, "at": at, "until": moment_text(wanted.until)})
    _changed(session)
    body = {"act": "stopped", "stop": number, "scope": wanted.scope, "target": wanted.target, "until": moment_text(wanted.until)}
    _write(session, actor, at, {**body, "reason": reason})
    text = (f"紧急停用{number}：{reason}。解除须由另一人办理。", f"Emergency stop {number}: {reason}. Another person must lift it.")
    tell_duty(session, Message("stopped", ("已紧急停用", "Doors were stopped"), text, (("stop", number),)), at)
    return one_stop(session, number)


def lift_stop(session: Session, actor: Actor, stop_id: str, reason: str, *, now: datetime | None = None) -> Stop:
    """Open again before the end. Raises Forbidden without the permission and to whoever stopped, Missing for none that stands."""
    installed(session).must(actor, STOP)
    at, found = moment_text(moment(now)), one_stop(session, stop_id)
    if found.stopped_by == actor.id:
        raise Forbidden("须由另一人解除 (another person must lift what you stopped)")
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise BadValue("reason", "请写明解除原因，五至二百字 (say why, in 5 to 200 characters)")
    params = {"stop_id": stop_id, "by": actor.id, "at": at, "reason": reason.strip()}
    if not found.holds(at) or not session.run(_LIFT, params):
        raise Missing("没有正在生效的紧急停用 (there is no such stop in force)")
    _changed(session)
    _write(session, actor, at, {"act": "lifted", "stop": stop_id, "reason": reason.strip()})
    return one_stop(session, stop_id)


def one_stop(session: Session, stop_id: str) -> Stop:
    """One stop. Raises Missing."""
    row = session.one(ONE, {"stop_id": stop_id})
    if row is None:
        raise Missing("没有这项紧急停用 (there is no such stop)")
    return Stop(*row)


def stops(session: Session, actor: Actor, most: int = 100) -> tuple[Stop, ...]:
    """Every stop, newest first. Raises Forbidden without the permission to watch."""
    installed(session).must(actor, WATCH)
    return tuple(Stop(*row) for row in session.all(NEWEST, {"most": most}))


def admitted(session: Session, actor: Actor) -> tuple[Admission, ...]:
    """What each system's key is admitted to, by department. Raises Forbidden without the permission to watch."""
    installed(session).must(actor, WATCH)
    return admissions(session)


def refuse_stopped(session: Session, actor: Actor, purpose: str = "", *, now: datetime | None = None) -> None:
    """Raises Stopped where an emergency stop meets the actor: for what is done rather than read, which `ask` does not see."""
    must_be_open(installed(session).stored.stops, actor, purpose, moment_text(moment(now)))


def key_refused(session: Session, holder: Actor, why: str, *, now: datetime | None = None) -> None:
    """Write down that a key was shown and not taken (a stable word why), and raise the alert when it happens too often in a day."""
    at_moment = moment(now)
    body = {"act": "refused", "key": holder.id, "why": why}
    ledger.append(session, ledger.Line("key", moment_text(at_moment), "", holder.id, holder.department, "", "", body))
    day = city_day(at_moment).isoformat()
    raise_for_lines(session, "admission", "key", Touched("", holder.id, day, holder.department, False), at_moment)


def _check_target(session: Session, wanted: Wanted) -> None:
    sharing = installed(session).sharing
    match wanted.scope:
        case "system":
            known = any(one.key_id == wanted.target for one in admissions(session))
        case "department":
            known = wanted.target in sharing.departments or wanted.target == CITIZEN
        case "purpose":
            known = wanted.target in sharing.purposes
        case "all":
            known = not wanted.target
        case _:
            raise BadValue("scope", "请选择停用范围 (choose what to stop)", f"write one of {', '.join(SCOPES)}")
    if not known:
        raise BadValue("target", "没有这个对象 (there is no such key, department or purpose)")


def _changed(session: Session) -> None:
    changed(session)
    look_again(session)


def _write(session: Session, actor: Actor, at: str, body: dict[str, object]) -> None:
    ledger.append(session, ledger.Line("stop", at, "", actor.id, actor.department, actor.unit, "", body))
