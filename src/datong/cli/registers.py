"""`datong registers`: rebuild, inspect and list the registers. For the operator of the city."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from datong import registers, share
from datong.cli.accuracy import measure
from datong.cli.home import Home
from datong.cli.key import Door, open_door, show_entry, show_grounds, show_outcome
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


@app.command("accuracy")
def accuracy_command(
    truth: Annotated[Path, typer.Option(help="The truth folder that `datong simulate` wrote beside its deliveries.")], home: Home = None
) -> None:
    """Measure the two accuracies against a simulated city's truth: delivered addresses, and organisations' registered domiciles.

    In a real city there is no truth to compare with: use the random field checks of the quality page.
    """
    if not (truth / "rows").is_dir() or not (truth / "firms.csv.gz").is_file():
        raise BadValue("truth", "is no truth folder", "give the folder truth/ that `datong simulate` wrote")
    with open_door(home) as door:
        found = keep_accuracy(door, truth)
    table = Table("measure", "right", "wrong", "no door", "of", "accuracy", "95 % interval", "of those with a door", box=None)
    for name in ("address", "domicile"):
        counts, rate, decided = found.measures[name], found.rate(name), found.decided(name)
        none = counts.get("none", 0) + counts.get("nobody", 0)
        numbers = (counts.get("right", 0), counts.get("wrong", 0), none, rate.whole)
        shares = (f"{rate.share or 0:.3%}", f"{rate.low:.3%} to {rate.high:.3%}", f"{decided.share or 0:.3%}")
        table.add_row(name, *(f"{number:,}" for number in numbers), *shares)
    _CONSOLE.print(table)


def keep_accuracy(door: Door, truth: Path) -> share.Truth:
    """Measure against truth and keep it for the quality page."""
    parts = share.installed(door.session)
    found = measure(door.session, parts.settings, parts.packs, truth)
    measures = {"address": dict(found.address), "domicile": dict(found.domicile)}
    kept = share.Truth(door.now.isoformat(timespec="seconds"), parts.settings.city, measures)
    share.keep_truth(door.session, kept)
    return kept


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
