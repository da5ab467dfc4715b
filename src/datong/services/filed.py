"""What was sold compared with what was filed: the contracts that a fact lists, against the cases of another item that name them.

What lacks is seen by applicant and lead with its number and place, and a task is held until nothing does. Nobody counts by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from datong.domain.errors import BadValue
from datong.services import money_queries as queries
from datong.services.facts import asking_for, gather
from datong.services.known import Known, from_snapshot
from datong.services.state import ENDS
from datong.services.store_case import Kept
from datong.spec import Service
from datong.store import Session

SHOWN = 12
"""So many are named in a refusal; the page lists all."""
FAILED = tuple(one for one in ENDS if one != "granted")
_BLANKS = re.compile(r"[\s·•．.,，、;；:：()（）#\-—_/]+")


@dataclass(frozen=True)
class Sold:
    """One thing sold: its contract's number, where it is, whether the other item was applied for; `here`: of this application."""

    number: str
    place: str
    filed: bool
    here: bool


def note_filed(session: Session, service: Service, kept: Kept, fields: Mapping[str, str]) -> None:
    """Keep the number under which a case is looked for by another item's comparison; nothing for items that none compares with."""
    number = str(kept.form.get(fields.get(service.code, ""), "")).strip()
    if number:
        session.run(queries.NOTE_FILED, {"item": service.code, "number": number, "case_id": kept.case.case_id})


def sold_of(session: Session, service: Service, kept: Kept, facts: Mapping[str, Known] | None = None) -> tuple[Sold, ...]:
    """Everything the fact lists, the missing first. Those whose place names none of the application's own words are of another one."""
    spec = service.filed
    if spec is None:
        return ()
    known = facts if facts is not None else from_snapshot(kept.facts.get("facts", {}))
    listed = known[spec.sold].listed if spec.sold in known else ()
    filed = _filed(session, spec.item)
    words = [_plain(str(kept.form.get(name, ""))) for name in spec.place]
    found = []
    for number, place in listed:
        here = all(one in _plain(place) for one in words if one)
        found.append(Sold(number, place, number in filed, here))
    return tuple(sorted(found, key=lambda one: (not one.here, one.filed, one.place, one.number)))


def _filed(session: Session, item: str) -> set[str]:
    return {str(row[0]) for row in session.all(queries.FILED, {"item": item, **{f"e{at}": one for at, one in enumerate(FAILED)}})}


def _plain(text: str) -> str:
    return _BLANKS.sub("", text).upper()


def check_filed(session: Session, service: Service, kept: Kept, task: str, outcome: str, *, now: datetime) -> None:
    """Raises BadValue when a task is to be agreed that is held until everything sold, by today's contracts, is filed."""
    spec = service.filed
    if spec is None or task != spec.holds or outcome != "agree":
        return
    known = from_snapshot(kept.facts.get("facts", {}))
    fresh = gather(session, asking_for(service, kept, now), {spec.sold}, {code: one for code, one in known.items() if code != spec.sold})
    if fresh.get(spec.sold) is not None and fresh[spec.sold].state != "down":
        known = fresh
    lacking = [one for one in sold_of(session, service, kept, known) if one.here and not one.filed]
    if lacking:
        named = "；".join(f"{one.number} {one.place}" for one in lacking[:SHOWN])
        raise BadValue("task", f"还有{len(lacking)}套已售房屋没有提交转移登记申请，不能发证：{named} (sold homes have not been filed)")
