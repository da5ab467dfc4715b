"""The verifier in Go, built offline from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path("/usr/share/gocode")


def build(folder: Path) -> Path:
    """Build it into a folder; skips where Go or its library is not there."""
    if not shutil.which("go") or not (SOURCES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("no Go to build the outside verifier with: install Debian's golang-go and golang-golang-x-mod-dev")
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": str(SOURCES), "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    source = Path(__file__).parent / "verifier" / "main.go"
    subprocess.run(["go", "build", "-o", str(folder / "verifier"), str(source)], check=True, env=environment, timeout=300)
    return folder / "verifier"


def run(verifier: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What it says of a folder of static files."""
    return subprocess.run([str(verifier), *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
