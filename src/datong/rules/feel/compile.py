"""FEEL nodes to Python closures: each takes a scope and gives a value; what has no value is null with a reason in the scope's notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from datong.rules.feel import nodes
from datong.rules.feel.arithmetic import calculate, negative
from datong.rules.feel.call import call_of
from datong.rules.feel.faults import NoValue
from datong.rules.feel.iterate import for_of, quantified_of
from datong.rules.feel.members import filter_of, member_of
from datong.rules.feel.scope import MISSING, Scope
from datong.rules.feel.types import Types, coerced, fits
from datong.rules.feel.values import Function, Range, compare, in_range, kind_of, order

Run = Callable[[Scope], Any]
ANY_TYPE = Types({})


def compile_node(node: nodes.Node, types: Types = ANY_TYPE) -> Run:
    """A closure for an expression."""
    return _COMPILERS[type(node)](node, types)


def compile_tests(tests: nodes.Tests, types: Types = ANY_TYPE) -> Callable[[Any, Scope], bool | None]:
    """A closure that tells whether a value passes unary tests."""
    if not tests.tests:
        return lambda value, scope: True
    runs = [_test(one, types) for one in tests.tests]

    def passes(value: Any, scope: Scope) -> bool | None:
        inner = Scope({"?": value}, scope)
        answer = _any(run(value, inner) for run in runs)
        return answer if not tests.negated or answer is None else not answer

    return passes


def _any(answers: Any) -> bool | None:
    unknown = False
    for answer in answers:
        if answer is True:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


def _test(node: nodes.Node, types: Types) -> Callable[[Any, Scope], bool | None]:
    if isinstance(node, nodes.Test):
        operand, sign = compile_node(node.operand, types), node.operator
        return lambda value, scope: compare(sign, value, operand(scope))
    run = compile_node(node, types)
    if any(isinstance(one, nodes.Name) and one.name == "?" for one in nodes.walk(node)):
        return lambda value, scope: answer if isinstance(answer := run(scope), bool) else _matches(value, answer)
    return lambda value, scope: _matches(value, run(scope))


def _matches(value: Any, test: Any) -> bool | None:
    """Whether a value is equal to, or within, what a test gives."""
    if isinstance(test, Range):
        return compare("=", value, test) if isinstance(value, Range) else in_range(value, test)
    if isinstance(test, list):
        if isinstance(value, list) and compare("=", value, test):
            return True
        return any(_matches(value, one) is True for one in test)
    if isinstance(test, bool) and not isinstance(value, bool) and value is not None:
        return test
    return compare("=", value, test)


def _literal(node: nodes.Literal, types: Types) -> Run:
    value = node.value
    return lambda scope: value


def _name(node: nodes.Name, types: Types) -> Run:
    name = node.name

    def run(scope: Scope) -> Any:
        found = scope.find(name)
        if found is MISSING:
            scope.note(f"nothing is called {name!r} here")
            return None
        return found

    return run


def _negate(node: nodes.Negate, types: Types) -> Run:
    operand = compile_node(node.operand, types)

    def run(scope: Scope) -> Any:
        try:
            return negative(operand(scope))
        except NoValue as reason:
            scope.note(str(reason))
            return None

    return run


def _arithmetic(node: nodes.Arithmetic, types: Types) -> Run:
    left, right, sign = compile_node(node.left, types), compile_node(node.right, types), node.operator

    def run(scope: Scope) -> Any:
        try:
            return calculate(sign, left(scope), right(scope))
        except NoValue as reason:
            scope.note(str(reason))
            return None

    return run


def _compare(node: nodes.Compare, types: Types) -> Run:
    left, right, sign = compile_node(node.left, types), compile_node(node.right, types), node.operator

    def run(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        answer = compare(sign, a, b)
        if answer is None:
            scope.note(f"{kind_of(a)} {sign} {kind_of(b)} has no answer")
        return answer

    return run


def _both(node: nodes.Both, types: Types) -> Run:
    left, right = compile_node(node.left, types), compile_node(node.right, types)

    def run(scope: Scope) -> Any:
        a = left(scope)
        if a is False:
            return False
        b = right(scope)
        if b is False:
            return False
        return True if a is True and b is True else None

    return run


def _either(node: nodes.Either, types: Types) -> Run:
    left, right = compile_node(node.left, types), compile_node(node.right, types)

    def run(scope: Scope) -> Any:
        a = left(scope)
        if a is True:
            return True
        b = right(scope)
        if b is True:
            return True
        return False if a is False and b is False else None

    return run


def _between(node: nodes.Between, types: Types) -> Run:
    value, low, high = (compile_node(one, types) for one in (node.value, node.low, node.high))
    return lambda scope: in_range(value(scope), Range(low(scope), high(scope), True, True))


def _in(node: nodes.In, types: Types) -> Run:
    value, passes = compile_node(node.value, types), compile_tests(node.tests, types)
    return lambda scope: passes(value(scope), scope)


def _test_range(node: nodes.Test, types: Types) -> Run:
    """A test outside unary tests: a range open to one side."""
    operand, sign = compile_node(node.operand, types), node.operator

    def run(scope: Scope) -> Any:
        value = operand(scope)
        if sign in ("<", "<="):
            return Range(None, value, False, sign == "<=", sign)
        if sign in (">", ">="):
            return Range(value, None, sign == ">=", False, sign)
        return Range(value, value, sign == "=", sign == "=", sign)

    return run


def _if(node: nodes.If, types: Types) -> Run:
    condition, then, otherwise = (compile_node(one, types) for one in (node.condition, node.then, node.otherwise))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _range(node: nodes.RangeNode, types: Types) -> Run:
    low, high = compile_node(node.low, types), compile_node(node.high, types)

    def run(scope: Scope) -> Any:
        a, b = low(scope), high(scope)
        if a is not None and b is not None and order(a, b) is None:
            scope.note(f"a range from a {kind_of(a)} to a {kind_of(b)} has no meaning")
            return None
        return Range(a, b, node.low_closed, node.high_closed)

    return run


def _list(node: nodes.ListNode, types: Types) -> Run:
    runs = [compile_node(item, types) for item in node.items]
    return lambda scope: [run(scope) for run in runs]


def _context(node: nodes.ContextNode, types: Types) -> Run:
    runs = [(key, compile_node(value, types)) for key, value in node.entries]
    doubled = len({key for key, _ in runs}) < len(runs)

    def run(scope: Scope) -> Any:
        if doubled:
            scope.note("a key stands twice in a context")
            return None
        entries: dict[str, Any] = {}
        inner = Scope(entries, scope)
        for key, value in runs:
            entries[key] = value(inner)
        return entries

    return run


def _function(node: nodes.FunctionNode, types: Types) -> Run:
    body = compile_node(node.body, types)
    names = tuple(name for name, _ in node.parameters)
    wanted = tuple(types.read(one) if one else None for _, one in node.parameters)

    def run(scope: Scope) -> Any:
        if node.external:
            scope.note("an external function cannot be run here")
            return None

        def apply(arguments: Sequence[Any]) -> Any:
            values = [coerced(value, type_) if type_ else value for value, type_ in zip(arguments, wanted, strict=True)]
            if any(found is None and value is not None for found, value in zip(values, arguments, strict=True)):
                raise NoValue("an argument is not of its parameter's type")
            return body(Scope(dict(zip(names, values, strict=True)), scope))

        return Function(names, apply, types=wanted)

    return run


def _instance_of(node: nodes.InstanceOf, types: Types) -> Run:
    value, type_ = compile_node(node.value, types), types.read(node.type)

    def run(scope: Scope) -> Any:
        if type_ is None:
            scope.note(f"there is no type {node.type.name!r}")
            return None
        found = value(scope)
        return fits(found, type_, strict=True) if found is not None else type_.name == "Null"

    return run


_COMPILERS: dict[type, Callable[[Any, Types], Run]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Member: lambda node, types: member_of(compile_node(node.base, types), node.name),
    nodes.Filter: lambda node, types: filter_of(node, compile_node(node.base, types), compile_node(node.condition, types)),
    nodes.Call: lambda node, types: call_of(node, compile_node(node.function, types), [compile_node(one, types) for one in node.arguments]),
    nodes.Negate: _negate,
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: _compare,
    nodes.Both: _both,
    nodes.Either: _either,
    nodes.Between: _between,
    nodes.Test: _test_range,
    nodes.In: _in,
    nodes.If: _if,
    nodes.For: lambda node, types: for_of(node, _iterated(node, types), compile_node(node.body, types)),
    nodes.Quantified: lambda node, types: quantified_of(node, _iterated(node, types), compile_node(node.condition, types)),
    nodes.RangeNode: _range,
    nodes.ListNode: _list,
    nodes.ContextNode: _context,
    nodes.FunctionNode: _function,
    nodes.InstanceOf: _instance_of,
}


def _iterated(node: nodes.For | nodes.Quantified, types: Types) -> list[Run | tuple[Run, Run]]:
    """A closure for each list, two for a span."""
    return [
        (compile_node(one.low, types), compile_node(one.high, types)) if isinstance(one, nodes.Span) else compile_node(one, types)
        for one in node.lists
    ]
