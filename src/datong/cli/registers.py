"""`datong registers`: rebuild, inspect and list the registers. For the operator of the city."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from datong import registers, share
from datong.cli.home import Home
from datong.cli.key import open_door, show_entry, show_grounds, show_outcome
from datong.domain.access import Actor, Key, Question, Reason, Register
from datong.domain.codes import kind_of, read_code, show_code
from datong.domain.errors import BadValue
from datong.settings import load_settings
from datong.spec import load_packs
from datong.store import open_store

app = typer.Typer(help="Rebuild, inspect and list the registers.", no_args_is_help=True, add_completion=False)
_CONSOLE = Console()
_KINDS: dict[str, Register] = {"person": "person", "organisation": "organisation", "premises": "premises"}


@app.command("rebuild")
def rebuild_command(home: Home = None) -> None:
    """Drop the registers, derive them again, and print their digest."""
    settings = load_settings(home)
    store = open_store(settings)
    print(registers.rebuild(store, settings, load_packs(settings.packs), datetime.now(UTC).isoformat(timespec="seconds")))
    store.close()


@app.command("digest")
def digest_command(home: Home = None) -> None:
    """Print the digest of the registers: equal digests are equal registers."""
    store = open_store(load_settings(home))
    with store.session(read_only=True) as session:
        print(registers.digest(session))
    store.close()


@app.command("show")
def show_command(code: str, home: Home = None) -> None:
    """Show an entry with what every source says of it, as a data steward may see it; it leaves its line like any read."""
    sound = read_code(code)
    if not sound.sound:
        raise BadValue("code", "is no permanent code", "write it as it is printed, for example P7K2-M9XQ-4T")
    steward = Actor("cli", "operator", "officer", "data", "terminal", frozenset({"steward"}), ("",))
    question = Question(
        "data_steward_review", "look_up", kind_of(sound.value), Key("code", sound.value), reason=Reason("task", "registers show")
    )
    with open_door(home) as door:
        answer = share.ask(door.session, steward, question, now=door.now)
    for entry in answer.entries:
        show_entry(entry)
    show_grounds(answer.grounds)
    show_outcome(answer, len(answer.lines))


@app.command("list")
def list_command(
    kind: str = typer.Argument(help="person, organisation or premises"),
    division: str = typer.Option("", help="Division-code prefix."),
    cursor: str = typer.Option("", help="Go on after this code."),
    limit: int = typer.Option(20, help="How many."),
    home: Home = None,
) -> None:
    """List codes and divisions in order of code; what the entries hold is read one by one, through the door."""
    if kind not in _KINDS:
        raise typer.BadParameter("write person, organisation or premises")
    store = open_store(load_settings(home))
    with store.session(read_only=True) as session:
        page = registers.list_entries(session, _KINDS[kind], divisions=(division,), cursor=cursor, limit=limit)
    store.close()
    table = Table("code", "division", box=None)
    for one in page.entries:
        table.add_row(show_code(one.code), one.division)
    _CONSOLE.print(table)
    if page.next_cursor:
        _CONSOLE.print(f"more: --cursor {page.next_cursor}")
