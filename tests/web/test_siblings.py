"""Several processes of `datong serve` answer at one address; one that ends is started anew, and none outlives the first."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from tests.web.small_city import HOME, OWNER_ID, fill

from datong.cli.siblings import must_share
from datong.domain.errors import BadSettings
from datong.settings import load_settings
from datong.store import Store

ASKED = {
    "purpose": "gate_registration",
    "register": "premises",
    "key": {"type": "code", "value": HOME},
    "claims": {"applicant_citizen_id": OWNER_ID},
}


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """The serving processes that a process has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"--sibling" in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def running(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def served(postgres_store: Store, tmp_path: Path) -> Iterator[tuple[str, str, int]]:
    """The address, a key and the first process of two that serve a small city."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = fill(postgres_store, load_settings(tmp_path, {}, store=postgres_store.url)).keys["registrar"]
    command = [sys.executable, "-P", "-c", "from datong.cli import main; main()", "serve", "--home", str(tmp_path), "--port", str(port)]
    environment = os.environ | {"DATONG_STORE": postgres_store.url}
    process = subprocess.Popen([*command, "--processes", "2", "--no-jobs"], env=environment, start_new_session=True)
    yield f"http://127.0.0.1:{port}", secret, process.pid
    process.kill()
    process.wait(20)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at in /proc")
def test_two_processes_answer_at_one_address(served: tuple[str, str, int]) -> None:
    address, secret, first = served

    def answers() -> bool:
        try:
            said = httpx.post(f"{address}/api/v1/verify", json=ASKED, headers={"Authorization": f"Bearer {secret}"}, timeout=20)
        except httpx.TransportError:
            return False
        return said.status_code == 200 and said.json()["outcome"] == "same"

    until(answers)
    until(lambda: len(children(first)) == 1)
    (other,) = children(first)
    os.kill(other, signal.SIGKILL)
    until(lambda: children(first) not in ([], [other]))
    assert all(answers() for _ in range(5))
    (other,) = children(first)
    os.kill(first, signal.SIGKILL)
    until(lambda: not running(other))


def test_one_process_serves_on_sqlite(sqlite_store: Store) -> None:
    must_share(sqlite_store, 1)
    with pytest.raises(BadSettings, match="processes"):
        must_share(sqlite_store, 2)
