"""Everybody who was granted something on conditions, tested again: facts asked anew, all decided in one query.

Nothing is taken away by rule. A verdict that is no longer what it was is a review for the department (`nightly.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from datong import rules, share
from datong.domain.errors import BadValue
from datong.services import queries
from datong.services.deciding import DOUBT, doubts_of
from datong.services.facts import asking_for, recheck
from datong.services.known import snapshot
from datong.services.sources import facts_of, value_of
from datong.services.store_case import Kept, kept_of
from datong.settings import Settings
from datong.spec import Deciding, Service
from datong.store import Session, open_duck

COLUMNS = {"number": pa.decimal128(15, 2), "string": pa.string(), "boolean": pa.bool_(), "date": pa.date32()}

LINE = "line"
"""What a means test's rules call the line: yuan a head and month."""


@dataclass(frozen=True)
class Again:
    """One case tested again: what the rules said and say, and by which rule."""

    case_id: str
    before: str
    now: str
    rule: str


@dataclass(frozen=True)
class Tested:
    """A run: how many cases were tested, how many people they are for, and those whose verdict is another now. `down`: cases of which
    a source did not answer, which keep what was known; `version`: of the rules."""

    service: str
    cases: int
    people: int
    changed: tuple[Again, ...]
    down: int = 0
    version: str = ""


def tested_again(session: Session, settings: Settings, service: Service, granted: Sequence[Kept], *, now: datetime) -> Tested:
    """Ask today's facts of these cases and decide all of them by one query. Nothing is written but the lines of what was asked."""
    deciding = service.deciding
    if deciding is None:
        raise BadValue("service", "这个事项不由规则核对 (no rules decide this item)")
    model = rules.read_rules(share.installed(session).packs.folder / service.pack / deciding.rules)
    fresh, down, doubted = [], 0, set()
    for one in granted:
        again, was_down = _asked_again(session, service, one, now)
        fresh.append(again)
        down += was_down
        if new_doubts(service, one, again):
            doubted.add(one.case.case_id)
    rows = [(one.case.case_id, _inputs(service, deciding, one)) for one in fresh]
    found = decide_all(settings, model, deciding.name, rows, on=share.city_day(now))
    before = {one.case.case_id: str(one.decision.get("outcome", "")) for one in granted}
    told = [(case, DOUBT if case in doubted else outcome, rule) for case, outcome, rule in found]
    changed = tuple(Again(case, before[case], outcome, rule) for case, outcome, rule in told if outcome != before[case])
    return Tested(service.code, len(rows), people_of(granted), changed, down, model.version)


def new_doubts(service: Service, was: Kept, now: Kept) -> set[str]:
    """Facts in doubt today that were not when it was decided: a new spouse who agreed to nothing, a household that is another."""
    before, after = (set(doubts_of(service, facts_of(one))) for one in (was, now))
    return after - before


def decide_all(
    settings: Settings, model: rules.Model, name: str, rows: Sequence[tuple[str, Mapping[str, Any]]], *, on: date
) -> list[tuple[str, str, str]]:
    """Outcome and rule of every row, by one query."""
    if not rows:
        return []
    needed = sorted(set(model.needed(name)) - {rules.DAY})
    kinds = {one: COLUMNS.get(str(getattr(model.fact_types.get(one), "name", "string")), pa.string()) for one in needed}
    given = {one: pa.array([_cell(row.get(one)) for _, row in rows], kinds[one]) for one in needed}
    columns: dict[str, object] = {one: one for one in needed} | {rules.DAY: on}
    outcome, rule = (model.sql(name, columns, output) for output in ("outcome", "rule"))
    with open_duck(settings) as con:
        con.register("tested", pa.table({"case_id": [case for case, _ in rows], **given}))
        found = con.execute(f"SELECT case_id, {outcome} AS told, {rule} AS why FROM tested ORDER BY case_id").fetchall()  # noqa: S608
    return [(str(case), str(told or ""), str(why or "")) for case, told, why in found]


def _cell(value: Any) -> Any:
    """A value as a column takes it: numbers exact to two places."""
    return (
        Decimal(str(value)).quantize(Decimal("0.01")) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value
    )


def _asked_again(session: Session, service: Service, kept: Kept, now: datetime) -> tuple[Kept, bool]:
    """The case with what sharing says today, and whether a source was down; what is down stays as it was."""
    known = facts_of(kept)
    fresh, _ = recheck(session, asking_for(service, kept, now), known)
    down = any(one.state == "down" and known[code].state != "down" for code, one in fresh.items())
    facts = {code: known[code] if one.state == "down" else one for code, one in fresh.items()}
    return replace(kept, facts={**kept.facts, "facts": snapshot(facts)}), down


def _inputs(service: Service, deciding: Deciding, kept: Kept) -> dict[str, Any]:
    facts = facts_of(kept)
    return {name: value_of(service, kept, source, facts) for name, source in deciding.inputs.items()}


@dataclass(frozen=True)
class Rates:
    """How many of those who were tested are not entitled, cases and people each over their own denominator."""

    service: str
    cases: int
    ineligible_cases: int
    people: int
    ineligible_people: int
    refused: int
    """Cases that an officer refused, whatever the rules said."""
    not_paid: Decimal
    """Yuan a year at most that the refused would have been paid: (line × members − declared income) × 12."""


def rates(session: Session, code: str, outcomes: Sequence[str] = ("above",)) -> Rates:
    """The rates of an item over all its tested cases."""
    found = [kept_of(row) for row in session.all(queries.TESTED_CASES, {"service": code})]
    hit = [one for one in found if one.decision.get("outcome") in outcomes]
    refused = [one for one in found if one.case.state == "refused"]
    return Rates(
        code, len(found), len(hit), people_of(found), people_of(hit), len(refused), sum((year_of(one) for one in refused), Decimal(0))
    )


def people_of(cases: Sequence[Kept]) -> int:
    """How many people cases are for, as their forms say."""
    return sum(int(Decimal(str(one.form.get("members") or 1))) for one in cases)


def year_of(kept: Kept) -> Decimal:
    """Yuan a year at most that a refused case would have been paid: (line × members − declared income) × 12."""
    steps = kept.decision.get("decided", {}).get("steps", ())
    line = next((one["outcome"] for one in steps if one["decision"] == LINE), None)
    inputs = kept.decision.get("inputs", {})
    if line is None or inputs.get("members") is None:
        return Decimal(0)
    monthly = Decimal(str(line)) * Decimal(str(inputs["members"])) - Decimal(str(inputs.get("monthly_income") or 0))
    return max(Decimal(0), monthly) * 12
