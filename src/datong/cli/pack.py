"""`datong pack`: check and list the city's packs."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from datong import services, share, spec
from datong.cli.home import Home
from datong.domain.errors import Fault
from datong.services import archives, windows
from datong.settings import load_settings
from datong.share import cascade, catalogue, open_data

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Check the city's packs.")


@app.command()
def check(
    folder: Path | None = typer.Argument(None, help="Folder of packs; default is the city's."),
    home: Home = None,
) -> None:
    """Check the packs as a whole: every fault with its file and line, or a summary."""
    place = folder or load_settings(home).packs
    faults = spec.check_packs(place) or _further_faults(spec.load_packs(place))
    if faults:
        errors = Console(stderr=True)
        for fault in faults:
            errors.print(str(fault), style="red", markup=False, highlight=False, soft_wrap=True)
        errors.print(f"{len(faults)} faults in {place.name}", style="bold red", markup=False, highlight=False)
        raise typer.Exit(1)
    packs = spec.load_packs(place)
    fields = sum(len(source.columns) for source in packs.sources.values())
    sharing = share.load_sharing(packs)
    items = spec.load_services(packs, spec.Faults())
    said = (
        f"{len(packs.sources)} sources with {fields} columns from {len(packs.departments)} departments, "
        f"{len(sharing.purposes)} purposes, {len(sharing.agreements)} agreements, {len(items)} services: no faults"
    )
    Console().print(said, style="green", highlight=False)


def _further_faults(packs: spec.Packs) -> list[Fault]:
    faults = spec.Faults()
    cascade.read_pilots(packs, faults)
    open_data.read_open_rules(packs, faults)
    archives.read_archive_rules(packs, faults)
    windows.read_window_rules(packs, faults)
    return share.check_sharing(packs) or [*catalogue.check_packs(packs), *services.check_services(packs), *faults.found]


@app.command("list")
def list_sources(
    folder: Path | None = typer.Argument(None, help="Folder of packs; default is the city's."),
    home: Home = None,
) -> None:
    """List the sources: who sends what, how, and how often."""
    packs = spec.load_packs(folder or load_settings(home).packs)
    table = Table(box=None, pad_edge=False)
    for title in ("resource", "title", "department", "file", "delivery", "cycle"):
        table.add_column(title, no_wrap=title == "resource")
    for source in packs.sources.values():
        department = packs.departments[source.department]
        table.add_row(source.resource, source.title_zh, department.short_zh, source.file, source.delivery, source.update_cycle)
    Console().print(table)
