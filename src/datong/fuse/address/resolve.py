"""From the names of an address to places of the register: exact, alias, unique beginning, near spelling; or road and number.

Names are resolved with everything the address says about divisions. Name and number are two witnesses: both agreeing is
best, a unique name may stand alone, a number alone may not speak against a name that is written but unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from datong.domain.address import ParsedAddress
from datong.fuse.address.names import core, marks, plain, street_core, village_core
from datong.fuse.address.tree import PlaceTree

GAP = 0.08
"""How far the second best name must be behind a near spelling."""
_NEAR = 0.74
_FIRM = ("公司", "厂", "店", "超市", "银行", "集团", "中心", "院", "所", "局", "部", "馆", "学校", "社", "会", "站", "酒店", "宾馆", "市场")
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Found:
    """Places a name or number may mean. `rule` names how; `near` tells the name a near spelling was taken for."""

    ids: tuple[str, ...] = ()
    rule: str = ""
    near: str = ""
    second: str = ""
    gap: float = 1.0


@dataclass(frozen=True, slots=True)
class Sites:
    """Where the doors are to be looked up, and what spoke for and against it. An empty `ids` says why in `trouble`."""

    ids: tuple[str, ...] = ()
    rule: str = ""
    trouble: str = ""
    detail: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()
    contradicted: frozenset[str] = frozenset()
    notes: tuple[tuple[str, ...], ...] = ()
    reached: str = ""
    second: str = ""
    gap: float = 1.0


@dataclass(slots=True)
class Scope:
    """What the address says about where: division code prefix, street, whether a functional zone loosens the district."""

    division: str
    street: str
    loose: bool = False
    used: set[str] = field(default_factory=set)


def resolve(tree: PlaceTree, parsed: ParsedAddress, hint: str) -> Sites:
    """The sites an address can mean; remembered by its names."""
    key = (
        parsed.division, parsed.district, parsed.zone, parsed.street, parsed.community, parsed.village, parsed.group,
        parsed.road, parsed.road_no, parsed.sub_no, parsed.estate, parsed.other_places, parsed.phase, hint,
    )  # fmt: skip
    known = tree.memo.get(key)
    if known is None:
        known = _resolve(tree, parsed, hint)
        if len(tree.memo) >= _REMEMBERED:
            tree.memo.clear()
        tree.memo[key] = known
    result: Sites = known
    return result


def _resolve(tree: PlaceTree, parsed: ParsedAddress, hint: str) -> Sites:
    scope = _scope(tree, parsed, hint)
    if scope is None:
        return Sites(trouble="outside", contradicted=frozenset({"division"}))
    name = _by_name(tree, parsed, scope)
    number = _by_number(tree, parsed, scope)
    if name.ids and number.ids:
        return _two_witnesses(tree, parsed, name, number)
    if name.ids:
        return _name_alone(tree, parsed, scope, name)
    if number.ids:
        return _number_alone(tree, parsed, scope, number)
    return _neither(tree, parsed, scope)


def _scope(tree: PlaceTree, parsed: ParsedAddress, hint: str) -> Scope | None:
    """None when the divisions named lie outside the register."""
    division = parsed.division[:6] or hint[:6]
    if division and not any(_within(known, division) for known in tree.division_names or tree.places if "/" not in known):
        return None
    return Scope(division, street_core(plain(parsed.street)) if parsed.street else "", bool(parsed.zone))


def _within(place_or_code: str, division: str) -> bool:
    code = place_or_code.partition("/")[0]
    return code.startswith(division) or division.startswith(code) or code == "000000"


def _fits(tree: PlaceTree, ids: list[str] | tuple[str, ...], scope: Scope) -> tuple[str, ...]:
    """Those within the divisions named; the street decides only where the register knows one."""
    inside = [place for place in ids if scope.loose or _within(place, scope.division)]
    if scope.street and len(inside) > 1:
        same = [place for place in inside if street_core(plain(tree.street_of(place))) == scope.street]
        inside = same or inside
    return tuple(inside)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────


def _by_name(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> Found:
    """Places by estate name, longest wording first, then by village."""
    for wording in wordings(parsed):
        found = find_name(tree, "E", wording, scope)
        if found.ids:
            return found
    for village in (parsed.village, parsed.community if not parsed.estate else ""):
        if village and not parsed.estate:
            found = _village(tree, parsed, village, scope)
            if found.ids:
                return found
    return Found()


def wordings(parsed: ParsedAddress) -> list[str]:
    """Ways the estate may be registered: with its phase, joined with the second name, alone."""
    if not parsed.estate:
        return []
    names = [parsed.estate, *parsed.other_places]
    joined = ["".join(names)] if len(names) > 1 else []
    ways = [*joined, *names]
    if parsed.village and not parsed.road:
        ways.append(parsed.village + parsed.estate)
    return [way + parsed.phase for way in ways] if parsed.phase else ways


def _village(tree: PlaceTree, parsed: ParsedAddress, village: str, scope: Scope) -> Found:
    ids = _fits(tree, tree.named("V", plain(village)) or tree.named("V", plain(village_core(village))), scope)
    if parsed.group:
        ids = tuple(child for place in ids if (child := f"{place}/g:{parsed.group}") in tree.places) or ids
    return Found(ids, "village") if ids else Found()


def find_name(tree: PlaceTree, step: str, wording: str, scope: Scope) -> Found:
    """One name: as registered or by alias, else a unique beginning, else a near spelling."""
    name = plain(wording)
    held = tree.named(step, name)
    if held:
        ids = _fits(tree, held, scope) or (tuple(held) if len(held) == 1 else ())
        alias = not any(plain(tree.places[place].name) == name for place in ids)
        return Found(ids, "alias" if alias else "name")
    begin = _beginning(tree, step, name, scope)
    return begin if begin.ids else _near(tree, step, name, scope)


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
    longer = [other for other in index.get("^" + name[0], ()) if other.startswith(name) and marks(other) == marks(name)]
    same_core = [other for other in index.get("=" + core(name), ()) if marks(other) == marks(name)] if core(name) != name else []
    for names, rule in ((longer, "beginning"), (same_core, "core")):
        ids = _fits(tree, [place for other in names for place in tree.named(step, other)], scope)
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
    ranked = [(score, other) for score, other in ranked if _fits(tree, tree.named(step, other), scope)]
    if not ranked or ranked[0][0] < _NEAR:
        return Found()
    best, other = ranked[0]
    second = ranked[1] if len(ranked) > 1 else (0.0, "")
    ids = _fits(tree, tree.named(step, other), scope)
    if best - second[0] < GAP and tree.named(step, second[1])[:1] != list(ids[:1]):
        return Found()
    runner = tree.named(step, second[1])[0] if second[1] else ""
    return Found(ids, "near", near=tree.places[ids[0]].name, second=runner, gap=round(best - second[0], 3))


def _likeness(name: str, stem: str, other: str) -> float:
    """0 unless the marks are equal and the cores differ by one sign at most; else how alike the whole names are."""
    if marks(name) != marks(other):
        return 0.0
    other_stem = core(other)
    if len(name) >= 4 and other_stem == name[: len(other_stem)] and Levenshtein.distance(name, other, score_cutoff=1) <= 1:
        return float(fuzz.ratio(name, other)) / 100  # the slip is in the generic ending
    if Levenshtein.distance(stem, other_stem, score_cutoff=1) > 1 or min(len(stem), len(other_stem)) < 2:
        return 0.0
    if len(stem) == len(other_stem) == 2:
        return 0.0
    return float(fuzz.ratio(name, other)) / 100


# ── numbers on roads ─────────────────────────────────────────────────────────────────────────────────


def _roads(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> tuple[str, ...]:
    if not parsed.road:
        return ()
    return tuple(place for place in tree.named("R", plain(parsed.road)) if scope.loose or _within(place, scope.division))


def _by_number(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> Found:
    """Sites at a door number: the number itself where it has doors, and every estate known by it."""
    if not parsed.road_no:
        return Found()
    if not parsed.road:
        return Found()
    sites: list[str] = []
    wanted = parsed.road_no + (f"-{parsed.sub_no}" if parsed.sub_no else "")
    for road in _roads(tree, parsed, scope):
        number = f"{road}/n:{wanted}"
        if number in tree.places:
            sites += tree.at_number.get(number, ())
            if tree.places[number].door or tree.children.get(number):
                sites.append(number)
    return Found(tuple(dict.fromkeys(sites)), "number")


# ── two witnesses ────────────────────────────────────────────────────────────────────────────────────


def _agreeing(tree: PlaceTree, parsed: ParsedAddress, used: set[str]) -> frozenset[str]:
    for label in ("prov", "city", "district", "zone", "street"):
        if getattr(parsed, label):
            used.add(label)
    return frozenset(used)


def _note(name: Found, parsed: ParsedAddress) -> tuple[tuple[str, ...], ...]:
    return (("fuzzy", parsed.estate + parsed.phase, name.near),) if name.near else ()


def _two_witnesses(tree: PlaceTree, parsed: ParsedAddress, name: Found, number: Found) -> Sites:
    both = tuple(place for place in name.ids if place in number.ids)
    used = _agreeing(tree, parsed, {"estate", "phase", "road", "road_no", "sub_no", "village", "community"})
    if both:
        return Sites(both, f"{name.rule}+number", used=used, notes=_note(name, parsed), second=name.second, gap=name.gap)
    return Sites(
        trouble="name_and_number_differ",
        contradicted=frozenset({"estate", "phase", "road", "road_no"}),
        reached=_common(name.ids[0], number.ids[0], tree),
        second=name.ids[0],
        gap=0.0,
    )


def _common(left: str, right: str, tree: PlaceTree) -> str:
    above = {place.place_id for place in tree.ancestors(left)}
    return next((place.place_id for place in tree.ancestors(right) if place.place_id in above), "")


def _name_alone(tree: PlaceTree, parsed: ParsedAddress, scope: Scope, name: Found) -> Sites:
    ids = name.ids
    wrong = _contradiction(tree, parsed, scope, ids)
    if wrong:
        return Sites(trouble="district_differs", detail=(wrong[1],), contradicted=frozenset({wrong[0]}), second=ids[0], gap=0.0)
    used = {"estate", "phase", "village", "community", "group"}
    if len(ids) > 1 and parsed.road:
        on_road = tuple(place for place in ids if _known_on(tree, place, parsed.road))
        if on_road:
            ids, used = on_road, used | {"road"}
    notes = _note(name, parsed)
    if parsed.road and parsed.road_no:
        notes += (("number_ignored", parsed.road, parsed.road_no),)
    elif parsed.road and any(_known_on(tree, place, parsed.road) for place in ids):
        used.add("road")
    rule = name.rule
    if rule in ("near", "core", "beginning") and "road" in used:
        rule += "+road"
    return Sites(ids, rule, used=_agreeing(tree, parsed, used), notes=notes, second=name.second, gap=name.gap)


def _known_on(tree: PlaceTree, place: str, road: str) -> bool:
    wanted = f"/R:{plain(road)}/"
    return any(wanted in number for number in tree.places[place].addresses)


def _contradiction(tree: PlaceTree, parsed: ParsedAddress, scope: Scope, ids: tuple[str, ...]) -> tuple[str, str] | None:
    """The part of the divisions that none of the places agrees with."""
    if scope.division and not scope.loose and not any(_within(place, scope.division) for place in ids):
        return "district", parsed.district or parsed.city or scope.division
    if scope.street and not scope.loose:
        streets = {street_core(plain(tree.street_of(place))) for place in ids} - {""}
        known = tree.named("S", scope.street)
        if streets and known and scope.street not in streets:
            return "street", parsed.street
    return None


def _number_alone(tree: PlaceTree, parsed: ParsedAddress, scope: Scope, number: Found) -> Sites:
    """A door number without a known name: a written name that is no firm's speaks against it."""
    estates = [place for place in number.ids if "/E:" in place]
    if parsed.estate and not (parsed.estate.endswith(_FIRM) and len(number.ids) == 1):
        return Sites(
            trouble="name_against_number",
            detail=(parsed.estate + parsed.phase,),
            contradicted=frozenset({"estate", "phase"}),
            reached=_above_all(tree, number.ids),
            second=estates[0] if estates else number.ids[0],
            gap=0.0,
        )
    wrong = _contradiction(tree, parsed, scope, number.ids)
    if wrong:
        return Sites(trouble="district_differs", detail=(wrong[1],), contradicted=frozenset({wrong[0]}), second=number.ids[0], gap=0.0)
    return Sites(number.ids, "number", used=_agreeing(tree, parsed, {"road", "road_no", "sub_no", "village", "community"}))


def _above_all(tree: PlaceTree, ids: tuple[str, ...]) -> str:
    return tree.places[ids[0]].parent_id if len(ids) == 1 else _common(ids[0], ids[-1], tree)


def _neither(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> Sites:
    """No site: how far the address reaches at all, and what is missing or unknown."""
    if parsed.estate:
        reached = _deepest(tree, parsed, scope)
        return Sites(trouble="estate_unknown", detail=(parsed.estate + parsed.phase,), reached=reached, contradicted=frozenset({"estate", "phase"}))
    roads = _roads(tree, parsed, scope)
    if parsed.road and not roads:
        return Sites(trouble="estate_unknown", detail=(parsed.road,), reached=_deepest(tree, parsed, scope), contradicted=frozenset({"road"}))
    if roads and parsed.road_no:
        return _off_the_road(tree, parsed, roads)
    if roads:
        return Sites(trouble="number_missing", detail=(parsed.road,), reached=roads[0] if len(roads) == 1 else roads[0][:6], used=frozenset({"road"}))
    village = parsed.village or parsed.community
    reached = _deepest(tree, parsed, scope)
    if village and not _village(tree, parsed, village, scope).ids and not reached:
        return Sites(trouble="estate_unknown", detail=(village,), contradicted=frozenset({"village", "community"}))
    return Sites(trouble="estate_missing" if reached else "no_division", detail=(tree.places[reached].name,) if reached else (), reached=reached)


def _off_the_road(tree: PlaceTree, parsed: ParsedAddress, roads: tuple[str, ...]) -> Sites:
    numbers = [int(place.name) for road in roads for child in tree.below(road, "n") if (place := tree.places[child]).name.isdigit()]
    contradicted, reached = frozenset({"road_no", "sub_no"}), roads[0]
    if len(numbers) > 1 and parsed.road_no.isdigit() and not min(numbers) <= int(parsed.road_no) <= max(numbers):
        detail = (parsed.road, parsed.road_no, str(min(numbers)), str(max(numbers)))
        return Sites(trouble="number_out_of_range", detail=detail, reached=reached, contradicted=contradicted)
    return Sites(trouble="number_unknown", detail=(parsed.road, parsed.road_no), reached=reached, contradicted=contradicted)


def _deepest(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> str:
    """The deepest division of the register the address names."""
    for step, name in (("C", parsed.community or parsed.village), ("V", parsed.village), ("S", parsed.street)):
        if name:
            ids = [place for place in tree.named(step, plain(name)) if scope.loose or _within(place, scope.division)]
            if len(ids) == 1:
                return ids[0]
    if scope.division in tree.places:
        return scope.division
    return scope.division[:4] if scope.division[:4] in tree.places else ""
