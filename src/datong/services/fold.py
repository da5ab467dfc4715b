"""A case is the fold of its events: `replay(events)` and nothing else says how it stands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from datong.domain.changed import changed
from datong.services.state import Case, Clock, Event, Task


def replay(events: Iterable[Event]) -> Case | None:
    """The case after these events, in order."""
    case: Case | None = None
    for event in events:
        case = fold(case, event)
    return case


def fold(case: Case | None, event: Event) -> Case:
    """The case after one more event."""
    if event.kind == "submitted":
        return _submitted(event)
    assert case is not None, "a case begins with its submission"
    step = _FOLDS.get(event.kind)
    folded = step(case, event) if step else changed(case)
    folded.__dict__.update(seq=case.seq + 1, last=event.at)  # every step has just made it, nobody else holds it
    return folded


def _submitted(event: Event) -> Case:
    data = event.data
    return Case(
        data["case"],
        data["service"],
        data["digest"],
        data["applicant"],
        event.at,
        answers=dict(data.get("answers", {})),
        confirmed=dict(data.get("confirmed", {})),
        parties=dict(data.get("parties", {})),
        seq=1,
        last=event.at,
    )


def _with(case: Case, task: Task) -> Case:
    return changed(case, tasks={**case.tasks, task.code: task})


def _opened(case: Case, event: Event) -> Case:
    data = event.data
    clock = Clock(data["days"], since=data["day"], due=data["due"])
    return _with(case, Task(event.task, data["kind"], data.get("department", ""), "open", clock, data.get("who", "")))


def _claimed(case: Case, event: Event) -> Case:
    return _with(case, changed(case.tasks[event.task], by=event.data["who"]))


def _paused(case: Case, event: Event) -> Case:
    task = case.tasks[event.task]
    clock = changed(task.clock, used=event.data["used"], since="", due="", why=event.data["why"])
    return _with(case, changed(task, state="paused", clock=clock))


def _resumed(case: Case, event: Event) -> Case:
    task = case.tasks[event.task]
    clock = changed(task.clock, since=event.data["day"], due=event.data["due"], why="")
    return _with(case, changed(task, state="open", clock=clock))


def _extended(case: Case, event: Event) -> Case:
    task = case.tasks[event.task]
    clock = changed(task.clock, days=task.clock.days + event.data["days"], due=event.data["due"])
    return _with(case, changed(task, clock=clock, extended=task.extended + event.data["days"], overdue=False))


def _finished(state: str) -> Callable[[Case, Event], Case]:
    def finish(case: Case, event: Event) -> Case:
        task = case.tasks[event.task]
        clock = changed(task.clock, used=event.data.get("used", task.clock.used), since="", due="", why="")
        reasons = tuple(event.data.get("reasons", ()))
        return _with(case, changed(task, state=state, clock=clock, outcome=event.data.get("outcome", ""), reasons=reasons))

    return finish


def _skipped(case: Case, event: Event) -> Case:
    task = Task(event.task, "task", event.data["department"], "done", Clock(0), outcome="agree", reasons=(event.data["why"],))
    return _with(case, task)


def _overdue(case: Case, event: Event) -> Case:
    return _with(case, changed(case.tasks[event.task], overdue=True))


def _moved(case: Case, event: Event) -> Case:
    return changed(case, state=event.data["to"], outcome=event.data.get("outcome", case.outcome))


def _told(case: Case, event: Event) -> Case:
    return changed(case, told=True)


def _decided(case: Case, event: Event) -> Case:
    return changed(case, decision=event.data["outcome"])


def _lead(case: Case, event: Event) -> Case:
    return changed(case, lead=True)


def _reopened(case: Case, event: Event) -> Case:
    """The named tasks begin anew, and with them everything that was cut short or taken back."""
    again = set(event.data["tasks"])
    kept = {code: one for code, one in case.tasks.items() if code not in again}
    return changed(case, tasks=kept, state=event.data["to"], outcome="")


_FOLDS: dict[str, Callable[[Case, Event], Case]] = {
    "opened": _opened,
    "claimed": _claimed,
    "handed_over": _claimed,
    "paused": _paused,
    "resumed": _resumed,
    "extended": _extended,
    "done": _finished("done"),
    "cancelled": _finished("cancelled"),
    "undone": _finished("undone"),
    "skipped": _skipped,
    "overdue": _overdue,
    "moved": _moved,
    "told": _told,
    "decided": _decided,
    "lead_raised": _lead,
    "reopened": _reopened,
}
"""Event kind → what it changes. Any other kind is a note in the timeline: urged, advised, licensed, reminded."""
