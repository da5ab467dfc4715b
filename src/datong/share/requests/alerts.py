"""Use out of the ordinary: far more than one's own history, many reads out of hours, too many subjects by one person. A person answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.share.duty import tell_duty
from datong.share.installed import Installed, installed, moment
from datong.share.notices import Message, dated_number
from datong.share.requests import queries
from datong.share.requests.parties import sees_all
from datong.share.requests.steps import LONGEST, SHORTEST
from datong.share.workdays import day_begins, moment_text
from datong.store import Session

ANSWERS = ("explained", "misuse")
MOST = 200


@dataclass(frozen=True)
class Touched:
    """One asker's day under one agreement, to which lines were added."""

    agreement: str
    actor: str
    day: str
    department: str
    person: bool


@dataclass(frozen=True)
class Alert:
    """One alert. `found` is what was counted, `usual` what is usual or allowed; `state`: open, explained or misuse."""

    alert_id: str
    kind: str
    agreement: str
    actor: str
    department: str
    day: str
    found: int
    usual: int
    state: str
    raised_at: str
    answer: str
    answered_by: str
    answered_at: str


def raise_alerts(session: Session, parts: Installed, touched: Iterable[Touched], now: datetime) -> None:
    """Compare each day with the limits of requests.yml; a day's alert is one row, however often it is counted."""
    days = set[tuple[str, str]]()
    for one in touched:
        params = {"agreement": one.agreement, "actor": one.actor, "day": one.day}
        row = session.one(queries.USE_THAT_DAY, params)
        lines, outside = (int(row[0]), int(row[1])) if row else (0, 0)
        _rate(session, parts, one, lines, now)
        hours = parts.requests.watching.limit("hours")
        if hours and one.person and outside >= hours.least:
            _raise(session, "hours", one, (outside, hours.least), now)
        subjects = parts.requests.watching.limit("subjects")
        if subjects and one.person and (one.actor, one.day) not in days and lines:
            days.add((one.actor, one.day))
            many = _subjects(session, one)
            if many >= subjects.least:
                _raise(session, "subjects", Touched("", one.actor, one.day, one.department, True), (many, subjects.least), now)


def _rate(session: Session, parts: Installed, one: Touched, lines: int, now: datetime) -> None:
    """A day of many times the asker's own average; who has no history yet is not compared."""
    limit = parts.requests.watching.limit("rate")
    if limit is None or lines < limit.least:
        return
    since = (date.fromisoformat(one.day) - timedelta(days=limit.days)).isoformat()
    params = {"agreement": one.agreement, "actor": one.actor, "since": since, "day": one.day}
    row = session.one(queries.USE_BEFORE, params)
    total, known = (int(row[0]), int(row[1])) if row else (0, 0)
    usual = -(-total // known) if known else 0
    if known >= limit.history and lines >= limit.times * usual:
        _raise(session, "rate", one, (lines, usual), now)


def _subjects(session: Session, one: Touched) -> int:
    day = date.fromisoformat(one.day)
    params = {"actor": one.actor, "begin": day_begins(day), "end": day_begins(day + timedelta(days=1))}
    row = session.one(queries.SUBJECTS_THAT_DAY, params)
    return int(row[0]) if row else 0


def raise_for_lines(session: Session, kind: str, line_type: str, one: Touched, now: datetime) -> None:
    """An alert of a kind once the day's lines of a type by one asker reach its limit: refusals, and keys that were not admitted."""
    limit = installed(session).requests.watching.limit(kind)
    if limit is None:
        return
    day = date.fromisoformat(one.day)
    params = {"actor": one.actor, "begin": day_begins(day), "end": day_begins(day + timedelta(days=1)), "type": line_type}
    row = session.one(queries.LINES_THAT_DAY, params)
    if row and int(row[0]) >= limit.least:
        _raise(session, kind, one, (int(row[0]), limit.least), now)


def raise_counted(session: Session, kind: str, one: Touched, count: int, now: datetime) -> None:
    """An alert of a kind once a count of the day reaches its limit."""
    limit = installed(session).requests.watching.limit(kind)
    if limit is not None and count >= limit.least:
        _raise(session, kind, one, (count, limit.least), now)


def _raise(session: Session, kind: str, one: Touched, counted: tuple[int, int], now: datetime) -> None:
    key = {"kind": kind, "agreement": one.agreement, "actor": one.actor, "day": one.day}
    row = session.one(queries.ALERT_OF_DAY, key)
    number = str(row[0]) if row else dated_number(session, "W", "alert", date.fromisoformat(one.day))
    params = {**key, "alert_id": number, "department": one.department, "found": counted[0], "usual": counted[1], "at": moment_text(now)}
    session.run(queries.ADD_ALERT, params)
    if row is None:
        limit = installed(session).requests.watching.limit(kind)
        zh, en = limit.title if limit else (kind, kind)
        text = (f"{one.day} {one.actor}：{zh}，{counted[0]}次。请核实。", f"{one.day} {one.actor}: {en}, {counted[0]} times. Look into it.")
        tell_duty(session, Message("alert", ("使用预警", "An alert"), text, (("alert", number),)), moment_text(now))


def alerts(session: Session, actor: Actor, state: str = "open", agreement: str = "") -> tuple[Alert, ...]:
    """The alerts, newest first, for those who see every department's agreements; of one agreement when one is named."""
    if not sees_all(installed(session), actor):
        return ()
    params = {"agreement": agreement, "most": MOST} if agreement else {"state": state, "most": MOST}
    return tuple(Alert(*row) for row in session.all(queries.ALERTS_OF if agreement else queries.ALERTS, params))


def answer_alert(session: Session, actor: Actor, alert_id: str, state: str, answer: str, *, now: datetime | None = None) -> None:
    """Say what an alert was: explained, or misuse. Raises Missing when there is no such open alert that the actor may see."""
    if state not in ANSWERS:
        raise BadValue("state", "请选择结论 (choose what it was)", f"write one of {', '.join(ANSWERS)}")
    if not SHORTEST <= len(answer.strip()) <= LONGEST:
        raise BadValue("answer", "请写明情况，至少五个字 (say what it was, in five characters or more)")
    at = moment_text(moment(now))
    params = {"alert_id": alert_id, "state": state, "answer": answer.strip(), "by": actor.id, "at": at}
    if not sees_all(installed(session), actor) or session.run(queries.ANSWER_ALERT, params) != 1:
        raise Missing("没有这条待核实的预警 (there is no such open alert)")
    body = {"alert": alert_id, "act": "answer", "state": state}
    ledger.append(session, ledger.Line("alert", at, "", actor.id, actor.department, actor.unit, "", body))
