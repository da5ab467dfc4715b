"""A million rows about some 160,000 invented people, shaped as departments' records are, with known truth.

30 % of the rows lack the citizen number and 2 % of those that have one have it wrong (a digit, two neighbours swapped, or
the number of somebody in the same home); names are wrong in 6 %, phones in 15 %, birth dates in 2 % (and missing in 5 %);
addresses are written differently in 40 %, and are a former home's in 5 %. Families share a home, and children their
father's family name. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pypinyin import lazy_pinyin

FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华玉兰国建志红梅宇轩子涵浩然欣怡梓萱晓东海波鹏飞雪琳佳慧婷婷思雨嘉豪俊熙"
    "博文天佑诗涵一诺雨桐可馨依诺梦瑶若曦振庆春生永福长顺德成金宝玲燕云凤莲珍香月荣贵祥瑞仁义礼智信忠孝廉耀祖光宗立新卫民爱"
    "斌彬滨宾晨辰琪奇琦旗洁捷婕莹颖影映瑛璐露路鹭凯恺楷昊皓灏峰锋枫丰钰瑜渝余毅翼逸艺亦"
)
ROADS = [
    "人民",
    "解放",
    "中山",
    "建设",
    "和平",
    "新华",
    "文化",
    "青年",
    "胜利",
    "东风",
    "柳泉",
    "金晶",
    "共青团",
    "美食街",
    "西五",
    "华光",
    "张周",
    "世纪",
    "联通",
    "重庆",
    "北京",
    "上海",
    "南京",
    "杭州",
    "济南",
]
ESTATES = [
    "阳光",
    "锦绣",
    "翡翠",
    "金色",
    "碧水",
    "绿城",
    "龙湖",
    "恒泰",
    "中润",
    "银座",
    "明珠",
    "华侨",
    "御景",
    "盛世",
    "凯旋",
    "怡海",
    "莲池",
    "凤凰",
    "齐盛",
    "黄金",
]
ENDINGS = ["花园", "小区", "家园", "新村", "公寓", "华庭", "苑", "城", "府", "里"]
DIVISIONS = ("370302", "370303", "370304", "370305", "370306", "370321", "370322", "370323", "370102", "370202", "371302", "320102")
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.array(list("10X98765432"))
_ROW_SHARE = 6.28


@dataclass(frozen=True)
class People:
    """The rows and, for each, the person it truly speaks of."""

    table: Any
    truth: Any


def people(rows: int, seed: int = 1) -> People:
    """So many rows, within a few in a thousand."""
    draw = np.random.default_rng(seed)
    count = int(rows / _ROW_SHARE)
    persons = _persons(draw, count)
    who = np.repeat(np.arange(count), 1 + draw.poisson(_ROW_SHARE - 1, count))
    who = who[draw.permutation(len(who))]
    columns = {
        "row": pa.array(np.arange(len(who))),
        "name": _names(draw, persons, who),
        "citizen_id": _numbers(draw, persons, who),
        "birth_date": _births(draw, persons, who),
        "phone": _phones(draw, persons, who),
        "address": _addresses(draw, persons, who),
    }
    return People(pa.table(columns), who)


def _persons(draw: Any, count: int) -> dict[str, Any]:
    """One element a person: parts of name, number, home."""
    home = np.cumsum(draw.random(count) < 0.36)
    family = draw.choice(len(FAMILY), count, p=_zipf(len(FAMILY), 0.9))
    same = (home == np.roll(home, 1)) & (draw.random(count) < 0.6)
    for place in np.flatnonzero(same[1:]) + 1:
        family[place] = family[place - 1]
    given = draw.choice(len(GIVEN), (count, 2), p=_zipf(len(GIVEN), 0.55))
    given[draw.random(count) < 0.2, 1] = -1
    days = draw.integers(0, 29_000, count)
    born = (np.datetime64("1936-01-01") + days).astype(str)
    head = [DIVISIONS[place] for place in draw.choice(len(DIVISIONS), count, p=_zipf(len(DIVISIONS), 1.2))]
    order = draw.integers(1, 900, count)
    first = [f"{code}{day.replace('-', '')}{number:03}" for code, day, number in zip(head, born, order, strict=True)]
    phone = draw.integers(13_000_000_000, 19_999_999_999, count)
    return {"home": home, "family": family, "given": given, "born": born, "number": _checked(first), "phone": phone}


def _zipf(size: int, power: float) -> Any:
    weight = 1 / np.arange(2, size + 2) ** power
    return weight / weight.sum()


def _checked(first: list[str]) -> list[str]:
    digits = np.array([list(text) for text in first]).astype(int)
    checks = _CHECKS[(digits @ _WEIGHTS) % 11]
    return [text + check for text, check in zip(first, checks, strict=True)]


def _names(draw: Any, persons: dict[str, Any], who: Any) -> Any:
    sounds: dict[str, list[str]] = {}
    for char in sorted(set(GIVEN)):
        sounds.setdefault(lazy_pinyin(char)[0], []).append(char)
    right = [
        FAMILY[family] + GIVEN[one] + (GIVEN[two] if two >= 0 else "")
        for family, (one, two) in zip(persons["family"].tolist(), persons["given"].tolist(), strict=True)
    ]
    names = [right[person] for person in who.tolist()]
    for row in np.flatnonzero(draw.random(len(who)) < 0.06).tolist():
        names[row] = _wrong_name(draw, names[row], sounds)
    return pa.array(names)


def _wrong_name(draw: Any, name: str, sounds: dict[str, list[str]]) -> str:
    """Another character of the same sound, any other character, pinyin, a lost character, or a dropped one."""
    kind, at = draw.random(), int(draw.integers(1, len(name)))
    if kind < 0.45:
        others = [char for char in sounds[lazy_pinyin(name[at])[0]] if char != name[at]] if name[at] in GIVEN else []
        return name[:at] + (str(draw.choice(others)) if others else GIVEN[int(draw.integers(len(GIVEN)))]) + name[at + 1 :]
    if kind < 0.75:
        return name[:at] + GIVEN[int(draw.integers(len(GIVEN)))] + name[at + 1 :]
    if kind < 0.85:
        return "".join(lazy_pinyin(name)).upper()
    if kind < 0.93:
        return name[:at] + "?" + name[at + 1 :]
    return name[:at] + name[at + 1 :] if len(name) > 2 else name + GIVEN[int(draw.integers(len(GIVEN)))]


def _numbers(draw: Any, persons: dict[str, Any], who: Any) -> Any:
    right, home, count = persons["number"], persons["home"], len(persons["number"])
    numbers: list[str | None] = [right[person] for person in who.tolist()]
    for row in np.flatnonzero(draw.random(len(who)) < 0.02).tolist():
        text, at, kind = numbers[row] or "", int(draw.integers(17)), draw.random()
        if kind < 0.6:
            numbers[row] = text[:at] + str((int(text[at]) + int(draw.integers(1, 10))) % 10) + text[at + 1 :]
        elif kind < 0.8:
            numbers[row] = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        else:
            other = min(max(int(who[row]) + (1 if draw.random() < 0.5 else -1), 0), count - 1)
            numbers[row] = right[other] if home[other] == home[who[row]] else text
    for row in np.flatnonzero(draw.random(len(who)) < 0.3).tolist():
        numbers[row] = None
    return pa.array(numbers, pa.string())


def _births(draw: Any, persons: dict[str, Any], who: Any) -> Any:
    born = persons["born"].tolist()
    dates: list[str | None] = [born[person] for person in who.tolist()]
    for row in np.flatnonzero(draw.random(len(who)) < 0.02).tolist():
        text = dates[row] or ""
        swapped = f"{text[:5]}{text[8:]}-{text[5:7]}"
        dates[row] = swapped if text[8:] <= "12" and draw.random() < 0.5 else f"{text[:3]}{draw.integers(10)}{text[4:]}"
    for row in np.flatnonzero(draw.random(len(who)) < 0.05).tolist():
        dates[row] = None
    return pa.array(dates, pa.string())


def _phones(draw: Any, persons: dict[str, Any], who: Any) -> Any:
    phones = persons["phone"][who]
    kind = draw.random(len(who))
    phones = np.where(kind < 0.11, draw.integers(13_000_000_000, 19_999_999_999, len(who)), phones)
    place = 10 ** draw.integers(0, 9, len(who))
    phones = np.where((kind >= 0.11) & (kind < 0.15), phones + np.where(phones // place % 10 == 9, -place, place), phones)
    return pa.array(phones.astype(str).astype(object), pa.string())


def _addresses(draw: Any, persons: dict[str, Any], who: Any) -> Any:
    homes = int(persons["home"].max()) + 1
    parts = [draw.integers(0, size, homes).tolist() for size in (len(ROADS), 400, len(ESTATES), len(ENDINGS), 40, 5, 18, 4, 5)]
    plain, other = [], []
    for road, number, estate, ending, building, entrance, floor, room, district in zip(*parts, strict=True):
        door = f"{floor + 1}{room + 1:02}"
        names = (ROADS[road], number + 1, ESTATES[estate] + ENDINGS[ending], building + 1, entrance + 1, door)
        area = ("张店区", "淄川区", "博山区", "临淄区", "周村区")[district]
        plain.append("淄博市{}{}路{}号{}{}号楼{}单元{}室".format(area, *names))
        other.append(
            (
                "{}{}路{}号{}{}号楼{}单元{}室".format(area, *names),
                "{}路{}号{}{}-{}-{}".format(*names),
                "山东省淄博市{}{}路{}号{}{}栋{}单元{}".format(area, *names),
                f"{area}{names[2]}{names[3]}号楼{names[4]}单元{names[5]}",
                f"{names[2]}{names[3]}-{names[4]}-{names[5]}",
            )
        )
    lives = np.where(draw.random(len(who)) < 0.05, draw.integers(0, homes, len(who)), persons["home"][who])
    style = np.where(draw.random(len(who)) < 0.4, draw.integers(0, 5, len(who)), -1)
    return pa.array([plain[home] if how < 0 else other[home][how] for home, how in zip(lives.tolist(), style.tolist(), strict=True)])
