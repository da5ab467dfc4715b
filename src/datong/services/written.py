"""A case and its events as text: what the store keeps, and what the ledger keeps a digest of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

from datong.domain.changed import changed
from datong.domain.json_text import compact, ordered
from datong.services.state import Case, Clock, Event, Task

_NO_CLOCK = Clock(0)
_NO_TASK = Task("", "", "", "", _NO_CLOCK)
_NO_CASE = Case("", "", "", "", "")
"""What is read is made by changing these: the constructors of frozen values cost five times as much."""
_TEXT = "_text"
_CASE = ("case_id", "service", "digest", "applicant", "begun", "state", "told", "outcome", "decision", "lead", "seq", "last")


def text_of(value: Any) -> str:
    """JSON with keys in order and no blanks: the same value is always the same text."""
    return ordered(value)


def case_text(case: Case) -> str:
    """A case as the store keeps it."""
    body = {name: getattr(case, name) for name in _CASE}
    for name in ("answers", "confirmed", "parties"):
        body[name] = dict(getattr(case, name))
    body["tasks"] = [_task_body(one) for one in case.tasks.values()]
    return compact(body)


def read_case(text: str) -> Case:
    """A case as `case_text` wrote it."""
    body = json.loads(text)
    body["tasks"] = {one[0]: _task_of(one) for one in body["tasks"]}
    return changed(_NO_CASE, **body)


def events_digest(events: Iterable[Event]) -> str:
    """SHA-256 over events as text: what the ledger's line carries of them."""
    quote = encode_basestring
    texts = [f"[{quote(one.kind)},{quote(one.at)},{quote(one.by)},{quote(one.task)},{data_text(one)}]" for one in events]
    return sha256(f"[{','.join(texts)}]".encode()).hexdigest()


def data_text(event: Event) -> str:
    """What an event's data is as text: written once, for the store and for the digest."""
    found: str | None = event.__dict__.get(_TEXT)
    if found is None:
        found = event.__dict__[_TEXT] = text_of(event.data)
    return found


def read_events(rows: Iterable[Sequence[Any]]) -> tuple[Event, ...]:
    """Events as the store gives them: kind, at, by, task, data."""
    return tuple(Event(kind, at, by, task, json.loads(data)) for kind, at, by, task, data in rows)


def _task_body(task: Task) -> list[Any]:
    clock = task.clock
    return [
        *(task.code, task.kind, task.department, task.state, task.by, task.outcome, task.overdue, task.extended),
        task.reasons,
        (clock.days, clock.used, clock.since, clock.due, clock.why),
    ]


def _task_of(body: Sequence[Any]) -> Task:
    code, kind, department, state, by, outcome, overdue, extended, reasons, (days, used, since, due, why) = body
    clock = changed(_NO_CLOCK, days=days, used=used, since=since, due=due, why=why)
    return changed(
        _NO_TASK, code=code, kind=kind, department=department, state=state, clock=clock, by=by, outcome=outcome, reasons=tuple(reasons),
        overdue=overdue, extended=extended,
    )  # fmt: skip
