"""`base.name` and `base[condition]`: entries of contexts, parts of dates and durations, items of lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from datong.rules.feel.nodes import Filter
from datong.rules.feel.scope import MISSING, Scope
from datong.rules.feel.times import (
    DAY_SECONDS,
    NANOS,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    offset_of,
    time_offset,
)
from datong.rules.feel.values import Range

Run = Callable[[Scope], Any]


def member_of(base: Run, name: str) -> Run:
    """A part of a value by name; of a list, that part of each item."""

    def run(scope: Scope) -> Any:
        value = base(scope)
        if isinstance(value, list):
            return [None if (found := part_of(one, name)) is MISSING else found for one in value]
        found = part_of(value, name)
        if found is MISSING:
            scope.note(f"there is no {name!r} in it")
            return None
        return found

    return run


def part_of(value: Any, name: str) -> Any:
    """A context's entry or a property of a date, time, duration or range; MISSING if there is none."""
    if isinstance(value, dict):
        return value.get(name, MISSING)
    if isinstance(value, FeelDateTime):
        if name == "time offset":
            return _offset(offset_of(value))
        if name in ("year", "month", "day", "weekday"):
            return part_of(value.date, name)
        return part_of(value.time, name)
    read = _PROPERTIES.get(type(value), {}).get(name)
    return read(value) if read else MISSING


def weekday(day: FeelDate) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day.ordinal() + 3) % 7 + 1


def _offset(seconds: int | None) -> DaysTime | None:
    return None if seconds is None else DaysTime(seconds * NANOS)


def _signed(value: int, whole: int) -> Decimal:
    return Decimal(whole if value >= 0 else -whole)


_PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    FeelDate: {
        "year": lambda value: Decimal(value.year),
        "month": lambda value: Decimal(value.month),
        "day": lambda value: Decimal(value.day),
        "weekday": lambda value: Decimal(weekday(value)),
    },
    FeelTime: {
        "hour": lambda value: Decimal(value.hour),
        "minute": lambda value: Decimal(value.minute),
        "second": lambda value: Decimal(value.second),
        "time offset": lambda value: _offset(time_offset(value)),
        "timezone": lambda value: value.zone if isinstance(value.zone, str) else None,
    },
    DaysTime: {
        "days": lambda value: _signed(value.nanos, abs(value.nanos) // NANOS // DAY_SECONDS),
        "hours": lambda value: _signed(value.nanos, abs(value.nanos) // NANOS % DAY_SECONDS // 3600),
        "minutes": lambda value: _signed(value.nanos, abs(value.nanos) // NANOS % 3600 // 60),
        "seconds": lambda value: _signed(value.nanos, abs(value.nanos) // NANOS % 60),
    },
    YearsMonths: {
        "years": lambda value: _signed(value.months, abs(value.months) // 12),
        "months": lambda value: _signed(value.months, abs(value.months) % 12),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_closed,
        "end included": lambda value: value.high_closed,
    },
}


def filter_of(node: Filter, base: Run, condition: Run) -> Run:
    """`list[number]` or `list[condition]`; a single value is a list of one."""

    def run(scope: Scope) -> Any:
        value = base(scope)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        first = condition(_item_scope(items[0] if items else None, scope))
        if isinstance(first, Decimal):
            return _indexed(items, first, scope)
        if items and not isinstance(first, bool) and first is not None:
            scope.note("a filter is a number or a condition")
            return None
        return [item for item in items if condition(_item_scope(item, scope)) is True]

    return run


def _indexed(items: list[Any], index: Decimal, scope: Scope) -> Any:
    at = int(index)
    if at != index or not 1 <= abs(at) <= len(items):
        scope.note(f"the list of {len(items)} has no item {at}")
        return None
    return items[at - 1] if at > 0 else items[at]


def _item_scope(item: Any, scope: Scope) -> Scope:
    values = dict(item) if isinstance(item, dict) else {}
    values.setdefault("item", item)
    return Scope(values, scope)
