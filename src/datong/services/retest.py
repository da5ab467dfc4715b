"""Everybody who was granted something on conditions, tested again: facts asked anew, all decided in one query.

Nothing is taken away by rule. A verdict that is no longer what it was is a notice to the department, with both verdicts and the rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from datong import ledger, rules, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden
from datong.services import queries
from datong.services.facts import asking_for, recheck
from datong.services.installed import items
from datong.services.known import snapshot
from datong.services.sources import facts_of, value_of
from datong.services.store_case import Kept, kept_of
from datong.services.told import about_case
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
    """A run: how many cases were tested, how many people they are for, and those whose verdict is another now."""

    service: str
    cases: int
    people: int
    changed: tuple[Again, ...]


def retest(session: Session, settings: Settings, actor: Actor, code: str, *, now: datetime) -> Tested:
    """Test every granted case of an item again. Raises BadValue for an item that no rules decide, Forbidden for other departments."""
    service = items(session).of(code)
    deciding = service.deciding
    if deciding is None:
        raise BadValue("service", "这个事项不由规则核对 (no rules decide this item)")
    share.installed(session).must(actor, "cases.work")
    if actor.department != service.department:
        raise Forbidden("只有牵头部门可以复核 (only the department in the lead may do this)")
    granted = [kept_of(row) for row in session.all(queries.GRANTED_CASES, {"service": code})]
    fresh = [_asked_again(session, service, one, now) for one in granted]
    rows = [(one.case.case_id, _inputs(service, deciding, one)) for one in fresh]
    model = rules.read_rules(share.installed(session).packs.folder / service.pack / deciding.rules)
    found = decide_all(settings, model, deciding.name, rows, on=share.city_day(now))
    before = {one.case.case_id: str(one.decision.get("outcome", "")) for one in granted}
    changed = tuple(Again(case, before[case], told, rule) for case, told, rule in found if told != before[case])
    for one in changed:
        _tell(session, service, model, one, now)
    people = sum(int(Decimal(str(one.form.get("members") or 1))) for one in granted)
    body = {"act": "retest", "service": code, "cases": len(rows), "changed": len(changed), "version": model.version}
    at = share.moment_text(now)
    ledger.append(session, ledger.Line("case.retest", at, "", actor.id, actor.department, actor.unit, service.purpose, body))
    return Tested(code, len(rows), people, changed)


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


def _asked_again(session: Session, service: Service, kept: Kept, now: datetime) -> Kept:
    """The case with what sharing says today; what is down stays as it was."""
    known = facts_of(kept)
    fresh, _ = recheck(session, asking_for(service, kept, now), known)
    facts = {code: known[code] if one.state == "down" else one for code, one in fresh.items()}
    return replace(kept, facts={**kept.facts, "facts": snapshot(facts)})


def _inputs(service: Service, deciding: Deciding, kept: Kept) -> dict[str, Any]:
    facts = facts_of(kept)
    return {name: value_of(service, kept, source, facts) for name, source in deciding.inputs.items()}


def _tell(session: Session, service: Service, model: rules.Model, one: Again, now: datetime) -> None:
    title = (f"复核结论有变化：办件{one.case_id}", f"Tested again: case {one.case_id}")
    by = f"规则{one.rule}（{model.version[:12]}）"
    zh = f"按今天的共享信息复核，结论由{one.before}变为{one.now}，依据{by}。请核实后依法处理，系统不自动停发。"
    en = f"By today's facts the verdict is {one.now}, no longer {one.before}, by rule {one.rule}. Find out; nothing is stopped by rule."
    message = about_case(one.case_id, title, (zh, en))
    share.notify(session, f"department:{service.department}", message, share.moment_text(now))


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
    return Rates(code, len(found), len(hit), _people(found), _people(hit), len(refused), sum((_year(one) for one in refused), Decimal(0)))


def _people(cases: Sequence[Kept]) -> int:
    return sum(int(Decimal(str(one.form.get("members") or 1))) for one in cases)


def _year(kept: Kept) -> Decimal:
    steps = kept.decision.get("decided", {}).get("steps", ())
    line = next((one["outcome"] for one in steps if one["decision"] == LINE), None)
    inputs = kept.decision.get("inputs", {})
    if line is None or inputs.get("members") is None:
        return Decimal(0)
    monthly = Decimal(str(line)) * Decimal(str(inputs["members"])) - Decimal(str(inputs.get("monthly_income") or 0))
    return max(Decimal(0), monthly) * 12
