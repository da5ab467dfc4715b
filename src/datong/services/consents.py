"""What a party agreed to in her seat stays hers: she sees where facts about her may be asked, and takes it back with one tap.

From then on nothing about her is asked for that case, at night or by anybody. Nothing is taken away by rule: what was granted on it is
a review for the department in the lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services import around_queries as queries
from datong.services.nightly import NIGHT, leave_review
from datong.services.retest import Again
from datong.services.store_case import Kept, case_if_any, definition, kept_case
from datong.services.told import about_case
from datong.spec import SeatSpec, Service
from datong.store import Session

WITHDRAWN = "consent_withdrawn"
"""What a review says when the ground of a verdict is gone."""


@dataclass(frozen=True)
class Agreed:
    """Her word in a case: the seat (without "seat:"), the item, when she took it back (ISO; empty while it stands)."""

    case_id: str
    seat: SeatSpec
    service: Service
    taken_back: str


def agreed_in_cases(session: Session, actor: Actor) -> tuple[Agreed, ...]:
    """The cases in which facts about a citizen may be asked by her own word, and where she took that back; newest first."""
    if not actor.subject:
        return ()
    found = []
    for case_id, seat, at in session.all(queries.SAT, {"who": actor.subject}):
        one = _agreed(session, kept_case(session, case_id), seat, at)
        if one is not None:
            found.append(one)
    return tuple(found)


def _agreed(session: Session, kept: Kept, seat: str, at: str) -> Agreed | None:
    """Her word as it stands; nothing when it leads to no question about her."""
    service = definition(session, kept.case.digest)
    spec = next((one for one in service.confirming.seats if f"seat:{one.code}" == seat), None)
    asks = spec is not None and any(one.is_of_another and one.key == spec.who for one in service.facts)
    again = service.deciding is not None and service.deciding.again == NIGHT
    stands = not kept.case.ended or (kept.case.state == "granted" and again)
    if spec is None or not asks or not stands or kept.case.tasks[seat].outcome != "confirm":
        return None
    return Agreed(kept.case.case_id, spec, service, at)


def take_back(session: Session, actor: Actor, case_id: str, seat: str, *, now: datetime) -> None:
    """Take one's own word back. Raises Missing when nothing of hers stands there, BadValue when it was taken back before."""
    (kept, found), at = _hers(session, actor, case_id, f"seat:{seat}"), share.moment_text(now)
    if session.run(queries.TAKE_BACK, {"case_id": case_id, "seat": seat, "at": at}) != 1:
        raise BadValue("consent", "已经收回 (it was taken back before)")
    service = found.service
    if kept.case.state == "granted":
        was = str(kept.decision.get("outcome", ""))
        leave_review(session, service, Again(case_id, was, WITHDRAWN, ""), night=share.city_day(now).isoformat(), now=now)
    title = (f"当事人收回同意：办件{case_id}", f"A party took back her consent: case {case_id}")
    zh = f"{found.seat.title.zh}收回同意，此后不再调取其信息。请依法处理，系统不自动停发。"
    en = f"The {found.seat.title.en} took back her consent; nothing more about her is asked. Nothing is stopped by rule."
    share.notify(session, f"department:{service.department}", about_case(case_id, title, (zh, en)), at)
    body = {"act": "withdrawn", "case": case_id, "seat": seat, "department": service.department}
    ledger.append(session, ledger.Line("consent", at, actor.subject, actor.id, "", "", service.purpose, body))


def _hers(session: Session, actor: Actor, case_id: str, seat: str) -> tuple[Kept, Agreed]:
    """A case and what she agreed to there; another's case and no case at all are told alike."""
    kept = case_if_any(session, case_id) if actor.subject else None
    task = kept.case.tasks.get(seat) if kept else None
    if kept is not None and task is not None and task.by == actor.subject:
        found = _agreed(session, kept, seat, "")
        if found is not None:
            return kept, found
    raise Missing("没有这项同意 (there is no such consent)")


__all__ = ["Agreed", "agreed_in_cases", "take_back"]
