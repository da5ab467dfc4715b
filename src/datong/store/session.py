"""One unit of work on the operational store, the same on SQLite and PostgreSQL.

Statements are SQL text with `:name` parameters. A door opens a session with `with store.session() as
session:`; leaving it commits, an exception rolls back. Functions that store take `session` first and
never commit.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any

from datong.domain.errors import Busy
from datong.store.quick import IDLE, Asked, Load, Prepared, Query, load_together, read_after, read_rows, read_together
from datong.store.savepoint import Held, NeedsSavepoints, Savepoint, Since
from datong.store.series import Series

if TYPE_CHECKING:
    from datong.store.store import Store

Row = tuple[Any, ...]
BUSY_MILLISECONDS = 30_000
"""How long a writer on SQLite waits for the one before it."""
TOGETHER = 300
"""Rows up to which several tables are filled by one statement on PostgreSQL."""
STREAMED = 20_000
"""Rows that a streamed query fetches at once."""
_CURSORS = count()
_NAMED = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=4096)
def percent_style(sql: str) -> str:
    """The statement with `:name` written as psycopg wants it."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


def _somebody_was_faster(error: BaseException) -> bool:
    """Whether a transaction failed only because another one was at the same rows: done again, it would pass."""
    if isinstance(error, sqlite3.OperationalError):
        return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    import psycopg  # a sixth of a second, for those on PostgreSQL only

    return isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure | psycopg.errors.LockNotAvailable)


@dataclass(frozen=True)
class Index:
    """An index of one of our own tables."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str = ""
    """Which rows it holds, as SQL; all of them when empty."""


class Session:
    """Holds one driver connection for one transaction."""

    def __init__(self, store: Store, read_only: bool = False, wait: bool = True) -> None:
        self.store = store
        self.dialect = store.dialect
        self._read_only = read_only
        self._wait = wait
        self._taken: Any = None
        """The driver's connection; reading on PostgreSQL takes one with the first query that was not read ahead."""
        self._entered = False
        self._quick: dict[str, Prepared | None] | None = None
        """What the connection has prepared for quick reading, where that is possible: on PostgreSQL, outside of transactions."""
        self._ahead: dict[tuple[str, tuple[tuple[str, Any], ...]], list[Row]] = {}
        """Rows of queries that were read before they are asked for."""
        self.held: Held | None = None
        """What is written at the end of the transaction, when a stage below has asked for it."""
        self._spare = False
        self._defined = 0
        self._numbers: dict[tuple[Series, str], int] = {}
        """Series of which this transaction took numbers that are written at its end."""
        self._afterwards: list[Callable[[], object]] = []
        """What is done once the transaction is durable."""

    def __enter__(self) -> Session:
        self._entered = True
        if self.dialect == "sqlite" or not self._read_only:
            self._take()
        return self

    @property
    def _connection(self) -> Any:
        return self._taken if self._taken is not None else self._take()

    def _take(self) -> Any:
        if not self._entered:
            raise RuntimeError("the session is not open")
        connection = self.store.take_connection()
        try:
            self._begin(connection)
        except Busy:
            self.store.give_connection(connection)
            raise
        except BaseException:
            self.store.drop_connection(connection)
            raise
        self._taken = connection
        return connection

    def _begin(self, connection: Any) -> None:
        """PostgreSQL begins with the first statement; SQLite's one write lock is taken here.

        PostgreSQL sees each statement's own moment in any case, so that reading needs no transaction there, nor the two
        journeys to the server that one costs.
        """
        if self.dialect != "sqlite":
            connection.autocommit = self._read_only
            self._quick = self.store.prepared_on(connection) if self._read_only else None
            return
        if self._read_only:
            connection.execute("BEGIN")
            return
        if not self._wait:
            connection.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _somebody_was_faster(error):
                raise
            raise Busy("Another transaction is writing to the store; try again in a moment.") from None
        finally:
            if not self._wait:
                connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and (self.held is not None or self._numbers):
            try:
                self._keep_numbers()
                if self.held is not None:
                    self.held.write()
            except BaseException as failed:
                self._leave(type(failed), failed)
                raise
        self._leave(kind, error)

    def _leave(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        connection, self._taken, self._entered = self._taken, None, False
        self._ahead.clear()
        if connection is None:
            return
        try:
            if self.dialect == "sqlite":
                connection.execute("ROLLBACK" if kind else "COMMIT")
            elif kind:
                connection.rollback()
            elif not self._read_only or connection.pgconn.transaction_status != IDLE:
                connection.commit()
        except BaseException:
            self.store.drop_connection(connection)
            raise
        self.store.give_connection(connection)
        if kind is None:
            for each in self._afterwards:
                each()
        if error is not None and _somebody_was_faster(error):
            raise Busy("Another transaction changes the same things at this moment; try again.") from None

    def run(self, sql: str, params: Mapping[str, Any] | None = None) -> int:
        """Run a statement; the number of rows it touched."""
        return int(self._execute(sql, params).rowcount)

    @property
    def travels(self) -> bool:
        """Whether each query is a journey to the server, and nothing was read ahead: then `ahead` is worth while."""
        return self.dialect == "postgresql" and self._read_only and not self._ahead

    def ahead(self, queries: Sequence[Query]) -> None:
        """Read what is asked for in a moment, on PostgreSQL in one journey: an answer serves the next `one` or `all` that asks this."""
        if self.travels and len(queries) > 1 and (connection := self._connection) is not None and self._quick is not None:
            for (sql, params), rows in zip(queries, read_together(connection, self._quick, queries), strict=True):
                if rows is not None:
                    self._ahead[sql, tuple(params.items())] = rows

    def know(self, found: Mapping[Asked, list[Row]]) -> None:
        """What `Reads` has read for this session a moment ago: each serves the next `one` or `all` that asks it."""
        self._ahead.update(found)

    def _read_ahead(self, sql: str, params: Mapping[str, Any] | None) -> list[Row] | None:
        return self._ahead.pop((sql, tuple((params or {}).items())), None)

    def all(self, sql: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """Every row of a query, as tuples."""
        if self._ahead and (rows := self._read_ahead(sql, params)) is not None:
            return rows
        connection = self._connection
        if self._quick is not None and (rows := read_rows(connection, self._quick, sql, params or {})) is not None:
            return rows
        return list(self._execute(sql, params).fetchall())

    def stream(self, sql: str, params: Mapping[str, Any] | None = None) -> Iterator[Row]:
        """The rows of a query one after another, without holding them all (on PostgreSQL by a cursor of the server)."""
        if self.dialect == "sqlite":
            yield from self._connection.execute(sql, params or {})
            return
        with self._connection.transaction(), self._connection.cursor(name=f"stream_{next(_CURSORS)}") as cursor:
            cursor.itersize = STREAMED
            cursor.execute(percent_style(sql), params or {})
            yield from cursor

    def one(self, sql: str, params: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a query, or nothing."""
        if self._ahead and (rows := self._read_ahead(sql, params)) is not None:
            return rows[0] if rows else None
        connection = self._connection
        if self._quick is not None and (rows := read_rows(connection, self._quick, sql, params or {})) is not None:
            return rows[0] if rows else None
        row: Row | None = self._execute(sql, params).fetchone()
        return row

    def dicts(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Every row of a query, by column name."""
        cursor = self._execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one statement for many rows."""
        if self.dialect == "sqlite":
            self._connection.executemany(sql, rows)
        else:
            with self._connection.cursor() as cursor:
                cursor.executemany(percent_style(sql), list(rows))

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Fill a table fast with rows that are new for certain (COPY on PostgreSQL)."""
        names = ", ".join(columns)
        if self.dialect == "sqlite":
            marks = ", ".join("?" * len(columns))
            self._connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of our own tables
            return
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def load_all(self, loads: Sequence[Load]) -> None:
        """Fill several tables with rows that are new for certain; a few rows go to PostgreSQL in one statement."""
        loads = [one for one in loads if one[2]]
        few = sum(len(rows) for _, _, rows in loads) <= TOGETHER
        if self.dialect == "postgresql" and few and loads:
            load_together(self._connection, loads)
            return
        for table, columns, rows in loads:
            self.load(table, columns, rows)

    def all_after(self, first: str, sql: str) -> list[Row]:
        """Run a statement, then a query that sees what was committed while the first one waited; both without values.

        On PostgreSQL this begins a transaction, runs both and reads the rows in one journey.
        """
        if self.dialect == "postgresql":
            return read_after(self._connection, first, sql)
        self._execute(first, None)
        return self.all(sql)

    def savepoint(self) -> Savepoint:
        """A part of the transaction that can fail alone: an exception undoes what it did, and is raised on."""
        return Savepoint(self)

    def spare_savepoints(self) -> None:
        """From now on, make none on SQLite, where a savepoint costs a copy of every page that is written after it.

        A part that fails before it wrote anything fails alone, as ever; one that had written raises NeedsSavepoints.
        """
        self._spare = self.dialect == "sqlite"

    @contextmanager
    def without_index(self, index: Index) -> Iterator[None]:
        """Fill a table without one of its indexes, which is made afterwards, in order. On PostgreSQL it stays: to drop it would
        shut out those who read the table meanwhile."""
        if self.dialect == "sqlite":
            self.drop_index(index.name)
        yield
        if self.dialect == "sqlite":
            self.make_index(index)

    def make_index(self, index: Index) -> None:
        """Make an index of one of our own tables, when it is not there yet."""
        unique, where = "UNIQUE " if index.unique else "", f" WHERE {index.where}" if index.where else ""
        self._plain(f"CREATE {unique}INDEX IF NOT EXISTS {index.name} ON {index.table} ({', '.join(index.columns)}){where}")

    def drop_index(self, name: str) -> None:
        """Drop an index, when it is there."""
        self._plain(f"DROP INDEX IF EXISTS {name}")

    def index_names(self, table: str) -> set[str]:
        """The indexes that a table has."""
        sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = :table"
        if self.dialect == "postgresql":
            sql = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :table"
        return {str(row[0]) for row in self.all(sql, {"table": table})}

    def analyze(self, table: str) -> None:
        """Look at a sample of a table, so that queries with several ranges take an index for each instead of all rows."""
        if self.dialect == "sqlite":
            self._plain("PRAGMA analysis_limit=1000")
        self._plain(f"ANALYZE {table}")

    def next_number(self, series: Series, name: str, amount: int = 1) -> int:
        """The next number of a series; of an `amount` of them the last.

        Without savepoints numbers are counted here and written at the end: SQLite has one writer, so nobody else takes any meanwhile.
        """
        if not self._spare:
            row = self.one(series.take, {"name": name, "amount": amount})
            assert row is not None
            return int(row[0])
        last = self._numbers.get((series, name))
        if last is None:
            row = self.one(series.last, {"name": name})
            last = int(row[0]) if row else 0
        self._numbers[series, name] = last + amount
        return last + amount

    def _keep_numbers(self) -> None:
        for (series, name), last in self._numbers.items():
            self.run(series.keep, {"name": name, "last": last})

    def when_durable(self, act: Callable[[], object]) -> None:
        """Do this once the transaction is durable; never, when it or the part in which this is said comes to nothing. For what a
        process remembers of what it has written or read here."""
        self._afterwards.append(act)

    def begin_part(self) -> Since:
        """Begin a part of the transaction: how much was written before it, where what is held stands, the numbers taken, and how much
        is to be done afterwards."""
        held = self.held.mark() if self.held is not None else 0
        if not self._spare:
            self._connection.execute("SAVEPOINT part")
            return 0, held, {}, len(self._afterwards)
        return self._written(), held, self._numbers.copy(), len(self._afterwards)

    def keep_part(self) -> None:
        """Keep a part."""
        if not self._spare:
            self._connection.execute("RELEASE SAVEPOINT part")

    def undo_part(self, since: Since) -> None:
        """Undo a part that began there. Raises NeedsSavepoints when it wrote and there is no savepoint."""
        if self._spare and (self._written() != since[0] or not self._connection.in_transaction):
            raise NeedsSavepoints
        if not self._spare:
            self._connection.execute("ROLLBACK TO SAVEPOINT part")
            self._connection.execute("RELEASE SAVEPOINT part")
        if self.held is not None:
            self.held.back_to(since[1])
        self._numbers = since[2]
        del self._afterwards[since[3] :]

    def _written(self) -> int:
        """Rows written on this connection so far, and definitions."""
        return int(self._connection.total_changes) + self._defined

    def _plain(self, sql: str) -> None:
        """A statement of our own without values: definitions cannot have any."""
        self._connection.execute(sql)
        self._defined += 1

    def _execute(self, sql: str, params: Mapping[str, Any] | None) -> Any:
        if self.dialect == "sqlite":
            return self._connection.execute(sql, params or {})
        return self._connection.execute(percent_style(sql), params or {})
