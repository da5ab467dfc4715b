"""A decision table as Python statements: one `if` a rule, in the order its hit policy asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datong.rules.engine import Engine
from datong.rules.fast_nodes import Names, NotFast, Py, expression, literal, tested
from datong.rules.feel import coerced, equal, parse_expression, parse_tests, plain
from datong.rules.feel.nodes import Literal, Node
from datong.rules.model import Output, Rule, TableBox
from datong.rules.table import Hit

_SIMPLE = ("number", "string", "boolean", "date")


@dataclass(frozen=True)
class Table:
    """A table with the names its texts may use."""

    box: TableBox
    name: str
    names: Names
    engine: Engine

    def parsed(self, text: str) -> Node:
        """FEEL text."""
        return parse_expression(text, self.engine.names) if text.strip() else Literal(None)


@dataclass(frozen=True)
class _Row:
    check: str
    values: tuple[Py, ...]
    constants: tuple[Any, ...] | None
    """The results where all are written out."""
    hit: Hit


def emit_table(table: Table, *, final: bool) -> Py:
    """Write a table's statements. `final` returns outcome and rules; else the results are left in variables."""
    if table.box.hit not in ("U", "A", "F", "P"):
        raise NotFast("a hit policy with several results")
    return _Emitter(table, final).emit()


class _Emitter:
    def __init__(self, table: Table, final: bool) -> None:
        self.table = table
        self.box = table.box
        self.final = final
        self.source = table.names.source
        self.targets = [self.source.variable() for _ in table.box.outputs]

    def emit(self) -> Py:
        """The whole table."""
        inputs = [self.input(at) for at in range(len(self.box.inputs))]
        rows = [self.row(rule, number, inputs) for number, rule in enumerate(self.box.rules, start=1)]
        default = self.default()
        kinds = [self.kind(at, rows, default) for at in range(len(self.box.outputs))]
        allowed = self.allowed(inputs)
        if not self.final:
            self.source.line(" = ".join(self.targets) + " = None")
        if allowed:
            self.source.line(f"if {' or '.join(allowed)}:")
            self.inner([self.nothing()] if self.final else ["pass"])
            if not self.final:
                self.source.line("else:")
                self.source.depth += 1
        if self.box.hit in ("F", "P"):
            self.first(self.ordered(rows), default)
        else:
            self.only(rows, default)
        if allowed and not self.final:
            self.source.depth -= 1
        results = [Py(name, kind, frozenset({name})) for name, kind in zip(self.targets, kinds, strict=True)]
        if len(results) == 1:
            return results[0]
        members = {output.name: result for output, result in zip(self.box.outputs, results, strict=True)}
        return Py("None", "context", members=members)

    def input(self, at: int) -> Py:
        """A column's value, settled."""
        one = self.box.inputs[at]
        found = expression(self.table.parsed(one.expression), self.table.names)
        if found.members is not None:
            raise NotFast("a column of several results")
        if one.type and one.type != "Any":
            wanted = self.table.engine.types.named(one.type)
            if wanted is None or wanted.allowed is not None or wanted.name not in (found.kind,):
                raise NotFast("a column of another type")
        return self.source.settle(found)

    def allowed(self, inputs: list[Py]) -> list[str]:
        """That a column's value is none of those the table allows."""
        found = []
        for value, one in zip(inputs, self.box.inputs, strict=True):
            if one.values:
                passes = tested(value, parse_tests(one.values, self.table.engine.names), self.table.names)
                found.append(f"({value.text} is not None and not {passes})")
        return found

    def row(self, rule: Rule, number: int, inputs: list[Py]) -> _Row:
        """A rule's condition and results. Results are written where they are used, so they must not need statements."""
        cells = [
            tested(value, parse_tests(text, self.table.engine.names), self.table.names)
            for value, text in zip(inputs, rule.tests, strict=True)
            if text.strip() not in ("-", "")
        ]
        nodes = [self.table.parsed(text) for text in rule.results]
        values = tuple(self.result(node, output) for node, output in zip(nodes, self.box.outputs, strict=True))
        constants = None
        if all(isinstance(node, Literal) for node in nodes):
            constants = tuple(self.fitted(node, output) for node, output in zip(nodes, self.box.outputs, strict=True))
        hit = Hit(self.table.name, rule.id, number, rule.reference, rule.note)
        return _Row(" and ".join(cells) or "True", values, constants, hit)

    def fitted(self, node: Node, output: Output) -> Any:
        """A written-out result as its column's type has it."""
        value = node.value if isinstance(node, Literal) else None
        wanted = self.table.engine.types.named(output.type) if output.type else None
        return coerced(value, wanted) if wanted is not None else value

    def result(self, node: Node, output: Output) -> Py:
        """A result's expression."""
        if isinstance(node, Literal):
            return literal(self.fitted(node, output), self.source)
        found = expression(node, self.table.names)
        wanted = self.table.engine.types.named(output.type) if output.type else None
        if found.members is not None or (wanted is not None and (wanted.allowed is not None or wanted.name not in (found.kind, "Any"))):
            raise NotFast("a result of another type")
        return found

    def default(self) -> tuple[Py, ...] | None:
        """The results where no rule applies."""
        if not any(output.default for output in self.box.outputs):
            return None
        return tuple(expression(self.table.parsed(output.default), self.table.names) for output in self.box.outputs)

    def kind(self, at: int, rows: list[_Row], default: tuple[Py, ...] | None) -> str:
        """The kind of a column of results."""
        kinds = {row.values[at].kind for row in rows} | ({default[at].kind} if default else set())
        kinds -= {"null"}
        if len(kinds) > 1 or not kinds <= set(_SIMPLE):
            raise NotFast("results of different kinds")
        return kinds.pop() if kinds else "null"

    def ordered(self, rows: list[_Row]) -> list[_Row]:
        """Rules in the order in which the first counts."""
        if self.box.hit == "F":
            return rows
        if any(row.constants is None for row in rows):
            raise NotFast("priorities of results that are not written out")
        return sorted(
            rows, key=lambda row: [self.rank(output, value) for output, value in zip(self.box.outputs, row.constants or (), strict=True)]
        )

    def rank(self, output: Output, value: Any) -> int:
        """A result's place among the values its column lists."""
        listed = parse_tests(output.values, self.table.engine.names).tests if output.values else ()
        if any(not isinstance(one, Literal) for one in listed):
            raise NotFast("priorities that are not written out")
        return next((place for place, one in enumerate(listed) if isinstance(one, Literal) and equal(one.value, value)), len(listed))

    def first(self, rows: list[_Row], default: tuple[Py, ...] | None) -> None:
        """The first rule that applies."""
        for number, row in enumerate(rows):
            word = "if" if self.final or number == 0 else "elif"
            self.source.line(f"{word} {row.check}:")
            self.inner(self.done(row.values, row))
        if self.final:
            for line in self.done(default, None) if default else [self.nothing()]:
                self.source.line(line)
        elif default and rows:
            self.source.line("else:")
            self.inner(self.done(default, None))

    def only(self, rows: list[_Row], default: tuple[Py, ...] | None) -> None:
        """The one rule that applies, or several that say the same; several that do not have no answer."""
        groups = self.groups(rows)
        at = self.source.variable()
        self.source.line(f"{at} = -1")
        for number, row in enumerate(rows):
            self.source.line(f"if {row.check}:")
            keep = f"{at} = {number} if {at} == -1 else -2"
            if self.box.hit == "A":
                same = " or ".join(f"{at} == {other}" for other in range(number) if groups[other] == groups[number])
                keep = f"{at} = {number} if {at} == -1 else {at if same else -2}" + (f" if {same} else -2" if same else "")
            self.inner([keep])
        for number, row in enumerate(rows):
            self.source.line(f"{'if' if number == 0 else 'elif'} {at} == {number}:")
            self.inner(self.done(row.values, row))
        if default:
            self.source.line(f"{'elif' if rows else 'if'} {at} == -1:")
            self.inner(self.done(default, None))
        if self.final:
            self.source.line(self.nothing())

    def groups(self, rows: list[_Row]) -> list[int]:
        """Which rules say the same: the number of the first that does."""
        if self.box.hit == "U":
            return list(range(len(rows)))
        if any(row.constants is None for row in rows):
            raise NotFast("results compared that are not written out")
        found: list[int] = []
        for row in rows:
            same = (
                other
                for other, before in enumerate(rows)
                if all(equal(a, b) is True for a, b in zip(before.constants or (), row.constants or (), strict=True))
            )
            found.append(next(same, len(found)))
        return found

    def inner(self, lines: list[str]) -> None:
        """Lines one step in."""
        self.source.depth += 1
        for line in lines:
            self.source.line(line)
        self.source.depth -= 1

    def nothing(self) -> str:
        """No answer."""
        return f"return None, {self.source.constant(())}"

    def done(self, values: tuple[Py, ...], row: _Row | None) -> list[str]:
        """What a rule that applies leads to."""
        if not self.final:
            return [f"{target} = {value.safe()}" for target, value in zip(self.targets, values, strict=True)]
        hits = (row.hit,) if row is not None else ()
        names = [output.name for output in self.box.outputs]
        if row is not None and row.constants is not None:
            shown = [plain(value) for value in row.constants]
            outcome = shown[0] if len(shown) == 1 else dict(zip(names, shown, strict=True))
            if len(shown) == 1:
                return [f"return {self.source.constant((outcome, hits))}"]
            return [f"return {self.source.constant(outcome)}.copy(), {self.source.constant(hits)}"]
        listed = [_shown(value) for value in values]
        if len(listed) == 1:
            return [f"return {listed[0]}, {self.source.constant(hits)}"]
        pairs = ", ".join(f"{self.source.constant(name)}: {text}" for name, text in zip(names, listed, strict=True))
        return [f"return {{{pairs}}}, {self.source.constant(hits)}"]


def _shown(value: Py) -> str:
    if value.kind == "number":
        return f"_plain({value.safe()})"
    return f"_date({value.safe()})" if value.kind == "date" else value.safe()
