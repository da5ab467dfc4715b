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

_NO_CASE = Case("", "", "", "", "")
"""What is read is made by changing it: the constructor of a frozen value costs five times as much."""
_NEW = object.__new__
_TEXT = "_text"


def text_of(value: Any) -> str:
    """JSON with keys in order and no blanks: the same value is always the same text."""
    return ordered(value)


def case_text(case: Case) -> str:
    """A case as the store keeps it."""
    return compact({**case.__dict__, "tasks": [_task_body(one) for one in case.tasks.values()]})


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
    clock = _NEW(Clock)
    clock.__dict__.update(days=days, used=used, since=since, due=due, why=why)
    task = _NEW(Task)
    task.__dict__.update(
        code=code, kind=kind, department=department, state=state, clock=clock, by=by, outcome=outcome, reasons=tuple(reasons),
        overdue=overdue, extended=extended,
    )  # fmt: skip
    return task
