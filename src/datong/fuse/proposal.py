"""Write what was learnt as a comparisons.yml that differs from the pack's only in weights and prior; comments stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from datong.fuse.learn import Learnt, Row

_SECTION = re.compile(r"^(person|organisation):")
_ENTRY = re.compile(r"^(    )([a-z_]+): \{(.*)\}(.*)$")
_LEVEL = re.compile(r"([a-z_0-9]+): *(-?[0-9.]+)")


def propose(text: str, learnt: Iterable[Learnt]) -> str:
    """The text of comparisons.yml with learnt weights in place of declared ones where enough pairs spoke, and the learnt priors."""
    by_kind = {str(one.kind): one for one in learnt}
    lines, section = [], ""
    for line in text.splitlines():
        if found := _SECTION.match(line):
            section = found[1]
        lines.append(_line(line, by_kind[section]) if section in by_kind else line)
    return "\n".join(lines) + "\n"


def _line(line: str, learnt: Learnt) -> str:
    if line.startswith("  prior:"):
        note = line.partition("#")[2]
        return f"  prior: {Decimal(f'{learnt.prior:.2g}'):f}" + (f"  #{note}" if note else "")
    found = _ENTRY.match(line)
    if not found:
        return line
    weights = {row.level: row for row in learnt.rows if row.comparison == found[2]}
    return f"{found[1]}{found[2]}: {{{_LEVEL.sub(lambda level: _level(level, weights), found[3])}}}{found[4]}"


def _level(found: re.Match[str], rows: dict[str, Row]) -> str:
    row = rows.get(found[1])
    return found[0] if row is None or row.learnt is None else f"{found[1]}: {row.learnt:g}"
