"""Every case of a person, and of the firms and wards she answers for: one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import share
from datong.domain.access import Actor
from datong.domain.codes import kind_of
from datong.services import around_queries as queries
from datong.services.store_case import definition
from datong.spec import Service
from datong.store import Row, Session


@dataclass(frozen=True)
class Dealing:
    """A case as the list of all dealings names it. `own`: it is hers; `opens`: or of an organisation she represents, and its page opens."""

    case_id: str
    service: Service
    state: str
    begun_at: str
    changed_at: str
    own: bool
    opens: bool


def dealings(session: Session, actor: Actor, *, now: datetime) -> tuple[Dealing, ...]:
    """The cases of a citizen and of whom she represents, the latest change first, at most 200."""
    if not actor.subject:
        return ()
    codes = tuple(share.represented(session, actor.subject, share.city_day(now)))
    codes = tuple(dict.fromkeys((actor.subject, *codes)))
    params = {f"c{number}": code for number, code in enumerate(codes)}
    rows = session.all(queries.CASES_OF_MANY.format(marks=", ".join(f":{name}" for name in params)), params)
    return tuple(_dealing(session, actor, row) for row in rows)


def _dealing(session: Session, actor: Actor, row: Row) -> Dealing:
    own = row[4] == actor.subject
    opens = own or kind_of(str(row[4])) == "organisation"
    return Dealing(row[0], definition(session, row[2]), row[3], row[5], row[6], own, opens)
