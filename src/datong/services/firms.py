"""The organisations for which somebody begins an item at home: those whose legal representative she is, as the register says today."""

from __future__ import annotations

from datetime import date, datetime

from datong import share
from datong.domain.access import Actor, Key
from datong.domain.codes import kind_of
from datong.domain.errors import BadValue
from datong.services.facts import Applicant, Asking, gather
from datong.services.installed import items
from datong.spec import Service
from datong.store import Session

ORGANISATION = "organisation"


def firms_of(session: Session, actor: Actor, code: str, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """Code and name of every organisation she may begin an item for; none for an item of persons. Names are asked under the item's own
    agreement, and leave their lines."""
    service = items(session).of(code)
    if service.applicant != ORGANISATION or not actor.subject:
        return ()
    mine = [one for one in share.represented(session, actor.subject, share.city_day(now)) if kind_of(one) == ORGANISATION]
    names = {one.code for one in service.facts if one.key == "applicant" and one.field == "org_name"}
    found = []
    for one in mine:
        told = gather(session, Asking(service, f"apply:{code}", Applicant(Key("code", one), one), {}, now), names)
        found.append((one, next((fact.value for fact in told.values() if fact.value), one)))
    return tuple(found)


def for_whom(session: Session, actor: Actor, service: Service, asked: Key | None, day: date) -> Applicant:
    """For whom a citizen begins an item: herself, or, for an item of organisations, one that she represents. Raises BadValue."""
    code = asked.value if asked is not None else actor.subject
    if service.applicant == ORGANISATION:
        if asked is None or kind_of(code) != ORGANISATION or not share.may_act_for(session, actor.subject, code, day):
            raise BadValue("applicant", "请选择由您担任法定代表人的单位 (choose an organisation that you represent)")
    elif code != actor.subject:
        raise BadValue("applicant", "只能为本人办理 (a citizen applies for herself)")
    return Applicant(Key("code", code), code)


def represents(session: Session, person: str, applicant: str, day: date) -> bool:
    """Whether a case of an organisation is hers to see and to act upon, because she represents it today."""
    return bool(person) and kind_of(applicant) == ORGANISATION and share.may_act_for(session, person, applicant, day)
