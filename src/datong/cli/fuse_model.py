"""`datong fuse comparisons`, `learn` and `health`: how records are compared, what the data say of it, which subjects look wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from datong import fuse
from datong.cli.home import Home
from datong.domain.access import Register
from datong.domain.codes import show_code
from datong.settings import load_settings
from datong.spec import load_packs
from datong.store import open_store

_CONSOLE = Console()
_KINDS: tuple[Register, ...] = ("person", "organisation")
FILE = Path("registers") / "comparisons.yml"


def comparisons(home: Home = None) -> None:
    """Show the declared comparisons with every level's weight, and where the thresholds come from."""
    models = fuse.load_models(load_packs(load_settings(home).packs))
    for kind in _KINDS:
        table = Table(kind, "levels and their bits", "what is compared", box=None)
        for one in fuse.declared(models[kind]):
            table.add_row(one.name, "  ".join(f"{level} {bits:+g}" for level, bits in one.weights.items()) or "(block)", one.explained)
        _CONSOLE.print(table)
        _CONSOLE.print(fuse.why_thresholds(models[kind]))


def learn(
    home: Home = None,
    sample: Annotated[int, typer.Option(help="Open mentions to learn from, of each register.", min=100)] = 2_000,
    out: Annotated[Path | None, typer.Option(help="Where the proposed comparisons.yml goes; else beside the store.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Replace the pack's own comparisons.yml.")] = False,
) -> None:
    """Estimate the weights from the city as it was last linked and from reviewers' judgements; propose a comparisons.yml."""
    settings = load_settings(home)
    packs = load_packs(settings.packs)
    store = open_store(settings)
    with store.session(read_only=True) as session, _CONSOLE.status("comparing"):
        learnt = [fuse.learn_weights(session, packs, kind, sample=sample) for kind in _KINDS]
    store.close()
    for one in learnt:
        _CONSOLE.print(_table(one))
    own = settings.packs / FILE
    path = own if write else out or settings.home / "comparisons.proposed.yml"
    path.write_text(fuse.propose(own.read_text(encoding="utf-8"), learnt), encoding="utf-8")
    _CONSOLE.print(f"Written to {path}." + ("" if write else " The pack is as it was; --write replaces it."), soft_wrap=True)


def _table(one: fuse.Learnt) -> Table:
    table = Table(f"{one.kind}: comparison", "level", "declared", "m", "u", "learnt", "pairs", box=None)
    for row in one.rows:
        bits = "(too few)" if row.learnt is None else f"{row.learnt:+g}"
        table.add_row(row.comparison, row.level, f"{row.declared:+g}", f"{row.m:.4f}", f"{row.u:.2g}", bits, f"{row.pairs:,}")
    table.caption = (
        f"{one.compared:,} pairs in common blocks, {one.drawn:,} drawn at random, {one.judged:,} judged; prior {one.prior:.2g}: "
        f"thresholds {one.same:g} and {one.unsure:g}"
    )
    return table


def health(limit: Annotated[int, typer.Option(help="How many findings to show.")] = 20, home: Home = None) -> None:
    """Find subjects that fall apart or balloon: bridges, contradictions inside, sizes out of the way; keep what is found for the office."""
    settings = load_settings(home)
    store = open_store(settings)
    with store.session() as session, _CONSOLE.status("looking at the subjects"):
        counts = fuse.check_health(session, load_packs(settings.packs))
        found = fuse.suspicious_clusters(session, limit)
    store.close()
    _CONSOLE.print(", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in sorted(counts.items())))
    table = Table("code", "problem", "concerned", "of", "weight", "what", "mentions", box=None)
    for one in found:
        refs = "\n".join(f"{ref.resource}/{ref.record_id[:12]}/{ref.role}" for ref in one.references[:3])
        table.add_row(show_code(one.code), one.problem, str(one.concerned), str(one.records), f"{one.weight:g}", one.detail, refs)
    _CONSOLE.print(table)
    for problem in sorted({one.problem for one in found}):
        _CONSOLE.print(f"{problem}: {fuse.ADVICE[problem]}")
