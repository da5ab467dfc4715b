"""What holds a subject together, and which subjects a person should look at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.fuse.world import World, citizen, real_packs

from datong import fuse
from datong.fuse.graph import ClusterEdge, mark_bridges
from datong.fuse.health import outliers

WANG, LI = citizen("1985-03-07", 11), citizen("1985-03-07", 13)


def graph(world: World, code: str) -> fuse.ClusterGraph:
    with world.store.session(read_only=True) as session:
        return fuse.cluster_graph(session, real_packs(), code)


def suspicions(world: World) -> list[fuse.Suspicion]:
    with world.store.session() as session:
        fuse.check_health(session, real_packs())
        return fuse.suspicious_clusters(session, 50)


def test_the_graph_shows_numbers_repeats_and_comparisons_and_which_of_them_are_bridges(world: World) -> None:
    one = world.household("1", "王小明", WANG)
    two = world.health("1", "王小明", birth_date="1985-03-07")
    three = world.health("2", "王小明", birth_date="1985-03-07")
    world.fuse()
    found = graph(world, world.code("police_household", one))
    assert {node.key for node in found.nodes} == {
        "number:1",
        f"police_household/{one}/person",
        f"health_file/{two}/person",
        f"health_file/{three}/person",
    }
    assert {node.source for node in found.nodes if node.reference} == {
        real_packs().source(each).title_zh for each in ("police_household", "health_file")
    }
    edges = {(edge.rule, edge.is_bridge) for edge in found.edges}
    assert edges == {("number", False), ("repeat", False), ("compared", True)}
    compared = next(edge for edge in found.edges if edge.rule == "compared")
    assert compared.weight == sum(each.weight for each in compared.compared)
    assert WANG not in str(found), "the number itself is no part of the graph"


def test_a_merged_code_leads_to_the_graph_of_the_code_it_stands_for(world: World) -> None:
    one, two = world.household("1", "王小明", WANG), world.household("2", "王小明", LI)
    world.fuse()
    codes = [world.code("police_household", each) for each in (one, two)]
    world.judge(f"police_household/{one}/person", f"police_household/{two}/person", "same")
    world.fuse()
    drawn = [graph(world, code) for code in codes]
    assert drawn[0] == drawn[1] and len(drawn[0].nodes) == 4
    judged = [edge for edge in drawn[0].edges if edge.rule == "judged"]
    assert len(judged) == 1 and judged[0].is_bridge
    numbers = {edge.left: edge.right for edge in drawn[0].edges if edge.rule == "number"}
    assert len(numbers) == 2, "each mention hangs on its own number"


def test_two_numbers_joined_by_a_judgement_are_the_gravest_finding(world: World) -> None:
    one, two = world.household("1", "王小明", WANG), world.household("2", "赵丽", LI)
    world.fuse()
    world.judge(f"police_household/{one}/person", f"police_household/{two}/person", "same")
    world.fuse()
    found = suspicions(world)
    assert [each.problem for each in found][:1] == ["two_numbers"]
    assert {ref.record_id for ref in found[0].references} == {one, two}
    assert found[0].code == world.code("police_household", one) and found[0].advice


def test_a_judged_link_of_people_who_contradict_each_other_is_found(world: World) -> None:
    one = world.household("1", "王小明", WANG)
    far = world.health("1", "赵丽", birth_date="1950-01-02", sex="女")
    world.fuse()
    world.judge(f"health_file/{far}/person", f"police_household/{one}/person", "same")
    world.fuse()
    found = {each.problem: each for each in suspicions(world)}
    assert "name:different" in found["contradiction"].detail and "birth_date:different" in found["contradiction"].detail
    assert {ref.record_id for ref in found["contradiction"].references} == {one, far}


def test_a_weak_bridge_with_several_mentions_behind_it_is_found_and_a_judgement_settles_it(world: World) -> None:
    home = world.home()
    one = world.household("1", "王小明", WANG, home)
    weak = [world.health(str(number), "王小明", address=home, phone="13912345678") for number in (1, 2)]
    world.fuse()
    code = world.code("police_household", one)
    assert [world.code("health_file", each) for each in weak] == [code, code]
    found = {each.problem: each for each in suspicions(world)}
    assert found["bridge"].code == code and found["bridge"].concerned == 2
    assert {ref.record_id for ref in found["bridge"].references} == set(weak)
    world.judge(f"health_file/{weak[0]}/person", f"police_household/{one}/person", "same")
    world.fuse()
    assert not [each for each in suspicions(world) if each.problem == "bridge"]


def test_sound_subjects_are_not_suspicious(world: World) -> None:
    for number in range(30):
        day = f"19{60 + number}-03-07"
        world.household(str(number), f"王小{'明红刚强丽'[number % 5]}", citizen(day, 11))
        world.health(str(number), f"王小{'明红刚强丽'[number % 5]}", birth_date=day, sex="男")
    world.fuse()
    assert suspicions(world) == []


def test_a_subject_with_far_more_mentions_than_others_stands_out() -> None:
    sizes = {f"P{number:05}": 4 + number % 9 for number in range(500)} | {"PBIG": 4000}
    assert [(one.code, one.problem, one.records) for one in outliers({"person": sizes})] == [("PBIG", "size", 4000)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=25))
def test_a_bridge_is_an_edge_whose_loss_leaves_more_parts(pairs: list[tuple[int, int]]) -> None:
    edges = mark_bridges(ClusterEdge(str(one), str(two), "compared", 1.0) for one, two in pairs)
    for edge in edges:
        rest = [other for other in edges if other is not edge]
        assert edge.is_bridge == (_parts(edges, rest) > _parts(edges, edges))


def _parts(nodes_of: list[ClusterEdge], edges: list[ClusterEdge]) -> int:
    groups = [{node} for node in {end for edge in nodes_of for end in (edge.left, edge.right)}]
    for edge in edges:
        left, right = (next(group for group in groups if end in group) for end in (edge.left, edge.right))
        if left is not right:
            left |= right
            groups.remove(right)
    return len(groups)
