"""A model that decides: outcome, the rules that gave it and the law they rest on, the facts used; and the same again on replay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from datong.domain.errors import Fault, Missing
from datong.rules.dmn_write import write_dmn
from datong.rules.engine import Engine, Evaluation, Step
from datong.rules.facts import DAY, fact_value
from datong.rules.fast import Quick, generate
from datong.rules.feel import BASE_SCOPE, FeelType, Function, NoValue, Scope, feel_value, from_text, plain
from datong.rules.model import Decision, Definitions, Place, Service
from datong.rules.sql import compile_sql
from datong.rules.table import Hit
from datong.spec import Faults


@dataclass(frozen=True)
class Decided:
    """A decision made. Values are as JSON holds them: numbers int or exact text, dates as text."""

    decision: str
    outcome: Any
    rules: tuple[Hit, ...]
    """The rules of the decision's own table that applied."""
    references: tuple[str, ...]
    """The law that all rules on the way rest on, each once."""
    facts: Mapping[str, Any]
    """The facts that were used."""
    missing: tuple[str, ...]
    """The facts that were wanted and not given."""
    steps: tuple[Step, ...]
    """All decisions on the way, in order, this one last."""
    notes: tuple[str, ...]
    """Why something had no value, for people."""
    version: str
    """The hash of the model's content."""

    @property
    def certain(self) -> bool:
        """Whether every fact was given and known and everything on the way had a value: only then may no person look at it."""
        return not self.missing and not self.notes and None not in self.facts.values()

    def as_data(self) -> dict[str, Any]:
        """The decision as JSON can hold it; `replay` takes it back."""
        return {
            "decision": self.decision,
            "outcome": self.outcome,
            "rules": [_hit(one) for one in self.rules],
            "references": list(self.references),
            "facts": dict(self.facts),
            "missing": list(self.missing),
            "steps": [
                {
                    "decision": one.decision,
                    "outcome": plain(one.outcome),
                    "rules": [_hit(hit) for hit in one.hits],
                    "notes": list(one.notes),
                }
                for one in self.steps
            ],
            "notes": list(self.notes),
            "version": self.version,
        }


@dataclass(frozen=True)
class Change:
    """A fact that is not what it was. A fact not given then or now is None."""

    fact: str
    then: Any
    now: Any


@dataclass(frozen=True)
class Replay:
    """A past decision made again: whether the answer is the same and, if not, what changed."""

    same: bool
    then: Any
    now: Any
    changed: tuple[Change, ...]
    version_changed: bool

    def why(self) -> str:
        """One sentence for people."""
        if self.same:
            return "the same answer"
        reasons = [f"the fact {one.fact} changed" for one in self.changed]
        if self.version_changed:
            reasons.append("the rules changed")
        return "; ".join(reasons) or "the answer differs, although facts and rules are the same"


class Model:
    """Rules ready to decide. `faults` is empty unless the model was read leniently."""

    def __init__(self, definitions: Definitions, faults: Faults | None = None) -> None:
        collected = faults if faults is not None else Faults()
        self.definitions = definitions
        self.engine = Engine(definitions, collected)
        self.faults: Sequence[Fault] = collected.found
        self._quick: dict[str, Quick] = {}

    @property
    def name(self) -> str:
        """The model's name."""
        return self.definitions.name

    @cached_property
    def version(self) -> str:
        """A hash of all that decides: the same content has the same version, wherever it is written."""
        content = json.dumps(_content(self.definitions), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    def names(self) -> tuple[str, ...]:
        """The decisions and services that can be asked for."""
        return tuple(one.name for one in (*self.definitions.decisions, *self.definitions.services))

    def needed(self, name: str) -> tuple[str, ...]:
        """The facts that a decision rests on, directly or by way of others."""
        found: dict[str, None] = {}
        waiting = [self._asked(name)]
        seen: set[str] = set()
        while waiting:
            one = waiting.pop(0)
            if one.id in seen:
                continue
            seen.add(one.id)
            needs = one.needs if isinstance(one, Decision) else None
            for target in needs.inputs if needs else getattr(one, "inputs", ()):
                if target in self.engine.inputs:
                    found[self.engine.inputs[target].name] = None
            targets = needs.decisions if needs else getattr(one, "outputs", ())
            waiting.extend(self.engine.decisions[target] for target in targets if target in self.engine.decisions)
        return tuple(found)

    def _asked(self, name: str) -> Decision | Service:
        found = self.engine.element(name)
        if not isinstance(found, (Decision, Service)):
            raise Missing(f"{self.name} has no decision {name!r}; it has {', '.join(self.names()) or 'none'}")
        return found

    def decide(self, name: str, facts: Mapping[str, object], on: date | None = None) -> Decided:
        """A decision, or a decision service, for facts by name; `on` is the day it is made.

        Raises Missing when there is no such decision, BadValue when a fact is of no kind that rules know. A fact that is
        not given, or does not fit, makes values null and is told in `notes`.
        """
        asked = self._asked(name)
        given = {key: self._fact(key, value) for key, value in facts.items()}
        if on is not None:
            given.setdefault(DAY, feel_value(on if not isinstance(on, datetime) else on.date()))
        evaluation = Evaluation(self.engine, given, clock=clock_scope(on))
        if isinstance(asked, Service):
            return self._decided(asked.name, evaluation.serve(asked, given), (), evaluation)
        outcome = evaluation.decision(asked.id)
        own = evaluation.steps[-1].hits if evaluation.steps else ()
        return self._decided(asked.name, outcome, own, evaluation)

    def quick(self, name: str) -> Quick:
        """A decision to be asked many times: `quick(facts, on)` gives (outcome, rules) and no more, as one generated function.

        What the generator does not take is decided as `decide` does, behind the same signature. Raises Missing.
        """
        asked = self._asked(name)
        if asked.name not in self._quick:
            made = generate(self.engine, asked) if isinstance(asked, Decision) and not self.faults else None
            self._quick[asked.name] = made or Quick(lambda facts, on: self._plainly(asked.name, facts, on), False, "")
        return self._quick[asked.name]

    def _plainly(self, name: str, facts: Mapping[str, Any], on: date | None) -> tuple[Any, tuple[Hit, ...]]:
        decided = self.decide(name, facts, on)
        return decided.outcome, decided.rules

    def sql(self, name: str, columns: Mapping[str, object], output: str = "", digits: Mapping[str, tuple[int, int]] | None = None) -> str:
        """A decision as one SQL expression over columns, for DuckDB and SQLite.

        `columns` says for each fact its column's name, or a number, boolean or day that it is for all rows. `output` is the
        result of a table with several, or "rule" for the id of the rule that applied. `digits` says for a fact how many digits its
        column has before and behind the point, where 13 and 2 are not right. Raises BadValue that names what has no SQL.
        """
        return compile_sql(self.engine, name, columns, output, digits)

    def write_dmn(self) -> bytes:
        """The model as DMN 1.3 XML with its drawing, as bpmn.io and Camunda Modeler open it."""
        return write_dmn(self.definitions)

    def _fact(self, key: str, value: object) -> Any:
        found = fact_value(key, value)
        wanted = self.fact_types.get(key)
        return found if wanted is None else from_text(found, wanted)

    @cached_property
    def fact_types(self) -> dict[str, FeelType | None]:
        """The types of facts by name, and of decisions, which a service may be given."""
        engine = self.engine
        decided = {one.name: engine.compiler.types.named(one.type) for one in self.definitions.decisions if one.type}
        return {**decided, **{one.name: engine.input_types[one.id] for one in self.definitions.inputs}}

    def _decided(self, name: str, outcome: Any, own: tuple[Hit, ...], evaluation: Evaluation) -> Decided:
        steps = tuple(evaluation.steps)
        references = dict.fromkeys(hit.reference for step in steps for hit in step.hits if hit.reference)
        return Decided(
            decision=name,
            outcome=plain(outcome),
            rules=own,
            references=tuple(references),
            facts={key: plain(value) for key, value in evaluation.used.items()},
            missing=tuple(evaluation.missing),
            steps=steps,
            notes=tuple(dict.fromkeys(note for step in steps for note in step.notes)),
            version=self.version,
        )


def replay(model: Model, past: Decided | Mapping[str, Any], facts: Mapping[str, object], on: date | None = None) -> Replay:
    """Make a past decision again with facts as they are now; says which facts differ. With the past's own facts it must be the same."""
    data = past.as_data() if isinstance(past, Decided) else past
    now = model.decide(str(data["decision"]), facts, on)
    then_facts: Mapping[str, Any] = data["facts"]
    changed = tuple(
        Change(key, then_facts.get(key), now.facts.get(key))
        for key in dict.fromkeys([*then_facts, *now.facts])
        if then_facts.get(key) != now.facts.get(key) or (key in then_facts) != (key in now.facts)
    )
    same = data["outcome"] == now.outcome
    return Replay(same, data["outcome"], now.outcome, changed, data["version"] != model.version)


def _hit(hit: Hit) -> dict[str, Any]:
    return {"table": hit.table, "rule": hit.rule, "number": hit.number, "reference": hit.reference, "note": hit.note}


def clock_scope(on: date | None) -> Scope:
    """FEEL's functions, and the day and moment of the decision where they are given."""
    return _clock(on) if isinstance(on, datetime) else _clock_of_day(on)


@lru_cache(maxsize=64)
def _clock_of_day(on: date | None) -> Scope:
    """The same for all decisions of a day."""
    return _clock(on)


def _clock(on: date | None) -> Scope:

    def told(value: Any) -> Any:
        def run(arguments: Sequence[Any]) -> Any:
            if value is None:
                raise NoValue("the day of the decision is not given")
            return value

        return run

    day = feel_value(on.date() if isinstance(on, datetime) else on) if on is not None else None
    moment = feel_value(on) if isinstance(on, datetime) else None
    return Scope({"today": Function((), told(day), "today"), "now": Function((), told(moment), "now")}, BASE_SCOPE)


def _content(value: Any) -> Any:
    """A model's content without places."""
    if isinstance(value, Place):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        listed = {one.name: _content(getattr(value, one.name)) for one in fields(value) if one.name != "place"}
        return {"": type(value).__name__, **{key: one for key, one in listed.items() if one not in (None, "", [], {})}}
    if isinstance(value, Mapping):
        return {str(key): _content(one) for key, one in value.items()}
    return [_content(one) for one in value] if isinstance(value, tuple) else value
