"""The premises tree: stable ids, order independence, rows of the store, pushed records, suggestions."""

from __future__ import annotations

import random

from sqlalchemy import insert, select
from tests.fuse.address.small_register import DIVISIONS, rows, small_tree

from datong import store
from datong.domain.address import Level
from datong.fuse.address import PlaceTree, Reader, match_address, reader_for, row_from_text, row_of, suggest
from datong.store.schema.fuse import PLACE


def test_the_order_of_rows_changes_nothing() -> None:
    wanted = list(small_tree().to_rows())
    for seed in range(3):
        shuffled = rows()
        random.Random(seed).shuffle(shuffled)
        assert list(PlaceTree.build(shuffled, DIVISIONS).to_rows()) == wanted


def test_every_level_can_be_addressed() -> None:
    tree = small_tree()
    door = "370303/S:车站街道/E:金信花园/b:2/e:1/u:302"
    levels = [place.level for place in tree.ancestors(door)]
    assert levels == [Level.UNIT, Level.ENTRANCE, Level.BUILDING, Level.ESTATE, Level.COMMUNITY, Level.STREET, Level.DISTRICT, Level.CITY]
    assert tree.full_text(door) == "淄博市张店区车站街道金信社区柳泉路12号金信花园2号楼1单元302室"


def test_a_tree_comes_back_from_its_rows() -> None:
    tree = small_tree()
    kept = list(tree.to_rows())
    random.Random(5).shuffle(kept)
    again = PlaceTree.from_rows(kept)
    assert list(again.to_rows()) == list(tree.to_rows())
    text = "柳泉路12号2号楼1单元302"
    assert match_address(reader_for(again), again, text) == match_address(reader_for(tree), tree, text)


def test_the_rows_fit_the_store(sqlite_store: store.Store) -> None:
    kept = list(small_tree().to_rows())
    assert set(kept[0]) == {column.name for column in PLACE.columns}
    assert str(insert(PLACE).values(kept[0])) and str(select(PLACE))


def test_a_pushed_row_is_found_at_once_and_keeps_its_id() -> None:
    tree = small_tree()
    row = row_of(
        {
            "division": "370303001",
            "street": "车站街道",
            "estate": "金信花园",
            "building": "3",
            "entrance": "1",
            "room": "101",
            "code": "new",
        }
    )
    place = tree.upsert(row)
    assert place == tree.upsert(row) == "370303/S:车站街道/E:金信花园/b:3/e:1/u:101"
    assert match_address(reader_for(tree), tree, "金信花园3-1-101").code == "new"


def test_a_row_without_a_street_joins_the_only_estate_of_its_name() -> None:
    tree = small_tree()
    place = tree.upsert(row_of({"division": "370303", "estate": "金信花园", "building": "7", "room": "101"}))
    assert place.startswith("370303/S:车站街道/E:金信花园/")


def test_two_estates_of_one_name_on_different_roads_stay_two() -> None:
    same = [
        {"division": "370303", "estate": "福园小区", "road": road, "road_no": "1", "building": "1", "room": "101", "code": road}
        for road in ("东一路", "东二路")
    ]
    tree = PlaceTree.build([row_of(values) for values in same], DIVISIONS)
    reader = reader_for(tree)
    assert match_address(reader, tree, "东一路1号福园小区1号楼101").code == "东一路"
    assert match_address(reader, tree, "东二路1号福园小区1号楼101").code == "东二路"
    assert match_address(reader, tree, "福园小区1号楼101").code == ""


def test_a_register_of_plain_texts_makes_the_same_tree() -> None:
    reader = Reader()
    texts = ["淄博市张店区柳泉路12号金信花园2号楼1单元302室", "淄博市张店区柳泉路12号金信花园2号楼1单元301室"]
    tree = PlaceTree.build([row_from_text(reader, text, code=str(at)) for at, text in enumerate(texts)])
    assert match_address(reader_for(tree), tree, "金信花园2-1-302").code == "0"


def test_half_a_million_doors_would_fit() -> None:
    tree = PlaceTree.build(
        row_of({"division": "370303", "estate": f"第{number}大院", "building": building, "room": f"{floor}01"})
        for number in range(100) for building in range(1, 11) for floor in range(1, 11)
    )  # fmt: skip
    assert len(tree.places) > 11_000
    assert all(place.parent_id in tree.places or not place.parent_id for place in tree.places.values())


def test_suggestions_by_beginning_pinyin_and_piece() -> None:
    tree = small_tree()
    assert suggest(tree, "金信花")[0].name == "金信花园"
    assert "金信花园" in [found.name for found in suggest(tree, "jxhy")]
    assert "金信花园" in [found.name for found in suggest(tree, "jinxinhua")]
    assert [found.name for found in suggest(tree, "苑小")] == ["东苑小区", "西苑小区"]
    first = suggest(tree, "机床厂")[0]
    assert (first.street, first.community, first.full_text) == ("车站街道", "金信社区", "淄博市张店区车站街道金信社区柳泉路12号金信花园")
    assert suggest(tree, "") == []
    assert len(suggest(tree, "世", limit=1)) == 1
