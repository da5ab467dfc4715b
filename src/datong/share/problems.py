"""The list of problems: every mark goes to the department that answers for it, which says what is right, or who knows.

A list tells codes, masked names and what is wrong, within the agreements for `data_mending`; each subject shown leaves its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from datong import ledger, registers
from datong.domain.access import Actor, Operation, Question, Register, SharedEntry
from datong.domain.codes import show_code
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.registers import Case, Mark, MarkKind, Step
from datong.share import disputes, queries
from datong.share.collectors import shared_entry, shared_links
from datong.share.csv_text import csv_text
from datong.share.installed import Installed, installed, moment
from datong.share.notices import Message, notify
from datong.share.prepared import Asking, line
from datong.share.rows import row_filter
from datong.share.subjects import Subject, open_marks, ties
from datong.share.words import field_words
from datong.share.workdays import city_day, light, moment_text
from datong.store import Session

PURPOSE = "data_mending"
SEE, ANSWER, ALL = "marks.list", "marks.answer", "marks.all"
REGISTERS: tuple[Register, ...] = ("person", "organisation", "premises")
SOON = 5
"""Days before the last day from which the light is yellow."""
PAGE, MOST = 50, 2000
SHORTEST, LONGEST = 5, 500
NEED_REASON = ("right", "wrong", "forward", "done")
FILTERS = ("kind", "state", "light", "register", "source", "owner")
_PARAM = re.compile(r"(?<!:):([a-z_]\w*)")


@dataclass(frozen=True)
class Problem:
    """One mark on somebody's list: the case, whom it is about (masked as the agreement masks it), and how urgent it is."""

    case: Case
    register: Register
    division: str
    label: str
    days_left: int

    @property
    def light(self) -> str:
        """red (late), yellow (five days or less), green, or done."""
        if self.case.state not in registers.WORKED:
            return "done"
        return light(self.days_left, SOON)


@dataclass(frozen=True)
class Problems:
    """One page of a list, how many there are by kind, and where the next page begins (empty at the end)."""

    found: tuple[Problem, ...]
    counts: tuple[tuple[str, int], ...]
    next_cursor: str = ""


@dataclass(frozen=True)
class OneProblem:
    """One mark with everything its department needs to answer it."""

    problem: Problem
    kind: MarkKind | None
    mark: Mark | None
    """The mark as the records give rise to it now; nothing when they no longer do."""
    entry: SharedEntry | None
    steps: tuple[Step, ...]
    readers: int = 0
    """How many departments read the subject in the last half year: they are told when it is corrected."""


@dataclass(frozen=True)
class Doing:
    """What somebody does with marks: a word of `registers.ACTS`, the reason, and the department it is forwarded to."""

    act: str
    reason: str = ""
    to: str = ""


@dataclass(frozen=True)
class _View:
    """The agreements' rows and the actor's own limits, as SQL, with the decision for each register."""

    sql: str
    params: Mapping[str, Any]
    asking: Mapping[str, Asking] = field(default_factory=dict)


def kinds(session: Session) -> registers.Kinds:
    """Every kind of mark the city knows, with its words."""
    return installed(session).kinds


def problems(
    session: Session, actor: Actor, wanted: Mapping[str, str] | None = None, cursor: str = "", *, now: datetime | None = None
) -> Problems:
    """One page of the marks the actor's department answers for, the most urgent first. A steward sees every department's.

    `wanted` limits by the names of FILTERS; without a state only what is still to be done is shown. Raises Forbidden without
    `marks.list` or without an agreement.
    """
    return _list(session, actor, dict(wanted or {}), (cursor, PAGE, "list"), moment(now))


def problem(session: Session, actor: Actor, mark_id: str, *, now: datetime | None = None) -> OneProblem:
    """One mark with the values of its sources side by side. Raises Missing when it is on none of the actor's lists."""
    at_moment = moment(now)
    view = _view(session, actor, at_moment)
    row = _row(session, view, mark_id)
    found = _problem(row, view, at_moment)
    subject = Subject(found.case.code, found.register, found.division, row[-2], row[-1])
    entry = _entry_of(session, view.asking[found.register], subject, found.case) if row[-1] else None
    ledger.append(session, line(view.asking[found.register], "read", found.case.code, "found", fields=[_line_field(found.case.field)]))
    readers = disputes.readers_of(session, found.case.code, found.case.field, at_moment)
    known = kinds(session).get(found.case.kind)
    return OneProblem(found, known, registers.find_mark(session, mark_id), entry, tuple(registers.steps(session, mark_id)), len(readers))


def answer_problems(session: Session, actor: Actor, mark_ids: Sequence[str], doing: Doing, *, now: datetime | None = None) -> int:
    """Do something with one mark or many: take, investigate, right, wrong, forward or reopen; how many were moved.

    What was reported by somebody is settled with its report, so that the reporter hears of it. Raises Forbidden without
    `marks.answer`, BadValue for a missing reason, Missing for a mark of another department.
    """
    at_moment = moment(now)
    parts = installed(session)
    if not parts.may(actor, ANSWER):
        raise Forbidden("您的岗位不能处理问题 (your post lacks marks.answer)")
    _check(parts, doing)
    view = _view(session, actor, at_moment)
    for mark_id in dict.fromkeys(mark_ids):
        case = _problem(_row(session, view, mark_id), view, at_moment).case
        _answer(session, actor, case, doing, at_moment)
    return len(dict.fromkeys(mark_ids))


def export_problems(session: Session, actor: Actor, wanted: Mapping[str, str], *, now: datetime | None = None) -> str:
    """The same list as CSV, at most MOST rows, each subject with its line. Raises as `problems` does."""
    at_moment = moment(now)
    parts = installed(session)
    found = _list(session, actor, dict(wanted), ("", MOST, "extract"), at_moment)
    rows = [("问题编号", "永久编码", "名称", "区划", "问题", "事项", "数源", "负责部门", "状态", "发现日期", "期限", "说明")]
    known = kinds(session)
    for one in found.found:
        case = one.case
        kind, owner = known.get(case.kind), parts.sharing.department_words(case.owner)[0]
        source = parts.sharing.resource_words(case.source)[0] if case.source else ""
        words = (kind.title[0] if kind else case.kind, field_words(case.field)[0] if case.field else "整条信息", source, owner)
        rows.append(
            (case.mark_id, show_code(case.code), one.label, one.division, *words, case.state, case.since[:10], case.due, case.reason)
        )
    return csv_text(rows)


def _list(session: Session, actor: Actor, wanted: dict[str, str], how: tuple[str, int, Operation], now: datetime) -> Problems:
    cursor, most, operation = how
    view = _view(session, actor, now, operation)
    sql, params = _wanted(wanted, city_day(now))
    params = {**view.params, **params}
    where = f"{view.sql}{sql}"
    counts = session.all(queries.PROBLEM_COUNTS.format(where=where), params)
    after = ""
    if cursor:
        after = " AND (c.due, c.mark_id) > (:after_due, :after_id)"
        params["after_due"], _, params["after_id"] = cursor.partition(".")
    rows = session.all(queries.PROBLEMS.format(where=where + after), {**params, "most": most + 1})
    found = tuple(_problem(row, view, now) for row in rows[:most])
    _write(session, view, found)
    last = found[-1].case if len(rows) > most else None
    return Problems(found, tuple((kind, int(number)) for kind, number in counts), f"{last.due}.{last.mark_id}" if last else "")


def _write(session: Session, view: _View, found: Sequence[Problem]) -> None:
    """One line for each subject that is shown, counted against the agreement's quota."""
    fields: dict[tuple[str, str], list[str]] = {}
    for one in found:
        fields.setdefault((one.register, one.case.code), []).append(_line_field(one.case.field))
    lines = [line(view.asking[register], "read", code, "found", fields=sorted(set(names))) for (register, code), names in fields.items()]
    for register, asking in view.asking.items():
        asking.parts.meter.add(asking.actor, asking.agreement, sum(1 for one, _ in fields if one == register))
    if lines:
        ledger.append(session, *lines)


def _line_field(name: str) -> str:
    """What the record says of a mark's field: a link is named by its type alone."""
    return name.split(":")[1] if name.startswith("link:") else name or "label"


def _view(session: Session, actor: Actor, now: datetime, operation: Operation = "list") -> _View:
    """What the actor may see of the cases: the agreements decide the rows, her department the cases."""
    held = installed(session).permissions(actor)
    if SEE not in held:
        raise Forbidden("您的岗位不能查看问题清单 (your post lacks marks.list)")
    asking: dict[str, Asking] = {}
    tests: list[str] = []
    params: dict[str, Any] = {}
    for at, register in enumerate(REGISTERS):
        one = asking_for(session, actor, Question(PURPOSE, operation, register, limit=1), now)
        if one is not None:
            rows = row_filter(one.agreement, one.decision.jurisdiction, actor.subject, session.dialect)
            renamed = _PARAM.sub(lambda found, at=at: f":r{at}_{found[1]}", rows.sql)  # type: ignore[misc]
            tests.append(f"(e.kind = :kind{at} AND {renamed})")
            params |= {f"r{at}_{name}": value for name, value in rows.params.items()} | {f"kind{at}": register}
            asking[register] = one
    if not asking:
        raise Forbidden("没有共享协议可依 (no agreement lets you mend data)")
    sql = "(" + " OR ".join(tests) + ")"
    if ALL not in held:
        sql, params["mine"] = sql + " AND c.owner = :mine", actor.department
    return _View(sql, params, asking)


def asking_for(session: Session, actor: Actor, question: Question, now: datetime) -> Asking | None:
    """One register's question as the agreements decide it; nothing when none lets it be asked. Raises Forbidden over quota."""
    parts = installed(session)
    decision = parts.policy.decide(actor, question, city_day(now).isoformat())
    if not decision.allowed:
        return None
    made = Asking(session, parts, actor, question, now, moment_text(now), decision)
    if (over := parts.meter.take(session, actor, made.agreement, now)) is not None:
        raise Forbidden(f"{over.zh} ({over.en})")
    return made


def _wanted(wanted: Mapping[str, str], today: date) -> tuple[str, dict[str, Any]]:
    """The asker's own filters as SQL."""
    parts, params = [], {}
    for name in ("kind", "source", "owner"):
        if wanted.get(name):
            parts.append(f" AND c.{name} = :f_{name}")
            params[f"f_{name}"] = wanted[name]
    if wanted.get("register"):
        parts.append(" AND e.kind = :f_register")
        params["f_register"] = wanted["register"]
    state = wanted.get("state", "")
    if state and state != "all":
        parts.append(" AND c.state = :f_state")
        params["f_state"] = state
    elif not state:
        parts.append(" AND c.state IN ('open', 'taken', 'investigating', 'wrong')")
    light = wanted.get("light", "")
    if light:
        soon = date.fromordinal(today.toordinal() + SOON).isoformat()
        params |= {"today": today.isoformat(), "soon": soon}
        tests = {"red": "c.due < :today", "yellow": "c.due >= :today AND c.due <= :soon", "green": "c.due > :soon AND c.due >= :today"}
        if light in tests:
            parts.append(f" AND {tests[light]}")
            used = tests[light]
            params = {k: v for k, v in params.items() if k not in ("today", "soon") or f":{k}" in used}
    return "".join(parts), params


def _row(session: Session, view: _View, mark_id: str) -> tuple[Any, ...]:
    where = f"{view.sql} AND c.mark_id = :f_id"
    rows = session.all(queries.PROBLEMS.format(where=where), {**view.params, "f_id": mark_id, "most": 1})
    if not rows:
        raise Missing("没有这个问题，或不归您处理 (there is no such problem on your list)")
    return rows[0]


def _problem(row: tuple[Any, ...], view: _View, now: datetime) -> Problem:
    case = registers.case_of(row[:16])
    register, division, label, body = row[16:20]
    left = (date.fromisoformat(case.due) - city_day(now)).days
    asking = view.asking[register]
    subject = Subject(case.code, register, division, label, body)
    shown = shared_entry(subject, replace(asking.decision, fields=()), asking.agreement, {}).label
    return Problem(case, register, division, shown, left)


def _entry_of(session: Session, asking: Asking, subject: Subject, case: Case) -> SharedEntry:
    """The field in question with every source's value, and for what hangs on neighbours the links to them."""
    wanted = case.field.split(":")[1] if case.field.startswith("link:") else case.field
    fields = tuple(name for name in asking.decision.fields if name == wanted)
    marks = open_marks(session, subject.code)
    links = shared_links(ties(session, subject.code), asking.agreement, marks) if asking.agreement.links else ()
    return shared_entry(subject, replace(asking.decision, fields=fields), asking.agreement, marks, links)


def _check(parts: Installed, doing: Doing) -> None:
    if doing.act not in registers.ACTS:
        raise BadValue("act", "is not known", f"write one of {', '.join(registers.ACTS)}")
    if doing.act in NEED_REASON and not SHORTEST <= len(doing.reason.strip()) <= LONGEST:
        raise BadValue("reason", "too short or too long", f"say why in {SHORTEST} to {LONGEST} characters")
    if doing.act == "forward" and doing.to not in parts.sharing.departments:
        raise BadValue("to", "is no department", "choose the department it should go to")


def _answer(session: Session, actor: Actor, case: Case, doing: Doing, now: datetime) -> None:
    at = moment_text(now)
    mark = registers.find_mark(session, case.mark_id)
    dispute = mark.detail.get("dispute", "") if mark and not mark.derived else ""
    if dispute and doing.act in ("right", "wrong", "done"):
        outcome = "upheld" if doing.act == "right" else "corrected"
        disputes.settle_by_owner(session, actor, dispute, outcome, doing.reason.strip(), now=now)
    else:
        if dispute and doing.act in ("take", "investigate"):
            disputes.begin_by_owner(session, actor, dispute, now=now)
        act = registers.Act(doing.act, actor.id, actor.department, at, doing.reason.strip(), doing.to)
        registers.act_on_mark(session, case.mark_id, act)
    body = {"act": doing.act, "mark": case.kind, "case": case.mark_id, "fields": [_line_field(case.field)]}
    ledger.append(session, ledger.Line("mark", at, case.code, actor.id, actor.department, actor.unit, PURPOSE, body))
    if doing.act == "forward":
        _tell(session, installed(session), case, doing, at)


def _tell(session: Session, parts: Installed, case: Case, doing: Doing, at: str) -> None:
    kind = parts.kinds.get(case.kind)
    zh, en = kind.title if kind else (case.kind, case.kind)
    text = (
        f"有一个数据问题转给贵部门：{zh}（{show_code(case.code)}）。说明：{doing.reason.strip()}",
        f"A data problem was forwarded to you: {en} ({show_code(case.code)}). {doing.reason.strip()}",
    )
    message = Message("mark_forwarded", ("收到转来的数据问题", "A data problem was forwarded"), text, (("mark", case.mark_id),))
    notify(session, f"department:{doing.to}", message, at)
