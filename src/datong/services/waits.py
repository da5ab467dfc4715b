"""A case whose source was down waits with its decision, and the source is asked again: after a while that doubles, up to the item's bound.

When it answers, the rules decide as if it had answered at first; when it never does, an officer decides on papers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datong import share
from datong.domain.changed import changed
from datong.domain.errors import BadValue
from datong.services import around_queries as queries
from datong.services.consented import agreed_seats
from datong.services.decide import SOURCE
from datong.services.deciding import DIFFERS, doubts_of
from datong.services.facts import asking_for, gather
from datong.services.forms import check_form, known_answers
from datong.services.known import Known, snapshot
from datong.services.sources import facts_of
from datong.services.store_case import Kept
from datong.spec import Service
from datong.store import Session

DOWN, AGAIN, CAME, GAVE_UP = SOURCE


@dataclass(frozen=True)
class Wait:
    """How a case waits: how often it was asked again, when next (empty: no more), until when at most."""

    tries: int
    next_at: str
    until: str


def waits_for(service: Service, facts: Mapping[str, Known]) -> tuple[str, ...]:
    """The facts of the decision whose source is down, where the item has such asked again."""
    if service.deciding is None or not service.deciding.down_minutes:
        return ()
    return tuple(code for code, _, state in (one.partition(":") for one in doubts_of(service, facts)) if state == "down")


def hold(session: Session, service: Service, kept: Kept, now: datetime) -> dict[str, Any] | None:
    """Whether the decision waits for a source: what the command "source" says when it begins to, nothing more while it does; None when
    the rules decide."""
    facts = waits_for(service, facts_of(kept))
    if not facts:
        return None
    assert service.deciding is not None
    wait = wait_of(session, kept.case.case_id)
    if wait is not None:
        return {} if wait.next_at else None
    until = now + timedelta(hours=service.deciding.down_hours)
    first = _after(service, 0, now, until)
    row = {"case_id": kept.case.case_id, "next_at": first, "until": share.moment_text(until)}
    session.run(queries.ADD_WAIT, row)
    return {"what": DOWN, "facts": list(facts), "next": first, "until": row["until"]}


def wait_of(session: Session, case_id: str) -> Wait | None:
    """How a case waits, if it does."""
    row = session.one(queries.WAIT, {"case_id": case_id})
    return Wait(int(row[0]), row[1], row[2]) if row else None


def waits_due(session: Session, *, now: datetime) -> bool:
    """Whether a source is to be asked again for some case now."""
    return session.one(queries.WAITS_DUE, {"at": share.moment_text(now), "most": 1}) is not None


def try_again(session: Session, service: Service, kept: Kept, wait: Wait, now: datetime) -> tuple[Kept, dict[str, Any]]:
    """Ask what was down again: the case with what came, and what the command "source" says of it. Each question that is answered leaves
    its line as any does."""
    known = {code: one for code, one in facts_of(kept).items() if one.state != "down"}
    after = came(service, kept, gather(session, asking_for(service, kept, now, agreed_seats(kept)), known=known))
    left, tries = waits_for(service, facts_of(after)), wait.tries + 1
    case = {"case_id": kept.case.case_id}
    if not left:
        session.run(queries.DROP_WAIT, case)
        return after, {"what": CAME, "tries": tries, "differs": list(after.facts.get(DIFFERS, ()))}
    over = share.moment_text(now) >= wait.until
    next_at = "" if over else _after(service, tries, now, datetime.fromisoformat(wait.until))
    session.run(queries.MOVE_WAIT, {**case, "tries": tries, "next_at": next_at})
    return after, {"what": GAVE_UP if over else AGAIN, "facts": list(left), "tries": tries, "next": next_at, "until": wait.until}


def came(service: Service, kept: Kept, facts: Mapping[str, Known]) -> Kept:
    """The case with facts that came later, as if they had been known at first: the form says what they say. Where she was asked what they
    now answer otherwise, it is noted, and nobody decides by rule. Pure."""
    told = known_answers(service, facts)
    differs = [code for code, answer in told.items() if kept.case.answers.get(code) != answer]
    try:
        form = check_form(service, facts, kept.case.answers, dict(kept.form))
    except BadValue:
        form = dict(kept.form)
    return changed(kept, form=form, facts={**kept.facts, "facts": snapshot(facts), DIFFERS: differs}, known=(None, {}))


def _after(service: Service, tries: int, now: datetime, until: datetime) -> str:
    """The moment of the next try: after a while that doubles, at the bound at the latest."""
    assert service.deciding is not None
    pause = timedelta(minutes=service.deciding.down_minutes * 2 ** min(tries, 20))
    return share.moment_text(min(now + pause, until))
