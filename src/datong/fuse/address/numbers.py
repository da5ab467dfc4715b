"""Shapes of number chains (3-2-301, B区12号) as features: which number of how many, how long each, what word closes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHAIN = re.compile(r"(?:[A-Z]*0+[0A-Z]*|(?<![A-Z])[A-Z]{1,2}(?![A-Z]))(?:[\-、_ ~.,/]+(?:[A-Z]*0+[0A-Z]*|[A-Z]{1,2}(?![A-Z])))*")
_ELEMENT = re.compile("[0A-Z]+")
_SEGMENT = re.compile("0+|[A-Z]+")
Place = tuple[str, str, str]
"""The grammar's part of a character, the part before it, and the steps of the ladder passed."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """One chain with what stands around it."""

    start: int
    end: int
    elements: tuple[tuple[int, int], ...]
    lengths: str
    suffix: str
    before: str
    part_before: str
    passed: str
    following: str
    preceding: str
    city: str


def chain_features(text: str, places: list[Place | None], city: str) -> list[list[str]]:
    """Features of the characters in number chains and of the two behind each; empty for the others."""
    rows: list[list[str]] = [[] for _ in text]
    found = list(_CHAIN.finditer(text))
    for number, match in enumerate(found):
        last = found[number - 1] if number else None
        after = found[number + 1] if number + 1 < len(found) else None
        chain = _chain(text, places[match.start()], (last, match, after), city)
        for at in range(chain.start, chain.end):
            rows[at] = _in_chain(text, chain, at)
        for step in (0, 1):
            at = chain.end + step
            if at < len(text) and text[at] not in "0-":
                word = text[chain.end : at + 1]
                rows[at] = [
                    *rows[at], f"Cv{step}{word}{chain.following}", f"Cw{step}{word}{chain.preceding}",
                    f"Cx{step}{word}{len(chain.elements)}{chain.part_before}", f"Cy{step}{word}{city}", f"Cz{step}{word}{chain.passed}",
                ]  # fmt: skip
    return rows


def _chain(text: str, place: Place | None, around: tuple[re.Match[str] | None, re.Match[str], re.Match[str] | None], city: str) -> _Chain:
    last, match, after = around
    start, end = match.span()
    elements = tuple((start + one.start(), start + one.end()) for one in _ELEMENT.finditer(match.group()))
    following = preceding = ""
    if after:
        gap = text[end : after.start()]
        gap = gap if len(gap) <= 3 else f"{gap[0]}..{gap[-1]}"
        following = f"{gap}{min(5, len(after.group()))}{text[after.end() : after.end() + 1] or '$'}"
    if last:
        gap = text[last.end() : start]
        preceding = gap if len(gap) <= 3 else f"{gap[0]}..{gap[-1]}"
    return _Chain(
        start,
        end,
        elements,
        "".join(str(min(5, high - low)) for low, high in elements),
        text[end : end + 2] or "$",
        text[max(0, start - 1) : start] or "^",
        place[1] if place else "O",
        place[2] if place else "",
        following or "end",
        preceding or "first",
        city,
    )


def _in_chain(text: str, chain: _Chain, at: int) -> list[str]:
    total = len(chain.elements)
    number = next((index for index, (low, high) in enumerate(chain.elements) if low <= at < high), None)
    suffix = chain.suffix[:1]
    if number is None:
        return _joint(text, chain, at)
    low, high = chain.elements[number]
    segments = [(low + one.start(), low + one.end()) for one in _SEGMENT.finditer(text[low:high])]
    shape = "".join(("0" if text[start] == "0" else "A") + str(min(5, end - start)) for start, end in segments)
    index, start = next((index, start) for index, (start, end) in enumerate(segments) if start <= at < end)
    place = f"{index}{'0' if text[start] == '0' else 'A'}{min(at - start, 4)}"
    here = f"{number}/{total}{'B' if at == low else ''}{'E' if at == high - 1 else ''}"
    last = "1" if number == total - 1 else "0"
    return [
        "Ch" + here + suffix, "Ci" + here + chain.lengths + suffix, "Cj" + here + chain.part_before + suffix,
        "Ck" + here + chain.passed + suffix,
        "Cl" + shape + place, "Cm" + shape + place + suffix + last, "Cn" + shape + place + chain.part_before, "Cp" + here + chain.following,
        "Cq" + here + chain.preceding, "Cr" + here + chain.suffix + chain.following, "Cs" + here + suffix + chain.city,
        "Ct" + here + chain.following + chain.part_before, "Cu" + shape + place + chain.passed,
    ]  # fmt: skip


def _joint(text: str, chain: _Chain, at: int) -> list[str]:
    """A dash or comma between two numbers of a chain."""
    number = sum(1 for _, high in chain.elements if high <= at)
    left, right = chain.elements[number - 1], chain.elements[number]
    suffix = chain.suffix[:1]
    here = f"{text[at]}{number}/{len(chain.elements)}"
    lengths = f"{min(5, left[1] - left[0])}.{min(5, right[1] - right[0])}"
    return [
        "Ca" + here + suffix, "Cb" + here + chain.lengths + suffix, "Cc" + here + chain.part_before + suffix,
        "Cd" + here + lengths + suffix + chain.part_before, "Ce" + here + chain.passed + suffix, "Cf" + here + chain.following,
        "Cg" + here + chain.before + suffix,
    ]  # fmt: skip
