"""`datong catalogue`: find in the catalogue of shared resources, import and export it, see what is asked for and not had."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from datong.cli.home import Home
from datong.cli.key import AS, actor_for, open_door
from datong.share import catalogue

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The catalogue of what departments share.")
console = Console()


@app.command()
def find(
    words: list[str] = typer.Argument(None, help="Words of names, items, systems or codes; all must occur."),
    *,
    whom: str = AS,
    department: str = typer.Option("", help="Only of this department."),
    home: Home = None,
) -> None:
    """List published resources, fifty at most."""
    with open_door(home) as door:
        catalogue.bring_in(door.session, door.now)
        wanted = {"q": " ".join(words or []), "department": department}
        found = catalogue.find(door.session, actor_for(door, whom), wanted, size=50)
    table = Table(box=None, pad_edge=False)
    for title in ("resource", "code", "title", "department", "class", "cycle", "version"):
        table.add_column(title, overflow="fold", no_wrap=title in ("resource", "code"))
    for one in found.items:
        table.add_row(one.resource, one.code, one.title, one.department, one.sharing_class, one.cycle, str(one.version))
    console.print(table)
    console.print(f"{found.total} resources", highlight=False)


@app.command("import")
def take_in(
    path: Path = typer.Argument(..., help="An .xlsx, .csv or .jsonld file, as export writes it.", exists=True, dir_okay=False),
    *,
    whom: str = AS,
    home: Home = None,
) -> None:
    """Import resources as drafts, all or none: with one fault nothing is kept, and every fault is listed."""
    with open_door(home) as door:
        catalogue.bring_in(door.session, door.now)
        told = catalogue.take_in(door.session, actor_for(door, whom), path.read_bytes(), path.name, now=door.now)
    for fault in told.faults:
        console.print(str(fault), style="red", markup=False, highlight=False, soft_wrap=True)
    if told.faults:
        console.print(f"{len(told.faults)} faults; nothing was imported", style="bold red", highlight=False)
        raise typer.Exit(1)
    console.print(f"{len(told.entered)} drafts; {told.unchanged} as in the catalogue", style="green", highlight=False)


@app.command()
def export(
    path: Path = typer.Argument(..., help="Where to: the ending says how, .xlsx, .csv or .jsonld (DCAT-AP)."),
    *,
    whom: str = AS,
    department: str = typer.Option("", help="Only of this department."),
    home: Home = None,
) -> None:
    """Export what is published."""
    with open_door(home) as door:
        catalogue.bring_in(door.session, door.now)
        content = catalogue.export(door.session, actor_for(door, whom), path.suffix.lstrip("."), {"department": department})
    path.write_bytes(content)
    console.print(f"{path.name}: {len(content):,} bytes", highlight=False)


@app.command()
def demand(
    path: Path | None = typer.Argument(None, help="A .csv file to write; without it the list is shown."),
    *,
    whom: str = AS,
    home: Home = None,
) -> None:
    """What departments ask for and do not get, what most of them wait for first."""
    with open_door(home) as door:
        actor = actor_for(door, whom)
        if path is not None:
            path.write_text(catalogue.export_demand(door.session, actor), encoding="utf-8")
        found = catalogue.register_of_demand(door.session, actor)
    for number, one in enumerate(found, start=1):
        waits = f"{len(one.departments)} departments, {one.times} times"
        console.print(f"{number:3}. {one.title}: {waits}, {one.state}", markup=False, highlight=False)
    console.print(f"{len(found)} wanted", highlight=False)
