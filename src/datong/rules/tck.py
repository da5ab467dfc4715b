"""Run the DMN TCK's suites: each case's inputs put to its model, what comes of it compared with what is expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from datong.rules.decide import Model, clock_scope
from datong.rules.engine import Evaluation
from datong.rules.feel import FeelType, NoValue, Record, Scope, apply, equal, feel_value, from_text, kind_of, plain, text_of
from datong.rules.feel.at_literal import read_date, read_duration, read_moment, read_time
from datong.rules.model import Service
from datong.rules.read import read_definitions
from datong.rules.xml_read import XmlNode, read_xml
from datong.spec import Faults

_CLOSE = Decimal("1e-8")
"""Numbers as near as this are the same, as the suites' own runner has it."""


@dataclass(frozen=True)
class CaseResult:
    """One expectation of one case: whether it was met, what was wanted and what came."""

    suite: str
    case: str
    node: str
    passed: bool
    expects_value: bool
    wanted: Any
    found: Any
    notes: tuple[str, ...] = ()


def run_suites(folder: Path, now: datetime) -> Iterator[CaseResult]:
    """Every case of every `*.xml` below a folder that stands beside the model it names; `now` is what now() tells."""
    clock = clock_scope(now)
    for path in sorted(folder.rglob("*.xml")):
        root = read_xml(path.read_bytes())
        if root.name == "testCases":
            yield from _suite(path, root, clock)


def summary(results: list[CaseResult]) -> dict[str, Any]:
    """Counts over all, and over those that expect a value."""
    valued = [one for one in results if one.expects_value]
    failed = Counter(one.suite for one in results if not one.passed)
    return {
        "cases": len(results),
        "passed": sum(one.passed for one in results),
        "expecting_a_value": len(valued),
        "passed_of_those": sum(one.passed for one in valued),
        "failed_by_suite": dict(sorted(failed.items())),
    }


def _suite(path: Path, root: XmlNode, clock: Scope) -> Iterator[CaseResult]:
    faults = Faults()
    named = path.parent / root.text_of("modelName")
    model = Model(read_definitions(named, faults), faults)
    for case in root.all("testCase"):
        for result in case.all("resultNode"):
            expected = result.first("expected")
            wanted = _value(expected) if expected is not None else None
            found, notes = _answer(model, case, result.get("name"), clock)
            yield CaseResult(
                suite=path.parent.name,
                case=case.get("id"),
                node=result.get("name"),
                passed=same(found, wanted),
                expects_value=wanted is not None,
                wanted=plain(wanted),
                found=plain(found),
                notes=tuple(notes),
            )


def _answer(model: Model, case: XmlNode, name: str, clock: Scope) -> tuple[Any, list[str]]:
    facts: dict[str, Any] = {}
    imports = {one.namespace: key for key, one in model.definitions.imports.items()}
    for node in case.all("inputNode"):
        into = facts.setdefault(imports[node.get("namespace")], {}) if node.get("namespace") in imports else facts
        name_ = " ".join(node.get("name").split())
        wanted = model.fact_types.get(name_)
        into[name_] = feel_value(from_text(_value(node), wanted) if wanted is not None else _value(node))
    evaluation = Evaluation(model.engine, facts, clock=clock)
    asked = model.engine.element(case.get("invocableName") or name)
    if asked is None:
        return None, [f"nothing is called {name!r}"]
    record = Record()
    scope = Scope({}, clock, record)
    value = evaluation.serve(asked, facts) if isinstance(asked, Service) else evaluation.value(asked.id, scope)
    if isinstance(asked, Service) and len(asked.outputs) > 1 and isinstance(value, dict):
        value = value.get(name)
    if case.get("type") == "bkm" and value is not None:
        try:
            value = apply(value, list(facts.values()), list(facts))
        except NoValue as reason:
            value, record.notes[:] = None, [str(reason)]
    return value, [*record.notes, *(note for step in evaluation.steps for note in step.notes)]


def _value(node: XmlNode) -> Any:
    """A value as the suites write it."""
    listed = node.first("list")
    if listed is not None:
        return None if listed.get("nil") == "true" else [_value(one) for one in listed.all("item")]
    components = list(node.all("component"))
    if components:
        return {one.get("name"): _value(one) for one in components}
    value = node.first("value")
    if value is None or value.get("nil") == "true":
        return None
    return _typed(value.text, value.get("type").rpartition(":")[2])


def _typed(text: str, kind: str) -> Any:
    if kind in ("decimal", "double", "integer", "int", "long", "float"):
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    read = {"date": read_date, "time": read_time, "dateTime": read_moment, "duration": read_duration}.get(kind)
    if read is not None:
        return read(text.strip())
    return text if kind else Untyped(text)


class Untyped(str):
    """A value that a suite writes without its type."""


def same(found: Any, wanted: Any) -> bool:
    """Whether a value is the one expected."""
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= _CLOSE
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(same(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(value, wanted[key]) for key, value in found.items())
    if found is None or wanted is None:
        return found is wanted or (found is None and wanted == "" and isinstance(wanted, Untyped))
    if isinstance(wanted, Untyped):
        return same(from_text(wanted, FeelType(kind_of(found))), found) if isinstance(found, Decimal) else text_of(found) == wanted
    return found == wanted or equal(found, wanted) is True
