"""The pure parts: scoring, clustering, codes, the declared model."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuse.world import citizen, real_packs

from datong.domain.errors import BadPack
from datong.fuse.block import BLOCKS, blocks_of
from datong.fuse.cluster import Edge, cluster
from datong.fuse.code import Assignment, Cluster, assign
from datong.fuse.compare import COMPARISONS
from datong.fuse.members import _likeliest
from datong.fuse.model import load_models
from datong.fuse.persona import Persona, persona
from datong.fuse.score import choose, score_pair
from datong.spec import Packs

MODEL = load_models(real_packs())["person"]
NODES = [f"n{at}" for at in range(8)]
EDGES = st.lists(st.builds(Edge, st.sampled_from(NODES), st.sampled_from(NODES), st.integers(1, 5).map(float)), max_size=20)
NUMBERS = st.dictionaries(st.sampled_from(NODES), st.sampled_from(["1", "2"]).map(lambda number: frozenset((number,))))
JUDGED = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.just("different")).filter(lambda row: row[0] != row[1]), max_size=3
)


def person(key: str, number: str = "", **facts: str) -> Persona:
    return persona(key, "person", [number], {name: [value] for name, value in facts.items()})


@given(EDGES, NUMBERS, JUDGED, st.randoms())
def test_clusters_depend_on_no_order_and_break_no_rule(edges: list[Edge], some: dict, judged: list, chance) -> None:
    numbers = {node: some.get(node, frozenset()) for node in NODES}
    found = cluster(numbers, edges, judged).root
    shuffled = edges.copy()
    chance.shuffle(shuffled)
    assert cluster(dict(reversed(numbers.items())), shuffled, list(reversed(judged))).root == found
    for root in set(found.values()):
        held = {number for node in NODES if found[node] == root for number in numbers[node]}
        assert len(held) <= 1, "two different numbers under one root"
    assert all(found[left] != found[right] for left, right, _ in judged)


def test_people_may_join_what_no_edge_may() -> None:
    numbers = {"a": frozenset(("1",)), "b": frozenset(("2",))}
    assert cluster(numbers, [Edge("a", "b", 99.0)]).refused == (Edge("a", "b", 99.0),)
    assert cluster(numbers, [], [("a", "b", "same")]).root == {"a": "a", "b": "a"}


def test_a_third_cannot_bring_together_two_that_do_not_bear_each_other() -> None:
    found = cluster(
        dict.fromkeys("abc", frozenset()), [Edge("a", "b", 2.0), Edge("b", "c", 1.0)], (), lambda one, two: {one, two} != {"a", "c"}
    )
    assert found.root == {"a": "a", "b": "a", "c": "c"}


def given_codes(known: dict[str, str], *clusters: Cluster) -> Assignment:
    serial = count(100)
    return assign(clusters, known, lambda code: int(code[1:]), lambda: f"P{next(serial)}")


def test_codes_are_kept_merged_into_the_older_and_split_from_the_one_with_the_number() -> None:
    one, two = Cluster("a", ("id:1",), True, 3), Cluster("b", ("id:2",), True, 9)
    kept = given_codes({"id:1": "P7", "id:2": "P3"}, one, two)
    assert kept.codes == {"a": "P7", "b": "P3"} and not kept.events and not kept.anchors
    merged = given_codes({"id:1": "P7", "id:2": "P3"}, Cluster("a", ("id:1", "id:2"), True, 12))
    assert merged.codes == {"a": "P3"} and [(e.event, e.code, e.other) for e in merged.events] == [("merged", "P7", "P3")]
    split = given_codes({"id:1": "P3", "rec:x": "P3"}, one, Cluster("c", ("rec:x",), False, 50))
    assert split.codes["a"] == "P3" and [(e.event, e.code, e.other) for e in split.events] == [("split", split.codes["c"], "P3")]


def test_new_codes_follow_the_order_of_anchors_not_of_input() -> None:
    clusters = [Cluster("z", ("id:1",), True, 1), Cluster("a", ("id:9",), True, 1)]
    assert given_codes({}, *clusters).codes == given_codes({}, *reversed(clusters)).codes == {"z": "P100", "a": "P101"}


def test_a_record_that_joins_a_numbered_subject_leaves_the_code_it_shared_to_the_rest() -> None:
    known = {"rec:a": "P5", "rec:b": "P5", "id:1": "P2"}
    found = given_codes(known, Cluster("id:1", ("id:1",), True, 4, ("rec:a",)), Cluster("rec:b", ("rec:b",), False, 1))
    assert found.codes == {"id:1": "P2", "rec:b": "P5"} and not found.events and found.anchors == {"rec:a": "P2"}


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2)), unique_by=lambda row: row[0], min_size=1))
def test_assigning_again_changes_nothing(groups: list[tuple[str, int]]) -> None:
    clusters = [
        Cluster(f"id:{group}", tuple(f"id:{name}" for name, of in groups if of == group), True, 1) for group in {of for _, of in groups}
    ]
    first = given_codes({}, *clusters)
    again = given_codes(first.anchors, *clusters)
    assert again.codes == first.codes and not again.events and not again.anchors


def test_the_score_is_the_sum_of_what_is_shown() -> None:
    judgement = score_pair(
        MODEL, person("a", name="王小明", birth_date="1985-03-07"), person("b", citizen("1985-03-07", 11), name="王小明")
    )
    assert judgement.verdict == "same"
    assert judgement.score == sum(one.weight for one in judgement.compared)
    assert {one.comparison for one in judgement.compared} == {"name", "birth_date"}


def test_the_best_candidate_is_taken_only_when_it_is_well_ahead() -> None:
    one = person("a", name="张伟", place="H1")
    father, son = (
        person("f", citizen("1960-01-02", 15), name="张伟", place="H1"),
        person("s", citizen("1990-01-02", 17), name="张伟", place="H1"),
    )
    assert choose(MODEL, one, [father]).key == "f"
    both = choose(MODEL, one, [father, son])
    assert both.key == "" and {key for key, _ in both.unsure} == {"f", "s"}
    assert {judgement.reason for _, judgement in both.unsure} == {"runner_up"}


def test_two_sound_numbers_are_different_whatever_else_agrees() -> None:
    facts = {"name": "张伟", "place": "H1", "phone": "13905330001", "account": "1"}
    judgement = score_pair(MODEL, person("a", citizen("1990-01-02", 15), **facts), person("b", citizen("1990-01-02", 17), **facts))
    assert (judgement.verdict, judgement.reason) == ("different", "two_numbers")


@given(st.permutations(["王小明", "王晓明"]), st.sampled_from(["1985-03-07", "1985-07-03", "1985-03-08", "1985-01-01", "2001-02-03"]))
def test_comparing_is_the_same_both_ways(names: list[str], birth: str) -> None:
    one, two = person("a", name=names[0], birth_date="1985-03-07"), person("b", name=names[1], birth_date=birth)
    assert score_pair(MODEL, one, two).score == score_pair(MODEL, two, one).score


def test_placeholders_make_no_block() -> None:
    told = {"name": ["王小明"], "phone": ["13800138000"], "birth_date": ["1900-01-01"], "number": ["111111111111111111"]}
    nobody = persona("a", "person", [], told)
    assert blocks_of(nobody, MODEL.blocks) == []


def test_every_block_and_comparison_is_explained_to_people() -> None:
    page = (Path(__file__).parents[2] / "docs" / "concepts" / "linking.md").read_text(encoding="utf-8")
    for name, function in {**BLOCKS, **COMPARISONS}.items():
        assert function.__doc__ and len(function.__doc__) > 15, f"{name} has no docstring for people"
        assert f"`{name}`" in page, f"docs/concepts/linking.md does not explain {name}"


def test_a_model_that_names_what_is_not_there_says_so_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    text = "person:\n  same: 1\n  blocks: [shoe_size]\n  comparisons: {colour: {same: 1}}\norganisation: {same: 1, unsure: 1, gap: 1, largest_block: 9}\n"
    (tmp_path / "registers" / "comparisons.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadPack) as caught:
        load_models(Packs(tmp_path, {}, {}))
    told = "\n".join(str(fault) for fault in caught.value.faults)
    assert "shoe_size" in told and "colour" in told and "prior is missing" in told and "comparisons.yml:2" in told


def test_a_pair_is_asked_about_once_at_its_likeliest_though_a_joined_subject_is_met_by_two_numbers() -> None:
    met = [("person", "a/1/person", "P1", 9.0, "[]"), ("person", "a/1/person", "P1", 10.5, "[]"), ("person", "a/1/person", "P2", 8.5, "[]")]
    assert _likeliest(SimpleNamespace(unsure=met)) == [met[1], met[2]]
