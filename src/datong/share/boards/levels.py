"""Bodies counted by level, for the directory and the boards: who is joined, who has a key, which slots are kept open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from datong.domain.access import Actor
from datong.share.boards.board import Part, board
from datong.share.boards.counts import exchanges
from datong.share.catalogue.store_item import READ, must
from datong.share.installed import Installed, installed
from datong.spec import BODY_LEVELS, Department
from datong.store import Session

_KEYS = "SELECT department, count(*) FROM api_key WHERE state = 'active' GROUP BY department"


@dataclass(frozen=True)
class Body:
    """One body with how it is joined. `state`: joined (it sends, reads or provides), ready (a key is issued), slot (kept open)."""

    department: Department
    state: str
    systems: int
    resources: int
    keys: int
    sent: int
    read: int


@dataclass(frozen=True)
class LevelCount:
    """One level on the board: bodies, those joined, systems, resources, rows, records sent and reads answered."""

    level: str
    bodies: int
    joined: int
    systems: int
    resources: int
    rows: int
    sent: int
    read: int


def directory(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[tuple[LevelCount, ...], tuple[Body, ...]]:
    """Every body by level with how it is joined, and the levels counted. Raises Forbidden without `catalogue.read`."""
    must(session, actor, READ)
    parts = installed(session)
    figures = board(session, _COUNTING, now=now)
    return by_level(session, figures.parts), _bodies(session, parts, {one.department: one for one in figures.parts})


_COUNTING = Actor("levels", "", "system")
"""Figures of bodies are everybody's who reads the catalogue."""


def by_level(session: Session, figures: Sequence[Part]) -> tuple[LevelCount, ...]:
    """The figures of the board, level by level."""
    parts = installed(session)
    rows = {one.department: one.rows for one in figures}
    bodies = _bodies(session, parts, {one.department: one for one in figures})
    found = []
    for level in BODY_LEVELS:
        members = [one for one in bodies if one.department.level == level]
        held = sum(rows.get(one.department.code, 0) for one in members)
        counted = [sum(getattr(one, name) for one in members) for name in ("systems", "resources", "sent", "read")]
        joined = sum(one.state == "joined" for one in members)
        found.append(LevelCount(level, len(members), joined, counted[0], counted[1], held, counted[2], counted[3]))
    return tuple(found)


def _bodies(session: Session, parts: Installed, figures: Mapping[str, Part]) -> tuple[Body, ...]:
    _, by_department = exchanges(session)
    keys = {department: int(number) for department, number in session.all(_KEYS)}
    order = {level: at for at, level in enumerate(BODY_LEVELS)}
    found = []
    for code, one in parts.packs.departments.items():
        counts, part = by_department.get(code, {}), figures.get(code, Part(code))
        sent, read = counts.get("push", 0), counts.get("read", 0) + counts.get("unmask", 0)
        state = "joined" if sent or read or part.resources else "ready" if keys.get(code) else "slot"
        found.append(Body(one, state, part.systems, part.resources, keys.get(code, 0), sent, read))
    return tuple(sorted(found, key=lambda body: (order[body.department.level], body.department.division)))
