"""The sharing board in figures: each with its denominator. Nobody is singled out: departments and resources are counted, not people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.share import catalogue
from datong.share.boards import queries
from datong.share.boards.counts import count_exchanges, exchanges
from datong.share.catalogue import queries as catalogue_queries
from datong.share.catalogue.find import newest_deliveries
from datong.share.freshness import fresh_by
from datong.share.installed import Installed, installed, moment
from datong.share.quality import Rate
from datong.share.workdays import city_day
from datong.store import Session

READ = "board.read"
SATISFIED, UNSATISFIED = ("accepted", "partly", "agreed", "delivered"), ("refused", "mediation")
WAITING = ("submitted", "incomplete", "review")
"""States of a sharing request, by what became of it; drafts and withdrawn ones are neither."""
LIGHTS = ("green", "yellow", "red", "grey")


@dataclass(frozen=True)
class Kept:
    """One kind of clock of one department: ended in time, late, still running."""

    department: str
    kind: str
    in_time: int
    late: int
    running: int

    @property
    def rate(self) -> Rate:
        """In time of all that are decided."""
        return Rate(self.in_time, self.in_time + self.late)


@dataclass
class Part:
    """One department on the board."""

    department: str
    classes: dict[str, int] = field(default_factory=dict)
    """Sharing class → resources."""
    systems: int = 0
    rows: int = 0
    """Records that stand in its newest deliveries."""
    fresh: dict[str, int] = field(default_factory=dict)
    """Light → resources."""
    given_to: frozenset[str] = frozenset()
    """Departments whose agreements read something of it."""
    shared: int = 0
    """Resources of which an agreement reads something."""
    asked: int = 0
    """Its own reads answered."""
    refused: int = 0
    marks: int = 0
    late_marks: int = 0

    @property
    def resources(self) -> int:
        """How many it has in the catalogue."""
        return sum(self.classes.values())


@dataclass(frozen=True)
class Board:
    """Everything the sharing board shows."""

    parts: tuple[Part, ...]
    classes: Mapping[str, int]
    months: tuple[tuple[str, int, int], ...]
    """Month, reads answered, reads refused."""
    counted_all: bool
    entries: Mapping[str, int]
    clocks: tuple[Kept, ...]
    reads: Rate
    """Reads answered of all that were asked."""
    demands: Rate
    """Demands met of all that were entered."""
    requests: Rate
    """Sharing requests agreed to of all that were answered."""
    open_requests: int
    conflicts: int

    def total(self, name: str) -> int:
        """The sum of a figure over the departments."""
        return sum(getattr(one, name) for one in self.parts)

    @property
    def providing(self) -> int:
        """Departments with something in the catalogue."""
        return sum(one.resources > 0 for one in self.parts)

    @property
    def receiving(self) -> int:
        """Departments that may read something of another."""
        return len({who for one in self.parts for who in one.given_to if who != one.department})


def must_read(session: Session, actor: Actor) -> Installed:
    """Raises Forbidden for a person without `board.read`; a system with a key may read figures of departments."""
    parts = installed(session)
    if actor.kind != "system" and not parts.may(actor, READ):
        raise Forbidden("您的岗位不能查看共享看板 (your post lacks board.read)")
    return parts


def department_title(session: Session, code: str) -> str:
    """What a department is called, in Chinese."""
    return installed(session).sharing.department_words(code)[0]


def board(session: Session, actor: Actor, *, now: datetime | None = None) -> Board:
    """The figures of today. Counts the record up to now first. Raises Forbidden without `board.read`."""
    parts = must_read(session, actor)
    counted_all = count_exchanges(session)
    by_month, by_department = exchanges(session)
    today = city_day(moment(now))
    departments = department_parts(session, parts, by_department, today)
    requests, still_open = _requests(session)
    demanded = {state: int(number) for state, number in session.all(queries.DEMANDS)}
    answered = sum(_answered(one) for one in by_department.values())
    refused = sum(one.get("refusal", 0) for one in by_department.values())
    return Board(
        tuple(departments),
        _summed([one.classes for one in departments]),
        tuple((month, _answered(one), one.get("refusal", 0)) for month, one in sorted(by_month.items())[-24:]),
        counted_all,
        {kind: int(number) for kind, number in session.all(queries.ENTRIES)},
        clocks_kept(session, today),
        Rate(answered, answered + refused),
        Rate(demanded.get("met", 0), sum(demanded.values())),
        requests,
        still_open,
        catalogue.count_conflicts(session),
    )


def _answered(one: Mapping[str, int]) -> int:
    return one.get("read", 0) + one.get("unmask", 0)


def _summed(many: list[dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in many:
        for key, number in one.items():
            found[key] = found.get(key, 0) + number
    return found


def department_parts(session: Session, parts: Installed, asked: Mapping[str, Mapping[str, int]], today: date) -> list[Part]:
    """Every department with its figures, in the order of the packs."""
    found = {code: Part(code) for code in parts.packs.departments}
    for department, sharing_class, number in session.all(catalogue_queries.BY_DEPARTMENT):
        found.setdefault(department, Part(department)).classes[sharing_class] = int(number)
    for department, number in session.all(catalogue_queries.COUNT_SYSTEMS):
        found.setdefault(department, Part(department)).systems = int(number)
    for department, number, late in session.all(queries.MARKS, {"today": today.isoformat()}):
        if department in found:
            found[department].marks, found[department].late_marks = int(number), int(late)
    rows, newest = rows_held(session), newest_deliveries(session)
    for resource, department, cycle in session.all(catalogue_queries.CYCLES):
        part = found.setdefault(department, Part(department))
        light = fresh_by(newest.get(resource, ""), cycle, today).light
        part.fresh[light] = part.fresh.get(light, 0) + 1
        part.rows += rows.get(resource, 0)
    for department, (resources, receivers) in given(parts).items():
        found[department].shared, found[department].given_to = len(resources), frozenset(receivers)
    for department, counts in asked.items():
        if department in found:
            found[department].asked, found[department].refused = _answered(counts), counts.get("refusal", 0)
    return list(found.values())


def given(parts: Installed) -> dict[str, tuple[set[str], set[str]]]:
    """Department → its resources of which some agreement reads something, and the departments that do."""
    readers: dict[tuple[str, str], set[str]] = {}
    for agreement in parts.sharing.agreements.values():
        for name in (*agreement.fields, *agreement.claims):
            for who in agreement.requesting:
                if who in parts.packs.departments:
                    readers.setdefault((agreement.register, name), set()).add(who)
    found: dict[str, tuple[set[str], set[str]]] = {}
    for source in parts.packs.sources.values():
        cells = [(subject.kind, name) for subject in source.subjects.values() for name in subject.fields]
        receivers = {one for cell in cells for one in readers.get(cell, ())}
        if receivers:
            kept = found.setdefault(source.department, (set(), set()))
            kept[0].add(source.resource)
            kept[1].update(receivers)
    return found


def rows_held(session: Session) -> dict[str, int]:
    """Records by resource: those of the newest full delivery, and what came since."""
    found: dict[str, int] = {}
    for resource, mode, _, _, receipt in session.all(queries.ROWS):
        counts = json.loads(receipt)
        rows = int(counts.get("accepted", 0))
        found[resource] = rows if mode == "full" else found.get(resource, 0) + int(counts.get("new", rows))
    return found


def clocks_kept(session: Session, today: date) -> tuple[Kept, ...]:
    """Clocks by department and kind: of the catalogue, of corrections, and those that run for sharing requests."""
    asked = {"today": today.isoformat()}
    found = [
        Kept(department, kind, int(a), int(b), int(c)) for department, kind, a, b, c in session.all(catalogue_queries.CLOCKS_KEPT, asked)
    ]
    found += [Kept(department, "request", 0, int(late), int(runs)) for department, late, runs in session.all(queries.LATE_REQUESTS, asked)]
    found += [Kept(department, "dispute", int(a), int(b), int(c)) for department, a, b, c in session.all(queries.DISPUTES, asked)]
    return tuple(found)


def _requests(session: Session) -> tuple[Rate, int]:
    """Sharing requests: agreed to (wholly or in part) of those that were answered, and how many still wait for an answer."""
    found = {state: int(number) for state, number in session.all(queries.REQUESTS)}
    satisfied = sum(found.get(state, 0) for state in SATISFIED)
    refused = sum(found.get(state, 0) for state in UNSATISFIED)
    return Rate(satisfied, satisfied + refused), sum(found.get(state, 0) for state in WAITING)
