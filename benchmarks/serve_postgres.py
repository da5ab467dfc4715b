"""The same verification as `serve.py` with its store on PostgreSQL, beside pgbench's look-up on the same server.

    .venv/bin/python benchmarks/serve_postgres.py postgresql://USER@HOST/EMPTY_DATABASE [--people 1000000] [--processes 1]

pgbench's look-up (`-S`: one row by its key, nothing written) is the limit, by prepared statements and by plain ones; a verification reads an
agreement's rows, compares claims, counts a quota and writes a line that is flushed to disk before the answer leaves. Rounds alternate, 32
connections each, to the same address. With `--processes 2` two processes of `datong serve` share the 32 connections and count quotas together.
Aimed at is a twentieth of pgbench's rate. The server must flush its commits (`fsync` and `synchronous_commit` on): the benchmark asks it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.serve import CONNECTIONS, WARM_UP, Round, free_port, load, must_answer, our_script, questions, wait_for
from benchmarks.serve_city import Built, build
from datong import store

SCALE = 10
"""A million accounts for pgbench."""
WAIT = 6.0
"""Seconds until a further process listens as well."""


def main() -> None:
    """Fill the database, load both in turns, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, default=Path("var/bench-serve-postgresql"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--pgbench", default=shutil.which("pgbench") or "", help="where pgbench is, when it is not on the path")
    given = parser.parse_args()
    if shutil.which("wrk") is None or not given.pgbench:
        sys.exit("wrk and pgbench are wanted: as root, apt-get install wrk postgresql-contrib")
    started = time.perf_counter()
    built = build(given.home.absolute(), given.people, given.database)
    must_flush(built)
    print(f"{given.people:,} people, ready after {time.perf_counter() - started:.0f} s", flush=True)
    subprocess.run([given.pgbench, "-i", "-q", "-s", str(SCALE), given.database], check=True, stderr=subprocess.DEVNULL)
    ours: list[Round] = []
    bare: list[float] = []
    plain: list[float] = []
    asked = questions(built, given.people)
    must_answer(built, asked)
    with tempfile.TemporaryDirectory() as folder:
        script = our_script(asked, Path(folder), built.secret)
        for at in range(given.rounds):
            ours.append(verified(built, script, given.seconds, given.processes))
            bare.append(looked_up(given.pgbench, given.database, given.seconds))
            plain.append(looked_up(given.pgbench, given.database, given.seconds, "simple"))
            print(f"round {at + 1}: {ours[-1]}; pgbench -S prepared {bare[-1]:,.0f}/s, plain {plain[-1]:,.0f}/s", flush=True)
    rate, limit = statistics.median(one.rate for one in ours), statistics.median(bare)
    p50, p95, p99 = (statistics.median(getattr(one, part) for one in ours) for part in ("p50", "p95", "p99"))
    print(
        f"\n| datong on PostgreSQL | {rate:,.0f}/s | p50 {p50} ms | p95 {p95} ms | p99 {p99} ms | {sum(one.errors for one in ours)} errors |"
    )
    print(f"| pgbench -S, prepared statements | {limit:,.0f}/s | datong has {rate / limit:.3f} of it (bar: 0.050) |")
    simple = statistics.median(plain)
    print(f"| pgbench -S as it comes, plain statements | {simple:,.0f}/s | datong has {rate / simple:.3f} of it |")


def must_flush(built: Built) -> None:
    """Refuse a server that only pretends to be durable."""
    opened = store.open_store(built.settings)
    with opened.session(read_only=True) as session:
        found = {name: session.one(f"SHOW {name}") for name in ("fsync", "synchronous_commit")}
    opened.close()
    if any(one != ("on",) for one in found.values()):
        sys.exit(f"the server does not flush its commits: {found}")


def verified(built: Built, script: Path, seconds: int, processes: int = 1) -> Round:
    """One round of verifications against a server of our own, freshly started and warmed up."""
    environment = os.environ | {"DATONG_RATE_PER_MINUTE": "100000000"}
    port = free_port()
    command = [str(Path(sys.executable).parent / "datong"), "serve", "--home", str(built.settings.home), "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([*command, "--processes", str(processes)], start_new_session=True, env=environment, **quiet)
    try:
        wait_for(f"http://127.0.0.1:{port}")
        time.sleep(WAIT * (processes - 1))
        load(script, f"http://127.0.0.1:{port}", WARM_UP)
        return load(script, f"http://127.0.0.1:{port}", seconds)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def looked_up(pgbench: str, database: str, seconds: int, mode: str = "prepared") -> float:
    """Look-ups a second by pgbench, by prepared statements or in `simple` mode."""
    command = [pgbench, "-n", "-S", "-M", mode, "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds), database]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", text)
    if not found:
        raise RuntimeError(text)
    return float(found[1])


if __name__ == "__main__":
    main()
