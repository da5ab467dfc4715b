"""Other people's label sets for the same parts, so that the reader can be measured beside theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter

from datong.domain.address import ParsedAddress, Part
from datong.fuse.address.marks import DISTANCE, PHASE
from datong.fuse.address.numerals import kind_of
from datong.fuse.address.reading import Reading, values_of
from datong.fuse.address.tail import Token

NCAP = {
    Part.COUNTRY: "country",
    Part.PROV: "prov",
    Part.CITY: "city",
    Part.DISTRICT: "district",
    Part.ZONE: "devzone",
    Part.STREET: "town",
    Part.COMMUNITY: "community",
    Part.VILLAGE: "community",
    Part.GROUP: "road",
    Part.ROAD: "road",
    Part.ROAD_NO: "roadno",
    Part.LANE: "subroad",
    Part.LANE_NO: "subroadno",
    Part.SUB_NO: "subroadno",
    Part.ESTATE: "poi",
    Part.PHASE: "subpoi",
    Part.BUILDING: "houseno",
    Part.ENTRANCE: "cellno",
    Part.FLOOR: "floorno",
    Part.ROOM: "roomno",
    Part.RELATIVE: "assist",
    Part.DISTANCE: "assist",
    Part.PERSON: "person",
    Part.NOISE: "redundant",
    Part.ASIDE: "redundant",
}
"""Labels of the public sets for Chinese address parsing (21 labels). A second named place is `subpoi`."""

LABEL_SETS = ("datong", "ncap")
_PART_OF = {
    label: part
    for part, label in reversed(NCAP.items())
    if part not in (Part.VILLAGE, Part.GROUP, Part.SUB_NO, Part.PHASE, Part.DISTANCE, Part.ASIDE)
} | {"subpoi": Part.ESTATE, "distance": Part.DISTANCE, "intersection": Part.RELATIVE, "otherinfo": Part.NOISE}
_NUMBERED = (Part.ROAD_NO, Part.LANE_NO, Part.SUB_NO, Part.BUILDING, Part.ENTRANCE, Part.FLOOR, Part.ROOM)
NUMBER_LABELS = frozenset((*(part.value for part in _NUMBERED), *(NCAP[part] for part in _NUMBERED)))
"""Labels of numbers, in both sets."""


def label_set_of(labels: Iterable[str]) -> str:
    """Which label set these labels are of: one of `LABEL_SETS`, else `own`."""
    found = set(labels)
    if found <= {part.value for part in Part}:
        return "datong"
    return "ncap" if found <= set(_PART_OF) | set(NCAP.values()) else "own"


def tokens_of(text: str, spans: Iterable[tuple[int, int, str]], labels: str) -> tuple[Token, ...]:
    """Spans under a label set as the reader's own tokens over the same text; marks between parts are left out."""
    tokens = []
    for start, end, label in spans:
        word = text[start:end]
        if any(char.isalnum() for char in word):
            part = Part(label) if labels == "datong" else _part(label, word)
            tokens.append(Token(start, end, part, part.value not in NUMBER_LABELS or bool(kind_of(word))))
    return tuple(tokens)


def _part(label: str, word: str) -> Part:
    """The reader's part for a public label; where one label covers two parts the word decides."""
    if label == "community" and word.endswith(("村", "庄", "村委会", "村民委员会")):
        return Part.VILLAGE
    if label == "subpoi" and PHASE.fullmatch(word):
        return Part.PHASE
    if label == "assist" and DISTANCE.fullmatch(word):
        return Part.DISTANCE
    if label == "road" and word.endswith(("组", "队")):
        return Part.GROUP
    return _PART_OF[label]


_SHOP = re.compile("(?:商铺|店铺|店面|摊位|铺位)$")
_PAIR = re.compile(r"([0-9]+)([-－—~～])([0-9]+)号?$")


def ncap_spans(parsed: ParsedAddress) -> list[tuple[int, int, str]]:
    """The spans under the public labels; a group of villagers counts as a road there, a second place as a part of the first."""
    spans: list[tuple[int, int, str]] = []
    place_before = False
    for span in parsed.spans:
        label = NCAP[span.label]
        if label == "poi":
            label = "subpoi" if place_before else "poi"
            place_before = True
        if label == "roadno" and (pair := _falling_pair(span.text)):
            spans += [(span.start, span.start + pair[0], label), (span.start + pair[0], span.start + pair[1], "redundant")]
            spans.append((span.start + pair[1], span.end, "houseno"))
        elif label == "roomno" and (shop := _SHOP.search(span.text)) and shop.start():
            spans += [(span.start, span.start + shop.start(), label), (span.start + shop.start(), span.end, "redundant")]
        else:
            spans.append((span.start, span.end, label))
    return spans


def _falling_pair(text: str) -> tuple[int, int] | None:
    """127-25号 is a number and a building behind it, 17-19号 a range: where the dash of the former begins and ends."""
    found = _PAIR.match(text)
    if not found or len(found[1]) < 3 or int(found[1]) <= int(found[3]):
        return None
    return found.span(2)


def spans_as(parsed: ParsedAddress, labels: str) -> list[tuple[int, int, str]]:
    """The spans under a label set of `LABEL_SETS`."""
    if labels == "ncap":
        return ncap_spans(parsed)
    return [(span.start, span.end, span.label.value) for span in parsed.spans]


_PARTS = (
    "prov", "city", "district", "zone", "street", "community", "village", "group", "road", "road_no", "sub_no", "estate", "phase",
    "building", "building_kind", "entrance", "floor", "room",
)  # fmt: skip
_parts_in = attrgetter(*_PARTS)


def parts_of(parsed: ParsedAddress) -> dict[str, str]:
    """The parts that are there, by name, numbers normalised."""
    if type(parsed) is Reading:
        values = values_of(parsed)
        return {name: value for name, value in zip(_PARTS, map(values.get, _PARTS), strict=True) if value}
    return {name: value for name, value in zip(_PARTS, _parts_in(parsed), strict=True) if value}
