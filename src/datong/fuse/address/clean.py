"""Make one spelling of an address text while remembering where every character came from.

Full width becomes half width, every dash one dash, traditional signs of the number words the usual ones; invisible
characters and variation selectors go; brackets are set aside. All of it is one pass: a million characters or a
thousand open brackets cost no more than their length.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

MAX_LENGTH = 400
"""Characters; a longer text is not an address. The longest of 100,000 company addresses had 160."""

TOO_LONG = f"longer than {MAX_LENGTH} characters: not read as an address"

_FORMS = "號樓棟層單區縣鎮鄉門廈園東灣廣場組隊國際莊橋蘇寧淚"
_TRADITIONAL = str.maketrans(_FORMS, "号楼栋层单区县镇乡门厦园东湾广场组队国际庄桥苏宁泪")
_EDGES = [0x4DFF, *sorted(map(ord, _FORMS)), 0xA000]
_USUAL = "".join(f"{chr(low + 1)}-{chr(high - 1)}" for low, high in pairwise(_EDGES) if high - low > 1)
_PLAIN = re.compile(rf"[{_USUAL}0-9A-Za-z#、-]*\Z")
"""A text that is clean already: none of its signs has another form."""
_DASHES = frozenset("-－—–―‐‑‒−﹣~～〜→⁃ー")
_OPEN = frozenset("([{（【〔「『《〈<")
_CLOSE = frozenset(")]}）】〕」』》〉>")
_LIST = frozenset("、,，")
HARD_GAP = "|"
"""Stands where brackets stood: nothing is joined across it."""
_BLANK = frozenset((" ", HARD_GAP))
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Clean text; `starts` gives the raw offset of each clean character (None: the same); brackets as raw offsets."""

    text: str
    starts: tuple[int, ...] | None
    asides: tuple[tuple[int, int], ...] = ()


def clean(raw: str) -> Cleaned:
    """The text the grammar reads. Nothing is guessed here; only spelling is levelled."""
    if _PLAIN.match(raw):
        return Cleaned(raw, None)
    chars: list[str] = []
    starts: list[int] = []
    for offset, char in enumerate(raw):
        if mapped := one_char(char):
            chars.append(mapped)
            starts.append(offset)
    asides = _set_aside(chars, starts)
    text, kept = _close_gaps(chars, starts)
    return Cleaned(text, kept, asides)


def open_brackets(raw: str) -> str:
    """The same text with brackets as plain gaps, for a second look at what stood in them."""
    return "".join(" " if char in _OPEN or char in _CLOSE else char for char in raw)


_cache: dict[str, str] = {}


def one_char(char: str) -> str:
    """The clean spelling of one character; empty when it has no meaning of its own."""
    known = _cache.get(char)
    if known is None:
        known = _spell(char)
        if len(_cache) < 20_000:
            _cache[char] = known
    return known


def _spell(char: str) -> str:
    if char in _DASHES:
        return "-"
    if char in _OPEN:
        return "("
    if char in _CLOSE:
        return ")"
    if char in _LIST:
        return "、"
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Mn", "Me", "Cs", "Co", "Cn"):
        return " " if char in "\t\n\r" else ""
    folded = unicodedata.normalize("NFKC", char).translate(_TRADITIONAL)
    if len(folded) > 1:
        inner = folded.strip("()")
        folded = inner if len(inner) == 1 else " "
    if folded.isdecimal():
        return str(unicodedata.decimal(folded))
    if folded.isalnum() or folded == "#":
        return folded
    return "·" if folded in "·•・" else " "


def _set_aside(chars: list[str], starts: list[int]) -> tuple[tuple[int, int], ...]:
    """Blank every matched outermost pair of brackets in place; an unmatched bracket is only a gap."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for at, char in enumerate(chars):
        if char == "(":
            stack.append(at)
        elif char == ")":
            if stack:
                pairs.append((stack.pop(), at))
            chars[at] = " "
    for at in stack:
        chars[at] = " "
    outer: list[tuple[int, int]] = []
    reach = -1
    for opened, closed in sorted(pairs):
        if opened > reach:
            outer.append((opened, closed))
            reach = closed
            chars[opened : closed + 1] = [HARD_GAP, *[" "] * (closed - opened)]
    return tuple((starts[opened], starts[closed] + 1) for opened, closed in outer if closed > opened + 1)


def _close_gaps(chars: list[str], starts: list[int]) -> tuple[str, tuple[int, ...]]:
    """One blank for a run of blanks; none between a name and its number (华光路 1 号); none at the ends."""
    text: list[str] = []
    kept: list[int] = []
    spread = _is_spread(chars)
    for at, char in enumerate(chars):
        if char in _BLANK and (char == " " or not text):
            if not text or text[-1] in _BLANK or spread:
                continue
            after = next((later for later in chars[at + 1 : at + 3] if later != " "), "")
            if after and (_han_digit(text[-1], after)):
                continue
        text.append(char)
        kept.append(starts[at])
    while text and text[-1] in _BLANK:
        text.pop()
        kept.pop()
    return "".join(text), tuple(kept)


def _han_digit(before: str, after: str) -> bool:
    return (before.isascii() and before.isalnum() and bool(_HAN.match(after))) or (bool(_HAN.match(before)) and after.isdigit())


def _is_spread(chars: list[str]) -> bool:
    """True for a text written with a blank after every sign: 山 东 省 淄 博 市."""
    blanks = sum(1 for char in chars if char == " ")
    return blanks > 3 and blanks * 2 + 1 >= len(chars) and all(a == " " or b == " " for a, b in pairwise(chars))
