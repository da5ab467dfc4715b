"""`datong ledger …`: verify, publish and search the record of every read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from datong import ledger, store
from datong.cli import ledger_witness
from datong.cli.home import Home
from datong.cli.ledger_witness import open_city, read_trust
from datong.domain.errors import BadValue, BrokenLedger, Busy
from datong.settings import Settings, load_settings

app = typer.Typer(help="Verify and export the record of every read.", no_args_is_help=True, add_completion=False)

ledger_witness.add_to(app)

Key = Annotated[str, typer.Option("--key", help="The log's key (name+id+key); the city's own keys/ledger.pub when left out.")]


@app.command()
def verify(
    home: Home = None,
    key: Key = "",
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint kept elsewhere, to hold against the log; may be repeated.")
    ] = None,
) -> None:
    """Recompute every line, leaf and hash, and hold them against every signed checkpoint; exit code 1 when anything is wrong."""
    settings = load_settings(home)
    known = [_read(path) for path in checkpoint or []]
    with _session(settings) as session:
        report = ledger.verify_log(session, key or ledger.load_verifier(settings.home), known, settings.threads)
    _show_report(report)
    if not report.sound:
        raise typer.Exit(1)


@app.command()
def checkpoint(home: Home = None) -> None:
    """Sign a checkpoint over everything written so far, and print it."""
    settings = load_settings(home)
    with _session(settings, write=True) as session:
        note = ledger.checkpoint(session, ledger.load_signer(settings.home), _now())
    typer.echo(note, nl=False)


@app.command()
def index(home: Home = None) -> None:
    """Make the index by subject and by actor anew from the lines: the mend where `verify` says that lines are not found as they stand."""
    with _session(load_settings(home), write=True) as session:
        ledger.index_anew(session)
    typer.echo("the index is as the lines say")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the static files go; full tiles already there are kept.")], home: Home = None
) -> None:
    """Sign a checkpoint and write the log as static files that any outside tool can verify (c2sp.org/tlog-tiles)."""
    settings = load_settings(home)
    with _session(settings, write=True) as session:
        done = ledger.publish(session, ledger.load_signer(settings.home), folder, _now())
    _say(f"{done.size} entries in {folder}: {done.written} files written, {done.kept} kept. Anyone can check them with")
    _say(f"datong ledger check {folder} --key {ledger.load_verifier(settings.home)}")


@app.command()
def show(
    *,
    home: Home = None,
    last: Annotated[int, typer.Option(min=1, max=1000, help="How many of the newest lines.")] = 10,
    actor: Annotated[str, typer.Option(help="Only this actor's lines.")] = "",
    subject: Annotated[str, typer.Option(help="Only lines on this permanent code.")] = "",
    department: Annotated[str, typer.Option(help="Only this department's lines.")] = "",
    purpose: Annotated[str, typer.Option(help="Only lines for this purpose.")] = "",
    since: Annotated[str, typer.Option(help="From this date or UTC time on.")] = "",
    until: Annotated[str, typer.Option(help="Up to, but without, this date or UTC time.")] = "",
) -> None:
    """How long the log is, what its newest checkpoint says, and the newest lines."""
    settings = load_settings(home)
    with _session(settings) as session:
        size, note = ledger.size(session), ledger.newest_checkpoint(session)
        if subject:
            found = ledger.lines_of_subject(
                session, subject, department=department, purpose=purpose, since=since, until=until, limit=last, actor=actor
            )
        else:
            found = ledger.lines_by(session, actor=actor, department=department, purpose=purpose, since=since, until=until, limit=last)
    _say(f"{size} entries in the log {settings.origin}")
    _say(f"Newest checkpoint:\n{note}" if note else "No checkpoint is signed yet; `datong ledger checkpoint` signs the first.")
    _show_lines(found.lines)


@app.command()
def proof(
    line: Annotated[str, typer.Argument(help="The line's id, as pages and `datong ledger show` give it; or its place in the log.")],
    home: Home = None,
    out: Annotated[Path | None, typer.Option(help="File to write (ends in .tlog-proof by custom); printed when left out.")] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Leave the line itself out: the file then names nobody.")] = False,
) -> None:
    """Write the proof that a line stands in the log: a file that convinces without the city (c2sp.org/tlog-proof)."""
    settings = load_settings(home)
    with _session(settings, write=True) as session:
        try:
            made = _proof(session, line, bare)
        except Busy:
            ledger.checkpoint(session, ledger.load_signer(settings.home), _now())
            made = _proof(session, line, bare)
    if out is None:
        typer.echo(str(made), nl=False)
        return
    out.write_text(str(made), encoding="utf-8")
    _say(f"Written to {out}.")
    policy = ledger.load_policy(settings)
    if policy is not None and not policy.check(made.checkpoint).quorum:
        _say(f"No quorum of witnesses has seen this line yet ({policy.wanted()}); ask again after the next `datong ledger cosign`.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A .tlog-proof file, or the folder of an exported log.")],
    key: Annotated[str, typer.Option("--key", help="The log's key, got from somewhere you trust.")] = "",
    policy: Annotated[Path | None, typer.Option("--policy", help="Or a policy file: which logs and witnesses count.")] = None,
) -> None:
    """Check a proof or an exported log offline, with nothing but a key or a policy; exit code 1 when it does not hold."""
    trust = read_trust(key, policy)
    if file.is_dir():
        head = ledger.check_tree(file, trust)
        _say(f"Sound: {head.size} entries of {head.origin} give the signed root, and every tile agrees.")
        return
    _show_proven(ledger.check_proof(_read(file), trust))


def _proof(session: store.Session, line: str, bare: bool) -> ledger.Proof:
    if line.isascii() and line.isdigit() and len(line) < ledger.LINE_ID_SIZE:
        return ledger.proof_at(session, int(line))
    return ledger.proof_for(session, line, with_line=not bare)


def _show_proven(proven: ledger.CheckedProof) -> None:
    """What a proof has shown, in words: no more and no less."""
    head = proven.checkpoint
    _say(f"Sound: entry {proven.index} of the {head.size} in {head.origin}.")
    _say(f"Proved: the log's key signed a tree of {head.size} entries in which this entry stands at place {proven.index}.")
    for one in proven.cosigned:
        at = datetime.fromtimestamp(one.seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        _say(f"Proved: the witness {one.name} saw the log grow to that tree, nothing before it changed, by {at}.")
    if not proven.cosigned:
        _say("Not proved: that others see the same log. No witness was asked for; --policy names them.")
    if proven.line is None:
        _say("The file carries the entry alone: who, whom and what are not in it.")
    else:
        _say("Proved: the line below is the one that was logged; its digest stands in the entry.")
    shown = proven.line if proven.line is not None else proven.entry
    table = Table(box=None, show_header=False)
    for name, value in shown.items():
        table.add_row(Text(name), Text(str(value)))
    Console().print(table)


@contextmanager
def _session(settings: Settings, write: bool = False) -> Iterator[store.Session]:
    """A session on the city's store; Missing when there is no city in this home yet."""
    opened = open_city(settings)
    try:
        with opened.session(read_only=not write) as session:
            yield session
    finally:
        opened.close()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise BadValue("file", f"{path} cannot be read", "name a file that is there") from None
    except UnicodeDecodeError:
        raise BrokenLedger(f"{path} is no text, so it is neither a proof nor a checkpoint.") from None


def _show_report(report: ledger.Report) -> None:
    _say(f"{report.size} entries, root {report.root}")
    _say(f"{report.lines} lines agree with their entries" if report.sound else f"{report.lines} lines looked at")
    _say(
        f"{report.erased} lines are erased; {report.checkpoints} checkpoints; {report.size - report.covered} entries wait for the next one"
    )
    for flaw in report.flaws:
        _say(f"  {flaw.kind}: {flaw.message}")
    if report.more_flaws:
        _say(f"  … and {report.more_flaws} more")
    _say("The record is sound." if report.sound else "THE RECORD IS NOT SOUND.")


def _show_lines(lines: Sequence[ledger.StoredLine]) -> None:
    """One row a line; ids are never cut, since `prove` wants them whole."""
    table = Table(box=None)
    for name in ("line", "time", "type"):
        table.add_column(name, no_wrap=True)
    for name in ("department", "purpose", "actor", "subject"):
        table.add_column(name, overflow="fold")
    for one in lines:
        line = one.line
        cells = (one.line_id, line.at, line.type, line.department, line.purpose, line.actor, line.subject)
        table.add_row(*map(Text, cells))
    Console(width=None if Console().is_terminal else 160).print(table)


def _say(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
