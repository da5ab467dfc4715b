"""`datong agreement`: the sharing agreements at the terminal: list, show, compare versions, sign, suspend, resume, end."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from datong import share
from datong.cli.home import Home
from datong.cli.key import AS, actor_for, open_door
from datong.domain.errors import Missing

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The sharing agreements: list, show, compare, sign, suspend.")
console = Console()
CODE = typer.Argument(..., help="The agreement's code.")
WHY = typer.Option(..., "--why", help="Why, in words that stand in the record.")


@app.command("list")
def list_agreements(
    *,
    whom: str = AS,
    state: str = typer.Option("", help=f"Only those that are {', '.join(share.AGREEMENT_STATES)}."),
    home: Home = None,
) -> None:
    """The agreements you may see: in force, suspended, ended, and those that wait for signatures."""
    with open_door(home) as door:
        found = share.agreements(door.session, actor_for(door, whom), state, now=door.now)
    table = Table("agreement", "state", "version", "purpose", "register", "asks", "gives", "until", box=None, pad_edge=False)
    for one in found:
        said, waits = one.agreement, f" (version {one.proposed.version} waits)" if one.proposed else ""
        asks, gives = ", ".join(said.requesting), ", ".join(said.providing)
        version = str(said.version or "pack")
        table.add_row(one.code, one.state + waits, version, said.purpose, said.register, asks, gives, said.valid_to)
    console.print(table)
    console.print(f"{len(found)} agreements", highlight=False)


@app.command()
def show(code: str = CODE, *, whom: str = AS, home: Home = None) -> None:
    """One agreement: its terms, its versions, its use, what you may do."""
    with open_door(home) as door:
        found = share.agreement_of(door.session, actor_for(door, whom), code, now=door.now)
        used = share.usage(door.session, found.standing, now=door.now)
    said = found.standing.agreement
    console.print(f"{code}  {said.title_zh}  {found.standing.state}", style="bold", markup=False, highlight=False)
    rows = {
        "purpose": said.purpose,
        "basis": said.basis,
        "register": said.register,
        "operations": ", ".join(said.operations),
        "asks": ", ".join(said.requesting),
        "gives": ", ".join(said.providing),
        "fields": ", ".join(f"{name} ({mask})" for name, mask in said.fields.items()),
        "claims": ", ".join(said.claims),
        "keys": ", ".join(said.keys),
        "posts": ", ".join(said.roles) + (" and systems" if said.systems else ""),
        "quota": f"{said.quota.per_day} a day, {said.quota.per_minute} a minute, {said.quota.per_call} a call",
        "term": f"{said.valid_from} to {said.valid_to}",
        "unused": ", ".join(used.unused),
        "you may": ", ".join([*(one.code for one in found.acts), *(["sign"] if found.may_sign else [])]),
    }
    for name, text in rows.items():
        if text:
            console.print(f"  {name:11} {text}", markup=False, highlight=False, soft_wrap=True)
    for one in found.standing.versions:
        signed = f"asks {one.requesting_by or '—'}, gives {one.providing_by or '—'}"
        console.print(f"  version {one.version}: {one.state}; signed: {signed}; {one.why}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def diff(
    code: str = CODE,
    version: int = typer.Option(0, help="Which version, compared with the one before it; the newest when left out."),
    *,
    whom: str = AS,
    home: Home = None,
) -> None:
    """What a version changes of the one before it."""
    with open_door(home) as door:
        versions = share.agreement_of(door.session, actor_for(door, whom), code, now=door.now).standing.versions
    chosen = next((one for one in versions if version in (0, one.version)), None)
    if chosen is None:
        raise Missing(f"{code} has no version {version or ''} in the store; a pack's agreement changes with its pack.")
    for one in chosen.differs:
        text = f"  {one.part} {one.name}: {one.before or '—'} → {one.after or '—'}"
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    console.print(f"version {chosen.version} ({chosen.state}): {len(chosen.differs)} differences", highlight=False)


@app.command()
def sign(
    code: str = CODE,
    version: int = typer.Option(..., help="The version that you have read."),
    *,
    whom: str = AS,
    home: Home = None,
) -> None:
    """Sign a version for your side; it is in force once both have signed."""
    with open_door(home) as door:
        actor = actor_for(door, whom)
        share.sign_agreement(door.session, actor, code, version, now=door.now)
        found = share.agreement_of(door.session, actor, code, now=door.now).standing
    waits = "waits for the other side" if found.proposed else "is in force"
    console.print(f"{code} version {version} is signed; it {waits}.", highlight=False)


@app.command()
def suspend(code: str = CODE, *, why: str = WHY, whom: str = AS, home: Home = None) -> None:
    """Suspend an agreement: nothing is read under it, within a second, by any process."""
    _act(code, "suspend", why, (whom, home))


@app.command()
def resume(code: str = CODE, *, why: str = WHY, whom: str = AS, home: Home = None) -> None:
    """Put a suspended agreement in force again."""
    _act(code, "resume", why, (whom, home))


def _act(code: str, act: str, why: str, by: tuple[str, Home]) -> None:
    whom, home = by
    with open_door(home) as door:
        actor = actor_for(door, whom)
        share.act_on_agreement(door.session, actor, code, act, why, now=door.now)
        state = share.agreement_of(door.session, actor, code, now=door.now).standing.state
    console.print(f"{code} is {state} now.", highlight=False)
