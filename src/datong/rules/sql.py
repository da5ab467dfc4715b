"""A decision as one SQL expression over columns, for DuckDB and SQLite: a case's answer for a million rows in one query.

Only what means the same in both is compiled; all else is refused by name. SQL's NULL is FEEL's null, its three-valued logic
the same; equality alone differs (null = 5 is false in FEEL), and is written so where it matters. Numbers are exact where the
columns are: integers or DECIMAL, not floating point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from datong.domain.errors import BadValue
from datong.rules.engine import Engine
from datong.rules.feel import FeelSyntax, Names, parse_expression, parse_tests
from datong.rules.feel.values import feel_value
from datong.rules.model import Box, ContextBox, Decision, ItemDefinition, Knowledge, LiteralBox, Place, TableBox
from datong.rules.sql_nodes import NotInSql, Scope, Sql, case, constant, expression, in_tests, number
from datong.rules.sql_table import table_sql

_LONGEST = 2_000_000
KINDS = ("number", "string", "boolean", "date")


DIGITS = (13, 2)
"""Digits before and behind the point that a column of numbers is taken with, unless it is told."""


def compile_sql(
    engine: Engine, name: str, columns: Mapping[str, object], output: str = "", digits: Mapping[str, tuple[int, int]] | None = None
) -> str:
    """One SQL expression for a decision; see `Model.sql`."""
    found = engine.element(name)
    if not isinstance(found, Decision):
        raise BadValue("name", f"there is no decision {name!r}", f"one of {', '.join(one.name for one in engine.decisions.values())}")
    try:
        answer = _Compiler(engine, columns, digits or {}).decision(found)
    except (NotInSql, RecursionError) as reason:
        told = str(reason) if isinstance(reason, NotInSql) else "an expression is nested too deep"
        raise BadValue("sql", told, "decide it case by case, or write it within the subset of docs/concepts/rules.md") from None
    if output or not answer.text:
        members = answer.members or {}
        if output not in members:
            missing = f"{name!r} has no result {output!r}" if output else f"{name!r} has several results"
            raise BadValue("output", missing, f"one of {', '.join(members)}" if members else "leave it out")
        answer = members[output]
    if len(answer.text) > _LONGEST:
        raise BadValue("sql", f"the expression of {name!r} has {len(answer.text):,} characters", "keep shared decisions in columns")
    return answer.text


def quoted_column(name: str) -> str:
    """A column's name in quotes, with its table before a point if there is one."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


class _Compiler:
    def __init__(self, engine: Engine, columns: Mapping[str, object], digits: Mapping[str, tuple[int, int]]) -> None:
        self.digits = digits
        self.engine = engine
        self.columns = columns
        self.types = {one.name: one for one in engine.definitions.types}
        self.known: dict[str, Sql] = {}
        self.open: set[str] = set()

    def decision(self, one: Decision) -> Sql:
        """A decision's expression, made once."""
        if one.id not in self.known:
            if one.box is None or one.id in self.open:
                raise NotInSql(f"decision {one.name!r} has no expression of its own")
            self.open.add(one.id)
            made = self.box(one.box, self.scope(one))
            self.known[one.id] = self.typed(made, one.type, one.name)
        return self.known[one.id]

    def scope(self, one: Decision | Knowledge) -> Scope:
        """The names that an element may use."""
        values: dict[str, Sql] = {}
        functions: dict[str, Any] = {}
        for target in one.needs.inputs:
            if target not in self.engine.inputs:
                raise NotInSql(f"{one.name!r} uses an imported model")
            values[self.engine.inputs[target].name] = self.fact(target)
        for target in one.needs.decisions:
            if target not in self.engine.decisions:
                raise NotInSql(f"{one.name!r} uses an imported model")
            needed = self.engine.decisions[target]
            values[needed.name] = self.decision(needed)
        for target in one.needs.knowledge:
            known = self.engine.knowledge.get(target)
            if known is None or known.box is None or known.box.kind != "FEEL":
                raise NotInSql(f"{one.name!r} uses {target!r}, which is no knowledge of this model")
            functions[known.name] = self.inlined(known)
        return Scope(values, functions)

    def inlined(self, known: Knowledge) -> Any:
        """A knowledge model as a function from arguments to an expression."""

        def call(arguments: Mapping[str, Sql] | list[Sql]) -> Sql:
            assert known.box is not None
            keys = [key for key, _ in known.box.parameters]
            given = arguments if isinstance(arguments, Mapping) else dict(zip(keys, arguments, strict=False))
            if set(given) != set(keys) or known.id in self.open:
                raise NotInSql(f"{known.name!r} is not called with its parameters, or calls itself")
            self.open.add(known.id)
            values = {key: self.typed(given[key], type_, f"{known.name}.{key}") for key, type_ in known.box.parameters}
            scope = self.scope(known)
            found = self.typed(self.box(known.box.body, replace(scope, values={**scope.values, **values})), known.box.type, known.name)
            self.open.discard(known.id)
            return found

        return call

    def fact(self, identifier: str) -> Sql:
        """A fact's column, or the constant given for it."""
        data = self.engine.inputs[identifier]
        if data.name not in self.columns:
            raise NotInSql(f"the fact {data.name!r} has no column")
        given = self.columns[data.name]
        kind = self.kind(data.type, f"the fact {data.name!r}")
        if isinstance(given, str):
            column = quoted_column(given)
            if kind == "number":
                whole, places = self.digits.get(data.name, DIGITS)
                made = number(f"CAST({column} AS DECIMAL({whole + places}, {places}))", whole, places)
                return self.typed(made, data.type, data.name)
            return self.typed(Sql(column, kind), data.type, data.name)
        if given is not None and not isinstance(given, (int, Decimal, date)):
            raise NotInSql(f"the fact {data.name!r} is given neither a column nor a number, boolean or day")
        return self.typed(constant(feel_value(given)), data.type, data.name)

    def kind(self, type_: str, what: str) -> str:
        """The kind of a declared type; only four have columns."""
        found = self.engine.types.named(type_) if type_ else None
        if found is None or found.name not in KINDS:
            raise NotInSql(f"{what} is of type {type_ or 'none declared'}; a column holds {', '.join(KINDS)}")
        return found.name

    def typed(self, value: Sql, type_: str, what: str) -> Sql:
        """A value of a declared type: of its kind, and where the type lists its values NULL unless it is one of them."""
        if not type_ or not value.text or type_ == "Any":
            return value
        kind = self.kind(type_, repr(what))
        if value.kind not in (kind, "null"):
            raise NotInSql(f"{what!r} is declared {kind} and is a {value.kind}")
        item: ItemDefinition | None = self.types.get(type_)
        while item is not None:
            if item.values and value.kind != "null":
                tests = parse_tests(item.values, self.engine.names)
                value = replace(value, sure=False, text=case([(in_tests(value, tests, Scope({}, {}), loose=True), value.text)], "NULL"))
            item = self.types.get(item.type)
        return value

    def box(self, box: Box, scope: Scope) -> Sql:
        """A box's expression."""
        if isinstance(box, LiteralBox):
            return self.typed(self.text(box.text, scope, box.place), box.type, "the expression")
        if isinstance(box, TableBox):
            return table_sql(box, scope, self)
        if isinstance(box, ContextBox) and box.result is not None:
            inner = scope
            for key, entry in box.entries:
                inner = replace(inner, values={**inner.values, key: self.box(entry, inner)})
            return self.box(box.result, inner)
        raise NotInSql(f"a {type(box).__name__.removesuffix('Box').lower()} (line {box.place.line}) has no SQL")

    def text(self, text: str, scope: Scope, place: Place) -> Sql:
        """FEEL text's expression."""
        if not text.strip():
            return Sql("NULL", "null")
        try:
            return expression(parse_expression(text, self.names), scope)
        except FeelSyntax as error:
            raise NotInSql(error.message) from None
        except NotInSql as reason:
            raise NotInSql(f"{reason} (line {place.line})") from None

    @property
    def names(self) -> Names:
        """The names that FEEL texts may hold."""
        return self.engine.names
