"""A second look at a text whose name nobody knows: one sign of a registered name may be wrong, lost or too many in it.

Where the grammar cut such a text is no guide, for the slip may stand in the very word by which it cuts (晏路127号院 for 晏婴路127号院).
So every stretch between divisions and numbers is compared as a whole, and the text is read again with the registered name in its place.
Numbers, letters, directions and phases are never a slip; and a name two signs of which tell it apart needs its road as a witness.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from datong.domain.address import ParsedAddress, Part, Span
from datong.fuse.address.look_up import Scope, fits
from datong.fuse.address.names import core, is_generic, marks, plain
from datong.fuse.address.numerals import CN
from datong.fuse.address.resolve import known_on, scope_of
from datong.fuse.address.tree import PlaceTree

_ABOVE = frozenset((Part.COUNTRY, Part.PROV, Part.CITY, Part.DISTRICT))
_AREAS = frozenset((Part.STREET, Part.ZONE, Part.COMMUNITY))
_ON_ROADS = frozenset((Part.ROAD, Part.LANE, Part.ROAD_NO, Part.LANE_NO, Part.SUB_NO))
_NUMBERS = frozenset((Part.ROAD_NO, Part.BUILDING, Part.ENTRANCE, Part.FLOOR, Part.ROOM))
_TELLING = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ东南西北中上下前后新老内外大小期区" + CN)
"""Signs that tell neighbours apart: none of them is ever taken for a slip."""
_LONG = 6
"""A name of so many signs is told by the others when one is wrong."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with a registered name in place of what stood from `low` to `high`; `by_road`: its road bears witness."""

    text: str
    low: int
    high: int
    name: str
    by_road: bool

    def in_raw(self, spans: tuple[Span, ...], raw: str) -> tuple[Span, ...]:
        """The spans of the mended text over the raw one."""
        shift = self.high - self.low - len(self.name)
        found: dict[Span, None] = {}
        for start, end, label, text in spans:
            if end <= self.low:
                found[Span(start, end, label, text)] = None
            elif start >= self.low + len(self.name):
                found[Span(start + shift, end + shift, label, text)] = None
            else:
                low, high = min(start, self.low), max(self.high, end + shift)
                found[Span(low, high, label, raw[low:high])] = None
        return tuple(found)


def mend(tree: PlaceTree, parsed: ParsedAddress, hint: str) -> Iterator[Mended]:
    """The text with each registered name that one of its stretches can be a slip of, the longest stretch first."""
    scope = scope_of(tree, parsed, hint)
    if scope is None:
        return
    raw = parsed.raw
    for low, high in _stretches(parsed):
        written = plain(raw[low:high])
        if len(written) < 3 or tree.named("E", written) or is_generic(written):
            continue
        key = ("slip", written, scope.division, scope.street, scope.loose, parsed.road)
        found: tuple[str, bool] | None = tree.memo.get(key)
        if found is None:
            found = tree.memo[key] = _registered(tree, written, scope, parsed.road)
        if found[0]:
            yield Mended(raw[:low] + found[0] + raw[high:], low, high, *found)


def _stretches(parsed: ParsedAddress) -> list[tuple[int, int]]:
    """Where a name can stand: from behind the divisions, the street or the road, to the first number or past the first door number."""
    spans = [span for span in parsed.spans if span.label is not Part.ASIDE]
    begin = next((at for at, span in enumerate(spans) if span.label not in _ABOVE), len(spans))
    starts = {begin}
    if begin < len(spans) and spans[begin].label in _AREAS:
        starts.add(begin + 1)
    road = next((at for at, span in enumerate(spans) if span.label is Part.ROAD), len(spans))
    behind = next((at for at in range(road, len(spans)) if spans[at].label not in _ON_ROADS), len(spans))
    starts.add(behind)
    found = {(spans[at].start, spans[end - 1].end) for at in starts for end in _ends(spans, at) if end > at}
    return sorted(found, key=lambda place: (place[0] - place[1], place))


def _ends(spans: list[Span], at: int) -> Iterator[int]:
    """The first number behind a beginning, and the next one when the first is a door number said in words."""
    numbers = [place for place in range(at, len(spans)) if spans[place].label in _NUMBERS]
    if numbers:
        yield numbers[0]
        if len(numbers) > 1 and spans[numbers[0]].label is Part.ROAD_NO and "号" in spans[numbers[0]].text:
            yield numbers[1]


def _registered(tree: PlaceTree, written: str, scope: Scope, road: str) -> tuple[str, bool]:
    """The only registered name this can be a slip of, and whether its road bears witness; no name when there is none or several."""
    near = {other for variant in _variants(written) for other in _by_variant(tree).get(variant, ())}
    near = {
        other for other in near if Levenshtein.distance(written, other, score_cutoff=1) <= 1 and fits(tree, tree.named("E", other), scope)
    }
    witnessed: set[str] = set()
    for other in near if road else ():
        if any(known_on(tree, place, road) for place in fits(tree, tree.named("E", other), scope)):
            witnessed.add(other)
    likely = witnessed or near
    if len(likely) != 1:
        return "", False
    (other,) = likely
    place = tree.places[fits(tree, tree.named("E", other), scope)[0]]
    shown = place.name if plain(place.name) == other else other
    if witnessed:
        return (shown, True) if _is_slip(written, other) else ("", False)
    elsewhere = bool(road) and bool(place.addresses) and not written.startswith(plain(road))
    return (shown, False) if not elsewhere and _is_slip(written, other) and _tells_alone(written, other) else ("", False)


def _is_slip(written: str, other: str) -> bool:
    """One sign apart, and that sign tells no neighbours apart."""
    if marks(written) != marks(other) or len(other) < 3:
        return False
    at = next((at for at, (left, right) in enumerate(zip(written, other, strict=False)) if left != right), min(len(written), len(other)))
    return not _TELLING & {*other[at : at + (len(other) >= len(written))], *written[at : at + (len(written) >= len(other))]}


def _tells_alone(written: str, other: str) -> bool:
    """Without a witness: a sign was lost and nothing else is near, or the name is long enough without the wrong sign."""
    if len(written) < len(other):
        return not (is_generic(written[1:]) and written[0] in _TELLING)
    return len(other) >= _LONG and core(written) != core(other)


def _variants(name: str) -> set[str]:
    """The name, and the name with each one of its signs left out: two names one sign apart share one of these."""
    return {name} | {name[:at] + name[at + 1 :] for at in range(len(name))}


def _by_variant(tree: PlaceTree) -> dict[str, list[str]]:
    """Names of estates by their variants; built once per version of the tree."""
    key = ("variants", tree.version)
    index: dict[str, list[str]] | None = tree.memo.get(key)
    if index is None:
        index = {}
        for kind, name in tree.by_name:
            if kind == "E":
                for variant in _variants(name):
                    index.setdefault(variant, []).append(name)
        tree.memo[key] = index
    return index
