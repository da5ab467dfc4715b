"""Mandates: a person names another to answer for her, in named matters, until a day; guardians of adults are entered from a paper
where no source knows of them.

Both sides see a mandate and may end it; nothing is allowed by it before the other has accepted. A guardianship takes effect when a second
officer has compared it with the paper. Every step is in the record of both persons, without their names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from datong import ledger
from datong.domain.access import Actor, Ground, Key
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.domain.identifiers import read_citizen_id
from datong.share import queries
from datong.share.guardians import (
    ACTS,
    CONSENT,
    STANDING_NAMES,
    Recorded,
    Represented,
    has_own_say,
    is_of_age,
    recorded_by,
    recorded_for,
    represented,
)
from datong.share.installed import Installed, installed, moment
from datong.share.meter import day_start
from datong.share.notices import Message, dated_number, notify
from datong.share.policy import expand
from datong.share.subjects import find, read_subject
from datong.share.words import ground
from datong.share.workdays import city_day, moment_text
from datong.store import Row, Session

ENTER = "guardians.enter"
"""The permission to enter and to confirm guardianships."""
LONGEST_DAYS = 3 * 366
LONGEST_GUARDIANSHIP_DAYS = 20 * 366
MOST_A_DAY = 5
"""How often a person may name somebody in a day: whose name and number fit is not to be found out by trying."""
BASES = ("court", "community", "agreement")
"""What a guardianship rests on: a court's decision, the community committee's appointment, a notarised agreement of the person herself."""
_NAMES = (*STANDING_NAMES, "state", "basis")
_LATER = ("paper", "made_by", "made_at", "answered_by", "answered_at", "ended_by", "ended_at")


@dataclass(frozen=True)
class Mandate:
    """A mandate or (`kind` guardian) a guardianship. `state`: offered, live, refused, ended, and expired once its day is over."""

    mandate_id: str
    kind: str
    principal: str
    agent: str
    acts: tuple[str, ...]
    purposes: tuple[str, ...]
    alone: bool
    until: str
    principal_name: str
    agent_name: str
    state: str
    basis: str
    paper: str
    made_by: str
    made_at: str
    answered_by: str
    answered_at: str
    ended_by: str
    ended_at: str


@dataclass(frozen=True)
class NewMandate:
    """Whom a person names, by name and citizen number, for what: ACTS, of the purposes that need consent (none: all), to a last day."""

    name: str
    citizen_id: str
    acts: tuple[str, ...]
    purposes: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class NewGuardian:
    """Whom a paper makes the guardian of whom. `alone`: the ward is without capacity, so that the guardian alone answers."""

    ward_name: str
    ward_id: str
    guardian_name: str
    guardian_id: str
    basis: str
    paper: str
    until: date
    alone: bool = False


@dataclass(frozen=True)
class Named:
    """How the naming ended: the mandate that is offered, or why there is none."""

    mandate: Mandate | None
    grounds: tuple[Ground, ...] = ()


def name_agent(session: Session, actor: Actor, wanted: NewMandate, *, now: datetime | None = None) -> Named:
    """The signed-in citizen names somebody to answer for her; it holds once the other has accepted.

    Raises BadValue for acts, purposes or a day out of bounds, Forbidden for whoever does not answer for herself. That name and number
    lead to nobody, or to a child, is an answer with its ground; it counts among the day's attempts and is in the record.
    """
    at_moment = moment(now)
    day, at = city_day(at_moment), moment_text(at_moment)
    if actor.kind != "citizen" or not actor.subject or not has_own_say(session, actor.subject, day):
        raise Forbidden("只有能为自己答复的本人可以委托他人 (only a person who answers for herself can name another)")
    _check_matters(installed(session), wanted)
    _check_day(wanted.until, day, LONGEST_DAYS)
    tried = session.one(queries.MANDATES_SINCE, {"made_by": actor.subject, "since": day_start(at_moment)})
    if tried and int(tried[0]) >= MOST_A_DAY:
        return Named(None, (ground("mandate_often"),))
    agent = _person(session, wanted.name, wanted.citizen_id)
    why = "mandate_nobody" if not agent or not is_of_age(session, agent, day) else "mandate_self" if agent == actor.subject else ""
    made: dict[str, object] = {
        "kind": "mandate",
        "principal": actor.subject,
        "agent": "" if why else agent,
        "acts": json.dumps(wanted.acts),
    }
    made |= {"purposes": json.dumps(wanted.purposes), "alone": 0, "until": wanted.until.isoformat(), "basis": "", "paper": ""}
    made |= {"principal_name": actor.name, "agent_name": "" if why else wanted.name.strip(), "made_by": actor.subject}
    found = _add(session, actor, {**made, "state": "refused" if why else "offered"}, at_moment)
    if why:
        return Named(None, (ground(why),))
    text = (
        f"{actor.name}请您作为代理人，代为办理所列事项，至{found.until}。请到“委托”页接受或谢绝。",
        f"{actor.name} names you to answer for her in the matters listed, until {found.until}. Accept or decline under Mandates.",
    )
    _tell(session, found.agent, ("mandate_offered", ("有人请您代理", "You are named as an agent")), text, (found.mandate_id, at))
    return Named(found)


def answer_mandate(session: Session, actor: Actor, mandate_id: str, accept: bool, *, now: datetime | None = None) -> Mandate:
    """The named person accepts or declines. Raises Missing when nothing under this number waits for her."""
    at = moment_text(moment(now))
    found = next((one for one in my_mandates(session, actor, now=now) if one.mandate_id == mandate_id and one.state == "offered"), None)
    if found is None or found.agent != actor.subject or found.kind != "mandate":
        raise Missing("没有等待您答复的委托 (no mandate waits for your answer under this number)")
    done = _answer(session, actor, found, accept, at)
    words = ("已接受", "accepted") if accept else ("已谢绝", "declined")
    text = (f"您对{found.agent_name}的委托{words[0]}。", f"Your mandate to {found.agent_name} was {words[1]}.")
    _tell(session, found.principal, (f"mandate_{done.state}", ("委托有答复", "Your mandate was answered")), text, (mandate_id, at))
    return done


def end_mandate(session: Session, actor: Actor, mandate_id: str, *, now: datetime | None = None) -> None:
    """Either side ends a mandate, from now on; what was consented to before it ends on its own. Raises Missing for any other."""
    found = next((one for one in my_mandates(session, actor, now=now) if one.mandate_id == mandate_id), None)
    if found is None or found.kind != "mandate":
        raise Missing("没有这项可以解除的委托 (you have no such mandate to end)")
    _end(session, actor, found, moment(now))


def my_mandates(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Mandate, ...]:
    """Every mandate and guardianship of a citizen, on either side, newest first."""
    if not actor.subject:
        return ()
    day = city_day(moment(now)).isoformat()
    return tuple(_mandate(row, day) for row in session.all(queries.MANDATES_OF, {"code": actor.subject}))


def my_guardianships(session: Session, actor: Actor) -> tuple[Recorded, ...]:
    """The guardianships on record of a citizen, on either side, those that are over too; the newest first."""
    if actor.kind != "citizen" or not actor.subject:
        return ()
    found = (*recorded_for(session, actor.subject), *recorded_by(session, actor.subject))
    return tuple(sorted(found, key=lambda one: one.since, reverse=True))


def i_answer_for(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Represented, ...]:
    """Everybody whom the signed-in citizen answers for today: children, wards, and those who named her."""
    return represented(session, actor.subject, city_day(moment(now)))


def enter_guardian(session: Session, actor: Actor, wanted: NewGuardian, *, now: datetime | None = None) -> Named:
    """Enter a guardianship of an adult from its paper; it holds once another officer has confirmed it.

    Raises Forbidden without the permission, BadValue for a basis, paper or day out of bounds. Names and numbers that do not lead to one
    person each, the ward in the officer's area, are an answer with its ground.
    """
    parts, at_moment = installed(session), moment(now)
    parts.must(actor, ENTER)
    day = city_day(at_moment)
    if wanted.basis not in BASES:
        raise BadValue("basis", "is not known", f"write one of {', '.join(BASES)}")
    if not 4 <= len(wanted.paper.strip()) <= 120:
        raise BadValue("paper", "请写明文书名称和编号 (name the paper and its number)")
    _check_day(wanted.until, day, LONGEST_GUARDIANSHIP_DAYS)
    ward = _person(session, wanted.ward_name, wanted.ward_id)
    agent = _person(session, wanted.guardian_name, wanted.guardian_id)
    within = expand(actor.jurisdiction, parts.sharing.zones)
    entry = read_subject(session, ward) if ward else None
    if entry is None or not agent or agent == ward or not any(entry.division.startswith(one) for one in within):
        return Named(None, (ground("guardian_nobody"),))
    if not is_of_age(session, ward, day):
        return Named(None, (ground("guardian_child"),))
    if any(one.guardian == agent and one.holds_on(day) for one in recorded_for(session, ward)):
        return Named(None, (ground("guardian_recorded"),))
    made: dict[str, object] = {
        "kind": "guardian",
        "principal": ward,
        "agent": agent,
        "acts": json.dumps(ACTS),
        "purposes": "[]",
        "state": "offered",
    }
    made |= {"alone": int(wanted.alone), "until": wanted.until.isoformat(), "basis": wanted.basis, "paper": wanted.paper.strip()}
    made |= {"principal_name": wanted.ward_name.strip(), "agent_name": wanted.guardian_name.strip(), "made_by": actor.id}
    return Named(_add(session, actor, made, at_moment))


def confirm_guardian(session: Session, actor: Actor, mandate_id: str, accept: bool, *, now: datetime | None = None) -> Mandate:
    """A second officer confirms a guardianship by its paper, or sends it back. Raises Forbidden to whoever entered it, Missing."""
    found = _entered(session, actor, mandate_id, "offered", now)
    if found.made_by == actor.id:
        raise Forbidden("须由另一位工作人员对照文书确认 (another officer must confirm it by the paper)")
    at = moment_text(moment(now))
    done = _answer(session, actor, found, accept, at)
    if accept:
        text = (
            f"依据{found.paper}，{found.agent_name}自即日起至{found.until}为{found.principal_name}的监护人。有异议请向登记部门提出。",
            f"By {found.paper}, {found.agent_name} is the guardian of {found.principal_name} until {found.until}. Object at the office.",
        )
        for person in (found.principal, found.agent):
            _tell(session, person, ("guardian_live", ("监护关系已登记", "A guardianship was entered")), text, (mandate_id, at))
    return done


def end_guardian(session: Session, actor: Actor, mandate_id: str, *, now: datetime | None = None) -> None:
    """An officer ends a guardianship before its day: the paper was lifted. Raises Missing."""
    _end(session, actor, _entered(session, actor, mandate_id, "live", now), moment(now))


def guardianships(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Mandate, ...]:
    """The guardianships that officers entered, newest first. Raises Forbidden without the permission."""
    installed(session).must(actor, ENTER)
    day = city_day(moment(now)).isoformat()
    return tuple(_mandate(row, day) for row in session.all(queries.GUARDIANSHIPS, {"most": 200}))


def _check_matters(parts: Installed, wanted: NewMandate) -> None:
    if not wanted.acts or not set(wanted.acts) <= set(ACTS):
        raise BadValue("acts", "请至少选择一项委托事项 (choose at least one matter)", f"choose among {', '.join(ACTS)}")
    asked = {one.purpose for one in parts.sharing.agreements.values() if one.consent}
    if not set(wanted.purposes) <= asked or (wanted.purposes and CONSENT not in wanted.acts):
        raise BadValue("purposes", "are not among those that need consent", f"choose among {', '.join(sorted(asked))}")


def _check_day(until: date, day: date, longest: int) -> None:
    if not day <= until <= day + timedelta(days=longest):
        raise BadValue("until", "截止日期须在今天之后、最长期限之内 (out of bounds)", f"write a day within {longest} days")


def _person(session: Session, name: str, number: str) -> str:
    """The one person whose name and citizen number these are; "" when they do not lead to just one."""
    read = read_citizen_id(number)
    codes = find(session, Key("citizen_id", read.value), "person") if not read.problem else []
    entry = read_subject(session, codes[0]) if len(codes) == 1 else None
    called = "".join(name.split())
    return entry.code if entry is not None and called and "".join(entry.get("name", "").split()) == called else ""


def _add(session: Session, actor: Actor, made: dict[str, object], now: datetime) -> Mandate:
    number = dated_number(session, "M", "mandate", city_day(now))
    at = moment_text(now)
    session.run(queries.ADD_MANDATE, {**made, "mandate_id": number, "made_at": at})
    row = session.one(queries.MANDATE, {"mandate_id": number})
    assert row is not None
    found = _mandate(row, "")
    _write(session, actor, found, "named" if found.state == "offered" else "tried", at)
    return found


def _answer(session: Session, actor: Actor, found: Mandate, accept: bool, at: str) -> Mandate:
    state = "live" if accept else "refused"
    by = actor.subject or actor.id
    if not session.run(queries.ANSWER_MANDATE, {"mandate_id": found.mandate_id, "state": state, "by": by, "at": at}):
        raise Missing("已经答复过了 (this was answered already)")
    _write(session, actor, found, "accepted" if accept else "refused", at)
    row = session.one(queries.MANDATE, {"mandate_id": found.mandate_id})
    assert row is not None
    return _mandate(row, "")


def _end(session: Session, actor: Actor, found: Mandate, now: datetime) -> None:
    at = moment_text(now)
    if not session.run(queries.END_MANDATE, {"mandate_id": found.mandate_id, "by": actor.subject or actor.id, "at": at}):
        raise Missing("没有这项可以解除的委托 (there is no such mandate to end)")
    _write(session, actor, found, "ended", at)
    text = (f"委托{found.mandate_id}已解除，立即生效。", f"The mandate {found.mandate_id} was ended, at once.")
    for person in {found.principal, found.agent} - {actor.subject}:
        _tell(session, person, ("mandate_ended", ("委托已解除", "A mandate was ended")), text, (found.mandate_id, at))


def _entered(session: Session, actor: Actor, mandate_id: str, state: str, now: datetime | None) -> Mandate:
    found = [one for one in guardianships(session, actor, now=now) if (one.mandate_id, one.state) == (mandate_id, state)]
    if not found:
        raise Missing("没有这项监护登记 (there is no such guardianship)")
    return found[0]


def _tell(session: Session, person: str, kind: tuple[str, tuple[str, str]], text: tuple[str, str], about: tuple[str, str]) -> None:
    notify(session, person, Message(kind[0], kind[1], text, (("mandate", about[0]),)), about[1])


def _write(session: Session, actor: Actor, found: Mandate, act: str, at: str) -> None:
    """A line for each of the two persons; numbers and words, no name."""
    body: dict[str, object] = {"act": act, "mandate": found.mandate_id, "kind": found.kind, "acts": list(found.acts)}
    body |= {"purposes": list(found.purposes), "until": found.until}
    people = [one for one in (found.principal, found.agent) if one]
    lines = [ledger.Line("mandate", at, one, actor.id, actor.department, actor.unit, "", body) for one in people]
    ledger.append(session, *lines)


def _mandate(row: Row, day: str) -> Mandate:
    known = dict(zip((*_NAMES, *_LATER), row, strict=True))
    read = {"acts": tuple(json.loads(known["acts"])), "purposes": tuple(json.loads(known["purposes"])), "alone": bool(known["alone"])}
    if known["state"] in ("live", "offered") and known["until"] < day:
        read["state"] = "expired"
    return Mandate(**{**known, **read})
