"""Built-in functions of dates, times and durations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from datong.rules.feel.at_literal import read_date, read_duration, read_moment, read_time
from datong.rules.feel.builtin import builtin
from datong.rules.feel.faults import NoValue
from datong.rules.feel.members import weekday
from datong.rules.feel.range_text import read_range
from datong.rules.feel.times import (
    NANOS,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    date_of_days,
    days_of,
    instant,
    make_date,
    make_time,
    moment_at,
    whole_months,
    zone_named,
)
from datong.rules.feel.values import Range, kind_of, order

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = "date: date|date and time"


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise NoValue("a whole number is needed")
    return int(value)


@builtin("date", "from: string")
def date_of_text(text: str) -> FeelDate:
    """A day from text."""
    return read_date(text)


@builtin("date", "from: date|date and time")
def date_of(value: Any) -> FeelDate:
    """The day of a moment."""
    day: FeelDate = value.date if isinstance(value, FeelDateTime) else value
    return day


@builtin("date", "year: number", "month: number", "day: number")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> FeelDate:
    """A day from its parts."""
    return make_date(_whole(year), _whole(month), _whole(day))


@builtin("time", "from: string")
def time_of_text(text: str) -> FeelTime:
    """A time of day from text."""
    return read_time(text)


@builtin("time", "from: time|date and time|date")
def time_of(value: Any) -> FeelTime:
    """The time of day of a moment."""
    if isinstance(value, FeelDateTime):
        return value.time
    return value if isinstance(value, FeelTime) else FeelTime(0, 0, 0, 0, 0)


@builtin("time", "hour: number", "minute: number", "second: number", "offset: days and time duration|null?")
def time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None) -> FeelTime:
    """A time of day from its parts."""
    whole = int(second)
    nanos = int((second - whole) * NANOS)
    zone = None if offset is None else int(offset.nanos / NANOS)
    return make_time(_whole(hour), _whole(minute), whole, nanos, zone)


@builtin("date and time", "from: string")
def moment_of_text(text: str) -> FeelDateTime:
    """A moment from text."""
    return read_moment(text)


@builtin("date and time", "from: date and time")
def moment_itself(value: FeelDateTime) -> FeelDateTime:
    """A moment as it is."""
    return value


@builtin("date and time", "date: date|date and time", "time: time")
def moment_of_parts(day: Any, time_: FeelTime) -> FeelDateTime:
    """A moment from a day and a time of day."""
    return FeelDateTime(date_of(day), time_)


@builtin("date and time", "from: date and time", "timezone: string")
def moment_in_zone(value: FeelDateTime, zone: str) -> FeelDateTime:
    """A moment told in another zone."""
    zone_named(zone)
    seconds, nanos = instant(value)
    return moment_at(seconds, nanos, zone)


@builtin("duration", "from: string")
def duration_of_text(text: str) -> Any:
    """A duration from text."""
    return read_duration(text)


@builtin("duration", "from: days and time duration|years and months duration")
def duration_itself(value: Any) -> Any:
    """A duration as it is."""
    return value


@builtin("years and months duration", "from: date|date and time", "to: date|date and time")
def months_between(start: Any, end: Any) -> YearsMonths:
    """Whole months between two days."""
    months = whole_months(date_of(start), date_of(end))
    return YearsMonths(months)


@builtin("day of week", _DAY)
def day_of_week(value: Any) -> str:
    """The day's name."""
    return _DAYS[weekday(date_of(value)) - 1]


@builtin("day of year", _DAY)
def day_of_year(value: Any) -> Decimal:
    """The day's number in its year."""
    day = date_of(value)
    return Decimal(day.ordinal() - days_of(day.year, 1, 1) + 1)


@builtin("month of year", _DAY)
def month_of_year(value: Any) -> str:
    """The month's name."""
    return _MONTHS[date_of(value).month - 1]


@builtin("week of year", _DAY)
def week_of_year(value: Any) -> Decimal:
    """The week's number by ISO 8601."""
    day = date_of(value)
    thursday = day.ordinal() - weekday(day) + 4
    year = date_of_days(thursday).year
    return Decimal((thursday - days_of(year, 1, 1)) // 7 + 1)


@builtin("is", "value1: any", "value2: any")
@builtin("is", "value1: any?", "value2: any?")
def is_same(left: Any, right: Any) -> bool:
    """Whether two values are the very same, zone and offset included."""
    if kind_of(left) != kind_of(right):
        return False
    return bool(left == right)


@builtin("range", "from: string")
def range_of_text(text: str) -> Range:
    """A range from text such as `[1..10)`; both ends are written out."""
    found = read_range(text)
    if order(found.low, found.high) is None and None not in (found.low, found.high):
        raise NoValue("the two ends cannot be compared")
    return found
