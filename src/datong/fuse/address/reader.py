"""Read an address text into parts: clean, find known names, split by grammar, put the values together.

Splits are remembered by the text with every digit as 0; the grammar works on exactly that, so that a remembered
answer is the answer. A lexicon name with digits of its own keeps its digits and is remembered apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from datong.domain.address import NumberToken, ParsedAddress, Part, Span
from datong.fuse.address.clean import MAX_LENGTH, TOO_LONG, Cleaned, clean
from datong.fuse.address.grammar import Scan, Tail, TailKey
from datong.fuse.address.lexicon import Lexicon
from datong.fuse.address.numerals import expand, kind_of, value_of
from datong.fuse.address.tail import Token

_MASK = str.maketrans("123456789", "000000000")
_REMEMBERED = 200_000
_NUMBERS = frozenset((Part.BUILDING, Part.ENTRANCE, Part.FLOOR, Part.ROOM))
_NAMES = {
    Part.PROV: "prov",
    Part.CITY: "city",
    Part.DISTRICT: "district",
    Part.ZONE: "zone",
    Part.STREET: "street",
    Part.COMMUNITY: "community",
    Part.VILLAGE: "village",
    Part.ROAD: "road",
}


@dataclass(frozen=True, slots=True)
class Split:
    """How texts of one shape fall into parts."""

    tokens: tuple[Token, ...]
    division: str
    former: str
    confidence: float


class Reader:
    """Reads addresses. Holds a lexicon and what it remembers; safe to use from several threads."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        """Without a lexicon of the city the nation's divisions are known and the rest is told by endings."""
        self.lexicon = lexicon if lexicon is not None else nation_lexicon()
        self._splits: dict[str, Split] = {}
        self._tails: dict[TailKey, Tail] = {}

    def read(self, raw: str) -> ParsedAddress:
        """The address in parts. Any text gives an answer; `problem` says why one has no parts."""
        if len(raw) > MAX_LENGTH:
            return ParsedAddress(raw, problem=TOO_LONG)
        cleaned = clean(raw)
        if not cleaned.text:
            return ParsedAddress(raw, problem="empty")
        return _assemble(raw, cleaned, self.split(cleaned.text))

    def split(self, text: str) -> Split:
        """The parts of a clean text, remembered by its shape."""
        shape = text.translate(_MASK)
        for start, end in self.lexicon.digit_names(text):
            shape = shape[:start] + text[start:end] + shape[end:]
        known = self._splits.get(shape)
        if known is None:
            known = self._fresh(shape)
            if len(self._splits) >= _REMEMBERED:
                self._splits = {}
            self._splits[shape] = known
        return known

    def _fresh(self, shape: str) -> Split:
        scan = Scan(shape, self.lexicon.hits(shape), self._tails).run()
        return Split(tuple(scan.tokens), scan.division, scan.former, _confidence(scan, len(shape)))


@cache
def nation_lexicon() -> Lexicon:
    """The shipped divisions of the nation, loaded once and only when somebody reads without a city."""
    return Lexicon()


@cache
def _general() -> Reader:
    return Reader()


def parse_address(text: str, reader: Reader | None = None) -> ParsedAddress:
    """Read one address; without a reader of the city the nation's divisions and general endings serve."""
    return (reader or _general()).read(text)


def _confidence(scan: Scan, length: int) -> float:
    """How much of the text its own words explain: 1 when nothing was left to guess."""
    guessed = covered = 0
    for token in scan.tokens:
        guessed += not token.said
        if token.part is not Part.NOISE and token.part is not Part.PERSON:
            covered += token.end - token.start
    return round(max(0.05, min(1.0, covered / max(1, length)) - 0.12 * scan.doubts - 0.06 * guessed), 3)


def _assemble(raw: str, cleaned: Cleaned, split: Split) -> ParsedAddress:
    """Values and raw offsets of one text from the split of its shape."""
    spans: list[Span] = []
    values: dict[str, Any] = {}
    numbers: list[NumberToken] = []
    text, starts = cleaned.text, cleaned.starts
    relative = False
    for start, end, part, said in split.tokens:
        word = text[start:end]
        if starts is None:
            span = Span(start, end, part, word)
        else:
            low, high = starts[start], starts[end - 1] + 1
            span = Span(low, high, part, raw[low:high])
        spans.append(span)
        if (name := _NAMES.get(part)) is not None:
            if name not in values:
                values[name] = word
        elif part in _NUMBERS:
            numbers.append(_number_value(word, part, said, span, values))
        elif part is Part.ROAD_NO and (not said or "road" not in values):
            numbers.append(NumberToken(value_of(word), part, said, span))
            _other_value(part, word, values)
        else:
            relative = relative or part is Part.RELATIVE or part is Part.DISTANCE
            _other_value(part, word, values)
    if cleaned.asides:
        values["asides"] = tuple(raw[low + 1 : high - 1] for low, high in cleaned.asides)
        spans += [Span(low, high, Part.ASIDE, raw[low:high]) for low, high in cleaned.asides]
        spans.sort()
    return ParsedAddress(
        raw,
        tuple(spans),
        numbers=tuple(numbers),
        relative=relative,
        division=split.division,
        former_division=split.former,
        confidence=split.confidence,
        **values,
    )


def _number_value(word: str, part: Part, said: bool, span: Span, values: dict[str, Any]) -> NumberToken:
    """One number inside a site: the first of its kind is the address's, a list of rooms keeps them all."""
    value = value_of(word)
    token = NumberToken(value, part, said, span)
    if part is Part.ROOM and "rooms" not in values:
        values["rooms"] = expand(value, said) if "-" in value or "、" in value else (value,)
        if values["rooms"]:
            value = values["rooms"][0]
            token = token._replace(value=value)
    elif part is Part.BUILDING and "building" not in values:
        values["building_kind"] = kind_of(word)
    if part.value not in values:
        values[part.value] = value
    return token


def _other_value(part: Part, word: str, values: dict[str, Any]) -> None:
    """Further names, door numbers, lanes and groups: a lane belongs to its road's name, a lane's number is a number."""
    if part == Part.ESTATE:
        if values.setdefault("estate", word) != word:
            values["other_places"] = (*values.get("other_places", ()), word)
    elif part == Part.PHASE:
        values["phase"] = values.get("phase", "") + word
    elif part == Part.NOISE:
        values["noise"] = (*values.get("noise", ()), word)
    elif part == Part.ROAD_NO:
        values.setdefault("road_no", value_of(word) + ("弄" if word.endswith("弄") else ""))
    elif part == Part.LANE:
        if word.endswith(("路", "街", "道")) and "road_no" not in values:
            values["road"] = word  # a second road: a number that follows is its own
            return
        values["road"] = values.get("road", "").removesuffix(word) + (f"{values.pop('road_no')}号" if "road_no" in values else "") + word
    elif part == Part.LANE_NO:
        values["road_no"] = value_of(word)
    elif part == Part.SUB_NO:
        values.setdefault("sub_no", value_of(word.lstrip("附之")))
    elif part == Part.GROUP:
        values.setdefault("group", value_of(word.rstrip("组队社小村民生产")))
