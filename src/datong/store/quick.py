"""Reading on PostgreSQL by libpq itself, where a look-up is a handful of rows: a third of what the driver's cursors cost.

A statement is prepared once a connection, its values go as text, its columns come back as text, whole numbers, truth or bytes. What is
not of that kind, and whatever fails, is left to the driver, which also raises its errors. Several reads can go together, and a few rows
are written to several tables by one statement: each journey to the server costs more than the rows.
"""

from __future__ import annotations

import json
import re
import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, NoReturn

MOST_STATEMENTS = 500
"""Statements a connection keeps prepared by this; the others go by the driver."""
NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")
"""A value's name in a statement."""
_TEXTS, _NUMBERS, _TRUTH, _BYTES = (25, 1043, 19), (20, 21, 23), 16, 17
TUPLES_OK, COMMAND_OK, SYNCED = 2, 1, 10
"""What libpq says of a result: rows, no rows, the end of what was sent together."""
IDLE = 0
_NAMES = count()
Row = tuple[Any, ...]
Read = Callable[[bytes], Any]
Query = tuple[str, Mapping[str, Any]]
"""A query and its values."""
Asked = tuple[str, tuple[tuple[str, Any], ...]]
"""A query and its values, as a key."""
Load = tuple[str, Sequence[str], Sequence[Sequence[Any]]]
"""A table, its columns, new rows for it."""


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
    values = _values(statement, params)
    return None if values is None else _read(known, sql, statement, connection.pgconn.exec_prepared(statement.name, values))


def read_together(connection: Any, known: dict[str, Prepared | None], queries: Sequence[Query]) -> list[list[Row] | None]:
    """The rows of several queries in one journey, each as `read_rows` gives them."""
    pgconn = connection.pgconn
    prepared = [(sql, known[sql] if sql in known else _prepare(connection, known, sql), params) for sql, params in queries]
    sent: list[tuple[str, Prepared] | None] = []
    pgconn.enter_pipeline_mode()
    try:
        for sql, statement, params in prepared:
            values = _values(statement, params) if statement is not None else None
            sent.append((sql, statement) if statement is not None and values is not None else None)
            if statement is not None and values is not None:
                pgconn.send_query_prepared(statement.name, values)
        pgconn.pipeline_sync()
        results = _results(pgconn)
    finally:
        pgconn.exit_pipeline_mode()
    return [_read(known, *one, next(results)) if one is not None else None for one in sent]


def _results(pgconn: Any) -> Iterator[Any]:
    """What came back, up to the end of what was sent together; waited for without holding up other threads."""
    came: list[Any] = []
    ready = select.poll()
    ready.register(pgconn.socket, select.POLLIN)
    while pgconn.flush():
        pass
    while True:
        while pgconn.is_busy():
            ready.poll()
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is not None and result.status == SYNCED:
            return iter(came)
        if result is not None:
            came.append(result)


def _values(statement: Prepared, params: Mapping[str, Any]) -> list[bytes | None] | None:
    """The values as text, in the statement's order; nothing when one is of another kind."""
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
    return values


def _read(known: dict[str, Prepared | None], sql: str, statement: Prepared, result: Any) -> list[Row] | None:
    if result.status != TUPLES_OK:
        known.pop(sql, None)  # a table has changed its shape, or the values do not fit
        return None
    if statement.readers is None:
        statement.readers = readers_of(result)
    if statement.readers is None:
        known[sql] = None
        return None
    return rows_of(result, statement.readers)


def read_after(connection: Any, first: str, sql: str) -> list[Row]:
    """Run a statement, then a query that sees what was committed until then, in one journey, with the beginning of the transaction where
    none has begun. Not prepared: in a transaction, what a rollback has made the driver forget would be an error."""
    begin = b"BEGIN; " if connection.pgconn.transaction_status == IDLE else b""
    result = connection.pgconn.exec_(b"%s%s; %s" % (begin, first.encode(), sql.encode()))
    if result.status != TUPLES_OK:
        fail(result)
    return rows_of(result, must_read(result))


def load_together(connection: Any, loads: Sequence[Load]) -> None:
    """Write new rows to several tables by one statement. Raises the driver's error where they do not fit."""
    statement = _load_statement(tuple((table, tuple(columns)) for table, columns, _ in loads))
    result = connection.pgconn.exec_params(statement, [_json_rows(columns, rows) for _, columns, rows in loads])
    if result.status != COMMAND_OK:
        fail(result)


def fail(result: Any) -> NoReturn:
    """Raises the driver's error for what went wrong."""
    import psycopg

    raise psycopg.errors.error_from_result(result)


@lru_cache(maxsize=64)
def _load_statement(tables: tuple[tuple[str, tuple[str, ...]], ...]) -> bytes:
    parts = []
    for number, (table, columns) in enumerate(tables, 1):
        names = ", ".join(columns)
        rows = f"json_populate_recordset(NULL::{table}, ${number}::json)"
        parts.append(f"INSERT INTO {table} ({names}) SELECT {names} FROM {rows}")  # noqa: S608 - names of our own tables
    return as_one(parts)


def as_one(inserts: Sequence[str]) -> bytes:
    """Several INSERTs as one statement."""
    before = ", ".join(f"part_{number} AS ({insert})" for number, insert in enumerate(inserts[:-1]))
    return (f"WITH {before} {inserts[-1]}" if before else inserts[-1]).encode()


def _json_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, default=_written_bytes).encode()


def _written_bytes(value: bytes) -> str:
    return "\\x" + value.hex()


@lru_cache(maxsize=4096)
def numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement with `:name` written as `$1`, and the names in that order."""
    order: dict[str, int] = {}
    text = NAMED.sub(lambda found: f"${order.setdefault(found[1], len(order) + 1)}", sql)
    return text.encode(), tuple(order)


def _prepare(connection: Any, known: dict[str, Prepared | None], sql: str) -> Prepared | None:
    if len(known) >= MOST_STATEMENTS:
        return None
    text, order = numbered(sql)
    statement = Prepared(b"datong_%d" % next(_NAMES), order)
    done = connection.pgconn.prepare(statement.name, text).status == COMMAND_OK
    known[sql] = statement if done else None
    return known[sql]


def readers_of(result: Any) -> list[Read] | None:
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


def must_read(result: Any) -> list[Read]:
    """The same where no driver can read it instead. Raises TypeError when a column is of another kind."""
    readers = readers_of(result)
    if readers is None:
        raise TypeError("a column of another kind than text, whole numbers, truth and bytes")
    return readers


def rows_of(result: Any, readers: list[Read]) -> list[Row]:
    """The rows of a result."""
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
