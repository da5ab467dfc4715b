"""Arrow batch in, Arrow batch out: the same keys and levels however the rows are cut into batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuse.tables.small_tables import people, spec_of

from datong.fuse.tables import compare_batch, key_batch, link_tables


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 40), st.integers(0, 3))
def test_batches_agree_with_the_whole_table(tmp_path: Path, size: int, seed: int) -> None:
    spec = spec_of(tmp_path)
    table, _ = people(seed, 20)
    linked = link_tables(spec, [table])
    left, right = (table.take(linked.rows.order[side]) for side in (linked.pairs.left, linked.pairs.right))
    names = ["left_id", *(f"left_{one.name}" for one in spec.columns), "right_id", *(f"right_{one.name}" for one in spec.columns)]
    wanted = ["row", *(one.name for one in spec.columns)]
    pairs = pa.table([*(left[name] for name in wanted), *(right[name] for name in wanted)], names=names)
    parts = [compare_batch(spec, batch) for batch in pairs.combine_chunks().to_batches(max_chunksize=size)]
    found = pa.Table.from_batches(parts)
    levels = np.stack([found[one.column].to_numpy() for one in spec.comparisons], axis=1)
    assert np.array_equal(levels, linked.patterns)


def test_joining_by_key_gives_the_very_pairs_of_the_engine(tmp_path: Path) -> None:
    spec = spec_of(tmp_path)
    table, _ = people(4, 30)
    rows = table.rename_columns(["id" if name == "row" else name for name in table.column_names])
    keys = pa.Table.from_batches([key_batch(spec, batch) for batch in rows.to_batches(max_chunksize=7)])
    held: dict[tuple[int, int], list[str]] = {}
    for row in keys.to_pylist():
        held.setdefault((row["block"], row["key"]), []).append(row["id"])
    joined = {tuple(sorted((one, other))) for rows_ in held.values() for one in rows_ for other in rows_ if one < other}
    linked = link_tables(spec, [table])
    names = table["row"].take(linked.rows.order).to_pylist()
    groups = linked.groups
    place = {name: at for at, name in enumerate(names)}
    apart = {pair for pair in joined if groups[place[pair[0]]] != groups[place[pair[1]]]}
    made = zip(linked.pairs.left.tolist(), linked.pairs.right.tolist(), strict=True)
    assert {tuple(sorted((names[one], names[other]))) for one, other in made} == apart
