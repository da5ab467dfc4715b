"""Rows of small tables with known truth come together, whatever order they come in, and never against a rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuse.tables.small_tables import SPEC, number, people, spec_of
from tests.shared_data import shared

from datong import collect
from datong.domain.errors import BadValue
from datong.fuse.tables import cluster_table, explain, link_tables, measure, measure_clusters, pair_table, read_model, row_names
from datong.fuse.tables.flow import Linked


def linked_names(folder: Path, table: pa.Table, text: str = SPEC) -> dict[str, str]:
    """Row → cluster by name."""
    spec = spec_of(folder, text)
    linked = link_tables(spec, [table])
    found = cluster_table(spec, linked, row_names(spec, [table], [np.arange(table.num_rows)]))
    return dict(zip(found["row"].to_pylist(), found["cluster"].to_pylist(), strict=True))


def test_people_come_together(tmp_path: Path) -> None:
    table, truth = people(1)
    spec = spec_of(tmp_path)
    quality = measure(link_tables(spec, [table]), pa.array(map(str, truth)))
    assert quality.clusters.precision == 1.0
    assert quality.clusters.recall > 0.97
    assert quality.reachable > 0.97
    assert quality.rows == table.num_rows


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.randoms(use_true_random=False), with_ids=st.booleans())
def test_the_order_of_rows_changes_no_cluster_and_no_name(tmp_path: Path, order: object, with_ids: bool) -> None:
    table, _ = people(2, 25)
    text = SPEC if with_ids else SPEC.replace("id: row\n", "")
    shuffled = list(range(table.num_rows))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one = linked_names(tmp_path, table, text)
    other = linked_names(tmp_path, table.take(shuffled), text)
    if with_ids:
        assert other == one
    else:
        assert {str(shuffled[int(row)]): cluster for row, cluster in other.items()} == one


def test_two_sound_numbers_never_meet_however_alike_the_rest(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    one, two = number(draw, "1980-05-05"), number(draw, "1980-05-05")
    twin = {"name": "王小明", "birth_date": "1980-05-05", "phone": "13912345678"}
    table, _ = people(3, 40)
    rows = [{"row": f"t{at}", "citizen_id": held, **twin} for at, held in enumerate((one, two, "", ""))]
    table = pa.concat_tables([table, pa.Table.from_pylist(rows, table.schema)])
    spec = spec_of(tmp_path)
    linked = link_tables(spec, [table])
    names = row_names(spec, [table], [np.arange(table.num_rows)])
    found = explain(spec, linked, names, "t0", "t1")
    assert not found.together and found.score > found.threshold
    assert found.outcome == "two_identifiers"
    free = linked_names(tmp_path, table, SPEC.replace("never: [citizen_id]\n", "never: []\n"))
    assert free["t0"] == free["t1"], "without the rule the score would have joined them"
    clusters = linked_names(tmp_path, table)
    assert clusters["t2"] in (clusters["t0"], clusters["t1"])


def test_a_borrowed_number_binds_only_under_its_usual_name_where_the_spec_says_so(tmp_path: Path) -> None:
    """A row carries the number of somebody who has it under another name in three rows: by itself it binds or not as the spec says."""
    draw = np.random.default_rng(10)
    own, other = number(draw, "1980-05-05"), number(draw, "1951-02-03")
    mine = {"name": "王小明", "birth_date": "1980-05-05", "phone": "13912345678"}
    theirs = {"name": "李建国", "birth_date": "1951-02-03", "phone": "13700000001"}
    rows = [{"row": f"m{at}", "citizen_id": held, **mine} for at, held in enumerate((own, own, other))]
    rows += [{"row": f"o{at}", "citizen_id": other, **theirs} for at in range(3)]
    table = pa.concat_tables([people(10, 40)[0], pa.Table.from_pylist(rows, people(10, 1)[0].schema)])
    strict = linked_names(tmp_path, table)
    assert strict["m2"] != strict["m0"] == strict["m1"] != strict["o0"]
    usual = linked_names(tmp_path, table, SPEC.replace("never: [citizen_id]", "never:\n  - [citizen_id, name]"))
    assert usual["m2"] == usual["m0"] == usual["m1"] != usual["o0"] == usual["o2"]


def test_an_address_in_other_words_agrees_in_its_last_numbers(tmp_path: Path) -> None:
    text = 'id: row\ncolumns:\n  a: {kind: address}\ncomparisons:\n  a: {levels: ["numbers 0.4", "last_numbers 3"]}\nblocks:\n  - ["last_digits(a, 3)"]\n  - ["digits(a)"]\n'
    texts = ("人民路12号阳光花园3号楼2单元501室", "阳光花园3-2-501", "人民路12号阳光花园3栋2单元501", "人民路12号阳光花园3号楼2单元502室")
    table = pa.table({"row": list("wxyz"), "a": texts})
    spec = spec_of(tmp_path, text)
    linked = link_tables(spec, [table])
    found = {(pair["left"], pair["right"]): pair["a"] for pair in pair_table(spec, linked, table["row"].combine_chunks(), -99).to_pylist()}
    assert found == {("w", "x"): "last_numbers 3", ("w", "y"): "numbers 0.4", ("x", "y"): "last_numbers 3"}


def test_a_mistyped_number_is_no_reason_to_keep_apart(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    right = number(draw, "1980-05-05")
    wrong = right[:10] + str((int(right[10]) + 1) % 10) + right[11:]
    table, _ = people(4, 40)
    rows = [
        {"row": f"t{at}", "name": "王小明", "citizen_id": held, "birth_date": "1980-05-05", "phone": "13912345678"}
        for at, held in enumerate((right, wrong))
    ]
    clusters = linked_names(tmp_path, pa.concat_tables([table, pa.Table.from_pylist(rows)]))
    assert clusters["t0"] == clusters["t1"]


def test_across_two_tables_only_pairs_across_are_compared_and_one_to_one_holds(tmp_path: Path) -> None:
    table, truth = people(5)
    first, second = ([place for place in range(len(truth)) if place % 2 == side] for side in (0, 1))
    spec = spec_of(tmp_path, SPEC.replace("same:\n  - [citizen_id, name]\n", "one_to_one: true\n"))
    linked = link_tables(spec, [table.take(first), table.take(second)])
    sides = linked.rows.sides
    assert (sides[linked.pairs.left] != sides[linked.pairs.right]).all()
    for cluster in np.unique(linked.clusters):
        held = sides[linked.clusters == cluster]
        assert (held == 0).sum() <= 1 and (held == 1).sum() <= 1
    quality = measure(linked, pa.array([str(truth[place]) for place in (*first, *second)]))
    assert quality.clusters.precision == 1.0


def test_one_false_pair_does_not_chain_two_clusters(tmp_path: Path) -> None:
    """Two people of three rows each, of which one row of each shares name and phone: the other eight pairs outweigh it."""
    text = "id: row\ncolumns:\n  a: {kind: text}\n  b: {kind: text}\n  c: {kind: text}\ncomparisons:\n  a: {levels: []}\n  b: {levels: []}\n  c: {levels: []}\n"
    text += "blocks:\n  - [a]\n  - [b]\n  - [c]\n"
    rows = [{"row": f"r{group}-{at}", "a": f"a{group}", "b": f"b{group}", "c": f"c{group}"} for group in range(30) for at in range(3)]
    rows[2]["a"] = rows[5]["a"] = "bridge"
    rows[2]["b"] = rows[5]["b"] = "bridge"
    clusters = linked_names(tmp_path, pa.Table.from_pylist(rows), text)
    assert clusters["r0-0"] == clusters["r0-1"] != clusters["r1-0"] == clusters["r1-1"]


def test_a_model_kept_gives_the_same_scores_and_fits_only_its_spec(tmp_path: Path) -> None:
    table, _ = people(6)
    spec = spec_of(tmp_path)
    linked = link_tables(spec, [table])
    linked.model.write(tmp_path / "model.json")
    again = link_tables(spec, [table], model=read_model(tmp_path / "model.json", spec))
    assert np.array_equal(again.bits, linked.bits) and np.array_equal(again.clusters, linked.clusters)
    other = spec_of(tmp_path, SPEC.replace("  phone:\nsame", '  phone: {levels: ["edits 2"]}\nsame'))
    with pytest.raises(BadValue, match="phone"):
        read_model(tmp_path / "model.json", other)
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadValue, match="not a link model"):
        read_model(tmp_path / "model.json", spec)


def test_the_pairs_say_what_each_comparison_gave_and_add_up(tmp_path: Path) -> None:
    table, _ = people(7)
    spec = spec_of(tmp_path)
    linked = link_tables(spec, [table])
    found = pair_table(spec, linked, row_names(spec, [table], [np.arange(table.num_rows)]), -50)
    assert found.num_rows == len(linked.pairs) > 0
    for pair in found.to_pylist()[:50]:
        total = linked.model.prior_bits + sum(pair[f"{one.column} bits"] for one in spec.comparisons)
        assert total == pytest.approx(pair["score"], abs=0.05)
    scores = found["score"].to_pylist()
    assert scores == sorted(scores, reverse=True)


def test_measured_by_hand() -> None:
    """Truth {0,1,2},{3,4}, made {0,1},{2,3,4}: 4 true pairs, 4 made, 2 right; row 5 has no truth and counts nowhere."""
    found = measure_clusters([0, 0, 0, 1, 1, -1], [7, 7, 8, 8, 8, 8])
    assert (found.true, found.made, found.right) == (4, 4, 2)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    across = measure_clusters([0, 0, 0, 1, 1], [7, 7, 7, 8, 9], [0, 1, 1, 0, 1])
    assert (across.true, across.made, across.right) == (3, 2, 2)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_tables_too_small_to_learn_from_are_still_answered(tmp_path: Path, rows: int) -> None:
    table = people(8, 5)[0].slice(0, rows)
    assert len(linked_names(tmp_path, table)) == rows


def test_a_table_that_lacks_a_column_is_refused_by_its_name(tmp_path: Path) -> None:
    table = people(9, 5)[0].drop_columns(["phone"])
    with pytest.raises(BadValue, match="phone"):
        linked_names(tmp_path, table)


def test_row_ids_that_stand_twice_are_refused(tmp_path: Path) -> None:
    table = pa.concat_tables([people(9, 5)[0]] * 2)
    with pytest.raises(BadValue, match="twice"):
        linked_names(tmp_path, table)


def test_a_public_set_is_linked_without_a_fault(tmp_path: Path) -> None:
    """febrl's first set with the spec of the benchmark: every duplicate is found and nothing else."""
    from datong.fuse.tables import read_spec

    table = collect.read_any(shared("linkage", "febrl", "dataset1.csv")).columns
    spec = read_spec(Path(__file__).parents[3] / "benchmarks" / "link_specs" / "febrl.yml")
    linked: Linked = link_tables(spec, [table])
    truth = pa.array([name.split("-")[1] for name in table["rec_id"].to_pylist()])
    assert measure(linked, truth).clusters.f1 == 1.0
