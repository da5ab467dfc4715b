"""What the public asks for and reports: public data on demand, and corrections of it; each answered with reasons on a clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.domain.secrecy import marking_in
from datong.share.catalogue import rules_of
from datong.share.catalogue.store_item import DEMAND, PUBLISH, must, write_line
from datong.share.installed import installed, moment
from datong.share.notices import Message, dated_number, mailbox, notify
from datong.share.open_data import queries
from datong.share.open_data.dataset import find_dataset
from datong.share.open_data.rules import open_rules
from datong.share.workdays import city_day, light, moment_text
from datong.store import Row, Session

SHORTEST, LONGEST = 5, 500
WISH_STATES = ("opened", "planned", "declined")
CORRECTION_STATES = ("upheld", "dismissed")
_NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
"""Citizen numbers and mobile numbers: nobody's belong into a text that will be read by everybody."""
_ACT = re.compile(r"《[^》]{2,60}》")


@dataclass(frozen=True)
class WishedFor:
    """What is asked to be opened, what for, and who should have it (empty: not known)."""

    title: str
    why: str
    department: str = ""


@dataclass(frozen=True)
class Wish:
    """A request for public data, by whom it is answered and how. Who asked is told to nobody but herself."""

    wish_id: str
    title: str
    why: str
    department: str
    state: str
    answer: str
    basis: str
    dataset: str
    asked_at: str
    due: str
    answered_at: str
    light: str = "grey"


@dataclass(frozen=True)
class WishAnswer:
    """How a wish is answered: one of WISH_STATES, the reason, the act a refusal rests on, the dataset that meets it."""

    state: str
    answer: str
    basis: str = ""
    dataset: str = ""


@dataclass(frozen=True)
class Correction:
    """Something that somebody reported wrong in a version. `what` is shown once the department has answered."""

    correction_id: str
    code: str
    version: int
    what: str
    state: str
    answer: str
    reported_at: str
    due: str
    answered_at: str
    light: str = "grey"


def wish(session: Session, actor: Actor, wanted: WishedFor, *, now: datetime | None = None) -> Wish:
    """Ask for a resource to be opened: anyone signed in; who has it answers with reasons within the clock. Raises BadValue."""
    parts, at_moment = installed(session), moment(now)
    _must_say("title", wanted.title, 2, 100)
    _must_say("why", wanted.why, SHORTEST, LONGEST)
    if wanted.department and wanted.department not in parts.packs.departments:
        raise BadValue("department", "不在部门名录中 (is no department)", "choose one of the list, or none")
    day = city_day(at_moment)
    number = dated_number(session, "W", "open_wish", day)
    due = parts.calendar.due(day, open_rules(session).wish_days).isoformat()
    params = {"wish_id": number, "asked_by": mailbox(actor), "title": wanted.title.strip(), "why": wanted.why.strip()}
    params |= {"department": wanted.department, "at": moment_text(at_moment), "due": due}
    session.run(queries.ADD_WISH, params)
    write_line(session, actor, "open_wish", {"wish": number}, moment_text(at_moment))
    return _wish(session.all(queries.WISH, {"wish_id": number})[0])


def answer_wish(session: Session, actor: Actor, wish_id: str, said: WishAnswer, *, now: datetime | None = None) -> Wish:
    """Answer with reasons: the department that has it, or the authority. What is refused names the act it rests on.

    Raises Missing, Forbidden, BadValue, Busy.
    """
    row = session.one(queries.WISH, {"wish_id": wish_id})
    if row is None:
        raise Missing("没有这条申请 (there is no such request)")
    _must_answer(session, actor, row[3])
    at = moment_text(moment(now))
    if said.state not in WISH_STATES:
        raise BadValue("state", "请选择结果 (choose a result)", f"write one of {', '.join(WISH_STATES)}")
    _must_say("answer", said.answer, SHORTEST, LONGEST)
    if said.state == "declined" and not _ACT.search(said.basis):
        raise BadValue("basis", "不予开放须有法律依据 (a refusal names the act it rests on)", "write it as 《…法》第…条")
    if said.state == "opened" and find_dataset(session, said.dataset).state != "opened":
        raise BadValue("dataset", "不是已开放的数据集 (is no dataset that is open)", "write its number")
    params = {"wish_id": wish_id, "state": said.state, "answer": said.answer.strip(), "by": actor.id, "at": at}
    params |= {"basis": said.basis.strip() if said.state == "declined" else "", "dataset": said.dataset if said.state == "opened" else ""}
    if session.run(queries.ANSWER_WISH, params) != 1:
        raise Busy("已有人答复 (somebody has answered it)")
    write_line(session, actor, f"open_wish_{said.state}", {"wish": wish_id}, at)
    words = (f"您申请开放的“{row[1]}”（{wish_id}）已答复：{said.answer.strip()}", f"Your request {wish_id} was answered.")
    notify(session, row[11], Message("open_wish", ("开放申请已答复", "Your request for open data was answered"), words), at)
    return _wish(session.all(queries.WISH, {"wish_id": wish_id})[0])


def wishes(session: Session) -> tuple[Wish, ...]:
    """The wishes that were answered, for everybody, the newest first."""
    return tuple(_wish(row) for row in session.all(queries.ANSWERED_WISHES))


def own_wishes(session: Session, actor: Actor) -> tuple[Wish, ...]:
    """The actor's own wishes, answered or not."""
    return tuple(_wish(row) for row in session.all(queries.OWN_WISHES, {"asked_by": mailbox(actor)}))


def waiting_wishes(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Wish, ...]:
    """Those that wait for the actor's department, or for the authority all, the first due first, with the light of the clock."""
    must(session, actor, DEMAND)
    parts, today = installed(session), city_day(moment(now))
    department = "" if actor.department == rules_of(session).authority else actor.department
    rows = session.all(queries.OPEN_WISHES, {"department": department})
    return tuple(_wish(row, light(parts.calendar.left(today, _day(row[9])), 1)) for row in rows)


def report_correction(session: Session, code: str, what: str, *, now: datetime | None = None) -> Correction:
    """Say what is wrong in an opened dataset, signed in or not; the department answers within the clock. Raises BadValue, Missing."""
    dataset, at_moment = find_dataset(session, code), moment(now)
    if dataset.state != "opened":
        raise Missing("没有这个开放数据集 (there is no such open dataset)")
    _must_say("what", what, SHORTEST, LONGEST)
    day, at = city_day(at_moment), moment_text(at_moment)
    number = dated_number(session, "K", "open_correction", day)
    due = installed(session).calendar.due(day, open_rules(session).correction_days).isoformat()
    params = {"correction_id": number, "code": code, "version": dataset.version, "what": what.strip(), "at": at, "due": due}
    session.run(queries.ADD_CORRECTION, params)
    said = (
        f"公众反映开放数据集“{dataset.title}”有误（{number}），请于{due}前答复。",
        f"A correction of {code} was reported; answer by {due}.",
    )
    notify(session, f"department:{dataset.department}", Message("open_correction", ("开放数据纠错", "A correction of open data"), said), at)
    return _correction(session.all(queries.CORRECTION, {"correction_id": number})[0])


def answer_correction(
    session: Session, actor: Actor, correction_id: str, said: tuple[str, str], *, now: datetime | None = None
) -> Correction:
    """Answer what was reported: `said` is upheld or dismissed, and the reason. Raises Missing, Forbidden, BadValue, Busy."""
    row = session.one(queries.CORRECTION, {"correction_id": correction_id})
    if row is None:
        raise Missing("没有这条纠错 (there is no such correction)")
    _must_answer(session, actor, find_dataset(session, row[1]).department)
    state, answer = said
    if state not in CORRECTION_STATES:
        raise BadValue("state", "请选择结果 (choose a result)", f"write one of {', '.join(CORRECTION_STATES)}")
    _must_say("answer", answer, SHORTEST, LONGEST)
    at = moment_text(moment(now))
    params = {"correction_id": correction_id, "state": state, "answer": answer.strip(), "by": actor.id, "at": at}
    if session.run(queries.ANSWER_CORRECTION, params) != 1:
        raise Busy("已有人答复 (somebody has answered it)")
    write_line(session, actor, f"open_correction_{state}", {"dataset": row[1], "correction": correction_id}, at)
    return _correction(session.all(queries.CORRECTION, {"correction_id": correction_id})[0])


def corrections_of(session: Session, code: str) -> tuple[Correction, ...]:
    """What was reported of a dataset, for everybody."""
    return tuple(_correction(row) for row in session.all(queries.CORRECTIONS_OF, {"code": code}))


def waiting_corrections(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Correction, ...]:
    """Those that wait for the actor's department, or for the authority all, with the light of the clock."""
    must(session, actor, DEMAND)
    parts, today = installed(session), city_day(moment(now))
    department = "" if actor.department == rules_of(session).authority else actor.department
    rows = session.all(queries.OPEN_CORRECTIONS, {"department": department})
    return tuple(_correction(row, light(parts.calendar.left(today, _day(row[7])), 1)) for row in rows)


def _must_answer(session: Session, actor: Actor, department: str) -> None:
    must(session, actor, DEMAND)
    authority = actor.department == rules_of(session).authority and installed(session).may(actor, PUBLISH)
    if not authority and (not department or actor.department != department):
        raise Forbidden("由数据提供部门或共享主管部门答复 (the department that has it, or the authority, answers)")


def _must_say(name: str, text: str, least: int, most: int) -> None:
    if not least <= len(text.strip()) <= most:
        raise BadValue(name, f"请写 {least} 到 {most} 个字 (write {least} to {most} characters)")
    if marking_in(text):
        raise BadValue(name, "涉密信息不得登记 (it is marked as secret)", "leave it out")
    if _NUMBERS.search(text):
        raise BadValue(name, "请不要写身份证号或手机号，答复后会公开 (leave citizen and phone numbers out: it will be public)")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _wish(row: Row, shown: str = "grey") -> Wish:
    values: tuple[Any, ...] = (*row[:11], shown)
    return Wish(*values)


def _correction(row: Row, shown: str = "grey") -> Correction:
    values: tuple[Any, ...] = (row[0], row[1], int(row[2]), *row[3:9], shown)
    return Correction(*values)
