"""Numbers as people write them in addresses: 十八 = 18 = １８, B座 = B, 负一 = -1. Only number parts come here, never names."""

from __future__ import annotations

import re
from functools import lru_cache

CN = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
"""Characters that can form a Chinese numeral."""

_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGIT |= {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNIT = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_RUN = re.compile(f"[{CN}]+")
_DROP = re.compile(r"(?:号楼|号院|号房|号铺|号室|号|幢楼|幢|栋|座|楼层|楼|#|单元|单无|门|梯|层|室|户|房间|房|铺|弄|[Ff]$)+$")
_DASH = re.compile(r"-+")
_ZERO = re.compile(r"(?<![0-9A-Z])0+(?=\d)")
_FLAT = re.compile(r"[1-9A-Z][0-9]*\Z")


def chinese_number(text: str) -> int:
    """二十三 → 23, 一〇二 → 102, 两千零五 → 2005."""
    if not any(char in _UNIT for char in text):
        return int("".join(str(_DIGIT[char]) for char in text))
    total = current = 0
    for char in text:
        if char in _DIGIT:
            current = _DIGIT[char]
        else:
            total += (current or 1) * _UNIT[char]
            current = 0
    return total + current


@lru_cache(maxsize=100_000)
def value_of(text: str) -> str:
    """The bare value of a number part: 十八号楼, 18幢 and 18# are 18; B座 is B; 负一层 is -1; 012 is 12."""
    if _FLAT.match(text):
        return text
    text = text.upper().replace("第", "").replace("负", "-").replace("地下", "-").replace(" ", "")
    bare = _DROP.sub("", text) or text
    bare = _RUN.sub(lambda found: str(chinese_number(found.group())), bare)
    return _ZERO.sub("", _DASH.sub("-", bare)).rstrip("-")


@lru_cache(maxsize=20_000)
def kind_of(text: str) -> str:
    """The word that said what is numbered: 3号楼 → 号楼, 3# → #; empty for a bare number."""
    found = _DROP.search(text)
    return found.group() if found else ""


def expand(value: str, part_is_room: bool) -> tuple[str, ...]:
    """The single numbers of a list or a short range: 101、102 → both; 101-103 → three; a range over fifty is left alone."""
    values: list[str] = []
    for piece in value.split("、"):
        low, dash, high = piece.partition("-")
        if part_is_room and dash and low.isdigit() and high.isdigit() and len(low) == len(high) and 0 < int(high) - int(low) < 50:
            values += [str(number).zfill(len(low)) for number in range(int(low), int(high) + 1)]
        elif piece:
            values.append(piece)
    return tuple(values)
