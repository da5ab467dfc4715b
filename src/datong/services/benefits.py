"""What handling a case here saved people against the old way: trips, papers, fees, days, in numbers that can be counted again.

The old way stands with the item (`saved:`), as its department states it; the new way is what the case itself shows. Only a granted case
saved anything. A measure that an item does not state is not counted for it. What a trip or a paper is worth is dated data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from datong import share
from datong.domain.access import Actor
from datong.services import around_queries as queries
from datong.services.clocks import Working
from datong.services.installed import items
from datong.services.store_case import definition
from datong.services.terms import UnitCost, costs_of, terms
from datong.spec import Service
from datong.store import Session

AT_ONCE = 2000
LAG = timedelta(minutes=10)
"""A case is counted this long after its end: who commits late is not passed over."""
BOARD = "board.read"
AT_COUNTER = ("officer",)


@dataclass(frozen=True)
class Saved:
    """A month of an item: how many cases ended, were granted, needed no counter; what those granted saved against the old way.

    `stated` says which measures the item states; fees in fen, days in working days. `fen` is the worth of trips, papers and fees.
    """

    month: str
    service: str
    cases: int
    granted: int
    online: int
    visits: int
    papers: int
    fees: int
    days: int
    stated: tuple[str, ...] = ()
    fen: int = 0


@dataclass(frozen=True)
class Benefits:
    """The board: rows by month and item, their sum, the unit costs that were used, and until when cases were counted."""

    rows: tuple[Saved, ...]
    costs: tuple[UnitCost, ...]
    counted_until: str

    @property
    def total(self) -> Saved:
        """All rows together."""
        names = ("cases", "granted", "online", "visits", "papers", "fees", "days", "fen")
        sums = {name: sum(getattr(one, name) for one in self.rows) for name in names}
        return Saved("", "", **sums)


def count_benefits(session: Session, *, now: datetime, most: int = AT_ONCE) -> int:
    """Count the cases that ended since the last count, at most so many; how many. Call again until it answers 0."""
    row = session.one(queries.COUNTED_UNTIL)
    after = {"after": row[0], "case_id": row[1]} if row else {"after": "", "case_id": ""}
    ended = session.all(queries.ENDED_SINCE, {**after, "before": share.moment_text(now - LAG), "most": most})
    if ended:
        working = items(session).working
        session.many(queries.ADD_BENEFIT, [_counted(definition(session, one[2]), one, working) for one in ended])
    return len(ended)


def _counted(service: Service, row: tuple[str, ...], working: Working) -> dict[str, str | int]:
    case_id, code, _, department, state, _, facts, _, begun_at, ended_at = row
    held = json.loads(facts)
    begun, ended = share.day_of(begun_at), share.day_of(ended_at)
    at_counter = int(held.get("channel", "officer") in AT_COUNTER)
    now = {"visits": at_counter, "papers": len(held.get("documents", {})), "fees": _fees(service), "days": working.gone(begun, ended)}
    granted = state == "granted"
    saved = {name: service.saved[name] - spent if granted and name in service.saved else 0 for name, spent in now.items()}
    named = {"case_id": case_id, "service": code, "department": department, "month": ended[:7], "state": state, "ended_at": ended_at}
    return {**named, "online": 1 - at_counter, **saved}


def _fees(service: Service) -> int:
    """What the item costs, in fen."""
    return sum(int(Decimal(one.amount) * 100) for one in service.fees if one.amount.replace(".", "", 1).isdigit())


def benefits(session: Session, actor: Actor, since: str, until: str) -> Benefits:
    """The board from one month to another (`2026-01`). Raises Forbidden."""
    share.installed(session).must(actor, BOARD)
    held, known = terms(session), items(session).services
    rows: list[Saved] = []
    used: dict[tuple[str, str], UnitCost] = {}
    for row in session.all(queries.BENEFITS, {"since": since, "until": until}):
        costs = costs_of(held, row[0])
        used |= {(one.what, one.since): one for one in costs.values()}
        visits, papers, fees = int(row[5]), int(row[6]), int(row[7])
        fen = fees + sum(count * costs[what].fen for what, count in (("visit", visits), ("paper", papers)) if what in costs)
        stated = tuple(known[row[1]].saved) if row[1] in known else ()
        cases, granted, online, days = (int(row[number]) for number in (2, 3, 4, 8))
        rows.append(Saved(row[0], row[1], cases, granted, online, visits, papers, fees, days, stated, fen))
    last = session.one(queries.COUNTED_UNTIL)
    return Benefits(tuple(rows), tuple(used.values()), str(last[0]) if last else "")
