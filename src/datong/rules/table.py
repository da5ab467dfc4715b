"""Decision tables decided row by row, under any hit policy, with the rules that applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from datong.rules.compiler import Compiler, Passes, Run
from datong.rules.feel import BUILTINS, Names, NoValue, Scope, equal, parse_tests
from datong.rules.model import Rule, TableBox

_NUMBERED = {"C+": "sum", "C<": "min", "C>": "max"}


@dataclass(frozen=True)
class Hit:
    """A rule that applied: of which table, which row, the law it rests on."""

    table: str
    rule: str
    number: int
    reference: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Row:
    rule: Rule
    tests: tuple[tuple[int, Passes], ...]
    """Column and test, without those that always hold."""
    results: tuple[Run, ...]
    hit: Hit


@dataclass(frozen=True)
class _Table:
    box: TableBox
    inputs: tuple[tuple[Run, Passes | None], ...]
    rows: tuple[_Row, ...]
    defaults: tuple[Run, ...] | None
    rank: Callable[[Any], tuple[int, ...]]

    def shape(self, values: Sequence[Any]) -> Any:
        """One value, or a context of several."""
        if len(values) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.box.outputs, values, strict=True)}


def compile_table(box: TableBox, name: str, names: Names, compiler: Compiler) -> Run:
    """A closure for a table; it records the rules that applied."""
    inputs = []
    for one in box.inputs:
        run = compiler.typed(compiler.expression(one.expression, names, one.place), one.type, one.place)
        inputs.append((run, compiler.tests(one.values, names, one.place) if one.values else None))
    rows = tuple(_row(rule, number, box, name, names, compiler=compiler) for number, rule in enumerate(box.rules, start=1))
    defaults = None
    if any(output.default for output in box.outputs):
        defaults = tuple(compiler.expression(output.default, names, output.place) for output in box.outputs)
    if len(box.outputs) > 1 and any(not output.name for output in box.outputs):
        compiler.fault(box.place, "several columns of results each need a name")
    table = _Table(box, tuple(inputs), rows, defaults, _ranker(box, names, compiler))
    return lambda scope: _decide(table, scope)


def _row(rule: Rule, number: int, box: TableBox, name: str, names: Names, *, compiler: Compiler) -> _Row:
    tests = tuple(
        (column, compiler.tests(text, names, rule.place))
        for column, text in enumerate(rule.tests[: len(box.inputs)])
        if text.strip() not in ("-", "")
    )
    results = tuple(
        compiler.typed(compiler.expression(text, names, rule.place), output.type, output.place)
        for text, output in zip(rule.results, box.outputs, strict=False)
    )
    missing = tuple(lambda scope: None for _ in range(len(box.outputs) - len(results)))
    return _Row(rule, tests, (*results, *missing), Hit(name, rule.id, number, rule.reference, rule.note))


def _ranker(box: TableBox, names: Names, compiler: Compiler) -> Callable[[Any], tuple[int, ...]]:
    """How values of results rank by the order of their allowed values: the first is the highest."""
    if box.hit not in ("P", "O"):
        return lambda values: ()
    columns: list[list[Passes]] = []
    for output in box.outputs:
        listed = parse_tests(output.values, names).tests if output.values else ()
        if not listed and len(box.outputs) == 1:
            compiler.fault(output.place, f"hit policy {box.hit} needs the values of its results, the highest first")
        parts = _parted(output.values, len(listed))
        columns.append([compiler.tests(text, names, output.place) for text in parts])

    def rank(values: Sequence[Any]) -> tuple[int, ...]:
        scope = Scope({})
        return tuple(
            next((place for place, passes in enumerate(tests) if passes(value, scope) is True), len(tests))
            for value, tests in zip(values, columns, strict=True)
        )

    return rank


def _parted(text: str, count: int) -> list[str]:
    """Tests parted at the commas outside of quotes and brackets."""
    parts, depth, quoted, last = [], 0, False, 0
    for at, char in enumerate(text):
        if char == '"' and text[at - 1 : at] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += (char in "([{") - (char in ")]}")
            if char == "," and depth == 0:
                parts.append(text[last:at])
                last = at + 1
    return [*parts, text[last:]][:count]


def _decide(table: _Table, scope: Scope) -> Any:
    values = []
    for (run, allowed), column in zip(table.inputs, table.box.inputs, strict=True):
        value = run(scope)
        if allowed is not None and value is not None and allowed(value, scope) is not True:
            scope.note(f"{column.label or column.expression} is not one of the values the table allows")
            return None
        values.append(value)
    matching = []
    for row in table.rows:
        if all(passes(values[column], scope) is True for column, passes in row.tests):
            matching.append(row)
            if table.box.hit == "F":
                break
    return _by_policy(table, matching, scope)


def _by_policy(table: _Table, matching: list[_Row], scope: Scope) -> Any:
    hit = table.box.hit
    if not matching:
        return _default(table, scope)
    found = [[run(scope) for run in row.results] for row in matching]
    if hit == "U" and len(matching) > 1:
        scope.note(f"rules {', '.join(row.rule.id for row in matching)} all apply where only one may")
        return None
    if hit == "A" and any(equal(one, found[0]) is not True for one in found[1:]):
        scope.note(f"rules {', '.join(row.rule.id for row in matching)} apply and do not say the same")
        return None
    order = list(range(len(matching)))
    if hit in ("P", "O"):
        order.sort(key=lambda at: table.rank(found[at]))
    if hit in ("U", "A", "F", "P"):
        order = order[:1]
    scope.record.hits.extend(matching[at].hit for at in order)
    if hit in ("U", "A", "F", "P"):
        return table.shape(found[order[0]])
    return _aggregated(table, [found[at] for at in order], scope)


def _default(table: _Table, scope: Scope) -> Any:
    if table.defaults is not None:
        found = table.shape([run(scope) for run in table.defaults])
        return [found] if table.box.hit in ("R", "O", "C") and not isinstance(found, list) else found
    if table.box.hit == "C#":
        return Decimal(0)
    scope.note("no rule applies")
    return [] if table.box.hit == "C" else None


def _aggregated(table: _Table, found: list[list[Any]], scope: Scope) -> Any:
    """The results together, as the policy says."""
    hit = table.box.hit
    if hit == "C#":
        return Decimal(len(found))
    if hit not in _NUMBERED:
        return [table.shape(one) for one in found]
    try:
        columns = [BUILTINS[_NUMBERED[hit]].call([[one[at] for one in found]]) for at in range(len(table.box.outputs))]
    except NoValue as reason:
        scope.note(str(reason))
        return None
    return table.shape(columns)
