"""Which rows an agreement lets be seen, compiled twice from the same `Rows`: a closure over one row, and SQL over the register,
so that a list and a single look can never disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from datong import registers
from datong.share.agreement import OWN_TYPES, Agreement, Condition

Dialect = Literal["sqlite", "postgresql"]
_WORD = re.compile(r"[\w.-]{1,80}")


class Values(Protocol):
    """Winning values by field: a mapping, or a subject itself."""

    def get(self, field: str, default: str, /) -> str:
        """The value that holds for a field, or `default`."""
        ...


@dataclass(frozen=True)
class RowView:
    """One row of a register as a row condition sees it."""

    code: str
    division: str
    values: Values
    """Field → its winning value; a field without one is absent."""
    owners: frozenset[str] = frozenset()
    """The persons to whom it is "own" as the agreement means it: by a live tie of OWN_TYPES."""


def row_test(agreement: Agreement, prefixes: tuple[str, ...], subject: str) -> Callable[[RowView], bool]:
    """Whether the agreement lets one row be seen, for an actor with these prefixes (`subject`: the citizen's own code)."""
    rows = agreement.rows
    everywhere = "" in prefixes

    def holds(row: RowView) -> bool:
        if not everywhere and not row.division.startswith(prefixes):
            return False
        if rows.own and not (subject and (row.code == subject or subject in row.owners)):
            return False
        return all(condition_holds(one, row) for one in rows.where)

    return holds


def condition_holds(condition: Condition, row: RowView) -> bool:
    """One condition on one row; a missing value satisfies only `absent`, `ne` and `not_in`."""
    value = row.division if condition.field == "division" else row.values.get(condition.field, "")
    wanted = condition.value
    match condition.op:
        case "present":
            return value != ""
        case "absent":
            return value == ""
        case "eq" | "in":
            return value != "" and value in wanted
        case "ne" | "not_in":
            return value not in wanted
        case "prefix":
            return value != "" and value.startswith(wanted[0])
        case "from":
            return value != "" and value >= wanted[0]
        case _:
            return value != "" and value <= wanted[0]


@dataclass(frozen=True)
class SqlFilter:
    """A condition over `entry e` and its parameters."""

    sql: str
    params: dict[str, str | int]


def row_filter(agreement: Agreement, prefixes: tuple[str, ...], subject: str, dialect: Dialect, *, resumed: bool = False) -> SqlFilter:
    """The rows that `row_test` lets be seen, as SQL over `entry e`. `resumed` leaves out the lower ends of divisions, which changes
    no row: with them SQLite would begin at the first row again and pass over all earlier pages, not at the cursor."""
    parts: list[str] = []
    params: dict[str, str | int] = {}
    if "" not in prefixes:
        parts.append("(" + " OR ".join(_prefix_sql(f"p{i}", one, params, (dialect, resumed)) for i, one in enumerate(prefixes)) + ")")
    if agreement.rows.own:
        parts.append(_own_sql(agreement.rows.own, subject, params))
    if may_index(agreement):
        parts.append(index_condition(agreement, dialect, "e."))
    else:
        for number, condition in enumerate(agreement.rows.where):
            parts.append(_condition_sql(condition, dialect, "e.", _bound(params, f"w{number}")))
    return SqlFilter(" AND ".join(parts) or "1 = 1", params)


def may_index(agreement: Agreement) -> bool:
    """Whether the agreement's conditions on facts can stand in an index: its values are plain words."""
    values = [value for one in agreement.rows.where for value in one.value]
    return bool(agreement.rows.where) and all(_WORD.fullmatch(value) for value in values)


def index_condition(agreement: Agreement, dialect: Dialect, table: str = "") -> str:
    """The conditions on facts as an index holds them, sign for sign what `row_filter` asks: an index over just these rows answers only
    to its own words, so the values stand in it as words, which `may_index` has looked at. `table`: how entries are called, with a dot."""
    parts = [_condition_sql(one, dialect, table, lambda value: f"'{value}'") for one in agreement.rows.where]
    return " AND ".join([f"{table}kind = '{agreement.register}'", *parts])


def value_sql(field: str, dialect: Dialect, table: str = "e.") -> str:
    """A field's winning value as SQL over an entry; absent is ''. `field` is a register's own field name, never typed text."""
    if field == "division":
        return f"{table}division"
    state, value = (part(f"{table}body", field, dialect) for part in (registers.state_sql, registers.value_sql))
    return f"CASE WHEN {state} = 'won' THEN coalesce({value}, '') ELSE '' END"


def _bound(params: dict[str, str | int], name: str) -> Callable[[str], str]:
    """Writes a value as a parameter of its own."""

    def write(value: str) -> str:
        own = f"{name}_{len(params)}"
        params[own] = value
        return f":{own}"

    return write


def _prefix_sql(name: str, prefix: str, params: dict[str, str | int], how: tuple[Dialect, bool]) -> str:
    """A division prefix as a range, for an index, and as itself where the range alone is not exact. `how`: the dialect, `resumed`."""
    (dialect, resumed), end = how, f"{name}_end"
    params[name], params[f"{name}_n"] = prefix, len(prefix)
    lower = "" if resumed else f"e.division >= :{name} AND "
    if dialect == "sqlite" and not resumed:
        params[end] = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return f"({lower}e.division < :{end})"
    exact = f"substr(e.division, 1, :{name}_n) = :{name}"
    if not prefix.isdigit() or not prefix.strip("9"):
        return exact
    params[end] = str(int(prefix) + 1).zfill(len(prefix))
    return f"({lower}e.division < :{end} AND {exact})"


def _own_sql(kind: str, subject: str, params: dict[str, str | int]) -> str:
    params["own"] = subject or "-"
    types = ", ".join(f"'{one}'" for one in OWN_TYPES[kind])
    return (
        "(e.code = :own OR EXISTS (SELECT 1 FROM relation r WHERE r.from_code = :own AND r.to_code = e.code "  # noqa: S608
        f"AND r.type IN ({types}) AND r.until = ''))"
    )


def _condition_sql(condition: Condition, dialect: Dialect, table: str, write: Callable[[str], str]) -> str:
    """One condition; `write` gives the SQL of a value."""
    value = value_sql(condition.field, dialect, table)
    byte_order = ' COLLATE "C"' if dialect == "postgresql" else ""
    match condition.op:
        case "present":
            return f"({value}) <> ''"
        case "absent":
            return f"({value}) = ''"
        case "eq" | "in":
            return f"({value}) <> '' AND ({value}) IN ({', '.join(write(one) for one in condition.value)})"
        case "ne" | "not_in":
            return f"({value}) NOT IN ({', '.join(write(one) for one in condition.value)})"
        case "prefix":
            return f"({value}) <> '' AND substr({value}, 1, {len(condition.value[0])}) = {write(condition.value[0])}"
        case "from":
            return f"({value}) <> '' AND ({value}){byte_order} >= {write(condition.value[0])}"
        case _:
            return f"({value}) <> '' AND ({value}){byte_order} <= {write(condition.value[0])}"
