"""`datong licences`: the library at the command line; verifying works without the city, with a file of keys and lists alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from datong import licences
from datong.cli.home import Home
from datong.cli.key import actor_for, open_door
from datong.domain.codes import read_code
from datong.domain.errors import BadValue, Missing

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Issue, end, list and verify electronic licences.")
console = Console()
AS = typer.Option(..., "--as", help="An officer's account of the department that issues the type.")


@app.command("list")
def list_types(home: Home = None) -> None:
    """The catalogue: every licence type, who issues it, and how many there are of it."""
    with open_door(home) as door:
        stock = licences.stock(door.session, now=door.now)
    table = Table(box=None, pad_edge=False)
    for title in ("type", "title", "issued by", "code (GB/T 36904)", "in force", "all"):
        table.add_column(title, no_wrap=title == "type")
    for one in stock:
        kind = one.type
        counts = (str(one.states.get("valid", 0)), str(one.total)) if kind.live else ("catalogue only", "")
        table.add_row(kind.code, kind.title_zh, kind.department, kind.type_code, *counts)
    console.print(table)
    live = sum(one.type.live for one in stock)
    console.print(f"{len(stock)} types, {live} issued electronically, {sum(one.total for one in stock)} licences", highlight=False)


@app.command()
def issue(
    type_code: str = typer.Argument(..., metavar="TYPE", help="A licence type, as `datong licences list` names it."),
    holder: str = typer.Argument(..., help="The permanent code of its holder."),
    fact: list[str] = typer.Option([], "--fact", "-f", help="One fact: name=value; once for each."),
    *,
    whom: str = AS,
    until: str = typer.Option("", help="Last day (ISO); default is as long as the type allows."),
    case: str = typer.Option("", help="The case behind it."),
    home: Home = None,
) -> None:
    """Issue one licence; its number and id."""
    with open_door(home) as door:
        kind = licences.types(door.session).get(type_code)
        if kind is None:
            raise Missing(f"There is no licence type {type_code!r}; `datong licences list` names them.")
        facts: dict[str, str | int | bool] = {}
        for text in fact:
            name, equals, value = text.partition("=")
            known = kind.fact(name)
            if not equals or known is None:
                raise BadValue("fact", f"{name!r} is no fact of a {type_code}", f"write name=value; names are {', '.join(kind.names)}")
            facts[name] = int(value) if known.type == "integer" and value.isdigit() else value == "true" if known.type == "flag" else value
        wanted = licences.NewLicence(type_code, read_code(holder).value, facts, until, case)
        made = licences.issue(door.session, actor_for(door, whom), wanted, now=door.now)
    console.print(f"{made.licence_id}  {made.identifier}", highlight=False)


@app.command()
def revoke(
    licence_id: str = typer.Argument(..., help="The licence's id."),
    reason: str = typer.Option(..., help="Why; the holder will read it."),
    *,
    whom: str = AS,
    act: str = typer.Option("revoke", help="revoke, withdraw, cancel, suspend or resume."),
    home: Home = None,
) -> None:
    """End a licence, suspend it, or let it hold again."""
    with open_door(home) as door:
        after = licences.act(door.session, actor_for(door, whom), licence_id, licences.Doing(act, reason), now=door.now)
    console.print(f"{after.licence_id}  {after.state}", highlight=False)


@app.command()
def statuses(
    out: Path = typer.Option(..., help="File to write: keys and lists of states, for a day's verifying without a line."),
    home: Home = None,
) -> None:
    """Write the keys of the issuers and the lists of states, for verifiers to carry."""
    with open_door(home) as door:
        found = licences.bundle(door.session, now=door.now)
    out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    console.print(f"{len(found['lists'])} lists, {len(found['keys']['keys'])} keys → {out.name}, good for 24 hours", highlight=False)


@app.command()
def remind(home: Home = None) -> None:
    """Tell holders whose licence comes to its end; nobody is told twice of the same."""
    with open_door(home) as door:
        console.print(f"{licences.remind(door.session, now=door.now)} holders told", highlight=False)


@app.command()
def check(
    file: Path = typer.Argument(..., help="A licence as a file: SD-JWT (with its holder's proof or without), PDF or OFD."),
    lists: Path = typer.Option(..., "--statuses", help="The file that `datong licences statuses` wrote."),
    audience: str = typer.Option("", help="Whom it was shown to: you, by the name you gave."),
    nonce: str = typer.Option("", help="The challenge you gave."),
) -> None:
    """Verify a licence without the city: its signature, its time, its state of the last list, its holder's proof."""
    trust = licences.read_bundle(_read(lists).decode("utf-8", "replace"))
    content, now = _read(file), datetime.now(UTC)
    if licences.is_paper(content):
        verdict, _ = licences.check_file(content, trust, now=now)
    else:
        expect = licences.Expect(audience, nonce) if audience or nonce else None
        verdict = licences.verify(content.decode("ascii", "replace"), trust, now=now, expect=expect)
    console.print(verdict.outcome, style="green" if verdict.good else "red", highlight=False)
    title = trust.titles.get(verdict.type)
    if title:
        console.print(f"{title[0]} ({title[1]})  {verdict.identifier}", highlight=False, markup=False, soft_wrap=True)
    for name, value in verdict.claims.items():
        console.print(f"  {name}: {value}", highlight=False, markup=False)
    for reason in verdict.reasons:
        console.print(f"- {reason.zh} ({reason.en})", highlight=False, markup=False, soft_wrap=True)
    if verdict.as_of:
        console.print(f"states as of {verdict.as_of}", highlight=False)
    if not verdict.good:
        raise typer.Exit(1)


@app.command("check-signature")
def check_signature(
    document: Path = typer.Argument(..., help="The document."),
    signature: Path = typer.Argument(..., help="The signature file beside it."),
    home: Home = None,
) -> None:
    """Verify a person's signature over a document; with --home also that it is on record in that city."""
    text, content = _read(signature).decode("utf-8", "replace"), _read(document)
    if home is None:
        verdict = licences.verify_signature(text, content)
    else:
        with open_door(home) as door:
            verdict = licences.verify_signature(text, content, door.session)
    console.print(verdict.outcome, style="green" if verdict.good else "red", highlight=False)
    for reason in verdict.reasons:
        console.print(f"- {reason.zh} ({reason.en})", highlight=False, markup=False, soft_wrap=True)
    if not verdict.good:
        raise typer.Exit(1)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Missing(f"There is no file {path.name} that can be read.") from None
