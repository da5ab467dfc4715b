"""A case on its course: emit an event and stand after it; open what is next, close when all is done, undo when it fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from datong.domain.changed import changed
from datong.domain.errors import BadValue
from datong.services.clocks import Working
from datong.services.fold import fold
from datong.services.state import ACCEPTANCE, ENDS, Case, Command, Event, Task
from datong.spec import SeatSpec, Service, TaskSpec

_NO_EVENT = Event("", "")


class Course:
    """One command's work on a case. Every change is an event; `case` is always the fold of them."""

    def __init__(self, service: Service, case: Case | None, command: Command, working: Working) -> None:
        self.service, self.command, self.working = service, command, working
        self.events: list[Event] = []
        self._case = case
        self._applicable: tuple[TaskSpec, ...] | None = None

    @property
    def case(self) -> Case:
        """The case as it stands now."""
        assert self._case is not None
        return self._case

    def emit(self, kind: str, task: str = "", /, **data: Any) -> None:
        """Something happened."""
        event = changed(_NO_EVENT, kind=kind, at=self.command.at, by=self.command.by, task=task, data=data)
        self.events.append(event)
        self._case = fold(self._case, event)

    def must_be(self, state: str) -> None:
        """Raises BadValue unless the case is in this state."""
        if self.case.state != state:
            raise BadValue("act", "办件的状态不允许这样办理 (the case is not in a state for this)")

    # ---- tasks and their clocks --------------------------------------------------------------------------------

    def open(self, code: str, kind: str, *, days: int, department: str = "", **more: Any) -> None:
        """Open a task; its clock runs from today."""
        due = self.working.due(self.command.day, days)
        self.emit("opened", code, kind=kind, department=department, days=days, day=self.command.day, due=due, **more)

    def used(self, task: Task) -> int:
        """Working days a task's clock has run in all, today included."""
        return self.working.used(task.clock, self.command.day)

    def finish(self, task: Task, outcome: str, reasons: Sequence[str] = ()) -> None:
        """A task is done."""
        self.emit("done", task.code, outcome=outcome, reasons=list(reasons), used=self.used(task))

    def pause(self, task: Task, why: str) -> None:
        """A task's clock stands, and says why."""
        if task.state == "open":
            self.emit("paused", task.code, used=self.used(task), why=why)

    def resume(self, task: Task) -> None:
        """A task's clock runs on with what it had left."""
        if task.state == "paused":
            self.emit("resumed", task.code, day=self.command.day, due=self.working.resumed(task.clock, self.command.day))

    # ---- parties that confirm ----------------------------------------------------------------------------------

    def seats(self) -> tuple[SeatSpec, ...]:
        """The seats of this situation."""
        seats = (one for one in self.service.confirming.seats if self._applies(one.when))
        return tuple(one for one in seats if not one.if_any or f"seat:{one.code}" in self.case.parties)

    def open_seats(self) -> None:
        """Invite every party whose turn it is."""
        confirmed = {code.partition(":")[2] for code, one in self.case.tasks.items() if one.outcome == "confirm"}
        wanted = {one.code for one in self.seats()}
        for seat in self.seats():
            code = f"seat:{seat.code}"
            if code not in self.case.tasks and set(seat.after) & wanted <= confirmed:
                self.open(code, "seat", days=self.service.confirming.days, who=self.case.parties.get(code, ""))

    def count_seats(self) -> None:
        """Go on when enough have confirmed, fail when too few are left, else invite the next."""
        seats = [self.case.tasks.get(f"seat:{one.code}") for one in self.seats()]
        need = min(self.service.confirming.need or len(seats), len(seats))
        have = sum(one is not None and one.outcome == "confirm" for one in seats)
        lost = sum(one is not None and one.outcome in ("refuse", "expired") for one in seats)
        if have >= need:
            self._cancel(one for one in seats if one is not None and one.is_open)
            self.go_on()
        elif len(seats) - lost < need or self._blocked():
            self.fail("refused" if any(one is not None and one.outcome == "refuse" for one in seats) else "lapsed")
        else:
            self.open_seats()

    def _blocked(self) -> bool:
        """Whether the parties still wanted can never be invited, because one that goes before them said no."""
        self.open_seats()
        return not any(one.kind == "seat" and one.is_open for one in self.case.tasks.values())

    # ---- the course --------------------------------------------------------------------------------------------

    def applicable(self) -> tuple[TaskSpec, ...]:
        """The tasks of this situation, which no command changes."""
        if self._applicable is None:
            self._applicable = tuple(one for one in self.service.tasks if self._applies(one.when))
        return self._applicable

    def go_on(self) -> None:
        """Whatever is next: the rules, the acceptance, the next tasks, or the end."""
        if self.case.state in ("submitted", "awaiting"):
            self._after_seats()
        elif self.case.state == "accepted":
            self._next_tasks()

    def run_again(self) -> None:
        """After reopening: the parties, the acceptance or the tasks that begin anew."""
        if self.case.state == "awaiting":
            self.open_seats()
            self.count_seats()
        elif self.case.state == "submitted":
            self._after_seats()
        else:
            self._next_tasks()

    def _after_seats(self) -> None:
        if self.service.kind == "instant" and not self.case.decision:
            self.emit("moved", to="deciding")
        elif self.service.accept_days:
            if self.case.state != "submitted":
                self.emit("moved", to="submitted")
            self.open(ACCEPTANCE, "acceptance", days=self.service.accept_days, department=self.service.department)
        else:
            self.accept("accepted")

    def accept(self, to: str, why: str = "") -> None:
        """It is accepted: the departments begin."""
        self.emit("moved", to=to, **({"why": why} if why else {}))
        self._next_tasks()

    def _next_tasks(self) -> None:
        applicable = self.applicable()
        while True:
            if self.service.on_refusal == "stop" and self._too_few(applicable):
                self.fail("refused")
                return
            tasks = self.case.tasks
            waiting = [one for one in applicable if one.code not in tasks]
            left = waiting + [one for one in applicable if one.code in tasks and tasks[one.code].is_open]
            if not left:
                self.fail("refused") if self._too_few(applicable) else self.close("granted")
                return
            stage = min([one.stage for one in left]) if waiting else 0
            skipped = [self._open_task(one) for one in waiting if one.stage == stage and self._ready(one, applicable)]
            if not any(skipped):
                return

    def _open_task(self, spec: TaskSpec) -> bool:
        """Open a department's part; True when it need not be done because the premises stand confirmed."""
        if spec.unless_confirmed and (why := self.case.confirmed.get(spec.unless_confirmed)):
            self.emit("skipped", spec.code, department=spec.department, why=why)
            return True
        self.open(spec.code, "task", days=spec.days, department=spec.department)
        return False

    def _ready(self, spec: TaskSpec, applicable: Sequence[TaskSpec]) -> bool:
        """Whether everything it comes after is done; a refusal of what may be missing counts as done."""
        if not spec.after:
            return True
        wanted = {one.code for one in applicable} & set(spec.after)
        return all(code in self.case.tasks and not self.case.tasks[code].is_open for code in wanted)

    def _too_few(self, applicable: Sequence[TaskSpec]) -> bool:
        """Whether too many parts were refused for the whole to be granted."""
        if all(one.outcome != "refuse" for one in self.case.tasks.values()):
            return False
        binding = [one.code for one in applicable if not one.optional]
        refused = sum(code in self.case.tasks and self.case.tasks[code].outcome == "refuse" for code in binding)
        need = min(self.service.at_least or len(binding), len(binding))
        if binding:
            return len(binding) - refused < need
        return bool(applicable) and all(one.code in self.case.tasks and self.case.tasks[one.code].outcome == "refuse" for one in applicable)

    def fail(self, outcome: str) -> None:
        """It comes to nothing: open tasks end, and what was already done is taken back where the pack says how."""
        self._cancel(self.case.open_tasks)
        undone = [one for one in self.applicable() if one.undo.zh and self._agreed(one.code)]
        if not undone:
            self.close(outcome)
            return
        self.emit("moved", to="undoing", outcome=outcome)
        for spec in undone:
            self.open(f"undo:{spec.code}", "undo", days=spec.undo_days, department=spec.department)

    def _agreed(self, code: str) -> bool:
        task = self.case.tasks.get(code)
        return task is not None and task.state == "done" and task.outcome == "agree"

    def count_undone(self) -> None:
        """Once everything is taken back, the case ends as it had to."""
        if not self.case.open_tasks:
            self.close(self.case.outcome)

    def close(self, outcome: str) -> None:
        """The end: nothing stays open."""
        assert outcome in ENDS
        self._cancel(self.case.open_tasks)
        self.emit("moved", to=outcome, outcome=outcome)

    def _cancel(self, tasks: Iterable[Task]) -> None:
        for task in list(tasks):
            self.emit("cancelled", task.code, used=self.used(task), outcome=task.outcome)

    def _applies(self, when: Any) -> bool:
        return not when or all(self.case.answers.get(question) == answer for question, answer in when.items())
