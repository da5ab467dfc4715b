"""From the names of an address to places of the register: exact, alias, unique beginning, near spelling; or road and number.

Names are resolved with everything the address says about divisions. Name and number are two witnesses: both agreeing is
best, a unique name may stand alone, a number alone may not speak against a name that is written but unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from datong.domain.address import Level, ParsedAddress
from datong.fuse.address.look_up import Found, Scope, find_name, fits, within
from datong.fuse.address.names import hamlet_name, marks, plain, street_core, village_core, whole_road
from datong.fuse.address.tree import PlaceTree

_FIRM = ("公司", "厂", "店", "超市", "银行", "集团", "中心", "院", "所", "局", "部", "馆", "学校", "社", "会", "站", "酒店", "宾馆", "市场")
_REMEMBERED = 100_000


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


def resolve(tree: PlaceTree, parsed: ParsedAddress, hint: str) -> Sites:
    """The sites an address can mean; remembered by its names."""
    key = (
        parsed.division, parsed.district, parsed.zone, parsed.street, parsed.community, parsed.village, parsed.group,
        parsed.road, parsed.road_no, parsed.sub_no, parsed.estate, parsed.other_places, parsed.phase, parsed.asides, hint,
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
    scope = scope_of(tree, parsed, hint)
    if scope is None:
        return Sites(trouble="outside", contradicted=frozenset({"division"}))
    name = _by_aside(tree, parsed, _by_name(tree, parsed, scope))
    number = _by_number(tree, parsed, scope)
    if name.ids and number.ids and number.rule != "road":
        return _two_witnesses(tree, parsed, name, number)
    if name.ids:
        return _name_alone(tree, parsed, scope, name)
    if number.ids:
        return _number_alone(tree, parsed, scope, number)
    return _neither(tree, parsed, scope)


def scope_of(tree: PlaceTree, parsed: ParsedAddress, hint: str) -> Scope | None:
    """None when the divisions named lie outside the register. A town alone says nothing: many bear its name, some abolished."""
    division = parsed.division[:6] or hint[:6]
    if division and not any(within(area, division) for area in tree.areas):
        if parsed.prov or parsed.city or parsed.district:
            return None
        division = hint[:6]
    return Scope(division, street_core(plain(parsed.street)) if parsed.street else "", bool(parsed.zone))


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
    if parsed.road and not parsed.estate:
        ids = fits(tree, tree.named("E", plain(parsed.road)), scope)  # an estate called after its street: 长廷街小区, 长廷街
        return Found(ids, "name") if ids and not _by_number(tree, parsed, scope).ids else Found()
    return Found()


def _by_aside(tree: PlaceTree, parsed: ParsedAddress, found: Found) -> Found:
    """Of places of one name those that bear in brackets what the text has in brackets: 金都花园(高青县)."""
    if len(found.ids) < 2 or not parsed.asides:
        return found
    told = tuple(place for place in found.ids if any(aside and aside in tree.places[place].name for aside in parsed.asides))
    return replace(found, ids=told) if told else found


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
    name = plain(village)
    held = tree.named("V", name) or tree.named("V", plain(village_core(village)))
    if not held and name.endswith("庄"):  # 麻营庄 for 麻营村
        held = [place for place in tree.named("V", name[:-1]) if hamlet_name(tree.places[place].name) == name]
    ids = fits(tree, held, scope)
    if parsed.group:
        ids = tuple(child for place in ids if (child := f"{place}/g:{parsed.group}") in tree.places) or ids
    return Found(ids, "village") if ids else Found()


# ── numbers on roads ─────────────────────────────────────────────────────────────────────────────────


def _roads(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> tuple[str, ...]:
    if not parsed.road:
        return ()
    name = plain(parsed.road)
    held = tree.named("R", name) or tree.named("R", whole_road(name))
    return tuple(place for place in held if scope.loose or within(place, scope.division))


def _by_number(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> Found:
    """Sites at a door number: the number itself where it has doors, and every estate known by it."""
    if not parsed.road:
        return Found()
    if not parsed.road_no:
        return Found(tuple(road for road in _roads(tree, parsed, scope) if tree.has_doors(road)), "road")
    sites: list[str] = []
    wanted = parsed.road_no + (f"-{parsed.sub_no}" if parsed.sub_no else "")
    for road in _roads(tree, parsed, scope):
        number = f"{road}/n:{wanted}"
        if number in tree.places:
            sites += tree.at_number.get(number, ())
            if tree.places[number].door or tree.has_doors(number):
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
        on_road = tuple(place for place in ids if known_on(tree, place, parsed.road))
        if on_road:
            ids, used = on_road, used | {"road"}
    notes = _note(name, parsed)
    if parsed.road and parsed.road_no:
        notes += (("number_ignored", parsed.road, parsed.road_no),)
    elif parsed.road and any(known_on(tree, place, parsed.road) for place in ids):
        used.add("road")
    rule = name.rule
    if (rule == "core" and "road" not in used) or (rule == "beginning" and parsed.road_no and parsed.road):
        detail = (parsed.estate + parsed.phase,)
        reached = _deepest(tree, parsed, scope)
        against = frozenset({"estate", "phase"})
        return Sites(trouble="estate_unknown", detail=detail, reached=reached, contradicted=against, second=ids[0], gap=0.0)
    if rule in ("near", "core", "beginning") and "road" in used:
        rule += "+road"
    return Sites(ids, rule, used=_agreeing(tree, parsed, used), notes=notes, second=name.second, gap=name.gap)


def known_on(tree: PlaceTree, place: str, road: str) -> bool:
    """Whether an estate is known by a number of this road, or by the road itself."""
    wanted = f"/R:{plain(road)}/"
    return any(wanted in f"{known_by}/" for known_by in tree.places[place].addresses)


def _contradiction(tree: PlaceTree, parsed: ParsedAddress, scope: Scope, ids: tuple[str, ...]) -> tuple[str, str] | None:
    """The part of the divisions that none of the places agrees with."""
    if scope.division and not scope.loose and not any(within(place, scope.division) for place in ids):
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
    if parsed.estate and (near := _near_at_number(tree, parsed, estates)):
        used = _agreeing(tree, parsed, {"estate", "phase", "road", "road_no", "sub_no", "community"})
        return Sites((near,), "near+number", used=used, notes=(("fuzzy", parsed.estate + parsed.phase, tree.places[near].name),))
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


def _near_at_number(tree: PlaceTree, parsed: ParsedAddress, estates: list[str]) -> str:
    """The only estate at this door number whose name is one sign away: two weak witnesses make a good one."""
    near = [
        place
        for place in estates
        for name in [plain(tree.places[place].name)]
        for written in wordings(parsed)
        if marks(plain(written)) == marks(name) and len(name) >= 3 and Levenshtein.distance(plain(written), name, score_cutoff=1) <= 1
    ]
    return near[0] if len(set(near)) == 1 else ""


def _above_all(tree: PlaceTree, ids: tuple[str, ...]) -> str:
    return tree.places[ids[0]].parent_id if len(ids) == 1 else _common(ids[0], ids[-1], tree)


def _neither(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> Sites:
    """No site: how far the address reaches at all, and what is missing or unknown."""
    roads = _roads(tree, parsed, scope)
    if parsed.estate:
        reached = roads[0] if len(roads) == 1 else _deepest(tree, parsed, scope)
        return Sites(
            trouble="estate_unknown", detail=(parsed.estate + parsed.phase,), reached=reached, contradicted=frozenset({"estate", "phase"})
        )
    if parsed.road and not roads:
        return Sites(
            trouble="estate_unknown", detail=(parsed.road,), reached=_deepest(tree, parsed, scope), contradicted=frozenset({"road"})
        )
    if roads and parsed.road_no:
        return _off_the_road(tree, parsed, roads)
    if roads:
        return Sites(
            trouble="number_missing",
            detail=(parsed.road,),
            reached=_above_all(tree, roads) if len(roads) > 1 else roads[0],
            used=frozenset({"road"}),
        )
    village = parsed.village or parsed.community
    reached = _deepest(tree, parsed, scope)
    if village and not (reached and tree.places[reached].level is Level.COMMUNITY):
        return Sites(trouble="estate_unknown", detail=(village,), reached=reached, contradicted=frozenset({"village", "community"}))
    return Sites(
        trouble="estate_missing" if reached else "no_division", detail=(tree.places[reached].name,) if reached else (), reached=reached
    )


def _off_the_road(tree: PlaceTree, parsed: ParsedAddress, roads: tuple[str, ...]) -> Sites:
    numbers = [int(place.name) for road in roads for child in tree.below(road, "n") if (place := tree.places[child]).name.isdigit()]
    contradicted, reached = frozenset({"road_no", "sub_no"}), roads[0]
    if _well_known(numbers) and parsed.road_no.isdigit() and not min(numbers) <= int(parsed.road_no) <= max(numbers):
        detail = (parsed.road, parsed.road_no, str(min(numbers)), str(max(numbers)))
        return Sites(trouble="number_out_of_range", detail=detail, reached=reached, contradicted=contradicted)
    return Sites(trouble="number_unknown", detail=(parsed.road, parsed.road_no), reached=reached, contradicted=contradicted)


def _well_known(numbers: list[int]) -> bool:
    """Whether the register has so many of a road's numbers that one beyond them cannot be: five, and an eighth of the span."""
    return len(numbers) >= 5 and len(numbers) * 8 > max(numbers) - min(numbers)


def _deepest(tree: PlaceTree, parsed: ParsedAddress, scope: Scope) -> str:
    """The deepest division of the register the address names."""
    for step, name in (("C", parsed.community or parsed.village), ("V", parsed.village), ("S", parsed.street)):
        if name:
            held = tree.named(step, plain(name)) or (tree.named(step, plain(village_core(name))) if step != "S" else [])
            ids = fits(tree, held, scope)
            if len(ids) == 1:
                return ids[0]
    if scope.division in tree.places:
        return scope.division
    return scope.division[:4] if scope.division[:4] in tree.places else ""
