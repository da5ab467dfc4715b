"""`for`, `some` and `every`: running over lists, spans and each other's items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from datong.rules.feel.faults import NoValue
from datong.rules.feel.nodes import For, Quantified
from datong.rules.feel.scope import Scope
from datong.rules.feel.times import FeelDate, date_of_days
from datong.rules.feel.values import Range

Run = Callable[[Scope], Any]
_MOST_ROUNDS = 1_000_000


def for_of(node: For, lists: Sequence[Run | tuple[Run, Run]], body: Run) -> Run:
    """`for … return body`: a list of what each round gives; `partial` is the list so far."""

    def run(scope: Scope) -> Any:
        results: list[Any] = []
        outer = Scope({"partial": results}, scope)
        try:
            for inner in _rounds(node.names, lists, outer):
                results.append(body(inner))
        except NoValue as reason:
            scope.note(str(reason))
            return None
        return results

    return run


def quantified_of(node: Quantified, lists: Sequence[Run | tuple[Run, Run]], condition: Run) -> Run:
    """`some … satisfies` and `every … satisfies`, three-valued."""
    decisive = not node.every

    def run(scope: Scope) -> Any:
        unknown = False
        try:
            for inner in _rounds(node.names, lists, scope):
                answer = condition(inner)
                if answer is decisive:
                    return decisive
                unknown = unknown or not isinstance(answer, bool)
        except NoValue as reason:
            scope.note(str(reason))
            return None
        return None if unknown else not decisive

    return run


def _rounds(names: Sequence[str], lists: Sequence[Run | tuple[Run, Run]], scope: Scope) -> Iterator[Scope]:
    """A scope for each combination; later lists may use earlier names. Raises NoValue for what is no list, or far too long."""
    items = _items(lists[0], scope)
    if len(items) > _MOST_ROUNDS:
        raise NoValue(f"more than {_MOST_ROUNDS:,} rounds")
    for item in items:
        inner = Scope({names[0]: item}, scope)
        if len(names) == 1:
            yield inner
        else:
            yield from _rounds(names[1:], lists[1:], inner)


def _items(source: Run | tuple[Run, Run], scope: Scope) -> Sequence[Any]:
    if isinstance(source, tuple):
        return _Span(source[0](scope), source[1](scope), down=True)
    found = source(scope)
    if isinstance(found, list):
        return found
    if isinstance(found, Range) and not found.unary:
        return _within(found)
    if found is None:
        raise NoValue("what is run over is null")
    return [found] if not isinstance(found, Range) else _within(found)


def _within(limits: Range) -> Sequence[Any]:
    """The whole numbers or days of a range, upwards; open ends are left out."""
    span = _Span(limits.low, limits.high, down=False)
    start, end = (0 if limits.low_closed else 1), len(span) - (0 if limits.high_closed else 1)
    return span.part(start, end)


class _Span(Sequence[Any]):
    """Whole numbers or days between two ends, not written out."""

    def __init__(self, low: Any, high: Any, *, down: bool) -> None:
        self.days = isinstance(low, FeelDate) and isinstance(high, FeelDate)
        if self.days:
            start, end = low.ordinal(), high.ordinal()
        elif isinstance(low, Decimal) and isinstance(high, Decimal) and low == low.to_integral_value():
            start, end = int(low), int(high.to_integral_value(rounding="ROUND_FLOOR"))
        else:
            raise NoValue("only whole numbers and days can be run over from one end to the other")
        if start > end and not down:
            raise NoValue("a range that ends before it begins cannot be run over")
        self.numbers = range(start, end + 1) if start <= end else range(start, end - 1, -1)

    def part(self, start: int, end: int) -> _Span:
        """A part of the span."""
        self.numbers = self.numbers[start:end]
        return self

    def __len__(self) -> int:
        return min(len(self.numbers), _MOST_ROUNDS + 1)

    def __getitem__(self, at: Any) -> Any:
        found = self.numbers[at]
        return date_of_days(found) if self.days else Decimal(found)
