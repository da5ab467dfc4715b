"""FEEL nodes to SQL expressions with their kinds; what has no SQL that means the same is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from datong.rules.feel import nodes
from datong.rules.feel.times import FeelDate
from datong.rules.feel.values import number_text

_ORDERED = ("number", "string", "date")
_MOST_DIGITS = 38


class NotInSql(Exception):
    """Something has no SQL that would give the same answer."""


@dataclass(frozen=True)
class Sql:
    """An expression and the kind of its value. A table has `members`, its results and its rule, and no text if they are several."""

    text: str
    kind: str
    members: Mapping[str, Sql] | None = None
    whole: int = 0
    """For a number: digits before the point, at most."""
    places: int = 0
    """For a number: digits behind it, at most."""
    written: Decimal | None = None
    """For a number written out: the number."""
    sure: bool = False
    """Whether it is written out and so never null."""


@dataclass(frozen=True)
class Scope:
    """Values and functions by name."""

    values: Mapping[str, Sql]
    functions: Mapping[str, Callable[..., Sql]]


def case(pairs: Sequence[tuple[str, str]], otherwise: str) -> str:
    """CASE WHEN … THEN … ELSE … END."""
    if not pairs:
        return otherwise
    return "(CASE " + " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs) + f" ELSE {otherwise} END)"


def constant(value: Any) -> Sql:
    """A value written out."""
    if value is None:
        return Sql("NULL", "null")
    if isinstance(value, bool):
        return Sql("TRUE" if value else "FALSE", "boolean", sure=True)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        whole = max(1, len(number_text(abs(value)).partition(".")[0]))
        return replace(
            number(f"CAST({number_text(value)} AS DECIMAL({whole + places}, {places}))", whole, places), written=value, sure=True
        )
    if isinstance(value, str) and "\x00" not in value:
        return Sql("'" + value.replace("'", "''") + "'", "string", sure=True)
    if isinstance(value, FeelDate) and 1 <= value.year <= 9999:
        return Sql(f"'{value}'", "date", sure=True)
    raise NotInSql(f"the value {value} cannot be written in SQL")


def number(text: str, whole: int, places: int) -> Sql:
    """A number with its digits; beyond 38 a database would round, or refuse, where FEEL does not."""
    if whole + places > _MOST_DIGITS:
        raise NotInSql(f"numbers of up to {whole} digits and {places} decimals do not fit into {_MOST_DIGITS}")
    return Sql(text, "number", None, whole, places)


def together(text: str, values: Sequence[Sql]) -> Sql:
    """An expression that is one of some values: their kind, and for numbers digits enough for each."""
    kind = one_kind(values)
    if kind != "number":
        return Sql(text, kind)
    return number(text, max(one.whole for one in values), max(one.places for one in values))


def expression(node: nodes.Node, scope: Scope, *, loose: bool = False) -> Sql:
    """A node's SQL. `loose` where NULL may stand for false, as in the condition of a CASE."""
    if isinstance(node, nodes.Literal):
        return constant(node.value)
    if isinstance(node, nodes.Name):
        if node.name not in scope.values:
            raise NotInSql(f"nothing is called {node.name!r}")
        return scope.values[node.name]
    if isinstance(node, (nodes.Both, nodes.Either)):
        word = "AND" if isinstance(node, nodes.Both) else "OR"
        sides = [_boolean(expression(one, scope, loose=loose)) for one in (node.left, node.right)]
        return Sql(f"({sides[0]} {word} {sides[1]})", "boolean")
    if isinstance(node, nodes.Compare):
        return Sql(compared(node.operator, expression(node.left, scope), expression(node.right, scope), loose=loose), "boolean")
    if isinstance(node, nodes.Between):
        value, low, high = (expression(one, scope) for one in (node.value, node.low, node.high))
        return Sql(f"({compared('>=', value, low)} AND {compared('<=', value, high)})", "boolean")
    if isinstance(node, nodes.In):
        return Sql(in_tests(expression(node.value, scope), node.tests, scope, loose=loose), "boolean")
    work = _WORKERS.get(type(node))
    if work is None:
        raise NotInSql(f"a {type(node).__name__.removesuffix('Node').lower()} has no SQL")
    return work(node, scope)


def _boolean(value: Sql) -> str:
    return value.text if value.kind == "boolean" else "NULL"


def compared(operator: str, left: Sql, right: Sql, *, loose: bool = False) -> str:
    """A comparison; equality with null has an answer, other kinds and orders have none."""
    if not left.text or not right.text:
        raise NotInSql("results of several columns cannot be compared")
    if operator in ("=", "!="):
        found = _equal(left, right, loose=loose and operator == "=")
        return found if operator == "=" else f"(NOT {found})"
    if left.kind != right.kind or left.kind not in _ORDERED:
        return "NULL"
    return f"({together(left.text, [left, right]).text} {operator} {right.text})"


def _equal(left: Sql, right: Sql, *, loose: bool) -> str:
    if right.kind == "null":
        return f"({left.text} IS NULL)"
    if left.kind == "null":
        return f"({right.text} IS NULL)"
    if left.kind != right.kind:
        nulls = f"({left.text} IS NULL AND {right.text} IS NULL)"
        return nulls if loose else case([(f"{left.text} IS NULL OR {right.text} IS NULL", nulls)], "NULL")
    together("", [left, right])
    return f"({left.text} = {right.text})" if loose and (left.sure or right.sure) else f"({left.text} IS NOT DISTINCT FROM {right.text})"


def in_tests(value: Sql, tests: nodes.Tests, scope: Scope, *, loose: bool = False) -> str:
    """Whether a value passes unary tests."""
    if not tests.tests:
        return "TRUE"
    inner = Scope({**scope.values, "?": value}, scope.functions)
    listed = [_passes(value, one, inner, loose=loose and not tests.negated) for one in tests.tests]
    found = listed[0] if len(listed) == 1 else "(" + " OR ".join(listed) + ")"
    return f"(NOT {found})" if tests.negated else found


def _passes(value: Sql, node: nodes.Node, scope: Scope, *, loose: bool) -> str:
    if isinstance(node, nodes.Test):
        return compared(node.operator, value, expression(node.operand, scope), loose=loose)
    if isinstance(node, nodes.RangeNode):
        low, high = expression(node.low, scope), expression(node.high, scope)
        above = compared(">=" if node.low_closed else ">", value, low)
        return f"({above} AND {compared('<=' if node.high_closed else '<', value, high)})"
    if isinstance(node, nodes.ListNode):
        listed = [f"COALESCE({_passes(value, one, scope, loose=False)}, FALSE)" for one in node.items]
        return "(" + " OR ".join(listed) + ")" if listed else "FALSE"
    found = expression(node, scope, loose=loose)
    asked = any(isinstance(one, nodes.Name) and one.name == "?" for one in nodes.walk(node))
    if asked and found.kind == "boolean":
        return found.text
    if found.kind == "boolean" and value.kind not in ("boolean", "null"):
        return case([(f"{value.text} IS NULL", f"({found.text} IS NULL)")], found.text)
    return compared("=", value, found, loose=loose)


def _arithmetic(node: nodes.Arithmetic, scope: Scope) -> Sql:
    left, right = expression(node.left, scope), expression(node.right, scope)
    if "null" in (left.kind, right.kind):
        return Sql("NULL", "null")
    if node.operator == "+" and left.kind == right.kind == "string":
        return Sql(f"({left.text} || {right.text})", "string")
    if left.kind != "number" or right.kind != "number":
        raise NotInSql(f"{left.kind} {node.operator} {right.kind} has no SQL here")
    if node.operator not in ("+", "-", "*"):
        other = "; multiply the other side instead" if node.operator == "/" else ""
        raise NotInSql(f"{node.operator!r} is not exact in SQL{other}")
    text = f"({left.text} {node.operator} {right.text})"
    if node.operator == "*":
        return number(text, left.whole + right.whole, left.places + right.places)
    return number(text, max(left.whole, right.whole) + 1, max(left.places, right.places))


def _negate(node: nodes.Negate, scope: Scope) -> Sql:
    operand = expression(node.operand, scope)
    if operand.kind not in ("number", "null"):
        raise NotInSql(f"-{operand.kind} has no SQL here")
    return replace(operand, text=f"(- {operand.text})", written=None, sure=False)


def _if(node: nodes.If, scope: Scope) -> Sql:
    condition = expression(node.condition, scope, loose=True)
    then, otherwise = expression(node.then, scope), expression(node.otherwise, scope)
    return together(case([(_boolean(condition), then.text)], otherwise.text), [then, otherwise])


def one_kind(values: Sequence[Sql]) -> str:
    """The kind that values share; null goes with any."""
    if any(not one.text for one in values):
        raise NotInSql("results of several columns cannot stand together")
    kinds = {one.kind for one in values} - {"null"}
    if len(kinds) > 1:
        raise NotInSql(f"values of different kinds, {' and '.join(sorted(kinds))}, cannot stand in one column")
    return kinds.pop() if kinds else "null"


def _member(node: nodes.Member, scope: Scope) -> Sql:
    base = expression(node.base, scope)
    if base.text or base.members is None or node.name not in base.members:
        raise NotInSql(f"the part {node.name!r} of a {base.kind} has no SQL")
    return base.members[node.name]


def _call(node: nodes.Call, scope: Scope) -> Sql:
    name = node.function.name if isinstance(node.function, nodes.Name) else ""
    arguments = [expression(one, scope) for one in node.arguments]
    if name in scope.functions:
        return scope.functions[name](dict(zip(node.names, arguments, strict=True)) if node.names else arguments)
    work = _FUNCTIONS.get((name, len(arguments)))
    if node.names or (work is None and not (name in ("min", "max") and len(arguments) > 1)):
        raise NotInSql(f"the function {name or 'of this name'}() with {len(arguments)} arguments has no SQL")
    if work is None:
        return _extreme(name, arguments)
    kinds, result, template = work
    if tuple(one.kind for one in arguments) != kinds:
        raise NotInSql(f"{name}() is given {', '.join(one.kind for one in arguments)}")
    text = template.format(*(one.text for one in arguments))
    if name == "abs":
        return number(text, arguments[0].whole, arguments[0].places)
    return number(f"CAST({text} AS DECIMAL(10, 0))", 10, 0) if result == "number" else Sql(text, result)


def _extreme(name: str, arguments: list[Sql]) -> Sql:
    if one_kind(arguments) not in _ORDERED or any(one.kind == "null" for one in arguments):
        raise NotInSql(f"{name}() compares numbers, texts or dates")
    found = arguments[0]
    for one in arguments[1:]:
        missing = f"{found.text} IS NULL OR {one.text} IS NULL"
        better = f"{one.text} {'<' if name == 'min' else '>'} {found.text}"
        found = together(case([(missing, "NULL"), (better, one.text)], found.text), [found, one])
    return found


_FUNCTIONS: dict[tuple[str, int], tuple[tuple[str, ...], str, str]] = {
    ("not", 1): (("boolean",), "boolean", "(NOT {0})"),
    ("abs", 1): (("number",), "number", "abs({0})"),
    ("string length", 1): (("string",), "number", "length({0})"),
    ("contains", 2): (("string", "string"), "boolean", "(instr({0}, {1}) > 0)"),
    ("starts with", 2): (("string", "string"), "boolean", "(substr({0}, 1, length({1})) = {1})"),
}
_WORKERS: dict[type, Callable[[Any, Scope], Sql]] = {
    nodes.Arithmetic: _arithmetic,
    nodes.Negate: _negate,
    nodes.If: _if,
    nodes.Member: _member,
    nodes.Call: _call,
}
