"""The desk: what there is to do next, and the purpose one works for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from datong import services, share
from datong.domain.errors import BadValue, Forbidden
from datong.web import sign_ins
from datong.web.door import safe_path
from datong.web.i18n import say
from datong.web.visit import Visit

MOST_NOTICES = 5
MOST_HELD = 100
ONE_AT_A_TIME = ("look_up", "verify")
SHORTEST_REASON = 5
NO_REASON = "这一用途须写明事由：案件或任务编号，或至少五个字。"


@dataclass
class Opens:
    """What a purpose opens at a desk: operation → registers, and what it asks for first."""

    registers: dict[str, list[str]] = field(default_factory=dict)
    reason_required: bool = False
    consent: bool = False


@dataclass(frozen=True)
class Shared:
    """What waits of requests, agreements and alerts; None for what her post does not see."""

    requests: int | None
    late: int
    to_sign: int | None
    alerts: int | None


@dataclass(frozen=True)
class ToDo:
    """What waits for a steward."""

    held: int
    waiting: int
    disputes: int


def show(visit: Visit) -> Response:
    """The desk, by what her post may do."""
    mine = share.notices(visit.session, visit.actor, MOST_NOTICES)
    department = share.department_notices(visit.session, visit.actor, MOST_NOTICES) if visit.may("dispute.list") else ()
    todo = _to_do(visit) if visit.may("steward.deliveries") else None
    cases = services.queue_counts(visit.session, visit.actor, now=visit.now) if visit.may("cases.work") else None
    waiting: dict[str, Any] = {"todo": todo, "disputes": _open_disputes(visit), "shared": _shared(visit), "cases": cases}
    return visit.page("office/desk.html", **waiting, notices=(*mine, *department)[:MOST_NOTICES])


def purposes(visit: Visit) -> Response:
    """The purposes her department has agreements for; one must be chosen before anything opens."""
    opens = _opens(visit)
    found = [purpose for purpose in share.purposes_for(visit.session, visit.actor, now=visit.now) if purpose.code in opens]
    return visit.page("office/purpose.html", purposes=found, opens=opens, next=safe_path(visit.sent.query.get("next", "/office")))


def choose_purpose(visit: Visit) -> Response:
    """Work for this purpose from now on."""
    code = visit.text("purpose", 80)
    if code not in {purpose.code for purpose in share.purposes_for(visit.session, visit.actor, now=visit.now)}:
        raise Forbidden("您所在部门没有这一用途的共享协议 (your department has no agreement for this purpose)")
    assert visit.sign_in is not None
    said = visit.optional("reason")
    opened = _opens(visit).get(code)
    if opened and opened.reason_required and len(said) < SHORTEST_REASON:
        raise BadValue("reason", say(visit.language, NO_REASON))
    sign_ins.choose_purpose(visit.session, visit.sign_in.token_hash, code)
    sign_ins.keep_reason(visit.session, visit.sign_in.token_hash, said, visit.now)
    return visit.go(safe_path(visit.optional("next") or "/office"), "purpose")


def _opens(visit: Visit) -> dict[str, Opens]:
    """What each purpose opens one subject at a time, and as an extract to those who may ask for one. A purpose that only gives
    lists to systems is not there."""
    found: dict[str, Opens] = {}
    ways = (*ONE_AT_A_TIME, *(["extract"] if visit.may("office.extract") else []))
    for one in share.entitlements(visit.session, visit.actor, now=visit.now):
        asked = [operation for operation in ways if operation in one.operations]
        if one.state != "in_force" or not asked:
            continue
        opened = found.setdefault(one.purpose, Opens())
        for operation in asked:
            registers = opened.registers.setdefault(operation, [])
            if one.register not in registers:
                registers.append(one.register)
        opened.reason_required |= one.reason_required
        opened.consent |= one.consent
    return found


def _shared(visit: Visit) -> Shared:
    asked = share.data_requests(visit.session, visit.actor, "open", now=visit.now) if visit.may("requests.read") else None
    waiting = share.agreements(visit.session, visit.actor, "proposed", now=visit.now) if visit.may("sharing.agreements") else None
    alerts = share.alerts(visit.session, visit.actor) if visit.may("sharing.usage") else None
    late = sum(one.light == "red" for one in asked or ())
    return Shared(
        None if asked is None else len(asked), late, None if waiting is None else len(waiting), None if alerts is None else len(alerts)
    )


def _open_disputes(visit: Visit) -> int:
    if not visit.may("dispute.report"):
        return 0
    mine = share.my_disputes(visit.session, visit.actor, now=visit.now)
    return len([one for one in mine if one.state in ("raised", "checking")])


def _to_do(visit: Visit) -> ToDo:
    open_now = share.disputes(visit.session, visit.actor, "open", now=visit.now) if visit.may("dispute.settle") else ()
    held = share.deliveries(visit.session, visit.actor, state="held", limit=MOST_HELD)
    return ToDo(len(held), sum(share.waiting_counts(visit.session, visit.actor).values()), len(open_now))
