"""`datong address …`: read Chinese addresses into parts and match them to a register, without a city's home folder."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from datong.cli.address_files import rows_of, units_of
from datong.cli.address_model import grammarian, labeller, train
from datong.domain.address import Level, PlaceMatch, Verdict
from datong.domain.errors import BadDelivery, BadValue
from datong.fuse import address
from datong.settings import packs_folder

app = typer.Typer(help="Read and match Chinese addresses.", no_args_is_help=True, add_completion=False)

_AT_ONCE = 2_000
_SAMPLED = 7
_QUERY_COLUMNS = ("address", "text", "query", "地址")
_ANSWER_COLUMNS = (
    "verdict",
    "level",
    "code",
    "full_text",
    "rule",
    "confidence",
    "runner_up_code",
    "gap",
    "reasons",
    "contradicted",
    "ignored",
)


app.command()(train)


@app.command()
def parse(
    labels: Annotated[str, typer.Option(help="Label set of the spans: datong, or ncap (the labels of the public test sets).")] = "",
    parts: Annotated[bool, typer.Option("--parts", help="Also give the normalised parts of each address.")] = False,
    model: Annotated[
        Path | None, typer.Option(help="Model file of `datong address train`; without --labels its own labels are written.")
    ] = None,
) -> None:
    """Read addresses from standard input, one a line; write one JSON object a line: text and spans [start, end, label], end exclusive."""
    if labels and labels not in address.LABEL_SETS:
        raise BadValue("--labels", f"{labels!r} is not known", f"write {' or '.join(address.LABEL_SETS)}")
    read = labeller(address.load_model(model), labels, parts=parts) if model else grammarian(labels or "datong")
    lines = _lines()
    while batch := list(islice(lines, _AT_ONCE)):
        for answer, parsed in read(batch):
            if parts and parsed:
                answer["parts"] = address.parts_of(parsed)
            if parsed and parsed.problem:
                answer["problem"] = parsed.problem
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


@app.command()
def match(
    register: Annotated[Path, typer.Option(help="CSV with the columns code, address and, if wished, aliases (several parted by ;).")],
    queries: Annotated[Path, typer.Option(help="CSV with a column address (or text, query, 地址); other columns are carried along.")],
    out: Annotated[Path, typer.Option(help="CSV to write: the queries' columns, then verdict, code, level, rule, confidence and reasons.")],
    level: Annotated[Level, typer.Option(help="How deep an address must lead to be exact.")] = Level.UNIT,
    division: Annotated[str, typer.Option(help="Division code to look in where an address names none.")] = "",
) -> None:
    """Match the addresses of one file to the doors of another; nothing but the two files is needed."""
    units = units_of(register)
    asked = rows_of(queries)
    column = _query_column(queries, asked)
    tree = _tree_of(units, division)
    reader = address.reader_for(tree, divisions=_own_divisions())
    answers = address.match_many(reader, tree, [row[column] for row in asked], hint_division=division, purpose_level=level)
    _write(out, asked, answers)
    console = Console(stderr=True)
    counts = {verdict: sum(1 for answer in answers if answer.verdict == verdict) for verdict in Verdict}
    shown = ", ".join(f"{verdict.value} {count:,}" for verdict, count in counts.items() if count)
    console.print(f"{len(units):,} doors, {len(answers):,} addresses: {shown or 'none'}", highlight=False)


def _lines() -> Iterator[str]:
    """Lines of standard input as UTF-8; a line that is not says which it is."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise BadValue(f"line {number}", "is not UTF-8", "convert it, for example with iconv -f gb18030 -t utf-8") from None


def _query_column(path: Path, rows: list[dict[str, str]]) -> str:
    found = next((column for column in _QUERY_COLUMNS if rows and column in rows[0]), "")
    if rows and not found:
        raise BadDelivery("columns", f"{path.name}: a column {' or '.join(_QUERY_COLUMNS)} is needed; found {', '.join(rows[0])}")
    return found


def _own_divisions() -> Iterator[tuple[str, address.Entry]]:
    return address.city_entries(address.division_rows(packs_folder() / "registers" / "divisions.csv"))


def _tree_of(units: list[dict[str, str]], division: str) -> address.PlaceTree:
    """The premises tree of a register given as address texts."""
    written = [unit for unit in units if unit["address"].strip()]
    reader = _home_reader([unit["address"] for unit in written], division)
    rows = [
        address.row_from_text(reader, unit["address"], code=unit["code"], aliases=_alias_names(reader, unit), division=division)
        for unit in written
    ]
    return address.PlaceTree.build(rows)


def _home_reader(texts: list[str], division: str) -> address.Reader:
    """A reader that knows which city the register is of, when nine in ten of its addresses that name one agree."""
    if not division:
        general = address.Reader()
        cities = Counter(parsed.division[:4] for parsed in address.read_many(general, texts[::_SAMPLED]) if len(parsed.division) >= 4)
        city, count = cities.most_common(1)[0] if cities else ("", 0)
        division = city if count * 10 >= cities.total() * 9 else ""
    return address.Reader(address.Lexicon(_own_divisions(), home=division[:4]))


def _alias_names(reader: address.Reader, unit: dict[str, str]) -> tuple[str, ...]:
    """Other names of the estate: aliases are names, or whole addresses whose estate name is taken."""
    written = unit.get("aliases", "").replace("；", ";").replace("|", ";").split(";")
    names = [address.row_from_text(reader, alias).estate or alias.strip() for alias in written if alias.strip()]
    return tuple(dict.fromkeys(names))


def _write(out: Path, asked: list[dict[str, str]], answers: list[PlaceMatch]) -> None:
    carried = {name: name if name not in _ANSWER_COLUMNS else f"asked_{name}" for name in (asked[0] if asked else {})}
    with out.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow([*carried.values(), *_ANSWER_COLUMNS])
        for row, answer in zip(asked, answers, strict=True):
            writer.writerow([*(row[name] for name in carried), *_answer(answer)])


def _answer(answer: PlaceMatch) -> list[str]:
    runner = answer.runner_up
    return [
        answer.verdict.value,
        answer.level.value,
        answer.code,
        answer.full_text,
        answer.rule,
        f"{answer.confidence:.4f}",
        runner.code if runner else "",
        f"{runner.gap:.2f}" if runner else "",
        "; ".join(reason.zh for reason in answer.reasons),
        "; ".join(f"{span.start}-{span.end} {span.text}" for span in answer.contradicted),
        "; ".join(f"{span.start}-{span.end} {span.text}" for span in answer.ignored),
    ]
