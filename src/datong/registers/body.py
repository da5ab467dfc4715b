"""The body of an entry: its facts with the records that gave them, as JSON in which no record and no repeated value is written twice.

    {"records": [[resource, department, record, delivery, as_of], …],
     "facts": {field: [[value, [places in records], state, why, {raw, problem, place}?], …]},
     "signs": {sign: day}}

The words are those of `values.Fact`; the winner comes first. A dozen records that say the same take one line, and the store's
own JSON functions find the winning value of a field at `facts.FIELD[0][0]` and its state at `facts.FIELD[0][2]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

RECORD = ("resource", "department", "record", "delivery", "as_of")
"""What is told of a record, in order."""
EXTRA = ("raw", "problem", "place")
"""What few facts have."""
VALUE_AT, STATE_AT = 0, 2
"""Where a fact's value and state stand, for those who look into the JSON by SQL."""

Told = tuple[tuple[str, str, str, str, str], tuple[str, str, str, str, str, str]]
"""One fact: its record as `RECORD` has it, and what it says: value, state, why, and the words of `EXTRA`, "" for none."""


def write_body(facts: Mapping[str, Iterable[Told]], signs: Mapping[str, str] | None = None) -> str:
    """Field → facts in order, as text. Facts that follow each other and differ in their record alone share a line."""
    records: dict[tuple[str, ...], int] = {}
    lines = {field: _lines(found, records) for field, found in facts.items()}
    body: dict[str, Any] = {"records": list(records), "facts": lines}
    if signs:
        body["signs"] = dict(sorted(signs.items()))
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _lines(found: Iterable[Told], records: dict[tuple[str, ...], int]) -> list[list[Any]]:
    lines: list[list[Any]] = []
    last: tuple[str, ...] = ()
    for record, says in found:
        at = records.setdefault(record, len(records))
        if says == last:
            lines[-1][1].append(at)
            continue
        last = says
        value, state, why, *extra = says
        line: list[Any] = [value, [at], state, why]
        if any(extra):
            line.append({word: text for word, text in zip(EXTRA, extra, strict=True) if text})
        lines.append(line)
    return lines


def write_facts(facts: Mapping[str, Iterable[Mapping[str, Any]]], signs: Mapping[str, str] | None = None) -> str:
    """As `write_body`, of facts given by name: a record's missing words are "", the state is "won" where none is given."""
    return write_body({field: [_told(one) for one in found] for field, found in facts.items()}, signs)


def _told(fact: Mapping[str, Any]) -> Told:
    resource, department, record, delivery, as_of = (str(fact.get(word, "")) for word in RECORD)
    raw, problem, place = (str(fact.get(word, "")) for word in EXTRA)
    says = (str(fact["value"]), str(fact.get("state", "won")), str(fact.get("why", "")), raw, problem, place)
    return (resource, department, record, delivery, as_of), says


class Body(Mapping[str, list[dict[str, Any]]]):
    """What `read_body` gives, each field made when it is first asked for: most readers want a few of many."""

    def __init__(self, text: str) -> None:
        body = json.loads(text)
        self._records: list[list[str]] = body.get("records", [])
        self._lines: dict[str, list[list[Any]]] = body.get("facts", {})
        self._made: dict[str, list[dict[str, Any]]] = {}

    def __getitem__(self, field: str) -> list[dict[str, Any]]:
        """A field's facts by name, the winner first."""
        if (found := self._made.get(field)) is None:
            lines = self._lines[field]
            records = {at: dict(zip(RECORD, self._records[at], strict=True)) for line in lines for at in line[1]}
            found = self._made[field] = _facts(lines, records)
        return found

    def __iter__(self) -> Iterator[str]:
        """The fields."""
        return iter(self._lines)

    def __len__(self) -> int:
        """How many fields there are."""
        return len(self._lines)


def read_body(text: str) -> dict[str, list[dict[str, Any]]]:
    """Field → facts by name, the words of `values.Fact`; what is empty in `EXTRA` is left out."""
    body = json.loads(text)
    records = {at: dict(zip(RECORD, record, strict=True)) for at, record in enumerate(body.get("records", ()))}
    return {field: _facts(lines, records) for field, lines in body.get("facts", {}).items()}


def _facts(lines: list[list[Any]], records: Mapping[int, dict[str, str]]) -> list[dict[str, Any]]:
    return [
        {"value": line[VALUE_AT], "state": line[STATE_AT], "why": line[3], **records[at], **(line[4] if len(line) > 4 else {})}
        for line in lines
        for at in line[1]
    ]


def read_signs(text: str) -> dict[str, str]:
    """The signs of life of a body: sign → month."""
    signs: dict[str, str] = json.loads(text).get("signs", {})
    return signs


def winner(body: Mapping[str, Any], field: str) -> str:
    """The value of a field's first fact in a body as JSON reads it; "" for none."""
    found = body.get("facts", {}).get(field)
    return str(found[0][VALUE_AT]) if found else ""


def value_sql(column: str, field: str, dialect: str) -> str:
    """The value of a field's first fact as SQL over a body; NULL for none. `field` is a register's own word, never typed text."""
    return _part(column, field, VALUE_AT, dialect)


def state_sql(column: str, field: str, dialect: str) -> str:
    """The state of a field's first fact as SQL over a body; NULL for none."""
    return _part(column, field, STATE_AT, dialect)


def _part(column: str, field: str, place: int, dialect: str) -> str:
    if dialect == "sqlite":
        return f"json_extract({column}, '$.facts.{field}[0][{place}]')"
    return f"({column}::json #>> '{{facts,{field},0,{place}}}')"
