"""`datong registers`: rebuild, inspect and list the registers. For the operator of the city; people come through `share`."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from datong import registers
from datong.domain.access import Register
from datong.domain.codes import read_code, show_code
from datong.domain.errors import Missing
from datong.settings import load_settings
from datong.spec import load_packs
from datong.store import open_store

app = typer.Typer(help="Rebuild, inspect and list the registers.", no_args_is_help=True, add_completion=False)
_CONSOLE = Console()
_KINDS: dict[str, Register] = {"person": "person", "organisation": "organisation", "premises": "premises"}


@app.command("rebuild")
def rebuild_command() -> None:
    """Drop the registers, derive them again, and print their digest."""
    settings = load_settings()
    store = open_store(settings)
    print(registers.rebuild(store, settings, load_packs(settings.packs), datetime.now(UTC).isoformat(timespec="seconds")))
    store.close()


@app.command("digest")
def digest_command() -> None:
    """Print the digest of the registers: equal digests are equal registers."""
    store = open_store(load_settings())
    with store.session(read_only=True) as session:
        print(registers.digest(session))
    store.close()


@app.command("show")
def show_command(code: str) -> None:
    """Show an entry with every fact, where it comes from and why it won."""
    store = open_store(load_settings())
    with store.session(read_only=True) as session:
        found = registers.entry(session, read_code(code).value)
        links = registers.relations(session, found.code) if found else []
        marks = registers.open_marks(session, found.code) if found else []
    store.close()
    if found is None:
        raise Missing("No subject has this code.")
    _CONSOLE.print(f"{show_code(found.code)}  {found.register}  {found.label}  {found.division}  {found.status}")
    facts = Table("field", "value", "state", "why", "source", "department", "as of", "delivery", box=None)
    for name, values in found.facts.items():
        for fact in values:
            facts.add_row(name, fact.value, fact.state, fact.why, fact.resource, fact.department, fact.as_of, fact.delivery)
    _CONSOLE.print(facts)
    table = Table("relation", "", "code", "label", "since", "until", "source", box=None)
    for link in links:
        table.add_row(
            link.type, "→" if link.direction == "out" else "←", show_code(link.code), link.label, link.since, link.until, link.resource
        )
    _CONSOLE.print(table)
    for mark in marks:
        _CONSOLE.print(f"mark: {mark.kind} {mark.field} ({mark.raised_at})")


@app.command("list")
def list_command(
    kind: str = typer.Argument(help="person, organisation or premises"),
    division: str = typer.Option("", help="Division-code prefix."),
    cursor: str = typer.Option("", help="Go on after this code."),
    limit: int = typer.Option(20, help="How many."),
) -> None:
    """List entries in order of code."""
    if kind not in _KINDS:
        raise typer.BadParameter("write person, organisation or premises")
    store = open_store(load_settings())
    with store.session(read_only=True) as session:
        page = registers.list_entries(session, _KINDS[kind], divisions=(division,), cursor=cursor, limit=limit)
    store.close()
    table = Table("code", "label", "division", box=None)
    for one in page.entries:
        table.add_row(show_code(one.code), one.label, one.division)
    _CONSOLE.print(table)
    if page.next_cursor:
        _CONSOLE.print(f"more: --cursor {page.next_cursor}")
