"""Dates, times and durations of FEEL: any year up to nine digits, nanoseconds, offsets and zones by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from datong.rules.feel.faults import NoValue

NANOS = 1_000_000_000
DAY_SECONDS = 86_400
MAX_YEAR = 999_999_999
_CYCLE = 146_097  # days in 400 years


@dataclass(frozen=True, slots=True)
class FeelDate:
    """A day of the proleptic Gregorian calendar."""

    year: int
    month: int
    day: int

    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        return days_of(self.year, self.month, self.day)

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day; `zone` is an offset in seconds, a zone's name, or nothing."""

    hour: int
    minute: int
    second: int
    nanos: int = 0
    zone: int | str | None = None

    def seconds(self) -> int:
        """Whole seconds since midnight."""
        return self.hour * 3600 + self.minute * 60 + self.second

    def __str__(self) -> str:
        fraction = f".{self.nanos:09d}".rstrip("0") if self.nanos else ""
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{zone_text(self.zone)}"


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A day and a time of day."""

    date: FeelDate
    time: FeelTime

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.months < 0 else ''}P{text}"


@dataclass(frozen=True, slots=True)
class DaysTime:
    """A days and time duration, in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        seconds, nanos = divmod(abs(self.nanos), NANOS)
        days, rest = divmod(seconds, DAY_SECONDS)
        hours, rest = divmod(rest, 3600)
        minutes, left = divmod(rest, 60)
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        parts = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if left or nanos or not (days or parts):
            parts += f"{left}{fraction}S"
        return f"{'-' if self.nanos < 0 else ''}P{f'{days}D' if days else ''}{'T' + parts if parts else ''}"


Moment = FeelDate | FeelTime | FeelDateTime


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of any Gregorian day."""
    cycles, within = divmod(year - 1, 400)
    return date(within + 1, month, day).toordinal() + cycles * _CYCLE - 719_163


def date_of_days(days: int) -> FeelDate:
    """The day so many days after 1970-01-01."""
    cycles, within = divmod(days + 719_162, _CYCLE)
    found = date.fromordinal(within + 1)
    return make_date(found.year + cycles * 400, found.month, found.day)


def make_date(year: int, month: int, day: int) -> FeelDate:
    """A day. Raises NoValue when there is none such."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= month_days(year, month):
        raise NoValue("there is no such day")
    return FeelDate(year, month, day)


def month_days(year: int, month: int) -> int:
    """Days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def make_time(hour: int, minute: int, second: int, nanos: int = 0, zone: int | str | None = None) -> FeelTime:
    """A time of day. Raises NoValue when there is none such."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise NoValue("there is no such time of day")
    if isinstance(zone, int) and abs(zone) > 18 * 3600:
        raise NoValue("an offset goes to 18 hours")
    if isinstance(zone, str):
        zone_named(zone)
    return FeelTime(hour, minute, second, nanos, zone)


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """A time zone. Raises NoValue when the name is not known."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise NoValue(f"there is no time zone {name!r}") from None


def zone_text(zone: int | str | None) -> str:
    """A zone as it stands behind a time."""
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    hours, rest = divmod(abs(zone), 3600)
    seconds = f":{rest % 60:02d}" if rest % 60 else ""
    return f"{'-' if zone < 0 else '+'}{hours:02d}:{rest // 60:02d}{seconds}"


def offset_of(moment: FeelDateTime) -> int | None:
    """Seconds east of UTC at a moment; nothing without a zone."""
    zone = moment.time.zone
    if zone is None or isinstance(zone, int):
        return zone
    year = moment.date.year
    near = year if 2 < year < 9998 else 2000 + year % 400
    time_ = moment.time
    local = datetime(near, moment.date.month, moment.date.day, time_.hour, time_.minute, time_.second, tzinfo=zone_named(zone))
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset is not None else None


def time_offset(time_: FeelTime) -> int | None:
    """Seconds east of UTC of a time of day; a zone by name is taken as it stands in winter (of the year 2000)."""
    return offset_of(FeelDateTime(FeelDate(2000, 1, 1), time_))


def instant(moment: FeelDateTime) -> tuple[int, int]:
    """Seconds since 1970 and nanoseconds; in UTC when the moment has a zone, else by the wall clock."""
    return moment.date.ordinal() * DAY_SECONDS + moment.time.seconds() - (offset_of(moment) or 0), moment.time.nanos


def moment_at(seconds: int, nanos: int, zone: int | str | None) -> FeelDateTime:
    """The moment so many seconds after 1970, told in a zone."""
    offset = zone if isinstance(zone, int) else 0
    if isinstance(zone, str):
        guess = moment_at(seconds, nanos, 0)
        year = guess.date.year
        near = year if 2 < year < 9998 else 2000 + year % 400
        utc = datetime(near, guess.date.month, guess.date.day, guess.time.hour, guess.time.minute, tzinfo=ZoneInfo("UTC"))
        offset = int((utc.astimezone(zone_named(zone)).utcoffset() or timedelta()).total_seconds())
    days, rest = divmod(seconds + offset, DAY_SECONDS)
    return FeelDateTime(date_of_days(days), FeelTime(rest // 3600, rest // 60 % 60, rest % 60, nanos, zone))


def midnight(day: FeelDate) -> FeelDateTime:
    """A day as a moment: its midnight in UTC, as the specification has it."""
    return FeelDateTime(day, FeelTime(0, 0, 0, 0, 0))


def add_months(day: FeelDate, months: int) -> FeelDate:
    """A day so many months on; the last day of the month where the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return make_date(year, month + 1, min(day.day, month_days(year, month + 1)))


def add_nanos(moment: FeelDateTime, nanos: int) -> FeelDateTime:
    """A moment so many nanoseconds on."""
    seconds, left = instant(moment)
    more, left = divmod(left + nanos, NANOS)
    return moment_at(seconds + more, left, moment.time.zone)


def add_to_time(time_: FeelTime, nanos: int) -> FeelTime:
    """A time of day so much on, around midnight."""
    total = (time_.seconds() * NANOS + time_.nanos + nanos) % (DAY_SECONDS * NANOS)
    seconds, left = divmod(total, NANOS)
    return FeelTime(seconds // 3600, seconds // 60 % 60, seconds % 60, left, time_.zone)


def whole_months(start: FeelDate, end: FeelDate) -> int:
    """Whole months from one day to another, negative backwards."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months
