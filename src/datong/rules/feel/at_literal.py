"""Dates, times and durations from text, as `@"…"` and the functions date, time, date and time, duration read them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from datong.rules.feel.faults import NoValue
from datong.rules.feel.times import (
    NANOS,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    add_nanos,
    make_date,
    make_time,
    zone_named,
)

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([zZ])|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z][\w+-]*(?:/[\w+-]+)*))?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_DAYS = re.compile(r"(-)?P(?=\d|T\d)(?:(\d+)D)?(?:T(?=[\d.])(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?|\.\d+)S)?)?", re.ASCII)


def at_literal(text: str) -> Any:
    """A date, time, date and time, or duration; null for a text that is none of them."""
    for read in (read_duration, read_date, read_time, read_moment):
        try:
            return read(text)
        except NoValue:
            continue
    return None


def read_date(text: str) -> FeelDate:
    """`2026-05-31`. Raises NoValue."""
    found = _DATE.fullmatch(text)
    if not found or found[1] == "-0000":
        raise NoValue("a date is written 2026-05-31")
    return make_date(int(found[1]), int(found[2]), int(found[3]))


def read_time(text: str) -> FeelTime:
    """`10:30:00`, `10:30:00.5Z`, `10:30:00+08:00`, `10:30:00@Asia/Shanghai`. Raises NoValue."""
    found = _TIME.fullmatch(text.removeprefix("T"))
    if not found:
        raise NoValue("a time is written 10:30:00, with an offset +08:00 or a zone @Asia/Shanghai behind it if there is one")
    nanos = int((found[4] or "0")[:9].ljust(9, "0"))
    return make_time(int(found[1]), int(found[2]), int(found[3]), nanos, _zone(found))


def _zone(found: re.Match[str]) -> int | str | None:
    if found[5]:
        return 0
    if found[6]:
        if int(found[8]) > 59 or int(found[9] or 0) > 59:
            raise NoValue("there is no such offset")
        offset = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
        return -offset if found[6] == "-" else offset
    if found[10]:
        zone_named(found[10])
        return found[10]
    return None


def read_moment(text: str) -> FeelDateTime:
    """A date, and behind a T a time; a date alone is its midnight. Raises NoValue."""
    day, sign, time_ = text.partition("T")
    if not sign:
        return FeelDateTime(read_date(day), FeelTime(0, 0, 0))
    if time_.startswith("24:00:00"):
        return add_nanos(FeelDateTime(read_date(day), read_time("00" + time_[2:])), 86_400 * NANOS)
    return FeelDateTime(read_date(day), read_time(time_))


def read_duration(text: str) -> YearsMonths | DaysTime:
    """`P1Y6M` or `P3DT4H`. Raises NoValue."""
    if found := _MONTHS.fullmatch(text):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    if found := _DAYS.fullmatch(text):
        seconds = int(found[2] or 0) * 86_400 + int(found[3] or 0) * 3600 + int(found[4] or 0) * 60
        nanos = seconds * NANOS + int(Decimal(found[5] or 0) * NANOS)
        return DaysTime(-nanos if found[1] else nanos)
    raise NoValue("a duration is written P1Y6M or P3DT4H30M")
