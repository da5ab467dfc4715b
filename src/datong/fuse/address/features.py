"""What a taught model looks at: signs, known names, number shapes, and what the grammar made of the text.

One list of words a character. Every digit is seen as 0, so that equal shapes have equal features. The grammar's own
reading is among them: where the rules are right the model learns to trust them, and where they guess it learns when not to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from datong.domain.address import Part
from datong.fuse.address.clean import one_char
from datong.fuse.address.known import KnownNames
from datong.fuse.address.lexicon import Lexicon
from datong.fuse.address.marks import MARK
from datong.fuse.address.numbers import chain_features

_NUMERALS = frozenset("零〇一二两三四五六七八九十百千")
_DIRECTIONS = frozenset("东南西北中")
_RUN = re.compile(r"[0A-Z]*0[0A-Z]*|[A-Z]{1,2}|[零〇一二两三四五六七八九十百]+")
_ZEROS = re.compile("0+")
_SHAPE_END = re.compile(r"[^0-9A-Z\-#]")
_STEPS = {
    Part.ROAD: "r",
    Part.ROAD_NO: "n",
    Part.ESTATE: "e",
    Part.BUILDING: "b",
    Part.ENTRANCE: "u",
    Part.FLOOR: "f",
    Part.ROOM: "m",
    Part.VILLAGE: "v",
    Part.COMMUNITY: "c",
}
_cache: dict[str, str] = {}


def folded(text: str) -> str:
    """The text as a model sees it, character by character and of the same length: half width, capital letters, digits as 0."""
    return "".join(_cache.get(char) or _fold(char) for char in text)


def _fold(char: str) -> str:
    plain = one_char(char)
    if not plain or (plain == " " and not char.isspace()):
        plain = char
    elif plain.isdecimal():
        plain = "0"
    plain = plain.upper()
    plain = plain if len(plain) == 1 else char
    if len(_cache) < 20_000:
        _cache[char] = plain
    return plain


def _kind(char: str) -> str:
    if char == "0":
        return "d"
    if "A" <= char <= "Z":
        return "a"
    if char in _NUMERALS:
        return "n"
    if char in _DIRECTIONS:
        return "e"
    return "h" if "\u3400" <= char <= "\u9fff" else "p"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a character stands in the grammar's reading."""

    part: str
    before: str
    after: str
    second: str
    passed: str
    word: str
    at: int
    left: int

    @property
    def edge(self) -> str:
        """B at the beginning of its token, E at its end."""
        return ("I" if self.at else "B") + ("" if self.left else "E")


def seats_of(text: str, tokens: Sequence[tuple[int, int, Part]]) -> list[Seat | None]:
    """One seat a character of the folded text; none where the grammar read nothing."""
    seats: list[Seat | None] = [None] * len(text)
    names = ["^", *(part.value for _, _, part in tokens), "$", "$"]
    passed: set[Part] = set()
    for number, (start, end, part) in enumerate(tokens, start=1):
        steps = "".join(sign for step, sign in _STEPS.items() if step in passed)
        word = text[start:end]
        for at in range(start, end):
            seats[at] = Seat(part.value, names[number - 1], names[number + 1], names[number + 2], steps, word, at - start, end - 1 - at)
        passed.add(part)
    return seats


def features_of(
    raw: str, tokens: Sequence[tuple[int, int, Part]], *, lexicon: Lexicon, names: KnownNames | None, city: str = ""
) -> list[list[str]]:
    """The features of each character, given the grammar's tokens over the same text and the city or province it named."""
    text = folded(raw)
    seats = seats_of(text, tokens)
    chains = chain_features(text, [(seat.part, seat.before, seat.passed) if seat else None for seat in seats], city[:2])
    divisions = _division_marks(text, lexicon)
    known = names.tags(text) if names else None
    columns: list[Iterable[list[str]]] = [
        _signs(text),
        _seat_features(text, seats),
        _windows(divisions, "LMN"),
        _next_marks(text),
        _run_features(text, seats),
        chains,
    ]
    if known:
        columns += [_windows(known, "DEF"), [["DG" + tag + (seat.part if seat else "O")] for tag, seat in zip(known, seats, strict=True)]]
    rows = [[word for column in row for word in column] for row in zip(*columns, strict=True)]
    if rows:
        rows[0].append("BOS")
        rows[-1].append("EOS")
    return rows


def _signs(text: str) -> list[list[str]]:
    """Characters around each one, alone and in runs of up to four, and their kinds."""
    padded = f"^^^{text}$$$"
    kinds = f"^^^{''.join(map(_kind, text))}$$$"
    rows = []
    for at in range(len(text)):
        c, k = padded[at : at + 7], kinds[at : at + 7]
        rows.append(
            [
                "0" + c[3], "-1" + c[2], "-2" + c[1], "-3" + c[0], "+1" + c[4], "+2" + c[5], "+3" + c[6],
                "a" + c[2:4], "b" + c[3:5], "c" + c[1:3], "d" + c[4:6], "e" + c[1:4], "f" + c[2:5], "g" + c[3:6],
                "4" + c[4:7], "5" + c[0:3], "k" + c[3:7], "l" + c[0:4], "h" + k[2:5], "i" + k[1:6], "j" + k,
            ]
        )  # fmt: skip
    return rows


def _seat_features(text: str, seats: list[Seat | None]) -> list[list[str]]:
    """What the grammar says of each character and its neighbours."""
    rows = []
    for at, seat in enumerate(seats):
        char = text[at]
        if seat is None:
            row = ["GO", "GO" + char]
        else:
            here = seat.edge + seat.part
            row = [
                "G" + here, "Gp" + here + seat.before, "Gn" + here + seat.after, "Gx" + here + seat.before + seat.after,
                "Gs" + here + seat.passed, "Gy" + here + seat.after + seat.second, "Ge" + here + seat.word[-2:],
                f"Gw{min(seat.at, 4)}{seat.part}{seat.word[-1:]}", f"Gl{here}{min(len(seat.word), 7)}", "Gc" + here + char,
            ]  # fmt: skip
            if len(seat.word) <= 8:
                row.append("GW" + here + seat.word)
        left = seats[at - 1] if at else None
        right = seats[at + 1] if at + 1 < len(seats) else None
        row.append("H" + (left.part + ("" if left.left else "E") if left else "O"))
        row.append("J" + (right.part + ("" if right.at else "B") if right else "O"))
        rows.append(row)
    return rows


def _division_marks(text: str, lexicon: Lexicon) -> list[str]:
    """Known divisions and names, the longest first, with their levels."""
    marks = ["-"] * len(text)
    reach = 0
    for start, found in sorted(lexicon.hits(text).items()):
        if start < reach:
            continue
        reach, entries = found[0]
        parts = "/".join(sorted({entry.part.value + ("s" if entry.short else "") for entry in entries}))
        for at in range(start, reach):
            marks[at] = ("B" if at == start else "E" if at == reach - 1 else "I") + parts
    return marks


def _windows(marks: list[str], letters: str) -> list[list[str]]:
    """A mark alone, with the one before and with the one after."""
    one, left, right = letters[0], letters[1], letters[2]
    around = ["^", *marks, "$"]
    return [[one + mark, left + around[at] + mark, right + mark + around[at + 2]] for at, mark in enumerate(marks)]


def _next_marks(text: str) -> list[list[str]]:
    """The next word that can end a name, and how far it is."""
    ends: list[tuple[int, str]] = []
    at, length = 0, len(text)
    while at + 1 < length and (found := MARK.search(text, at + 1)):
        kind = found.lastgroup or ""
        ends.append((found.start() if kind == "stop" else found.end() - 1, kind))
        at = max(ends[-1][0], at + 1)
    rows = []
    following = 0
    for place, char in enumerate(text):
        while following < len(ends) and ends[following][0] < place:
            following += 1
        where, kind = ends[following] if following < len(ends) else (place + 9, "none")
        rows.append([f"K{kind}{min(9 if kind == 'none' else 6, where - place)}", "Kk" + kind + char])
    return rows


def _run_features(text: str, seats: list[Seat | None]) -> list[list[str]]:
    """Runs of digits, letters or numerals: their length, what stands before and behind."""
    rows: list[list[str]] = [[] for _ in text]
    for found in _RUN.finditer(text):
        start, end = found.span()
        suffix, before, length = text[end : end + 3], text[max(0, start - 2) : start] or "^", str(min(5, end - start))
        shape = _SHAPE_END.split(_ZEROS.sub(lambda zeros: str(min(5, len(zeros.group()))), text[start : start + 16]))[0]
        for at in range(start, end):
            edge = ("B" if at == start else "I") + ("E" if at == end - 1 else "")
            seat = seats[at]
            passed = seat.passed if seat else ""
            rows[at] = [
                "R" + edge + suffix[:2], "Rl" + edge + length + suffix[:1], "Rp" + edge + before[-1:] + suffix[:1], "Rq" + edge + before,
                "Rt" + edge + suffix, "RL" + edge + length + before[-1:] + suffix[:1], "Rs" + edge + shape,
                "Rb" + edge + passed + suffix[:2], "Rc" + edge + passed + length + suffix[:1],
            ]  # fmt: skip
        if end < len(text) and not rows[end]:
            seat = seats[end]
            behind = text[max(0, start - 1) : start]
            rows[end] = ["S1" + text[end] + length + behind, "S1x" + text[end : end + 2] + (seat.passed if seat else "")]
        if end + 1 < len(text) and not rows[end + 1]:
            rows[end + 1] = ["S2" + text[end : end + 2]]
    return rows
