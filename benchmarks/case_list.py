"""An officer's list of cases as her browser gets it: `python -m benchmarks.case_list [--cases 1000000] [--home var/bench-case-list]`.

One server process on a store with so many cases of forty departments; sixteen officers of sixteen departments, each signed in with a
cookie of her own, look at `/office/cases` over real HTTP: first one after the other without a pause (the most the server gives), then each
every two seconds, which is faster than anybody reads. Every page must show fifty cases.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.cases import USERS, departments, fill_lists
from benchmarks.instant import processor
from benchmarks.serve import free_port, wait_for
from datong import share, store
from datong.cli.init import make_city
from datong.settings import Settings
from datong.spec import load_packs
from datong.web import NewAccount, create_account

PASSWORD = "a-long-benchmark-word"
SHOWN = 50
PAUSE = 2.0


def main() -> None:
    """Build, serve, look, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, default=Path("var/bench-case-list"))
    parser.add_argument("--seconds", type=int, default=15)
    given = parser.parse_args()
    settings = build(given.home.absolute(), given.cases)
    port = free_port()
    command = [str(Path(sys.executable).parent / "datong"), "serve", "--home", str(settings.home), "--port", str(port), "--no-jobs"]
    environment = os.environ | {"DATONG_RATE_PER_MINUTE": "100000000"}
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}")
        time.sleep(10)  # the city's places are loaded beside the first requests
        cookies = [signed_in(port, f"officer{user}") for user in range(USERS)]
        for pause in (0.0, PAUSE):
            looked(port, cookies, 3, pause)
            used = processor(server.pid)
            waits = looked(port, cookies, given.seconds, pause)
            told(given.cases, waits, pause, processor(server.pid) - used, given.seconds)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def build(home: Path, cases: int) -> Settings:
    """A city with so many cases and an officer each for sixteen departments."""
    settings = replace(make_city(home, {"origin": "datong.example/bench"}), session_minutes=600)
    opened = store.open_store(settings)
    share.install(opened, settings, load_packs(settings.packs))
    with opened.session(read_only=True) as session:
        stands = session.one("SELECT count(*) FROM service_case") == (cases,)
    if not stands:
        fill_lists(opened, cases)
        with opened.session() as session:
            for user, department in enumerate(departments(opened)[:USERS]):
                account = NewAccount(f"officer{user}", PASSWORD, "科员", "officer", department, "一科", ("officer",), ("",))
                create_account(session, account)
    opened.close()
    return settings


def signed_in(port: int, account: str) -> str:
    """The cookies of an officer who has signed in."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("GET", "/sign-in")
    answer = client.getresponse()
    found = re.search(r'name="form_token" value="([^"]+)"', answer.read().decode())
    kept = _cookies(answer)
    body = urlencode({"form_token": found[1] if found else "", "account_id": account, "password": PASSWORD})
    client.request("POST", "/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded", "Cookie": kept})
    answer = client.getresponse()
    answer.read()
    return "; ".join(one for one in (kept, _cookies(answer)) if one)


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie")


def looked(port: int, cookies: list[str], seconds: float, pause: float) -> list[float]:
    """How long each page took that these officers looked at meanwhile."""
    waits: list[float] = []
    until = time.perf_counter() + seconds

    def look(user: int) -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(pause * user / USERS)
        while (began := time.perf_counter()) < until:
            client.request("GET", "/office/cases", headers={"Cookie": cookies[user]})
            answer = client.getresponse()
            page = answer.read()
            waits.append(time.perf_counter() - began)
            if answer.status != 200 or page.count(b"/office/cases/L") < SHOWN:
                raise RuntimeError(f"a page with {answer.status} and without {SHOWN} cases")
            time.sleep(max(0.0, began + pause - time.perf_counter()))

    threads = [threading.Thread(target=look, args=(user,)) for user in range(len(cookies))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return waits


def told(cases: int, waits: list[float], pause: float, used: float, seconds: int) -> None:
    """One line of figures."""
    p50, p95 = statistics.median(waits), statistics.quantiles(waits, n=100)[94]
    how = f"every {pause:.0f} s" if pause else "without a pause"
    print(
        f"{USERS} officers {how}, {cases:,} cases: {len(waits) / seconds:.0f} pages/s, p50 {1000 * p50:.0f} ms, "
        f"p95 {1000 * p95:.0f} ms (bar: 100), {1000 * used / len(waits):.1f} ms of processor a page",
        flush=True,
    )


if __name__ == "__main__":
    main()
