"""The last part of an address: building, entrance, floor, room; yard numbers in villages; numbers of shops."""

from __future__ import annotations

from collections.abc import Callable

from datong.simulate.draw import table
from datong.simulate.model import Building, Unit

Rnd = Callable[[], float]
_FULL_WIDTH = str.maketrans("0123456789-#", "０１２３４５６７８９－＃")
_DIGITS = "零一二三四五六七八九"
_OTHER_WORDS = ("号楼", "幢", "栋", "座", "#楼", "#", "号")
_STYLES = table(
    [
        ("official", 26),
        ("no_room_word", 10),
        ("room_hao", 5),
        ("other_word", 9),
        ("hash", 6),
        ("hash_dashes", 7),
        ("dashes", 8),
        ("word_dashes", 8),
        ("full_width", 4),
        ("chinese", 3),
        ("door_word", 2),
        ("floor", 4),
        ("spaces", 2),
        ("bracket", 2),
        ("padded", 1),
        ("entrance_dropped", 3),
    ],
    100,
)


def official(unit: Unit) -> str:
    """Building, entrance and room as the standard wording has them."""
    building = unit.building
    if building is None:
        return ""
    entrance = f"{unit.entrance}单元" if unit.entrance else ""
    return f"{building.number}{building.word}{entrance}{unit.room}{'室' if unit.room else ''}"


def draw(unit: Unit, rnd: Rnd) -> tuple[str, str]:
    """One way to write the door, and the name of that way."""
    kind = unit.site.kind
    if kind == "village":
        return _yard(unit, rnd)
    if kind == "shops":
        return _shop(unit, rnd)
    building = unit.building
    if building is None or not unit.room:
        return _hall(unit, rnd)
    style = _STYLES[int(rnd() * len(_STYLES))]
    if building.number and not building.number.isdigit():
        return _lettered(unit, building, style)
    if not building.number:
        return _roomed(unit, style)
    return _numbered(unit, building, style, rnd)


def chinese_number(number: int) -> str:
    """12 → 十二, up to 99."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _numbered(unit: Unit, building: Building, style: str, rnd: Rnd) -> tuple[str, str]:
    number, word, room, entrance = building.number, building.word, unit.room, unit.entrance
    middle = f"{entrance}单元" if entrance else ""
    dashed = f"{entrance}-{room}" if entrance else room
    if style == "no_room_word":
        return f"{number}{word}{middle}{room}", style
    if style == "room_hao":
        return f"{number}{word}{middle}{room}号", style
    if style == "other_word" and len(word) < 3:
        return f"{number}{_OTHER_WORDS[int(rnd() * 5)]}{middle}{room}室", style
    if style == "hash":
        return f"{number}#{middle}{room}", style
    if style == "hash_dashes":
        return f"{number}#-{dashed}", style
    if style == "dashes":
        return f"{number}-{dashed}", style
    if style == "word_dashes":
        return f"{number}{word}{dashed}", style
    if style == "full_width":
        return f"{number}{word}{middle}{room}室".translate(_FULL_WIDTH), style
    if style == "chinese":
        spoken = "".join(_DIGITS[int(digit)] for digit in room)
        return f"{chinese_number(int(number))}{word}{chinese_number(int(entrance)) + '单元' if entrance else ''}{spoken}室", style
    if style == "door_word" and entrance:
        return f"{number}{word}{entrance}门{room}", style
    if style == "floor":
        return f"{number}{word}{middle}{unit.floor}{'层' if rnd() < 0.6 else '楼'}{room}室", style
    if style == "spaces":
        return f"{number}{word} {middle} {room}室", style
    if style == "bracket":
        return f"{number}{word}({middle}{room}室)", style
    if style == "padded":
        return f"{number}{word}{middle}{room.zfill(4)}室", style
    if style == "entrance_dropped" and building.rooms_through:
        return f"{number}{word}{room}", style
    return f"{number}{word}{middle}{room}室", "official"


def _lettered(unit: Unit, building: Building, style: str) -> tuple[str, str]:
    letter, room = building.number, unit.room
    if style in ("dashes", "hash_dashes", "word_dashes"):
        return f"{letter}-{room}", "dashes"
    if style in ("hash", "no_room_word"):
        return f"{letter}{room}", "letter_room"
    if style == "floor":
        return f"{letter}座{unit.floor}层{room}室", style
    if style in ("full_width", "chinese"):
        return f"{letter}座{room}室".translate(_FULL_WIDTH), "full_width"
    if style == "other_word":
        return f"{letter.lower()}栋{room}室", style
    if style == "room_hao":
        return f"{letter}座{room}号", style
    return f"{letter}座{room}室", "official"


def _roomed(unit: Unit, style: str) -> tuple[str, str]:
    room = unit.room
    if style in ("floor", "bracket"):
        return f"{unit.floor}层{room}室", "floor"
    if style in ("word_dashes", "dashes", "no_room_word"):
        return room, "no_room_word"
    if style in ("full_width", "chinese"):
        return f"{room}室".translate(_FULL_WIDTH), "full_width"
    if style == "other_word":
        return f"{unit.floor}楼{room}", "floor_room"
    return f"{room}室", "official"


def _hall(unit: Unit, rnd: Rnd) -> tuple[str, str]:
    building = unit.building
    if building is None:
        return "", "none"
    chance = rnd()
    if chance < 0.2:
        return f"院内{building.name}", "inside"
    if chance < 0.3:
        return f"{building.number}#{building.word.removeprefix('号')}", "hash"
    if chance < 0.36:
        return building.name.translate(_FULL_WIDTH), "full_width"
    return building.name, "official"


def _yard(unit: Unit, rnd: Rnd) -> tuple[str, str]:
    village, group, number = unit.site.name, unit.group, unit.house_no
    chance = rnd()
    if chance < 0.3:
        return f"{village}{number}号", "number"
    if chance < 0.4:
        return f"{village}{chinese_number(int(group))}组{number}号", "chinese"
    if chance < 0.48:
        return f"{village}{group}队{number}号", "team"
    if chance < 0.54:
        return f"{village}{group}组{number}号院", "yard"
    if chance < 0.58:
        return f"{village}村民委员会{group}组{number}号".replace("村村民", "村民"), "committee"
    if chance < 0.62:
        return f"{village}{group}-{number}", "dashes"
    if chance < 0.66:
        return f"{village}{group}组{number}号".translate(_FULL_WIDTH), "full_width"
    if chance < 0.72 and unit.site.aliases:
        return f"{unit.site.aliases[0]}{group}组{number}号", "alias"
    return f"{village}{group}组{number}号", "official"


def _shop(unit: Unit, rnd: Rnd) -> tuple[str, str]:
    number = unit.house_no
    chance = rnd()
    if "-" in number:
        main, sub = number.split("-")
        if chance < 0.2:
            return f"{main}号-{sub}", "sub_dash"
        if chance < 0.32:
            return f"{main}号附{sub}号", "sub_fu"
        if chance < 0.4:
            return f"{main}-{sub}", "bare"
    if chance < 0.5:
        return f"{number}号商铺", "shop"
    if chance < 0.6:
        return f"{number}号沿街房", "shop_row"
    if chance < 0.66:
        return f"{number}#", "hash"
    if chance < 0.7:
        return f"{number}号".translate(_FULL_WIDTH), "full_width"
    return f"{number}号", "official"
