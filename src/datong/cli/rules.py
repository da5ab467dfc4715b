"""`datong rules`: check a rule file, decide by it with the reasons, hand it to a drawing tool, run the conformance suites."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from datong import rules
from datong.domain.errors import BadValue

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Decisions by written rules: a pack's YAML or a DMN model.")
console = Console()
FILE = typer.Argument(..., help="A .yml rule file, or a .dmn or .xml model.", exists=True, dir_okay=False)


@app.command()
def check(path: Path = FILE) -> None:
    """Read a file and list every fault with its line, or what it decides."""
    model = rules.check_rules(path)
    for fault in model.faults:
        console.print(str(fault), style="red", markup=False, highlight=False, soft_wrap=True)
    if model.faults:
        raise typer.Exit(1)
    table = Table(box=None, pad_edge=False)
    for title in ("decision", "title", "rests on"):
        table.add_column(title, overflow="fold")
    for one in model.definitions.decisions:
        table.add_row(one.name, one.label, ", ".join(model.needed(one.name)))
    console.print(table)
    console.print(f"{path.name}: no faults, version {model.version[:12]}", style="green", highlight=False)


@app.command()
def decide(
    path: Path = FILE,
    name: str = typer.Argument(..., help="The decision, or a decision service."),
    *,
    facts: Path = typer.Option(..., help="A JSON file: facts by name; dates as text.", exists=True, dir_okay=False),
    on: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="The day of the decision; today if not given."),
    as_json: bool = typer.Option(False, "--json", help="Write the whole decision as JSON."),
) -> None:
    """Decide for given facts and say which rules gave it, the law they rest on, and the facts used."""
    day = on.date() if on else datetime.now(tz=UTC).astimezone().date()
    decided = rules.read_rules(path).decide(name, _facts(facts), day)
    if as_json:
        typer.echo(json.dumps(decided.as_data(), ensure_ascii=False, indent=2))
    else:
        _explain(decided, day)


@app.command()
def export(
    path: Path = FILE,
    target: Path = typer.Argument(..., help="The .dmn file to write."),
) -> None:
    """Write a file as DMN with its drawing, for modelling tools."""
    content = rules.read_rules(path).write_dmn()
    target.write_bytes(content)
    console.print(f"{target.name}: {len(content):,} bytes", highlight=False)


@app.command()
def tck(
    folder: Path = typer.Argument(..., help="A folder of DMN TCK suites.", exists=True, file_okay=False),
    json_file: Path | None = typer.Option(None, "--json", help="Write the counts and what failed to this file."),
) -> None:
    """Run suites of the DMN Technology Compatibility Kit and count what was met."""
    results = list(rules.run_suites(folder, datetime.now(tz=UTC)))
    counts = rules.summary(results)
    if json_file is not None:
        failed = [
            {"suite": one.suite, "case": one.case, "node": one.node, "wanted": one.wanted, "found": one.found, "notes": list(one.notes)}
            for one in results
            if not one.passed
        ]
        json_file.write_text(json.dumps({**counts, "failed": failed}, ensure_ascii=False, indent=1), encoding="utf-8")
    for suite, number in counts["failed_by_suite"].items():
        console.print(f"{suite}: {number} not met", style="red", highlight=False)
    console.print(
        f"{counts['passed']:,} of {counts['cases']:,} met; of those that expect a value "
        f"{counts['passed_of_those']:,} of {counts['expecting_a_value']:,}",
        highlight=False,
    )
    if counts["passed"] < counts["cases"]:
        raise typer.Exit(1)


def _facts(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadValue("--facts", f"{path.name} is no JSON: {error}", 'write facts by name, such as {"members": 3}') from None
    if not isinstance(found, dict):
        raise BadValue("--facts", f"{path.name} holds no mapping", 'write facts by name, such as {"members": 3}')
    return found


def _explain(decided: rules.Decided, day: date) -> None:
    console.print(f"{decided.decision}: {json.dumps(decided.outcome, ensure_ascii=False)}", style="bold", markup=False, highlight=False)
    lines = [f"  on {day}, rules version {decided.version[:12]}"]
    for step in decided.steps:
        lines.extend(f"  {step.decision}: rule {hit.rule}  {hit.reference}{'  ' + hit.note if hit.note else ''}" for hit in step.hits)
    lines.extend(f"  fact {name} = {json.dumps(value, ensure_ascii=False)}" for name, value in decided.facts.items())
    lines.extend(f"  not given: {name}" for name in decided.missing)
    lines.extend(f"  note: {note}" for note in decided.notes)
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
