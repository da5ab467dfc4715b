"""Places for whom there may be too few: all who are entitled in one order, as many as there are places are given one, each with the reason.

The order is fixed by the pack: what the rules found (points), and among equals a draw by the month's seed, which the ledger knows by its
digest before the first case of the month is drawn. It is kept with what it rests on, and anybody entitled to look can order them again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.services import queries
from datong.services.flow import Doing, act
from datong.services.installed import items
from datong.services.samples import month_seed
from datong.services.store_case import Kept, kept_case
from datong.services.told import about_case
from datong.spec import Places, Service
from datong.store import Session


@dataclass(frozen=True)
class Ranked:
    """One applicant in the order: what the rules found of her (as in the pack's `order`), her draw, whether she has a place."""

    case_id: str
    found: tuple[str, ...]
    draw: str
    given: bool


@dataclass(frozen=True)
class Allocation:
    """One run over everybody who wanted the same."""

    allocation_id: str
    service: str
    choice: str
    places: int
    seed: str
    ranked: tuple[Ranked, ...]
    by: str
    at: str


def allocate(session: Session, actor: Actor, code: str, choice: str, *, now: datetime) -> Allocation:
    """Order everybody who waits for a place and give them out. Who gets none stays with the department, and is told her rank.

    Raises Missing for an item without places, BadValue for a choice without, Forbidden for other departments.
    """
    service = items(session).of(code)
    wanted = service.allocation
    if wanted is None:
        raise Missing("这个事项没有名额分配 (this item gives out no places)")
    if choice not in wanted.places:
        raise BadValue("choice", "没有这个名额 (there are no such places)", " / ".join(wanted.places))
    share.installed(session).must(actor, "cases.work")
    if actor.department != service.department:
        raise Forbidden("只有牵头部门可以分配名额 (only the department in the lead may do this)")
    at = share.moment_text(now)
    seed = month_seed(session, at[:7], at)
    ranked = _ranked(_entitled(session, service, wanted, choice), wanted, seed, wanted.places[choice])
    number = share.dated_number(session, "A", "allocation", share.city_day(now))
    made = Allocation(number, code, choice, wanted.places[choice], seed, ranked, actor.id, at)
    _keep(session, actor, service, made)
    for rank, one in enumerate(ranked, 1):
        _tell(session, actor, wanted, made, one=one, rank=rank, now=now)
    return made


def _entitled(session: Session, service: Service, wanted: Places, choice: str) -> list[Kept]:
    rows = session.all(queries.WAITING_FOR_PLACES, {"service": service.code, "task": wanted.task})
    found = (kept_case(session, str(row[0])) for row in rows)
    return [one for one in found if one.form.get(wanted.by) == choice and _outcome(one).get("outcome") in wanted.outcomes]


def _outcome(kept: Kept) -> dict[str, object]:
    outcome = kept.decision.get("decided", {}).get("outcome")
    return dict(outcome) if isinstance(outcome, dict) and not kept.decision.get("doubts") else {}


def _ranked(cases: Sequence[Kept], wanted: Places, seed: str, places: int) -> tuple[Ranked, ...]:
    """The one order: pure, the same from the same cases and seed, however they come."""
    drawn = []
    for one in cases:
        found = tuple(str(_outcome(one).get(name, 0)) for name in wanted.order)
        drawn.append((tuple(-Decimal(value) for value in found), draw_of(seed, one.case.case_id), one.case.case_id, found))
    drawn.sort()
    return tuple(Ranked(case_id, found, draw, at < places) for at, (_, draw, case_id, found) in enumerate(drawn))


def draw_of(seed: str, case_id: str) -> str:
    """A case's lot: who is equal stands in the order of these."""
    return hashlib.sha256(f"{seed}|place|{case_id}".encode()).hexdigest()[:16]


def _keep(session: Session, actor: Actor, service: Service, made: Allocation) -> None:
    body = json.dumps([asdict(one) for one in made.ranked], ensure_ascii=False, separators=(",", ":"))
    params = {"id": made.allocation_id, "service": made.service, "choice": made.choice, "places": made.places}
    session.run(queries.ADD_ALLOCATION, {**params, "seed": made.seed, "body": body, "by": made.by, "at": made.at})
    told = {"allocation": made.allocation_id, "service": made.service, "choice": made.choice, "places": made.places}
    told |= {"applicants": len(made.ranked), "digest": hashlib.sha256(body.encode()).hexdigest()}
    line = ledger.Line("case.allocation", made.at, "", actor.id, actor.department, actor.unit, service.purpose, told)
    ledger.append(session, line)


def _tell(session: Session, actor: Actor, wanted: Places, made: Allocation, *, one: Ranked, rank: int, now: datetime) -> None:
    """Give the place, with the reason; or say the rank, and that the department goes on looking."""
    many = len(made.ranked)
    why = f"{made.places}个名额，{many}人符合条件，按{'、'.join(one.found)}分排第{rank}位（同分按抽签号{one.draw}）；{wanted.reference}"
    if one.given:
        act(session, actor, one.case_id, Doing("claim", wanted.task), now=now)
        act(session, actor, one.case_id, Doing("finish", wanted.task, f"{why}，予以录取", {"outcome": "agree"}), now=now)
        return
    kept = kept_case(session, one.case_id)
    zh = f"{why}，名额已满，由部门统筹安排，您不用再申请。"
    found = ", ".join(one.found)
    en = f"{made.places} places, {many} entitled; you are number {rank} ({found}; draw {one.draw}). The department finds a place."
    title = (f"名额分配结果：办件{one.case_id}", f"Places: case {one.case_id}")
    share.notify(session, kept.case.applicant, about_case(one.case_id, title, (zh, en)), made.at)


def allocation_of(session: Session, actor: Actor, allocation_id: str) -> Allocation:
    """A run as it was kept. Raises Missing when it is not of the actor's department."""
    share.installed(session).must(actor, "cases.work")
    row = session.one(queries.ALLOCATION, {"id": allocation_id})
    if row is None or items(session).of(str(row[0])).department != actor.department:
        raise Missing("没有这次分配 (there is no such allocation)")
    code, choice, places, seed, body, by, at = row
    ranked = tuple(Ranked(one["case_id"], tuple(one["found"]), one["draw"], one["given"]) for one in json.loads(str(body)))
    return Allocation(allocation_id, str(code), str(choice), int(str(places)), str(seed), ranked, str(by), str(at))


def order_again(session: Session, actor: Actor, allocation_id: str) -> tuple[bool, tuple[Ranked, ...]]:
    """Order the same applicants again, from what their cases keep: whether it is the same, and the order now."""
    kept = allocation_of(session, actor, allocation_id)
    wanted = items(session).of(kept.service).allocation
    if wanted is None:
        raise Missing("这个事项没有名额分配 (this item gives out no places)")
    cases = [kept_case(session, one.case_id) for one in reversed(kept.ranked)]
    again = _ranked(cases, wanted, kept.seed, kept.places)
    return again == kept.ranked, again
