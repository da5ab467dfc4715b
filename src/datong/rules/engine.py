"""A model made ready to decide: each decision a closure, knowledge and services as functions, imports under their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datong.rules.compile_boxes import compile_box
from datong.rules.compile_types import compile_types
from datong.rules.compiler import Compiler, Run, fitting
from datong.rules.feel import BASE_NAMES, BASE_SCOPE, FeelType, Function, Record, Scope, Types, coerced, known_names
from datong.rules.model import (
    Box,
    ContextBox,
    Decision,
    Definitions,
    Element,
    FunctionBox,
    InputData,
    ItemDefinition,
    IteratorBox,
    Knowledge,
    Needs,
    RelationBox,
    Service,
    TableBox,
)
from datong.rules.table import Hit
from datong.spec import Faults


@dataclass(frozen=True)
class Step:
    """One decision on the way: what came of it, the rules that applied, and why something in it had no value."""

    decision: str
    outcome: Any
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]


class Engine:
    """A model's decisions, ready. Faults in texts are collected; what has a fault has no value."""

    def __init__(self, definitions: Definitions, faults: Faults) -> None:
        self.definitions = definitions
        self.imported = {name: Engine(one, faults) for name, one in definitions.imports.items()}
        abroad: dict[str, FeelType | None] = {}
        for name, engine in self.imported.items():
            abroad.update({f"{name}.{key}": one for key, one in engine.types.defined.items()})
        self.types: Types = compile_types(definitions.types, abroad, faults)
        self.compiler = Compiler(self.types, faults)
        self.names = known_names(self._words(), BASE_NAMES)
        self.inputs = {one.id: one for one in definitions.inputs}
        self.decisions = {one.id: one for one in definitions.decisions}
        self.knowledge = {one.id: one for one in definitions.knowledge}
        self.services = {one.id: one for one in definitions.services}
        self.input_types = {one.id: self.compiler.type(one.type, one.place) for one in definitions.inputs}
        self.runs: dict[str, Run] = {}
        for one in definitions.decisions:
            if one.box is not None:
                run = compile_box(one.box, one.name, self.names, self.compiler)
                self.runs[one.id] = self.compiler.typed(run, one.type, one.place)
        for known in definitions.knowledge:
            if known.box is not None:
                self.runs[known.id] = compile_box(known.box, known.name, self.names, self.compiler)
        self._find_loops()

    def _words(self) -> Iterable[str]:
        """All names that occur: of elements, imports, parts of types, entries and columns."""
        for element in self.definitions.elements():
            yield element.name
            yield from _box_words(getattr(element, "box", None))
        for item in self.definitions.types:
            yield from _item_words(item)
        for name, engine in self.imported.items():
            yield name
            yield from engine._words()

    def element(self, name: str) -> InputData | Decision | Knowledge | Service | None:
        """What has a name (or, failing that, an id) in this model."""
        tidy = " ".join(name.split())
        kinds: tuple[Mapping[str, Any], ...] = (self.decisions, self.services, self.knowledge, self.inputs)
        for group in kinds:
            for one in group.values():
                if one.name == tidy:
                    found: InputData | Decision | Knowledge | Service = one
                    return found
        return next((group[name] for group in kinds if name in group), None)

    def home(self, target: str) -> tuple[Engine, str, str]:
        """The engine that a target is of, the import's name here (empty for this model's own), and its id there."""
        namespace, sign, identifier = target.rpartition("#")
        if sign:
            for name, engine in self.imported.items():
                if engine.definitions.namespace == namespace:
                    return engine, name, identifier
        return self, "", identifier or target

    def _find_loops(self) -> None:
        """A decision that needs itself, and needs that lead nowhere, are faults."""
        seen: dict[str, int] = {}

        def visit(one: Decision) -> None:
            seen[one.id] = 1
            for target in one.needs.decisions:
                other = self.decisions.get(target)
                if other is None:
                    if self.home(target)[0] is self:
                        self.compiler.fault(one.place, f"decision {one.name!r} needs {target!r}, which is not there")
                elif seen.get(target) == 1:
                    self.compiler.fault(one.place, f"decision {one.name!r} needs itself by way of {other.name!r}")
                elif target not in seen:
                    visit(other)
            for target in one.needs.inputs:
                if target not in self.inputs and self.home(target)[0] is self:
                    self.compiler.fault(one.place, f"decision {one.name!r} needs {target!r}, which is not there")
            seen[one.id] = 2

        for one in self.definitions.decisions:
            if one.id not in seen:
                visit(one)


def _box_words(box: Box | None) -> Iterable[str]:
    if isinstance(box, ContextBox):
        for name, inner in box.entries:
            yield name
            yield from _box_words(inner)
        yield from _box_words(box.result)
    elif isinstance(box, TableBox):
        yield from (output.name for output in box.outputs if output.name)
    elif isinstance(box, RelationBox):
        yield from box.columns
    elif isinstance(box, (FunctionBox, IteratorBox)):
        yield from _box_words(box.body)


def _item_words(item: ItemDefinition) -> Iterable[str]:
    for component in item.components:
        yield component.name
        yield from _item_words(component)


@dataclass
class Evaluation:
    """One question to a model: the facts, and what was decided on the way (each decision once)."""

    engine: Engine
    facts: Mapping[str, Any]
    known: dict[str, Any] = field(default_factory=dict)
    clock: Scope = BASE_SCOPE
    """The scope around all: FEEL's functions, and with a day given those that tell it."""
    steps: list[Step] = field(default_factory=list)
    used: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    _open: set[str] = field(default_factory=set)

    def decision(self, identifier: str) -> Any:
        """A decision's value."""
        if identifier in self.known:
            return self.known[identifier]
        one, run = self.engine.decisions.get(identifier), self.engine.runs.get(identifier)
        if one is None or run is None or identifier in self._open:
            return None
        self._open.add(identifier)
        record = Record()
        value = run(self.scope(one.needs, record))
        self.known[identifier] = value
        self.steps.append(Step(one.name, value, tuple(record.hits), tuple(record.notes)))
        return value

    def scope(self, needs: Needs, record: Record) -> Scope:
        """The names that an element may use, with their values."""
        values: dict[str, Any] = {}
        scope = Scope(values, self.clock, record)
        for target in (*needs.inputs, *needs.decisions, *needs.knowledge):
            engine, name, identifier = self.engine.home(target)
            if engine is self.engine:
                element = _named(engine, identifier)
                if element is not None:
                    values[element.name] = self.value(identifier, scope)
            else:
                part = values.setdefault(name, {})
                element = _named(engine, identifier)
                if element is not None and isinstance(part, dict):
                    part[element.name] = self.abroad(engine, name).value(identifier, scope)
        return scope

    def abroad(self, engine: Engine, name: str) -> Evaluation:
        """The same question put to an imported model: its facts are those under its name, or else the same."""
        inner = self.facts.get(name)
        facts = {**self.facts, **inner} if isinstance(inner, dict) else self.facts
        return Evaluation(engine, facts, {}, self.clock, self.steps, self.used, self.missing)

    def value(self, identifier: str, scope: Scope) -> Any:
        """The value of an input, decision, knowledge model or service."""
        engine = self.engine
        if identifier in engine.inputs:
            return self.fact(engine.inputs[identifier], scope)
        if identifier in engine.decisions:
            return self.decision(identifier)
        if identifier in engine.knowledge:
            return self.function(identifier, scope.record)
        return self.service(engine.services[identifier]) if identifier in engine.services else None

    def fact(self, data: InputData, scope: Scope) -> Any:
        """A given fact, made to fit its type."""
        if data.name not in self.facts:
            if data.name not in self.missing:
                self.missing.append(data.name)
            scope.note(f"the fact {data.name!r} is not given")
            return None
        value = self.facts[data.name]
        self.used[data.name] = value
        wanted = self.engine.input_types.get(data.id)
        return fitting(value, wanted, scope, data.name) if wanted is not None else value

    def function(self, identifier: str, record: Record) -> Any:
        """A knowledge model as a function."""
        run, known = self.engine.runs.get(identifier), self.engine.knowledge[identifier]
        if run is None or known.box is None:
            return None
        if identifier in self._open:  # it calls itself: what it is called by is made when it is called
            names = tuple(name for name, _ in known.box.parameters)
            return Function(names, lambda arguments: self._again(identifier, record, arguments), known.name)
        self._open.add(identifier)
        scope = self.scope(known.needs, record)
        own = {} if known.name in scope.values else {known.name: self.function(identifier, record)}
        self._open.discard(identifier)
        return run(Scope(own, scope))

    def _again(self, identifier: str, record: Record, arguments: Sequence[Any]) -> Any:
        found = self.function(identifier, record)
        return found.run(arguments) if isinstance(found, Function) else None

    def service(self, service: Service) -> Function:
        """A decision service as a function of its inputs, then its input decisions."""
        targets = (*service.inputs, *service.decisions)
        homes = [self.engine.home(one) for one in targets]
        elements = [(home, element) for home in homes if (element := _named(home[0], home[2])) is not None]
        names = tuple(element.name for _, element in elements)

        wanted = [_type_of(home, element) for (home, _, _), element in elements]

        def run(arguments: Sequence[Any]) -> Any:
            if any(value is not None and type_ and coerced(value, type_) is None for value, type_ in zip(arguments, wanted, strict=True)):
                return None
            return self.serve(service, dict(zip(names, arguments, strict=True)))

        return Function(names, run, service.name)

    def serve(self, service: Service, given: Mapping[str, Any]) -> Any:
        """What a service answers for its inputs and input decisions by name."""
        engine = self.engine
        scope = Scope({}, self.clock)
        known = {}
        for target in service.decisions:
            one = engine.decisions.get(target)
            if one is not None:
                wanted = engine.compiler.type(one.type, one.place)
                value = given.get(one.name)
                known[target] = fitting(value, wanted, scope, one.name) if wanted is not None else value
        wanted_names = [element.name for target in service.inputs if (element := _named(engine, target))]
        facts = {name: given[name] for name in wanted_names if name in given}
        inner = Evaluation(engine, facts, known, self.clock, self.steps, self.used, self.missing)
        outputs = {}
        for target in service.outputs:
            home, name, identifier = engine.home(target)
            asked = inner if home is engine else inner.abroad(home, name)
            element = _named(home, identifier)
            outputs[element.name if element else identifier] = asked.decision(identifier)
        if len(service.outputs) != 1:
            return outputs
        value = next(iter(outputs.values()))
        wanted = engine.compiler.type(service.type, service.place)
        return fitting(value, wanted, scope, service.name) if wanted is not None else value


def _type_of(engine: Engine, element: Element) -> FeelType | None:
    return engine.compiler.type(element.type, element.place)


def _named(engine: Engine, identifier: str) -> InputData | Decision | Knowledge | Service | None:
    known, services = engine.knowledge.get(identifier), engine.services.get(identifier)
    return engine.inputs.get(identifier) or engine.decisions.get(identifier) or known or services
