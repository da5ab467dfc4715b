"""`datong services`: the catalogue of items and their guides, a pack's scenarios, the clock, a drawing for others' tools."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn
from rich.table import Table

from datong import services, share, spec
from datong.cli.home import Home
from datong.cli.key import AS, actor_for, open_door
from datong.cli.ledger_witness import read_trust
from datong.services import archives
from datong.settings import load_settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What people can apply for, and what becomes of it.")
console = Console()


@app.command("list")
def list_items(
    words: list[str] = typer.Argument(None, help="Words of names and results; all must occur."),
    *,
    level: str = typer.Option("", help="Only of this list: city, district, town, village."),
    home: Home = None,
) -> None:
    """List the items, what each asks of people and how long it takes."""
    with open_door(home) as door:
        found = services.find(services.items(door.session), " ".join(words or []), level=level, most=2000)
    table = Table(box=None, pad_edge=False)
    for title in ("item", "title", "kind", "department", "papers", "filled in", "days"):
        table.add_column(title, overflow="fold", no_wrap=title == "item")
    for one in found:
        item = one.service
        table.add_row(item.code, item.title.zh, item.kind, item.department, str(one.papers), str(one.prefilled), str(one.days))
    console.print(table)
    console.print(f"{len(found)} items", highlight=False)


@app.command()
def guide(item: str = typer.Argument(..., help="Code of an item."), *, english: bool = False, home: Home = None) -> None:
    """Print the guide of an item, as its pack says it."""
    with open_door(home) as door:
        named = {code: spec.Words(one.title_zh, one.title_en) for code, one in door.packs.departments.items()}
        found = services.guide(services.items(door.session), item, named)
    console.print(found.service.title.en if english else found.service.title.zh, style="bold", markup=False)
    for section in found.sections:
        console.print(f"\n{section.title.en if english else section.title.zh}", style="bold", markup=False)
        for line in section.lines:
            console.print(f"  {line.en if english else line.zh}", markup=False, highlight=False)


@app.command("check-archive")
def check_archive(
    file: Path = typer.Argument(..., help="The package of a case's archive (ZIP)."),
    *,
    key: str = typer.Option("", "--key", help="The ledger's key (name+id+key), got from somewhere you trust."),
    policy: Path | None = typer.Option(None, "--policy", help="Or a policy file: which logs and witnesses count."),
) -> None:
    """Check an electronic archive offline, with nothing but a key or a policy; exit code 1 when anything in it was changed."""
    found = archives.check_package(file.read_bytes(), read_trust(key, policy))
    console.print(f"Sound: archive {found.archive_id} of case {found.case_id}, filed {found.filed_at}.", highlight=False, markup=False)
    said = (
        f"Proved: {found.files} files are those of the manifest that entry {found.proven.index} of the log holds; "
        f"{found.events} events by {found.lines} lines of the log; {found.papers} papers; {found.licences} licences."
    )
    console.print(said, highlight=False, markup=False)


@app.command()
def allocate(
    item: str = typer.Argument(..., help="Code of an item that gives out places."),
    choice: str = typer.Argument(..., help="Where: a choice of its form, for example a school."),
    *,
    whom: str = AS,
    home: Home = None,
) -> None:
    """Give places to all who are entitled, in one order: what the rules found, and among equals a draw. Each is told her rank and why."""
    with open_door(home) as door:
        made = services.allocate(door.session, actor_for(door, whom), item, choice, now=door.now)
    _show_order(made.ranked)
    console.print(f"{made.allocation_id}: {sum(one.given for one in made.ranked)} of {made.places} places given", highlight=False)


@app.command()
def allocation(number: str = typer.Argument(..., help="Number of an allocation."), *, whom: str = AS, home: Home = None) -> None:
    """Order the applicants of an allocation again, from what their cases keep, and say whether the order is the same."""
    with open_door(home) as door:
        same, again = services.order_again(door.session, actor_for(door, whom), number)
    _show_order(again)
    console.print("the same order" if same else "NOT the order that was kept", highlight=False)
    raise typer.Exit(0 if same else 1)


def _show_order(ranked: Sequence[services.Ranked]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("rank", "case", "found", "draw", "place"):
        table.add_column(title)
    for rank, one in enumerate(ranked, 1):
        table.add_row(str(rank), one.case_id, " ".join(one.found), one.draw, "yes" if one.given else "no")
    console.print(table)


@app.command()
def retest(item: str = typer.Argument(..., help="Code of an item decided by rules."), *, whom: str = AS, home: Home = None) -> None:
    """Test everybody who was granted an item again by today's facts, piece by piece; what changed waits for an officer.

    The worker does it by itself every night. Interrupted, it goes on where it was.
    """
    settings, state = load_settings(home), "running"
    with Progress(TextColumn("{task.description}"), console=console, transient=True) as progress:
        shown = progress.add_task("")
        while state == "running":
            with open_door(home) as door:
                run = services.retest(door.session, settings, actor_for(door, whom), item, now=door.now)
            state = run.state
            progress.update(shown, description=f"{run.retested:,} cases tested, {run.changed:,} verdicts changed")
    told = f"{run.retested} cases of {run.retested_people} people tested; {run.changed} verdicts changed"
    console.print(f"{told}; of {run.down} a source did not answer" if run.down else told, highlight=False)


@app.command()
def rates(item: str = typer.Argument(..., help="Code of an item decided by rules."), *, home: Home = None) -> None:
    """How many of those tested are not entitled, by cases and by people, each over its own denominator; and what was not paid."""
    with open_door(home) as door:
        found = services.rates(door.session, item)
    for part, whole, what in (
        (found.ineligible_cases, found.cases, "cases are not entitled by the rules"),
        (found.ineligible_people, found.people, "people are in them"),
        (found.refused, found.cases, "cases were refused by an officer"),
    ):
        share_of = f" ({part / whole:.2%})" if whole else ""
        console.print(f"{part:,} of {whole:,} {what}{share_of}", highlight=False)
    how = "(line x members - declared income) x 12"
    console.print(f"{found.not_paid:,.2f} yuan a year at most not paid to those refused: {how}", highlight=False)


@app.command("money-line")
def money_line(home: Home = None) -> None:
    """Send every step of money that is due to the line from treasury to bank; the worker does it every minute."""
    settings, done = load_settings(home), 0
    line = services.line_of(settings)
    if line is None:
        console.print("no line is set (setting money_line): steps of money wait for people", highlight=False)
        return
    with open_door(home) as door:
        store, now = door.session.store, door.now
    while sent := services.move_money(store, line, now=now):
        done += len(sent)
    console.print(f"{done} steps of money sent", highlight=False)


@app.command()
def times(item: str = typer.Argument("", help="Code of an item; else every item that granted anything."), *, home: Home = None) -> None:
    """How long granted cases took from first to last, nights and weekends included: fastest, middle and mean, in minutes."""
    with open_door(home) as door:
        found = services.times(door.session, item)
    table = Table(box=None, pad_edge=False)
    for title in ("item", "cases", "fastest", "middle", "mean"):
        table.add_column(title, justify="left" if title == "item" else "right")
    for one in found:
        table.add_row(one.service, str(one.cases), *(f"{value:,.1f}" for value in (one.fastest, one.middle, one.mean)))
    console.print(table)
    console.print("minutes from application to end", highlight=False)


@app.command()
def tick(home: Home = None) -> None:
    """Move every clock to now: deemed acceptance, lapsed seats and supplements, what is overdue. The worker does it every minute."""
    moved = 0
    while True:
        with open_door(home) as door:
            done = services.tick(door.session, now=door.now)
        moved += done
        if not done:
            break
    console.print(f"{moved} cases moved", highlight=False)


@app.command()
def test(
    pack: str = typer.Argument("", help="Folder name of a pack; empty: every pack that has scenarios."),
    folder: Path | None = typer.Option(None, help="Folder of packs; default is the city's."),
    home: Home = None,
) -> None:
    """Run the scenarios of a pack: given … when … then …. Nothing is stored and no register is asked."""
    packs = spec.load_packs(folder or load_settings(home).packs)
    results = services.test_packs(packs, share.calendar_of(packs), pack)
    for one in results:
        console.print(f"{'ok  ' if one.passed else 'FAIL'} {one.file}:{one.line} {one.name}", markup=False, highlight=False, soft_wrap=True)
        for wrong in one.wrong:
            console.print(f"     {wrong}", style="red", markup=False, highlight=False, soft_wrap=True)
    failed = sum(not one.passed for one in results)
    console.print(f"{len(results) - failed} of {len(results)} scenarios hold", highlight=False)
    if failed or not results:
        raise typer.Exit(1)


@app.command()
def bpmn(
    item: str = typer.Argument(..., help="Code of an item."),
    path: Path = typer.Argument(..., help="Where to: a .bpmn file."),
    home: Home = None,
) -> None:
    """Draw an item as BPMN 2.0, with its layout, for bpmn.io and other modellers. The pack runs, not the drawing."""
    with open_door(home) as door:
        content = services.export_bpmn(services.items(door.session).of(item))
    path.write_bytes(content)
    console.print(f"{path.name}: {len(content):,} bytes", highlight=False)


@app.command("import-bpmn")
def import_bpmn(path: Path = typer.Argument(..., help="A .bpmn file.", exists=True, dir_okay=False)) -> None:
    """Read a drawn process as the stages of a service.yml, and print them; what is not of the stated subset is refused by name and line."""
    drawn = services.read_bpmn(path.read_bytes(), path.name)
    console.print(services.drawn_yaml(drawn), markup=False, highlight=False, soft_wrap=True, end="")
