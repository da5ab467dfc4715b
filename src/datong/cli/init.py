"""`datong init`: make a city."""

from __future__ import annotations

import os
from pathlib import Path

import typer
from rich.console import Console

from datong import ledger, store
from datong.settings import Settings, load_settings, write_secret

app = typer.Typer(add_completion=False, help="Make a city: its home folder, keys and store.")

_CODE_KEY_BYTES = 32
_OPENING = """\
# Settings of this city. Every setting and its default: docs/reference/settings.md.
"""


@app.command()
def init(
    home: Path = typer.Argument(Path("var/city"), help="The city's home folder; made when it is not there."),
    origin: str = typer.Option("", help="Origin line of the city's ledger; fixed once the first line is written."),
    city: str = typer.Option("", help="Name of the city, on every page."),
    store_url: str = typer.Option("", "--store", help="postgresql://user@host/name; empty is SQLite in the home folder."),
) -> None:
    """Make a city, or complete one: nothing that exists is changed."""
    settings = make_city(home, {"origin": origin, "city": city, "store": store_url})
    console = Console()
    console.print(f"City [bold]{settings.city}[/bold] is ready in {settings.home}", highlight=False)
    console.print(f"Next: datong collect FILES --home {settings.home}", highlight=False)


def make_city(home: Path, chosen: dict[str, str]) -> Settings:
    """The home folder, datong.toml, the keys and the migrated store; what is there already stays."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_settings(home / "datong.toml", {name: value for name, value in chosen.items() if value})
    settings = load_settings(home)
    make_keys(settings)
    opened = store.open_store(settings)
    try:
        store.migrate(opened)
    finally:
        opened.close()
    return settings


def make_keys(settings: Settings) -> None:
    """The key that codes are permuted with and the ledger's signing key, readable by the owner alone."""
    keys = settings.home / "keys"
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.chmod(0o700)
    code_key = keys / "code.key"
    if not code_key.exists():
        write_secret(code_key, os.urandom(_CODE_KEY_BYTES))
    ledger.make_keys(settings.home, settings.origin)


def _write_settings(path: Path, chosen: dict[str, str]) -> None:
    if path.exists():
        return
    lines = [f"{name} = {_quoted(value)}" for name, value in chosen.items()]
    path.write_text(_OPENING + "\n".join(lines) + ("\n" if lines else ""), encoding="utf-8")


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
