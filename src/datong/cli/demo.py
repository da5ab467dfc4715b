"""`datong demo`: make the demonstration city and serve it. What was finished before an interruption is kept."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from datong import fuse, simulate, store
from datong.cli import demo_cases, demo_marks, demo_open, serve
from datong.cli.demo_people import PASSWORD, demo_accounts
from datong.cli.init import make_city
from datong.cli.key import open_door
from datong.cli.run import Outcome, run
from datong.settings import Settings, packs_folder
from datong.spec import load_packs
from datong.web import NewKey, create_account, create_api_key

app = typer.Typer(add_completion=False, help="Make the demonstration city and serve it.")
READY = "demo-ready"


@app.callback(invoke_without_command=True)
def demo(
    home: Annotated[Path, typer.Option(help="Folder of the demonstration city.")] = Path("var/demo"),
    people: Annotated[int, typer.Option(min=300, max=200_000, help="Its people.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 1,
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    only_make: Annotated[bool, typer.Option(help="Make the city and stop.")] = False,
) -> None:
    """Simulate, collect, fuse, build the registers, make accounts for every role, and serve on 127.0.0.1."""
    os.environ.setdefault("DATONG_DEMO", "1")
    console = Console()
    started = perf_counter()
    settings = make_demo(home, people, seed, console)
    console.print(f"The demonstration city of {people:,} people stands ({perf_counter() - started:.0f} s).", highlight=False)
    if not only_make:
        console.print(f"Sign in at http://127.0.0.1:{port} — every account's password is {PASSWORD}", highlight=False)
        serve.run(_at_port(settings, port))


def make_demo(home: Path, people: int, seed: int, console: Console, *, origin: str = "") -> Settings:
    """The demonstration city at a home folder; a finished one is taken as it is. `origin`: of its ledger, when not the default."""
    if (home / READY).is_file():
        return make_city(home, {})
    if not (home / "store.db").exists() and home.exists():
        shutil.rmtree(home)
    settings = make_city(home, {"demo": "1", "city": "淄博高新区", "origin": origin})
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        deliveries = _simulated(home, people, seed, bar)
        outcome = _run(settings, deliveries, bar)
    with console.status("make accounts, look for loose subjects, settle some marks, begin some cases, open some data"):
        _settle_people(settings)
        _check_health(settings)
        with open_door(home) as door:
            demo_marks.play(door, home / "simulated" / "truth")
            demo_cases.play(door)
            demo_open.play(door)
    _tell(outcome, console)
    (home / READY).write_text(f"{people} {seed}\n", encoding="utf-8")
    return settings


def _check_health(settings: Settings) -> None:
    """Look for subjects that fall apart or balloon, so that the office's page of them has something to show."""
    opened = store.open_store(settings)
    with opened.session() as session:
        fuse.check_health(session, load_packs(settings.packs))
    opened.close()


def _simulated(home: Path, people: int, seed: int, bar: Progress) -> Path:
    folder = home / "simulated"
    task = bar.add_task("simulate a city", total=people)
    if not (folder / "manifest.json").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        simulate.simulate(folder, people, seed, packs_folder(), lambda done, _: bar.update(task, completed=done))
    bar.update(task, completed=people)
    return folder / "deliveries"


def _run(settings: Settings, deliveries: Path, bar: Progress) -> Outcome:
    opened = store.open_store(settings)
    tasks = {
        stage: bar.add_task(text, total=None, start=False)
        for stage, text in (("collect", "collect the deliveries"), ("fuse", "fuse the records"), ("registers", "build the registers"))
    }
    reached: list[str] = []

    def progress(step: str, done: int, of: int) -> None:
        stage = step.split()[0]
        if stage not in reached:
            for earlier in reached:
                bar.update(tasks[earlier], total=1, completed=1)
            reached.append(stage)
            bar.start_task(tasks[stage])
        if of > 1:
            bar.update(tasks[stage], total=of, completed=done)

    try:
        outcome = run(opened, settings, deliveries, _now(), progress)
    finally:
        opened.close()
    for task in tasks.values():
        bar.update(task, total=1, completed=1)
    return outcome


def _settle_people(settings: Settings) -> None:
    """The demonstration accounts, and one key for a system."""
    opened = store.open_store(settings)
    with opened.session() as session:
        session.run("DELETE FROM account WHERE demo_password <> ''")
        for account in demo_accounts(session):
            create_account(session, account)
        agreements = ("gate_registrar_system",)
        key = NewKey("演示：企业登记系统", "market_regulation", agreements, ("market_enterprise", "grid_premises"))
        secret = create_api_key(session, key, _now(), sandbox=settings.sandbox)
    opened.close()
    target = settings.home / "keys" / "demo-api.key"
    target.write_text(secret + "\n", encoding="utf-8")
    target.chmod(0o600)


def _tell(outcome: Outcome, console: Console) -> None:
    rows = sum(receipt.counts.accepted for receipt in outcome.receipts)
    held = len(outcome.held)
    console.print(f"{len(outcome.receipts)} deliveries, {rows:,} records accepted; {held} held for their departments.", highlight=False)
    for receipt in outcome.held:
        console.print(f"  held: {receipt.file_name} ({receipt.reason})", highlight=False)
    for name in outcome.left:
        console.print(f"  left: {name} fits no source by its name, or leads out of the folder", markup=False, highlight=False)


def _at_port(settings: Settings, port: int) -> Settings:
    return replace(settings, host="127.0.0.1", port=port, demo=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
