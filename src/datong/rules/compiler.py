"""Texts of a model to closures: FEEL that cannot be read is a fault with its place, and has no value when decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from datong.rules.feel import (
    FeelSyntax,
    FeelType,
    Names,
    Scope,
    Types,
    coerced,
    compile_node,
    compile_tests,
    parse_expression,
    parse_tests,
    parse_type,
)
from datong.rules.model import Place
from datong.spec import Faults, Node

Run = Callable[[Scope], Any]
Passes = Callable[[Any, Scope], bool | None]


@dataclass
class Compiler:
    """What compiling needs to know of a model: its types, and where to tell faults."""

    types: Types
    faults: Faults

    def fault(self, place: Place, message: str, below: int = 0) -> None:
        """Note a fault; `below` counts lines below the place."""
        self.faults.add(Node("", place.file, place.line + below), message)

    def expression(self, text: str, names: Names, place: Place) -> Run:
        """A closure for FEEL text; empty text is null."""
        if not text.strip():
            return lambda scope: None
        try:
            return compile_node(parse_expression(text, names), self.types)
        except (FeelSyntax, RecursionError) as error:
            reason = self.refuse(text, place, error)

            def nothing(scope: Scope) -> None:
                scope.note(reason)

            return nothing

    def refuse(self, text: str, place: Place, error: FeelSyntax | RecursionError) -> str:
        """Note that a text is not taken; the reason."""
        below, reason = 0, "far too long: part it into several decisions"
        if isinstance(error, FeelSyntax):
            below, reason = error.line, error.message
        self.fault(place, f"FEEL {_short(text)}: {reason}", below)
        return reason

    def tests(self, text: str, names: Names, place: Place) -> Passes:
        """A closure for unary tests."""
        try:
            return compile_tests(parse_tests(text, names), self.types)
        except (FeelSyntax, RecursionError) as error:
            self.refuse(text, place, error)
            return lambda value, scope: None

    def type(self, name: str, place: Place) -> FeelType | None:
        """A declared type; nothing where none is declared. An unknown one is a fault."""
        if not name:
            return None
        found = self.types.named(name)
        if found is None and any(sign in name for sign in "<"):
            try:
                found = self.types.read(parse_type(name))
            except FeelSyntax:
                found = None
        if found is None:
            self.fault(place, f"there is no type {name!r}")
        return found

    def typed(self, run: Run, name: str, place: Place) -> Run:
        """A closure whose value is made to fit a declared type; null with a reason where it cannot."""
        wanted = self.type(name, place)
        if wanted is None or wanted.name == "Any":
            return run
        return lambda scope: fitting(run(scope), wanted, scope)


def fitting(value: Any, wanted: FeelType, scope: Scope, what: str = "the value") -> Any:
    """A value made to fit a type; null with a reason where it cannot."""
    found = coerced(value, wanted)
    if found is None and value is not None:
        kind = "a list" if wanted.name == "list" else f"of type {wanted.name}"
        scope.note(f"{what} is not {kind} as declared, or not one of those allowed")
    return found


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) < 60 else line[:57] + "…")
