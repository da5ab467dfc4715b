"""`datong simulate DIR`: write a believable city's deliveries, with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from datong import simulate
from datong.domain.errors import BadValue
from datong.settings import packs_folder

app = typer.Typer(add_completion=False, help="Write a believable city's deliveries, with known truth.")


@app.command()
def write(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; it must be empty or not exist yet.")],
    people: Annotated[int, typer.Option(min=1, max=2_000_000, help="Living people of the city.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city, byte for byte.")] = 1,
    months: Annotated[int, typer.Option(min=1, max=12, help="Months of meter readings and payments up to October 2026.")] = 3,
    packs: Annotated[Path | None, typer.Option(help="Folder of packs; the ones that come with datong otherwise.")] = None,
) -> None:
    """Write deliveries/, truth/ and manifest.json into a folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadValue("folder", f"{folder} is not empty", "name a new folder, or empty this one")
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("居民 people", total=people)
        summary = simulate.simulate(
            folder, people, seed, packs or packs_folder(), lambda done, _: bar.update(task, completed=done), months=months
        )
    console.print(_summary(summary))
    console.print(f"{summary.rows:,} rows in {len(summary.files)} files for {people:,} people: {folder}", highlight=False, soft_wrap=True)


def _summary(summary: simulate.Summary) -> Table:
    table = Table("部门 department", "文件 files", "行 rows", box=None)
    table.columns[1].justify = table.columns[2].justify = "right"
    departments = sorted({file.department for file in summary.files})
    for department in departments:
        files = [file for file in summary.files if file.department == department]
        table.add_row(department, str(len(files)), f"{sum(file.rows for file in files):,}")
    return table
