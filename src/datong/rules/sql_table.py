"""A decision table as SQL: one CASE a result, and one that names the rule that applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from datong.rules.feel import Names, parse_tests
from datong.rules.feel.nodes import Literal, Node
from datong.rules.model import Place, TableBox
from datong.rules.sql_nodes import NotInSql, Scope, Sql, case, constant, in_tests, number, one_kind, together

RULE = "rule"
"""The result that names the rule which applied."""


class Texts(Protocol):
    """What compiles the texts of a table."""

    @property
    def names(self) -> Names:
        """The names that texts may hold."""

    def text(self, text: str, scope: Scope, place: Place) -> Sql:
        """FEEL text's expression."""

    def typed(self, value: Sql, type_: str, what: str) -> Sql:
        """A value of a declared type."""


@dataclass(frozen=True)
class _Rows:
    conditions: list[str]
    results: list[list[Sql]]
    refused: list[str]
    """Conditions under which the table has no answer: a value it does not allow."""


def table_sql(box: TableBox, scope: Scope, texts: Texts) -> Sql:
    """A table's results and rule as members; a table of one result is that result when asked for by no name."""
    rows = _rows(box, scope, texts)
    columns = [_column(box, rows, at, _default(box, at, scope, texts)) for at in range(len(box.outputs))]
    members = {output.name or f"result {at + 1}": column for at, (output, column) in enumerate(zip(box.outputs, columns, strict=True))}
    if box.hit in ("U", "A", "F", "P"):
        names = [[constant(rule.id)] for rule in box.rules]
        members.setdefault(RULE, _column(box, _Rows(rows.conditions, rows.results, rows.refused), 0, Sql("NULL", "null"), names))
    if len(box.outputs) == 1:
        return Sql(columns[0].text, columns[0].kind, members)
    return Sql("", "context", members)


def _rows(box: TableBox, scope: Scope, texts: Texts) -> _Rows:
    inputs = [texts.typed(texts.text(one.expression, scope, one.place), one.type, one.expression) for one in box.inputs]
    refused = []
    for value, one in zip(inputs, box.inputs, strict=True):
        if not value.text:
            raise NotInSql(f"{one.expression!r} has several columns")
        if one.values:
            allowed = in_tests(value, parse_tests(one.values, texts.names), scope, loose=True)
            refused.append(f"({value.text} IS NOT NULL AND NOT COALESCE({allowed}, FALSE))")
    conditions = []
    for rule in box.rules:
        cells = [
            in_tests(value, parse_tests(text, texts.names), scope, loose=True)
            for value, text in zip(inputs, rule.tests, strict=True)
            if text.strip() not in ("-", "")
        ]
        conditions.append("(" + " AND ".join(cells) + ")" if len(cells) > 1 else cells[0] if cells else "TRUE")
    results = [
        [
            texts.typed(texts.text(text, scope, rule.place), output.type, output.name)
            for text, output in zip(rule.results, box.outputs, strict=True)
        ]
        for rule in box.rules
    ]
    return _Rows(conditions, results, refused)


def _default(box: TableBox, at: int, scope: Scope, texts: Texts) -> Sql:
    output = box.outputs[at]
    return texts.text(output.default, scope, output.place) if output.default else Sql("NULL", "null")


def _column(box: TableBox, rows: _Rows, at: int, default: Sql, own: list[list[Sql]] | None = None) -> Sql:
    """One result as an expression; `own` takes the place of the results (the rules' names)."""
    shown = own or rows.results
    values = [row[0 if own else at] for row in shown]
    one_kind([*values, default])
    pairs = [(refused, "NULL") for refused in rows.refused]
    hit = box.hit
    if hit in ("C+", "C<", "C>", "C#"):
        return _aggregated(hit, pairs, rows.conditions, values, default=default)
    if hit not in ("U", "A", "F", "P"):
        raise NotInSql(f"hit policy {hit} gives a list, which is no column")
    order = list(range(len(values)))
    if hit == "U" and len(values) > 1:
        pairs.append((_more_than_one(rows.conditions), "NULL"))
    elif hit == "A":
        pairs.extend((clash, "NULL") for clash in _clashes(rows))
    elif hit == "P":
        order.sort(key=lambda row: _rank(box, rows.results[row]))
    pairs.extend((rows.conditions[row], values[row].text) for row in order)
    return together(case(pairs, default.text), [*values, default])


def _counted(conditions: Sequence[str]) -> str:
    return "(" + " + ".join(case([(one, "1")], "0") for one in conditions) + ")"


def _more_than_one(conditions: Sequence[str]) -> str:
    return f"({_counted(conditions)} > 1)"


def _clashes(rows: _Rows) -> list[str]:
    """For each two rules that say different things: that both apply."""
    found = []
    for one, (condition, results) in enumerate(zip(rows.conditions, rows.results, strict=True)):
        for other in range(one + 1, len(rows.conditions)):
            differ = [f"{a.text} IS DISTINCT FROM {b.text}" for a, b in zip(results, rows.results[other], strict=True) if a.text != b.text]
            if differ:
                found.append(f"({condition} AND {rows.conditions[other]} AND ({' OR '.join(differ)}))")
    return found


def _rank(box: TableBox, results: list[Sql]) -> tuple[int, ...]:
    """How a row of written-out results ranks by the order of the values its columns list."""
    found = []
    for output, result in zip(box.outputs, results, strict=True):
        listed: tuple[Node, ...] = parse_tests(output.values, Names()).tests if output.values else ()
        texts = [constant(one.value).text for one in listed if isinstance(one, Literal)]
        if len(texts) != len(listed) or (texts and result.text not in texts):
            raise NotInSql("hit policy P needs results and their order written out")
        found.append(texts.index(result.text) if texts else 0)
    return tuple(found)


def _aggregated(hit: str, pairs: list[tuple[str, str]], conditions: Sequence[str], values: Sequence[Sql], *, default: Sql) -> Sql:
    count = _counted(conditions)
    if hit == "C#":
        none = default.text if default.kind != "null" else "0"
        counted = case([*pairs, (f"{count} > 0", count)], none)
        return number(f"CAST({counted} AS DECIMAL(10, 0))", 10, 0)
    if any(one.kind != "number" for one in values) or default.kind not in ("number", "null"):
        raise NotInSql(f"hit policy {hit} is compiled for numbers")
    unknown = [f"({condition} AND {value.text} IS NULL)" for condition, value in zip(conditions, values, strict=True)]
    pairs = [*pairs, (f"({count} = 0)", default.text), (f"({' OR '.join(unknown)})", "NULL")]
    if hit != "C+":
        return together(case([*pairs, *_least_first(hit, conditions, values)], "NULL"), [*values, default])
    zero = constant(Decimal(0)).text
    added = " + ".join(case([(condition, value.text)], zero) for condition, value in zip(conditions, values, strict=True))
    whole = max(one.whole for one in (*values, default)) + len(values)
    return number(case(pairs, f"({added})"), whole, max(one.places for one in (*values, default)))


def _least_first(hit: str, conditions: Sequence[str], values: Sequence[Sql]) -> list[tuple[str, str]]:
    """Rules by their written-out numbers, so that the first to apply is the least, or the greatest."""
    numbers = [one.written for one in values if one.written is not None]
    if len(numbers) < len(values):
        raise NotInSql(f"hit policy {hit} needs its numbers written out")
    order = sorted(range(len(numbers)), key=lambda at: numbers[at], reverse=hit == "C>")
    return [(conditions[at], values[at].text) for at in order]
