"""A promise in hours of the day: nights, weekends and pauses count. How it stands is seen by shape and words; once broken, it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from datong import ledger, share
from datong.services import money_queries as queries
from datong.services.flow import CLOCK
from datong.services.fold import fold
from datong.services.installed import items
from datong.services.state import ENDS, RULE, STATES, Event
from datong.services.store_case import Kept, case_line, definition, kept_case, move_case
from datong.services.told import about_case, readers
from datong.spec import Service
from datong.store import Session

LATE = "late"
SOON = 4
"""In the last quarter of its hours a clock turns yellow."""


@dataclass(frozen=True)
class HoursClock:
    """How a promise in hours stands: until which moment, minutes left (negative: over it), minutes taken so far or in all."""

    hours: int
    until: str
    left: int
    taken: int
    light: str
    """green, yellow, red."""
    ended: bool


def hours_clock(service: Service, kept: Kept, now: datetime) -> HoursClock | None:
    """The clock of a case whose item promises hours; nothing for others."""
    if not service.hours:
        return None
    begun = datetime.fromisoformat(kept.case.begun)
    until = begun + timedelta(hours=service.hours)
    ended = kept.case.ended and kept.ended_at != ""
    at = datetime.fromisoformat(kept.ended_at) if ended else now
    left, taken = _minutes(until - at), _minutes(at - begun)
    soon = not ended and left * SOON < service.hours * 60
    return HoursClock(service.hours, share.moment_text(until), left, taken, "red" if left < 0 else "yellow" if soon else "green", ended)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def tell_late(session: Session, *, now: datetime, most: int = 500) -> int:
    """Write into every case that is past its hours that it is, once, and tell applicant and departments; how many. Call until 0."""
    told = 0
    for service in items(session).services.values():
        if not service.hours:
            continue
        before = share.moment_text(now - timedelta(hours=service.hours))
        params = {"department": service.department, "service": service.code, "before": before, "most": most - told}
        for state in (one for one in STATES if one not in ENDS):
            for (case_id,) in session.all(queries.LATE, {**params, "state": state}):
                _tell(session, kept_case(session, str(case_id)), now)
                told += 1
    return told


def _tell(session: Session, kept: Kept, now: datetime) -> None:
    service = definition(session, kept.case.digest)
    event = Event(LATE, max(share.moment_text(now), kept.case.last), RULE, "", {"hours": service.hours})
    after = replace(kept, case=fold(kept.case, event))
    move_case(session, kept.case, after, (event,))
    ledger.append(session, case_line(CLOCK, service, after.case, (event,), LATE))
    case_id, hours = kept.case.case_id, service.hours
    title = (f"超过{hours}小时：办件{case_id}", f"Past its {hours} hours: case {case_id}")
    message = about_case(case_id, title, (f"承诺{hours}小时内办结，已经超过。", f"Promised within {hours} hours, and past them."))
    waiting = (one.department for one in kept.case.open_tasks if one.department)
    people = readers(session, kept.case.applicant, kept)
    for to in dict.fromkeys((*people, *(f"department:{one}" for one in (service.department, *waiting)))):
        share.notify(session, to, message, event.at)
