"""Other people's label sets for the same parts, so that the reader can be measured beside theirs."""

from __future__ import annotations

from datong.domain.address import ParsedAddress, Part

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


def ncap_spans(parsed: ParsedAddress) -> list[tuple[int, int, str]]:
    """The spans under the public labels; a group of villagers counts as a road there, a second place as a part of the first."""
    spans: list[tuple[int, int, str]] = []
    place_before = False
    for span in parsed.spans:
        label = NCAP[span.label]
        if label == "poi":
            label = "subpoi" if place_before else "poi"
            place_before = True
        spans.append((span.start, span.end, label))
    return spans


def spans_as(parsed: ParsedAddress, labels: str) -> list[tuple[int, int, str]]:
    """The spans under a label set of `LABEL_SETS`."""
    if labels == "ncap":
        return ncap_spans(parsed)
    return [(span.start, span.end, span.label.value) for span in parsed.spans]


_PARTS = (
    "prov", "city", "district", "zone", "street", "community", "village", "group", "road", "road_no", "sub_no", "estate", "phase",
    "building", "building_kind", "entrance", "floor", "room",
)  # fmt: skip


def parts_of(parsed: ParsedAddress) -> dict[str, str]:
    """The parts that are there, by name, numbers normalised."""
    return {name: value for name in _PARTS if (value := getattr(parsed, name))}
