"""FEEL's values and what holds for all of them: kinds, equality, order, text.

number: Decimal (34 digits) · string: str · boolean: bool · list: list · context: dict · null: None · range, function: below ·
dates, times, durations: `times`. Equality and order of different kinds have no answer (null), as the specification asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any

from datong.rules.feel.times import (
    NANOS,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    instant,
    time_offset,
)

NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
_EXACT = Context(prec=7000, Emin=-7000, Emax=7000, traps=[])
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w ]*")


@dataclass(frozen=True)
class Range:
    """What lies between two values. `unary` is the operator of a range written `< 5`; its other end is open to all."""

    low: Any
    high: Any
    low_closed: bool
    high_closed: bool
    unary: str = ""


@dataclass(frozen=True)
class Function:
    """A function: its parameters, and what runs it with one value for each."""

    parameters: tuple[str, ...]
    run: Callable[[Sequence[Any]], Any]
    name: str = "function"
    types: tuple[Any, ...] = field(default=(), compare=False)
    result: Any = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    list: "list",
    dict: "context",
    type(None): "null",
    Range: "range",
    FeelDate: "date",
    FeelTime: "time",
    FeelDateTime: "date and time",
    DaysTime: "days and time duration",
    YearsMonths: "years and months duration",
}


def kind_of(value: Any) -> str:
    """The kind of a FEEL value."""
    return _KINDS.get(type(value)) or "function"


def feel_value(value: Any) -> Any:
    """A Python value as FEEL's: numbers, dates, durations, lists and mappings are taken over. Raises TypeError for any other."""
    if type(value) in _KINDS and not isinstance(value, (list, dict)):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): feel_value(one) for key, one in value.items()}
    if isinstance(value, (Function, Range)):
        return value
    if isinstance(value, (list, tuple)):
        return [feel_value(one) for one in value]
    return _feel_time(value)


def _feel_time(value: Any) -> Any:
    if isinstance(value, datetime):
        return FeelDateTime(FeelDate(value.year, value.month, value.day), _feel_time(value.timetz()))
    if isinstance(value, date):
        return FeelDate(value.year, value.month, value.day)
    if isinstance(value, time):
        offset = value.utcoffset()
        zone = getattr(value.tzinfo, "key", None) or (int(offset.total_seconds()) if offset is not None else None)
        return FeelTime(value.hour, value.minute, value.second, value.microsecond * 1000, zone)
    if isinstance(value, timedelta):
        return DaysTime((value.days * 86_400 + value.seconds) * NANOS + value.microseconds * 1000)
    raise TypeError(f"a {type(value).__name__} is no value of a rule")


def equal(left: Any, right: Any) -> bool | None:
    """Whether two values are equal; no answer for different kinds, unless one of them is null."""
    if left is None or right is None:
        return left is right
    if type(left) is type(right) and isinstance(left, (str, Decimal, bool)):
        return bool(left == right)
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    if kind in ("date", "days and time duration", "years and months duration"):
        return bool(left == right)
    if kind == "time":
        return _wall(left) == _wall(right)
    if kind == "date and time":
        return (left.time.zone is None) == (right.time.zone is None) and instant(left)[0] == instant(right)[0]
    if kind == "list":
        return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
    if kind == "context":
        return left.keys() == right.keys() and all(equal(value, right[key]) is True for key, value in left.items())
    return bool(left == right)


def _wall(value: FeelTime) -> tuple[int | None, int]:
    offset = time_offset(value)
    return (None, value.seconds()) if offset is None else (0, value.seconds() - offset)


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 for two values of one ordered kind; no answer otherwise."""
    if type(left) is Decimal and type(right) is Decimal:
        return int(left > right) - int(left < right)
    kind = kind_of(left)
    if kind != kind_of(right) or kind in ("boolean", "list", "context", "null", "range", "function"):
        return None
    a, b = _rank(left), _rank(right)
    if a is None or b is None or (isinstance(a, tuple) and a[0] != b[0]):
        return None
    return int(a > b) - int(a < b)


def _rank(value: Any) -> Any:
    if isinstance(value, FeelDate):
        return value.ordinal()
    if isinstance(value, FeelDateTime):
        return (value.time.zone is not None, *instant(value))
    if isinstance(value, FeelTime):
        offset = time_offset(value)
        return (offset is not None, value.seconds() - (offset or 0), value.nanos)
    if isinstance(value, YearsMonths):
        return value.months
    return value.nanos if isinstance(value, DaysTime) else value


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """`left operator right`, three-valued."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        same = equal(left, right)
        return None if same is None else not same
    found = order(left, right)
    if found is None:
        return None
    if operator == "<":
        return found < 0
    if operator == "<=":
        return found <= 0
    return found > 0 if operator == ">" else found >= 0


def in_range(value: Any, limits: Range) -> bool | None:
    """Whether a value lies in a range; no answer when an end is null or of another kind."""
    if limits.unary:
        return compare(limits.unary, value, limits.high if limits.unary in ("<", "<=", "=", "!=") else limits.low)
    above = compare(">=" if limits.low_closed else ">", value, limits.low)
    below = compare("<=" if limits.high_closed else "<", value, limits.high)
    return both(above, below)


def both(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued and."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def number_text(value: Decimal) -> str:
    """A number without exponent."""
    text = f"{value:f}"
    return "0" if not value else text


def text_of(value: Any, *, inside: bool = False) -> str:
    """A value as text; a text within a list or context stands in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if inside else value
    if isinstance(value, list):
        return "[" + ", ".join(text_of(one, inside=True) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key_text(key)}: {text_of(one, inside=True)}" for key, one in value.items()) + "}"
    if isinstance(value, Range):
        return _range_text(value)
    return str(value)


def _key_text(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else text_of(key, inside=True)


def _range_text(value: Range) -> str:
    if value.unary:
        end = value.high if value.unary in ("<", "<=", "=", "!=") else value.low
        return f"({value.unary} {text_of(end, inside=True)})"
    low, high = (text_of(end, inside=True) for end in (value.low, value.high))
    return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"


def plain(value: Any) -> Any:
    """A value as JSON can hold it: numbers as int when whole, else as exact text without closing zeros; dates and durations as text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else number_text(value.normalize(_EXACT))
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return text_of(value)


def whole(value: Decimal) -> int:
    """A number as an integer, towards zero."""
    with localcontext(NUMBERS):
        return int(value)
