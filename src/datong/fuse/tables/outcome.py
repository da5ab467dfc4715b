"""What linking gave, for people: names of rows and clusters, Arrow tables to write, how it stands to a truth, why a pair is what it is."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.errors import BadValue, Missing
from datong.fuse.tables import join
from datong.fuse.tables.block import named
from datong.fuse.tables.compare import level_names, patterns_of
from datong.fuse.tables.flow import Linked, text_column
from datong.fuse.tables.keys import block_keys
from datong.fuse.tables.link_spec import LinkSpec
from datong.fuse.tables.train import rarity
from datong.fuse.tables.truth import Measured, measure_clusters, measure_pairs


def row_names(spec: LinkSpec, tables: Sequence[Any], row_nos: Sequence[Any]) -> Any:
    """What each given row is called: its id, else its number in the file; with two tables `1:` or `2:` before it.

    Raises BadValue when an id is empty or stands twice in its table.
    """
    parts = []
    for number, (table, numbers) in enumerate(zip(tables, row_nos, strict=True), 1):
        named_rows = text_column(table, spec.row_id, spec) if spec.row_id else pa.array(np.asarray(numbers).astype(str).astype(object))
        texts = named_rows.cast(pa.string())
        if len(texts) and (pc.count_distinct(texts, mode="all").as_py() != len(texts) or pc.any(pc.equal(texts, "")).as_py()):
            raise BadValue(
                spec.row_id, "the column that names rows is empty somewhere or has one value twice", "name another, or leave out id"
            )
        parts.append(pc.binary_join_element_wise(f"{number}:", texts, "") if len(tables) == 2 else texts)
    return pa.concat_arrays(parts)


def cluster_names(spec: LinkSpec, linked: Linked, names: Any) -> Any:
    """Each row's cluster by name, in the fixed order: its lowest row's id; without ids a digest of what that row holds.

    The same rows in any order give the same names.
    """
    roots, places = np.unique(linked.clusters, return_inverse=True)
    if spec.row_id:
        own = names.take(pa.array(linked.rows.order)).take(pa.array(roots))
    else:
        seen: Counter[str] = Counter()
        shown = []
        for digest in linked.rows.digests[roots].tolist():
            text = f"{digest:016x}"
            seen[text] += 1
            shown.append(text if seen[text] == 1 else f"{text}-{seen[text]}")
        own = pa.array(shown, pa.string())
    return own.take(pa.array(places))


def cluster_table(spec: LinkSpec, linked: Linked, names: Any) -> Any:
    """One row a row as given: its name, its cluster, and how many rows that holds."""
    clusters = cluster_names(spec, linked, names)
    sizes = np.bincount(linked.clusters, minlength=len(linked.rows))[linked.clusters]
    back = pa.array(linked.place_of)
    return pa.table({"row": names, "cluster": clusters.take(back), "rows": pa.array(sizes).take(back)})


def pair_table(spec: LinkSpec, linked: Linked, names: Any, least: float) -> Any:
    """The compared pairs with a score of at least `least`, the best first: score, outcome, blocks, and each level with its bits."""
    kept = np.flatnonzero(linked.bits >= least)
    kept = kept[np.lexsort((linked.pairs.right[kept], linked.pairs.left[kept], -linked.bits[kept]))]
    ordered = names.take(pa.array(linked.rows.order))
    found = linked.pairs.found[kept]
    distinct, places = np.unique(found, return_inverse=True)
    blocks = pa.array(["; ".join(named(spec.blocks, int(bits))) for bits in distinct], pa.string())
    table = {
        "left": ordered.take(pa.array(linked.pairs.left[kept])),
        "right": ordered.take(pa.array(linked.pairs.right[kept])),
        "score": pa.array(np.round(linked.bits[kept], 2)),
        "outcome": pa.array(join.WORDS).take(pa.array(linked.outcome[kept].astype(np.int32))),
        "blocks": blocks.take(pa.array(places)),
    }
    for place, comparison in enumerate(spec.comparisons):
        levels = pa.array([*level_names(comparison), "missing"])
        reached = linked.patterns[kept, place].astype(np.int32)
        table[comparison.column] = levels.take(pa.array(np.where(reached < 0, len(levels) - 1, reached)))
        table[f"{comparison.column} bits"] = pa.array(np.round(_bits(spec, linked, place, kept), 2))
    return pa.table(table)


def _bits(spec: LinkSpec, linked: Linked, place: int, kept: Any) -> Any:
    comparison = spec.comparisons[place]
    reached = linked.patterns[kept, place]
    bits = linked.model.weights(comparison.column)[reached]
    if comparison.frequencies:
        column = linked.rows.columns[comparison.column]
        extra = rarity(column, comparison.column)[column.codes[linked.pairs.left[kept]]]
        bits = bits + np.where(reached == 0, extra, 0.0)
    return bits


@dataclass(frozen=True)
class Quality:
    """How the links stand to a known truth: the pairs linked one by one, and the clusters made of them."""

    pairs: Measured
    clusters: Measured
    compared: int
    """Pairs compared, or joined by rule."""
    reachable: float
    """Share of the true pairs that were compared or joined by rule: recall cannot be higher before clustering."""
    rows: int
    """Rows whose truth is known."""


def measure(linked: Linked, truth: Any) -> Quality:
    """Against a text for each row as given (empty where unknown); across the tables only, when there are two."""
    texts = truth.combine_chunks() if isinstance(truth, pa.ChunkedArray) else truth
    codes = pc.fill_null(pc.if_else(pc.equal(texts, ""), None, texts).dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    codes = codes.astype(np.int64)[linked.rows.order]
    sides = linked.rows.sides if linked.rows.sides.any() else ()
    by_rule = measure_clusters(codes, linked.groups, sides)
    left, right = linked.pairs.left, linked.pairs.right
    every = measure_pairs(codes, left, right, sides)
    chosen = measure_pairs(codes, left[linked.linked], right[linked.linked], sides)
    pairs = Measured(chosen.true, chosen.made + by_rule.made, chosen.right + by_rule.right)
    compared = Measured(every.true, every.made + by_rule.made, every.right + by_rule.right)
    return Quality(pairs, measure_clusters(codes, linked.clusters, sides), compared.made, compared.recall, int((codes >= 0).sum()))


@dataclass(frozen=True)
class Step:
    """One comparison of an explained pair."""

    column: str
    left: str
    right: str
    level: str
    bits: float
    rarity: float
    """Of these bits, what the value's being rare (or common) added."""


@dataclass(frozen=True)
class Explanation:
    """Why two rows are in one cluster, or not."""

    left: str
    right: str
    together: bool
    outcome: str
    """A word of `join.WORDS`, `same_rule`, `two_identifiers`, or `not_compared`."""
    blocks: tuple[str, ...]
    prior: float
    steps: tuple[Step, ...]
    score: float
    threshold: float
    path: tuple[str, ...]
    """Rows that lead from one to the other by links, both included; empty when none do."""


def explain(spec: LinkSpec, linked: Linked, names: Any, left: str, right: str) -> Explanation:
    """Both rows by name. Raises Missing when there is no such row."""
    one, other = (_row(linked, names, name) for name in (left, right))
    low, high = min(one, other), max(one, other)
    at = np.flatnonzero((linked.pairs.left == low) & (linked.pairs.right == high))
    steps = _steps(spec, linked, one, other)
    found = int(linked.pairs.found[at[0]]) if len(at) else _found(spec, linked, low, high)
    return Explanation(
        left=left,
        right=right,
        together=bool(linked.clusters[one] == linked.clusters[other]),
        outcome=_outcome(linked, low, high, at),
        blocks=tuple(named(spec.blocks, found)),
        prior=linked.model.prior_bits,
        steps=steps,
        score=linked.model.prior_bits + sum(step.bits for step in steps),
        threshold=linked.threshold,
        path=_path(linked, names, one, other),
    )


def _row(linked: Linked, names: Any, name: str) -> int:
    place = pc.index(names, name).as_py()
    if place < 0:
        raise Missing(f"--explain: there is no row {name!r}; rows are called as in the column row of the clusters")
    return int(linked.place_of[place])


def _outcome(linked: Linked, low: int, high: int, at: Any) -> str:
    if linked.groups[low] == linked.groups[high]:
        return "same_rule"
    return join.WORDS[int(linked.outcome[at[0]])] if len(at) else "not_compared"


def _found(spec: LinkSpec, linked: Linked, low: int, high: int) -> int:
    """The blocks in which both rows agree, were they compared or not."""
    pair = {name: column.take(np.array([low, high])) for name, column in linked.rows.columns.items()}
    keys = [block_keys(block, pair, 2) for block in spec.blocks]
    return sum(1 << place for place, key in enumerate(keys) if key[0] == key[1] != 0)


def _steps(spec: LinkSpec, linked: Linked, one: int, other: int) -> tuple[Step, ...]:
    columns = linked.rows.columns
    pattern = patterns_of(spec, columns, np.array([one]), np.array([other]))[0]
    steps = []
    for place, comparison in enumerate(spec.comparisons):
        column, reached = columns[comparison.column], int(pattern[place])
        extra = 0.0
        if comparison.frequencies and reached == 0:
            extra = float(rarity(column, comparison.column)[column.codes[one]])
        level = level_names(comparison)[reached] if reached >= 0 else "missing"
        bits = float(linked.model.weights(comparison.column)[reached]) + extra
        texts = [column.values.texts[column.codes[row]] if column.codes[row] >= 0 else "" for row in (one, other)]
        steps.append(Step(comparison.column, texts[0], texts[1], level, bits, extra))
    return tuple(steps)


def _path(linked: Linked, names: Any, one: int, other: int) -> tuple[str, ...]:
    """The shortest way from row to row over links and same-rules inside their cluster."""
    if linked.clusters[one] != linked.clusters[other] or one == other:
        return ()
    inside = np.flatnonzero(linked.linked & (linked.clusters[linked.pairs.left] == linked.clusters[one]))
    inside = inside[linked.clusters[linked.pairs.right[inside]] == linked.clusters[one]]
    ways: dict[int, list[int]] = {}
    members = np.flatnonzero(linked.clusters == linked.clusters[one])
    by_rule = [(int(row), int(linked.groups[row])) for row in members if linked.groups[row] != row]
    by_pair = zip(linked.pairs.left[inside].tolist(), linked.pairs.right[inside].tolist(), strict=True)
    for a, b in (*by_pair, *by_rule):
        ways.setdefault(a, []).append(b)
        ways.setdefault(b, []).append(a)
    before, waiting = {one: one}, deque([one])
    while waiting and other not in before:
        here = waiting.popleft()
        for step in ways.get(here, ()):
            if step not in before:
                before[step] = here
                waiting.append(step)
    if other not in before:
        return ()
    path = [other]
    while path[-1] != one:
        path.append(before[path[-1]])
    return tuple(names[int(linked.rows.order[row])].as_py() for row in reversed(path))
