"""Disputes: somebody says that a fact is wrong; every later reader sees that it is being checked, until it is settled.

Report, mark, check, settle, unmark, tell: the reporter, and everyone who read the value. Ten working days.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from datong import ledger, registers
from datong.domain.access import Actor
from datong.domain.codes import show_code
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.domain.registers import REGISTER_FIELDS, RELATION_TYPES
from datong.share import queries
from datong.share.installed import Installed, installed, moment
from datong.share.meter import day_start
from datong.share.notices import Message, dated_number, notify
from datong.share.policy import expand, prefixes_for, roles_of
from datong.share.rows import RowView, row_test
from datong.share.subjects import Subject, is_own, read_subject
from datong.share.words import field_words
from datong.share.workdays import city_day, moment_text
from datong.store import Row, Session

WORKING_DAYS = 10
OFFICE = "data"
"""Who answers for what no department sent."""
SHORTEST, LONGEST = 5, 1000
MOST_A_DAY = 20
"""Reports of one citizen."""
DOOR_PLATE = ("", "standard_address", "address", "division", "street", "community", "estate", "building", "entrance", "room", "use")
"""What anybody can see who stands before a door."""
TOLD_BACK = timedelta(days=180)
"""How far back the readers of a corrected value are told."""


@dataclass(frozen=True)
class Dispute:
    """One dispute. `due` is the ISO date of its last working day; `days_left` counts working days, negative when late."""

    dispute_id: str
    code: str
    field: str
    raised_by: str
    raised_kind: str
    raised_at: str
    what: str
    state: str
    answer: str
    mark_id: str
    due: str
    division: str
    department: str
    raiser_subject: str
    settled_by: str
    settled_at: str
    days_left: int = 0

    @property
    def light(self) -> str:
        """green, amber (two days or less), red (late) or done."""
        if self.state in ("corrected", "upheld"):
            return "done"
        return "red" if self.days_left < 0 else "amber" if self.days_left <= 2 else "green"


@dataclass(frozen=True)
class Wrong:
    """What is said to be wrong: a field, `link:<relation>:<other code>`, or "" for the subject as a whole.

    A question about a look (`share.question_look`) has the field `look:<ledger line>` and marks nothing.
    """

    code: str
    field: str
    what: str


def report_wrong(session: Session, actor: Actor, wrong: Wrong, *, now: datetime | None = None) -> Dispute:
    """Say that something is wrong. The field is marked under investigation at once, for every reader.

    Raises BadValue when the field is none or nothing is said, Missing when the actor may not see the subject, Forbidden
    when her post may not report. The same person reporting the same field twice gets her first dispute back.
    """
    parts, at_moment = installed(session), moment(now)
    if not parts.may(actor, "dispute.report"):
        raise Forbidden("您的岗位不能提出异议 (your post lacks dispute.report)")
    subject = _subject(session, parts, actor, wrong.code)
    text = wrong.what.strip()
    _check(subject, wrong.field, text)
    before = session.one(queries.SAME_DISPUTE, {"code": subject.code, "field": wrong.field, "raised_by": actor.id})
    if before:
        return _find(session, parts, before[0], at_moment)
    if actor.kind == "citizen":
        _may_doubt(session, actor, subject, wrong.field, at_moment)
    day = city_day(at_moment)
    number = dated_number(session, "Y", "dispute", day)
    fact = subject.won(wrong.field) or {}
    at = moment_text(at_moment)
    due = parts.calendar.due(day, WORKING_DAYS).isoformat()
    owner = registers.Owner(fact.get("department", "") or OFFICE, due, fact.get("resource", ""))
    detail = {"dispute": number}
    mark_id = registers.raise_mark(
        session, subject.code, registers.INVESTIGATION, by=actor.id, at=at, field=wrong.field, detail=detail, owner=owner
    )
    session.run(
        queries.ADD_DISPUTE,
        {
            "dispute_id": number,
            "code": subject.code,
            "field": wrong.field,
            "raised_by": actor.id,
            "raised_kind": actor.kind,
            "raised_at": at,
            "what": text,
            "mark_id": mark_id,
            "due": due,
            "division": subject.division,
            "department": fact.get("department", ""),
            "raiser_subject": actor.subject,
        },
    )
    made = _find(session, parts, number, at_moment)
    _tell_raiser(session, made, "raised", at)
    _record(session, actor, made, "raised", at)
    return made


def start_check(session: Session, actor: Actor, dispute_id: str, *, now: datetime | None = None) -> Dispute:
    """A steward takes a dispute up; its reporter sees that it is being checked."""
    return _move(session, actor, dispute_id, ("checking", ""), moment(now))


def settle_dispute(session: Session, actor: Actor, dispute_id: str, decision: str, reason: str, *, now: datetime | None = None) -> Dispute:
    """End a dispute: "corrected" (a source has sent the right value, or will) or "upheld" (the value stands), with the reason.

    The mark goes, the reporter is told, and at a correction so is every department that used the value in the last half year.
    """
    if decision not in ("corrected", "upheld"):
        raise BadValue("decision", "is not known", "write corrected or upheld")
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        raise BadValue("reason", "too short or too long", f"write {SHORTEST} to {LONGEST} characters")
    return _move(session, actor, dispute_id, (decision, reason.strip()), moment(now))


def settle_by_owner(session: Session, actor: Actor, dispute_id: str, decision: str, reason: str, *, now: datetime) -> Dispute:
    """End a dispute as the department answerable for the value: from its list of problems, which knows what is its own."""
    return _moved(session, actor, _find(session, installed(session), dispute_id, now), (decision, reason), now)


def begin_by_owner(session: Session, actor: Actor, dispute_id: str, *, now: datetime) -> None:
    """The answerable department takes a dispute up; its reporter sees that it is being checked."""
    found = _find(session, installed(session), dispute_id, now)
    if found.state == "raised":
        _moved(session, actor, found, ("checking", ""), now)


def my_disputes(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Dispute, ...]:
    """What the actor reported, with its progress, newest first."""
    parts, at_moment = installed(session), moment(now)
    return tuple(_dispute(row, parts, city_day(at_moment)) for row in session.all(queries.DISPUTES_BY, {"raised_by": actor.id}))


def disputes(session: Session, actor: Actor, state: str = "open", limit: int = 100, *, now: datetime | None = None) -> tuple[Dispute, ...]:
    """The disputes of the actor's jurisdiction, the most urgent first. `state`: open, raised, checking, corrected or upheld."""
    parts = installed(session)
    if not {"dispute.settle", "dispute.list"} & parts.permissions(actor):
        raise Forbidden("您的岗位不能查看异议 (your post lacks dispute.list)")
    sql = queries.DISPUTES_OPEN if state == "open" else queries.DISPUTES_IN
    prefixes = expand(actor.jurisdiction, parts.sharing.zones)
    if not prefixes:
        return ()
    area = " OR ".join(f"substr(division, 1, :digits{at}) = :prefix{at}" for at in range(len(prefixes)))
    params: dict[str, str | int] = {"limit": max(1, min(limit, 1000)), **({} if state == "open" else {"state": state})}
    for at, prefix in enumerate(prefixes):
        params |= {f"prefix{at}": prefix, f"digits{at}": len(prefix)}
    today = city_day(moment(now))
    return tuple(_dispute(row, parts, today) for row in session.all(sql.format(area=f"({area})"), params))


def find_dispute(session: Session, actor: Actor, dispute_id: str, *, now: datetime | None = None) -> Dispute:
    """One dispute, for who raised it and who may settle it. Raises Missing for others."""
    parts = installed(session)
    found = _find(session, parts, dispute_id, moment(now))
    stewards = {"dispute.settle", "dispute.list"} & parts.permissions(actor)
    if found.raised_by != actor.id and not (stewards and _in_charge(parts, actor, found.division)):
        raise Missing("没有这个异议 (there is no such dispute)")
    return found


def _move(session: Session, actor: Actor, dispute_id: str, to: tuple[str, str], now: datetime) -> Dispute:
    parts = installed(session)
    if not parts.may(actor, "dispute.settle"):
        raise Forbidden("您的岗位不能处理异议 (your post lacks dispute.settle)")
    found = _find(session, parts, dispute_id, now)
    if not _in_charge(parts, actor, found.division):
        raise Missing("没有这个异议 (there is no such dispute)")
    return _moved(session, actor, found, to, now)


def _moved(session: Session, actor: Actor, found: Dispute, to: tuple[str, str], now: datetime) -> Dispute:
    parts, at = installed(session), moment_text(now)
    dispute_id, (state, reason) = found.dispute_id, to
    done = state != "checking"
    params = {
        "dispute_id": dispute_id,
        "state": state,
        "answer": reason,
        "settled_by": actor.id if done else "",
        "settled_at": at if done else "",
    }
    if not session.run(queries.MOVE_DISPUTE, params):
        raise BadValue("dispute", "is settled already")
    if done and found.mark_id:
        registers.settle_mark(session, found.mark_id, by=actor.id, at=at, outcome=state)
    moved = _find(session, parts, dispute_id, now)
    _tell_raiser(session, moved, state, at)
    if state == "corrected" and found.mark_id:
        _tell_readers(session, parts, moved, now)
    _record(session, actor, moved, state, at)
    return moved


def known_subject(session: Session, actor: Actor, code: str) -> Subject:
    """A subject that the actor has a reason to know of. Raises Missing for any other, as for one that is none."""
    return _subject(session, installed(session), actor, code)


def _subject(session: Session, parts: Installed, actor: Actor, code: str) -> Subject:
    """The subject, if the actor has a reason to know of it: a citizen her own and any door plate, an officer what an agreement shows."""
    subject = read_subject(session, code)
    if subject is not None and actor.kind == "citizen":
        known = subject.register == "premises" or is_own(session, actor.subject, subject.code)
    else:
        known = subject is not None and _shown_by_some(parts, actor, subject)
    if subject is None or not known:
        raise Missing("没有找到这个对象 (nothing was found under this code)")
    return subject


def _may_doubt(session: Session, actor: Actor, subject: Subject, field: str, now: datetime) -> None:
    """A mark warns every reader of a home: a citizen sets it on what she can know, and not all day long."""
    if field not in DOOR_PLATE and not is_own(session, actor.subject, subject.code):
        raise Forbidden("对他人房屋只能报告门牌、地址和用途的错误 (of another's home you can report its address and use only)")
    row = session.one(queries.RAISED_SINCE, {"raised_by": actor.id, "since": day_start(now)})
    if row is not None and int(row[0]) >= MOST_A_DAY:
        raise Forbidden("您今天提出的异议太多，请明天再试 (you made too many reports today; go on tomorrow)")


def _shown_by_some(parts: Installed, actor: Actor, subject: Subject) -> bool:
    for agreement in parts.policy.agreements_of(actor):
        if agreement.register == subject.register and set(agreement.roles) & roles_of(actor):
            prefixes = prefixes_for(agreement, actor, parts.sharing.zones)
            if prefixes and row_test(agreement, prefixes, actor.subject)(RowView(subject.code, subject.division, subject)):
                return True
    return False


def _check(subject: Subject, field: str, text: str) -> None:
    link = field.split(":")
    known = not field or field in REGISTER_FIELDS[subject.register] or (len(link) == 3 and link[0] == "link" and link[1] in RELATION_TYPES)
    if not known:
        raise BadValue("field", "is no field of this register", f"choose one of {', '.join(REGISTER_FIELDS[subject.register])}")
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadValue("what", "too short or too long", f"say in {SHORTEST} to {LONGEST} characters what is wrong")


def _in_charge(parts: Installed, actor: Actor, division: str) -> bool:
    prefixes = expand(actor.jurisdiction, parts.sharing.zones)
    return bool(prefixes) and ("" in prefixes or division.startswith(prefixes))


def _find(session: Session, parts: Installed, dispute_id: str, now: datetime) -> Dispute:
    row = session.one(queries.DISPUTE, {"dispute_id": dispute_id})
    if row is None:
        raise Missing("没有这个异议 (there is no such dispute)")
    return _dispute(row, parts, city_day(now))


def _dispute(row: Row, parts: Installed, today: date) -> Dispute:
    return Dispute(*(*row, parts.calendar.left(today, date.fromisoformat(row[10]))))


STATE_WORDS = {
    "raised": ("已受理", "received"),
    "checking": ("核查中", "being checked"),
    "corrected": ("已更正", "corrected"),
    "upheld": ("维持原值", "the value stands"),
}


def _tell_raiser(session: Session, dispute: Dispute, state: str, at: str) -> None:
    box = dispute.raiser_subject or f"account:{dispute.raised_by}"
    state_zh, state_en = STATE_WORDS[state]
    zh, en = field_words(dispute.field) if dispute.field else ("整条信息", "the entry as a whole")
    text_zh = f"您对“{zh}”提出的异议（{dispute.dispute_id}）{state_zh}。" + (
        f"答复：{dispute.answer}" if dispute.answer else f"最迟{dispute.due}答复。"
    )
    text_en = f"Your report {dispute.dispute_id} about {en}: {state_en}. " + (
        f"Answer: {dispute.answer}" if dispute.answer else f"Answer by {dispute.due}."
    )
    about = (("dispute", dispute.dispute_id), ("code", dispute.code), ("field", dispute.field))
    notify(session, box, Message(f"dispute_{state}", (f"异议{state_zh}", f"Your report: {state_en}"), (text_zh, text_en), about), at)


def readers_of(session: Session, code: str, field: str, now: datetime) -> tuple[str, ...]:
    """The departments that lately used a field of a subject, by the ledger: were shown it, or had the subject verified.

    Verifying looks at all of it. The parts of a door plate count as one; a tie or the entry as a whole counts as any field.
    """
    wanted = set(DOOR_PLATE) if field in DOOR_PLATE else {field}
    whole = not field or field.startswith("link:")
    found = []
    for department, text in session.all(queries.READERS_SINCE, {"code": code, "since": moment_text(now - TOLD_BACK)}):
        body = json.loads(text)
        if whole or body.get("operation") == "verify" or not wanted.isdisjoint(body.get("fields") or wanted):
            found.append(department)
    return tuple(dict.fromkeys(found))


def _tell_readers(session: Session, parts: Installed, dispute: Dispute, now: datetime) -> None:
    """The ledger knows which departments read the value: each is told that it has changed."""
    departments = readers_of(session, dispute.code, dispute.field, now)
    zh, en = field_words(dispute.field)
    code = show_code(dispute.code)
    text = (
        f"贵部门查看过的{code}，“{zh}”经异议核查已更正，请重新核验。",
        f"You read {code}; its {en} has been corrected after a report. Verify it again.",
    )
    about = (("code", dispute.code), ("field", dispute.field), ("dispute", dispute.dispute_id))
    for department in departments:
        notify(
            session,
            f"department:{department}",
            Message("value_corrected", ("数据已更正", "A value was corrected"), text, about),
            moment_text(now),
        )


def _record(session: Session, actor: Actor, dispute: Dispute, act: str, at: str) -> None:
    body = {"act": act, "dispute": dispute.dispute_id, "fields": [dispute.field] if dispute.field else []}
    ledger.append(session, ledger.Line("dispute", at, dispute.code, actor.id, actor.department, actor.unit, "", body))
