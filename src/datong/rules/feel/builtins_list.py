"""Built-in functions of lists, and of booleans."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from datong.rules.feel.arithmetic import calculate, finite
from datong.rules.feel.builtin import builtin
from datong.rules.feel.call import apply
from datong.rules.feel.faults import NoValue
from datong.rules.feel.times import DaysTime, YearsMonths
from datong.rules.feel.values import NUMBERS, equal, kind_of, order


def _same(left: Any, right: Any) -> bool:
    return equal(left, right) is True


def _numbers(items: Sequence[Any]) -> list[Decimal]:
    """The items as numbers. Raises NoValue when one is none, or there are none."""
    if not items or any(not isinstance(one, Decimal) for one in items):
        raise NoValue("a list of numbers is needed")
    return list(items)


def _each(*items: Any) -> list[Any]:
    return list(items)


@builtin("not", "negand: any")
def negation(value: Any) -> bool | None:
    """The contrary of true or false; null of anything else."""
    return not value if isinstance(value, bool) else None


@builtin("list contains", "list: list", "element: any")
def list_contains(items: list[Any], element: Any) -> bool:
    """Whether an item of a list equals a value."""
    return any(_same(one, element) for one in items)


@builtin("count", "list: list")
def count(items: list[Any]) -> Decimal:
    """How many items a list has."""
    return Decimal(len(items))


def _extreme(items: Sequence[Any], sign: int) -> Any:
    if not items:
        raise NoValue("the list is empty")
    best = items[0]
    for one in items:
        found = order(one, best)
        if found is None and not (isinstance(one, bool) and isinstance(best, bool)):
            raise NoValue("the items cannot be compared")
        if (found or 0) * sign > 0:
            best = one
    return best


@builtin("min", "list: list")
def least(items: list[Any]) -> Any:
    """The least item."""
    return _extreme(items, -1)


@builtin("max", "list: list")
def greatest(items: list[Any]) -> Any:
    """The greatest item."""
    return _extreme(items, 1)


@builtin("sum", "list: list")
def total(items: list[Any]) -> Any:
    """All items added."""
    if items and isinstance(items[0], (DaysTime, YearsMonths)):
        found = items[0]
        for one in items[1:]:
            found = calculate("+", found, one)
        return found
    added = Decimal(0)
    for one in _numbers(items):
        added = NUMBERS.add(added, one)
    return finite(added)


@builtin("mean", "list: list")
def mean(items: list[Any]) -> Any:
    """The average."""
    return calculate("/", total(items), Decimal(len(items)))


@builtin("product", "list: list")
def product(items: list[Any]) -> Decimal:
    """All items multiplied."""
    found = Decimal(1)
    for one in _numbers(items):
        found = NUMBERS.multiply(found, one)
    return finite(found)


@builtin("median", "list: list")
def median(items: list[Any]) -> Decimal | None:
    """The middle item, or the mean of the two in the middle."""
    if not items:
        return None
    ordered = sorted(_numbers(items))
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return NUMBERS.divide(NUMBERS.add(ordered[half - 1], ordered[half]), Decimal(2))


@builtin("stddev", "list: list")
def deviation(items: list[Any]) -> Decimal:
    """The standard deviation of a sample."""
    numbers = _numbers(items)
    if len(numbers) < 2:
        raise NoValue("two numbers at least are needed")
    middle = NUMBERS.divide(total(numbers), Decimal(len(numbers)))
    squares = [NUMBERS.power(NUMBERS.subtract(one, middle), Decimal(2)) for one in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(total(squares), Decimal(len(numbers) - 1)))


@builtin("mode", "list: list")
def mode(items: list[Any]) -> list[Decimal]:
    """The most frequent numbers, ascending."""
    if not items:
        return []
    numbers = _numbers(items)
    most = max(numbers.count(one) for one in numbers)
    return sorted({one for one in numbers if numbers.count(one) == most})


def _decided(items: Sequence[Any], decisive: bool) -> bool | None:
    if any(one is decisive for one in items):
        return decisive
    if any(not isinstance(one, bool) for one in items):
        return None
    return not decisive


@builtin("all", "list: list")
def all_hold(items: list[Any]) -> bool | None:
    """Whether no item is false."""
    return _decided(items, False)


@builtin("any", "list: list")
def any_holds(items: list[Any]) -> bool | None:
    """Whether an item is true."""
    return _decided(items, True)


for _name in ("min", "max", "sum", "mean", "product", "median", "stddev", "mode", "all", "any"):
    _of = {"min": least, "max": greatest, "sum": total, "mean": mean, "product": product, "median": median}
    _of |= {"stddev": deviation, "mode": mode, "all": all_hold, "any": any_holds}
    builtin(_name, "c: any*")(lambda *items, run=_of[_name]: run(list(items)) if None not in items or len(items) > 1 else None)


@builtin("sublist", "list: list", "start position: number", "length: number?")
def sublist(items: list[Any], start: Decimal, length: Decimal | None) -> list[Any]:
    """Part of a list from a place, counted from 1, or from the end when negative."""
    at = int(start)
    if not 1 <= abs(at) <= len(items) or (length is not None and length < 0):
        raise NoValue("the place lies outside of the list")
    begin = at - 1 if at > 0 else len(items) + at
    if length is not None and begin + int(length) > len(items):
        raise NoValue("the length goes beyond the list")
    return items[begin:] if length is None else items[begin : begin + int(length)]


@builtin("append", "list: list", "item: any*")
def append(items: list[Any], *more: Any) -> list[Any]:
    """A list with items at its end."""
    return [*items, *more]


@builtin("concatenate", "list: list*")
def concatenate(*lists: list[Any]) -> list[Any]:
    """Lists one behind the other."""
    return [one for items in lists for one in items]


@builtin("union", "list: list*")
def union(*lists: list[Any]) -> list[Any]:
    """Lists together, each value once."""
    return distinct(concatenate(*lists))


@builtin("distinct values", "list: list")
def distinct(items: list[Any]) -> list[Any]:
    """A list with each value once."""
    found: list[Any] = []
    for one in items:
        if not any(_same(one, other) for other in found):
            found.append(one)
    return found


def _place(items: list[Any], position: Decimal, *, behind: int = 0) -> int:
    at = int(position)
    if not 1 <= abs(at) <= len(items) + behind:
        raise NoValue("the place lies outside of the list")
    return at - 1 if at > 0 else len(items) + at


@builtin("insert before", "list: list", "position: number", "newItem: any")
def insert_before(items: list[Any], position: Decimal, item: Any) -> list[Any]:
    """A list with an item before a place."""
    at = _place(items, position)
    return [*items[:at], item, *items[at:]]


@builtin("remove", "list: list", "position: number")
def remove(items: list[Any], position: Decimal) -> list[Any]:
    """A list without the item of a place."""
    at = _place(items, position)
    return [*items[:at], *items[at + 1 :]]


@builtin("list replace", "list: list", "position: number", "newItem: any")
def replace_at(items: list[Any], position: Decimal, item: Any) -> list[Any]:
    """A list with another item at a place."""
    at = _place(items, position)
    return [*items[:at], item, *items[at + 1 :]]


@builtin("list replace", "list: list", "match: function", "newItem: any")
def replace_matching(items: list[Any], match: Any, item: Any) -> list[Any]:
    """A list with another item wherever a function of the item and the new one says true."""
    answers = [apply(match, [one, item]) for one in items]
    if any(not isinstance(answer, bool) for answer in answers):
        raise NoValue("the function answers true or false")
    return [item if answer else one for one, answer in zip(items, answers, strict=True)]


@builtin("reverse", "list: list")
def reverse(items: list[Any]) -> list[Any]:
    """A list from its end."""
    return items[::-1]


@builtin("index of", "list: list", "match: any")
def index_of(items: list[Any], match: Any) -> list[Decimal]:
    """The places where a value stands."""
    return [Decimal(place) for place, one in enumerate(items, start=1) if _same(one, match)]


@builtin("flatten", "list: list")
def flatten(items: list[Any]) -> list[Any]:
    """A list with the items of its lists."""
    found: list[Any] = []
    for one in items:
        found.extend(flatten(one) if isinstance(one, list) else [one])
    return found


@builtin("sort", "list: list", "precedes: function")
def sort(items: list[Any], precedes: Any) -> list[Any]:
    """A list in the order that a function of two items says."""

    def compare(left: Any, right: Any) -> int:
        if apply(precedes, [left, right]) is True:
            return -1
        return 1 if apply(precedes, [right, left]) is True else 0

    return sorted(items, key=cmp_to_key(compare))


@builtin("sort", "list: list")
def sort_plain(items: list[Any]) -> list[Any]:
    """A list from its least to its greatest."""
    if any(order(items[0], one) is None for one in items):
        raise NoValue(f"a {kind_of(items[0])} and the others cannot be compared")
    return sorted(items, key=cmp_to_key(lambda left, right: order(left, right) or 0))
