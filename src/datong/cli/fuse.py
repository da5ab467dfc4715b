"""`datong fuse`: link the records, see why a subject is what it is, settle doubtful pairs."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from datong import fuse
from datong.cli import fuse_model
from datong.cli.fuse_bulk import bulk_command
from datong.cli.home import Home
from datong.domain.access import Register
from datong.domain.codes import kind_of, read_code, show_code
from datong.domain.errors import Missing
from datong.domain.judgement import VERDICTS, Compared
from datong.settings import load_settings
from datong.spec import load_packs
from datong.store import open_store

app = typer.Typer(help="Link records to people, organisations and premises.", no_args_is_help=True, add_completion=False)
app.command("bulk")(bulk_command)
_CONSOLE = Console()
app.command("comparisons")(fuse_model.comparisons)
app.command("learn")(fuse_model.learn)
app.command("health")(fuse_model.health)


@app.command("run")
def run_command(home: Home = None) -> None:
    """Fuse every current record; run it again and no code changes."""
    settings = load_settings(home)
    store = open_store(settings)
    report = fuse.run(store, settings, load_packs(settings.packs), datetime.now(UTC).isoformat(timespec="seconds"))
    table = Table("what", "number", box=None)
    for name, number in report.counts.items():
        table.add_row(name.replace("_", " "), f"{number:,}")
    _CONSOLE.print(table)
    store.close()


@app.command("why")
def why_command(code: str, home: Home = None) -> None:
    """Show every record a subject is made of, and how each came to it."""
    settings = load_settings(home)
    store = open_store(settings)
    with store.session(read_only=True) as session:
        today = fuse.resolve(session, read_code(code).value)
        found = fuse.why(session, today) if today else []
    store.close()
    if not today:
        raise Missing("No subject has this code.")
    table = Table("resource", "record", "role", "as of", "rule", "score", "comparisons", box=None)
    for one in found:
        where = one.reference
        table.add_row(where.resource, where.record_id[:12], where.role, one.as_of, one.rule, f"{one.score:g}", _comparisons(one.compared))
    _CONSOLE.print(f"{show_code(today)}  ({kind_of(today)}, {len(found)} records)")
    _CONSOLE.print(table)


@app.command("unsure")
def unsure_command(limit: int = typer.Option(20, help="How many pairs to show."), home: Home = None) -> None:
    """List the pairs that wait for a reviewer, the likeliest first."""
    store = open_store(load_settings(home))
    with store.session(read_only=True) as session:
        found = fuse.unsure_pairs(session, limit)
    store.close()
    table = Table("kind", "record", "may be", "score", "comparisons", box=None)
    for one in found:
        table.add_row(one.kind, str(one.left), show_code(one.right), f"{one.score:g}", _comparisons(one.compared))
    _CONSOLE.print(table)


@app.command("judge")
def judge_command(
    kind: str = typer.Argument(help="person, organisation or premises"),
    left: str = typer.Argument(help="resource/record_id/role, or a permanent code"),
    right: str = typer.Argument(help="resource/record_id/role, or a permanent code"),
    verdict: str = typer.Argument(help=" | ".join(VERDICTS)),
    *,
    by: str = typer.Option(..., help="Who decides: an account."),
    note: str = typer.Option("", help="Why."),
    home: Home = None,
) -> None:
    """Keep a verdict on two mentions; it counts from the next fusion on."""
    registers: dict[str, Register] = {"person": "person", "organisation": "organisation", "premises": "premises"}
    if kind not in registers:
        raise typer.BadParameter("write person, organisation or premises")
    verdicts = {word: word for word in VERDICTS}
    if verdict not in verdicts:
        raise typer.BadParameter("write same, different or unsure")
    store = open_store(load_settings(home))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.session() as session:
        number = fuse.judge(session, registers[kind], left, right, verdicts[verdict], by=by, at=now, note=note)
    store.close()
    _CONSOLE.print(f"Judgement {number} is kept. Run: datong fuse run, then datong registers rebuild.")


def _comparisons(compared: tuple[Compared, ...]) -> str:
    return ", ".join(f"{one.comparison} {one.level} {one.weight:+g}" for one in compared)
