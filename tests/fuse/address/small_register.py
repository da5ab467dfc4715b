"""A small invented register of premises: two phases of one estate, neighbours with like names, a village, a lone number."""

from __future__ import annotations

from datong.fuse.address import PlaceRow, PlaceTree, Reader, reader_for, row_of

DIVISIONS = {"3703": "淄博市", "370303": "张店区", "370302": "淄川区"}


def doors(estate: str, road: str, road_no: str, **more: object) -> list[PlaceRow]:
    """Buildings 1 to 2 with entrances 1 to 2, six floors, two rooms a floor; `more` overrides any field."""
    fields: dict[str, object] = {"division": "370303001", "street": "车站街道", "community": "金信社区", "district_name": "张店区"}
    fields |= {"estate": estate, "road": road, "road_no": road_no} | more
    return [
        row_of(fields | {"building": building, "entrance": entrance, "room": room, "code": f"{estate}/{building}/{entrance}/{room}"})
        for building in ("1号楼", "2号楼")
        for entrance in ("1单元", "2单元")
        for room in (f"{floor}0{side}" for floor in range(1, 7) for side in (1, 2))
    ]


def rows() -> list[PlaceRow]:
    """All rows of the small register."""
    towers = [
        row_of({"division": "370303001", "street": "车站街道", "estate": "华光大厦", "road": "华光路", "road_no": "30", "building": tower,
                "room": room, "code": f"华光大厦/{tower}/{room}", "district_name": "张店区"})
        for tower in ("A座", "B座") for room in ("1201", "1202", "301")
    ]  # fmt: skip
    return [
        *doors("金信花园", "柳泉路", "12号", aliases="金信小区;机床厂宿舍"),
        *doors("东苑小区", "中心路", "5号"),
        *doors("西苑小区", "中心路", "7号"),
        *doors("世纪花园一区", "世纪路", "100号"),
        *doors("世纪花园二区", "世纪路", "102号"),
        *doors("阳光名城", "柳泉路", "88号", street="公园街道", community="阳光社区"),
        *towers,
        row_of({"division": "370302", "street": "房镇镇", "village": "麻营村", "group": "3组", "house_no": "15号", "code": "麻营/3/15"}),
        row_of({"division": "370302", "street": "房镇镇", "village": "麻营村", "house_no": "8-356", "code": "麻营/8-356"}),
        row_of({"division": "370303", "road": "柳泉路", "road_no": "14", "code": "柳泉路/14", "district_name": "张店区"}),
    ]


def small_tree() -> PlaceTree:
    """The tree of those rows."""
    return PlaceTree.build(rows(), DIVISIONS)


def small_reader(tree: PlaceTree) -> Reader:
    """A reader that knows the tree's names."""
    return reader_for(tree)
