"""`datong key`: open everything one key leads to, for a purpose. It goes through the one door and leaves its lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from datong import share
from datong.cli.home import Home
from datong.domain.access import Actor, Answer, Ground, Reason, SharedEntry
from datong.domain.codes import show_code
from datong.domain.errors import Missing
from datong.settings import load_settings
from datong.spec import Packs, load_packs
from datong.store import Session, open_store

app = typer.Typer(add_completion=False, help="Open everything one key leads to, for a purpose.")
console = Console()
_ACCOUNT = """SELECT account_id, name, kind, department, unit, roles, jurisdiction, domains, subject FROM account
WHERE account_id = :account_id AND state = 'active'"""
PURPOSE = typer.Option(..., "--purpose", "-p", help="Why: a code of purposes.yml, for example window_service.")
AS = typer.Option(..., "--as", help="An account, or the code of a department for which you ask.")


@dataclass(frozen=True)
class Door:
    """An open session with the door installed, and the moment of asking."""

    session: Session
    packs: Packs
    now: datetime


@app.command()
def key(
    value: str = typer.Argument(..., help="A permanent code, number, plate, certificate, pass, address or name."),
    *,
    purpose: str = PURPOSE,
    whom: str = AS,
    birth: str = typer.Option("", help="Birth date, when the key is a person's name."),
    reason: str = typer.Option("", help="The case or task, or the reason in words."),
    home: Home = None,
) -> None:
    """Look a key up and show it with all that is linked to it, as far as the agreements let it be seen."""
    with open_door(home) as door:
        actor = actor_for(door, whom)
        why = Reason("case", reference=reason, text=reason) if reason else Reason()
        answers = share.open_package(door.session, actor, purpose, share.read_key(value, birth), reason=why, now=door.now)
    for answer in answers:
        for entry in answer.entries:
            show_entry(entry)
    show_grounds(answers[0].grounds)
    show_outcome(answers[0], sum(len(answer.lines) for answer in answers))


@contextmanager
def open_door(home: Path | None) -> Iterator[Door]:
    """The city's store with sharing installed, in one transaction."""
    settings = load_settings(home)
    packs = load_packs(settings.packs)
    store = open_store(settings)
    try:
        share.install(store, settings, packs)
        with store.session() as session:
            yield Door(session, packs, datetime.now(UTC))
    finally:
        store.close()


def actor_for(door: Door, whom: str) -> Actor:
    """The account's holder; or, for a department's code, the operator of the city on its behalf. Raises Missing."""
    row = door.session.one(_ACCOUNT, {"account_id": whom})
    if row is not None:
        lists = [json.loads(text) for text in row[5:8]]
        return Actor(row[0], row[1], row[2], row[3], row[4], frozenset(lists[0]), tuple(lists[1]), tuple(lists[2]), row[8])
    if whom in door.packs.departments:
        return Actor("cli", "operator", "officer", whom, "terminal", frozenset({"officer", "window_clerk"}), ("",))
    raise Missing(f"There is neither an account nor a department {whom!r}. Departments are: {', '.join(door.packs.departments)}.")


def show_entry(entry: SharedEntry) -> None:
    """One subject: its facts with their sources, then its links."""
    marks = f"  [{', '.join(entry.marks)}]" if entry.marks else ""
    console.print(f"\n{show_code(entry.code)}  {entry.register}  {entry.label}{marks}", style="bold", markup=False, highlight=False)
    facts = _table("字段", "内容", "来源", "截至", "标记")
    for fact in entry.facts:
        marks = ", ".join(dict.fromkeys((*fact.marks, *(("conflict",) if fact.conflict else ()))))
        facts.add_row(share.field_words(fact.field)[0], fact.value, fact.source, fact.as_of, marks)
    if entry.facts:
        console.print(facts)
    links = _table("关系", "", "编码", "名称", "起", "止")
    for link in entry.links:
        links.add_row(link.type, "→" if link.direction == "out" else "←", show_code(link.code), link.label, link.since, link.until)
    if entry.links:
        console.print(links)


def _table(*titles: str) -> Table:
    """A plain table that folds long values instead of cutting them."""
    table = Table(box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title == "编码")
    return table


def show_grounds(grounds: tuple[Ground, ...]) -> None:
    """The reasons behind an answer, in both languages."""
    for ground in grounds:
        console.print(f"  {ground.zh} {ground.en}", markup=False, highlight=False, soft_wrap=True)


def show_outcome(answer: Answer, lines: int) -> None:
    """The outcome and how many ledger lines it left; exit code 1 on a refusal."""
    refused = answer.outcome == "refused"
    text = f"\n{answer.outcome}; agreement {answer.decision.agreement or '-'}; {lines} lines in the ledger"
    console.print(text, style="red" if refused else "green", markup=False, highlight=False)
    if refused:
        raise typer.Exit(1)
