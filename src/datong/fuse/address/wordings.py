"""A register's addresses in the wordings people use, with every part's place known: texts to teach a model with.

A register's own addresses say in full what each number is, so the grammar reads them without guessing. Each is then
written anew: levels left out, numbers by dashes or in Chinese, other words for building and door, blanks, full width,
remarks behind. Half the names get another core, so that a model learns how names are made and not which there are.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from datong.domain.address import ParsedAddress, Part
from datong.fuse.address.names import core, plain
from datong.fuse.address.numerals import kind_of, value_of
from datong.fuse.address.reader import Reader

SURE = 0.95
"""Confidence of the grammar below which a register's address is not taught from."""
_HEAD = (Part.PROV, Part.CITY, Part.DISTRICT, Part.ZONE, Part.STREET, Part.COMMUNITY)
_CORES = (Part.ROAD, Part.ESTATE, Part.VILLAGE, Part.COMMUNITY)
_DOORS = (Part.BUILDING, Part.ENTRANCE, Part.FLOOR, Part.ROOM)
_WORDS = {
    Part.BUILDING: ("号楼", "幢", "栋", "#", "#楼", "座"),
    Part.ENTRANCE: ("单元", "单元", "门", "梯"),
    Part.FLOOR: ("层", "楼", "F"),
    Part.ROOM: ("室", "", "", "号", "户", "房"),
}
_ENDINGS = ("自治区", "街道", "省", "市", "区", "县", "镇", "乡")
_REMARKS = (("电联", Part.NOISE), ("对面", Part.RELATIVE), ("北首", Part.RELATIVE), ("东侧", Part.RELATIVE), ("门口", Part.RELATIVE))
_DIGITS = "零一二三四五六七八九"
Piece = tuple[str, Part]


@dataclass(frozen=True, slots=True)
class Pools:
    """What a register's names are made of."""

    signs: tuple[str, ...]
    endings: dict[Part, tuple[str, ...]]


def wordings(addresses: Iterable[str], *, seed: int = 0, each: int = 2) -> Iterator[tuple[str, tuple[tuple[int, int, str], ...]]]:
    """Texts with spans under the reader's own labels, `each` a register address; those the grammar is not sure of are left out."""
    reader = Reader()
    read = [parsed for parsed in map(reader.read, dict.fromkeys(addresses)) if parsed.confidence >= SURE and len(parsed.spans) > 1]
    pools = _pools(read)
    draw = random.Random(seed)
    for parsed in read:
        for _ in range(each):
            pieces = _worded([(span.text, span.label) for span in parsed.spans if span.label is not Part.ASIDE], pools, draw)
            text, spans, reach = "", [], 0
            for word, part in pieces:
                text += word
                if part is not Part.COUNTRY and word.strip(" -"):
                    spans.append((reach, reach + len(word), part.value))
                reach += len(word)
            if spans:
                yield (_wide(text) if draw.random() < 0.04 else text), tuple(spans)


def _pools(read: Sequence[ParsedAddress]) -> Pools:
    """Signs of the names' cores and their endings."""
    signs: dict[str, None] = {}
    endings: dict[Part, dict[str, None]] = {part: {} for part in _CORES}
    for parsed in read:
        for span in parsed.spans:
            if span.label in _CORES:
                bare = core(plain(span.text))
                signs.update(dict.fromkeys(char for char in bare[:-1] if "\u4e00" <= char <= "\u9fff"))
                endings[span.label][span.text[len(bare) :] or span.text[-1:]] = None
    return Pools(tuple(signs) or tuple("金华安康"), {part: tuple(found) or ("",) for part, found in endings.items()})


def _worded(pieces: list[Piece], pools: Pools, draw: random.Random) -> list[Piece]:
    """The same address as somebody else would write it."""
    pieces = [_renamed(piece, pools, draw) for piece in _shortened(pieces, draw)]
    first = next((at for at, (_, part) in enumerate(pieces) if part in _DOORS), len(pieces))
    head, doors = pieces[:first], pieces[first:]
    if all(part in _DOORS for _, part in doors) and len(doors) > 1 and draw.random() < 0.3:
        doors = _dashed(doors)
    else:
        doors = [_reworded(word, part, draw) if part in _DOORS else (word, part) for word, part in doors]
    if head and doors and draw.random() < 0.06:
        head = [*head, (" ", Part.COUNTRY)]
    if draw.random() < 0.06:
        doors = [*doors, draw.choice(_REMARKS)]
    return head + doors


def _shortened(pieces: list[Piece], draw: random.Random) -> list[Piece]:
    """Levels left out, divisions without their endings; something to find the door by always stays."""
    named = any(part in (Part.ESTATE, Part.VILLAGE) for _, part in pieces)
    numbered = any(part is Part.ROAD_NO for _, part in pieces)
    keep: list[Piece] = []
    drop_road, drop_name = named and draw.random() < 0.3, numbered and draw.random() < 0.2
    for word, part in pieces:
        if (part in _HEAD and draw.random() < 0.35) or (drop_road and part in (Part.ROAD, Part.ROAD_NO)):
            continue
        if drop_name and not drop_road and part in (Part.ESTATE, Part.PHASE):
            continue
        if part in _HEAD[:3] and len(word) > 2 and draw.random() < 0.25:
            word = next((word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending) and len(word) > len(ending) + 1), word)
        keep.append((word, part))
    return keep or pieces


def _renamed(piece: Piece, pools: Pools, draw: random.Random) -> Piece:
    """Half the names get another core of the same signs, and an ending some name of the register has."""
    part = piece[1]
    if part not in _CORES or draw.random() < 0.5:
        return piece
    made = "".join(draw.choice(pools.signs) for _ in range(draw.choice((2, 2, 2, 3))))
    return made + draw.choice(pools.endings[part]), part


def _dashed(doors: list[Piece]) -> list[Piece]:
    """3号楼2单元301室 as 3-2-301."""
    made: list[Piece] = []
    for word, part in doors:
        made += [("-", Part.COUNTRY), (value_of(word), part)] if made else [(value_of(word), part)]
    return made


def _reworded(word: str, part: Part, draw: random.Random) -> Piece:
    """Another word for the same kind of number; small numbers now and then in Chinese."""
    value = value_of(word)
    if not value.isdigit() or (part is Part.ROOM and draw.random() < 0.3):
        return word, part
    unit = draw.choice(_WORDS[part]) if draw.random() < 0.5 else kind_of(word)
    if part is not Part.ROOM and not unit.startswith(("#", "F")) and int(value) < 100 and draw.random() < 0.1:
        value = _in_chinese(int(value))
    return value + unit, part


def _in_chinese(value: int) -> str:
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _wide(text: str) -> str:
    """Full width signs, one for one."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
