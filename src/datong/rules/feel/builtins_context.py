"""Built-in functions of contexts and ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datong.rules.feel.builtin import builtin
from datong.rules.feel.faults import NoValue
from datong.rules.feel.values import Range, equal, order


@builtin("get value", "m: context", "key: string")
def get_value(context: dict[str, Any], key: str) -> Any:
    """A context's entry."""
    if key not in context:
        raise NoValue(f"there is no {key!r}")
    return context[key]


@builtin("get value", "context: context", "keys: list")
def get_deep(context: dict[str, Any], keys: list[Any]) -> Any:
    """An entry within entries."""
    found: Any = context
    for key in keys:
        if not isinstance(found, dict) or key not in found:
            raise NoValue(f"there is no {key!r}")
        found = found[key]
    return found


@builtin("get entries", "m: context")
def get_entries(context: dict[str, Any]) -> list[Any]:
    """A context as a list of keys and values."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def context_of(entries: list[Any]) -> dict[str, Any]:
    """A context from a list of keys and values."""
    found: dict[str, Any] = {}
    for one in entries:
        if not isinstance(one, dict) or "value" not in one or not isinstance(one.get("key"), str):
            raise NoValue("each entry has a key and a value")
        if one["key"] in found:
            raise NoValue("a key stands twice")
        found[one["key"]] = one["value"]
    return found


@builtin("context put", "context: context", "key: string", "value: any")
def put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """A context with an entry."""
    return {**context, key: value}


@builtin("context put", "context: context", "keys: list", "value: any")
def put_deep(context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    """A context with an entry within entries."""
    if not keys or not isinstance(keys[0], str):
        raise NoValue("keys are texts")
    if len(keys) == 1:
        return put(context, keys[0], value)
    inner = context.get(keys[0])
    if not isinstance(inner, dict):
        raise NoValue(f"{keys[0]!r} is no context")
    return put(context, keys[0], put_deep(inner, keys[1:], value))


@builtin("context merge", "contexts: list")
def merge(contexts: list[Any]) -> dict[str, Any]:
    """Contexts together; later entries win."""
    found: dict[str, Any] = {}
    for one in contexts:
        if not isinstance(one, dict):
            raise NoValue("only contexts can be merged")
        found.update(one)
    return found


# -- ranges and points -------------------------------------------------------


def _as_range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


def _order(left: Any, right: Any) -> int:
    found = order(left, right)
    if found is None:
        raise NoValue("the two cannot be compared")
    return found


def _before(a: Range, b: Range) -> bool:
    found = _order(a.high, b.low)
    return found < 0 or (found == 0 and not (a.high_closed and b.low_closed))


def _starts(a: Range, b: Range) -> bool:
    if _order(a.low, b.low) != 0 or a.low_closed != b.low_closed:
        return False
    found = _order(a.high, b.high)
    return found < 0 or (found == 0 and (b.high_closed or not a.high_closed))


def _finishes(a: Range, b: Range) -> bool:
    if _order(a.high, b.high) != 0 or a.high_closed != b.high_closed:
        return False
    found = _order(a.low, b.low)
    return found > 0 or (found == 0 and (b.low_closed or not a.low_closed))


def _includes(a: Range, b: Range) -> bool:
    low, high = _order(a.low, b.low), _order(a.high, b.high)
    return (low < 0 or (low == 0 and (a.low_closed or not b.low_closed))) and (
        high > 0 or (high == 0 and (a.high_closed or not b.high_closed))
    )


def _overlaps_before(a: Range, b: Range) -> bool:
    start, end = _order(a.low, b.low), _order(a.high, b.high)
    starts = start < 0 or (start == 0 and a.low_closed and not b.low_closed)
    ends = end < 0 or (end == 0 and (not a.high_closed or b.high_closed))
    return starts and ends and not _before(a, b)


def _relation(name: str, work: Callable[[Range, Range], bool], first: str, second: str) -> None:
    @builtin(name, first, second)
    def related(left: Any, right: Any) -> bool:
        for one in (left, right):
            if isinstance(one, Range) and (one.unary or one.low is None or one.high is None):
                raise NoValue("both ends of the range are needed")
        if left is None or right is None:
            raise NoValue("null lies nowhere")
        return work(_as_range(left), _as_range(right))


_POINTS = "number|string|date|time|date and time|days and time duration|years and months duration"
for _names in ((f"point1: {_POINTS}", f"point2: {_POINTS}"), (f"point: {_POINTS}", "range: range")):
    _relation("before", _before, *_names)
    _relation("after", lambda a, b: _before(b, a), *_names)
for _names in (("range: range", f"point: {_POINTS}"), ("range1: range", "range2: range")):
    _relation("before", _before, *_names)
    _relation("after", lambda a, b: _before(b, a), *_names)
    _relation("includes", _includes, *_names)
    _relation("finished by", lambda a, b: _finishes(b, a), *_names)
    _relation("started by", lambda a, b: _starts(b, a), *_names)
for _names in ((f"point: {_POINTS}", "range: range"), ("range1: range", "range2: range")):
    _relation("during", lambda a, b: _includes(b, a), *_names)
    _relation("finishes", _finishes, *_names)
    _relation("starts", _starts, *_names)
_TWO = ("range1: range", "range2: range")
_relation("meets", lambda a, b: a.high_closed and b.low_closed and _order(a.high, b.low) == 0, *_TWO)
_relation("met by", lambda a, b: a.low_closed and b.high_closed and _order(a.low, b.high) == 0, *_TWO)
_relation("overlaps", lambda a, b: not _before(a, b) and not _before(b, a), *_TWO)
_relation("overlaps before", _overlaps_before, *_TWO)
_relation("overlaps after", lambda a, b: _overlaps_before(b, a), *_TWO)


@builtin("coincides", f"point1: {_POINTS}", f"point2: {_POINTS}")
@builtin("coincides", "range1: range", "range2: range")
def coincides(left: Any, right: Any) -> bool:
    """Whether two points or two ranges are the same."""
    found = equal(left, right)
    if found is None:
        raise NoValue("the two cannot be compared")
    return found
