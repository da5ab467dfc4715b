"""A range written as text, for `range(from)`: `[1..10)`, `(18..null]`, `["a".."c"]`."""

from __future__ import annotations

from datong.rules.feel.builtin import BUILTINS
from datong.rules.feel.faults import FeelSyntax, NoValue
from datong.rules.feel.lex import Names
from datong.rules.feel.nodes import Call, Literal, Name, Node, RangeNode
from datong.rules.feel.parse import parse_expression
from datong.rules.feel.values import Range


def read_range(text: str) -> Range:
    """The range that a text says. Raises NoValue unless both ends are written out and not both are null."""
    try:
        node = parse_expression(text, Names(["date and time"]))
    except FeelSyntax:
        raise NoValue("the text is no range") from None
    if not isinstance(node, RangeNode):
        raise NoValue("the text is no range")
    low, high = _end(node.low), _end(node.high)
    if low is None and high is None:
        raise NoValue("one end at least is needed")
    if (low is None and node.low_closed) or (high is None and node.high_closed):
        raise NoValue("an end that is null is open")
    return Range(low, high, node.low_closed, node.high_closed)


def _end(node: Node) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Call) and isinstance(node.function, Name) and all(isinstance(one, Literal) for one in node.arguments):
        found = BUILTINS.get(node.function.name)
        if found is not None and node.function.name in ("date", "time", "date and time", "duration"):
            return found.call([one.value for one in node.arguments if isinstance(one, Literal)])
    raise NoValue("an end of the range is not written out")
