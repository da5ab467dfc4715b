"""A spec proposed from the data: kinds by content and name, comparisons by kind, blocks by how many pairs they make."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.errors import BadValue
from datong.fuse.tables import loops
from datong.fuse.tables.clean_values import clean_column
from datong.fuse.tables.keys import block_keys
from datong.fuse.tables.link_spec import Block, KeyPart, TableColumn
from datong.fuse.tables.measures import default_levels
from datong.fuse.tables.profile import Profile, profile_column
from datong.fuse.tables.values import Column

PAIRS_A_ROW = 25
"""How many pairs a row the proposed blocks may make together."""
BLOCK_A_ROW = 6
"""How many pairs a row one block may make."""
MOST_BLOCKS = 16
MOST_USES = 5
"""How many blocks one column may stand in: the weights are learnt from blocks that do not hold it."""
_LARGEST = 1_000
_SIMPLE = re.compile(r"\W+")


@dataclass(frozen=True)
class Proposal:
    """A spec as YAML text, and what was chosen and why, line by line."""

    text: str
    choices: tuple[tuple[str, str, str], ...]
    """Column or part of the spec, what was chosen, why."""


def propose_spec(tables: Sequence[Any], ignored: Sequence[str] = ()) -> Proposal:
    """Look at every column that all tables have (and `ignored` does not name) and propose how to link the rows.

    Raises BadValue when nothing is left to compare.
    """
    names = [name for name in tables[0].column_names if all(name in table.column_names for table in tables) and name not in ignored]
    profiles = [profile_column(name, [table.column(name) for table in tables]) for name in names]
    row_id = next((one.name for one in profiles if one.names_rows), "")
    used = [one for one in profiles if one.kind and one.name != row_id]
    if not used:
        raise BadValue("--spec auto", "no column of the tables is fit to be compared", "write a spec by hand")
    keys = _keys([one.name for one in used])
    columns = {keys[one.name]: _column(keys[one.name], one, tables) for one in used}
    kinds = {keys[one.name]: one for one in used}
    crossed = _crossed(columns, kinds)
    blocks = _blocks(columns, kinds, crossed)
    text = _written(row_id, kinds, crossed, blocks)
    choices = [(one.name, _chosen(one, row_id), one.why) for one in profiles]
    choices += [("block", str(block), f"{pairs:,} pairs") for block, pairs in blocks]
    return Proposal(text, tuple(choices))


def _chosen(one: Profile, row_id: str) -> str:
    return "names rows" if one.name == row_id else one.kind or "not compared"


def _keys(names: Sequence[str]) -> dict[str, str]:
    """Column name → a simple name of its own for the spec."""
    found: dict[str, str] = {}
    for name in names:
        simple = _SIMPLE.sub("_", name).strip("_") or "column"
        while simple in found.values():
            simple += "_"
        found[name] = simple
    return found


def _column(key: str, profile: Profile, tables: Sequence[Any]) -> Column:
    arrays = [table.column(profile.name) for table in tables]
    chunks = [chunk for array in arrays for chunk in (array.chunks if isinstance(array, pa.ChunkedArray) else [array])]
    whole = pc.fill_null(pa.concat_arrays([chunk.cast(pa.string()) for chunk in chunks]), "")
    return clean_column(TableColumn(key, profile.kind, key, key, profile.scheme), whole)


def _crossed(columns: Mapping[str, Column], kinds: Mapping[str, Profile]) -> dict[str, str]:
    """Columns of one kind whose values often stand in the other: names in the wrong order, lines of an address swapped."""
    found: dict[str, str] = {}
    for one, other in combinations(columns, 2):
        if kinds[one].kind == kinds[other].kind and kinds[one].kind in ("name", "address", "chinese_name"):
            mine, theirs = columns[one].values.hashes, columns[other].values.hashes
            shared = np.isin(mine, theirs).mean() if len(mine) else 0
            if shared >= 0.02 and one not in found and other not in found:
                found[one], found[other] = other, one
    return found


def _blocks(columns: Mapping[str, Column], kinds: Mapping[str, Profile], crossed: Mapping[str, str]) -> list[tuple[Block, int]]:
    """The broadest blocks that each make few enough pairs, of few parts before many, until the budget is spent."""
    rows = len(next(iter(columns.values())).codes)
    used: Counter[str] = Counter()
    chosen: list[tuple[Block, int]] = []
    budget = PAIRS_A_ROW * rows + 2_000
    for block, pairs in _counted(_candidates(kinds, crossed), columns, rows):
        full = len(chosen) >= MOST_BLOCKS or any(used[column] >= MOST_USES for column in block.columns)
        if pairs <= budget and not full and not any(_adds_nothing(block, other) for other, _ in chosen):
            chosen.append((block, pairs))
            budget -= pairs
            used.update(block.columns)
    return chosen


def _counted(candidates: list[Block], columns: Mapping[str, Column], rows: int) -> list[tuple[Block, int]]:
    """The candidates that hold enough rows and make few enough pairs, in the order they are taken."""
    found = []
    for order, block in enumerate(candidates):
        keys = block_keys(block, columns, rows)
        pairs, _ = loops.count_pairs(np.argsort(keys, kind="stable"), keys, _LARGEST)
        if 0 < pairs <= BLOCK_A_ROW * rows + 1_000 and float((keys != loops.NONE).mean()) > 0.2:
            found.append((len(block.parts), pairs, order, block))
    return [(block, int(pairs)) for _, pairs, _, block in sorted(found, key=lambda one: one[:3])]


def _adds_nothing(block: Block, other: Block) -> bool:
    """Whether every pair of a block is one of another's; a looser form of a column counts as part of the column."""
    mine = {str(part) for part in block.parts}
    return all(str(part) in mine or _implied(part, block) for part in other.parts)


def _implied(part: KeyPart, block: Block) -> bool:
    """Whether rows that agree in the block's columns agree in what this part makes of one of them."""
    return bool(part.function) and part.function != "either" and any(one.column == part.column and not one.function for one in block.parts)


_STRONG = ("identifier", "phone", "email")
_WEAKER = ("date", "name", "chinese_name", "organisation", "address", "postcode", "text")


def _candidates(kinds: Mapping[str, Profile], crossed: Mapping[str, str]) -> list[Block]:
    """Single columns; names either way round; pairs of columns; sounds and beginnings beside another column."""
    single = [key for key, one in kinds.items() if one.kind in (*_STRONG, *_WEAKER)]
    found = [Block((KeyPart(key),)) for key in single]
    found += [Block((KeyPart(key, "local"),)) for key in single if kinds[key].kind == "email"]
    found += [
        Block((KeyPart(one, "either", other=other),)) for one, other in crossed.items() if one < other and kinds[one].kind != "address"
    ]
    found += [Block((KeyPart(one), KeyPart(other))) for one, other in combinations(single, 2)]
    loose = [part for key in single for part in _loose(key, kinds[key].kind)]
    found += [Block((part, KeyPart(key))) for part in loose for key in single if key != part.column]
    found += [Block((one, other)) for one, other in combinations(loose, 2) if one.column != other.column]
    return found


def _loose(key: str, kind: str) -> list[KeyPart]:
    if kind in ("name", "chinese_name"):
        return [KeyPart(key, "sound")]
    if kind == "date":
        return [KeyPart(key, "year"), KeyPart(key, "month_day")]
    if kind in ("address", "text", "organisation", "email"):
        return [KeyPart(key, "first", 5 if kind == "email" else 4)]
    return []


def _written(row_id: str, kinds: Mapping[str, Profile], crossed: Mapping[str, str], blocks: list[tuple[Block, int]]) -> str:
    lines = [
        "# Proposed from the data; change what you know better.",
        *([f"id: {json.dumps(row_id, ensure_ascii=False)}"] if row_id else []),
    ]
    lines.append("columns:")
    for key, one in kinds.items():
        scheme = f", scheme: {one.scheme}" if one.scheme != "none" else ""
        called = f", column: {json.dumps(one.name, ensure_ascii=False)}" if one.name != key else ""
        lines.append(f"  {json.dumps(key, ensure_ascii=False)}: {{kind: {one.kind}{scheme}{called}}}  # {one.why}")
    lines.append("comparisons:")
    for key, one in kinds.items():
        levels = list(default_levels(one.kind))
        if key in crossed:
            levels.insert(1, f"crossed {crossed[key]}")
        lines.append(f"  {json.dumps(key, ensure_ascii=False)}: {{levels: {json.dumps(levels, ensure_ascii=False)}}}")
    lines.append("blocks:")
    lines += [f"  - {json.dumps([str(part) for part in block.parts], ensure_ascii=False)}  # {pairs:,} pairs" for block, pairs in blocks]
    sure = [key for key, one in kinds.items() if one.scheme != "none"]
    called_ = [key for key, one in kinds.items() if one.kind in ("chinese_name", "organisation")]
    if sure and called_:
        lines += ["same:", *(f"  - {json.dumps([key, called_[0]], ensure_ascii=False)}" for key in sure)]
    if sure:
        under = called_[:1]
        lines += ["never:", *(f"  - {json.dumps([key, *under], ensure_ascii=False)}" for key in sure)]
    return "\n".join(lines) + "\n"
