"""Say which place of the register an address means, by which rule, how surely, and what stands against it; never a guess.

Rules are named and ordered; each carries the share of right answers it was measured to have on made-up wordings of a
whole register (`benchmarks/address.py` prints them again). A contradiction is an answer of its own: for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from datong.domain.address import Level, ParsedAddress, Part, PlaceMatch, Reason, RunnerUp, Span, Verdict
from datong.fuse.address.clean import TOO_LONG, open_brackets
from datong.fuse.address.doors import Door, Reading, find_door, first_reading, readings
from datong.fuse.address.further import Wording, spelled
from datong.fuse.address.measured import BY_WORDING, MEASURED
from datong.fuse.address.past import today_of
from datong.fuse.address.reader import Reader
from datong.fuse.address.reasons import reason
from datong.fuse.address.resolve import Sites, resolve
from datong.fuse.address.second_look import mend
from datong.fuse.address.tree import Place, PlaceTree

_READ_OTHERWISE = 0.995
_UNIQUE_GROUP = "village_number_unique_group"
_VERDICT = {
    "outside": Verdict.UNKNOWN,
    "estate_unknown": Verdict.UNKNOWN,
    "number_unknown": Verdict.UNKNOWN,
    "no_division": Verdict.UNKNOWN,
    "number_out_of_range": Verdict.IMPOSSIBLE,
    "building_unknown": Verdict.IMPOSSIBLE,
    "entrance_unknown": Verdict.IMPOSSIBLE,
    "room_unknown": Verdict.IMPOSSIBLE,
    "floor_above": Verdict.IMPOSSIBLE,
    "floor_differs": Verdict.SUSPICIOUS,
    "name_and_number_differ": Verdict.SUSPICIOUS,
    "name_against_number": Verdict.SUSPICIOUS,
    "district_differs": Verdict.SUSPICIOUS,
}
"""Trouble → verdict; any other trouble leaves the address vague."""
_PART_OF_TROUBLE = {
    "building_unknown": Part.BUILDING,
    "entrance_unknown": Part.ENTRANCE,
    "room_unknown": Part.ROOM,
    "floor_above": Part.FLOOR,
    "floor_differs": Part.FLOOR,
}
_PLACE_PARTS = frozenset(
    (Part.ROAD, Part.ROAD_NO, Part.ESTATE, Part.PHASE, Part.VILLAGE, Part.BUILDING, Part.ENTRANCE, Part.FLOOR, Part.ROOM)
)
_INSIDE = frozenset(("院内", "内", "里", "里面"))
"""Inside a place is at the place, not beside it."""
_FRONTAGE = frozenset(("沿街房", "沿街楼", "沿街", "营业房", "门头房", "门市房", "商业房"))
"""What stands at any street names no place: 500 metres on, the shops there."""
_INNER = frozenset(("building", "entrance", "floor", "room"))
_INNER_OR_HOUSE = _INNER | {"road_no"}
_MISSING = frozenset(("building_missing", "building_kind_missing", "room_missing", "estate_missing", "number_missing", "entrance_missing"))
_UNNAMED = frozenset(
    ("estate_unknown", "name_against_number", "name_and_number_differ", "number_missing", "number_unknown", "estate_missing")
)
"""Reasons that leave room for a slip in the name."""
_BY_NAME = frozenset(("name", "alias", "phase", "name+number", "alias+number", "phase+number"))
_COUNTS_AS = {Part.LANE: Part.ROAD, Part.LANE_NO: Part.ROAD_NO}
_NEVER_USED = frozenset((Part.NOISE, Part.PERSON, Part.RELATIVE, Part.DISTANCE, Part.ASIDE, Part.COUNTRY))


@dataclass(frozen=True, slots=True)
class _Try:
    """One site, one reading, where it led."""

    site: str
    reading: Reading
    door: Door


@dataclass(frozen=True, slots=True)
class _Short:
    """An answer that stops before a door: where it stops, why, and what it rests on."""

    reached: str
    reasons: tuple[Reason, ...]
    rule: str
    used: frozenset[str]
    contradicted: frozenset[str] = frozenset()
    runner: RunnerUp | None = None
    verdict: Verdict = Verdict.VAGUE


def match_address(
    reader: Reader, tree: PlaceTree, text: str, *, hint_division: str = "", purpose_level: str | Level = Level.UNIT
) -> PlaceMatch:
    """The place an address means. `hint_division` says where to look when the text names no division; `purpose_level`
    how deep the purpose needs it. `reader` must know the tree's names (`reader_for`)."""
    wanted = Level(purpose_level)
    parsed = reader.read(text)
    found = _with_brackets(reader, tree, _match(tree, parsed, hint_division, wanted), hint_division, wanted)
    if found.verdict == Verdict.EXACT:
        return found
    if (wording := tree.wordings.get(spelled(text))) and (further := _by_wording(tree, parsed, wording)):
        return further
    if found.reasons and found.reasons[0].word in _UNNAMED:
        return _with_slip(reader, tree, parsed, hint_division, wanted) or found
    return found


def _by_wording(tree: PlaceTree, parsed: ParsedAddress, wording: Wording) -> PlaceMatch | None:
    """The door that this very wording was confirmed to mean."""
    place = tree.places.get(today_of(tree, wording.place_id)) if wording.place_id in tree.places else None
    if place is None:
        return None
    chinese, english = (separator.join(one[at] for one in wording.departments) for at, separator in ((1, "、"), (2, ", ")))
    told = (replace(reason("wording_confirmed", chinese), en=reason("wording_confirmed", english).en),)
    return PlaceMatch(
        parsed.raw, Verdict.EXACT, Level.UNIT, place.place_id, place.code, tree.full_text(place.place_id),
        rule=BY_WORDING, confidence=MEASURED[BY_WORDING], used=parsed.spans, reasons=told,
    )  # fmt: skip


def _with_slip(reader: Reader, tree: PlaceTree, parsed: ParsedAddress, hint: str, wanted: Level) -> PlaceMatch | None:
    """The door found when one sign of the name is taken for a slip; nothing short of a door proves that it is one."""
    for mended in mend(tree, parsed, hint):
        found = _match(tree, reader.read(mended.text), hint, wanted)
        named, comma, numbers = found.rule.partition(",")
        if found.verdict == Verdict.EXACT and named in _BY_NAME:
            rule = "near" + ("+number" if named.endswith("+number") else "+road" if mended.by_road else "")
            return replace(
                found,
                raw=parsed.raw,
                rule=rule + comma + numbers,
                confidence=round(found.confidence * MEASURED[rule] / MEASURED[named], 4),
                used=mended.in_raw(found.used, parsed.raw),
                ignored=mended.in_raw(found.ignored, parsed.raw),
                reasons=(*found.reasons, reason("fuzzy", parsed.raw[mended.low : mended.high], mended.name)),
            )
    return None


def _with_brackets(reader: Reader, tree: PlaceTree, found: PlaceMatch, hint: str, wanted: Level) -> PlaceMatch:
    """The same, or what is found when the brackets are opened."""
    text = found.raw
    if (found.verdict == Verdict.EXACT and found.rule != "number") or Part.ASIDE not in {span.label for span in found.ignored}:
        return found
    again = _match(tree, reader.read(open_brackets(text)), hint, wanted)
    if found.verdict == Verdict.EXACT:  # by a bare number: a name in the brackets may speak against it
        return replace(again, raw=text) if again.verdict == Verdict.SUSPICIOUS else found
    if again.verdict == Verdict.EXACT and found.verdict in (Verdict.VAGUE, Verdict.UNKNOWN):
        return replace(again, raw=text, reasons=(*again.reasons, reason("aside_used")))
    return found


def _match(tree: PlaceTree, parsed: ParsedAddress, hint: str, wanted: Level) -> PlaceMatch:
    if parsed.problem:
        why = reason("too_long" if parsed.problem == TOO_LONG else "empty")
        return PlaceMatch(parsed.raw, Verdict.UNKNOWN, Level.NONE, reasons=(why,))
    if _ends_relative(parsed):
        return _relative(tree, parsed, hint)
    sites = resolve(tree, parsed, hint)
    if not sites.ids:
        return _no_site(tree, parsed, sites, wanted)
    tries = [attempt for site in sites.ids for attempt in _tries(tree, parsed, site)]
    complete = {attempt.door.place_id: attempt for attempt in tries if attempt.door.complete}
    undecided = any(attempt.door.others and attempt.reading.plain for attempt in tries)
    if len(complete) == 1 and not (undecided and not next(iter(complete.values())).reading.plain):
        return _one_door(tree, parsed, sites, next(iter(complete.values())), wanted)
    if len(complete) > 1:
        return _several(tree, parsed, sites, list(complete.values()), wanted)
    return _no_door(tree, parsed, sites, tries, wanted)


def _tries(tree: PlaceTree, parsed: ParsedAddress, site: str) -> list[_Try]:
    """Readings in order until one leads to a door: what the grammar read is believed before any other reading."""
    tries: list[_Try] = []
    if tree.places[site].step not in ("V", "g"):
        plain = first_reading(parsed, site)
        door = find_door(tree, site, plain)
        if door.complete:
            return [_Try(site, plain, door)]
    for at, reading in _inside(tree, parsed, site):
        tries.append(_Try(at if "/g:" in at else site, reading, find_door(tree, at, reading)))
        if tries[-1].door.complete and reading.plain and "/g:" not in at.removeprefix(site):
            break
    return tries


def _inside(tree: PlaceTree, parsed: ParsedAddress, site: str) -> Iterable[tuple[str, Reading]]:
    """Readings to try at a site. In a village the door number comes first; 8-356 may be one number or two."""
    if tree.places[site].step not in ("V", "g") or not parsed.road_no or parsed.road:
        return ((site, reading) for reading in readings(tree, parsed, site))
    pairs: list[tuple[str, Reading]] = []
    joined = f"{site}/h:{parsed.road_no}-{parsed.building}"
    if parsed.building and joined in tree.places:
        pairs.append((joined, Reading()))
    house = f"{site}/h:{parsed.road_no}"
    if house in tree.places:
        pairs += [(house, reading) for reading in readings(tree, parsed, house)]
    return pairs or _in_groups(tree, parsed, site) or [(site, Reading(building=parsed.road_no, plain=True))]


def _in_groups(tree: PlaceTree, parsed: ParsedAddress, village: str) -> list[tuple[str, Reading]]:
    """Houses of a village whose number is written without its group, or as group and number (2-127): all that bear it."""
    if parsed.group:
        return []
    second = [token.value for token in parsed.numbers if token.part != Part.ROAD_NO]
    if len(second) == 1 and (house := f"{village}/g:{parsed.road_no}/h:{second[0]}") in tree.places:
        return [(house, Reading(plain=False))]
    houses = [house for group in tree.below(village, "g") if (house := f"{group}/h:{parsed.road_no}") in tree.places]
    return [(house, reading) for house in houses for reading in readings(tree, parsed, house)]


# ── outcomes ─────────────────────────────────────────────────────────────────────────────────────────


def _one_door(tree: PlaceTree, parsed: ParsedAddress, sites: Sites, hit: _Try, wanted: Level) -> PlaceMatch:
    place = tree.places[today_of(tree, hit.door.place_id)]
    past, verdict = _of_the_past(tree, hit.door.place_id, place)
    used = sites.used | _INNER_OR_HOUSE if not parsed.road else sites.used | _INNER
    others = _listed(tree, parsed, hit.door.place_id)
    reasons = past + _notes(sites, parsed) + ((reason("list"),) if others else ())
    rule = _UNIQUE_GROUP if sites.rule == "village" and not parsed.group and "/g:" in hit.site else sites.rule
    confidence = MEASURED.get(rule, 0.9)
    if not hit.reading.plain:
        confidence = round(confidence * _READ_OTHERWISE, 4)
    rule += "" if hit.reading.plain else ", numbers as the register has them"
    used_spans, ignored = _sort_spans(parsed, used, frozenset())
    level = Level.UNIT if place.door else place.level
    return PlaceMatch(
        parsed.raw, verdict or (Verdict.EXACT if level.depth >= wanted.depth else Verdict.VAGUE), level, place.place_id, place.code,
        tree.full_text(place.place_id), others, rule, confidence, _runner(tree, sites.second, sites.gap), used_spans, ignored, (), reasons,
    )  # fmt: skip


def _of_the_past(tree: PlaceTree, named: str, place: Place) -> tuple[tuple[Reason, ...], Verdict | None]:
    """What became of a door that was named by a number of before, or is no more; and the verdict that this alone gives."""
    if place.until and not place.became:
        return (reason("demolished", place.until),), Verdict.IMPOSSIBLE
    if place.until:
        parts = "、".join(tree.full_text(part) for part in place.became)
        return (reason("parted", place.until, len(place.became), parts),), Verdict.VAGUE
    if place.place_id != named:
        return (reason("renumbered", tree.places[named].until, tree.full_text(place.place_id)),), None
    return (), None


def _listed(tree: PlaceTree, parsed: ParsedAddress, door: str) -> tuple[str, ...]:
    """Further doors of a list or range that the register has beside the first."""
    if len(parsed.rooms) < 2 or not door.endswith(f"/u:{parsed.rooms[0]}"):
        return ()
    above = door.rpartition("/")[0]
    return tuple(other for room in parsed.rooms[1:] if (other := f"{above}/u:{room}") in tree.places)


def _several(tree: PlaceTree, parsed: ParsedAddress, sites: Sites, hits: list[_Try], wanted: Level) -> PlaceMatch:
    """More than one door fits: two places of one name, or two readings of the numbers."""
    ids = [hit.door.place_id for hit in hits]
    reached = _common_place(tree, ids)
    why = reason("several_places", len(hits)) if len({hit.site for hit in hits}) > 1 else reason("several_readings")
    runner = _runner(tree, ids[1] if ids[1] != reached else ids[0], 0.0)
    return _short_of(tree, parsed, _Short(reached, (why, *_notes(sites, parsed)), sites.rule, sites.used, runner=runner), wanted)


def _no_door(tree: PlaceTree, parsed: ParsedAddress, sites: Sites, tries: list[_Try], wanted: Level) -> PlaceMatch:
    """The site is known, the door is not: the grammar's reading says what is missing or impossible."""
    notes = _notes(sites, parsed)
    if len(sites.ids) > 1:
        reached = _common_place(tree, [attempt.door.place_id for attempt in tries])
        why = (reason("several_places", len(sites.ids)), *notes)
        return _short_of(tree, parsed, _Short(reached, why, sites.rule, sites.used, runner=_runner(tree, sites.ids[1], 0.0)), wanted)
    best = max(tries, key=lambda attempt: (attempt.reading.plain, tree.places[attempt.door.place_id].level.depth))
    door = best.door
    part = _PART_OF_TROUBLE.get(door.trouble)
    part = Part.ROOM if part == Part.FLOOR and not best.reading.floor else part
    short = _Short(
        door.place_id,
        (reason(door.trouble, *door.detail), *notes),
        sites.rule,
        sites.used | {label for label in _INNER if getattr(best.reading, label)},
        contradicted=frozenset({part.value}) if part else frozenset(),
        runner=_runner(tree, door.others[0], 0.0) if door.others else _runner(tree, sites.second, sites.gap),
        verdict=_VERDICT.get(door.trouble, Verdict.VAGUE),
    )
    return _short_of(tree, parsed, short, wanted)


def _no_site(tree: PlaceTree, parsed: ParsedAddress, sites: Sites, wanted: Level) -> PlaceMatch:
    short = _Short(
        sites.reached,
        (reason(sites.trouble, *sites.detail), *_notes(sites, parsed)),
        "",
        sites.used,
        contradicted=sites.contradicted,
        runner=_runner(tree, sites.second, sites.gap),
        verdict=_VERDICT.get(sites.trouble, Verdict.VAGUE),
    )
    return _short_of(tree, parsed, short, wanted)


def _relative(tree: PlaceTree, parsed: ParsedAddress, hint: str) -> PlaceMatch:
    """Beside, opposite, so many metres on: the place named is not the place meant. Only its surroundings are certain."""
    sites = resolve(tree, parsed, hint)
    reached = tree.places[sites.ids[0]].parent_id if len(sites.ids) == 1 else sites.reached
    runner = _runner(tree, sites.ids[0], 0.0) if sites.ids else None
    return _short_of(tree, parsed, _Short(reached, (reason("relative"),), "relative", sites.used, runner=runner), Level.UNIT)


def _short_of(tree: PlaceTree, parsed: ParsedAddress, short: _Short, wanted: Level) -> PlaceMatch:
    """An answer that does not reach a door. Deep enough for a modest purpose it is exact all the same."""
    place = tree.places.get(short.reached)
    level = place.level if place else Level.NONE
    verdict = short.verdict
    if verdict == Verdict.VAGUE and place is None:
        verdict = Verdict.UNKNOWN
    elif verdict == Verdict.VAGUE and level.depth >= wanted.depth and _MISSING & {why.word for why in short.reasons}:
        verdict = Verdict.EXACT
    used, ignored = _sort_spans(parsed, short.used, short.contradicted)
    exact = place is not None and verdict == Verdict.EXACT
    return PlaceMatch(
        parsed.raw,
        verdict,
        level,
        short.reached if place else "",
        place.code if place and exact else "",
        tree.full_text(short.reached) if place else "",
        rule=short.rule,
        confidence=MEASURED.get(short.rule, 0.9) if exact else 0.0,
        runner_up=short.runner,
        used=used,
        ignored=ignored,
        contradicted=tuple(span for span in parsed.spans if span.label.value in short.contradicted),
        reasons=short.reasons,
    )


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────


def _ends_relative(parsed: ParsedAddress) -> bool:
    """A relative word counts when no name or number of a place follows it."""
    if not parsed.relative:
        return False
    last = ""
    for span in parsed.spans:
        if span.label in (Part.RELATIVE, Part.DISTANCE):
            last = last if span.text in _INSIDE else "relative"
        elif span.label in _PLACE_PARTS and span.text not in _FRONTAGE:
            last = "place"
    return last == "relative"


def _notes(sites: Sites, parsed: ParsedAddress) -> tuple[Reason, ...]:
    notes = tuple(reason(word, *detail) for word, *detail in sites.notes)
    if not parsed.former_division:
        return notes
    if any(span.text == parsed.former_division for span in parsed.spans):
        return (*notes, reason("abolished_division", parsed.former_division))
    return (*notes, reason("former_division", parsed.former_division))


def _runner(tree: PlaceTree, place_id: str, gap: float) -> RunnerUp | None:
    place = tree.places.get(place_id)
    return RunnerUp(place_id, place.code, tree.full_text(place_id), gap) if place else None


def _common_place(tree: PlaceTree, ids: list[str]) -> str:
    """The deepest place above or equal to all of these."""
    shared = [place.place_id for place in tree.ancestors(ids[0])]
    for other in ids[1:]:
        above = {place.place_id for place in tree.ancestors(other)}
        shared = [place for place in shared if place in above]
    return shared[0] if shared else ""


def _sort_spans(parsed: ParsedAddress, used: frozenset[str], contradicted: frozenset[str]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Spans that decided and spans passed over; the contradicted are neither."""
    chosen: list[Span] = []
    passed: list[Span] = []
    for span in parsed.spans:
        label = _COUNTS_AS.get(span.label, span.label)
        if label in used and span.label not in _NEVER_USED:
            chosen.append(span)
        elif label not in contradicted:
            passed.append(span)
    return tuple(chosen), tuple(passed)
