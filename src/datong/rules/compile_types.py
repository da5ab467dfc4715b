"""A model's item definitions as FEEL types, with their allowed values ready to test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from datong.rules.compiler import Compiler
from datong.rules.feel import ANY, BASE_NAMES, BASE_SCOPE, FeelType, Scope, Types
from datong.rules.model import ItemDefinition
from datong.spec import Faults


class _Resolver:
    def __init__(self, definitions: Sequence[ItemDefinition], imported: Mapping[str, FeelType | None], faults: Faults) -> None:
        self.written = {one.name: one for one in definitions}
        self.found: dict[str, FeelType | None] = dict(imported)
        self.types = Types(self.found)
        self.compiler = Compiler(self.types, faults)
        self.open: set[str] = set()

    def resolve(self, name: str) -> None:
        if name in self.found:
            return
        if name in self.open:
            self.compiler.fault(self.written[name].place, f"type {name!r} is made of itself")
            self.found[name] = ANY
            return
        self.open.add(name)
        found = self.made(self.written[name])
        self.found.setdefault(name, found)

    def made(self, item: ItemDefinition) -> FeelType:
        base = self.base(item)
        if item.values:
            base = replace(base, allowed=self.allowed(item.values, item, base.allowed))
        if item.many:
            base = FeelType("list", item=base)
            if item.values_of_all:
                base = replace(base, allowed=self.allowed(item.values_of_all, item, None), whole_allowed=True)
        return base

    def base(self, item: ItemDefinition) -> FeelType:
        if item.components:
            return FeelType("context", members=tuple((one.name, self.made(one)) for one in item.components))
        if item.parameters is not None:
            parameters = tuple(self.named(type_, item) for _, type_ in item.parameters)
            return FeelType("function", parameters=parameters, result=self.named(item.type, item))
        return self.named(item.type, item)

    def named(self, name: str, item: ItemDefinition) -> FeelType:
        if name in self.written:
            self.resolve(name)
        return (self.compiler.type(name, item.place) if name else None) or ANY

    def allowed(self, values: str, item: ItemDefinition, before: Callable[[Any], bool] | None) -> Callable[[Any], bool]:
        passes = self.compiler.tests(values, BASE_NAMES, item.place)

        def test(value: Any) -> bool:
            return (before is None or before(value)) and passes(value, Scope({}, BASE_SCOPE)) is True

        return test


def compile_types(definitions: Sequence[ItemDefinition], imported: Mapping[str, FeelType | None], faults: Faults) -> Types:
    """The named types of a model; one made of itself, or of an unknown one, is a fault."""
    resolver = _Resolver(definitions, imported, faults)
    for name in resolver.written:
        resolver.resolve(name)
    return resolver.types
