"""Keep what a command brought about: events, the case, its tasks, and the line in the ledger, all in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datong import ledger
from datong.domain.access import Actor
from datong.domain.changed import changed
from datong.domain.errors import Busy, Missing
from datong.domain.json_text import compact
from datong.services import queries
from datong.services.state import Case, Event, Task
from datong.services.written import case_text, data_text, events_digest, read_case, read_events
from datong.spec import Service, read_kept
from datong.store import Row, Session

DEFINITIONS, KEPT = "services.definitions", "services.definitions.kept"
_SAID = ("form", "facts", "decision")
_UNREAD = ("", None)


@dataclass(frozen=True)
class Kept:
    """A case with everything the store holds beside its fold. `form` and `facts` are the applicant's: who sees them, views.py says."""

    case: Case
    department: str
    form: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    decision: Mapping[str, Any] = field(default_factory=dict)
    begun_by: str = ""
    begun_at: str = ""
    changed_at: str = ""
    ended_at: str = ""
    read: dict[str, tuple[str, Any]] = field(default_factory=dict, compare=False, repr=False)
    """Form, facts and decision as they were read: the text of each, and its value once somebody asked for it. Most steps look at
    none of them, and what nobody changed is not written down anew."""
    known: tuple[Any, Mapping[str, Any]] = field(default=(None, {}), compare=False, repr=False)
    """What sharing said as it is kept in `facts`, and the same as it came: while a case is being begun it need not be read back."""

    if not TYPE_CHECKING:  # what a type checker sees are the fields above

        def __getattr__(self, name: str) -> Any:
            """Form, facts or decision, when it is first asked for."""
            if name not in _SAID or (held := self.__dict__["read"].get(name)) is None:
                raise AttributeError(name)
            text, value = held
            if value is None:
                value = json.loads(text) if text else {}
                self.read[name] = (text, value)
            self.__dict__[name] = value
            return value


_NOTHING_SAID = Kept(Case("", "", "", "", ""), "")
for _name in _SAID:
    del _NOTHING_SAID.__dict__[_name]


def kept_case(session: Session, case_id: str) -> Kept:
    """A case by its number. Raises Missing."""
    kept = case_if_any(session, case_id)
    if kept is None:
        raise Missing("没有这个办件 (there is no such case)")
    return kept


def case_if_any(session: Session, case_id: str) -> Kept | None:
    """A case by its number, if there is one."""
    row = session.one(queries.CASE, {"case_id": case_id})
    return kept_of(row) if row else None


def kept_of(row: Row) -> Kept:
    """A row of service_case."""
    _, _, _, _, _, department, _, body, form, facts, decision, begun_by, begun_at, changed_at, ended_at = row
    read = {"form": (form, None), "facts": (facts, None), "decision": (decision, None)}
    return changed(
        _NOTHING_SAID, case=read_case(body), department=department, begun_by=begun_by, begun_at=begun_at, changed_at=changed_at,
        ended_at=ended_at, read=read,
    )  # fmt: skip


def events_of(session: Session, case_id: str) -> tuple[Event, ...]:
    """Everything that happened to a case, in order."""
    return read_events(session.all(queries.EVENTS, {"case_id": case_id}))


def keep_definition(session: Session, service: Service, text: str, at: str) -> None:
    """Keep the definition a case begins under, once."""
    known: set[str] = session.store.parts.setdefault(KEPT, set())
    if service.digest in known:
        return
    params = {"digest": service.digest, "service": service.code, "pack": service.pack, "version": service.version}
    session.run(queries.KEEP_DEFINITION, {**params, "text": text, "since": at})
    session.when_durable(lambda: known.add(service.digest))


def definition(session: Session, digest: str) -> Service:
    """The service as it was when a case began. It stays the same however its pack changes."""
    known: dict[str, Service] = session.store.parts.setdefault(DEFINITIONS, {})
    found = known.get(digest)
    if found is None:
        row = session.one(queries.DEFINITION, {"digest": digest})
        if row is None:
            raise Missing("没有这个版本的事项 (there is no such version of the item)")
        code, pack, version, text = row
        found = known[digest] = read_kept(code, pack, version, text)
    return found


def add_case(session: Session, service: Service, kept: Kept, events: Sequence[Event], seats: Mapping[str, str]) -> None:
    """Keep a new case. `seats`: seat → hash of its invitation."""
    case = kept.case
    params = {"case_id": case.case_id, "service": case.service, "digest": case.digest, "applicant": case.applicant}
    params |= {"department": service.department, "by": kept.begun_by}
    session.run(queries.ADD_CASE, {**params, **_moving(case), **_said(kept)})
    _keep_events(session, case, events)
    _add_tasks(session, case.case_id, case.tasks.values(), lambda: seats)


def move_case(session: Session, before: Case, kept: Kept, events: Sequence[Event]) -> None:
    """Keep what a command changed. Raises Busy when somebody else changed the case meanwhile."""
    stays, params = kept.case.state == before.state, {"case_id": before.case_id, "before": before.seq, **_moving(kept.case)}
    if any(kept.__dict__.get(name) is not kept.read.get(name, _UNREAD)[1] for name in _SAID):
        done = session.run(queries.STEP_AND_SAY if stays else queries.MOVE_AND_SAY, params | _said(kept))
    else:
        done = session.run(queries.STEP_CASE if stays else queries.MOVE_CASE, params)
    if not done:
        raise Busy("这个办件刚刚被别人办理，请刷新后重试 (somebody has just acted on this case; look again)")
    _keep_events(session, kept.case, events)
    _keep_tasks(session, before, kept)


def _moving(case: Case) -> dict[str, Any]:
    ended_at = case.last if case.ended else ""
    return {"state": case.state, "seq": case.seq, "body": case_text(case), "at": case.last, "ended_at": ended_at}


def _said(kept: Kept) -> dict[str, str]:
    return {name: _text(kept, name) for name in _SAID}


def _text(kept: Kept, name: str) -> str:
    """Form, facts or decision as text: as it was read, when nobody changed it. No decision is no text."""
    text, was = kept.read.get(name, _UNREAD)
    value = kept.__dict__.get(name)
    if value is was:
        return text
    return compact(value) if value or name != "decision" else ""


def _keep_events(session: Session, after: Case, events: Sequence[Event]) -> None:
    case_id, first = after.case_id, after.seq - len(events) + 1
    rows = [(case_id, first + number, one.kind, one.at, one.by, one.task, data_text(one)) for number, one in enumerate(events)]
    session.load("service_event", queries.EVENT_COLUMNS, rows)


def _keep_tasks(session: Session, before: Case, kept: Kept) -> None:
    """The tasks that came, changed or went."""
    was, tasks, case_id = before.tasks, kept.case.tasks, before.case_id
    _add_tasks(session, case_id, [one for code, one in tasks.items() if code not in was], lambda: kept.facts.get("seats", {}))
    moved = [one for code, one in tasks.items() if code in was and was[code] is not one]
    if moved:
        session.many(queries.CHANGE_TASK, [_task_change(case_id, one) for one in moved])
    for code in was:
        if code not in tasks:
            session.run(queries.DROP_TASK, {"case_id": case_id, "code": code})


def _add_tasks(session: Session, case_id: str, new: Iterable[Task], seats: Callable[[], Mapping[str, str]]) -> None:
    """New tasks; a seat with the hash of its invitation."""
    rows = []
    for one in new:
        secret = seats().get(one.code, "") if one.kind == "seat" else ""
        rows.append((case_id, one.code, one.kind, one.department, one.state, one.by, secret, one.clock.due, _wake(one)))
    if rows:
        session.load("service_task", queries.TASK_COLUMNS, rows)


def _task_change(case_id: str, task: Task) -> dict[str, str]:
    return {"case_id": case_id, "code": task.code, "state": task.state, "who": task.by, "due": task.clock.due, "wake": _wake(task)}


def _wake(task: Task) -> str:
    """The day after which its clock does something by itself."""
    return "" if task.overdue or task.state != "open" else task.clock.due


def case_line(actor: Actor, service: Service, case: Case, events: Sequence[Event], command: str) -> ledger.Line:
    """The line a command leaves: which case, what was done, and the digest of its events; nothing of anybody's."""
    body = {"case": case.case_id, "act": command, "state": case.state, "events": len(events), "digest": events_digest(events)}
    return ledger.Line("case", case.last, "", actor.id, actor.department, actor.unit, service.purpose, body)
