"""Turns of phrase that fill a city's company addresses: towns called after villages, county seats, zones, stretches, frontages."""

from __future__ import annotations

import pytest

from datong.domain.address import Level, Verdict
from datong.fuse.address import Lexicon, PlaceTree, Reader, add_divisions, city_entries, match_address, reader_for, row_of

DIVISIONS = [
    {"code": "3703", "name": "淄博市", "kind": "legal"},
    {"code": "370302", "name": "淄川区", "kind": "legal"},
    {"code": "370303", "name": "张店区", "kind": "legal"},
    {"code": "370323", "name": "沂源县", "kind": "legal"},
    {"code": "370302105", "name": "昆仑镇", "kind": "legal"},
    {"code": "370302105201", "name": "磁村村委会", "kind": "legal"},
    {"code": "370302105202", "name": "东高村委会", "kind": "legal"},
    {"code": "370303002", "name": "杏园街道", "kind": "legal"},
    {"code": "370303002001", "name": "良乡社区居委会", "kind": "legal"},
    {"code": "370303009", "name": "旧街道", "kind": "legal", "valid_to": "2001-01-01"},
    {"code": "370371", "name": "淄博高新技术产业开发区", "parent": "3703", "kind": "functional"},
]


def register() -> tuple[Reader, PlaceTree]:
    """A small register with official divisions below three counties."""
    tree = PlaceTree.build(
        [
            row_of({"division": "370323", "road": "振兴路", "road_no": "6"}),
            row_of({"division": "370302", "road": "松龄路", "road_no": "6"}),
            row_of({"division": "370303", "estate": "西山小区", "road": "中心路", "road_no": "8"}),
            row_of({"division": "370303", "estate": "通力家园", "road": "昌国路", "road_no": "111"}),
            row_of({"division": "370303", "road": "花园路", "road_no": "2"}),
        ],
        {one["code"]: one["name"] for one in DIVISIONS},
    )
    add_divisions(tree, DIVISIONS)
    return reader_for(tree, divisions=city_entries(DIVISIONS)), tree


def parts(text: str) -> list[tuple[str, str]]:
    reader = Reader(Lexicon(city_entries(DIVISIONS), home="3703"))
    return [(span.text, span.label.value) for span in reader.read(text).spans]


def test_a_town_called_after_a_village_is_the_town() -> None:
    reader, tree = register()
    assert reader.read("淄川区磁村镇东高村").street == "磁村镇"
    found = match_address(reader, tree, "淄川区磁村镇东高村")
    assert (found.level, found.full_text) == (Level.COMMUNITY, "淄博市淄川区昆仑镇东高村")


def test_the_seat_of_a_county_is_no_part_of_the_road() -> None:
    reader, tree = register()
    found = match_address(reader, tree, "山东省淄博市沂源县城振兴路6号")
    assert (found.verdict, found.full_text) == (Verdict.EXACT, "淄博市沂源县振兴路6号")
    assert ("城关街", "road") in parts("沂源县城关街3号")


def test_the_zone_of_a_city_says_the_city_and_nothing_against_the_district() -> None:
    reader, tree = register()
    for text in ("淄博高新区昌国路111号", "淄博开发区昌国路111号", "开发区昌国路111号"):
        assert match_address(reader, tree, text).full_text == "淄博市张店区昌国路111号通力家园"
    assert match_address(reader, tree, "淄博高新区无名路3号").level is Level.CITY


@pytest.mark.parametrize(
    "text",
    ["淄川区松龄路中段", "淄川区松龄路向南200米路东", "淄川区松龄路与花山路交叉路口", "淄川区松龄路以北沿街房", "淄川区松龄路十字路口"],
)
def test_a_stretch_of_a_road_or_a_spot_beside_it_reaches_the_road(text: str) -> None:
    reader, tree = register()
    found = match_address(reader, tree, text)
    assert (found.verdict, found.full_text) == (Verdict.VAGUE, "淄博市淄川区松龄路")


def test_a_number_on_a_stretch_is_the_roads() -> None:
    reader, tree = register()
    assert match_address(reader, tree, "淄川区松龄路西段6号").full_text == "淄博市淄川区松龄路6号"


def test_the_seat_of_a_town_goes_as_deep_as_the_town() -> None:
    reader, tree = register()
    found = match_address(reader, tree, "淄川区昆仑镇政府驻地")
    assert (found.verdict, found.reasons[0].word, found.level) == (Verdict.VAGUE, "estate_missing", Level.STREET)


def test_an_office_of_a_street_is_the_street() -> None:
    reader, tree = register()
    found = match_address(reader, tree, "张店区杏园办事处良乡社区")
    assert found.full_text == "淄博市张店区杏园街道良乡社区"


def test_a_village_the_register_lacks_is_said_to_be_unknown() -> None:
    reader, tree = register()
    found = match_address(reader, tree, "淄川区昆仑镇无名村")
    assert (found.verdict, found.reasons[0].word, found.level) == (Verdict.UNKNOWN, "estate_unknown", Level.STREET)


def test_an_unknown_name_on_a_known_road_reaches_the_road() -> None:
    reader, tree = register()
    found = match_address(reader, tree, "淄川区松龄路凤凰工业园")
    assert (found.verdict, found.level) == (Verdict.UNKNOWN, Level.ROAD)


def test_inside_a_place_is_at_the_place() -> None:
    reader, tree = register()
    assert match_address(reader, tree, "张店区通力家园院内").full_text.endswith("通力家园")
    assert match_address(reader, tree, "张店区通力家园对面").level is Level.DISTRICT


def test_a_shortened_name_does_not_outweigh_a_door_number_it_is_not_known_by() -> None:
    reader, tree = register()
    assert match_address(reader, tree, "张店区西山花园路27号").verdict is not Verdict.EXACT


def test_a_name_in_brackets_speaks_against_a_bare_number() -> None:
    reader, tree = register()
    assert match_address(reader, tree, "张店区昌国路111号").verdict is Verdict.EXACT
    against = match_address(reader, tree, "张店区昌国路111号(五金机电城西区)")
    assert (against.verdict, against.reasons[0].word) == (Verdict.SUSPICIOUS, "name_against_number")


def test_official_divisions_stand_where_the_tree_has_places_and_ended_ones_do_not() -> None:
    _, tree = register()
    assert tree.named("S", "昆仑镇") and tree.named("C", "东高村")
    assert not tree.named("S", "旧街道")
    assert not any(place.door for place in tree.places.values() if place.source == "divisions")
    alone = PlaceTree.build([row_of({"division": "370303", "road": "花园路", "road_no": "2"})])
    add_divisions(alone, DIVISIONS)
    assert not alone.named("S", "昆仑镇"), "a county the register says nothing of stays outside it"


def test_a_division_known_under_another_wording_is_not_doubled() -> None:
    rows = [{"division": "370303", "street": "杏园街道", "community": "良乡社区", "estate": "良苑", "building": "1"}]
    tree = PlaceTree.build([row_of(row) for row in rows])
    add_divisions(tree, DIVISIONS)
    assert len(tree.named("C", "良乡")) == 1


def test_a_town_alone_that_lies_elsewhere_too_does_not_lead_out_of_the_city() -> None:
    reader, tree = register()
    elsewhere = "陈庄镇"
    assert reader.read(elsewhere + "东高村").division[:4] not in ("", "3703"), "the nation's register knows this town elsewhere"
    assert match_address(reader, tree, elsewhere + "东高村").full_text == "淄博市淄川区昆仑镇东高村"
    assert match_address(reader, tree, "江苏省溧阳市东高村").reasons[0].word == "outside"
