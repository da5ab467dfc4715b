"""What a reader hands out: the parts of one text, put together from the split of its shape when they are first asked for.

Most of a register's addresses are asked for a few parts and never for their spans; a reading keeps the text and the
split and makes values and spans on the first look, so that a million readings cost a million small objects and no more.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any

from datong.domain.address import NumberToken, ParsedAddress, Part, Span
from datong.fuse.address import parts
from datong.fuse.address.clean import Cleaned
from datong.fuse.address.numerals import expand, kind_of, value_of
from datong.fuse.address.tail import Token

_NUMBERS = {parts.BUILDING: "building", parts.ENTRANCE: "entrance", parts.FLOOR: "floor", parts.ROOM: "room"}
_ASIDE_OF_PLACE = frozenset((parts.RELATIVE, parts.DISTANCE))
_NAMES = {
    parts.PROV: "prov",
    parts.CITY: "city",
    parts.DISTRICT: "district",
    parts.ZONE: "zone",
    parts.STREET: "street",
    parts.COMMUNITY: "community",
    parts.VILLAGE: "village",
    parts.ROAD: "road",
}
_SIMPLE = frozenset((*_NAMES, parts.ESTATE, parts.BUILDING, parts.ENTRANCE, parts.FLOOR, parts.ROOM, parts.ROAD_NO, parts.COUNTRY))
"""Parts whose values depend on their own words alone."""
_DIGITS = frozenset("0123456789")
_DEFAULTS = {one.name: one.default for one in fields(ParsedAddress) if one.default is not MISSING and one.name not in ("spans", "numbers")}
_set = object.__setattr__
_get = object.__getattribute__


@dataclass(slots=True, eq=False)
class Split:
    """How texts of one shape fall into parts. Never changed but for its plans."""

    tokens: tuple[Token, ...]
    division: str
    former: str
    confidence: float
    looked_at: bool = False
    """A text of this shape was asked for its values before."""
    plan: Plan | None = None
    """Made for the second text of this shape."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The values all texts of a shape share, and where each one that differs stands."""

    shared: dict[str, Any]
    numbers: tuple[tuple[str, int, int], ...]
    whole: bool
    """False: this shape has parts whose values depend on one another; they are worked out text by text."""


class Reading(ParsedAddress):
    """A `ParsedAddress` like any other, whose fields come to be when they are first looked at."""

    __slots__ = ("_cleaned", "_split")
    _cleaned: Cleaned
    _split: Split

    def __getattr__(self, name: str) -> Any:
        """Called for a field that is not there yet: fills it and its kin."""
        if name in ("spans", "numbers"):
            _fill_spans(self)
        elif name in _DEFAULTS:
            _fill_values(self)
        return _get(self, name)


def reading(raw: str, cleaned: Cleaned, split: Split) -> Reading:
    """The reading of one text: nothing is worked out yet."""
    made = Reading.__new__(Reading)
    _set(made, "raw", raw)
    _set(made, "_cleaned", cleaned)
    _set(made, "_split", split)
    return made


def _fill_values(made: Reading) -> None:
    """Every field but spans and numbers."""
    for name, value in _DEFAULTS.items():
        _set(made, name, value)
    for name, value in values_of(made).items():
        _set(made, name, value)


def values_of(made: Reading) -> dict[str, Any]:
    """The values the text gives, by field: what its shape fixes is copied, what its digits say is cut out."""
    split, cleaned = made._split, made._cleaned
    text = cleaned.text
    if not split.looked_at:  # the first text of a shape, often the only one: no plan is made for it
        split.looked_at = True
        values = _values(text, split.tokens)
        values["division"], values["former_division"], values["confidence"] = split.division, split.former, split.confidence
    else:
        plan = split.plan or _plan(split, text)
        values = plan.shared.copy()
        if not plan.whole:
            values |= _values(text, split.tokens)
        for name, start, end in plan.numbers:
            values[name] = value = value_of(text[start:end])
            if name == "room":
                values["rooms"] = (value,)
    if cleaned.asides:
        values["asides"] = tuple(made.raw[low + 1 : high - 1] for low, high in cleaned.asides)
    return values


def _of_the_split(split: Split) -> dict[str, Any]:
    return {"division": split.division, "former_division": split.former, "confidence": split.confidence}


def _plan(split: Split, text: str) -> Plan:
    """The plan of a split, worked out when a second text of its shape comes."""
    shared = _of_the_split(split)
    numbers: list[tuple[str, int, int]] = []
    whole = all(_stands_alone(part, text[start:end]) for start, end, part, _ in split.tokens)
    if whole:
        shared = _values(text, split.tokens) | shared
        first = {part.value: (start, end) for start, end, part, _ in reversed(split.tokens)}
        numbers = [(name, start, end) for name, (start, end) in first.items() if not _DIGITS.isdisjoint(text[start:end])]
    plan = split.plan = Plan(shared, tuple(numbers), whole)
    return plan


def _stands_alone(part: Part, word: str) -> bool:
    """True for a part whose value is cut from its own words whatever digits stand there."""
    if part not in _SIMPLE:
        return False
    if part in _NAMES or part is parts.ESTATE:
        return _DIGITS.isdisjoint(word)
    return not (part is parts.ROOM and ("-" in word or "、" in word)) and not (part is parts.ROAD_NO and word.endswith("弄"))


def _values(text: str, tokens: tuple[Token, ...]) -> dict[str, Any]:
    """Every value the tokens of one text give."""
    values: dict[str, Any] = {}
    for start, end, part, said in tokens:
        name = _NAMES.get(part)
        if name is None:
            _other_value(part, text[start:end], said, values)
        elif name not in values:
            values[name] = text[start:end]
    return values


def _fill_spans(made: Reading) -> None:
    """Where each part stands in the raw text, and the numbers with their places."""
    raw, cleaned = made.raw, made._cleaned
    text, starts = cleaned.text, cleaned.starts
    spans: list[Span] = []
    numbers: list[NumberToken] = []
    road_seen = rooms_seen = False
    for start, end, part, said in made._split.tokens:
        word = text[start:end]
        if starts is None:
            span = Span(start, end, part, word)
        else:
            low, high = starts[start], starts[end - 1] + 1
            span = Span(low, high, part, raw[low:high])
        spans.append(span)
        if part in _NUMBERS:
            value = value_of(word)
            if part is parts.ROOM and not rooms_seen:
                rooms_seen = True
                value = (_rooms(value, said) or (value,))[0]
            numbers.append(NumberToken(value, part, said, span))
        elif part is parts.ROAD_NO and (not said or not road_seen):
            numbers.append(NumberToken(value_of(word), part, said, span))
        elif part is parts.ROAD or part is parts.LANE:
            road_seen = True
    if cleaned.asides:
        spans += [Span(low, high, parts.ASIDE, raw[low:high]) for low, high in cleaned.asides]
        spans.sort()
    _set(made, "spans", tuple(spans))
    _set(made, "numbers", tuple(numbers))


def _rooms(value: str, said: bool) -> tuple[str, ...]:
    """The rooms one token names: a list or a short range keeps them all."""
    return expand(value, said) if "-" in value or "、" in value else (value,)


def _number_value(part: Part, word: str, said: bool, values: dict[str, Any]) -> None:
    """One number inside a site: the first of its kind is the address's, a list of rooms keeps them all."""
    name = _NUMBERS[part]
    if name in values:
        return
    value = value_of(word)
    if part is parts.ROOM:
        values["rooms"] = _rooms(value, said)
        value = values["rooms"][0] if values["rooms"] else value
    elif part is parts.BUILDING:
        values["building_kind"] = kind_of(word)
    values[name] = value


def _other_value(part: Part, word: str, said: bool, values: dict[str, Any]) -> None:
    """Numbers, door numbers, further names, lanes and groups: a lane belongs to its road's name, a lane's number is a number."""
    if part is parts.ESTATE:
        if values.setdefault("estate", word) != word:
            values["other_places"] = (*values.get("other_places", ()), word)
    elif part is parts.ROAD_NO:
        if "road_no" not in values:
            values["road_no"] = value_of(word) + ("弄" if word[-1] == "弄" else "")
    elif part in _NUMBERS:
        _number_value(part, word, said, values)
    elif part in _ASIDE_OF_PLACE:
        values["relative"] = True
    elif part is parts.NOISE:
        values["noise"] = (*values.get("noise", ()), word)
    elif part is parts.PHASE:
        values["phase"] = values.get("phase", "") + word
    elif part is parts.LANE:
        if word.endswith(("路", "街", "道")) and "road_no" not in values:
            values["road"] = word  # a second road: a number that follows is its own
            return
        values["road"] = values.get("road", "").removesuffix(word) + (f"{values.pop('road_no')}号" if "road_no" in values else "") + word
    elif part is parts.LANE_NO:
        values["road_no"] = value_of(word)
    elif part is parts.SUB_NO:
        values.setdefault("sub_no", value_of(word.lstrip("附之")))
    elif part is parts.GROUP:
        values.setdefault("group", value_of(word.rstrip("组队社小村民生产")))
