"""Where a decision's inputs and a licence's facts come from: the form, what sharing said, answers, the applicant, the case itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from datong import share
from datong.services.known import Known, from_snapshot
from datong.services.store_case import Kept
from datong.spec import ANY, SUM, FormField, Service

TEXT = "text:"


def facts_of(kept: Kept) -> dict[str, Known]:
    """What sharing said of a case at its submission."""
    written, came = kept.known
    said = kept.facts.get("facts", {})
    return dict(came) if written is said else from_snapshot(said)


def value_of(service: Service, kept: Kept, source: str, facts: Mapping[str, Known]) -> Any:
    """The value of a source: a text, a number for a number of the form; nothing when it is not known."""
    if source.startswith(TEXT):
        return source.removeprefix(TEXT)
    kind, _, name = source.partition(".")
    if kind == "form":
        return _typed(service.fields[name], str(kept.form.get(name, "")))
    if kind == "fact":
        known = facts.get(name)
        return _fact(service, name, known) if known is not None and known.value and known.state == "verified" else None
    if kind in (ANY, SUM):
        return _several(service, kind, name, facts)
    if kind == "outcome":
        known = facts.get(name)
        return known.outcome if known is not None and known.outcome else None
    if kind == "answer":
        return kept.case.answers.get(name)
    if source == "applicant.code":
        return kept.case.applicant
    if kind == "applicant":
        hers = (one.code for one in service.facts if one.key == "applicant" and one.field == name)
        return next((facts[code].value for code in hers if code in facts and facts[code].value), None)
    named = {"case.id": kept.case.case_id, "case.day": _day(kept), "decision.outcome": kept.case.decision}
    return named.get(source) or None


def facts_named(service: Service, source: str) -> tuple[str, ...]:
    """The facts that a source names: `fact.x` one, `any.x_*` and `sum.x_*` several, anything else none."""
    kind, _, name = source.partition(".")
    if kind == "fact":
        return (name,)
    return tuple(one.code for one in service.facts if fnmatchcase(one.code, name)) if kind in (ANY, SUM) else ()


def _several(service: Service, kind: str, name: str, facts: Mapping[str, Known]) -> Any:
    """Of several facts, those that are verified: their sum, the first of them, or "yes" when any is."""
    known = [facts[code] for code in facts_named(service, f"{kind}.{name}") if code in facts]
    values = [one.value for one in known if one.state == "verified" and one.value]
    if kind == SUM:
        return sum((Decimal(one) for one in values), Decimal(0)) if values else None
    return "yes" if "yes" in values else next(iter(values), None)


def _fact(service: Service, name: str, known: Known) -> Any:
    """A fact's value: a count is a number."""
    return Decimal(known.value) if name in service.counted else known.value


def _typed(field: FormField, value: str) -> Any:
    if not value:
        return None
    return Decimal(value) if field.type == "number" else value


def _day(kept: Kept) -> str:
    """The city's day of the last event."""
    return share.day_of(kept.case.last)


def words_of_source(service: Service, kept: Kept, source: str, facts: Mapping[str, Known]) -> str:
    """The value as people read it: a choice by its name, a number as written."""
    value = value_of(service, kept, source, facts)
    if value is None:
        return ""
    field = service.fields.get(source.removeprefix("form.")) if source.startswith("form.") else None
    if field is not None and field.type == "choice":
        return next((one.title.zh for one in field.choices if one.code == value), str(value))
    return str(value)
