"""Numbers at a window: taken, called, begun, or gone away. Nobody's name: a number of the day and moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy
from datong.services.parties import COUNTER
from datong.services.windows import queries
from datong.store import Session

LONGEST = timedelta(hours=8)
"""A form that was open for longer was not filled in at a window."""


@dataclass(frozen=True)
class Number:
    """A number that waits, or that a window has called."""

    visit_id: str
    number: int
    unit: str
    taken_at: str
    called_at: str


def take_number(session: Session, actor: Actor, *, now: datetime) -> Number:
    """The next number of the department's day, for whoever has just come. Raises Forbidden."""
    share.installed(session).must(actor, COUNTER)
    return _add(session, actor, {"taken_at": share.moment_text(now)}, now, numbered=True)


def waiting_numbers(session: Session, actor: Actor, *, now: datetime) -> tuple[Number, ...]:
    """Today's numbers of the department that have begun nothing yet, in their order. Raises Forbidden."""
    share.installed(session).must(actor, COUNTER)
    params = {"department": actor.department, "day": share.city_day(now).isoformat()}
    return tuple(Number(row[0], int(row[1]), row[2], row[3], row[4]) for row in session.all(queries.WAITING, params))


def call_number(session: Session, actor: Actor, visit_id: str, *, now: datetime) -> None:
    """Call a number to the actor's window. Raises Forbidden, Busy when a colleague has called it."""
    share.installed(session).must(actor, COUNTER)
    params = {"visit_id": visit_id, "department": actor.department, "day": share.city_day(now).isoformat()}
    if session.run(queries.CALL, params | {"at": share.moment_text(now), "unit": window_of(actor)}) != 1:
        raise Busy("这个号已有窗口叫过 (a colleague has called this number)")


def leave_number(session: Session, actor: Actor, visit_id: str, *, now: datetime) -> None:
    """Nobody came when it was called, or she went away. Raises Forbidden, Busy."""
    share.installed(session).must(actor, COUNTER)
    params = {"visit_id": visit_id, "department": actor.department, "at": share.moment_text(now)}
    if session.run(queries.LEAVE, params) != 1:
        raise Busy("这个号已经办理 (this number is being served)")


def begun_at_window(
    session: Session, actor: Actor, begun: tuple[str, str], *, visit_id: str = "", opened_at: str = "", now: datetime
) -> None:
    """A case was begun at the actor's window: `begun` is its number and its item; with the number that was called, or without one from
    the moment its form was opened. Raises BadValue for a number that this window has not called."""
    case_id, service = begun
    at = share.moment_text(now)
    if visit_id:
        params = {"visit_id": visit_id, "department": actor.department, "unit": window_of(actor), "at": at}
        if session.run(queries.BEGUN, params | {"case_id": case_id, "service": service}) != 1:
            raise BadValue("visit", "这个号不是本窗口叫的 (this window has not called this number)")
        return
    began = {"called_at": _opened(opened_at, now), "unit": window_of(actor), "service": service, "case_id": case_id, "begun_at": at}
    _add(session, actor, began, now)


def window_of(actor: Actor) -> str:
    """What the actor's window is called."""
    return actor.unit or actor.id


def _opened(text: str, now: datetime) -> str:
    """When the form was opened, as its page said; this moment when that cannot be."""
    try:
        opened = datetime.fromisoformat(text)
    except ValueError:
        return share.moment_text(now)
    fits = opened.tzinfo is not None and now - LONGEST <= opened <= now
    return share.moment_text(opened if fits else now)


def _add(session: Session, actor: Actor, more: dict[str, str], now: datetime, *, numbered: bool = False) -> Number:
    day = share.city_day(now)
    visit_id = share.dated_number(session, "V", "window", day)
    number = int(share.dated_number(session, "N", f"window:{actor.department}", day).rpartition("-")[2]) if numbered else 0
    empty = dict.fromkeys(("unit", "service", "case_id", "taken_at", "called_at", "begun_at"), "")
    params = {"visit_id": visit_id, "day": day.isoformat(), "number": number, "department": actor.department}
    session.run(queries.ADD, empty | params | more)
    return Number(visit_id, number, more.get("unit", ""), more.get("taken_at", ""), more.get("called_at", ""))
