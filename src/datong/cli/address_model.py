"""`datong address train`, and reading with the model it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from datong.cli.address_files import units_of
from datong.domain.address import ParsedAddress
from datong.domain.errors import BadValue
from datong.fuse import address

Answer = dict[str, Any]
Reading = Callable[[Iterable[str]], Iterator[tuple[Answer, ParsedAddress | None]]]
"""Lines in; for each what is written, and the reading where its parts are wanted or it has a problem."""


def train(
    out: Annotated[Path, typer.Option(help="Model file to write.")],
    file: Annotated[
        Path | None, typer.Argument(help="Labelled texts, JSON Lines: text and spans [start, end, label], end exclusive.")
    ] = None,
    register: Annotated[
        Path | None, typer.Option(help="CSV with the columns code and address: its addresses are taught from in many wordings.")
    ] = None,
    measure: Annotated[
        bool, typer.Option(help="Measure confidence in a first round on a tenth of the texts held out; takes twice as long.")
    ] = True,
) -> None:
    """Teach the reader's model from labelled texts, from a register's own addresses, or from both."""
    if file is None and register is None:
        raise BadValue("FILE", "there is nothing to teach from", "name a file of labelled texts, or a register with --register")
    if not out.parent.is_dir():
        raise BadValue("--out", f"there is no folder {out.parent}", "make it first")
    texts = list(address.read_labelled(file)) if file else []
    if register:
        texts += address.from_register((unit["address"] for unit in units_of(register)), like=texts)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=1.0)
        model = address.teach(texts, measure=measure, progress=lambda what, share: progress.update(task, description=what, completed=share))
    model.save(out)
    _tell(Console(stderr=True), model, out)


def _tell(console: Console, model: address.Model, out: Path) -> None:
    """What was taught, and how right it was where it could be measured."""
    told = f"{out}: taught from {model.about['texts']:,} texts, labels: {model.labels}, {out.stat().st_size / 1e6:.1f} MB"
    console.print(told, highlight=False, soft_wrap=True)
    if found := model.about.get("measured"):
        console.print(
            f"on {found['texts']:,} texts held out: span F1 {found['span_f1']}, all numbers right in {found['numbers_right']} %, "
            f"all spans in {found['all_right']} %",
            highlight=False, soft_wrap=True,
        )  # fmt: skip
        for band in model.bands:
            if band.strings:
                consent = "the grammar agrees" if band.agrees else "the grammar disagrees"
                share = 100 * band.numbers_right / band.strings
                console.print(
                    f"  probability from {band.from_probability:.2f}, {consent}: {band.strings:,} texts, numbers right in {share:.1f} %",
                    highlight=False, soft_wrap=True,
                )  # fmt: skip


def grammarian(labels: str) -> Reading:
    """How to read lines without a model."""
    reader = address.Reader()
    return lambda lines: ((_answer(parsed, labels), parsed) for parsed in address.read_many(reader, lines))


def labeller(model: address.Model, labels: str, *, parts: bool) -> Reading:
    """How to read lines with a model: under its own labels as it gives them, else through the reader's parts."""
    if (parts or labels not in ("", model.labels)) and model.labels not in address.LABEL_SETS:
        raise BadValue("--labels", "the model has labels of its own that the reader's parts do not cover", "leave --labels and --parts out")
    taught = address.Reader(model=model, trust=address.ALWAYS)
    if labels in ("", model.labels):
        return lambda lines: _own_labels(model, lines, taught if parts else None)
    return lambda lines: (({**_answer(parsed, labels), "confidence": parsed.confidence}, parsed) for parsed in map(taught.read, lines))


def _answer(parsed: ParsedAddress, labels: str) -> Answer:
    return {"text": parsed.raw, "spans": [list(span) for span in address.spans_as(parsed, labels)]}


def _own_labels(model: address.Model, lines: Iterable[str], taught: address.Reader | None) -> Iterator[tuple[Answer, ParsedAddress | None]]:
    reader = address.Reader()
    for line in lines:
        labelled = address.label_text(reader, model, line)
        answer = {"text": line, "spans": [list(span) for span in labelled.spans], "confidence": model.confidence(labelled)}
        yield answer, taught.read(line) if taught else None
