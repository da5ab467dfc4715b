"""Dated values: from which day to which a value of the law holds, as a decision table over the day of the decision."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from datong.rules.facts import DAY
from datong.rules.model import Input, Output, Place, Rule, TableBox
from datong.rules.pack_cells import Column, result_text
from datong.spec import Faults, Node

_DATED = ("from", "to", "value", "reference", "note")
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d")


def dated_table(name: str, node: Node, column: Column, faults: Faults) -> TableBox:
    """The table of a dated value. A period without the law it comes from, or two that overlap, are faults."""
    listed = node.get("dated")
    periods = listed.items() if listed is not None else []
    if not periods:
        faults.add(node, f"the value {name!r} needs `dated:`, a list of from, to, value and reference")
    rules: list[Rule] = []
    spans: list[tuple[date, date, Node]] = []
    for number, period in enumerate(periods, start=1):
        for key, _ in period.entries():
            if key not in _DATED:
                faults.add(period.key_node(key), f"{key!r} is not known here; known are {', '.join(_DATED)}")
        start, end = _day(period, "from", faults), _day(period, "to", faults)
        value, reference = period.get("value"), period.get("reference")
        if value is None:
            faults.add(period, "a dated value needs `value:`")
        if reference is None or not reference.text.strip():
            faults.add(period, "a dated value needs `reference:`, the law it comes from")
        if start and end and end < start:
            faults.add(period, "`to:` lies before `from:`")
        spans.append((start or date.min, end or date.max, period))
        rules.append(
            Rule(
                id=f"{name}/{start.isoformat() if start else number}",
                tests=(_test(start, end),),
                results=(result_text(value, column) if value is not None else "null",),
                reference=reference.text.strip() if reference is not None else "",
                note=note.text.strip() if (note := period.get("note")) is not None else "",
                place=Place(period.file, period.line),
            )
        )
    _overlaps(spans, faults)
    output = Output(type=column.type, values=column.listed(), place=Place(node.file, node.line))
    return TableBox(inputs=(Input(DAY, "date"),), outputs=(output,), rules=tuple(rules), place=Place(node.file, node.line))


def _day(period: Node, key: str, faults: Faults) -> date | None:
    node = period.get(key)
    if node is None:
        return None
    try:
        if not _WRITTEN.fullmatch(node.text.strip()):
            raise ValueError
        return date.fromisoformat(node.text.strip())
    except ValueError:
        faults.add(node, f"`{key}:` is a day, written 2026-01-31")
        return None


def _test(start: date | None, end: date | None) -> str:
    if start and end:
        return f'[@"{start}"..@"{end}"]'
    if start:
        return f'>= @"{start}"'
    return f'<= @"{end}"' if end else "-"


def _overlaps(spans: list[tuple[date, date, Node]], faults: Faults) -> None:
    ordered = sorted(spans, key=lambda span: (span[0], span[1]))
    for before, after in pairwise(ordered):
        if after[0] <= before[1]:
            faults.add(after[2], f"this period overlaps the one of line {before[2].line}: two values would hold on {after[0]}")
