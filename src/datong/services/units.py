"""The units whose data an item rests on, and how each stands: answered, waiting for somebody's word, down, asked, late, silent, or at odds.

A unit answers by facts through sharing, by a task of its own, or both; it stands as its worst part does.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from datong import share
from datong.services.clocks import Working
from datong.services.known import Known
from datong.services.state import Task
from datong.services.store_case import Kept
from datong.spec import Service, Unit

STATES = ("differs", "down", "silent", "late", "disputed", "waiting", "asked", "not_asked", "answered")
"""From what an officer looks at first to what is done."""


@dataclass(frozen=True)
class UnitState:
    """One unit: how it stands; for a clock that runs, the task that asks it, or for how many working days its source has been down."""

    unit: Unit
    state: str
    as_of: str = ""
    task: Task | None = None
    down_days: int = 0
    found: tuple[tuple[str, str, Known], ...] = ()
    """What its facts said, for those who may see it: title in both languages, and the fact."""


def units_of(service: Service, kept: Kept, facts: dict[str, Known], working: Working, *, day: str, values: bool) -> tuple[UnitState, ...]:
    """Every unit of the item, in the pack's order. `values`: with what was found; only who decides sees it."""
    return tuple(_stands(service, kept, one, facts, working, day=day, values=values) for one in service.units)


def _stands(service: Service, kept: Kept, unit: Unit, facts: dict[str, Known], working: Working, *, day: str, values: bool) -> UnitState:
    named = [one for one in service.facts if any(fnmatchcase(one.code, name) for name in unit.facts)]
    known = [(one.title.zh, one.title.en, facts[one.code]) for one in named if one.code in facts]
    task = kept.case.tasks.get(unit.task) if unit.task else None
    states = [_of_fact(one) for _, _, one in known] + ([_of_task(task)] if unit.task else [])
    state = min(states, key=STATES.index) if states else "not_asked"
    as_of = max((one.as_of for _, _, one in known), default="")
    down = working.gone(share.day_of(kept.case.begun), day) if state == "down" else 0
    told = tuple(one for one in known if one[2].value) if values else ()
    return UnitState(unit, state, as_of, task, down, told)


def _of_fact(known: Known) -> str:
    return known.state if known.state in ("down", "disputed", "waiting") else "answered"


def _of_task(task: Task | None) -> str:
    if task is None:
        return "not_asked"
    if task.is_open:
        return "late" if task.overdue else "asked"
    return {"refuse": "differs", "silent": "silent", "agree": "answered"}.get(task.outcome, "not_asked")
