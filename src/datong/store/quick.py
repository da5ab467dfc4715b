"""Reading on PostgreSQL by libpq itself, where a look-up is a handful of rows: a third of what the driver's cursors cost.

A statement is prepared once a connection, its values go as text, its columns come back as text, whole numbers, truth or bytes. What is
not of that kind, and whatever fails, is left to the driver, which also raises its errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any

MOST_STATEMENTS = 500
"""Statements a connection keeps prepared by this; the others go by the driver."""
_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")
_TEXTS, _NUMBERS, _TRUTH, _BYTES = (25, 1043, 19), (20, 21, 23), 16, 17
_TUPLES_OK, _COMMAND_OK = 2, 1
_NAMES = count()
Row = tuple[Any, ...]
Read = Callable[[bytes], Any]


class Prepared:
    """A statement as one connection has it: its name there, the order of its values, how its columns are read (once they are known)."""

    def __init__(self, name: bytes, order: tuple[str, ...]) -> None:
        self.name, self.order = name, order
        self.readers: list[Read] | None = None


def read_rows(connection: Any, known: dict[str, Prepared | None], sql: str, params: Mapping[str, Any]) -> list[Row] | None:
    """The rows of a query; nothing when the driver must do it. `known`: what this connection has prepared; nothing for what it cannot."""
    statement = known[sql] if sql in known else _prepare(connection, known, sql)
    if statement is None:
        return None
    values: list[bytes | None] = []
    for name in statement.order:
        value = params[name]
        kind = type(value)
        if kind is str:
            values.append(value.encode())
        elif kind is int:
            values.append(b"%d" % value)
        elif value is None:
            values.append(None)
        else:
            return None
    result = connection.pgconn.exec_prepared(statement.name, values)
    if result.status != _TUPLES_OK:
        known.pop(sql, None)  # a table has changed its shape, or the values do not fit
        return None
    if statement.readers is None:
        statement.readers = _readers(result)
    if statement.readers is None:
        known[sql] = None
        return None
    return _rows(result, statement.readers)


@lru_cache(maxsize=4096)
def numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement with `:name` written as `$1`, and the names in that order."""
    order: dict[str, int] = {}
    text = _NAMED.sub(lambda found: f"${order.setdefault(found[1], len(order) + 1)}", sql)
    return text.encode(), tuple(order)


def _prepare(connection: Any, known: dict[str, Prepared | None], sql: str) -> Prepared | None:
    if len(known) >= MOST_STATEMENTS:
        return None
    text, order = numbered(sql)
    statement = Prepared(b"datong_%d" % next(_NAMES), order)
    done = connection.pgconn.prepare(statement.name, text).status == _COMMAND_OK
    known[sql] = statement if done else None
    return known[sql]


def _readers(result: Any) -> list[Read] | None:
    """How each column is read; nothing when one is of another kind."""
    found: list[Read] = []
    for column in range(result.nfields):
        kind = result.ftype(column)
        if kind in _TEXTS:
            found.append(bytes.decode)
        elif kind in _NUMBERS:
            found.append(int)
        elif kind == _TRUTH:
            found.append(_truth)
        elif kind == _BYTES:
            found.append(_bytes)
        else:
            return None
    return found


def _rows(result: Any, readers: list[Read]) -> list[Row]:
    value = result.get_value
    rows = []
    for row in range(result.ntuples):
        cells = []
        for column, read in enumerate(readers):
            cell = value(row, column)
            cells.append(None if cell is None else read(cell))
        rows.append(tuple(cells))
    return rows


def _truth(cell: bytes) -> bool:
    return cell == b"t"


def _bytes(cell: bytes) -> bytes:
    return bytes.fromhex(cell[2:].decode())
