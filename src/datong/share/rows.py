"""Which rows an agreement lets be seen, compiled twice from the same `Rows`: a closure over one row, and SQL over the register,
so that a list and a single look can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from datong import registers
from datong.share.agreement import OWN_TYPES, Agreement, Condition


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


def row_filter(
    agreement: Agreement, prefixes: tuple[str, ...], subject: str, dialect: Literal["sqlite", "postgresql"], *, resumed: bool = False
) -> SqlFilter:
    """The rows that `row_test` lets be seen, as SQL over `entry e`. `resumed` leaves out the lower ends of divisions, which changes
    no row: with them SQLite would begin at the first row again and pass over all earlier pages, not at the cursor."""
    parts: list[str] = []
    params: dict[str, str | int] = {}
    if "" not in prefixes:
        parts.append("(" + " OR ".join(_prefix_sql(f"p{i}", one, params, (dialect, resumed)) for i, one in enumerate(prefixes)) + ")")
    if agreement.rows.own:
        parts.append(_own_sql(agreement.rows.own, subject, params))
    for number, condition in enumerate(agreement.rows.where):
        parts.append(_condition_sql(condition, f"w{number}", params, dialect))
    return SqlFilter(" AND ".join(parts) or "1 = 1", params)


def value_sql(field: str, dialect: Literal["sqlite", "postgresql"]) -> str:
    """A field's winning value as SQL over `entry e`; absent is ''. `field` is a register's own field name, never typed text."""
    if field == "division":
        return "e.division"
    state, value = (part("e.body", field, dialect) for part in (registers.state_sql, registers.value_sql))
    return f"CASE WHEN {state} = 'won' THEN coalesce({value}, '') ELSE '' END"


def _prefix_sql(name: str, prefix: str, params: dict[str, str | int], how: tuple[Literal["sqlite", "postgresql"], bool]) -> str:
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


def _condition_sql(condition: Condition, name: str, params: dict[str, str | int], dialect: Literal["sqlite", "postgresql"]) -> str:
    value = value_sql(condition.field, dialect)
    byte_order = ' COLLATE "C"' if dialect == "postgresql" else ""
    names = []
    for number, wanted in enumerate(condition.value):
        params[f"{name}_{number}"] = wanted
        names.append(f":{name}_{number}")
    match condition.op:
        case "present":
            return f"({value}) <> ''"
        case "absent":
            return f"({value}) = ''"
        case "eq" | "in":
            return f"({value}) <> '' AND ({value}) IN ({', '.join(names)})"
        case "ne" | "not_in":
            return f"({value}) NOT IN ({', '.join(names)})"
        case "prefix":
            params[f"{name}_n"] = len(condition.value[0])
            return f"({value}) <> '' AND substr({value}, 1, :{name}_n) = {names[0]}"
        case "from":
            return f"({value}) <> '' AND ({value}){byte_order} >= {names[0]}"
        case _:
            return f"({value}) <> '' AND ({value}){byte_order} <= {names[0]}"
