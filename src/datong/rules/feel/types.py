"""Types of FEEL and of a model's item definitions: what fits, and what is made to fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from datong.rules.feel.at_literal import read_date, read_duration, read_moment, read_time
from datong.rules.feel.faults import NoValue
from datong.rules.feel.nodes import TypeName
from datong.rules.feel.times import FeelDate, midnight
from datong.rules.feel.values import Function, Range, kind_of

SIMPLE = (
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
)
_OTHER_NAMES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
}
_GENERAL = ("Any", "Null", "list", "context", "function", "range")


@dataclass(frozen=True)
class FeelType:
    """A type. `allowed` says more than the kind does (an item definition's allowed values)."""

    name: str
    item: FeelType | None = None
    members: tuple[tuple[str, FeelType], ...] = ()
    parameters: tuple[FeelType, ...] | None = None
    result: FeelType | None = None
    allowed: Callable[[Any], bool] | None = field(default=None, compare=False)
    whole_allowed: bool = False
    """For a list: whether `allowed` speaks of the list as a whole rather than of each item."""


ANY = FeelType("Any")


@dataclass
class Types:
    """The named types of a model; FEEL's own need no definition."""

    defined: Mapping[str, FeelType | None]

    def named(self, name: str) -> FeelType | None:
        """A type by name; nothing if there is none."""
        plain = name.split(":")[-1].strip() if ":" in name and name not in self.defined else name
        if plain in self.defined:
            return self.defined[plain]
        plain = _OTHER_NAMES.get(plain.removeprefix("feel."), plain.removeprefix("feel."))
        return FeelType(plain) if plain in SIMPLE or plain in _GENERAL else None

    def read(self, written: TypeName) -> FeelType | None:
        """A type as an expression writes it; nothing if a name in it is not known."""
        arguments = [self.read(one) for one in written.arguments]
        members = [(name, self.read(one)) for name, one in written.members]
        if None in arguments or any(one is None for _, one in members):
            return None
        known = [one for one in arguments if one is not None]
        if written.name == "list" and known:
            return FeelType("list", item=known[0])
        if written.name == "range" and known:
            return FeelType("range", item=known[0])
        if written.name == "function" and known:
            return FeelType("function", parameters=tuple(known[:-1]), result=known[-1])
        if written.name == "context" and members:
            return FeelType("context", members=tuple((name, one) for name, one in members if one is not None))
        return self.named(written.name)


def fits(value: Any, wanted: FeelType, *, strict: bool = False) -> bool:
    """Whether a value is of a type. Null is of every type, as nothing is said against it; strictly, of Any and Null alone."""
    if value is None or wanted.name == "Any":
        return not strict or wanted.name in ("Any", "Null") if value is None else True
    kind = kind_of(value)
    if kind != wanted.name:
        return False
    if kind == "list":
        if wanted.item is not None and not all(fits(one, wanted.item, strict=strict) for one in value):
            return False
        return wanted.allowed is None or not wanted.whole_allowed or wanted.allowed(value)
    if kind == "context":
        if not all(name in value and fits(value[name], one, strict=strict) for name, one in wanted.members):
            return False
    elif kind == "range" and wanted.item is not None:
        return _range_fits(value, wanted.item)
    elif kind == "function" and wanted.parameters is not None:
        return _function_fits(value, wanted)
    return wanted.allowed is None or wanted.allowed(value)


_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "number": Decimal,
    "date": read_date,
    "time": read_time,
    "date and time": read_moment,
    "days and time duration": read_duration,
    "years and months duration": read_duration,
}


def from_text(value: Any, wanted: FeelType) -> Any:
    """A value as JSON holds it, with texts read as what the type asks for; a text that is none stays text."""
    if isinstance(value, str) and wanted.name in _FROM_TEXT:
        try:
            return _FROM_TEXT[wanted.name](value)
        except (NoValue, InvalidOperation):
            return value
    if isinstance(value, list) and wanted.name == "list" and wanted.item is not None:
        return [from_text(one, wanted.item) for one in value]
    if isinstance(value, dict) and wanted.members:
        members = dict(wanted.members)
        return {key: from_text(one, members[key]) if key in members else one for key, one in value.items()}
    return value


def _range_fits(value: Range, item: FeelType) -> bool:
    return all(end is None or fits(end, item) for end in (value.low, value.high))


def _function_fits(value: Function, wanted: FeelType) -> bool:
    return len(value.parameters) == len(wanted.parameters or ())


def coerced(value: Any, wanted: FeelType) -> Any:
    """A value made to fit a type as the specification allows (one item for a list of one, and back; a date as its midnight), else null."""
    if value is None or wanted.name == "Any":
        return value
    if wanted.allowed is None and wanted.name in SIMPLE and kind_of(value) == wanted.name:
        return value
    if fits(value, wanted):
        return _members_only(value, wanted)
    if isinstance(value, list) and wanted.name != "list":
        return coerced(value[0], wanted) if len(value) == 1 else None
    if wanted.name == "list" and not isinstance(value, list):
        return [value] if fits([value], wanted) else None
    if wanted.name == "date and time" and isinstance(value, FeelDate):
        return midnight(value)
    return None


def _members_only(value: Any, wanted: FeelType) -> Any:
    """A function with a declared result gives a value of it; everything else stays as it is."""
    if isinstance(value, Function) and wanted.result is not None and wanted.result.name != "Any":
        result = wanted.result
        return Function(value.parameters, lambda arguments: coerced(value.run(arguments), result), value.name)
    return value
