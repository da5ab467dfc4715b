"""`datong fuse bulk`: files of any size by their numbers alone, without a city's home folder, on one machine or on Spark."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from datong.cli.engines import LOCAL, spark_options
from datong.domain.errors import BadValue
from datong.domain.number_keys import NumberColumn
from datong.fuse import bulk
from datong.settings import Settings, load_settings


def bulk_command(
    files: Annotated[list[Path], typer.Argument(help="Parquet or CSV files; their order is the number a link names them by.")],
    out: Annotated[Path, typer.Option(help="Folder of the register, the links and the report; a later run keeps its codes.")],
    column: Annotated[list[str], typer.Option(help="Column that holds the number; repeat it for files that name it otherwise.")],
    holds: Annotated[str, typer.Option(help="What the column holds: citizen_id, credit_code, or number for either.")] = "number",
    *,
    encoding: Annotated[str, typer.Option(help="Encoding of CSV files: utf-8 or gb18030.")] = "utf-8",
    engine: Annotated[str, typer.Option(help="local (DuckDB in this process), or a Spark master: spark://HOST:PORT, local[*].")] = "local",
    records: Annotated[bool, typer.Option("--records", help="Also write the whole rows in order of subject (local engine).")] = False,
    conf: Annotated[list[str] | None, typer.Option(help="A setting of Spark as name=value; may be repeated.")] = None,
    memory: Annotated[str, typer.Option(help="Memory limit of the local engine (DuckDB syntax); empty is the setting memory.")] = "",
) -> None:
    """Link rows by their numbers: a register of subjects with permanent codes, and every row's subject, sorted."""
    holding: dict[str, NumberColumn] = {word: word for word in get_args(NumberColumn)}
    if holds not in holding:
        raise BadValue("--holds", f"{holds!r} is not known", f"write {', '.join(holding)}")
    pieces = bulk.pieces_of(files, column, holding[holds], encoding)
    out.mkdir(parents=True, exist_ok=True)
    staged = out / "staged" if records else None
    chosen = _engine(engine, conf or [], load_settings(out, memory=memory) if memory else load_settings(out), staged)
    console = Console(stderr=True)
    try:
        with Progress(console=console, transient=True) as shown:
            report = bulk.link_numbers(chosen, pieces, out, tell := _teller(shown))
            if isinstance(chosen, bulk.Local) and records:
                chosen.sort_records(out, tell)
    finally:
        chosen.close()
        shutil.rmtree(out / "tmp", ignore_errors=True)
    subjects = f"{report.subjects:,} subjects, {report.new_subjects:,} of them new"
    console.print(f"{report.rows:,} rows of {report.files:,} files, {report.linked:,} linked to {subjects}", highlight=False)
    if report.problems:
        told = ", ".join(f"{word} {number:,}" for word, number in report.problems.items())
        console.print(f"Not linked, by what is wrong with the number: {told}", highlight=False)


def _engine(name: str, conf: list[str], settings: Settings, staged: Path | None) -> bulk.Engine:
    if name == LOCAL:
        return bulk.Local(settings, staged)
    if staged:
        raise BadValue("--records", "is for the local engine", "leave it out, and join the links with your rows on Spark")
    return bulk.open_spark(name, spark_options(name, conf))


def _teller(shown: Progress) -> bulk.Told:
    """A bar for every step."""
    bars: dict[str, TaskID] = {}

    def tell(step: str, done: int, of: int) -> None:
        if step not in bars:
            for bar in bars.values():
                shown.update(bar, completed=shown.tasks[bar].total)
            bars[step] = shown.add_task(step, total=of)
        shown.update(bars[step], completed=done, total=of)

    return tell
