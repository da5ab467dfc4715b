"""When another person has confirmed in her seat, what the item needs to know of her is asked, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from datong.services.facts import asking_for, gather
from datong.services.known import from_snapshot, snapshot
from datong.services.store_case import Kept
from datong.spec import Service
from datong.store import Session


def agreed_seats(kept: Kept) -> frozenset[str]:
    """The seats whose parties have confirmed."""
    return frozenset(code.partition(":")[2] for code, one in kept.case.tasks.items() if one.kind == "seat" and one.outcome == "confirm")


def ask_agreed(session: Session, service: Service, kept: Kept, now: datetime) -> Kept:
    """The case with every fact that waited for a party who has now agreed. Ties that lead to such a fact are asked with it."""
    facts = from_snapshot(kept.facts.get("facts", {}))
    if service.household is not None and kept.case.state == "awaiting":
        return kept  # of a household nothing is read before the last of its adults has agreed
    waiting = {code for code, one in facts.items() if one.state == "waiting"}
    agreed = agreed_seats(kept)
    keys = {one.who for one in service.confirming.seats if one.code in agreed}
    ready = {one.code for one in service.facts if one.code in waiting and (one.key in keys or one.to)}
    if not ready:
        return kept
    now_known = gather(
        session, asking_for(service, kept, now, agreed), ready, {code: one for code, one in facts.items() if code not in ready}
    )
    return replace(kept, facts={**kept.facts, "facts": snapshot(now_known)})
