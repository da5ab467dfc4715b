"""Which applications use shared data: who answers for each, what it reads, how often, when last, and what it may read and does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from datong.domain.access import Actor, Purpose
from datong.share.agreement import CITIZEN, PUBLIC, Agreement
from datong.share.installed import installed, moment
from datong.share.requests import queries
from datong.share.workdays import city_day
from datong.store import Session

READ = "board.read"


@dataclass(frozen=True)
class ApplicationUse:
    """One application, as it stands and is used. `lines`: reads in the period; `last`: the day of the newest; both empty when unused."""

    purpose: Purpose
    users: tuple[str, ...]
    """Departments that may ask."""
    reads: Mapping[str, tuple[str, ...]]
    """Register → fields."""
    agreements: tuple[str, ...]
    special: bool
    """A pack of its own, with a question that proves what it sees."""
    lines: int
    last: str
    unused: Mapping[str, tuple[str, ...]]
    """Register → fields that were granted and not read in the period; empty while nothing at all was read."""

    @property
    def in_use(self) -> bool:
        """Whether it read anything in the period."""
        return self.lines > 0


def applications(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[ApplicationUse, ...]:
    """Every application of departments, those used most first. Raises Forbidden without `board.read`."""
    parts = installed(session)
    parts.must(actor, READ)
    since = (city_day(moment(now)) - timedelta(days=parts.requests.watching.unused_days)).isoformat()
    used = {(row[0], row[1]): (int(row[2]), str(row[3])) for row in session.all(queries.USE_SINCE, {"since": since})}
    by: dict[str, list[Agreement]] = {}
    for agreement in parts.sharing.agreements.values():
        if set(agreement.requesting) - {CITIZEN, PUBLIC}:
            by.setdefault(agreement.purpose, []).append(agreement)
    special = parts.sharing.applications
    found = [_use(parts.sharing.purposes[code], members, used, code in special) for code, members in by.items()]
    return tuple(sorted(found, key=lambda one: (-one.lines, one.purpose.code)))


def _use(purpose: Purpose, members: list[Agreement], used: Mapping[tuple[str, str], tuple[int, str]], special: bool) -> ApplicationUse:
    reads: dict[str, dict[str, None]] = {}
    unused: dict[str, dict[str, None]] = {}
    for one in members:
        names = (*one.fields, *(name for name in one.claims if name not in one.fields))
        reads.setdefault(one.register, {}).update(dict.fromkeys(names))
        if (one.code, "") in used:
            unused.setdefault(one.register, {}).update(dict.fromkeys(name for name in names if (one.code, name) not in used))
    whole = [used[one.code, ""] for one in members if (one.code, "") in used]
    return ApplicationUse(
        purpose,
        tuple(sorted({who for one in members for who in one.requesting if who not in (CITIZEN, PUBLIC)})),
        {register: tuple(names) for register, names in reads.items()},
        tuple(one.code for one in members),
        special,
        sum(lines for lines, _ in whole),
        max((day for _, day in whole), default=""),
        {register: tuple(names) for register, names in unused.items() if names},
    )
