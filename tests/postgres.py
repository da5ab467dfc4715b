"""A PostgreSQL server for the tests: the one named in the environment, or a private one started here.

PostgreSQL refuses to run as root, so a private server runs as the `postgres` user that Debian's package makes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

NAMED = os.environ.pop("DATONG_STORE", "")
"""The server that `DATONG_STORE=postgresql://… make test` names: whole cities are then tested on it, each in a database of its own."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a server's maintenance database; skips the test where there is none."""
    given = NAMED or os.environ.get("DATONG_TEST_POSTGRES", "")
    if given:
        yield given
        return
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries or (os.geteuid() == 0 and not shutil.which("setpriv")):
        pytest.skip("no PostgreSQL server: install Debian's postgresql, or set DATONG_TEST_POSTGRES=postgresql://…")
    with _private_server(binaries[-1].parent) as url:
        yield url


@contextmanager
def database(server_url: str, template: str = "template0") -> Iterator[str]:
    """A fresh database on the server, empty or a copy of another one, dropped afterwards."""
    name = f"datong_test_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING UTF8')
    base, _, query = server_url.partition("?")
    try:
        yield base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def name_of(url: str) -> str:
    """The name of the database that an address leads to."""
    with psycopg.connect(url) as connection:
        return connection.info.dbname


@contextmanager
def _private_server(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="datong-postgres-"))
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*as_user, str(binaries / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=50"
    run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
