"""Read a department's own table: an SQLite file or a PostgreSQL database, read only, row by row as text."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datong.domain.errors import BadDelivery, BadSettings

_BATCH = 20_000
_PLAIN = re.compile(r"[\w\u4e00-\u9fff]+(\.[\w\u4e00-\u9fff]+)?")


def table_query(table: str) -> str:
    """The query that reads a whole table; the name may carry its schema."""
    if not _PLAIN.fullmatch(table):
        raise BadSettings(f"format.table: {table!r} must be a plain table name, with its schema if need be")
    return "SELECT * FROM " + ".".join(f'"{part}"' for part in table.split("."))  # noqa: S608 - checked above


def read_table(url: str, query: str) -> Iterator[tuple[list[str], list[tuple[str, ...]]]]:
    """Rows of a query as text, in batches, each with the column names. `url` is `sqlite:///path` or `postgresql://…`.

    The connection is read only. Raises BadDelivery when the database or the query cannot be read.
    """
    if not re.match(r"\s*(select|with)\b", query, re.IGNORECASE):
        raise BadSettings("format.query: must start with SELECT or WITH")
    import psycopg

    try:
        yield from _sqlite_rows(url.removeprefix("sqlite:///"), query) if url.startswith("sqlite:///") else _postgres_rows(url, query)
    except (sqlite3.Error, psycopg.Error) as error:
        kind = type(error).__name__
        raise BadDelivery(
            "unreadable", f"The database could not be read ({kind}): check the address, the table and the right to read it."
        ) from None


def _sqlite_rows(path: str, query: str) -> Iterator[tuple[list[str], list[tuple[str, ...]]]]:
    connection = sqlite3.connect(f"file:{quote(str(Path(path).absolute()))}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        cursor = connection.execute(query)
        yield from _batches(cursor)
    finally:
        connection.close()


def _postgres_rows(url: str, query: str) -> Iterator[tuple[list[str], list[tuple[str, ...]]]]:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.read_only = True
        with connection.cursor(name="datong_read") as cursor:
            cursor.execute(query.encode())
            yield from _batches(cursor)


def _batches(cursor: Any) -> Iterator[tuple[list[str], list[tuple[str, ...]]]]:
    rows = cursor.fetchmany(_BATCH)
    names = [column[0] for column in cursor.description]
    yield names, [tuple(map(_text, row)) for row in rows]
    while rows := cursor.fetchmany(_BATCH):
        yield names, [tuple(map(_text, row)) for row in rows]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
