"""`datong ledger …` for those who watch over a log: run a witness, collect cosignatures, read a policy."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn
from rich.table import Table
from rich.text import Text

from datong import ledger, store
from datong.cli.home import Home
from datong.domain.errors import BadValue, Missing
from datong.settings import Settings, load_settings

PUBLISHED = "ledger"
"""Where in the city's home the static files are published."""
WITNESS_PORT = 8100


def add_to(app: typer.Typer) -> None:
    """Put these commands beside those of `datong ledger`."""
    for command in (witness, cosign, status, monitor, receipts):
        app.command()(command)
    app.command("sm2-key")(sm2_key)
    policies = typer.Typer(help="Policies: which logs and witnesses somebody trusts.", no_args_is_help=True)
    policies.command("check")(check_policy)
    policies.callback()(_policies)
    app.add_typer(policies, name="policy")


def witness(
    folder: Annotated[Path, typer.Argument(help="The witness's own folder: key, store. Made on the first call.")],
    *,
    log: Annotated[list[str] | None, typer.Option(help="Key of a log to follow (name+id+key); may be repeated.")] = None,
    name: Annotated[str, typer.Option(help="Name of a new witness, for example audit.city.example/witness.")] = "",
    kind: Annotated[str, typer.Option(help=f"Kind of a new witness's key: {' or '.join(ledger.WITNESS_KINDS)}.")] = "ed25519",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = WITNESS_PORT,
    show: Annotated[bool, typer.Option("--show", help="Do not listen: show the key, how far each log was seen, and the evidence.")] = False,
) -> None:
    """Run a witness: it cosigns a log's checkpoints as long as each continues the last (c2sp.org/tlog-witness)."""
    if kind not in ledger.WITNESS_KINDS:
        raise BadValue("--kind", "is unknown", f"write {' or '.join(ledger.WITNESS_KINDS)}")
    if not show and not log:
        raise BadValue("--log", "is missing", "name the key of at least one log to follow; the city's is in its keys/ledger.pub")
    followed = [ledger.VerifierKey.parse(text) for text in log or []]
    opened = ledger.open_witness(folder, followed, name, ledger.WITNESS_KINDS[kind])
    _say(f"Witness {opened.cosigner.name}; its key for policies is\n{opened.cosigner.key}")
    if show:
        _show_witness(opened)
        return
    import uvicorn

    from datong.web import create_witness_app

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _say(f"It follows {', '.join(opened.origins)} at http://{host}:{port}/add-checkpoint")
    uvicorn.run(create_witness_app(opened), host=host, port=port, log_level="warning", access_log=False, server_header=False)


def cosign(
    home: Home = None,
    folder: Annotated[Path | None, typer.Option(help="Where the static files go; the city's own folder when left out.")] = None,
) -> None:
    """Sign a checkpoint, have the policy's witnesses cosign it, publish it once enough have; exit code 1 as long as they have not."""
    settings = load_settings(home)
    policy = ledger.load_policy(settings)
    if policy is None:
        raise Missing("The city has no policy, so there is no witness to ask; write ledger.policy in its home.")
    opened = open_city(settings)
    try:
        done = ledger.publish_witnessed(opened, ledger.load_signer(settings.home), folder or settings.home / PUBLISHED, policy, now=_now())
    finally:
        opened.close()
    assert done.cosigning is not None
    _show_cosigning(done.cosigning)
    if not done.cosigning.complete:
        raise typer.Exit(1)


def status(home: Home = None) -> None:
    """How the log stands with its witnesses: what is signed, what is published under a quorum, what each witness said last."""
    settings = load_settings(home)
    policy = ledger.load_policy(settings)
    if policy is None:
        _say("The city has no policy: its log asks for no witness.")
        return
    opened = open_city(settings)
    try:
        with opened.session(read_only=True) as session:
            state = ledger.cosigning_of(session, policy)
    finally:
        opened.close()
    _show_cosigning(state)


def monitor(
    log: Annotated[str, typer.Argument(help="The log: a folder of static files, or its address (https://city.example/api/v1/ledger).")],
    *,
    folder: Annotated[Path, typer.Option("--folder", help="The monitor's own folder: what it has seen.")],
    key: Annotated[str, typer.Option("--key", help="The log's key, got from somewhere you trust.")] = "",
    policy: Annotated[Path | None, typer.Option("--policy", help="Or a policy file: which logs and witnesses count.")] = None,
    outbox: Annotated[Path | None, typer.Option(help="Your own receipts, one JSON mapping a line, to look for.")] = None,
) -> None:
    """Follow a log and hold it against your own outbox; exit code 1 names what is missing, altered or late."""
    trust = read_trust(key, policy)
    watching = ledger.Monitor(store.open_store_file(folder / "monitor.db"))
    logs = trust.logs if isinstance(trust, ledger.Policy) else (trust,)
    if outbox is not None:
        if len(logs) != 1:
            raise BadValue("--policy", "names several logs", "give a policy with the one log that your receipts are of")
        with outbox.open(encoding="utf-8") as lines:
            watching.expect(logs[0].name, ledger.read_outbox(lines, logs[0]))
    with Progress(TextColumn("{task.completed:,} entries read"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        seen = watching.visit(ledger.open_log(log), trust, _now(), lambda read: bar.update(task, completed=read))
    head = seen.trusted.checkpoint
    _say(f"{head.origin}: {head.size} entries, {seen.read} of them new; they continue what was seen and give the signed root.")
    for one in seen.trusted.cosigned:
        _say(f"The witness {one.name} has seen the same, {_moment(one.seconds)}.")
    _say(f"{seen.found} of {seen.expected} entries looked for are there.")
    for finding in seen.findings:
        _say(f"{finding.kind.upper()}: {finding.expected.about or finding.expected.leaf.hex()}: {finding.message}")
    if seen.findings:
        raise typer.Exit(1)


def receipts(
    home: Home = None,
    *,
    department: Annotated[str, typer.Option(help="Whose lines: the code of a department.")],
    since: Annotated[str, typer.Option(help="From this date or UTC time on.")] = "",
    until: Annotated[str, typer.Option(help="Up to, but without, this date or UTC time.")] = "",
    out: Annotated[Path, typer.Option(help="File to write: an outbox for `datong ledger monitor`.")],
) -> None:
    """Write the signed receipts of a department's lines: the log's promise that each will be published, and by when."""
    settings = load_settings(home)
    signer = ledger.load_signer(settings.home)
    opened = open_city(settings)
    written, cursor = 0, ""
    try:
        with out.open("w", encoding="utf-8") as file:
            while True:
                with opened.session(read_only=True) as session:
                    page = ledger.lines_by(session, department=department, since=since, until=until, limit=1000, cursor=cursor)
                    for one in page.lines:
                        row = {"receipt": ledger.receipt_for(session, signer, one.line_id), "place": one.leaf_index, "about": one.line_id}
                        file.write(json.dumps(row, ensure_ascii=False) + "\n")
                written, cursor = written + len(page.lines), page.next_cursor
                if not cursor:
                    break
    finally:
        opened.close()
    _say(f"{written} receipts written to {out}.")


def sm2_key(home: Home = None) -> None:
    """Make the city's SM2 key, or show it: from then on every checkpoint is signed by SM2 with SM3 too, beside Ed25519."""
    settings = load_settings(home)
    _say(str(ledger.make_sm2_key(settings.home)))


def check_policy(file: Annotated[Path, typer.Argument(help="A policy file (c2sp.org/tlog-policy).")]) -> None:
    """Read a policy and say in words what it asks for; exit code 1 when a line of it is wrong."""
    policy = read_policy(file)
    _say(f"Logs: {', '.join(key.name for key in policy.logs) or 'none named'}")
    _say(f"Witnesses: {', '.join(one.name for one in policy.witnesses) or 'none'}")
    _say(f"A checkpoint counts once cosigned by {policy.wanted()}.")
    for one in policy.witnesses:
        if not one.url:
            _say(f"{one.name} has no address: it can be checked, but not asked.")
        if not policy.reached({other.name for other in policy.witnesses} - {one.name}):
            _say(f"Without {one.name} there is no quorum: when it rests, nothing is published.")


def read_policy(path: Path) -> ledger.Policy:
    """The policy in a file; BadValue when the file cannot be read, BadSettings when a line of it is wrong."""
    try:
        return ledger.parse_policy(path.read_bytes())
    except OSError:
        raise BadValue("policy", "the file cannot be read", "name a file that is there") from None


def read_trust(key: str, policy: Path | None) -> ledger.VerifierKey | ledger.Policy:
    """What the user trusts: a log's key, or a policy file; BadValue unless it is one of the two."""
    if bool(key) == (policy is not None):
        raise BadValue("--key, --policy", "exactly one is wanted", "give the log's key, or a policy file")
    return read_policy(policy) if policy is not None else ledger.VerifierKey.parse(key)


def open_city(settings: Settings) -> store.Store:
    """The city's store; Missing when there is no city in this home yet."""
    url = store.store_url(settings)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        raise Missing(f"There is no city in {settings.home}; `datong init` makes one, --home names another.")
    return store.open_store(settings)


def _policies() -> None:
    """Policies: which logs and witnesses somebody trusts."""


def _show_witness(opened: ledger.Witness) -> None:
    for seen in opened.seen():
        _say(f"{seen.origin}: {seen.size} entries seen, cosigned {_moment(seen.cosigned_at)}")
    found = opened.evidence()
    for one in found:
        _say(f"EVIDENCE against {one.origin}, {_moment(one.seen_at)}: {one.why}. What it signed:\n{one.note}")
    if not found:
        _say("No log has signed anything against its own past.")


def _show_cosigning(state: ledger.Cosigning) -> None:
    _say(f"{state.size} entries are signed; wanted is the word of {state.wanted}.")
    if state.complete:
        _say("The newest checkpoint has its quorum and is published.")
    elif state.published < 0:
        _say("NO QUORUM: nothing is published yet.")
    else:
        _say(f"NO QUORUM: published stays the checkpoint over {state.published} entries.")
    table = Table(box=None)
    for name in ("witness", "has seen", "asked at", "said"):
        table.add_column(name, overflow="fold")
    for one in state.witnesses:
        table.add_row(Text(one.name), str(one.size), one.asked_at, Text(one.outcome))
    Console(width=None if Console().is_terminal else 160).print(table)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _say(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
