"""The index: by one number, which departments know something of a person or an organisation, and how fresh it is. No content is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import registers
from datong.domain.access import Actor, Answer, Key, Question, Reason
from datong.share import queries
from datong.share.flow import ask
from datong.share.installed import installed
from datong.share.keys import register_of
from datong.store import Session

PURPOSE = "credit_index"


@dataclass(frozen=True)
class Known:
    """What one department's resource holds of a subject: how many records, the newest, and how often it is delivered."""

    department: str
    resource: str
    records: int
    newest: str
    cycle: str


def who_knows(session: Session, actor: Actor, key: Key, reason: Reason, *, now: datetime | None = None) -> tuple[Answer, tuple[Known, ...]]:
    """Ask the index by a citizen number or a credit code. It leaves its line like any read; refused, it tells nothing."""
    register = register_of(key)
    answer = ask(session, actor, Question(PURPOSE, "look_up", register, key, reason=reason), now=now)
    if answer.outcome != "found":
        return answer, ()
    sources = installed(session).packs.sources
    counted: dict[str, tuple[int, str]] = {}
    for code in registers.family_of(session, answer.entries[0].code):
        for resource, number, newest in session.all(queries.RECORDS_OF, {"code": code}):
            held, day = counted.get(resource, (0, ""))
            counted[resource] = (held + int(number), max(day, newest))
    found = [Known(sources[r].department, r, n, day, sources[r].update_cycle) for r, (n, day) in counted.items() if r in sources]
    return answer, tuple(sorted(found, key=lambda one: (one.department, one.resource)))
