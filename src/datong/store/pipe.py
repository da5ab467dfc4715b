"""Journeys to PostgreSQL that an event loop waits for: what is sent together comes back together, and the loop works meanwhile.

A thread that waits for the server must win the interpreter back from the loop after each journey, and a loop that waits itself answers
nobody; so one connection is watched by the loop. Values go as arrays in binary, columns come back as `quick` reads them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from struct import pack
from typing import TYPE_CHECKING, Any

from datong.store.quick import (
    COMMAND_OK,
    NAMED,
    SYNCED,
    TUPLES_OK,
    Asked,
    Load,
    Query,
    Read,
    Row,
    as_one,
    fail,
    must_read,
    numbered,
    rows_of,
)

if TYPE_CHECKING:
    from datong.store.store import Store

_ARRAYS = {str: (b"text", 25), int: (b"bigint", 20), bytes: (b"bytea", 17)}
MOST_STATEMENTS = 200
"""Statements that a connection keeps prepared; beyond that it is left for a new one."""
Step = tuple[bytes, Sequence[bytes]]
"""A statement with `$1`, and its values in binary: arrays."""


class Pipe:
    """One connection in pipeline mode, for one caller at a time. Whatever fails closes it, and the next journey opens another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._names: dict[bytes, bytes] = {}
        self._readers: dict[bytes, list[Read]] = {}
        self._socket = -1
        self._writing = False
        self._came: list[Any] = []
        self._home: asyncio.Future[list[Any]] | None = None

    async def journey(self, *steps: Step) -> list[list[Row]]:
        """Run statements in one journey; the rows of each. They are a transaction of their own, unless one has begun with `BEGIN`.

        Raises the driver's error for the first that fails; nothing then stands of what was not committed before.
        """
        try:
            results = await self._travel(steps)
            return [self._read(statement, result) for (statement, _), result in zip(steps, results, strict=True)]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection: what has begun on it and was not committed has not happened."""
        connection, self._connection, self._home = self._connection, None, None
        if connection is None:
            return
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
        with contextlib.suppress(Exception):
            connection.close()

    def _open(self) -> None:
        self._connection = self._store.new_connection()
        self._connection.autocommit = True
        self._connection.execute("SET plan_cache_mode = force_generic_plan")  # a plan for each journey would cost more than the journey
        self._names, self._readers = {}, {}
        pgconn = self._connection.pgconn
        pgconn.nonblocking = 1
        pgconn.enter_pipeline_mode()
        self._loop = asyncio.get_running_loop()
        self._socket = pgconn.socket
        self._loop.add_reader(self._socket, self._hear)

    async def _travel(self, steps: Sequence[Step]) -> list[Any]:
        """The results of the statements, in their order."""
        if len(self._names) > MOST_STATEMENTS:
            self.close()
        if self._connection is None:
            self._open()
        pgconn, wanted = self._connection.pgconn, []
        for statement, values in steps:
            name = self._names.get(statement)
            if name is None:
                name = self._names[statement] = b"pipe_%d" % len(self._names)
                pgconn.send_prepare(name, statement)
                wanted.append(False)
            pgconn.send_query_prepared(name, values, [1] * len(values))
            wanted.append(True)
        pgconn.pipeline_sync()
        assert self._loop is not None
        self._came, self._home = [], self._loop.create_future()
        self._send()
        came = await self._home
        for result in came:
            if result.status not in (TUPLES_OK, COMMAND_OK):
                fail(result)
        return [result for result, one in zip(came, wanted, strict=True) if one]

    def _send(self) -> None:
        """Send what the socket takes; come back for the rest."""
        assert self._loop is not None
        pgconn = self._connection.pgconn
        if pgconn.flush():
            self._loop.add_writer(self._socket, self._send)
            self._writing = True
        elif self._writing:
            self._loop.remove_writer(self._socket)
            self._writing = False

    def _hear(self) -> None:
        """Take in what has arrived; at the end of the journey its results are there."""
        home = self._home
        try:
            pgconn, ended = self._connection.pgconn, False
            pgconn.consume_input()
            while not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None and ended:
                    return  # nothing is under way: the server has told something
                ended = result is None
                if result is not None and result.status == SYNCED:
                    self._home = None
                    if home is not None and not home.done():
                        home.set_result(self._came)
                    return
                if result is not None:
                    self._came.append(result)
        except Exception as error:  # the server is gone
            self.close()
            if home is not None and not home.done():
                home.set_exception(error)

    def _read(self, statement: bytes, result: Any) -> list[Row]:
        if result.status != TUPLES_OK:
            return []
        readers = self._readers.get(statement)
        if readers is None:
            readers = self._readers[statement] = must_read(result)
        return rows_of(result, readers)


def plain(sql: str) -> Step:
    """A statement without values."""
    return sql.encode(), ()


def load_step(loads: Sequence[Load]) -> Step:
    """New rows for several tables as one statement."""
    values, tables = [], []
    for table, columns, rows in loads:
        written = [_array(column) for column in zip(*rows, strict=True)]
        tables.append((table, tuple(columns), tuple(kind for kind, _ in written)))
        values += [value for _, value in written]
    return _load_statement(tuple(tables)), values


def array_step(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], conflict: str = "") -> Step:
    """Rows for one table as a statement; `conflict` says what to do where they stand already."""
    statement, values = load_step([(table, columns, rows)])
    return statement + b" " + conflict.encode(), values


@lru_cache(maxsize=64)
def _load_statement(tables: tuple[tuple[str, tuple[str, ...], tuple[bytes, ...]], ...]) -> bytes:
    parts, at = [], 0
    for table, columns, kinds in tables:
        arrays = ", ".join(f"${at + number}::{kind.decode()}[]" for number, kind in enumerate(kinds, 1))
        parts.append(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays})")  # noqa: S608 - names of our own tables
        at += len(kinds)
    return as_one(parts)


def read_steps(queries: Sequence[Query]) -> tuple[list[Step], list[list[Asked]]]:
    """Queries that many ask, each kind as one statement over all who ask it; and who asked, in the order of the statement's turns."""
    kinds: dict[str, dict[Asked, Mapping[str, Any]]] = {}
    for sql, params in queries:
        kinds.setdefault(sql, {})[sql, tuple(params.items())] = params
    steps: list[Step] = []
    for sql, asked in kinds.items():
        _, names = numbered(sql)
        columns = [_array([params[name] for params in asked.values()]) for name in names]
        steps.append((_for_each(sql, tuple(kind for kind, _ in columns)), [value for _, value in columns]))
    return steps, [list(asked) for asked in kinds.values()]


@lru_cache(maxsize=1024)
def _for_each(sql: str, kinds: tuple[bytes, ...]) -> bytes:
    """The query once for each of many sets of values, its rows after the number of the set.

    `OFFSET 0` keeps the query whole, so that it runs for one set after the other and its rows keep their order.
    """
    _, names = numbered(sql)
    arrays = ", ".join(f"${number}::{kind.decode()}[]" for number, kind in enumerate(kinds, 1))
    columns = ", ".join([*(f"value_{name}" for name in names), "turn"])
    inner = NAMED.sub(lambda found: f"asked.value_{found[1]}", sql)
    each = f"unnest({arrays}) WITH ORDINALITY AS asked({columns})"
    return f"SELECT asked.turn, found.* FROM {each} CROSS JOIN LATERAL ({inner} OFFSET 0) AS found".encode()  # noqa: S608 - our own query


def _array(values: Sequence[Any]) -> tuple[bytes, bytes]:
    """The kind of the elements, and the array in binary form. Raises KeyError for other than texts, whole numbers and bytes."""
    kind = type(next((one for one in values if one is not None), ""))
    name, number = _ARRAYS[kind]
    parts = [pack(">iiiii", 1, 1 if None in values else 0, number, len(values), 1)]
    for one in values:
        if one is None:
            parts.append(b"\xff\xff\xff\xff")
            continue
        written = pack(">q", one) if kind is int else one.encode() if kind is str else bytes(one)
        parts += (len(written).to_bytes(4, "big"), written)
    return name, b"".join(parts)
