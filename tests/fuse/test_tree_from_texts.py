"""A list that gives only names and address texts builds the tree: read, helped by its other rows, never forced."""

from __future__ import annotations

import pytest
from tests.fuse.world import NOW, World

from datong import fuse
from datong.collect import Cleaner
from datong.domain.address import Level, PlaceMatch, Verdict
from datong.fuse.address import Lexicon, PlaceRow, Reader, city_entries, is_told, row_of_told
from datong.fuse.given import rows_given, settled_together
from datong.settings import packs_folder
from datong.spec import Packs, check_packs, load_packs

LIST = """\
resource: estate_list
title: {zh: 小区名录, en: List of estates}
department: housing
file: "estate_list-{date}.csv"
format: {kind: csv, header: true}
delivery: full
key: [number]
update_cycle: yearly
sharing_class: open
level: 1
precedence: official
tree: authority
columns:
  序号: {field: number, type: text, required: true}
  名称: {field: estate, type: text}
  地址: {field: address, type: address}
  经度: {field: longitude, type: text}
  纬度: {field: latitude, type: text}
subjects:
  estate:
    kind: premises
    fields: {estate: estate, address: address, longitude: longitude, latitude: latitude}
"""
CITY = "3703"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Packs:
    """The city's packs with such a list beside a department that gives parts."""
    folder = tmp_path_factory.mktemp("packs")
    registers = folder / "registers"
    (registers / "sources").mkdir(parents=True)
    for name in ("departments.yml", "divisions.csv", "comparisons.yml", "sources/police_address.yml"):
        (registers / name).write_bytes((packs_folder() / "registers" / name).read_bytes())
    (registers / "sources" / "estate_list.yml").write_text(LIST, encoding="utf-8")
    assert check_packs(folder) == []
    return load_packs(folder)


def reader(packs: Packs) -> Reader:
    return Reader(Lexicon(city_entries(dict(one.cells) for one in packs.divisions), home=CITY))


def told(packs: Packs, estate: str, address: str = "") -> PlaceRow:
    return row_of_told(reader(packs), {"estate": estate, "address": address}, CITY)


def places(packs: Packs, *rows: tuple[str, str]) -> list[PlaceRow | None]:
    """What becomes of rows of such a list, given together."""
    given = rows_given([{"estate": estate, "address": address} for estate, address in rows], packs.divisions, CITY)
    return settled_together(given, packs.divisions)


# ── one row ──────────────────────────────────────────────────────────────────────────────────────────


def test_only_a_record_without_parts_is_read() -> None:
    assert is_told({"estate": "金信花园", "address": "张店区柳泉路6号"})
    assert is_told({"estate": "金信花园"})
    assert not is_told({"estate": "金信花园", "address": "柳泉路6号", "road": "柳泉路"})
    assert not is_told({"estate": "金信花园", "division": "370303"})
    assert not is_told({"longitude": "118.05"})


def test_the_text_says_where_the_named_estate_lies(packs: Packs) -> None:
    row = told(packs, "新时代公寓", "(高新区张店区)政通路145号")
    assert (row.division, row.estate, row.road, row.road_no) == ("370303", "新时代公寓", "政通路", "145")
    assert told(packs, "花园", "张店区四宝山街道无名路3号").street == "四宝山街道"
    assert told(packs, "花园", "张店区良乡无名路3号").street == "", "a short name may be a village's or a road's"


def test_a_division_of_another_city_is_not_believed_of_the_citys_own_list(packs: Packs) -> None:
    assert told(packs, "天苑", "青岛市市南区香港中路3号").division == CITY


def test_neighbours_in_the_text_are_not_taken_for_the_place(packs: Packs) -> None:
    row = told(packs, "御景园", "博山区中心路12号阳光花园3号楼西邻")
    assert (row.estate, row.road, row.road_no, row.building) == ("御景园", "中心路", "", "")


@pytest.mark.parametrize("name", ["柳泉路6号", "柳泉路6号院", "柳泉路6号小区"])
def test_a_name_that_is_a_door_number_becomes_the_number(packs: Packs, name: str) -> None:
    row = told(packs, name, "张店区")
    assert (row.division, row.road, row.road_no, row.estate) == ("370303", "柳泉路", "6", "")


def test_a_name_that_is_a_road_names_no_estate(packs: Packs) -> None:
    row = told(packs, "商城西街", "淄川区商城西街")
    assert (row.estate, row.road, row.road_no) == ("", "商城西街", "")


def test_a_text_without_a_name_is_the_place_itself(packs: Packs) -> None:
    row = told(packs, "", "张店区柳泉路6号丽景花园3号楼2单元501室")
    assert (row.estate, row.building, row.entrance, row.room) == ("丽景花园", "3", "2", "501")
    beside = told(packs, "", "张店区柳泉路6号丽景花园对面")
    assert (beside.division, beside.estate, beside.road) == ("370303", "", "")


def test_a_name_without_an_address_lies_in_the_city(packs: Packs) -> None:
    row = told(packs, "师苑小区")
    assert (row.division, row.estate, row.told) == (CITY, "师苑小区", True)


# ── rows together ────────────────────────────────────────────────────────────────────────────────────


def test_a_row_without_a_district_goes_where_its_name_or_road_is_known(packs: Packs) -> None:
    rows = places(packs, ("金信花园", ""), ("云景苑", "柳泉路8号"), ("金信花园", "张店区柳泉路6号"))
    assert [row.division if row else None for row in rows] == ["370303", "370303", "370303"]


def test_a_road_tells_namesakes_apart_and_without_one_nothing_is_guessed(packs: Packs) -> None:
    known = [("商业局宿舍", "张店区柳泉路6号"), ("商业局宿舍", "淄川区松龄路9号")]
    by_road, open_one, nowhere = places(packs, ("商业局宿舍", "松龄路9号"), ("商业局宿舍", ""), ("无人知小区", ""), *known)[:3]
    assert by_road is not None and by_road.division == "370302"
    assert open_one is None
    assert nowhere is not None and nowhere.division == CITY


def test_a_road_with_words_before_it_is_left_out(packs: Packs) -> None:
    rows = places(packs, ("甲苑", "张店区位于山泉路"), ("乙苑", "张店区山泉路"), ("丙苑", "张店区山泉路"), ("丁苑", "张店区齐陵路"))
    assert [row.road if row else None for row in rows] == ["", "山泉路", "山泉路", "齐陵路"]


def test_the_order_of_the_rows_changes_nothing(packs: Packs) -> None:
    rows = [("金信花园", ""), ("金信花园", "张店区柳泉路6号"), ("甲苑", "山泉路"), ("乙苑", "张店区山泉路3号"), ("柳泉路9号", "")]
    forth, back = places(packs, *rows), places(packs, *reversed(rows))
    assert forth == back[::-1]


# ── the whole way ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def listed(world: World, packs: Packs) -> World:
    """Four rows of the list in a city of their own."""
    world.packs = packs
    for number, (estate, address) in enumerate(
        [("金信花园", "(张店区)柳泉路6号"), ("金信花园", "柳泉路与中心路路口"), ("中心路9号", "张店区"), ("孤云小区", "")], start=1
    ):
        add(world, str(number), estate, address)
    world.fuse()
    return world


def add(world: World, number: str, estate: str, address: str) -> str:
    """One row of the list, cleaned by its own pack."""
    values = {"number": number, "estate": estate, "address": address, "longitude": "118.05", "latitude": "36.8"}
    source = world.packs.source("estate_list")
    clean = Cleaner(source).row(values, waive=True)
    row = {"record_id": clean.record_id, "row_no": 1, "row_hash": clean.row_hash, "problems": clean.problems}
    row |= {name: clean.values[name] for name in source.fields} | {f"{name}__raw": clean.raws.get(name) for name in source.fields}
    world.rows.setdefault("estate_list", {})[clean.record_id] = row | {"delivery_id": "d000001", "as_of": "2026-10-31"}
    return clean.record_id


def found(world: World, text: str) -> PlaceMatch:
    with world.store.session(read_only=True) as session:
        return fuse.match_text(session, text)


def test_such_a_list_gives_its_places_codes_that_addresses_lead_to(listed: World) -> None:
    estate = found(listed, "山东省淄博市张店区柳泉路6号金信花园")
    assert (estate.verdict, estate.full_text) == (Verdict.EXACT, "淄博市张店区柳泉路6号金信花园")
    members = [listed.code("estate_list", record, "estate") for record in listed.rows["estate_list"]]
    assert members[0] == members[1] == estate.code != ""
    assert found(listed, "张店区中心路9号").code == members[2]
    assert found(listed, "孤云小区").code == members[3]


def test_official_divisions_are_places_beside_the_list(listed: World) -> None:
    match = found(listed, "张店区四宝山街道")
    assert (match.verdict, match.level, match.code) == (Verdict.VAGUE, Level.STREET, "")


def test_fusing_the_list_again_changes_no_code(listed: World) -> None:
    before = listed.links()
    listed.fuse(seed=3)
    assert listed.links() == before


def test_one_pushed_row_is_helped_by_the_tree_that_stands(listed: World) -> None:
    record = add(listed, "5", "云景苑", "柳泉路8号")
    with listed.store.session() as session:
        table = listed.table("estate_list", [listed.rows["estate_list"][record]])
        codes = fuse.add(session, listed.settings, listed.packs, "estate_list", table, now=NOW)
    assert codes == [listed.code("estate_list", record, "estate")]
    assert found(listed, "张店区柳泉路8号云景苑").code == codes[0]


def test_a_name_known_in_two_districts_waits_without_a_place(listed: World) -> None:
    for number, (estate, address) in enumerate([("商业局宿舍", "张店区新一路1号"), ("商业局宿舍", "淄川区新二路1号")], start=6):
        add(listed, str(number), estate, address)
    record = add(listed, "8", "商业局宿舍", "")
    listed.fuse()
    assert listed.member("estate_list", record, "estate") == ("", "above_doors")
