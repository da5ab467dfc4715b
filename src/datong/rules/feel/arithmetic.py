"""Sums, differences, products, quotients and powers of FEEL values: one table of what may meet what."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from datong.rules.feel.faults import NoValue
from datong.rules.feel.times import (
    DAY_SECONDS,
    NANOS,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    add_months,
    add_nanos,
    add_to_time,
    date_of_days,
    instant,
    midnight,
    time_offset,
)
from datong.rules.feel.values import NUMBERS, kind_of, whole

_N, _S, _D, _T, _M = "number", "string", "date", "time", "date and time"
_YM, _DT = "years and months duration", "days and time duration"


def calculate(operator: str, left: Any, right: Any) -> Any:
    """`left operator right`. Raises NoValue when the two cannot meet or the result is no number."""
    if type(left) is Decimal and type(right) is Decimal:
        return _numbers(operator, left, right)
    work = _TABLE.get((operator, kind_of(left), kind_of(right)))
    if work is None:
        raise NoValue(f"{kind_of(left)} {operator} {kind_of(right)} has no meaning")
    return work(left, right)


def _numbers(operator: str, left: Decimal, right: Decimal) -> Decimal:
    work = _OF_NUMBERS[operator]
    if operator == "**" and not left and not right:
        return Decimal(1)
    return finite(work(left, right))


def finite(value: Decimal) -> Decimal:
    """A result that is a number. Raises NoValue for none (a division by zero, say)."""
    if not value.is_finite():
        raise NoValue("the result is no number (a division by zero, or too large)")
    return value


def negative(value: Any) -> Any:
    """`-value`. Raises NoValue."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    if isinstance(value, DaysTime):
        return DaysTime(-value.nanos)
    raise NoValue(f"a {kind_of(value)} has no negative")


_OF_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "**": NUMBERS.power,
}


def _days_on(day: FeelDate, nanos: int) -> FeelDate:
    return date_of_days(day.ordinal() + nanos // (DAY_SECONDS * NANOS))


def _months_on(moment: FeelDateTime, months: int) -> FeelDateTime:
    return FeelDateTime(add_months(moment.date, months), moment.time)


def _between(left: FeelDateTime, right: FeelDateTime) -> DaysTime:
    if (left.time.zone is None) != (right.time.zone is None):
        raise NoValue("one moment has a zone, the other has none")
    (a, a_nanos), (b, b_nanos) = instant(left), instant(right)
    return DaysTime((a - b) * NANOS + a_nanos - b_nanos)


def _between_times(left: FeelTime, right: FeelTime) -> DaysTime:
    a, b = time_offset(left), time_offset(right)
    if (a is None) != (b is None):
        raise NoValue("one time has a zone, the other has none")
    return DaysTime((left.seconds() - (a or 0) - right.seconds() + (b or 0)) * NANOS + left.nanos - right.nanos)


def _share(duration: DaysTime | YearsMonths, number: Decimal, work: Callable[[Decimal, Decimal], Decimal]) -> Any:
    size = duration.months if isinstance(duration, YearsMonths) else duration.nanos
    result = whole(finite(work(Decimal(size), number)))
    return YearsMonths(result) if isinstance(duration, YearsMonths) else DaysTime(result)


def _ratio(left: Any, right: Any) -> Decimal:
    a, b = (Decimal(one.months if isinstance(one, YearsMonths) else one.nanos) for one in (left, right))
    return finite(NUMBERS.divide(a, b))


_TABLE: dict[tuple[str, str, str], Callable[[Any, Any], Any]] = {
    ("+", _S, _S): lambda a, b: a + b,
    ("+", _YM, _YM): lambda a, b: YearsMonths(a.months + b.months),
    ("+", _DT, _DT): lambda a, b: DaysTime(a.nanos + b.nanos),
    ("+", _D, _YM): lambda a, b: add_months(a, b.months),
    ("+", _YM, _D): lambda a, b: add_months(b, a.months),
    ("+", _D, _DT): lambda a, b: _days_on(a, b.nanos),
    ("+", _DT, _D): lambda a, b: _days_on(b, a.nanos),
    ("+", _M, _YM): lambda a, b: _months_on(a, b.months),
    ("+", _YM, _M): lambda a, b: _months_on(b, a.months),
    ("+", _M, _DT): lambda a, b: add_nanos(a, b.nanos),
    ("+", _DT, _M): lambda a, b: add_nanos(b, a.nanos),
    ("+", _T, _DT): lambda a, b: add_to_time(a, b.nanos),
    ("+", _DT, _T): lambda a, b: add_to_time(b, a.nanos),
    ("-", _YM, _YM): lambda a, b: YearsMonths(a.months - b.months),
    ("-", _DT, _DT): lambda a, b: DaysTime(a.nanos - b.nanos),
    ("-", _D, _YM): lambda a, b: add_months(a, -b.months),
    ("-", _D, _DT): lambda a, b: _days_on(a, -b.nanos),
    ("-", _M, _YM): lambda a, b: _months_on(a, -b.months),
    ("-", _M, _DT): lambda a, b: add_nanos(a, -b.nanos),
    ("-", _T, _DT): lambda a, b: add_to_time(a, -b.nanos),
    ("-", _T, _T): _between_times,
    ("-", _D, _D): lambda a, b: _between(midnight(a), midnight(b)),
    ("-", _M, _M): _between,
    ("-", _M, _D): lambda a, b: _between(a, midnight(b)),
    ("-", _D, _M): lambda a, b: _between(midnight(a), b),
    ("*", _N, _YM): lambda a, b: _share(b, a, NUMBERS.multiply),
    ("*", _YM, _N): lambda a, b: _share(a, b, NUMBERS.multiply),
    ("*", _N, _DT): lambda a, b: _share(b, a, NUMBERS.multiply),
    ("*", _DT, _N): lambda a, b: _share(a, b, NUMBERS.multiply),
    ("/", _YM, _N): lambda a, b: _share(a, b, NUMBERS.divide),
    ("/", _DT, _N): lambda a, b: _share(a, b, NUMBERS.divide),
    ("/", _YM, _YM): _ratio,
    ("/", _DT, _DT): _ratio,
}
