"""How agreements are used, counted from the record: which fields, by whom, when. The record itself is the truth; this only sums it.

Lines are counted in their order, up to a line that is remembered, so that nothing is counted twice and nothing left out.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from datong.share.installed import Installed, installed, moment
from datong.share.requests import queries
from datong.share.requests.alerts import Touched, raise_alerts, raise_for_lines
from datong.share.requests.standing import Standing
from datong.share.workdays import CITY_TIME, city_day
from datong.store import Session

COUNTED = "use"
MOST_LINES = 50_000
_READS, REFUSAL = ("read", "unmask"), "refusal"


@dataclass
class _Sums:
    """What a stretch of lines adds."""

    fields: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Agreement, field ("" for the line itself), day."""
    by: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Agreement, actor, day."""
    outside: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    departments: dict[str, str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    """Actor and day of refusals → department."""


@dataclass(frozen=True)
class FieldUse:
    """A field of an agreement: in how many lines of the period, and on which day last."""

    field: str
    lines: int
    last: str


@dataclass(frozen=True)
class Usage:
    """The use of an agreement in a period of so many days. `unused` is proposed for withdrawal; empty while the agreement is young."""

    days: int
    lines: int
    fields: tuple[FieldUse, ...]
    unused: tuple[str, ...]
    by_day: tuple[tuple[str, int], ...]


def count_use(session: Session, *, now: datetime | None = None, most: int = MOST_LINES) -> int:
    """Count the lines written since the last count, at most so many; raise alerts for what is out of the ordinary. How many lines."""
    parts = installed(session)
    row = session.one(queries.READ_STATE, {"name": COUNTED})
    rows = session.all(queries.LINES_AFTER, {"after": int(row[0]) if row else -1, "most": most})
    if not rows:
        return 0
    sums = _Sums()
    hours = parts.requests.watching.limit("hours")
    for _, at, kind, actor, department, text in rows:
        if kind in _READS and '"agreement":"' in text:
            _add(sums, datetime.fromisoformat(at).astimezone(CITY_TIME), (actor, department), json.loads(text), hours)
        elif kind == REFUSAL:
            day = datetime.fromisoformat(at).astimezone(CITY_TIME).date().isoformat()
            sums.refused[actor, day] = department
    _write(session, sums)
    session.run(queries.KEEP_STATE, {"name": COUNTED, "value": str(rows[-1][0])})
    touched = [Touched(*key, sums.departments[key[1]], key[1] in sums.people) for key in sums.by]
    raise_alerts(session, parts, touched, moment(now))
    for (actor, day), department in sums.refused.items():
        raise_for_lines(session, "refusals", REFUSAL, Touched("", actor, day, department, True), moment(now))
    return len(rows)


def _add(sums: _Sums, at: datetime, who: tuple[str, str], body: dict[str, Any], hours: Any) -> None:
    agreement, day = str(body.get("agreement", "")), at.date().isoformat()
    if not agreement:
        return
    actor, department = who
    sums.departments[actor] = department
    sums.fields[agreement, "", day] += 1
    for name in set(body.get("fields") or ()):
        sums.fields[agreement, str(name), day] += 1
    sums.by[agreement, actor, day] += 1
    if not body.get("automatic"):
        sums.people.add(actor)
        sums.outside[agreement, actor, day] += bool(hours and not hours.start <= at.hour < hours.end)


def _write(session: Session, sums: _Sums) -> None:
    session.many(
        queries.ADD_USE,
        [{"agreement": one, "field": name, "day": day, "lines": lines} for (one, name, day), lines in sorted(sums.fields.items())],
    )
    session.many(
        queries.ADD_USE_BY,
        [
            {
                "agreement": key[0],
                "actor": key[1],
                "day": key[2],
                "department": sums.departments[key[1]],
                "lines": lines,
                "outside": sums.outside[key],
            }
            for key, lines in sorted(sums.by.items())
        ],
    )


def usage(session: Session, standing: Standing, *, now: datetime | None = None) -> Usage:
    """The use of an agreement that the caller may see, over the period after which a field counts as unused."""
    parts, today = installed(session), city_day(moment(now))
    days = parts.requests.watching.unused_days
    since = (today - timedelta(days=days)).isoformat()
    params = {"agreement": standing.code, "since": since}
    rows = {row[0]: FieldUse(row[0], int(row[1]), row[2]) for row in session.all(queries.USE_OF, params)}
    agreement = standing.agreement
    names = [*agreement.fields, *(name for name in agreement.claims if name not in agreement.fields)]
    unused = [name for name in names if name not in rows]
    by_day = tuple((row[0], int(row[1])) for row in session.all(queries.USE_BY_DAY, params))
    young = _since(parts, standing) > since
    used = tuple(rows.get(name, FieldUse(name, 0, "")) for name in names)
    lines = rows[""].lines if "" in rows else 0
    return Usage(days, lines, used, () if young or standing.state == "terminated" else tuple(unused), by_day)


def _since(parts: Installed, standing: Standing) -> str:
    """The day from which the agreement has been in force with its present fields."""
    live = next((one.live_at for one in standing.versions if one.state == "live"), "")
    if live and len(standing.versions) > 1:
        live = min(one.live_at for one in standing.versions if one.live_at)
    return live[:10] or standing.agreement.valid_from
