"""FEEL nodes to Python source: numbers as they come (int or Decimal), nulls guarded, the same answers as the closures give.

A `Py` is an expression that may be evaluated when none of its guards is None, and is null when one of them is. What does not
fit that mould is put into a variable first, or refused: then the decision is made by closures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from datong.rules.feel import nodes
from datong.rules.feel.times import FeelDate

_ORDERED = ("number", "string", "date")
_WORDS = {"+": "_add", "-": "_subtract", "*": "_multiply"}


class NotFast(Exception):
    """Something is outside of what is generated."""


@dataclass(frozen=True)
class Py:
    """An expression, its kind, and the variables that must not be None. A table of several results has `members`."""

    text: str
    kind: str
    guards: frozenset[str] = frozenset()
    members: Mapping[str, Py] | None = None

    def safe(self) -> str:
        """The value, or None."""
        checks = guarded(self.guards)
        return f"({self.text} if {checks} else None)" if checks else self.text


@dataclass
class Source:
    """The lines of a function being written, and the constants it refers to."""

    lines: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    depth: int = 1
    count: int = 0

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append("    " * self.depth + text)

    def variable(self) -> str:
        """A fresh variable."""
        self.count += 1
        return f"v{self.count}"

    def constant(self, value: Any) -> str:
        """A name for a value."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def settle(self, value: Py) -> Py:
        """A value in a variable of its own, which may be None."""
        if value.text.isidentifier() and value.guards <= {value.text}:
            return value
        name = self.variable()
        self.line(f"{name} = {value.safe()}")
        return Py(name, value.kind, frozenset({name}) if value.guards else frozenset())


@dataclass(frozen=True)
class Names:
    """Values and functions by name, and where to write."""

    values: Mapping[str, Py]
    functions: Mapping[str, Callable[..., Py]]
    source: Source


def guarded(guards: frozenset[str]) -> str:
    """That no guard is None."""
    return " and ".join(f"{one} is not None" for one in sorted(guards))


def condition(value: Py) -> str:
    """That a value is true; null counts as false."""
    if value.kind != "boolean":
        return "False"
    checks = guarded(value.guards)
    return f"({checks} and {value.text})" if checks else value.text


def literal(value: Any, source: Source) -> Py:
    """A value written out."""
    if value is None:
        return Py("None", "null")
    if isinstance(value, bool):
        return Py(repr(value), "boolean")
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value() and abs(value) < 10**30
        return Py(f"({int(value)})" if whole else source.constant(value), "number")
    if isinstance(value, str):
        return Py(source.constant(value), "string")
    if isinstance(value, FeelDate):
        return Py(f"({value.ordinal()})", "date")
    raise NotFast("a value of this kind")


def expression(node: nodes.Node, names: Names) -> Py:
    """A node's value."""
    if isinstance(node, nodes.Literal):
        return literal(node.value, names.source)
    if isinstance(node, nodes.Name):
        if node.name not in names.values:
            raise NotFast(f"the name {node.name!r}")
        return names.values[node.name]
    if isinstance(node, nodes.Compare):
        return compared(node.operator, expression(node.left, names), expression(node.right, names), names.source)
    work = _WORKERS.get(type(node))
    if work is None:
        raise NotFast(type(node).__name__)
    return work(node, names)


def truth(node: nodes.Node, names: Names) -> str:
    """That a node is true; null counts as false, so nothing needs to be settled for `and` and `or`."""
    if isinstance(node, (nodes.Both, nodes.Either)):
        word = "and" if isinstance(node, nodes.Both) else "or"
        return f"({truth(node.left, names)} {word} {truth(node.right, names)})"
    if isinstance(node, nodes.Between):
        within = nodes.RangeNode(node.low, node.high, True, True)
        return tested(expression(node.value, names), nodes.Tests((within,)), names)
    if isinstance(node, nodes.In):
        return tested(expression(node.value, names), node.tests, names)
    return condition(expression(node, names))


def compared(operator: str, left: Py, right: Py, source: Source) -> Py:
    """A comparison. Equality of one kind always has an answer: Python's None is equal to None alone, as FEEL's null is."""
    if left.members is not None or right.members is not None:
        raise NotFast("results of several columns compared")
    if operator in ("=", "!="):
        if left.kind != right.kind and "null" not in (left.kind, right.kind):
            raise NotFast("values of different kinds compared")
        a, b = (source.settle(one) if one.guards else one for one in (left, right))
        return Py(f"({a.text} {'==' if operator == '=' else '!='} {b.text})", "boolean")
    if left.kind != right.kind or left.kind not in _ORDERED:
        raise NotFast("values without an order compared")
    return Py(f"({left.text} {operator} {right.text})", "boolean", left.guards | right.guards)


def tested(value: Py, tests: nodes.Tests, names: Names) -> str:
    """That a value passes unary tests."""
    if not tests.tests:
        return "True"
    inner = Names({**names.values, "?": value}, names.functions, names.source)
    if tests.negated:
        return "(" + " and ".join(_fails(value, one, inner) for one in tests.tests) + ")"
    listed = [_passes(value, one, inner) for one in tests.tests]
    return listed[0] if len(listed) == 1 else "(" + " or ".join(listed) + ")"


def _test(value: Py, node: nodes.Node, names: Names) -> Py:
    """One unary test as a boolean that is null just when a guard is None."""
    if isinstance(node, nodes.Test):
        return compared(node.operator, value, expression(node.operand, names), names.source)
    found = expression(node, names)
    asked = any(isinstance(one, nodes.Name) and one.name == "?" for one in nodes.walk(node))
    if asked and found.kind == "boolean":
        return found
    if found.kind == "boolean" and value.kind != "boolean":
        return Py(found.text, "boolean", found.guards | value.guards)
    return compared("=", value, found, names.source)


def _range(value: Py, node: nodes.RangeNode, names: Names) -> Py:
    low, high = expression(node.low, names), expression(node.high, names)
    if not low.kind == high.kind == value.kind or value.kind not in _ORDERED:
        raise NotFast("a range of another kind")
    signs = "<=" if node.low_closed else "<", "<=" if node.high_closed else "<"
    return Py(f"({low.text} {signs[0]} {value.text} {signs[1]} {high.text})", "boolean", value.guards | low.guards | high.guards)


def _passes(value: Py, node: nodes.Node, names: Names) -> str:
    if isinstance(node, nodes.RangeNode):
        return condition(_range(value, node, names))
    if isinstance(node, nodes.Tests | nodes.ListNode):
        raise NotFast("a list as a test")
    return condition(_test(value, node, names))


def _fails(value: Py, node: nodes.Node, names: Names) -> str:
    """That a test is false, not null."""
    if isinstance(node, nodes.RangeNode):
        found = _range(value, node, names)
        if found.guards != value.guards:
            raise NotFast("a range with an end that may be null, denied")
    elif isinstance(node, nodes.ListNode):
        raise NotFast("a list as a test")
    else:
        found = _test(value, node, names)
    checks = guarded(found.guards)
    return f"({checks} and not {found.text})" if checks else f"(not {found.text})"


def _arithmetic(node: nodes.Arithmetic, names: Names) -> Py:
    left, right = expression(node.left, names), expression(node.right, names)
    guards = left.guards | right.guards
    if node.operator == "+" and left.kind == right.kind == "string":
        return Py(f"({left.text} + {right.text})", "string", guards)
    if left.kind != "number" or right.kind != "number":
        raise NotFast("arithmetic of other things than numbers")
    if node.operator in _WORDS:
        return Py(f"{_WORDS[node.operator]}({left.text}, {right.text})", "number", guards)
    if node.operator != "/":
        raise NotFast(node.operator)
    a, b = names.source.settle(left), names.source.settle(right)
    name = names.source.variable()
    checks = guarded(a.guards | b.guards)
    names.source.line(f"{name} = _divide({a.text}, {b.text}) if {checks + ' and ' if checks else ''}{b.text} != 0 else None")
    return Py(name, "number", frozenset({name}))


def _negate(node: nodes.Negate, names: Names) -> Py:
    operand = expression(node.operand, names)
    if operand.kind != "number":
        raise NotFast("the negative of another thing than a number")
    return Py(f"_minus({operand.text})", "number", operand.guards)


def _logic(node: nodes.Both | nodes.Either, names: Names) -> Py:
    """A three-valued and/or whose null matters."""
    sides = [expression(one, names) for one in (node.left, node.right)]
    if any(one.kind != "boolean" for one in sides):
        raise NotFast("logic of other things than booleans")
    both = isinstance(node, nodes.Both)
    if not any(one.guards for one in sides):
        return Py(f"({sides[0].text} {'and' if both else 'or'} {sides[1].text})", "boolean")
    a, b = (names.source.settle(one) for one in sides)
    name = names.source.variable()
    names.source.line(f"{name} = _{'both' if both else 'either'}({a.text}, {b.text})")
    return Py(name, "boolean", frozenset({name}))


def _if(node: nodes.If, names: Names) -> Py:
    asked = truth(node.condition, names)
    then, otherwise = expression(node.then, names), expression(node.otherwise, names)
    kinds = {then.kind, otherwise.kind} - {"null"}
    if len(kinds) != 1 or then.members is not None or otherwise.members is not None:
        raise NotFast("an if of different kinds")
    name = names.source.variable()
    names.source.line(f"{name} = {then.safe()} if {asked} else {otherwise.safe()}")
    return Py(name, kinds.pop(), frozenset({name}))


def _member(node: nodes.Member, names: Names) -> Py:
    base = expression(node.base, names)
    if base.members is None or node.name not in base.members:
        raise NotFast(f"the part {node.name!r}")
    return base.members[node.name]


def _call(node: nodes.Call, names: Names) -> Py:
    name = node.function.name if isinstance(node.function, nodes.Name) else ""
    if name == "not" and len(node.arguments) == 1:
        found = expression(node.arguments[0], names)
        if found.kind == "boolean":
            return Py(f"(not {found.text})", "boolean", found.guards)
    arguments = [expression(one, names) for one in node.arguments]
    if name in names.functions:
        return names.functions[name](dict(zip(node.names, arguments, strict=True)) if node.names else arguments)
    if node.names:
        raise NotFast("arguments by name")
    guards = frozenset().union(*(one.guards for one in arguments))
    listed = ", ".join(one.text for one in arguments)
    if name in ("min", "max") and len(arguments) > 1 and all(one.kind == "number" for one in arguments):
        return Py(f"{name}({listed})", "number", guards)
    work = _FUNCTIONS.get((name, tuple(one.kind for one in arguments)))
    if work is None:
        raise NotFast(f"the function {name!r}")
    return Py(work[1].format(*(one.text for one in arguments)), work[0], guards)


_FUNCTIONS: dict[tuple[str, tuple[str, ...]], tuple[str, str]] = {
    ("abs", ("number",)): ("number", "_abs({0})"),
    ("string length", ("string",)): ("number", "len({0})"),
    ("contains", ("string", "string")): ("boolean", "({1} in {0})"),
    ("starts with", ("string", "string")): ("boolean", "{0}.startswith({1})"),
    ("ends with", ("string", "string")): ("boolean", "{0}.endswith({1})"),
}
_WORKERS: dict[type, Callable[[Any, Names], Py]] = {
    nodes.Arithmetic: _arithmetic,
    nodes.Negate: _negate,
    nodes.Both: _logic,
    nodes.Either: _logic,
    nodes.If: _if,
    nodes.Member: _member,
    nodes.Call: _call,
}
