"""One name to the places of the register that bear it: as registered or by alias, else a unique beginning, else a near spelling.

Digits, directions, phase and zone words are never near: they are equal or the name is another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from datong.fuse.address.names import core, is_generic, marks, plain, street_core
from datong.fuse.address.tree import PlaceTree

GAP = 0.08
"""How far the second best name must be behind a near spelling."""
_NEAR = 0.74
_PHASE_END = re.compile(r"[0-9A-Z]+[期区]\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """Places a name or number may mean. `rule` names how; `near` tells the name a near spelling was taken for."""

    ids: tuple[str, ...] = ()
    rule: str = ""
    near: str = ""
    second: str = ""
    gap: float = 1.0


@dataclass(slots=True)
class Scope:
    """What the address says about where: division code prefix, street, whether a functional zone loosens the district."""

    division: str
    street: str
    loose: bool = False


def within(place_or_code: str, division: str) -> bool:
    """A place or code lies in the division, or holds it; 00 at the end stands for the whole above."""
    code = place_or_code.partition("/")[0]
    code = code[:4] if code.endswith("00") else code
    return code.startswith(division) or division.startswith(code) or code == "0000"


def fits(tree: PlaceTree, ids: list[str] | tuple[str, ...], scope: Scope) -> tuple[str, ...]:
    """Those within the divisions named; the street decides only where the register knows one."""
    inside = [place for place in ids if scope.loose or within(place, scope.division)]
    if scope.street and len(inside) > 1:
        same = [place for place in inside if street_core(plain(tree.street_of(place))) == scope.street]
        inside = same or inside
    return tuple(inside)


def find_name(tree: PlaceTree, step: str, wording: str, scope: Scope) -> Found:
    """One name: as registered or by alias, else a unique beginning, else a near spelling."""
    name = plain(wording)
    if is_generic(name):
        return Found()
    held = tree.named(step, name)
    if held:
        ids = fits(tree, held, scope) or (tuple(held) if len(held) == 1 else ())
        alias = not any(plain(tree.places[place].name) == name for place in ids)
        return Found(ids, "alias" if alias else "name")
    if phases := fits(tree, _phases(tree, step, name), scope):
        return Found(phases, "phase")
    begin = _beginning(tree, step, name, scope)
    return begin if begin.ids else _near(tree, step, name, scope)


def _phases(tree: PlaceTree, step: str, name: str) -> tuple[str, ...]:
    """Every phase of an estate whose name is written without one: an exact name, more than any near spelling of another."""
    key = ("phases", step, tree.version)
    index: dict[str, list[str]] | None = tree.memo.get(key)
    if index is None:
        index = {}
        for kind, known in tree.by_name:
            if kind == step and (phase := _PHASE_END.search(known)) and phase.start() >= 2:
                index.setdefault(known[: phase.start()], []).append(known)
        tree.memo[key] = index
    return tuple(dict.fromkeys(place for known in index.get(name, ()) for place in tree.named(step, known)))


def _names_by_pair(tree: PlaceTree, step: str) -> dict[str, list[str]]:
    """Names of a kind by each pair of neighbouring signs and by first sign; built once per version of the tree."""
    key = ("pairs", step, tree.version)
    index: dict[str, list[str]] | None = tree.memo.get(key)
    if index is None:
        index = {}
        for kind, name in tree.by_name:
            if kind == step:
                for pair in {left + right for left, right in pairwise(core(name))} | {"^" + name[:1], "=" + core(name)}:
                    index.setdefault(pair, []).append(name)
        tree.memo[key] = index
    return index


def _beginning(tree: PlaceTree, step: str, name: str, scope: Scope) -> Found:
    """A name cut short (金信 for 金信花园), or with another generic ending, when only one registered name fits it."""
    if len(name) < 2:
        return Found()
    index = _names_by_pair(tree, step)
    if tree.named("S", name):
        return Found()
    longer = [
        other
        for other in index.get("^" + name[0], ())
        if other.startswith(name) and (len(core(other)) - len(name) <= 1 or len(name) >= 4) and marks(other) == marks(name)
    ]
    same_core = [other for other in index.get("=" + core(name), ()) if marks(other) == marks(name)] if core(name) != name else []
    for names, rule in ((longer, "beginning"), (same_core, "core")):
        ids = fits(tree, [place for other in names for place in tree.named(step, other)], scope)
        if len(set(ids)) == 1:
            return Found(tuple(set(ids)), rule, near=tree.places[ids[0]].name)
    return Found()


def _near(tree: PlaceTree, step: str, name: str, scope: Scope) -> Found:
    """One sign wrong, lost or added in the distinctive part; what tells neighbours apart equal; the second best well behind."""
    stem = core(name)
    if len(stem) < 3 and len(name) < 4:
        return Found()
    index = _names_by_pair(tree, step)
    pairs = {left + right for left, right in pairwise(stem)} | {"^" + name[:1]}
    seen: dict[str, float] = {}
    for pair in pairs:
        for other in index.get(pair, ()):
            if other not in seen and abs(len(other) - len(name)) <= 3:
                seen[other] = _likeness(name, stem, other)
    ranked = sorted(((score, other) for other, score in seen.items() if score >= _NEAR - GAP), reverse=True)
    ranked = [(score, other) for score, other in ranked if fits(tree, tree.named(step, other), scope)]
    if not ranked or ranked[0][0] < _NEAR:
        return Found()
    best, other = ranked[0]
    second = ranked[1] if len(ranked) > 1 else (0.0, "")
    ids = fits(tree, tree.named(step, other), scope)
    if best - second[0] < GAP and tree.named(step, second[1])[:1] != list(ids[:1]):
        return Found()
    runner = tree.named(step, second[1])[0] if second[1] else ""
    return Found(ids, "near", near=tree.places[ids[0]].name, second=runner, gap=round(best - second[0], 3))


def _likeness(name: str, stem: str, other: str) -> float:
    """0 unless the marks are equal and the cores differ by one sign at most; else how alike the whole names are."""
    if marks(name) != marks(other) or is_generic(other):
        return 0.0
    other_stem = core(other)
    if len(name) >= 4 and other_stem == name[: len(other_stem)] and Levenshtein.distance(name, other, score_cutoff=1) <= 1:
        return float(fuzz.ratio(name, other)) / 100  # the slip is in the generic ending
    if Levenshtein.distance(stem, other_stem, score_cutoff=1) > 1 or min(len(stem), len(other_stem)) < 2:
        return 0.0
    if len(stem) == len(other_stem) == 2:
        return 0.0
    return float(fuzz.ratio(name, other)) / 100
