"""The library of licences: types, one licence, all of a holder, all of a type; what each asker may see of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import Forbidden, Missing
from datong.licences import credential, queries
from datong.licences.licence import Licence
from datong.spec import LicenceType
from datong.store import Row, Session


@dataclass(frozen=True)
class Stock:
    """How many licences of a type there are, by state as of today."""

    type: LicenceType
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """All that were issued and not replaced by a newer version."""
        return sum(self.states.values())


def types(session: Session) -> Mapping[str, LicenceType]:
    """The city's catalogue of licence types."""
    return share.installed(session).packs.licences


def type_of(session: Session, code: str) -> LicenceType:
    """One type. Raises Missing."""
    found = types(session).get(code)
    if found is None:
        raise Missing(f"没有这种证照 (no pack describes the licence type {code!r})")
    return found


def newest(session: Session, licence_id: str, today: str) -> Licence:
    """The newest version of a licence, whole, for the acts on it. Raises Missing."""
    row = session.one(queries.NEWEST, {"licence_id": licence_id})
    if row is None:
        raise Missing("没有这份证照 (there is no such licence)")
    return read_row(row, today)


def by_identifier(session: Session, identifier: str, today: str) -> Licence | None:
    """The version of a licence with this number, or nothing."""
    row = session.one(queries.BY_IDENTIFIER, {"identifier": identifier})
    return read_row(row, today) if row else None


def of_holder(session: Session, actor: Actor, holder: str = "", *, now: datetime | None = None) -> tuple[Licence, ...]:
    """A holder's licences with what they state, newest first: for herself, for whom she acts for, without `holder` for all of them.

    Raises Forbidden for anybody else: an officer sees a licence when its holder shows it, or has agreed.
    """
    at = share.moment(now)
    day = share.city_day(at)
    if actor.kind != "citizen" or not actor.subject or (holder and not share.may_act_for(session, actor.subject, holder, day)):
        raise Forbidden("只能查看本人或所代表企业的证照 (only the holder, or who acts for her, sees all her licences)")
    codes = (holder,) if holder else share.represented(session, actor.subject, day)
    rows = [row for code in codes for row in session.all(queries.OF_HOLDER, {"holder": code})]
    return tuple(with_facts(session, read_row(row, day.isoformat())) for row in rows)


def own(session: Session, actor: Actor, licence_id: str, at: datetime) -> Licence:
    """A licence of the citizen's own, or of somebody she acts for. Raises Missing, so that nobody learns what there is."""
    day = share.city_day(at)
    row = session.one(queries.NEWEST, {"licence_id": licence_id})
    if row is None or actor.kind != "citizen" or not share.may_act_for(session, actor.subject, row[4], day):
        raise Missing("没有这份证照 (you have no such licence)")
    return with_facts(session, read_row(row, day.isoformat()))


def versions(session: Session, licence_id: str, today: str) -> tuple[Licence, ...]:
    """Every version of a licence, the newest first, without what it states."""
    return tuple(read_row(row, today) for row in session.all(queries.VERSIONS, {"licence_id": licence_id}))


def of_type(session: Session, actor: Actor, type_code: str, after: str = "", limit: int = 50, *, now: datetime) -> tuple[Licence, ...]:
    """The issuing department's own licences of a type, without what they state, page by page. Raises Forbidden, Missing."""
    kind = type_of(session, type_code)
    share.installed(session).must(actor, "licences.issue")
    if actor.department != kind.department:
        raise Forbidden("只能查看本部门签发的证照 (a department lists the licences that it issues)")
    rows = session.all(queries.OF_TYPE, {"type": type_code, "after": after, "limit": max(1, min(limit, 200))})
    return tuple(read_row(row, share.city_day(now).isoformat()) for row in rows)


def stock(session: Session, *, now: datetime) -> tuple[Stock, ...]:
    """The whole catalogue with how many licences there are of each type, live types first."""
    counted: dict[str, dict[str, int]] = {}
    for code, state, count, over in session.all(queries.COUNT_BY_STATE, {"today": share.city_day(now).isoformat()}):
        states = counted.setdefault(code, {})
        for name, amount in ((state, int(count) - int(over or 0)), ("expired", int(over or 0))):
            if amount:
                states[name] = states.get(name, 0) + amount
    found = [Stock(kind, counted.get(code, {})) for code, kind in types(session).items()]
    return tuple(sorted(found, key=lambda one: (not one.type.live, one.type.department, one.type.code)))


def with_facts(session: Session, licence: Licence) -> Licence:
    """The licence with what it states."""
    return replace(licence, facts=credential.facts_of(licence.credential, type_of(session, licence.type)))


def read_row(row: Row, today: str) -> Licence:
    """A row of the library; one whose last day is over has expired."""
    found = Licence(*row)
    if found.state == "valid" and today and found.valid_until < today:
        return replace(found, state="expired")
    return found
