"""The guide's examples, run as they stand against a server: a shell with curl and openssl, Python, Java."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from tests.web.small_city import OWNER_ID, TITLE_NO, fill
from tests.web.test_push import ROW
from typer.testing import CliRunner

from datong import store
from datong.cli.door import app as door
from datong.settings import load_settings
from datong.web import create_app

GUIDE = Path(__file__).parents[2] / "docs/guides/join-a-system.md"


def blocks(language: str) -> list[str]:
    """The guide's pieces of code in one language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A served city, a folder with a key pair, and what the examples find in their environment: two keys, one that signs."""
    folder = tmp_path_factory.mktemp("joined")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    settings = replace(load_settings(folder / "city", {}), port=port)
    opened = store.open_store(settings)
    store.migrate(opened)
    fill(opened, settings)
    for command in (
        ("genpkey", "-algorithm", "ed25519", "-out", "private.pem"),
        ("pkey", "-in", "private.pem", "-pubout", "-out", "public.pem"),
    ):
        subprocess.run(["openssl", *command], cwd=folder, check=True)
    plain, signing = (issued(settings.home, *more) for more in ((), ("--public-key", str(folder / "public.pem"))))
    server = uvicorn.Server(uvicorn.Config(create_app(settings, opened), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    environ = {**os.environ, "DATONG": f"http://127.0.0.1:{port}", "PLAIN": plain[1], "KEY_ID": signing[0], "KEY": signing[1]}
    yield folder, environ
    server.should_exit = True
    thread.join(10)
    opened.close()


def issued(home: Path, *more: str, whose: tuple[str, str] = ("market_regulation", "gate_registrar_system")) -> tuple[str, str]:
    """A key made as the guide makes one: its id and its secret. `whose`: the department and its agreement."""
    words = ["issue", "登记系统", "--department", whose[0], "--agreement", whose[1], "--home", str(home)]
    outcome = CliRunner().invoke(door, [*words, *more])
    assert outcome.exit_code == 0, outcome.output
    key_id = re.search(r"key_[0-9a-f]{12}", outcome.output)
    assert key_id is not None
    return key_id[0], outcome.output.strip().splitlines()[-1]


def needs(*programs: str) -> None:
    if missing := [one for one in programs if shutil.which(one) is None]:
        pytest.skip(f"{missing[0]} is not installed")


def test_the_examples_ask_about_the_small_city() -> None:
    assert all(TITLE_NO in block and OWNER_ID in block for language in ("sh", "python", "java") for block in blocks(language))


def test_the_first_call_of_the_shell(joined: tuple[Path, dict[str, str]]) -> None:
    needs("curl")
    folder, environ = joined
    said = subprocess.run(
        ["sh", "-ec", blocks("sh")[0]], cwd=folder, env={**environ, "KEY": environ["PLAIN"]}, check=True, capture_output=True
    )
    assert json.loads(said.stdout)["outcome"] == "same"


def test_the_signed_call_of_the_shell(joined: tuple[Path, dict[str, str]]) -> None:
    needs("curl", "openssl")
    folder, environ = joined
    said = subprocess.run(["sh", "-ec", blocks("sh")[1]], cwd=folder, env=environ, check=True, capture_output=True)
    assert json.loads(said.stdout)["outcome"] == "same", said.stdout
    unsigned = subprocess.run(["sh", "-ec", blocks("sh")[0]], cwd=folder, env=environ, check=True, capture_output=True)
    assert json.loads(unsigned.stdout)["status"] == 401, "this key is taken only when its requests are signed"


def test_the_signed_call_of_python(joined: tuple[Path, dict[str, str]]) -> None:
    folder, environ = joined
    said = subprocess.run([sys.executable, "-c", blocks("python")[0]], cwd=folder, env=environ, capture_output=True, text=True)
    assert said.stdout.strip() == "same", said.stderr


def test_the_signed_call_of_java(joined: tuple[Path, dict[str, str]]) -> None:
    needs("java")
    modules = subprocess.run(["java", "--list-modules"], capture_output=True, text=True).stdout
    if "jdk.compiler" not in modules:
        pytest.skip("Java is here without its compiler (openjdk-17-jdk-headless)")
    folder, environ = joined
    (folder / "Ask.java").write_text(blocks("java")[0], encoding="utf-8")
    said = subprocess.run(["java", "Ask.java"], cwd=folder, env=environ, capture_output=True, text=True)
    assert said.returncode == 0 and json.loads(said.stdout)["outcome"] == "same", said.stderr


def post(environ: dict[str, str], path: str, body: object, secret: str) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    answer = httpx2.post(environ["DATONG"] + path, json=body, headers=headers, timeout=60)
    return answer.status_code, answer.json()


def test_a_company_outside_the_government_joins_like_an_office(joined: tuple[Path, dict[str, str]]) -> None:
    folder, environ = joined
    _, secret = issued(folder / "city", whose=("water", "utility_premises"))
    asked = {"register": "premises", "key": {"type": "title_no", "value": TITLE_NO}, "claims": {"applicant_citizen_id": OWNER_ID}}
    status, answer = post(environ, "/api/v1/verify", {"purpose": "utility_account_opening", **asked}, secret)
    assert (status, answer["outcome"]) == (200, "same") and answer["agreement"] == "utility_premises"
    status, answer = post(environ, "/api/v1/verify", {"purpose": "police_enquiry", **asked}, secret)
    assert status == 403 and answer["grounds"], "what the police may ask, the water company may not"


def test_an_old_systems_adapter_pushes_asks_and_follows_through_one_channel(joined: tuple[Path, dict[str, str]]) -> None:
    folder, environ = joined
    _, secret = issued(folder / "city", "--resource", "market_enterprise")
    row = {**ROW, "主体身份代码": "E9001", "企业名称": "淄博老系统商贸有限公司"}
    since = httpx2.get(environ["DATONG"] + "/api/v1/changes?limit=1000", timeout=60, headers={"Authorization": f"Bearer {secret}"}).json()[
        "next"
    ]
    status, pushed = post(environ, "/api/v1/resources/market_enterprise/records", {"rows": [row]}, secret)
    assert status == 200 and pushed["accepted"] == 1 and pushed["codes"]
    again = post(environ, "/api/v1/resources/market_enterprise/records", {"rows": [row]}, secret)[1]
    assert again["already_received"] and again["delivery"] == pushed["delivery"], "the adapter may send it twice"
    fed = httpx2.get(environ["DATONG"] + f"/api/v1/changes?since={since}", timeout=60, headers={"Authorization": f"Bearer {secret}"}).json()
    assert fed["next"] > since
    status, subscribed = post(environ, "/api/v1/subscriptions", {"url": "https://old-system.example/changes"}, secret)
    assert status == 201 and subscribed["state"] == "active"


def test_keys_are_listed_and_taken_out_of_use(joined: tuple[Path, dict[str, str]]) -> None:
    folder, _ = joined
    home = folder / "city"
    key_id, _ = issued(home)
    for words in (["list", "--home", str(home)], ["retire", key_id, "--home", str(home)]):
        assert CliRunner().invoke(door, words).exit_code == 0
    assert CliRunner().invoke(door, ["retire", key_id, "--home", str(home)]).exit_code == 1
    wrong = ["issue", "某系统", "--department", "market_regulation", "--agreement", "estate_premises", "--home", str(home)]
    outcome = CliRunner().invoke(door, wrong)
    assert outcome.exit_code == 1 and "no agreement of market_regulation" in str(outcome.exception)
