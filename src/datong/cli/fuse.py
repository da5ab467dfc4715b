"""`datong fuse`: link the records, see why a subject is what it is, settle doubtful pairs."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from datong import fuse, registers
from datong.cli import fuse_model
from datong.cli.fuse_bulk import bulk_command
from datong.cli.home import Home
from datong.domain.access import Register
from datong.domain.codes import kind_of, read_code, show_code
from datong.domain.errors import Missing
from datong.domain.judgement import VERDICTS, Compared
from datong.settings import Settings, load_settings
from datong.spec import Packs, load_packs
from datong.store import Session, open_store

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


@app.command("since")
def since_command(home: Home = None) -> None:
    """Fuse what was collected since the last run and bring the registers up to date for it; the rest is left as it stands."""
    settings = load_settings(home)
    store, packs = open_store(settings), load_packs(settings.packs)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.session(read_only=True) as session:
        behind = fuse.is_behind(session)
    if not behind:
        store.close()
        raise Missing("This city was never fused: begin with datong fuse run and datong registers rebuild.")
    caught = fuse.catch_up(store, settings, packs, now, lambda session, codes: registers.refresh(session, packs, codes, now))
    table = Table("resource", "records", "ended", box=None)
    for resource, number in caught.records.items():
        table.add_row(resource, f"{number:,}", f"{caught.ended.get(resource, 0):,}")
    _CONSOLE.print(table)
    _CONSOLE.print(f"{len(caught.codes):,} subjects touched")
    store.close()


@app.command("why")
def why_command(
    code: str,
    other: str = typer.Argument("", help="Another code or reference: the path of evidence between the two."),
    home: Home = None,
) -> None:
    """Show every record a subject is made of and how each came to it; with a second code, why both are one subject."""
    if other:
        _show_between(code, other, home)
        return
    settings = load_settings(home)
    store = open_store(settings)
    with store.session(read_only=True) as session:
        today = fuse.resolve(session, read_code(code).value)
        found = fuse.why(session, today) if today else []
        wordings = fuse.wordings_of(session, today) if today else []
    store.close()
    if not today:
        raise Missing("No subject has this code.")
    table = Table("resource", "record", "role", "as of", "rule", "score", "comparisons", box=None)
    for one in found:
        where = one.reference
        table.add_row(where.resource, where.record_id[:12], where.role, one.as_of, one.rule, f"{one.score:g}", _comparisons(one.compared))
    _CONSOLE.print(f"{show_code(today)}  ({kind_of(today)}, {len(found)} records)")
    _CONSOLE.print(table)
    for wording in wordings:
        departments = ", ".join(department for department, *_ in wording.departments)
        _CONSOLE.print(f"Also written {wording.text}: confirmed by {', '.join(wording.numbers)} of {departments}.")


@app.command("why-not")
def why_not_command(
    left: str = typer.Argument(help="A permanent code, or resource/record_id/role"),
    right: str = typer.Argument(help="The other one"),
    home: Home = None,
) -> None:
    """Show what kept two codes or records apart: blocks, each comparison, hard rules, judgements, thresholds."""
    _show_between(left, right, home)


@app.command("became")
def became_command(code: str, home: Home = None) -> None:
    """Show what a code stands for today, and every merge and split on the way."""
    store = open_store(load_settings(home))
    with store.session(read_only=True) as session:
        found = fuse.became(session, read_code(code).value)
    store.close()
    if not found.today:
        raise Missing("No subject has this code.")
    _CONSOLE.print(f"{show_code(found.code)} stands for {show_code(found.today)} today ({found.state}).")
    for code_split in found.parted:
        _CONSOLE.print(f"Split off since: {show_code(code_split)}; what was printed before may speak of it.")
    table = Table("at", "event", "code", "other", box=None)
    for event in found.events:
        table.add_row(event.at, event.event, show_code(event.code), show_code(event.other) if event.other else "")
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
    """Keep a verdict on two mentions, and let codes and registers follow at once."""
    kinds: dict[str, Register] = {"person": "person", "organisation": "organisation", "premises": "premises"}
    if kind not in kinds:
        raise typer.BadParameter("write person, organisation or premises")
    verdicts = {word: word for word in VERDICTS}
    if verdict not in verdicts:
        raise typer.BadParameter("write same, different or unsure")
    settings = load_settings(home)
    store = open_store(settings)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.session() as session:
        number = fuse.judge(session, kinds[kind], left, right, verdicts[verdict], by=by, at=now, note=note)
        _apply(session, settings, fuse.judgement(session, number), now)
    store.close()
    _CONSOLE.print(f"Judgement {number} is kept and applied.")


@app.command("undo")
def undo_command(
    number: int = typer.Argument(help="The judgement's number"),
    *,
    by: str = typer.Option(..., help="Who takes it back: an account."),
    note: str = typer.Option("", help="Why."),
    home: Home = None,
) -> None:
    """Take a judgement back, within the days of the setting review_undo_days; what was in force before it is in force again."""
    settings = load_settings(home)
    store = open_store(settings)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.session() as session:
        taken = fuse.undo(session, number, by=by, at=now, days=settings.review_undo_days, note=note)
        _apply(session, settings, taken, now)
    store.close()
    _CONSOLE.print(f"Judgement {number} is undone by judgement {taken.number}: {taken.verdict}.")


def _apply(session: Session, settings: Settings, kept: fuse.Kept, now: str) -> None:
    """Let codes and registers follow a judgement."""
    packs = load_packs(settings.packs)
    codes = fuse.relink(session, settings, packs, kept.kind, (str(kept.left), str(kept.right)), now=now)
    registers.refresh(session, packs, codes, now)


def _show_between(left: str, right: str, home: Home) -> None:
    settings = load_settings(home)
    store = open_store(settings)
    packs = load_packs(settings.packs)
    with store.session(read_only=True) as session:
        found = fuse.between(session, packs, left, right)
    store.close()
    _CONSOLE.print(f"{_shown(found.left)} and {_shown(found.right)} are {'one' if found.one else 'not one'} {found.kind}.", highlight=False)
    if found.one:
        table = Table("from", "to", "because", "bits", "comparisons", box=None)
        for step in found.path:
            weight = "" if step.weight is None else f"{step.weight:+g}"
            table.add_row(step.left[:40], step.right[:40], step.rule, weight, _comparisons(step.compared))
        _CONSOLE.print(table)
    else:
        _show_apart(found, packs)
    for side, rule, number in found.rules:
        _CONSOLE.print(f"{_shown(side)}: {number} by {rule}", highlight=False)
    for kept in found.judged:
        _CONSOLE.print(f"judgement {kept.number}: {kept.verdict}, by {kept.by} at {kept.at} {kept.note}", highlight=False)


def _show_apart(found: fuse.Between, packs: Packs) -> None:
    for word, detail in found.reasons:
        _CONSOLE.print(f"because: {word} {detail}".rstrip(), highlight=False)
    for shared in found.shared:
        _CONSOLE.print(f"both share block {shared.block} ({shared.size} subjects{', passed over' if shared.passed_over else ''})")
    if found.unshared:
        _CONSOLE.print(f"blocks not shared: {', '.join(found.unshared)}")
    for code, level, text in found.places:
        _CONSOLE.print(f"{_shown(code)}: {level} {text}", highlight=False)
    if found.judgement:
        weighed = fuse.weigh(packs, found.kind, found.judgement.compared)
        table = Table("comparison", "level", "bits", box=None)
        for row in weighed.rows:
            table.add_row(row.comparison, row.level, f"{row.bits:+g}")
        table.add_row("sum", f"same from {weighed.same:g}, asked from {weighed.unsure:g}", f"{weighed.total:+g}")
        _CONSOLE.print(table)


def _shown(end: str) -> str:
    return end if "/" in end else show_code(end)


def _comparisons(compared: tuple[Compared, ...]) -> str:
    return ", ".join(f"{one.comparison} {one.level} {one.weight:+g}" for one in compared)
