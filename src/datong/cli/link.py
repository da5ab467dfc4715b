"""`datong link`: link the rows of any table, or of two, without a city's home folder."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import typer
from rich.console import Console
from rich.table import Table

from datong.cli.engines import LOCAL, spark_options
from datong.collect import AnyTable, read_any
from datong.domain.errors import BadValue, Missing
from datong.fuse import tables as linking

app = typer.Typer(help="Link the rows of any table, or of two.", add_completion=False)
_CONSOLE = Console()
_NOTES = Console(stderr=True)
_WORDS = {
    "joined": "joined: the strongest pair between two clusters, which it made one",
    "within": "linked: both rows were in one cluster already",
    "same_rule": "the same by a rule of the spec (same)",
    "two_identifiers": "kept apart: the two sides carry two different sound identifiers (never)",
    "one_to_one": "kept apart: a cluster would hold two rows of one table (one_to_one)",
    "outweighed": "kept apart: the other pairs between the two clusters speak against it more than this one for it",
    "below": "not linked: the score is below the threshold",
    "not_compared": "never compared: no block of the spec holds both rows",
}


@app.command()
def link(
    files: Annotated[list[Path], typer.Argument(help="One table to link within, or two to link across: CSV, Parquet or xlsx.")],
    *,
    spec: Annotated[str, typer.Option(help="The link spec (YAML), or auto: propose one from the data and use it.")],
    out: Annotated[Path, typer.Option(help="CSV to write: row, cluster, rows in the cluster.")],
    pairs: Annotated[Path | None, typer.Option(help="CSV to write: the compared pairs with scores and levels.")] = None,
    least: Annotated[float, typer.Option(help="Least score (bits) of the pairs written.")] = -10.0,
    truth: Annotated[str, typer.Option(help="Column that says which rows belong together: prints precision, recall and F1.")] = "",
    model: Annotated[Path | None, typer.Option(help="Weights: read from this file if it exists, else learnt and kept there.")] = None,
    explain: Annotated[tuple[str, str] | None, typer.Option(help="Two rows by name: say why they are together, or not.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads to use.")] = 2,
    engine: Annotated[str, typer.Option(help="Where pairs are found and compared: local, or a Spark master.")] = LOCAL,
    conf: Annotated[list[str] | None, typer.Option(help="A setting of Spark as name=value; may be repeated.")] = None,
) -> None:
    """Link rows that speak of the same, and write which row is in which cluster."""
    if len(files) > 2:
        raise BadValue("files", f"{len(files)} were given", "give one table to link within, or two to link across")
    start, opening = time.perf_counter(), _engine(engine, conf or [])
    with _CONSOLE.status("reading") as status:
        read = [read_any(path) for path in files]
        _tell_broken(files, read)
        given = [table.columns for table in read]
        asked = _spec(spec, given, out, truth)
        names = linking.row_names(asked, given, [table.row_nos for table in read])
        kept = linking.read_model(model, asked) if model and model.exists() else None
        known = _truth(given, files, truth) if truth else None
        with opening as where:
            linked = linking.link_tables(asked, given, model=kept, engine=where, threads=threads, tell=status.update)
        status.update("writing")
        _write(linking.cluster_table(asked, linked, names), out)
        if pairs:
            _write(linking.pair_table(asked, linked, names, least), pairs)
        if model and kept is None:
            linked.model.write(model)
    _summary(asked, linked, time.perf_counter() - start)
    if known is not None:
        _quality(linking.measure(linked, known), truth)
    if explain:
        _explain(linking.explain(asked, linked, names, *explain))


def _engine(engine: str, conf: Sequence[str]) -> AbstractContextManager[linking.PairEngine | None]:
    """Spark while it is needed; nothing for this process."""
    return nullcontext() if engine == LOCAL else _spark(engine, spark_options(engine, conf))


@contextmanager
def _spark(master: str, options: Mapping[str, str]) -> Iterator[linking.PairEngine]:
    with closing(linking.SparkPairs(master, options)) as opened:
        yield opened


def _spec(spec: str, given: Sequence[Any], out: Path, truth: str) -> linking.LinkSpec:
    """The spec as given, or one proposed, written beside the clusters and shown."""
    if spec != "auto":
        return linking.read_spec(Path(spec))
    proposal = linking.propose_spec(given, ignored=[truth] if truth else [])
    place = out.with_suffix(".link.yml")
    place.write_text(proposal.text, encoding="utf-8")
    table = Table("column", "chosen", "why", box=None)
    for row in proposal.choices:
        table.add_row(*row)
    _CONSOLE.print(table)
    _CONSOLE.print(f"The proposed spec is in {place}; change it and give it with --spec.", highlight=False, soft_wrap=True)
    return linking.read_spec(place)


def _tell_broken(files: Sequence[Path], read: Sequence[AnyTable]) -> None:
    for path, table in zip(files, read, strict=True):
        for row in table.broken[:5]:
            _NOTES.print(f"{path.name}: row {row.row_no} is left out: {row.message}", style="yellow", highlight=False, soft_wrap=True)
        if len(table.broken) > 5:
            _NOTES.print(f"{path.name}: {len(table.broken) - 5:,} more rows are left out", style="yellow", highlight=False)


def _truth(given: Sequence[Any], files: Sequence[Path], column: str) -> Any:
    for path, table in zip(files, given, strict=True):
        if column not in table.column_names:
            raise Missing(f"--truth: {path.name} has no column {column!r}; it has {', '.join(table.column_names)}")
    return pa.concat_arrays([table.column(column).combine_chunks().cast(pa.string()) for table in given])


def _write(table: Any, path: Path) -> None:
    """All of a file or nothing of it."""
    part = path.with_name(path.name + ".part")
    try:
        arrow_csv.write_csv(table, str(part))
        part.replace(path)
    except OSError as error:
        raise BadValue(str(path), f"cannot be written: {error.strerror or error}", "name a file in a folder that exists") from None
    finally:
        part.unlink(missing_ok=True)


def _summary(spec: linking.LinkSpec, linked: linking.Linked, seconds: float) -> None:
    sizes = np.bincount(np.bincount(linked.clusters, minlength=1))
    table = Table("what", "number", box=None)
    rows = len(linked.rows)
    table.add_row("rows", f"{rows:,}")
    if spec.same:
        table.add_row("rows after the rules for what is the same", f"{len(np.unique(linked.groups)):,}")
    for block, dropped in zip(spec.blocks, linked.pairs.dropped, strict=True):
        if dropped:
            table.add_row(f"values passed over as too common, block {block}", f"{dropped:,}")
    table.add_row("pairs compared", f"{len(linked.pairs):,}")
    table.add_row("pairs linked", f"{int(linked.linked.sum()):,}")
    table.add_row("kept apart by identifiers or the other pairs", f"{int(np.isin(linked.outcome, (2, 3, 4)).sum()):,}")
    table.add_row("clusters", f"{int(sizes[1:].sum()):,}")
    by_size = " / ".join(f"{int(part.sum()):,}" for part in (sizes[1:2], sizes[2:3], sizes[3:]))
    table.add_row("of one row / two / three and more", by_size)
    table.add_row("share of pairs that match (prior)", f"{linked.model.prior:.2e}")
    table.add_row("threshold, bits", f"{linked.threshold:g}")
    table.add_row("seconds", f"{seconds:.1f}")
    _CONSOLE.print(table)


def _quality(quality: linking.Quality, column: str) -> None:
    table = Table("against " + column, "true pairs", "pairs made", "right", "precision", "recall", "F1", box=None)
    for name, one in (("pairs, before clustering", quality.pairs), ("clusters", quality.clusters)):
        shares = (f"{share:.4f}" for share in (one.precision, one.recall, one.f1))
        table.add_row(name, f"{one.true:,}", f"{one.made:,}", f"{one.right:,}", *shares)
    _CONSOLE.print(table)
    reached = f"{quality.compared:,} pairs were compared or joined by rule, {quality.reachable:.2%} of the true ones."
    _CONSOLE.print(f"{quality.rows:,} rows have a truth; {reached}", highlight=False)


def _explain(found: linking.Explanation) -> None:
    together = "in one cluster" if found.together else "in two clusters"
    _CONSOLE.print(f"{found.left} and {found.right} are {together}.", highlight=False, markup=False)
    _CONSOLE.print(_WORDS[found.outcome], highlight=False)
    table = Table("comparison", found.left, found.right, "level", "bits", box=None)
    for step in found.steps:
        note = f" ({step.rarity:+.1f} for how common the value is)" if step.rarity else ""
        table.add_row(step.column, step.left, step.right, step.level, f"{step.bits:+.1f}{note}")
    table.add_row("prior", "", "", "", f"{found.prior:+.1f}")
    table.add_row("sum", "", "", f"threshold {found.threshold:+.1f}", f"{found.score:+.1f}")
    _CONSOLE.print(table, markup=False)
    _CONSOLE.print("blocks that hold both: " + ("; ".join(found.blocks) or "none"), highlight=False, markup=False)
    if len(found.path) > 2:
        _CONSOLE.print("linked through: " + " – ".join(found.path), highlight=False, markup=False)
