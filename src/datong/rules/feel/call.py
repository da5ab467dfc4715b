"""Calling functions: arguments by place or by name, made to fit, three-valued at the edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from datong.rules.feel.builtin import Builtin
from datong.rules.feel.faults import NoValue
from datong.rules.feel.nodes import Call, Name
from datong.rules.feel.scope import Scope
from datong.rules.feel.values import Function, Range, kind_of

Run = Callable[[Scope], Any]


def call_of(node: Call, function: Run, arguments: Sequence[Run]) -> Run:
    """A call's closure; what is no function, or does not take these arguments, gives null with the reason."""
    names = node.names
    title = node.function.name if isinstance(node.function, Name) else "this"

    def run(scope: Scope) -> Any:
        found = function(scope)
        values = [argument(scope) for argument in arguments]
        try:
            return apply(found, values, names)
        except NoValue as reason:
            scope.note(f"{title}(): {reason}")
        except RecursionError:
            scope.note(f"{title}(): calls itself without end")
        return None

    return run


def apply(function: Any, values: Sequence[Any], names: Sequence[str] = ()) -> Any:
    """A function's value for arguments, by place or by name. Raises NoValue."""
    if isinstance(function, Builtin):
        return function.call(values, names)
    if isinstance(function, Range):
        raise NoValue("a range is no function")
    if not isinstance(function, Function):
        raise NoValue(f"a {kind_of(function)} is no function" if function is not None else "there is no such function")
    if names:
        given = dict(zip(names, values, strict=True))
        if set(given) != set(function.parameters):
            raise NoValue(f"its parameters are {', '.join(function.parameters) or 'none'}")
        values = [given[name] for name in function.parameters]
    if len(values) != len(function.parameters):
        raise NoValue(f"takes {len(function.parameters)} arguments, not {len(values)}")
    return function.run(values)
