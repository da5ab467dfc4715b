"""Imports go one way, and a tool says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_imports_go_one_way() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    outcome = subprocess.run([program, "--config", ROOT / "pyproject.toml"], cwd=ROOT, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
