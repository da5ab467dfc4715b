"""Licences ordered by a department's own system: issued, changed and ended under its own reference, each reference done once.

The same order sent again (an answer that was lost on the way) is answered with the licence as it now stands; a reference that stood for
something else is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.licences import library, queries
from datong.licences.flow import act, issue_all, may_issue
from datong.licences.licence import Doing, Licence, NewLicence
from datong.store import Session

MOST = 100
"""Licences in one order."""


@dataclass(frozen=True)
class Order:
    """A licence that a system wants issued, and the system's own number for it."""

    reference: str
    wanted: NewLicence


@dataclass(frozen=True)
class Ordered:
    """What came of an order: the licence as it stands, and whether it was done before."""

    reference: str
    licence: Licence
    again: bool


def order(session: Session, actor: Actor, orders: Sequence[Order], *, now: datetime | None = None) -> tuple[Ordered, ...]:
    """Issue what was not issued before, all or none. Raises BadValue, Forbidden, Missing as `issue` does."""
    at = share.moment(now)
    share.refuse_stopped(session, actor, now=at)
    if not 1 <= len(orders) <= MOST:
        raise BadValue("licences", "are none or too many", f"send 1 to {MOST} at a time")
    if len({one.reference for one in orders}) != len(orders):
        raise BadValue("reference", "stands twice in this order", "give each licence a number of its own")
    for one in orders:
        may_issue(session, actor, library.type_of(session, one.wanted.type))
    known = {one.reference: _done(session, actor, one.reference, asdict(one.wanted), at) for one in orders}
    new = [one for one in orders if known[one.reference] is None]
    for one, made in zip(new, issue_all(session, actor, [each.wanted for each in new], now=at) if new else (), strict=True):
        session.run(queries.SET_ORDER, {"licence_id": made.licence_id, "department": actor.department, "reference": one.reference})
        known[one.reference] = made
    again = {one.reference for one in orders} - {one.reference for one in new}
    return tuple(Ordered(one.reference, _there(known[one.reference]), one.reference in again) for one in orders)


def order_act(session: Session, actor: Actor, licence_id: str, doing: Doing, reference: str, *, now: datetime | None = None) -> Ordered:
    """One act on a licence of the department's, once for each reference. Raises as `act` does."""
    at = share.moment(now)
    share.refuse_stopped(session, actor, now=at)
    state_of(session, actor, licence_id, now=at)
    before = _done(session, actor, reference, {"licence": licence_id, **asdict(doing)}, at)
    if before is not None:
        return Ordered(reference, before, True)
    after = act(session, actor, licence_id, doing, now=at)
    session.run(queries.SET_ORDER, {"licence_id": licence_id, "department": actor.department, "reference": reference})
    return Ordered(reference, after, False)


def state_of(session: Session, actor: Actor, licence_id: str, *, now: datetime | None = None) -> Licence:
    """How a licence of the department's own stands, without what it states. Raises Missing, also for another department's."""
    found = library.newest(session, licence_id, share.city_day(share.moment(now)).isoformat())
    try:
        may_issue(session, actor, library.type_of(session, found.type))
    except Forbidden:
        raise Missing("没有这份证照 (there is no such licence of your department)") from None
    return found


def _done(session: Session, actor: Actor, reference: str, wanted: dict[str, Any], at: datetime) -> Licence | None:
    """The licence of an order that was done before; nothing when it is new, and now taken."""
    digest = sha256(json.dumps(wanted, sort_keys=True, default=str).encode()).hexdigest()
    key = {"department": actor.department, "reference": reference}
    if session.run(queries.ADD_ORDER, key | {"digest": digest, "at": share.moment_text(at)}):
        return None
    row = session.one(queries.ORDER, key)
    if row is None or row[0] != digest:
        raise BadValue("reference", "stood for something else before", "give a new order a number of its own")
    return library.newest(session, row[1], share.city_day(at).isoformat())


def _there(found: Licence | None) -> Licence:
    assert found is not None
    return found
