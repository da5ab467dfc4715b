"""Names of places as keys: one spelling, the distinctive core, and the marks (phase, zone, direction, number) that must be equal.

A fifth of a city's estates have a neighbour whose name differs in one sign (一区 and 二区, 东苑 and 西苑): whatever tells
them apart is kept out of every fuzzy comparison and compared exactly.
"""

from __future__ import annotations

import re
from functools import lru_cache

from datong.fuse.address.clean import clean
from datong.fuse.address.numerals import CN, chinese_number

_NUMERAL = re.compile(rf"第?([{CN}]+)(?=[期区院组队村小社]|号|$)")
_GENERIC = re.compile(
    r"(?:住宅小区|居民小区|小区|生活区|住宅区|家属院|家属楼|宿舍楼|宿舍|花园|花苑|家园|大厦|大楼|公寓|广场|商城|中心|写字楼|商务楼|综合楼|小镇|社区|新村|苑|园|城|府|庭)$"
)
_MARK = re.compile(
    rf"[0-9]+|[A-Za-z]+|[东南西北中上下前后新老内外](?=[0-9区苑院园村里街路段门大]|$)|[{CN}]+(?=[期区院组队村里号路街马道])|[期]"
)
_SECTION = re.compile("(?<=[路街道])[东南西北中]段$")
_STREET_END = re.compile(r"(?:街道办事处|办事处|街道|镇|乡|苏木)$")
_VILLAGE_END = re.compile(r"(?:社区居民委员会|居民委员会|村民委员会|社区居委会|居委会|村委会|社区|行政村|自然村|村)$")


@lru_cache(maxsize=200_000)
def plain(name: str) -> str:
    """One spelling of a name: clean signs, no gaps, capital letters, phase numbers as digits (二期 → 2期)."""
    text = clean(name).text.replace(" ", "").replace("|", "").replace("·", "").upper()
    return _NUMERAL.sub(lambda found: str(chinese_number(found.group(1))), text)


@lru_cache(maxsize=200_000)
def core(name: str) -> str:
    """The distinctive part of a plain name: without the generic ending, unless nothing would be left."""
    bare = _GENERIC.sub("", name)
    return bare if len(bare) >= 2 else name


def is_generic(name: str) -> bool:
    """True for an ending that names nothing by itself: 小区, 花园."""
    return _GENERIC.fullmatch(name) is not None


@lru_cache(maxsize=200_000)
def marks(name: str) -> tuple[str, ...]:
    """Numbers, letters, directions and phase words of a plain name, in order."""
    return tuple(_MARK.findall(name))


def street_core(name: str) -> str:
    """马尚镇 and 马尚街道 are one street before and after."""
    return _STREET_END.sub("", name) or name


def village_core(name: str) -> str:
    """房镇村 and 房镇村民委员会 are one village."""
    return _VILLAGE_END.sub("", name) or name


def hamlet_name(village: str) -> str:
    """麻营村 is also called 麻营庄, 李家庄村 is called 李家庄; empty for a name too short for it."""
    core_name = plain(village_core(village))
    hamlet = core_name if core_name.endswith("庄") else core_name + "庄"
    return hamlet if len(hamlet) >= 3 else ""


def whole_road(name: str) -> str:
    """柳泉路中段 is a stretch of 柳泉路, numbered with it."""
    return _SECTION.sub("", name) or name


def spellings(name: str) -> tuple[str, ...]:
    """The ways a registered name may stand in a text: as registered, and with phase numbers as digits."""
    digits = plain(name)
    return (name,) if digits == name else (name, digits)
