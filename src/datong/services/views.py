"""What each person may see of a case: the applicant one timeline, a department its own part, a party in a seat what she is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import Missing
from datong.services import queries
from datong.services.clocks import Working
from datong.services.facts import Change, asking_for, recheck
from datong.services.filed import Sold, sold_of
from datong.services.flow import Begun
from datong.services.hours import HoursClock, hours_clock
from datong.services.installed import items
from datong.services.known import Known, from_snapshot
from datong.services.money import MONEY, Sent, orders_of
from datong.services.papers import KeptPaper, openable, papers_of
from datong.services.parties import APPLICANTS_ACTS, WORK, is_applicant, sees, told_once
from datong.services.state import ACCEPTANCE, SUPPLEMENT, Case, Event, Task
from datong.services.store_case import Kept, definition, events_of, kept_case, kept_of
from datong.services.units import UnitState, units_of
from datong.spec import FOUND, FormField, SeatSpec, Service, TaskSpec, Words
from datong.store import Session

SOON = 2
"""Working days before the last at which a clock turns yellow."""


@dataclass(frozen=True)
class Part:
    """One task as somebody may see it: what it is called, who has it, how its clock stands, and what may be done."""

    task: Task
    title: Words
    department: str
    left: int | None
    light: str
    """green, yellow, red; grey when the clock stands or has ended."""
    promised: str = ""
    acts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A field of the form with what was written, and what sharing says of it."""

    field: FormField
    value: str
    known: Known | None


@dataclass(frozen=True)
class Brief:
    """A case as it stands, for one who asks how it goes: nothing of its form, facts and papers."""

    case: Case
    service: Service
    role: str
    """applicant, lead, department or party."""
    parts: tuple[Part, ...]
    timeline: tuple[Event, ...]
    told: tuple[str, ...] = ()
    """What the applicant was told that lacks."""


@dataclass(frozen=True)
class OneCase(Brief):
    """A case as its page shows it to one visitor."""

    written: tuple[Written, ...] = ()
    acts: tuple[str, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)
    decision: Mapping[str, object] = field(default_factory=dict)
    papers: tuple[KeptPaper, ...] = ()
    """Files handed in that this visitor may open."""
    units: tuple[UnitState, ...] = ()
    """The units whose data it rests on; for who decides, with what they said."""
    sold: tuple[Sold, ...] = ()
    """What was sold, each with whether it is filed; for the applicant and the lead."""
    hours: HoursClock | None = None
    """A promise in hours of the day."""
    orders: tuple[Sent, ...] = ()
    """Each step of money: for the applicant, the lead, and the department whose step it is."""


@dataclass(frozen=True)
class Waiting:
    """One row of a department's list: what to do next, until when."""

    case_id: str
    task: str
    kind: str
    state: str
    by: str
    due: str
    left: int | None
    light: str
    service: str
    title: Words
    step: Words
    begun: str


def case_of(session: Session, actor: Actor, case_id: str, *, now: datetime) -> OneCase:
    """One case, as far as it is the actor's to see. Raises Missing when it is not."""
    return shown(session, actor, kept_case(session, case_id), now=now)


def begun_case(session: Session, actor: Actor, begun: Begun, *, now: datetime) -> Brief:
    """How a case that has just been begun in this session stands, as far as it is the actor's to see; nothing is read again."""
    assert begun.kept is not None
    return in_brief(session, actor, begun.kept, begun.events, now=now)


def case_in_brief(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Brief:
    """How a case stands, as far as it is the actor's to see. Raises Missing."""
    return in_brief(session, actor, kept_case(session, case_id), now=now)


def in_brief(session: Session, actor: Actor, kept: Kept, events: Sequence[Event] | None = None, *, now: datetime) -> Brief:
    """The same of a case that is at hand; `events`: all of its own, when they are at hand too."""
    if not sees(session, actor, kept):
        raise Missing("没有这个办件 (there is no such case)")
    service = definition(session, kept.case.digest)
    day = share.city_day(now).isoformat()
    role = role_of(session, actor, kept)
    working = items(session).working
    parts = tuple(_part(working, service, kept, actor, task=task, day=day) for task in _my_tasks(service, kept, role, actor))
    if role not in ("applicant", "lead"):
        return Brief(kept.case, service, role, parts, ())
    timeline = events_of(session, kept.case.case_id) if events is None else tuple(events)
    return Brief(kept.case, service, role, parts, timeline, told_once(session, kept.case))


def shown(session: Session, actor: Actor, kept: Kept, *, now: datetime) -> OneCase:
    """A case that is at hand, as far as it is the actor's to see. Raises Missing."""
    brief = in_brief(session, actor, kept, now=now)
    service, role, day = brief.service, brief.role, share.city_day(now).isoformat()
    mine_to_open = openable(session, service, kept, actor)
    return OneCase(
        **vars(brief),
        written=_written(service, kept, role, actor),
        acts=_acts(kept, role),
        documents={code: where for code, where in kept.facts.get("documents", {}).items() if code in mine_to_open},
        decision=kept.decision if role == "lead" else {},
        papers=papers_of(session, actor, kept, service),
        units=_units(service, kept, items(session).working, role, day),
        sold=sold_of(session, service, kept) if role in ("applicant", "lead") else (),
        hours=hours_clock(service, kept, now),
        orders=_orders(session, service, kept.case.case_id, {one.task.code for one in brief.parts}),
    )


def _orders(session: Session, service: Service, case_id: str, shown: Set[str]) -> tuple[Sent, ...]:
    if all(one.line != MONEY for one in service.tasks):
        return ()
    return tuple(one for one in orders_of(session, case_id) if one.step in shown)


def _units(service: Service, kept: Kept, working: Working, role: str, day: str) -> tuple[UnitState, ...]:
    if role not in ("applicant", "lead"):
        return ()
    facts = from_snapshot(kept.facts.get("facts", {}))
    return units_of(service, kept, facts, working, day=day, values=role == "lead")


def role_of(session: Session, actor: Actor, kept: Kept) -> str:
    """What the actor is to a case."""
    if is_applicant(session, actor, kept):
        return "applicant"
    if actor.kind == "citizen":
        return "party"
    return "lead" if actor.department == kept.department else "department"


def my_cases(session: Session, actor: Actor, most: int = 50, *, under_way: bool = False) -> tuple[tuple[Case, Service], ...]:
    """The cases of a citizen, newest first; those alone that have not ended, where asked."""
    if not actor.subject:
        return ()
    statement = queries.OPEN_CASES_OF if under_way else queries.CASES_OF
    found = [kept_of(row).case for row in session.all(statement, {"applicant": actor.subject, "most": most})]
    return tuple((one, definition(session, one.digest)) for one in found)


def queue(
    session: Session, actor: Actor, *, state: str = "open", after: tuple[str, str] = ("", ""), most: int = 50, now: datetime
) -> tuple[Waiting, ...]:
    """What waits for the actor's department, the most urgent first; `after` is (due, case) of the last row seen. Raises Forbidden."""
    if actor.kind == "officer":
        share.installed(session).must(actor, WORK)
    if not actor.department:
        return ()
    params = {"department": actor.department, "state": state if state in ("open", "paused") else "open", "most": min(most, 200)}
    rows = session.all(queries.QUEUE, {**params, "after_due": after[0], "after_case": after[1]})
    day = share.city_day(now).isoformat()
    return tuple(_waiting(session, row, day) for row in rows)


def queue_counts(session: Session, actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many of a department's open tasks are over their time, and how many there are; a thousand stands for more."""
    day = share.city_day(now).isoformat()
    counts = {}
    for name, state, until in (("red", "open", day), ("open", "open", "9999"), ("paused", "paused", "9999")):
        row = session.one(queries.COUNT_QUEUE, {"department": actor.department, "state": state, "until": until})
        counts[name] = int(row[0]) if row else 0
    return counts


def changes_since(session: Session, actor: Actor, case_id: str, *, now: datetime) -> tuple[Change, ...]:
    """Before deciding: which facts are no longer what they were at submission. Asks again, and leaves its lines. Raises Missing."""
    kept = kept_case(session, case_id)
    if not sees(session, actor, kept) or role_of(session, actor, kept) not in ("lead", "department"):
        raise Missing("没有这个办件 (there is no such case)")
    service = definition(session, kept.case.digest)
    _, changes = recheck(session, asking_for(service, kept, now), from_snapshot(kept.facts["facts"]))
    seen = _seen(service, role_of(session, actor, kept), actor)
    shown = {one.fact for one in service.form if one.code in seen and one.fact}
    return tuple(one for one in changes if role_of(session, actor, kept) == "lead" or one.code in shown)


def seat_of(session: Session, case_id: str, seat: str) -> tuple[Case, Service, SeatSpec]:
    """What a party is asked for: the seat and its consequence. Raises Missing."""
    kept = kept_case(session, case_id)
    service = definition(session, kept.case.digest)
    spec = next((one for one in service.confirming.seats if f"seat:{one.code}" == seat), None)
    if spec is None or seat not in kept.case.tasks:
        raise Missing("没有这个席位 (there is no such seat)")
    return kept.case, service, spec


def department_words(session: Session) -> dict[str, tuple[str, str]]:
    """What the departments are called."""
    sharing = share.installed(session).sharing
    return {code: sharing.department_words(code) for code in sharing.departments}


def task_words(service: Service, code: str) -> Words:
    """What a task is called."""
    kind, _, rest = code.partition(":")
    if kind == "seat":
        return next((one.title for one in service.confirming.seats if one.code == rest), Words(code, code))
    if kind == "undo":
        return next((one.undo for one in service.tasks if one.code == rest), Words(code, code))
    if code == ACCEPTANCE:
        return Words("受理", "Acceptance")
    if code == SUPPLEMENT:
        return Words("补正", "Supplement")
    return next((one.title for one in service.tasks if one.code == code), Words(code, code))


def _my_tasks(service: Service, kept: Kept, role: str, actor: Actor) -> list[Task]:
    tasks = list(kept.case.tasks.values())
    if role in ("applicant", "lead"):
        return tasks
    if role == "party":
        return [one for one in tasks if one.kind == "seat" and one.by == actor.subject]
    joint = {one.stage for one in service.tasks if one.department == actor.department and service.stages[one.stage].joint}
    together = {one.code for one in service.tasks if one.stage in joint}
    return [one for one in tasks if one.department == actor.department or one.code in together]


def _part(working: Working, service: Service, kept: Kept, actor: Actor, *, task: Task, day: str) -> Part:
    left = working.left(task.clock, day) if task.clock.due else None
    light = "grey" if left is None else share.light(left, SOON)
    spec = next((one for one in service.tasks if one.code == task.code), None)
    promised = working.due(task.clock.since, max(0, spec.promised - task.clock.used)) if spec is not None and task.clock.since else ""
    return Part(task, task_words(service, task.code), task.department, left, light, promised, _task_acts(kept, actor, task, spec))


def _task_acts(kept: Kept, actor: Actor, task: Task, spec: TaskSpec | None) -> tuple[str, ...]:
    """What may be done with a task now, by this visitor."""
    if not task.is_open or actor.kind == "citizen" or task.department != actor.department:
        return ()
    if task.kind == "acceptance":
        if task.state == "paused":
            return ()
        return ("accept", *(() if kept.case.told else ("ask_supplement",)), "not_accept")
    if not task.by:
        return ("claim",)
    if task.by != actor.id:
        return ("hand_over",)
    if task.state == "paused":
        return ("resume", "hand_over")
    more = ("extend",) if spec is not None and not task.extended else ()
    return ("finish", "pause", *more, "hand_over")


def _acts(kept: Kept, role: str) -> tuple[str, ...]:
    case = kept.case
    if role == "applicant" and not case.ended and case.state != "undoing":
        return tuple(one for one in APPLICANTS_ACTS if one != "give_supplement" or case.state == "supplement")
    if role == "lead" and case.ended and case.state != "withdrawn":
        return ("reopen",)
    return ()


def _seen(service: Service, role: str, actor: Actor) -> set[str]:
    """The form fields a visitor may see: all of her own, all for the lead, those of its tasks for a department."""
    if role in ("applicant", "lead"):
        return {one.code for one in service.form}
    return {name for one in service.tasks if role == "department" and one.department == actor.department for name in one.sees}


def _written(service: Service, kept: Kept, role: str, actor: Actor) -> tuple[Written, ...]:
    facts = from_snapshot(kept.facts.get("facts", {}))
    seen = _seen(service, role, actor)
    written = [Written(one, str(kept.form[one.code]), facts.get(one.fact)) for one in service.form if one.code in seen & kept.form.keys()]
    shown = [name.removeprefix(FOUND) for name in seen if name.startswith(FOUND)] if role == "department" else []
    for one in service.facts:
        known = facts.get(one.code)
        if known is not None and known.value and any(fnmatchcase(one.code, name) for name in shown):
            written.append(Written(FormField(one.code, one.title, fact=one.code), known.value, known))
    return tuple(written)


def _waiting(session: Session, row: tuple[str, ...], day: str) -> Waiting:
    case_id, code, kind, state, who, due, service_code, digest, _, begun = row
    service = definition(session, digest)
    left = items(session).working.between(day, due) if due else None
    light = "grey" if left is None else share.light(left, SOON)
    return Waiting(case_id, code, kind, state, who, due, left, light, service_code, service.title, task_words(service, code), begun)
