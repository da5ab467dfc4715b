"""`state × command → events`: the whole of a case's life, pure. What cannot be done is said by BadValue; who may do it, flow.py says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from datong.domain.errors import BadValue
from datong.services.advance import Course
from datong.services.clocks import Working
from datong.services.state import ACCEPTANCE, RULE, SUPPLEMENT, Case, Command, Event, Task
from datong.spec import Service

SOURCE = ("down", "again", "came", "gave_up")
"""What the command "source" says: a source is down, was asked again in vain, came, or never did."""


def decide(service: Service, case: Case | None, command: Command, working: Working) -> tuple[Event, ...]:
    """The events that a command brings about. Raises BadValue when it cannot be done in this state."""
    return decided(service, case, command, working)[1]


def decided(service: Service, case: Case | None, command: Command, working: Working) -> tuple[Case, tuple[Event, ...]]:
    """The case after a command, and the events that led there. Raises BadValue when it cannot be done in this state."""
    act = _COMMANDS.get(command.kind)
    if act is None:
        raise BadValue("act", "没有这项办理 (there is no such act)", f"one of {', '.join(COMMANDS)}")
    if (case is None) != (command.kind == "submit"):
        raise BadValue("act", "没有这个办件 (there is no such case)" if case is None else "已经提交 (it has been submitted)")
    if case is not None and command.at < case.last:
        raise BadValue("at", "早于上一步 (is before the last step)")
    course = Course(service, case, command, working)
    act(course)
    return course.case, tuple(course.events)


def _submit(course: Course) -> None:
    data = course.command.data
    body = {name: data[name] for name in ("case", "applicant", "answers", "confirmed", "parties", "papers") if name in data}
    course.emit("submitted", service=course.service.code, digest=course.service.digest, version=course.service.version, **body)
    if course.seats():
        course.emit("moved", to="awaiting")
        course.open_seats()
    else:
        course.go_on()


def _confirm(course: Course) -> None:
    task = _seat(course)
    who = str(course.command.data.get("who", ""))
    if who and any(one.kind == "seat" and one.code != task.code and one.by == who and _sits(one) for one in course.case.tasks.values()):
        raise BadValue("seat", "同一人不能占两个席位 (the same person cannot take two seats)")
    if who and who == course.case.applicant:
        raise BadValue("seat", "申请人不能代他人确认 (the applicant cannot confirm for another)")
    if who:
        course.emit("claimed", task.code, who=who)
    course.emit("done", task.code, outcome="confirm", used=course.used(task))
    course.count_seats()


def _sits(seat: Task) -> bool:
    return seat.outcome == "confirm"


def _decline(course: Course) -> None:
    task = _seat(course)
    if who := str(course.command.data.get("who", "")):
        course.emit("claimed", task.code, who=who)
    course.emit("done", task.code, outcome="refuse", reasons=_reasons(course), used=course.used(task))
    spec = next((one for one in course.service.confirming.seats if one.code == task.code.partition(":")[2]), None)
    if spec is not None and spec.lead:
        course.emit("lead_raised", task.code)
    course.count_seats()


def _rule_on(course: Course) -> None:
    """What the written rules say of it. Only what favours the applicant is given without a person."""
    course.must_be("deciding")
    data = course.command.data
    course.emit("decided", outcome=data["outcome"], favourable=bool(data.get("favourable")), why=data.get("why", {}))
    if data.get("favourable"):
        course.close("granted")
    else:
        course.accept("accepted", why="rule")


def _source(course: Course) -> None:
    """What became of a source that was down while the decision waits for it; a note in the timeline."""
    course.must_be("deciding")
    data = dict(course.command.data)
    what = str(data.pop("what", ""))
    if what not in SOURCE:
        raise BadValue("what", "不是列出的取值 (is none of these)", f"one of {', '.join(SOURCE)}")
    course.emit(f"source_{what}", **data)


def _accept(course: Course) -> None:
    course.must_be("submitted")
    course.finish(_own(course, ACCEPTANCE), "agree")
    course.accept("accepted")


def _not_accept(course: Course) -> None:
    course.must_be("submitted")
    reasons = _reasons(course)
    course.finish(_own(course, ACCEPTANCE), "refuse", reasons)
    course.fail("not_accepted")


def _ask_supplement(course: Course) -> None:
    course.must_be("submitted")
    if course.case.told:
        raise BadValue("act", "需补正的内容只能一次性告知 (what lacks is told once only)")
    lacking = [str(one) for one in course.command.data.get("lacking", ()) if str(one).strip()]
    if not lacking:
        raise BadValue("lacking", "请列出全部需补正的内容 (list everything that lacks)")
    course.emit("told", lacking=lacking)
    course.pause(_own(course, ACCEPTANCE), "supplement")
    course.open(SUPPLEMENT, "supplement", days=course.service.supplement_days)
    course.emit("moved", to="supplement")


def _give_supplement(course: Course) -> None:
    course.must_be("supplement")
    if papers := course.command.data.get("papers"):
        course.emit("handed_in", SUPPLEMENT, papers=dict(papers))
    course.finish(_own(course, SUPPLEMENT), "given")
    course.resume(course.case.tasks[ACCEPTANCE])
    course.emit("moved", to="submitted")


def _claim(course: Course) -> None:
    task = _workable(course)
    if task.by:
        raise BadValue("task", "已有人办理 (somebody has it)", "hand it over instead")
    course.emit("claimed", task.code, who=course.command.by)


def _hand_over(course: Course) -> None:
    task = _workable(course)
    to = str(course.command.data.get("to", "")).strip()
    if task.kind == "seat" or to == task.by:
        raise BadValue("to", "请选择另一位办理人 (name another officer, or nobody)")
    course.emit("handed_over", task.code, who=to, note=course.command.note)


def _pause(course: Course) -> None:
    task = _workable(course)
    if task.state == "paused":
        raise BadValue("task", "计时已经中止 (its clock stands already)")
    if not course.command.note.strip():
        raise BadValue("note", "请写明中止计时的原因 (say why the clock stands)")
    course.pause(task, course.command.note.strip())


def _resume(course: Course) -> None:
    task = _workable(course)
    if task.state != "paused":
        raise BadValue("task", "计时没有中止 (its clock runs)")
    course.resume(task)


def _extend(course: Course) -> None:
    task = _workable(course)
    days = int(course.command.data.get("days", 0))
    if task.kind != "task" or task.extended or task.state != "open" or not 1 <= days <= 10:
        raise BadValue("days", "只能延长一次，最多十个工作日 (once only, ten working days at most)")
    if not course.command.note.strip():
        raise BadValue("note", "请写明延长的理由，申请人会看到 (say why; the applicant is told)")
    due = course.working.due(task.clock.since, max(0, task.clock.days + days - task.clock.used))
    course.emit("extended", task.code, days=days, due=due, note=course.command.note.strip())


def _finish(course: Course) -> None:
    task = _workable(course)
    if task.kind == "undo":
        course.finish(task, "undone")
        origin = course.case.tasks[task.code.partition(":")[2]]
        course.emit("undone", origin.code, outcome=origin.outcome, reasons=origin.reasons)
        course.count_undone()
        return
    outcome = str(course.command.data.get("outcome", ""))
    if outcome not in ("agree", "refuse"):
        raise BadValue("outcome", "请选择同意或不同意 (agree or refuse)")
    if task.kind != "task":
        raise BadValue("task", "这一步不能这样办理 (this step is not done so)")
    course.finish(task, outcome, _reasons(course) if outcome == "refuse" else _given(course))
    course.go_on()


def _withdraw(course: Course) -> None:
    if course.case.ended or course.case.state == "undoing":
        raise BadValue("act", "已经办结，不能撤回 (it has ended; it cannot be withdrawn)")
    course.emit("noted", note=course.command.note)
    course.fail("withdrawn")


def _reopen(course: Course) -> None:
    """An end was wrong: the named tasks begin anew; who was given something keeps it until they are done."""
    case = course.case
    if not case.ended or case.state == "withdrawn":
        raise BadValue("act", "只有已办结的可以重新办理 (only what has ended can be opened again)")
    if not course.command.note.strip():
        raise BadValue("note", "请写明重新办理的原因 (say why it is opened again)")
    named = [str(one) for one in course.command.data.get("tasks", ())]
    known = {one.code for one in course.applicable()}
    if set(named) - known:
        raise BadValue("tasks", "没有这项任务 (there is no such task)")
    broken = [one.code for one in case.tasks.values() if one.state in ("cancelled", "undone") or one.kind == "undo" or _failed(one)]
    again = sorted({*named, *broken} - {one.code for one in case.tasks.values() if one.kind == "seat" and _sits(one)})
    if case.state == "granted" and not named:
        raise BadValue("tasks", "请选择需要重新办理的任务 (name the tasks that begin anew)")
    was_accepted = ACCEPTANCE in case.tasks and case.tasks[ACCEPTANCE].outcome == "agree"
    accepted = was_accepted or case.decision != ""
    seats_left = any(f"seat:{one.code}" in again for one in course.seats())
    to = "awaiting" if seats_left and not accepted else "accepted" if accepted else "submitted"
    course.emit("reopened", tasks=again, to=to, note=course.command.note.strip())
    course.run_again()


def _failed(task: Task) -> bool:
    return task.state == "done" and task.outcome in ("refuse", "expired")


def _urge(course: Course) -> None:
    if course.case.ended:
        raise BadValue("act", "已经办结 (it has ended)")
    course.emit("urged", note=course.command.note)


def _tick(course: Course) -> None:
    """A day has begun: every clock whose last day is past does what the law or the pack says."""
    for code in list(course.case.tasks):
        task = course.case.tasks.get(code)
        if task is None or task.state != "open" or not task.clock.due or task.clock.due >= course.command.day:
            continue
        _run_out(course, task)


def _run_out(course: Course, task: Task) -> None:
    spec = next((one for one in course.service.tasks if one.code == task.code), None)
    if task.kind == "acceptance":
        course.finish(task, "agree", ("deemed",))
        course.accept("accepted", why="deemed")
    elif task.kind == "seat":
        course.finish(task, "expired")
        course.count_seats()
    elif task.kind == "supplement":
        course.finish(task, "expired")
        course.fail("lapsed")
    elif spec is not None and spec.at_end == "agree":
        course.finish(task, "agree", ("deemed",))
        course.go_on()
    elif not task.overdue:
        course.emit("overdue", task.code)
        if spec is not None and spec.at_end == "silent":
            course.finish(course.case.tasks[task.code], "silent")
            course.go_on()


def _seat(course: Course) -> Task:
    course.must_be("awaiting")
    task = _own(course, course.command.task)
    if task.kind != "seat":
        raise BadValue("seat", "没有这个席位 (there is no such seat)")
    return task


def _workable(course: Course) -> Task:
    task = _own(course, course.command.task)
    if task.kind in ("seat", "supplement"):
        raise BadValue("task", "这一步由申请人或其他当事人办理 (this step is the applicant's or another party's)")
    return task


def _own(course: Course, code: str) -> Task:
    task = course.case.tasks.get(code)
    if task is None or not task.is_open:
        raise BadValue("task", "没有这项待办任务 (there is no such open task)")
    return task


def _reasons(course: Course) -> tuple[str, ...]:
    found = _given(course)
    if not found:
        raise BadValue("reasons", "请写明理由 (give the reasons)")
    return found


def _given(course: Course) -> tuple[str, ...]:
    reasons = [str(one).strip() for one in course.command.data.get("reasons", ())]
    return tuple(one for one in (*reasons, course.command.note.strip()) if one)


_COMMANDS: Mapping[str, Callable[[Course], Any]] = {
    "submit": _submit,
    "confirm": _confirm,
    "decline": _decline,
    "rule": _rule_on,
    "source": _source,
    "accept": _accept,
    "not_accept": _not_accept,
    "ask_supplement": _ask_supplement,
    "give_supplement": _give_supplement,
    "claim": _claim,
    "hand_over": _hand_over,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "finish": _finish,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "urge": _urge,
    "tick": _tick,
}
COMMANDS = tuple(_COMMANDS)
"""Everything that can be done to a case."""
BY_RULE = ("rule", "source", "tick")
"""What nobody does by hand."""
__all__ = ["BY_RULE", "COMMANDS", "RULE", "decide", "decided"]
