"""`datong collect`: take in deliveries, and look after those that are held and rows that wait."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from typer.core import TyperGroup

from datong import collect, spec, store
from datong.cli.deliveries import deliveries_in, source_of
from datong.cli.home import Home
from datong.collect import Decision, Receipt
from datong.domain.errors import BadValue
from datong.settings import Settings, load_settings

_DEFAULT = "take"


class TakesFiles(TyperGroup):
    """`datong collect FILE…` is `datong collect take FILE…`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default verb before words that are no verb."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=TakesFiles, add_completion=False, no_args_is_help=True, help="Take in deliveries: datong collect FILE|FOLDER… [--resource R]"
)


@dataclass(frozen=True)
class City:
    """What a command works with."""

    settings: Settings
    packs: spec.Packs
    store: store.Store


@contextmanager
def open_city(home: Path | None) -> Iterator[City]:
    """The city at a home folder, with its packs and its store."""
    settings = load_settings(home)
    packs = spec.load_packs(settings.packs)
    opened = store.open_store(settings)
    try:
        yield City(settings, packs, opened)
    finally:
        opened.close()


def now() -> str:
    """This moment, ISO text in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@app.command("take")
def take(
    paths: list[str] = typer.Argument(..., help="Files, folders, or postgresql:// addresses of table sources."),
    resource: str = typer.Option("", help="The resource the files belong to; default is told by their names."),
    as_of: str = typer.Option("", help="The day they speak of (YYYY-MM-DD); default is in their names."),
    home: Home = None,
) -> None:
    """Take in deliveries; the receipts tell what became of every row. Exit code 1 when a delivery is held."""
    with open_city(home) as city:
        collect.resume(city.store, city.settings, city.packs)
        wanted = list(_wanted(city.packs, paths, resource))
        receipts = _take_all(city, wanted, as_of)
    show_receipts(receipts)
    if any(not receipt.collected for receipt in receipts):
        raise typer.Exit(1)


def _take_all(city: City, wanted: Sequence[tuple[spec.Source, str]], as_of: str) -> list[Receipt]:
    receipts = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(wanted))
        for source, path in wanted:
            progress.update(task, description=source.resource)
            place = path if "://" in path else Path(path)
            receipts.append(collect.receive(city.store, city.settings, source, place, received_at=now(), received_from=_who(), as_of=as_of))
            progress.advance(task)
    return receipts


def _wanted(packs: spec.Packs, paths: Sequence[str], resource: str) -> Iterator[tuple[spec.Source, str]]:
    """Every file with its source. A file in a folder that is no delivery is named and left; one named itself is an error."""
    for text in paths:
        path = Path(text)
        if "://" in text:
            yield packs.source(resource or _needed()), text
        elif path.is_dir():
            found = deliveries_in(packs, path, resource)
            for left, why in found.left:
                Console(stderr=True).print(f"{left.name}: {why}", style="yellow", markup=False, highlight=False, soft_wrap=True)
            yield from ((source, str(file)) for source, file in found.deliveries)
        else:
            yield packs.source(resource) if resource else source_of(packs, path), text


def _needed() -> str:
    raise BadValue("--resource", "is missing", "a database address needs the resource it holds")


def _who() -> str:
    return "cli:" + (os.environ.get("USER") or os.environ.get("LOGNAME") or "operator")


def wide_console() -> Console:
    """A console that does not squeeze tables when its output goes into a file."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def show_receipts(receipts: Sequence[Receipt]) -> None:
    """Receipts as a table; under it, why deliveries are held."""
    console = wide_console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("delivery", "resource", "as of", "state"):
        table.add_column(title, no_wrap=True)
    for title in ("rows", "kept", "waiting", "new", "changed", "same", "ended", "double"):
        table.add_column(title, justify="right", no_wrap=True)
    for one in receipts:
        counts = one.counts
        state = "already received" if one.already_received and one.collected else one.state
        numbers = (
            counts.received,
            counts.accepted,
            one.rejected,
            counts.new,
            counts.changed,
            counts.unchanged,
            counts.ended,
            counts.duplicates,
        )
        style = None if one.collected else "red"
        table.add_row(one.delivery_id, one.resource, one.as_of, state, *(f"{number:,}" for number in numbers), style=style)
    console.print(table)
    for one in receipts:
        if one.state == "held":
            console.print(
                f"{one.delivery_id} {one.file_name}: {one.reason}: {one.message}",
                style="red",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )


@app.command("list")
def list_deliveries(
    resource: str = typer.Option("", help="Only this resource."),
    state: str = typer.Option("", help="Only received, collected, held or replaced."),
    limit: int = typer.Option(100, help="How many, newest first."),
    home: Home = None,
) -> None:
    """List deliveries and their receipts, newest first."""
    with open_city(home) as city, city.store.session(read_only=True) as session:
        show_receipts(collect.receipts(session, resource=resource, state=state, limit=limit))


@app.command("show")
def show(delivery: str = typer.Argument(..., help="A delivery, for example d000001."), home: Home = None) -> None:
    """Show one delivery's receipt in full."""
    with open_city(home) as city, city.store.session(read_only=True) as session:
        receipt = collect.find_receipt(session, delivery)
    console = Console()
    for name, value in receipt.plain().items():
        if isinstance(value, dict):
            for inner, count in value.items():
                console.print(f"  {inner}: {count}", markup=False, highlight=False, soft_wrap=True)
        elif value not in ("", False):
            console.print(f"{name}: {value}", markup=False, highlight=False, soft_wrap=True)


@app.command("quarantine")
def quarantine(
    delivery: str = typer.Argument("", help="Only this delivery."),
    resource: str = typer.Option("", help="Only this resource."),
    limit: int = typer.Option(50, help="How many rows to show."),
    home: Home = None,
) -> None:
    """List the rows that wait and why. Values are not shown: they are the department's to see."""
    with open_city(home) as city, city.store.session(read_only=True) as session:
        rows = collect.waiting_rows(session, resource=resource, delivery_id=delivery, limit=limit)
        counts = collect.count_waiting(session)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("delivery", "row", "resource", "column", "reason", "what to do"):
        table.add_column(title)
    for row in rows:
        table.add_row(row.delivery_id, str(row.row_no), row.resource, row.column, row.reason, row.message)
    console = wide_console()
    console.print(table)
    console.print(f"{sum(counts.values()):,} rows wait in all", highlight=False)


@app.command("release")
def release(
    delivery: str = typer.Argument(..., help="A held delivery, or the delivery of a waiting row."),
    row: int = typer.Option(0, help="The row to let in as it is; without it, the whole held delivery."),
    home: Home = None,
) -> None:
    """Let in a held delivery, or one waiting row, as it is."""
    with open_city(home) as city:
        with city.store.session(read_only=True) as session:
            source = city.packs.source(collect.find_receipt(session, delivery).resource)
        if row:
            with city.store.session() as session:
                collect.release_row(session, city.settings, source, (delivery, row), Decision(_who(), now()))
            Console().print(f"Row {row} of {delivery} is in the lake.", highlight=False)
            return
        receipt = collect.release_delivery(city.store, city.settings, source, delivery, by=_who(), at=now())
    show_receipts([receipt])
    if not receipt.collected:
        raise typer.Exit(1)


@app.command("replace")
def replace(
    delivery: str = typer.Argument(..., help="A held delivery, or the delivery of a waiting row."),
    what: list[str] = typer.Argument(..., help="The mended file; or with --row, values as 列名=值."),
    row: int = typer.Option(0, help="The row to let in with mended values."),
    home: Home = None,
) -> None:
    """Put a mended file in place of a held delivery, or mended values in place of a waiting row's."""
    with open_city(home) as city:
        with city.store.session(read_only=True) as session:
            source = city.packs.source(collect.find_receipt(session, delivery).resource)
        if row:
            values = dict(_value(text) for text in what)
            with city.store.session() as session:
                collect.replace_row(session, city.settings, source, (delivery, row), values, decision=Decision(_who(), now()))
            Console().print(f"Row {row} of {delivery} is in the lake.", highlight=False)
            return
        receipt = collect.replace_delivery(
            city.store, city.settings, source, Path(what[0]), delivery_id=delivery, received_at=now(), received_from=_who()
        )
    show_receipts([receipt])
    if not receipt.collected:
        raise typer.Exit(1)


def _value(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadValue(text, "is no value", "write column=value")
    return name, value
