"""How a built-in function is declared: its name, and for each way to call it the parameters' names and kinds.

    @builtin("substring", "string: string", "start position: number", "length: number?")

Kinds: number, string, boolean, list, context, range, function, date, …, any (null too); several parted by `|`; `?` behind
it for an argument that may be left out, `*` for any number of them. A list of one is taken for its item and an item for a
list of one; null where the kind does not say any gives null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from datong.rules.feel.faults import NoValue
from datong.rules.feel.values import kind_of

_Run = TypeVar("_Run", bound=Callable[..., Any])
_UNFIT = object()


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, the kinds it takes, whether it may be left out."""

    name: str
    kinds: frozenset[str]
    optional: bool

    def fit(self, value: Any) -> Any:
        """The value if it is of a kind taken, or can be made so; else a mark that it does not fit."""
        kind = kind_of(value)
        if kind in self.kinds or "any" in self.kinds:
            return value
        if kind == "list" and len(value) == 1:
            return self.fit(value[0])
        if "list" in self.kinds and kind != "null":
            return [value]
        return _UNFIT


@dataclass(frozen=True)
class Way:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    run: Callable[..., Any]
    many: bool = False

    def placed(self, values: Sequence[Any], names: Sequence[str]) -> list[Any] | None:
        """The arguments in order; nothing if their number or names do not fit this way."""
        if names:
            given = dict(zip(names, values, strict=True))
            known = {one.name for one in self.parameters}
            if set(given) - known or any(one.name not in given and not one.optional for one in self.parameters):
                return None
            return [given.get(one.name, _UNFIT) for one in self.parameters]
        if self.many:
            return list(values) if len(values) >= len(self.parameters) - 1 and values else None
        least = sum(not one.optional for one in self.parameters)
        if not least <= len(values) <= len(self.parameters):
            return None
        return [*values, *[_UNFIT] * (len(self.parameters) - len(values))]

    def fitted(self, placed: Sequence[Any]) -> list[Any] | None:
        """The arguments made to fit; nothing if one does not."""
        last = self.parameters[-1:]
        wanted = [*self.parameters, *list(last) * (len(placed) - len(self.parameters))]
        found: list[Any] = []
        for parameter, value in zip(wanted, placed, strict=False):
            if value is _UNFIT:
                found.append(None)
                continue
            fit = parameter.fit(value)
            if fit is _UNFIT:
                return None
            found.append(fit)
        return found


@dataclass(frozen=True)
class Builtin:
    """A built-in function with its ways to be called."""

    name: str
    ways: list[Way] = field(default_factory=list, compare=False)

    def call(self, values: Sequence[Any], names: Sequence[str] = ()) -> Any:
        """The function's value. Raises NoValue when no way fits."""
        counted = False
        for way in self.ways:
            placed = way.placed(values, names)
            if placed is None:
                continue
            counted = True
            arguments = way.fitted(placed)
            if arguments is not None:
                return way.run(*arguments)
        if not counted:
            raise NoValue(f"is not called with {len(values)} arguments{' so named' if names else ''}")
        raise NoValue(f"cannot take {', '.join(kind_of(value) for value in values)}")

    def __str__(self) -> str:
        return f"function {self.name}"


BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, *parameters: str) -> Callable[[_Run], _Run]:
    """Declare one way to call a built-in function."""
    read = tuple(_parameter(text) for text in parameters)
    many = bool(parameters) and parameters[-1].endswith("*")

    def declare(run: _Run) -> _Run:
        BUILTINS.setdefault(name, Builtin(name)).ways.append(Way(read, run, many))
        return run

    return declare


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(":")
    optional = kinds.endswith("?")
    return Parameter(name.strip(), frozenset(kind.strip() for kind in kinds.strip().rstrip("?*").split("|")), optional)
