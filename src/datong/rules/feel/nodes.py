"""What a FEEL expression is made of, as frozen values: the parser's output, the compilers' input."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """An expression."""


@dataclass(frozen=True)
class Literal(Node):
    """A value written out: number, text, boolean, null, date, time or duration."""

    value: Any


@dataclass(frozen=True)
class Name(Node):
    """A name of the scope; `?` is the value that a unary test is about."""

    name: str


@dataclass(frozen=True)
class Member(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True)
class Filter(Node):
    """`base[condition]`: an index or a condition on each item."""

    base: Node
    condition: Node


@dataclass(frozen=True)
class Call(Node):
    """A function called with positional arguments, or with named ones."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Negate(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    """`left operator right` with + - * / **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    """`left operator right` with = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Both(Node):
    """`left and right`."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Either(Node):
    """`left or right`."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    """`value between low and high`, both ends within."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class Test(Node):
    """A unary test with an operator: `< 5`, `!= "a"`. Outside a test it is a range open to one side."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Tests(Node):
    """Unary tests: any of them holds, or none when negated; no tests at all is `-`, which always holds."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True)
class In(Node):
    """`value in test` or `value in (test, test)`."""

    value: Node
    tests: Tests


@dataclass(frozen=True)
class If(Node):
    """`if condition then one else other`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Span(Node):
    """`low..high` of an iteration: whole numbers or days, in either direction."""

    low: Node
    high: Node


@dataclass(frozen=True)
class For(Node):
    """`for name in list, … return body`."""

    names: tuple[str, ...]
    lists: tuple[Node, ...]
    body: Node


@dataclass(frozen=True)
class Quantified(Node):
    """`some|every name in list, … satisfies condition`."""

    every: bool
    names: tuple[str, ...]
    lists: tuple[Node, ...]
    condition: Node


@dataclass(frozen=True)
class RangeNode(Node):
    """`[low..high]` with either end open or closed."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class ListNode(Node):
    """`[item, …]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class ContextNode(Node):
    """`{key: value, …}`; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class FunctionNode(Node):
    """`function(name: type, …) body`; an external one has no body that can be run here."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True)
class TypeName:
    """A type as written: `number`, `list<string>`, `context<a: number>`, `function<number> -> string`."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    members: tuple[tuple[str, TypeName], ...] = field(default=())


@dataclass(frozen=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeName


def walk(node: Any) -> list[Node]:
    """The node and all nodes within, outermost first."""
    found: list[Node] = []
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Node):
            found.append(one)
            waiting.extend(reversed([getattr(one, name) for name in one.__dataclass_fields__]))
        elif isinstance(one, tuple):
            waiting.extend(reversed(one))
    return found
