"""Instant approvals from end to end by the API: `python -m benchmarks.instant [--people 200000] [--cases 0] [--home var/bench-instant]`.

One server process, `datong serve`, on a city of its own; wrk sends POST /api/v1/cases over real HTTP with a department's key, each case for another
person. A case is: her facts through `share.ask` under the item's agreement, the decision by rules, the case with its events, the licence signed
and kept, the notice, three ledger lines, all durable before the answer leaves. Every answer that is not `201` with `granted` and a licence's
number counts as failed; afterwards the store is asked whether each case has its found person, its licence and its lines.

Rounds of `--seconds` until `--cases` are done (0: `--rounds` of them); the slowest round is shown as well as the whole.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.serve import LUA, Round, free_port, load, wait_for
from benchmarks.serve_city import Built, build, number_of
from datong import ledger, store
from datong.web import NewKey

KEY = NewKey("benchmark", "human_resources", ("insurance_statement_person",), ())
WHOLE_CITY = 8_000_000
GRANTED = """
response = function(status, headers, body)
  if status ~= 201 or not body:find('"state":"granted"', 1, true) or not body:find('"licences":["', 1, true) then failed = failed + 1 end
end
"""
CHECKS = {
    "cases granted": "SELECT count(*) FROM service_case WHERE state = 'granted'",
    "people": "SELECT count(DISTINCT applicant) FROM service_case WHERE state = 'granted'",
    "licences valid": "SELECT count(*) FROM licence WHERE state = 'valid'",
    "reads that found": """SELECT count(*) FROM ledger_line WHERE type = 'read' AND purpose = 'insurance_statement' AND subject <> ''
AND body LIKE '%"outcome":"found"%'""",
    "lines of licences": "SELECT count(*) FROM ledger_line WHERE type = 'licence' AND subject <> ''",
    "lines of cases": "SELECT count(*) FROM ledger_line WHERE type = 'case'",
}


def main() -> None:
    """Build, serve, load, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--home", type=Path, default=Path("var/bench-instant"))
    parser.add_argument("--cases", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=64)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: as root, apt-get install wrk")
    built = build(given.home.absolute(), given.people, key=KEY)
    empty(built)
    with tempfile.TemporaryDirectory() as folder:
        rounds, used = served(built, given, Path(folder))
    done = check(built)
    report(rounds, done, used, given.seconds)


def empty(built: Built) -> None:
    """Begin without the cases of an earlier run."""
    opened = store.open_store(built.settings)
    tables = ("service_sample", "service_event", "service_task", "service_case", "licence", "share_notice")
    with opened.session() as session:
        for table in tables:
            session.run(f"DELETE FROM {table}")
        if ledger.size(session):
            index = ("ledger_index_run", "ledger_subject_index", "ledger_actor_index")
            for table in ("ledger_line", "ledger_leaf", "ledger_node", "ledger_checkpoint", *index):
                session.run(f"DELETE FROM {table}")
    opened.close()


def write_bodies(people: int, path: Path) -> None:
    """One request's body a person, in no order."""
    order = list(range(people))
    random.Random(7).shuffle(order)
    with path.open("w", encoding="utf-8") as out:
        for at in order:
            body = {"service": "insurance_statement", "applicant": {"type": "citizen_id", "value": number_of(at)}}
            out.write(json.dumps(body) + "\n")


def script(bodies: Path, secret: str, first: int) -> Path:
    """wrk's script: one POST a person, from the `first` of the bodies on."""
    headers = f'{{["Content-Type"]="application/json", ["Authorization"]="Bearer {secret}"}}'
    text = LUA.format(file=bodies, request=f'wrk.format("POST", "/api/v1/cases", {headers}, lines[at])')
    before, _, after = text.replace("local at = 0", f"local at = {first}").partition("response = function(status)")
    path = bodies.with_suffix(".lua")
    path.write_text(before + GRANTED.strip() + "\n" + after.partition("end end\n")[2], encoding="utf-8")
    return path


def served(built: Built, given: argparse.Namespace, folder: Path) -> tuple[list[Round], float]:
    """Rounds against one server process; and the processor seconds it used meanwhile."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "datong"), "serve", "--home", str(built.settings.home), "--port", str(port)]
    environment = os.environ | {"DATONG_RATE_PER_MINUTE": "100000000"}
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=environment)
    bodies, rounds = folder / "bodies.txt", list[Round]()
    write_bodies(given.people, bodies)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        time.sleep(8)  # the city's places are loaded beside the first requests
        used = processor(server.pid)
        done = 0
        while done < given.cases if given.cases else len(rounds) < given.rounds:
            rounds.append(load(script(bodies, built.secret, done % given.people), address, given.seconds, given.connections))
            done += rounds[-1].rate * given.seconds
            print(f"round {len(rounds)}: {rounds[-1]}", flush=True)
        return rounds, processor(server.pid) - used
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def processor(pid: int) -> float:
    """Processor seconds that a process and those it started have used so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12]) if int(fields[3]) == pid else 0  # the session that it leads
    return ticks / os.sysconf("SC_CLK_TCK")


def check(built: Built) -> int:
    """Refuse figures of cases that were not granted to somebody who was found, with licence and lines; how many there are."""
    opened = store.open_store(built.settings)
    with opened.session(read_only=True) as session:
        found = {name: int((session.one(sql) or (0,))[0]) for name, sql in CHECKS.items()}
    opened.close()
    print(found)
    cases = found["cases granted"]
    if not cases or any(number != cases for name, number in found.items() if name != "people"):
        sys.exit("these cases are not what was to be measured")
    return cases


def report(rounds: list[Round], done: int, used: float, seconds: int) -> None:
    """The whole, the slowest round, and how long a whole city would take."""
    if any(one.errors for one in rounds):
        sys.exit(f"{sum(one.errors for one in rounds)} answers were no granted case with a licence")
    rate = statistics.mean(one.rate for one in rounds)
    worst = min(rounds, key=lambda one: one.rate)
    print(
        f"\n{done:,} cases in {len(rounds)} rounds of {seconds} s: {rate:,.0f}/s (bar: 500), {1000 * used / done:.2f} ms of processor a case"
    )
    print(f"p50 {statistics.median(one.p50 for one in rounds)} ms, p95 {max(one.p95 for one in rounds)} ms at worst, ", end="")
    print(f"p99 {max(one.p99 for one in rounds)} ms at worst (bar: 200); slowest round {worst.rate}/s")
    print(f"{WHOLE_CITY:,} cases at this rate: {WHOLE_CITY / rate / 3600:.1f} h")


if __name__ == "__main__":
    main()
