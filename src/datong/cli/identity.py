"""`datong identity …`: which services may use the city's sign-in."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from datong import share, store
from datong.cli.home import Home
from datong.settings import load_settings
from datong.spec import load_packs
from datong.store import Store
from datong.web import identity

app = typer.Typer(help="Which services may use the city's sign-in (OpenID Connect).", no_args_is_help=True, add_completion=False)
console = Console()


@app.command()
def add(
    service: str = typer.Argument(..., help="Its name: small letters, digits, - and _."),
    *,
    title: str = typer.Option(..., help="What people read on the page that asks them."),
    department: str = typer.Option(..., help="Code of the department that answers for it."),
    audience: str = typer.Option("citizen", help="Whose accounts may sign in to it: citizen, officer, or counter (opened by any counter)."),
    redirect: list[str] = typer.Option(..., help="An address answers may go to, whole; may be repeated."),
    start: str = typer.Option("", help="Where an office or a counter opens it from a case; empty: nowhere."),
    home: Home = None,
) -> None:
    """Let a service in, and print its secret: the only time it can be seen."""
    opened = _open(home)
    with opened.session() as session:
        new = identity.NewService(service, title, department, audience, tuple(redirect), start)
        secret = identity.add_service(session, new, datetime.now(UTC))
    opened.close()
    console.print(Text(f"{service}: its secret, shown this once; keep it where only the service reads it."))
    typer.echo(secret)


@app.command("list")
def list_services(home: Home = None) -> None:
    """The services that may ask."""
    opened = _open(home)
    with opened.session(read_only=True) as session:
        found = identity.services(session)
    opened.close()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("service", "title", "department", "audience", "answers go to", "opened at"):
        table.add_column(title, overflow="fold")
    for one in found:
        table.add_row(one.service_id, one.title, one.department, one.audience, "\n".join(one.redirects), one.start_url)
    console.print(table)


@app.command()
def end(service: str = typer.Argument(..., help="Its name."), home: Home = None) -> None:
    """From now on it may not ask."""
    opened = _open(home)
    with opened.session() as session:
        identity.end_service(session, service)
    opened.close()
    console.print(Text(f"{service} may not ask any more."))


def _open(home: Home) -> Store:
    settings = load_settings(home)
    opened = store.open_store(settings)
    share.install(opened, settings, load_packs(settings.packs))
    return opened
