"""`datong door`: let other systems join: keys, the public keys they sign with, a sandbox to try things in."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from datong import share, store
from datong.cli.home import Home
from datong.cli.key import AS, actor_for, open_door
from datong.domain.errors import BadSettings, BadValue, Missing
from datong.settings import SANDBOX, load_settings
from datong.spec import load_packs
from datong.web import NewKey, api_keys, create_api_key, key_of, retire_api_key

app = typer.Typer(add_completion=False, help="Let other systems join: keys, signatures, a sandbox.")
_CONSOLE = Console()
BY = "cli"


@app.command("issue")
def issue(
    name: Annotated[str, typer.Argument(help="What the system is called.")],
    department: Annotated[str, typer.Option(help="Code of the department whose system it is.")],
    agreement: Annotated[list[str] | None, typer.Option(help="An agreement the key may ask under; may be repeated.")] = None,
    resource: Annotated[list[str] | None, typer.Option(help="A resource the key may push records of; may be repeated.")] = None,
    purpose: Annotated[list[str] | None, typer.Option(help="A purpose: what is agreed for it, today and later.")] = None,
    *,
    public_key: Annotated[Path | None, typer.Option(help="PEM file: every request must then be signed with its private half.")] = None,
    home: Home = None,
) -> None:
    """Issue a key; its secret is shown this once."""
    settings = load_settings(home)
    at = _now()
    with closing(store.open_store(settings)) as opened:
        parts = share.install(opened, settings, load_packs(settings.packs))
        _check(parts, department, agreement or [], resource or [])
        bound = _bound(parts, department, purpose or [])
        with opened.session() as session:
            made = NewKey(name, department, (*(agreement or ()), *bound), tuple(resource or ()))
            secret = create_api_key(session, made, at, sandbox=settings.sandbox)
            key_id = key_of(session, secret)
            if public_key:
                share.doors.put_signer(session, key_id, public_key.read_text(encoding="utf-8"), by=BY, at=at)
    signed = "; every request must be signed" if public_key else ""
    _CONSOLE.print(f"Key {key_id} for {department}{signed}. Its secret, shown only now:", highlight=False)
    typer.echo(secret)


@app.command("public-key")
def set_public_key(
    key_id: Annotated[str, typer.Argument(help="The key's id (datong door list).")],
    file: Annotated[Path, typer.Argument(help="PEM file with an Ed25519 or P-256 public key.")],
    home: Home = None,
) -> None:
    """Let a key's requests be taken only when signed; another public key takes the place of the one before."""
    if not file.is_file():
        raise Missing(f"{file}: there is no such file")
    with closing(store.open_store(load_settings(home))) as opened, opened.session() as session:
        share.doors.put_signer(session, key_id, file.read_text(encoding="utf-8"), by=BY, at=_now())
    _CONSOLE.print(f"Requests of {key_id} must be signed now (within 5 seconds for a key in use).", highlight=False)


@app.command("list")
def list_keys(home: Home = None) -> None:
    """Every key in use: whose, for which agreements, whether its requests must be signed."""
    table = Table("key", "system", "department", "agreements", "may push", "signed", box=None)
    with closing(store.open_store(load_settings(home))) as opened, opened.session(read_only=True) as session:
        for key_id, name, department, agreements, resources in api_keys(session):
            signed = "yes" if share.doors.signer_of(session, key_id) else "no"
            table.add_row(key_id, name, department, ", ".join(agreements), ", ".join(resources), signed)
    _CONSOLE.print(table)


@app.command("retire")
def retire(key_id: Annotated[str, typer.Argument(help="The key's id.")], home: Home = None) -> None:
    """Take a key out of use, for good."""
    with closing(store.open_store(load_settings(home))) as opened, opened.session() as session:
        if not retire_api_key(session, key_id):
            raise Missing(f"There is no key {key_id} in use.")
    _CONSOLE.print(f"{key_id} is out of use (within 5 seconds).", highlight=False)


@app.command("sandbox")
def make_sandbox(
    home: Annotated[Path, typer.Argument(help="Folder of the sandbox; made when it is not there.")] = Path("var/sandbox"),
    people: Annotated[int, typer.Option(min=300, max=200_000, help="Its invented people.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 7,
) -> None:
    """Make a city of invented people under the very agreements of the packs, for systems to try their calls on."""
    from datong.cli.demo import make_demo

    chosen = load_settings(home)
    if (home / "datong.toml").is_file() and not chosen.sandbox:
        raise BadSettings(f"{home} is the home of a city that is no sandbox: name another folder")
    settings = make_demo(home, people, seed, _CONSOLE, origin=f"{SANDBOX}{chosen.origin.removeprefix(SANDBOX)}")
    _CONSOLE.print(
        f"The sandbox stands in {settings.home}. Its keys work nowhere else; every answer says `Datong-Sandbox: 1`.", highlight=False
    )
    _CONSOLE.print(f"Next: datong door issue NAME --department … --home {home}; datong serve --home {home}", highlight=False)


@app.command("admit")
def admit(
    key_id: Annotated[str, typer.Argument(help="The key's id.")],
    network: Annotated[list[str] | None, typer.Option(help="Address or network it may come from; may be repeated; none: any.")] = None,
    hours: Annotated[str, typer.Option(help="Hours of the city's time, for example 08:00-18:00; empty: any.")] = "",
    until: Annotated[str, typer.Option(help="Last day, for example 2027-12-31; empty: none.")] = "",
    home: Home = None,
) -> None:
    """Bind a key to addresses, hours and a last day; what is left out binds nothing."""
    with closing(store.open_store(load_settings(home))) as opened, opened.session() as session:
        share.doors.admit(session, key_id, share.doors.Bounds(tuple(network or ()), hours, until), by=BY, at=_now())
    _CONSOLE.print(f"{key_id} is admitted so (within 5 seconds for a key in use).", highlight=False)


@app.command("stop")
def stop(
    scope: Annotated[str, typer.Argument(help="system, department, purpose or all.")],
    target: Annotated[str, typer.Argument(help="The key's id, the department (or citizen), the purpose; nothing for all.")] = "",
    *,
    why: Annotated[str, typer.Option("--why", help="Why; whoever is stopped reads it.")],
    hours: Annotated[float, typer.Option(help="After how many hours it ends by itself.", min=0.1, max=720)] = 24,
    whom: str = AS,
    home: Home = None,
) -> None:
    """Close the outward doors at once, for every process; another person opens them again."""
    with open_door(home) as door:
        wanted = share.WantedStop(scope, target, why, door.now + timedelta(hours=hours))
        made = share.stop_doors(door.session, actor_for(door, whom), wanted, now=door.now)
    _CONSOLE.print(
        f"Stopped: {made.stop_id}, until {made.until}. Another person lifts it: datong door lift {made.stop_id}", highlight=False
    )


@app.command("lift")
def lift(
    stop_id: Annotated[str, typer.Argument(help="The number of the stop (datong door stops).")],
    *,
    why: Annotated[str, typer.Option("--why", help="Why it may be opened again.")],
    whom: str = AS,
    home: Home = None,
) -> None:
    """Open again what somebody else has stopped."""
    with open_door(home) as door:
        share.lift_stop(door.session, actor_for(door, whom), stop_id, why, now=door.now)
    _CONSOLE.print(f"{stop_id} is lifted.", highlight=False)


@app.command("stops")
def list_stops(*, whom: str = AS, home: Home = None) -> None:
    """Every stop, newest first."""
    table = Table(box=None)
    for title in ("stop", "scope", "target", "reason", "by", "until", "lifted by"):
        table.add_column(title, overflow="fold", no_wrap=title == "stop")
    with open_door(home) as door:
        for one in share.stops(door.session, actor_for(door, whom)):
            table.add_row(one.stop_id, one.scope, one.target, one.reason, one.stopped_by, one.until, one.lifted_by)
    _CONSOLE.print(table)


def _bound(parts: share.Installed, department: str, purposes: list[str]) -> tuple[str, ...]:
    """Purposes as a key holds them. Raises BadValue for what the packs do not know, and for what serves profit."""
    for code in purposes:
        known = parts.sharing.purposes.get(code)
        if known is None or known.profit:
            raise BadValue("--purpose", f"{code!r} is no purpose for which data is shared", "see packs/registers/purposes.yml")
    return tuple(f"{share.BY_PURPOSE}{code}" for code in purposes)


def _check(parts: share.Installed, department: str, agreements: list[str], resources: list[str]) -> None:
    """Raises BadValue for what no pack knows, and for agreements of another department or for people only."""
    sharing = parts.sharing
    if department not in sharing.departments:
        raise BadValue("--department", f"{department!r} is no department of the packs", "see packs/registers/departments.yml")
    for code in agreements:
        found = sharing.agreements.get(code)
        if found is None or department not in found.requesting:
            raise BadValue("--agreement", f"{code!r} is no agreement of {department}", "see GET /api/v1/entitlements or agreements.yml")
        if not found.systems:
            raise BadValue("--agreement", f"{code!r} is for people only", "agree on systems: true first")
    if wrong := [one for one in resources if one not in parts.packs.sources]:
        raise BadValue("--resource", f"{wrong[0]!r} is no resource of the packs", "see packs/registers/sources")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
