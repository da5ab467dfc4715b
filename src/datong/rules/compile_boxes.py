"""The boxes of a model to closures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from datong.rules.compiler import Compiler, Run, fitting
from datong.rules.feel import Function, Names, NoValue, Scope, apply
from datong.rules.model import (
    Box,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    RelationBox,
    TableBox,
)
from datong.rules.table import compile_table


def compile_box(box: Box, name: str, names: Names, compiler: Compiler) -> Run:
    """A closure for a box; `name` is what its tables are called when they tell which rule applied."""
    run = _COMPILERS[type(box)](box, name, names, compiler)
    return compiler.typed(run, box.type, box.place) if not isinstance(box, FunctionBox) else run


def _literal(box: LiteralBox, name: str, names: Names, compiler: Compiler) -> Run:
    return compiler.expression(box.text, names, box.place)


def _context(box: ContextBox, name: str, names: Names, compiler: Compiler) -> Run:
    inner = Names((), names)
    runs: list[tuple[str, Run]] = []
    for key, entry in box.entries:
        runs.append((key, compile_box(entry, f"{name}.{key}", inner, compiler)))
        inner.add(key)
    result = compile_box(box.result, name, inner, compiler) if box.result is not None else None

    def run(scope: Scope) -> Any:
        entries: dict[str, Any] = {}
        within = Scope(entries, scope)
        for key, one in runs:
            entries[key] = one(within)
        return result(within) if result is not None else entries

    return run


def _invocation(box: InvocationBox, name: str, names: Names, compiler: Compiler) -> Run:
    callee = compile_box(box.callee, name, names, compiler)
    bindings = [(key, compile_box(one, name, names, compiler)) for key, one in box.bindings]
    title = box.callee.text if isinstance(box.callee, LiteralBox) else name

    def run(scope: Scope) -> Any:
        function = callee(scope)
        try:
            return apply(function, [one(scope) for _, one in bindings], [key for key, _ in bindings])
        except NoValue as reason:
            scope.note(f"{title}: {reason}")
            return None

    return run


def _function(box: FunctionBox, name: str, names: Names, compiler: Compiler) -> Run:
    inner = Names([parameter for parameter, _ in box.parameters], names)
    body = compile_box(box.body, name, inner, compiler) if box.kind == "FEEL" else None
    keys = tuple(key for key, _ in box.parameters)
    wanted = [compiler.type(type_, box.place) for _, type_ in box.parameters]
    result = compiler.type(box.type, box.place)

    def run(scope: Scope) -> Any:
        def call(arguments: Sequence[Any]) -> Any:
            if body is None:
                scope.note(f"a function of kind {box.kind} cannot be run here")
                return None
            values = {
                key: fitting(value, type_, scope, key) if type_ else value
                for key, value, type_ in zip(keys, arguments, wanted, strict=True)
            }
            if any(values[key] is None and value is not None for key, value in zip(keys, arguments, strict=True)):
                return None
            found = body(Scope(values, scope))
            return fitting(found, result, scope) if result else found

        return Function(keys, call, name)

    return run


def _relation(box: RelationBox, name: str, names: Names, compiler: Compiler) -> Run:
    rows = [[compile_box(cell, name, names, compiler) for cell in row] for row in box.rows]
    return lambda scope: [{key: cell(scope) for key, cell in zip(box.columns, row, strict=False)} for row in rows]


def _list(box: ListBox, name: str, names: Names, compiler: Compiler) -> Run:
    runs = [compile_box(one, name, names, compiler) for one in box.items]
    return lambda scope: [run(scope) for run in runs]


def _conditional(box: ConditionalBox, name: str, names: Names, compiler: Compiler) -> Run:
    condition, then, otherwise = (compile_box(one, name, names, compiler) for one in (box.condition, box.then, box.otherwise))

    def run(scope: Scope) -> Any:
        answer = condition(scope)
        if answer is not None and not isinstance(answer, bool):
            scope.note("a condition is true or false")
            return None
        return then(scope) if answer else otherwise(scope)

    return run


def _items(value: Any, scope: Scope) -> list[Any] | None:
    if value is None or isinstance(value, list):
        if value is None:
            scope.note("what is run over is null")
        return value
    return [value]


def _iterator(box: IteratorBox, name: str, names: Names, compiler: Compiler) -> Run:
    source = compile_box(box.source, name, names, compiler)
    body = compile_box(box.body, name, Names([box.name, "partial"], names), compiler)

    def each(scope: Scope, items: list[Any]) -> list[Any]:
        results: list[Any] = []
        for item in items:
            results.append(body(Scope({box.name: item, "partial": results}, scope)))
        return results

    def run(scope: Scope) -> Any:
        items = _items(source(scope), scope)
        if items is None:
            return None
        results = each(scope, items)
        if box.kind == "for":
            return results
        decisive = box.kind == "some"
        if any(one is not None and not isinstance(one, bool) for one in results):
            scope.note("a condition is true or false")
            return None
        if any(one is decisive for one in results):
            return decisive
        return None if any(not isinstance(one, bool) for one in results) else not decisive

    return run


def _filter(box: FilterBox, name: str, names: Names, compiler: Compiler) -> Run:
    source = compile_box(box.source, name, names, compiler)
    match = compile_box(box.match, name, Names(["item"], names), compiler)

    def run(scope: Scope) -> Any:
        items = _items(source(scope), scope)
        if items is None:
            return None
        kept = []
        for item in items:
            values = dict(item) if isinstance(item, dict) else {}
            answer = match(Scope({"item": item, **values}, scope))
            if isinstance(answer, Decimal):
                return items[int(answer) - 1] if 1 <= answer <= len(items) else None
            if answer is True:
                kept.append(item)
        return kept

    return run


_COMPILERS: dict[type, Callable[[Any, str, Names, Compiler], Run]] = {
    LiteralBox: _literal,
    ContextBox: _context,
    InvocationBox: _invocation,
    FunctionBox: _function,
    RelationBox: _relation,
    ListBox: _list,
    ConditionalBox: _conditional,
    IteratorBox: _iterator,
    FilterBox: _filter,
    TableBox: compile_table,
}
