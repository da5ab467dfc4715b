"""Who may do what with a case: the applicant, the lead, the department whose task it is, a party in her seat; and invitations."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date
from hmac import compare_digest

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.services import queries
from datong.services.facts import asking_actor
from datong.services.firms import represents
from datong.services.known import Known
from datong.services.state import SUPPLEMENT, Case, Task
from datong.services.store_case import Kept, events_of
from datong.spec import FOUND, Service
from datong.store import Session

WORK, COUNTER, APPLY = "cases.work", "cases.counter", "citizen.services"
APPLICANTS_ACTS = ("give_supplement", "withdraw", "urge")
LEADS_ACTS = ("accept", "not_accept", "ask_supplement", "reopen")
TASK_ACTS = ("claim", "hand_over", "pause", "resume", "extend", "finish")
_SPEAKABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
LINE = "line:money"
"""Who ends the tasks that packs give to the line from treasury to bank: the worker, in no person's name."""


def check_party(session: Session, actor: Actor, act: str, kept: Kept | None, task: str = "") -> None:
    """Raises Forbidden or Missing unless the actor may do this."""
    if kept is None:
        _may_begin(session, actor)
        return
    if act in ("confirm", "decline"):
        _must(session, actor, APPLY)
        return
    if not sees(session, actor, kept):
        raise Missing("没有这个办件 (there is no such case)")
    if act in APPLICANTS_ACTS:
        if not is_applicant(session, actor, kept):
            raise Forbidden("只有申请人或代其办理的窗口可以这样做 (only the applicant, or the window that acts for her, may do this)")
    elif act in LEADS_ACTS:
        _of_department(session, actor, kept.department)
    elif act in TASK_ACTS:
        _tasks(session, actor, act, kept.case, task)
    else:
        raise BadValue("act", "没有这项办理 (there is no such act)")


def check_key(session: Session, actor: Actor, service: Service) -> None:
    """A system begins cases of its own department's items only, with a key issued for each agreement the item asks under: what the
    item would be told, the key's holder may ask anyway. Raises Forbidden."""
    asked = {one.register for one in service.facts}
    sharing = share.installed(session).sharing
    mine = [sharing.agreements[code] for code in asking_actor(session, service).agreements]
    needed = {one.code for one in mine if one.systems and one.register in asked}
    if actor.department != service.department or not needed <= set(actor.agreements):
        raise Forbidden("密钥没有签发给这个事项的共享协议 (the key was not issued for this item's agreements)")


def sees(session: Session, actor: Actor, kept: Kept) -> bool:
    """Whether a case exists for the actor: it is hers, or her department has or had a part in it."""
    if is_applicant(session, actor, kept):
        return True
    if actor.kind == "citizen":
        return any(one.kind == "seat" and one.by == actor.subject for one in kept.case.tasks.values())
    if actor.id == LINE and actor.kind == "system":
        return _has_part(kept.case, actor.department)
    if actor.kind != "officer" or not share.installed(session).may(actor, WORK):
        return False
    return bool(actor.department) and (actor.department == kept.department or _has_part(kept.case, actor.department))


def _has_part(case: Case, department: str) -> bool:
    return any(one.department == department for one in case.tasks.values())


def is_applicant(session: Session, actor: Actor, kept: Kept) -> bool:
    """Whether the case is the actor's own or that of an organisation she represents, or she began it for somebody."""
    if actor.kind != "citizen":
        return actor.id == kept.begun_by
    applicant = kept.case.applicant
    return bool(actor.subject) and (actor.subject == applicant or represents(session, actor.subject, applicant, date.max))


def _may_begin(session: Session, actor: Actor) -> None:
    if actor.kind == "officer":
        _must(session, actor, COUNTER)
    elif actor.kind == "citizen":
        _must(session, actor, APPLY)


def _must(session: Session, actor: Actor, permission: str) -> None:
    if actor.id == LINE and actor.kind == "system" and permission == WORK:
        return
    share.installed(session).must(actor, permission)


def _of_department(session: Session, actor: Actor, department: str) -> None:
    if actor.kind == "citizen" or actor.department != department:
        raise Forbidden("只有牵头部门可以这样做 (only the department in the lead may do this)")
    _must(session, actor, WORK)


def _tasks(session: Session, actor: Actor, act: str, case: Case, code: str) -> None:
    task = case.tasks.get(code)
    if task is None or actor.kind == "citizen" or task.department != actor.department:
        raise Missing("没有这项待办任务 (there is no such open task)")
    _must(session, actor, WORK)
    if act not in ("claim", "hand_over") and task.by and task.by != actor.id:
        raise Forbidden("这项任务由另一位同事办理，请先移交 (a colleague has this task; have it handed over)")


# ---- parties in their seats ---------------------------------------------------------------------------------------


def invitations(
    service: Service, answers: Mapping[str, str], facts: Mapping[str, Known]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """A code for each seat of this situation, told once; and what the case keeps: its hash, and who alone may sit there if known."""
    codes: dict[str, str] = {}
    hashes: dict[str, str] = {}
    people: dict[str, str] = {}
    for seat in service.confirming.seats:
        person = _named(service, seat.who, facts)
        if any(answers.get(question) != answer for question, answer in seat.when.items()) or (seat.if_any and not person):
            continue
        code = speakable(CODE_LENGTH)
        codes[seat.code] = code
        hashes[f"seat:{seat.code}"] = hash_of(code)
        if person:
            people[f"seat:{seat.code}"] = person
    return codes, {"seats": hashes, "people": people}


def _named(service: Service, who: str, facts: Mapping[str, Known]) -> str:
    """The person whom a seat names: the one that a fact led to, or whom the facts about the typed number are about."""
    if who.startswith(FOUND):
        known = facts.get(who.removeprefix(FOUND))
        return known.subject if known is not None else ""
    about = (facts[one.code].subject for one in service.facts if who and one.key == who and one.register == "person" and one.code in facts)
    return next((one for one in about if one), "")


def speakable(length: int) -> str:
    """A random code that can be read out and typed: no character looks like another."""
    return "".join(secrets.choice(_SPEAKABLE) for _ in range(length))


def hash_of(code: str) -> str:
    """An invitation as the store knows it."""
    return hashlib.sha256(code.replace("-", "").replace(" ", "").upper().encode()).hexdigest()


def open_invitation(session: Session, code: str) -> tuple[str, str] | None:
    """The case and the seat that an invitation opens."""
    row = session.one(queries.SEAT_INVITED, {"hash": hash_of(code)})
    return (row[0], row[1]) if row else None


def sitter(session: Session, actor: Actor, kept: Kept, seat: str, code: str) -> str:
    """The person in a seat: she to whom it belongs, or she who has its code. Raises Missing, Forbidden."""
    task = kept.case.tasks.get(seat)
    if task is None or task.kind != "seat" or not actor.subject:
        raise Missing("没有这个席位 (there is no such seat)")
    named = kept.case.parties.get(seat, "")
    if named and named == actor.subject:
        return actor.subject
    if named:
        raise Missing("没有这个席位 (there is no such seat)")
    wanted = str(kept.facts.get("seats", {}).get(seat, ""))
    if not code or not compare_digest(hash_of(code), wanted):
        raise Missing("没有这个席位 (there is no such seat)")
    return actor.subject


def seats_for(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The seats that wait for a citizen by name: case and seat."""
    return [(row[0], row[1]) for row in session.all(queries.SEATS_OF, {"who": actor.subject})] if actor.subject else []


def told_once(session: Session, case: Case) -> tuple[str, ...]:
    """What the applicant was told that lacks."""
    if not case.told:
        return ()
    return next((tuple(one.data["lacking"]) for one in events_of(session, case.case_id) if one.kind == "told"), ())


def supplement_of(case: Case) -> Task | None:
    """The supplement the applicant has to give, if any."""
    task = case.tasks.get(SUPPLEMENT)
    return task if task is not None and task.is_open else None
