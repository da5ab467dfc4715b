"""Find in the catalogue: by any word of names and items, by department and class, page by page; and one item with everything about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.share import queries as share_queries
from datong.share.catalogue import queries
from datong.share.catalogue.item import Basis, Change, Resource, differences, read_body
from datong.share.catalogue.judge import conflicts
from datong.share.catalogue.steps import Clock, clocks_of
from datong.share.catalogue.store_item import EDIT, READ, Entry, draft_of, entry_of, find_entry, must, published, rules_of
from datong.share.freshness import Freshness, fresh_by
from datong.share.installed import installed, moment
from datong.share.workdays import city_day
from datong.store import Session

PAGE, MOST = 30, 500
FILTERS = ("q", "department", "sharing_class", "cycle", "state")


@dataclass(frozen=True)
class Found:
    """One page: its items, how many there are in all, and where the next page begins (empty at the end)."""

    items: tuple[Entry, ...]
    total: int
    next_cursor: str = ""


@dataclass(frozen=True)
class Step:
    """One step that was taken with an item."""

    at: str
    act: str
    by_whom: str
    department: str
    note: str


@dataclass(frozen=True)
class Version:
    """One published version: its number, when, by whom, and what changed since the one before."""

    version: int
    published_at: str
    by_whom: str
    note: str
    changes: tuple[Change, ...] | None
    """Nothing for the oldest one shown."""


@dataclass(frozen=True)
class Opened:
    """One item with everything about it. `item` is the version that holds, or the draft for those who work on it."""

    entry: Entry
    item: Resource
    draft: Resource | None
    draft_changes: tuple[Change, ...]
    versions: tuple[Version, ...]
    steps: tuple[Step, ...]
    clocks: tuple[Clock, ...]
    conflicts: tuple[tuple[str, tuple[Basis, ...]], ...]
    fresh: Freshness


def find(session: Session, actor: Actor, wanted: Mapping[str, str] | None = None, *, cursor: str = "", size: int = PAGE) -> Found:
    """One page of the catalogue. `wanted` limits by FILTERS: `q` holds words which must all occur, `state` is published, draft
    or withdrawn. Items still in draft are shown to their own department and the authority. Raises Forbidden, BadValue."""
    must(session, actor, READ)
    where, params = _where(session, actor, dict(wanted or {}))
    total = session.one(queries.HOW_MANY.format(where=where), params)
    if cursor:
        rank, _, number = cursor.partition(".")
        if not (rank in ("0", "1") and number.isdigit() and len(number) < 16):
            raise BadValue("cursor", "不是目录给出的翻页位置", "从第一页开始")
        where += f" AND ({queries.RANK}, number) > (:after_rank, :after)"
        params |= {"after_rank": int(rank), "after": int(number)}
    most = max(1, min(size, MOST))
    rows = session.all(queries.FIND.format(where=where), params | {"most": most + 1})
    items = tuple(entry_of(row[:-1]) for row in rows[:most])
    after = f"{rows[most - 1][-1]}.{items[-1].number}" if len(rows) > most else ""
    return Found(items, int(total[0]) if total else 0, after)


def _where(session: Session, actor: Actor, wanted: dict[str, str]) -> tuple[str, dict[str, Any]]:
    parts, params = words_where(wanted.get("q", ""))
    params["first"] = params.get("word0", "%%")
    for name in ("department", "sharing_class", "cycle"):
        if wanted.get(name):
            parts.append(f"{name} = :{name}")
            params[name] = wanted[name]
    state = wanted.get("state") or "published"
    if state not in ("published", "draft", "withdrawn"):
        raise BadValue("state", "不是目录的状态", "写 published、draft 或 withdrawn")
    parts.append("step <> ''" if state == "draft" else "state = :state")
    if state != "draft":
        params["state"] = state
    elif actor.department != rules_of(session).authority:
        parts.append("department = :own")
        params["own"] = actor.department
    return " AND ".join(parts), params


def words_where(text: str) -> tuple[list[str], dict[str, Any]]:
    """The conditions by which a row's `search` holds every word of a text (the first eight), with their values."""
    words = text.lower().split()[:8]
    parts = [f"search LIKE :word{number} ESCAPE '!'" for number in range(len(words))]
    return parts, {f"word{number}": _like(word) for number, word in enumerate(words)}


def _like(word: str) -> str:
    return "%" + word.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"


def open_item(session: Session, actor: Actor, resource: str, *, now: datetime | None = None) -> Opened:
    """One item with versions, steps, clocks, conflicts of its acts and measured freshness. Raises Missing for another
    department's draft."""
    must(session, actor, READ)
    entry = find_entry(session, resource)
    stands, draft = published(session, entry), draft_of(entry)
    works = _works_on(session, actor, entry)
    if stands is None and not works:
        raise Missing("目录中没有这个资源 (the catalogue has no such resource)")
    item = stands or draft
    assert item is not None
    return Opened(
        entry,
        item,
        draft if works else None,
        differences(stands, draft) if works and stands and draft else (),
        _versions(session, resource),
        tuple(Step(*row) for row in session.all(queries.STEPS, {"resource": resource})) if works else (),
        clocks_of(session, resource, now=now),
        conflicts(item),
        freshness(session, entry, city_day(moment(now))),
    )


def _works_on(session: Session, actor: Actor, entry: Entry) -> bool:
    return actor.department in (entry.department, rules_of(session).authority)


def may_edit(session: Session, actor: Actor, entry: Entry) -> bool:
    """Whether the actor may enter a new draft of this item."""
    granted = installed(session).permissions(actor)
    return EDIT in granted and entry.origin != "pack" and _works_on(session, actor, entry)


def _versions(session: Session, resource: str) -> tuple[Version, ...]:
    rows = [(int(row[0]), read_body(row[1]), *row[2:]) for row in session.all(queries.VERSIONS, {"resource": resource})]
    found = []
    for at, (number, body, published_at, by_whom, note) in enumerate(rows):
        earlier = rows[at + 1][1] if at + 1 < len(rows) else None
        found.append(Version(number, published_at, by_whom, note, differences(earlier, body) if earlier else None))
    return tuple(found)


def freshness(session: Session, entry: Entry, today: date) -> Freshness:
    """Measured freshness: grey when nothing was ever delivered."""
    row = session.one(queries.DELIVERED, {"resource": entry.resource})
    number, newest = (int(row[0]), row[1] or "") if row else (0, "")
    return fresh_by(newest, entry.cycle, today, number)


def newest_deliveries(session: Session) -> dict[str, str]:
    """Resource → day of its newest data."""
    return dict(session.all(share_queries.NEWEST_DELIVERIES))


def systems(session: Session, actor: Actor, department: str = "") -> list[tuple[str, str, str, str, int, int]]:
    """Systems with the number of their resources: number, department, title, what for, in use, resources."""
    must(session, actor, READ)
    return [(row[0], row[1], row[2], row[3], int(row[4]), int(row[5])) for row in session.all(queries.SYSTEMS, {"department": department})]


def count_conflicts(session: Session) -> int:
    """How many published items have acts that differ on what may be shared."""
    return len(session.all(queries.IN_CONFLICT, {"most": MOST}))


def in_conflict(session: Session, actor: Actor) -> tuple[tuple[Entry, tuple[tuple[str, tuple[Basis, ...]], ...]], ...]:
    """Every published item whose acts differ on what may be shared, with the acts in order of rank."""
    must(session, actor, READ)
    found = []
    for row in session.all(queries.IN_CONFLICT, {"most": MOST}):
        entry = entry_of(row)
        item = published(session, entry)
        if item is not None:
            found.append((entry, conflicts(item)))
    return tuple(found)
