"""Write the reference pages that are made from the code: settings and commands. Run it after changing either.

.venv/bin/python tools/write_reference.py
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path

os.environ.update(NO_COLOR="1", TERM="dumb", COLUMNS="120")  # before anything of the terminal is loaded

from datong.cli.app import STAGES, main
from datong.settings import SETTINGS

ROOT = Path(__file__).parent.parent


def settings_page() -> str:
    """Every setting with its default and help."""
    rows = "\n".join(f"| `{setting.name}` | {setting.default or '(empty)'} | {setting.help} |" for setting in SETTINGS)
    return f"""# Settings

A setting comes from the environment (`DATONG_` and the name in capitals), else from `datong.toml` in the city's home, else from its default.
They are read once, when a command starts.

| setting | default | what it does |
|---|---|---|
{rows}
"""


def commands_page() -> str:
    """Every stage with what its `--help` says."""
    parts = ["# Commands\n\n`datong --help` lists the stages in the order data flows; `datong STAGE --help` lists a stage's verbs.\n"]
    for stage, line in STAGES.items():
        parts.append(f"## datong {stage}\n\n{line}\n\n```\n{help_of(stage)}\n```\n")
    return "\n".join(parts)


def help_of(stage: str) -> str:
    """What `datong STAGE --help` prints, and the same for each of its verbs."""
    text = printed(stage)
    verbs = [line.split()[1] for line in text.splitlines() if line.startswith("│ ") and line[2:3].isalpha()] if "Commands" in text else []
    return "\n\n".join([text, *(printed(stage, verb) for verb in verbs)])


def printed(*words: str) -> str:
    """The help text of one command."""
    out = io.StringIO()
    sys.argv = ["datong", *words, "--help"]
    with redirect_stdout(out), suppress(SystemExit):
        main()
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


if __name__ == "__main__":
    (ROOT / "docs/reference/settings.md").write_text(settings_page(), encoding="utf-8")
    (ROOT / "docs/reference/commands.md").write_text(commands_page(), encoding="utf-8")
