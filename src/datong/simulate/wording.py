"""How people and departments write an address: dozens of wordings of one unit, each with the truth about it.

`standard_address` is the one official wording. `wordings` draws a way of writing that still means exactly the unit; `ambiguous`, `vague`,
`wrong` and `impossible` draw what a register must not take for it. A draw costs a few microseconds.
"""

from __future__ import annotations

import random

from datong.simulate import doors
from datong.simulate.draw import table
from datong.simulate.model import Site, Unit, Wording

_PREFIXES = table(
    [
        ("full", 16),
        ("city", 20),
        ("district", 12),
        ("street", 10),
        ("zone", 16),
        ("city_street", 10),
        ("bare", 12),
        ("community", 6),
        ("abolished", 2),
    ],
    100,
)
_LAYOUTS = table([("road_name", 42), ("name", 34), ("road", 6), ("name_bracket", 5), ("road_word", 8), ("name_then_road", 5)], 100)
_NAMES = table([("official", 70), ("alias", 14), ("former", 6), ("base", 7), ("typo", 3)], 100)
_NOTES = table(
    [
        ("", 86),
        ("(自主申报)", 5),
        ("（住所申报）", 2),
        ("(租赁)", 1),
        ("（自有房产）", 1),
        ("(一照多址)", 1),
        (" 电联", 1),
        ("电话0533-{}", 2),
        (",联系电话:0533-{}", 1),
    ],
    100,
)
_ABOLISHED = {
    "四宝山街道": "卫固镇",
    "马尚街道": "马尚镇",
    "湖田街道": "湖田镇",
    "索镇街道": "索镇",
    "田镇街道": "田镇",
    "南麻街道": "南麻镇",
}
_TYPOS = str.maketrans(
    {
        "颐": "怡",
        "嘉": "佳",
        "锦": "绵",
        "碧": "璧",
        "御": "玉",
        "鹿": "路",
        "悦": "阅",
        "瑞": "端",
        "晖": "辉",
        "阳": "杨",
        "盛": "胜",
        "景": "锦",
        "润": "闰",
        "桂": "贵",
    }
)
_RELATIVE = (
    "北首",
    "南首",
    "东首",
    "对面",
    "东侧",
    "西邻",
    "北邻",
    "路东",
    "路北",
    "路口向南{}米路西",
    "向东{}米",
    "往北{}米路东",
    "院内",
    "南门西侧",
)


def standard_address(unit: Unit) -> str:
    """The official wording: divisions, road and number, site, building, entrance, room."""
    site = unit.site
    place = site.community
    head = f"{place.province}{place.city}{place.district}{place.street}"
    if site.kind == "village":
        return f"{head}{place.short}{unit.group}组{unit.house_no}号"
    if site.kind == "shops":
        return f"{head}{site.road}{unit.house_no}号"
    return f"{head}{site.road}{site.road_no}号{site.name}{doors.official(unit)}"


def wordings(unit: Unit, rng: random.Random) -> Wording:
    """A wording that means this unit and no other. Its kind is prefix/layout/name/door, in the words of this file."""
    rnd = rng.random
    site = unit.site
    prefix_kind = _PREFIXES[int(rnd() * len(_PREFIXES))]
    door, door_kind = doors.draw(unit, rnd)
    if site.kind == "village":
        # 张家村 stands in many towns: a village never goes without its street, district or zone.
        if prefix_kind in ("bare", "district", "community", "city"):
            prefix_kind = "street"
        text, kind = prefix(unit, prefix_kind) + door, f"{prefix_kind}/village/official/{door_kind}"
    elif site.kind == "shops":
        text, kind = f"{prefix(unit, prefix_kind)}{site.road}{door}", f"{prefix_kind}/road/none/{door_kind}"
    else:
        middle, middle_kind = _middle(site, rnd, prefix_kind in ("bare", "district", "zone", "city"))
        text, kind = prefix(unit, prefix_kind) + middle + door, f"{prefix_kind}/{middle_kind}/{door_kind}"
    note = _NOTES[int(rnd() * len(_NOTES))]
    if note:
        text, kind = text + note.format(2_000_000 + int(rnd() * 6_999_999)), kind + "/note"
    return Wording(text, kind)


def prefix(unit: Unit, kind: str) -> str:
    """The divisions in front, in one of the ways of writing them."""
    place = unit.site.community
    if kind == "full":
        return f"{place.province}{place.city}{place.district}{place.street}"
    if kind == "city":
        return f"{place.city}{place.district}"
    if kind == "district":
        return place.district
    if kind == "street":
        return f"{place.district}{place.street}"
    if kind == "zone":
        return f"淄博{place.zone}{place.street}" if place.zone else f"{place.province}淄博{place.district}{place.street}"
    if kind == "city_street":
        return f"{place.city}{place.zone or place.district}{place.street}"
    if kind == "community":
        return f"{place.street}{place.short}"
    if kind == "abolished":
        return f"{place.city}{place.district}{_ABOLISHED.get(place.street, place.street)}"
    return ""


def _middle(site: Site, rnd: doors.Rnd, far: bool) -> tuple[str, str]:
    """Road, number and name of a site in some order. `far`: the prefix does not name the street."""
    layout = _LAYOUTS[int(rnd() * len(_LAYOUTS))]
    if layout == "road" and site.shared_number:
        layout = "road_name"
    name, name_kind = _name(site, rnd)
    if site.shared_name and far and layout == "name":
        layout = "road_name"
    road, number = site.road, site.road_no
    if site.other_addresses and rnd() < 0.3:
        road, number = site.other_addresses[0]
    if layout == "road_name":
        return f"{road}{number}号{name}", f"{layout}/{name_kind}"
    if layout == "road":
        return f"{site.road}{site.road_no}号", "road/none"
    if layout == "name_bracket":
        return f"{name}({road}{number}号)", f"{layout}/{name_kind}"
    if layout == "road_word":
        return f"{road}{name}", f"{layout}/{name_kind}"
    if layout == "name_then_road":
        return f"{name}{road}{number}号", f"{layout}/{name_kind}"
    return name, f"name/{name_kind}"


def _name(site: Site, rnd: doors.Rnd) -> tuple[str, str]:
    kind = _NAMES[int(rnd() * len(_NAMES))]
    if kind == "alias" and site.aliases:
        return site.aliases[int(rnd() * len(site.aliases))], kind
    if kind == "former" and site.former_names:
        return site.former_names[0], kind
    if kind == "base" and site.phase and site.base_is_enough:
        return site.base_name, kind
    if kind == "typo" and not site.shared_name:
        mistaken = site.base_name.translate(_TYPOS)
        if mistaken != site.base_name:
            return mistaken + site.phase, kind
    return site.name, "official"


def ambiguous(unit: Unit, rng: random.Random) -> Wording:
    """A wording that several units answer to; falls back to the building where none of the usual ways leads to one."""
    site, building = unit.site, unit.building
    head = prefix(unit, "city_street")
    through = bool(site.phase) and site.base_is_enough
    if site.shared_number and building is not None and not through and rng.random() < 0.5:
        return Wording(f"{head}{site.road}{site.road_no}号{doors.official(unit)}", "road_shared", "ambiguous", "road")
    if building is not None and building.entrances > 1 and not building.rooms_through:
        return Wording(f"{head}{site.name}{building.name}{unit.room}", "entrance_dropped", "ambiguous", "building")
    if site.phase and not site.base_is_enough:
        return Wording(f"{head}{site.base_name}{doors.official(unit)}", "phase_dropped", "ambiguous", "road")
    if site.shared_name:
        return Wording(f"淄博市{site.name}{doors.official(unit)}", "name_shared", "ambiguous", "road")
    return vague(unit, rng, "building" if building is not None else "")


_VAGUE = table(
    [
        ("road", 16),
        ("road_number", 16),
        ("site", 16),
        ("building", 14),
        ("entrance", 10),
        ("floor", 6),
        ("relative", 14),
        ("crossing", 3),
        ("community", 5),
    ],
    100,
)


def vague(unit: Unit, rng: random.Random, kind: str = "") -> Wording:
    """A wording that stops above the unit; `level` says where."""
    kind = kind or _VAGUE[int(rng.random() * len(_VAGUE))]
    site, building = unit.site, unit.building
    head = prefix(unit, ("full", "city_street", "zone", "street")[int(rng.random() * 4)])
    if site.kind == "village":
        return _vague_village(unit, rng, head, kind)
    address = f"{site.road}{site.road_no}号{site.name}" if rng.random() < 0.6 else site.name or f"{site.road}{site.road_no}号"
    if kind == "relative":
        word = _RELATIVE[int(rng.random() * len(_RELATIVE))].format(50 * (1 + int(rng.random() * 12)))
        return Wording(f"{head}{site.name or site.road}{word}", kind, "vague", "site" if site.name else "road")
    if kind == "crossing":
        return Wording(f"{head}{site.road}与{site.other_addresses[0][0] if site.other_addresses else '中心路'}路口", kind, "vague", "road")
    if kind == "community":
        return Wording(f"{head}{site.community.short}", kind, "vague", "community")
    if kind == "road" or site.kind == "shops":
        return Wording(f"{head}{site.road}", "road", "vague", "road")
    if kind == "road_number":
        return Wording(f"{head}{site.road}{site.road_no}号", kind, "vague", "road" if site.shared_number else "site")
    if building is None or kind == "site" or site.kind == "factory":
        return Wording(f"{head}{address}", "site", "vague", "site")
    if kind == "floor" and building.floors > 1:
        entrance = f"{unit.entrance}单元" if unit.entrance else ""
        return Wording(f"{head}{address}{building.name}{entrance}{unit.floor}层", kind, "vague", "floor")
    if kind == "entrance" and unit.entrance:
        return Wording(f"{head}{address}{building.name}{unit.entrance}单元", kind, "vague", "entrance")
    return Wording(f"{head}{address}{building.name}", "building", "vague", "building" if building.name else "site")


def _vague_village(unit: Unit, rng: random.Random, head: str, kind: str) -> Wording:
    village = unit.site.name
    if kind in ("building", "entrance", "floor"):
        return Wording(f"{head}{village}{unit.group}组", "group", "vague", "site")
    if kind in ("relative", "crossing"):
        word = _RELATIVE[int(rng.random() * len(_RELATIVE))].format(50 * (1 + int(rng.random() * 12)))
        return Wording(f"{head}{village}村委会{word}", "relative", "vague", "site")
    return Wording(f"{head}{village}", "village", "vague", "site")


def wrong(unit: Unit, rng: random.Random) -> Wording:
    """The address of the unit with one part that contradicts the rest: district, road number or phase."""
    site = unit.site
    place = site.community
    other = "临淄区" if place.district != "临淄区" else "周村区"
    if site.kind in ("village", "shops") or rng.random() < 0.3:
        return Wording(unit.address.replace(place.district, other, 1), "district_contradicts", "wrong", "street")
    if site.phase and rng.random() < 0.6:
        swapped = {
            "一期": "二期",
            "二期": "一期",
            "三期": "一期",
            "东区": "西区",
            "西区": "东区",
            "南区": "北区",
            "北区": "南区",
            "一区": "二区",
            "二区": "一区",
        }
        phase = swapped.get(site.phase, "三期")
        return Wording(unit.address.replace(site.name, site.base_name + phase, 1), "phase_contradicts", "wrong", "road")
    number = f"{site.road}{site.road_no}号"
    return Wording(unit.address.replace(number, f"{site.road}{7000 + int(rng.random() * 900)}号", 1), "number_contradicts", "wrong", "road")


def impossible(unit: Unit, rng: random.Random) -> Wording:
    """A full wording of something that does not exist; `level` is the deepest part that does."""
    site, building = unit.site, unit.building
    head = prefix(unit, ("full", "city_street", "zone")[int(rng.random() * 3)])
    if site.kind == "village":
        return Wording(f"{head}{site.name}{unit.group}组{900 + int(rng.random() * 90)}号", "no_house", "impossible", "site")
    if site.kind == "shops":
        return Wording(f"{head}{site.road}{8000 + int(rng.random() * 900)}号", "no_number", "impossible", "road")
    start = f"{head}{site.road}{site.road_no}号{site.name}"
    if building is None or site.kind == "factory" or not building.number:
        return Wording(f"{start}{60 + int(rng.random() * 30)}{site.building_word or '号楼'}", "no_building", "impossible", "site")
    choice = int(rng.random() * 4)
    entrance = f"{unit.entrance}单元" if unit.entrance else ""
    if choice == 0:
        number = f"{60 + int(rng.random() * 30)}" if building.number.isdigit() else "K"
        return Wording(f"{start}{number}{building.word}{entrance}{unit.room}室", "no_building", "impossible", "site")
    if choice == 1 and unit.entrance:
        missing = building.entrances + 1 + int(rng.random() * 3)
        return Wording(f"{start}{building.name}{missing}单元{unit.room}室", "no_entrance", "impossible", "building")
    if choice == 2:
        floor = building.floors + 1 + int(rng.random() * 8)
        return Wording(f"{start}{building.name}{entrance}{floor}{unit.room[-2:]}室", "no_floor", "impossible", "building")
    return Wording(f"{start}{building.name}{entrance}{unit.floor}{70 + int(rng.random() * 29)}室", "no_room", "impossible", "floor")
