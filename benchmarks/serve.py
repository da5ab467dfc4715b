"""Verification with agreement, mask and durable ledger line, against Datasette answering the same look-up bare.

    .venv/bin/python benchmarks/serve.py [--people 1000000] [--home var/bench-serve]

Both read the same SQLite file on this machine, one worker each, 32 connections, wrk as the load (Debian's package `wrk`).
59 % of the questions name the true owner, 31 % somebody else, 10 % premises that do not exist. Rounds alternate, each after a warm-up under the same load; medians are printed.
Datasette gets one indexed SQL query and does nothing else: no key, no agreement, no purpose, no record.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))

from starlette.testclient import TestClient

from benchmarks.serve_city import Built, build, number_of, owner_at
from datong import store
from datong.web import create_app

QUESTIONS = 20_000
CONNECTIONS = 32
WARM_UP = 12
"""Seconds under load before a round counts: datong loads the city's places beside the first requests."""
SQL = """SELECT h.code, o.type AS tie, o.as_of FROM entry h LEFT JOIN entry_key k ON k.key_type = 'citizen_id' AND k.key_value = :id
LEFT JOIN relation o ON o.from_code = k.code AND o.to_code = h.code AND o.type = 'owns' AND o.until = '' WHERE h.code = :code"""
LUA = """local lines = {{}}
for line in io.lines("{file}") do lines[#lines + 1] = line end
local at = 0
request = function()
  at = at % #lines + 1
  return {request}
end
local failed = 0
response = function(status) if status ~= 200 then failed = failed + 1 end end
done = function(summary, latency)
  io.write(string.format("RESULT %f %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000, summary.errors.status))
end
"""


@dataclass(frozen=True)
class Round:
    """One round's figures: requests a second and milliseconds."""

    rate: float
    p50: float
    p95: float
    p99: float
    errors: int


def main() -> None:
    """Build, serve both, load both in turns, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, default=Path("var/bench-serve"))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=8)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: as root, apt-get install wrk")
    started = time.perf_counter()
    built = build(given.home.absolute(), given.people)
    file = built.settings.home / "store.db"
    print(f"{given.people:,} people in {file.stat().st_size / 1e9:.2f} GB, ready after {time.perf_counter() - started:.0f} s")
    asked = questions(built, given.people)
    must_answer(built, asked)
    with tempfile.TemporaryDirectory() as folder:
        rounds = measure(built, asked, Path(folder), given.rounds, given.seconds)
    report(rounds)


def questions(built: Built, people: int) -> list[tuple[str, str]]:
    """(premises code, citizen number) for each question, the same every time."""
    opened = store.open_store(built.settings)
    with opened.session(read_only=True) as session:
        homes = [row[0] for row in session.all("SELECT to_code FROM relation WHERE type = 'owns' ORDER BY record_id")]
    opened.close()
    draw, asked = random.Random(11), []
    for _ in range(QUESTIONS):
        at, kind = draw.randrange(len(homes)), draw.random()
        code = homes[at] if kind < 0.9 else "H" + "".join(draw.choices("23456789ABCDEFGH", k=9))
        who = owner_at(at, people) if kind < 0.59 else draw.randrange(people)
        asked.append((code, number_of(who)))
    return asked


def must_answer(built: Built, asked: list[tuple[str, str]]) -> None:
    """Refuse to measure answers that say nothing: what is asked must be found, and be answered both ways."""
    opened = store.open_store(built.settings)
    secret = {"Authorization": f"Bearer {built.secret}"}
    with TestClient(create_app(built.settings, opened)) as client:
        answers = [client.post("/api/v1/verify", json=question(*one), headers=secret).json() for one in asked[:200]]
    opened.close()
    found = Counter(str(one.get("outcome", one)) for one in answers)
    print(f"of 200 questions: {dict(found)}", flush=True)
    if found["same"] < 80 or found["different"] < 40 or sum(found[one] for one in ("same", "different", "not_found")) != 200:
        sys.exit("these answers are not what was to be measured")


def question(code: str, number: str) -> dict[str, Any]:
    """Whether these are this person's premises."""
    return {
        "purpose": "gate_registration",
        "register": "premises",
        "key": {"type": "code", "value": code},
        "claims": {"applicant_citizen_id": number},
        "reason": {"kind": "case", "reference": "B1"},
    }


def measure(built: Built, asked: list[tuple[str, str]], folder: Path, rounds: int, seconds: int) -> dict[str, list[Round]]:
    """Alternate rounds of both servers, each alone on the machine while it is loaded."""
    ours, bare = free_port(), free_port()
    scripts = {"datong": our_script(asked, folder, built.secret), "datasette": bare_script(asked, folder)}
    binaries = Path(sys.executable).parent
    home = str(built.settings.home)
    commands = {
        "datong": ([str(binaries / "datong"), "serve", "--home", home, "--port", str(ours)], f"http://127.0.0.1:{ours}"),
        "datasette": ([str(binaries / "datasette"), "serve", home + "/store.db", "-p", str(bare)], f"http://127.0.0.1:{bare}"),
    }
    environment = os.environ | {"DATONG_RATE_PER_MINUTE": "100000000"}
    found: dict[str, list[Round]] = {name: [] for name in commands}
    for at in range(rounds):
        for name, (command, address) in commands.items():
            server = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=environment
            )
            try:
                wait_for(address)
                load(scripts[name], address, WARM_UP)
                found[name].append(load(scripts[name], address, seconds))
                print(f"round {at + 1} {name:10} {found[name][-1]}")
            finally:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait(timeout=30)
    return found


def our_script(asked: list[tuple[str, str]], folder: Path, secret: str) -> Path:
    """wrk's script for the API: one POST a question."""
    bodies = [json.dumps(question(code, number)) for code, number in asked]
    headers = f'{{["Content-Type"]="application/json", ["Authorization"]="Bearer {secret}"}}'
    return write_script(folder, "datong", bodies, f'wrk.format("POST", "/api/v1/verify", {headers}, lines[at])')


def bare_script(asked: list[tuple[str, str]], folder: Path) -> Path:
    """wrk's script for Datasette: one GET with the same two values."""
    paths = ["/store.json?" + urlencode({"sql": SQL, "code": code, "id": number, "_shape": "array"}) for code, number in asked]
    return write_script(folder, "datasette", paths, 'wrk.format("GET", lines[at])')


def write_script(folder: Path, name: str, lines: list[str], request: str) -> Path:
    """The questions as a file of lines, and the script that sends them."""
    data, script = folder / f"{name}.txt", folder / f"{name}.lua"
    data.write_text("\n".join(lines), encoding="utf-8")
    script.write_text(LUA.format(file=data, request=request), encoding="utf-8")
    return script


def load(script: Path, address: str, seconds: int, connections: int = CONNECTIONS) -> Round:
    """One round of wrk."""
    command = ["wrk", "-t1", f"-c{connections}", "--timeout", "30s", f"-d{seconds}s", "-s", str(script), address]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"RESULT ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) (\d+)", text)
    if not found:
        raise RuntimeError(text)
    rate, p50, p95, p99 = (float(part) for part in found.groups()[:4])
    return Round(round(rate), round(p50, 1), round(p95, 1), round(p99, 1), int(found[5]))


def report(rounds: dict[str, list[Round]]) -> None:
    """Medians, and the ratio that is claimed."""
    medians = {}
    print("\n|  | requests/s | p50 ms | p95 ms | p99 ms | errors |\n|---|---|---|---|---|---|")
    for name, found in rounds.items():
        middle = [statistics.median(getattr(one, part) for one in found) for part in ("rate", "p50", "p95", "p99")]
        medians[name] = middle
        print(f"| {name} | {middle[0]:,.0f} | {middle[1]} | {middle[2]} | {middle[3]} | {sum(one.errors for one in found)} |")
    ratio = medians["datong"][0] / medians["datasette"][0]
    print(f"\nratio {ratio:.2f} (bar: 1.5); datong p99 {medians['datong'][3]} ms (bar: 60)")


def free_port() -> int:
    """A free port on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    """Wait until a server answers."""
    for _ in range(1200):
        try:
            urllib.request.urlopen(address + "/", timeout=2)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


if __name__ == "__main__":
    main()
