"""A decision as one generated Python function: facts in, outcome and the rules that applied out, in a microsecond or so.

What is outside the generated subset is decided by closures behind the same signature; `Quick.generated` tells which it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from datong.rules.engine import Engine
from datong.rules.facts import DAY, fact_value
from datong.rules.fast_nodes import Names, NotFast, Py, Source, expression, literal
from datong.rules.fast_table import Table, emit_table
from datong.rules.feel import FeelSyntax, FeelType, coerced, feel_value, from_text, parse_expression, parse_tests, plain
from datong.rules.feel.times import FeelDate, date_of_days
from datong.rules.feel.values import NUMBERS
from datong.rules.model import Box, Decision, ItemDefinition, Knowledge, LiteralBox, TableBox
from datong.rules.table import Hit

Answer = tuple[Any, tuple[Hit, ...]]
_EPOCH = date(1970, 1, 1).toordinal()
_KINDS = {"number": "int", "string": "str", "boolean": "bool", "date": "date"}


@dataclass(frozen=True)
class Quick:
    """A decision to be asked again and again: `quick(facts, on)` gives (outcome, the rules that applied)."""

    run: Callable[[Mapping[str, Any], date | None], Answer]
    generated: bool
    source: str

    def __call__(self, facts: Mapping[str, Any], on: date | None = None) -> Answer:
        return self.run(facts, on)


def generate(engine: Engine, one: Decision) -> Quick | None:
    """The generated function of a decision; nothing if it is outside of the subset."""
    writer = _Writer(engine)
    try:
        writer.answer(one)
    except (NotFast, FeelSyntax, RecursionError):
        return None
    text = writer.text()
    space: dict[str, Any] = {**_HELPERS, **writer.source.constants}
    exec(compile(text, f"<decision {one.name}>", "exec"), space)  # noqa: S102 — names and values come in as constants only
    return Quick(space["decide"], True, text)


class _Writer:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.source = Source()
        self.types = {one.name: one for one in engine.definitions.types}
        self.facts: dict[str, Py] = {}
        self.known: dict[str, Py] = {}
        self.open: set[str] = set()
        self.taken: list[tuple[str, str]] = []
        self.checks: list[str] = []

    def answer(self, one: Decision) -> None:
        """Write the whole function."""
        if isinstance(one.box, TableBox) and not one.type and not one.box.type:
            names = self.names(one)
            emit_table(Table(one.box, one.name, names, self.engine), final=True)
            return
        found = self.decision(one)
        if found.members is not None:
            raise NotFast("a decision that hands on another's results")
        shown = self.source.settle(found)
        text = f"_date({shown.text})" if shown.kind == "date" else f"_plain({shown.text})"
        hits = self.source.constant(())
        self.source.line(f"return {text if shown.kind in ('number', 'date') else shown.text}, {hits}")

    def decision(self, one: Decision) -> Py:
        """A decision's value, settled once."""
        if one.id not in self.known:
            if one.box is None or one.id in self.open:
                raise NotFast("a decision without expression")
            self.open.add(one.id)
            found = self.box(one.box, one.name, self.names(one))
            if one.type and found.members is None:
                self.fits(found, one.type)
            self.known[one.id] = found if found.members is not None else self.source.settle(found)
        return self.known[one.id]

    def fits(self, value: Py, type_: str) -> None:
        """A declared type that the value has by its kind; one with allowed values, or another kind, is not generated."""
        wanted = self.engine.types.named(type_)
        if wanted is None or wanted.allowed is not None or value.kind not in (wanted.name, "null"):
            raise NotFast(f"the type {type_!r}")

    def names(self, one: Decision | Knowledge) -> Names:
        """The names that an element may use."""
        values: dict[str, Py] = {}
        for target in one.needs.inputs:
            if target not in self.engine.inputs:
                raise NotFast("an imported model")
            values[self.engine.inputs[target].name] = self.fact(target)
        for target in one.needs.decisions:
            if target not in self.engine.decisions:
                raise NotFast("an imported model")
            values[self.engine.decisions[target].name] = self.decision(self.engine.decisions[target])
        functions = {}
        for target in one.needs.knowledge:
            known = self.engine.knowledge.get(target)
            if known is None or known.box is None or known.box.kind != "FEEL":
                raise NotFast("knowledge from elsewhere")
            functions[known.name] = self.inlined(known)
        return Names(values, functions, self.source)

    def inlined(self, known: Knowledge) -> Callable[..., Py]:
        """A knowledge model written out where it is called."""

        def call(arguments: Mapping[str, Py] | list[Py]) -> Py:
            assert known.box is not None
            keys = [key for key, _ in known.box.parameters]
            given = arguments if isinstance(arguments, Mapping) else dict(zip(keys, arguments, strict=False))
            if set(given) != set(keys) or known.id in self.open:
                raise NotFast("a call of another shape")
            self.open.add(known.id)
            for key, type_ in known.box.parameters:
                if type_:
                    self.fits(given[key], type_)
            names = self.names(known)
            settled = {key: self.source.settle(given[key]) for key in keys}
            found = self.box(known.box.body, known.name, replace(names, values={**names.values, **settled}))
            if known.box.type:
                self.fits(found, known.box.type)
            self.open.discard(known.id)
            return found

        return call

    def fact(self, identifier: str) -> Py:
        """A fact in a variable, made to fit its type."""
        data = self.engine.inputs[identifier]
        if data.name not in self.facts:
            wanted = self.engine.input_types.get(identifier)
            if wanted is None or wanted.name not in _KINDS:
                raise NotFast("a fact of another kind")
            self.facts[data.name] = self.written_fact(data.name, data.type, wanted)
        return self.facts[data.name]

    def written_fact(self, name: str, type_: str, wanted: FeelType) -> Py:
        """The lines that take a fact up; `known` stays true while no fact is null."""
        source = self.source
        variable = source.variable()
        fit = source.constant(lambda value: _fitted(name, value, wanted))
        check = f"type({variable}) is not {_KINDS[wanted.name]}"
        if wanted.name == "number":
            check += f" and type({variable}) is not Decimal"
        if wanted.allowed is not None:
            check += f" or {variable} not in {source.constant(self.words(type_))}"
        self.taken.append((variable, name))
        self.checks += [f"if {check}:", f"    {variable} = {fit}({variable})", f"    if {variable} is None: known = False"]
        if wanted.name == "date":
            self.checks += ["else:", f"    {variable} = {variable}.toordinal() - {_EPOCH}"]
        return Py(variable, wanted.name, frozenset({variable}))

    def text(self) -> str:
        """The function: the facts taken up, then the statements, first without and then with care for facts that are null."""
        keyed = [f"{variable} = facts[{name!r}]" for variable, name in self.taken if name != DAY]
        asked = [f"{variable} = facts.get({name!r})" for variable, name in self.taken if name != DAY]
        days = [f"{variable} = facts.get({name!r}, on)" for variable, name in self.taken if name == DAY]
        head = ["try:", *_within(keyed or ["pass"]), "except KeyError:", *_within(asked or ["pass"]), *days, "known = True", *self.checks]
        care = "|".join(variable for variable, _ in self.taken)
        body = [line[4:] for line in self.source.lines]
        careless = [re.sub(rf"\b(?:{care}) is not None and ", "", line) for line in body] if care else body
        lines = [*head, "if known:", *_within(careless), *body]
        return "def decide(facts, on=None):\n" + "\n".join(_within(lines)) + "\n"

    def words(self, type_: str) -> frozenset[Any]:
        """The values that a type allows, where they are written out."""
        found: frozenset[Any] | None = None
        item: ItemDefinition | None = self.types.get(type_)
        while item is not None:
            if item.values:
                listed = parse_tests(item.values, self.engine.names).tests
                values = [getattr(one, "value", None) for one in listed]
                if any(not isinstance(one, (str, Decimal)) for one in values):
                    raise NotFast("allowed values that are not written out")
                found = frozenset(values) if found is None else found & frozenset(values)
            item = self.types.get(item.type)
        if found is None:
            raise NotFast("allowed values of another kind")
        return found

    def box(self, box: Box, name: str, names: Names) -> Py:
        """A box's value."""
        if isinstance(box, LiteralBox):
            if not box.text.strip():
                return literal(None, self.source)
            found = expression(parse_expression(box.text, self.engine.names), names)
            if box.type:
                self.fits(found, box.type)
            return found
        if isinstance(box, TableBox) and not box.type:
            return emit_table(Table(box, name, names, self.engine), final=False)
        raise NotFast(type(box).__name__)


def _within(lines: Iterable[str]) -> list[str]:
    return ["    " + line for line in lines]


def _fitted(name: str, value: Any, wanted: FeelType) -> Any:
    """A fact of another Python type, as `decide` would take it; a day as its number."""
    if name == DAY and isinstance(value, datetime):
        value = value.date()
    found = coerced(from_text(fact_value(name, value), wanted), wanted)
    return found.ordinal() if isinstance(found, FeelDate) else found


def _both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return True if left and right else None


def _either(left: bool | None, right: bool | None) -> bool | None:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _shown(value: Any) -> Any:
    return plain(feel_value(value)) if not isinstance(value, (str, bool)) else value


def _date(value: int | None) -> str | None:
    return None if value is None else str(date_of_days(value))


_HELPERS: dict[str, Any] = {
    "_add": NUMBERS.add,
    "_subtract": NUMBERS.subtract,
    "_multiply": NUMBERS.multiply,
    "_divide": NUMBERS.divide,
    "_minus": NUMBERS.minus,
    "_abs": NUMBERS.abs,
    "_both": _both,
    "_either": _either,
    "_plain": _shown,
    "_date": _date,
    "Decimal": Decimal,
    "date": date,
}
