"""Supervision in one place: what the departments inspected, fined, permitted or listed, by organisation; and which of the city's
supervision items have data at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from datong.domain.access import Actor, Answer, Question, SharedEvent
from datong.domain.errors import BadValue
from datong.share.catalogue.find import newest_deliveries
from datong.share.events import ANY
from datong.share.flow import ask
from datong.share.installed import installed
from datong.share.keys import read_key
from datong.share.supervision_items import Item, read_items
from datong.share.words import EVENT
from datong.spec import Faults
from datong.store import Session, marks

PURPOSE = "supervision"
KEYS = ("code", "credit_code", "org_name")
AT_ONCE = 20
_RECORDS = "SELECT resource, count(DISTINCT record_id) FROM member WHERE resource IN ({resources}) GROUP BY resource"


@dataclass(frozen=True)
class CoveredItem:
    """A supervision item with what there is of it: records, and the day of the newest delivery."""

    item: Item
    records: int = 0
    newest: str = ""

    @property
    def covered(self) -> bool:
        """Whether records of it can be seen."""
        return self.records > 0


@dataclass(frozen=True)
class Covered:
    """One department's supervision items."""

    department: str
    items: tuple[CoveredItem, ...]

    @property
    def with_data(self) -> int:
        """How many have records."""
        return sum(one.covered for one in self.items)


def coverage(session: Session) -> tuple[Covered, ...]:
    """Every supervision item with the records there are of it, by department. No organisation is named: nothing is read of anybody."""
    items = read_items(installed(session).packs, Faults())
    resources = sorted({one.resource for one in items if one.resource})
    params = {f"r{at}": name for at, name in enumerate(resources)}
    counts: Mapping[str, int] = {}
    if params:
        counts = {resource: int(number) for resource, number in session.all(_RECORDS.format(resources=marks(params)), params)}
    newest = newest_deliveries(session)
    by: dict[str, list[CoveredItem]] = {}
    for one in items:
        by.setdefault(one.department, []).append(CoveredItem(one, counts.get(one.resource, 0), newest.get(one.resource, "")))
    return tuple(Covered(department, tuple(found)) for department, found in by.items())


def supervised(session: Session, actor: Actor, text: str, *, now: datetime | None = None) -> Answer:
    """What was done about one organisation, by credit code, name or permanent code. Raises BadValue for another key."""
    key = read_key(text)
    if key.type not in KEYS:
        raise BadValue("key", "请填写统一社会信用代码或企业名称 (write a credit code or the name of a business)")
    return ask(session, actor, Question(PURPOSE, "look_up", "organisation", key), now=now)


def supervised_here(session: Session, actor: Actor, kind: str = "", cursor: str = "", *, now: datetime | None = None) -> Answer:
    """The organisations of the actor's own divisions with something done about them, of one kind or any, a page at a time."""
    where = ((EVENT, kind or ANY),)
    return ask(session, actor, Question(PURPOSE, "list", "organisation", where=where, cursor=cursor, limit=AT_ONCE), now=now)


def by_kind(events: Iterable[SharedEvent]) -> dict[str, int]:
    """Kind → how many."""
    return dict(Counter(one.kind for one in events))
