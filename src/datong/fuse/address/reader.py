"""Read an address text into parts: clean, find known names, split by grammar, put the values together.

Splits are remembered by the text with every digit as 0; the grammar works on exactly that, so that a remembered
answer is the answer. A lexicon name with digits of its own keeps its digits and is remembered apart.
"""

from __future__ import annotations

from functools import cache

from datong.domain.address import ParsedAddress, Part
from datong.fuse.address import parts
from datong.fuse.address.clean import MAX_LENGTH, TOO_LONG, clean
from datong.fuse.address.labels import tokens_of
from datong.fuse.address.lexicon import Lexicon
from datong.fuse.address.model import Labelled, Model
from datong.fuse.address.reading import Split, reading
from datong.fuse.address.walk import Memory, Walk

_MASK = str.maketrans("123456789", "000000000")
_REMEMBERED = 200_000
_UNEXPLAINED = frozenset((parts.NOISE, parts.PERSON))
TRUST = 0.9
"""Below this confidence of the grammar a taught model is asked."""
ALWAYS = 2.0
"""As `trust`: the model is asked for every text, and taken."""


class Reader:
    """Reads addresses. Holds a lexicon and what it remembers; safe to use from several threads."""

    def __init__(self, lexicon: Lexicon | None = None, model: Model | None = None, *, trust: float = TRUST) -> None:
        """Without a lexicon of the city the nation's divisions are known and the rest is told by endings. A taught model
        is asked where the grammar's confidence is below `trust`, and taken where it is surer than the grammar."""
        self.model, self.trust = model, trust
        self.lexicon = lexicon if lexicon is not None else nation_lexicon()
        self._splits: dict[str, Split] = {}
        self._memory = Memory()

    def read(self, raw: str) -> ParsedAddress:
        """The address in parts. Any text gives an answer; `problem` says why one has no parts."""
        if len(raw) > MAX_LENGTH:
            return ParsedAddress(raw, problem=TOO_LONG)
        cleaned = clean(raw)
        if not cleaned.text:
            return ParsedAddress(raw, problem="empty")
        return reading(raw, cleaned, self.split(cleaned.text))

    def split(self, text: str) -> Split:
        """The parts of a clean text, remembered by its shape."""
        shape = text.translate(_MASK)
        if self.lexicon.has_digit_names:
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
        scan = Walk(shape, self.lexicon.hits(shape), self._memory).run()
        split = Split(tuple(scan.tokens), scan.division, scan.former, _confidence(scan, len(shape)))
        if self.model is None or split.confidence >= self.trust:
            return split
        return _taught(self.model, shape, split, always=self.trust > 1)


def _taught(model: Model, shape: str, split: Split, *, always: bool) -> Split:
    """What the model makes of a shape, when it is surer than the grammar or always wanted."""
    told = [(start, end, part) for start, end, part, _ in split.tokens]
    city = next((shape[start:end] for wanted in (parts.CITY, parts.PROV) for start, end, part in told if part is wanted), "")
    labelled = model.label(shape, told, lexicon=nation_lexicon(), city=city)
    confidence = model.confidence(labelled)
    if not always and confidence <= split.confidence:
        return split
    return Split(tokens_of(shape, labelled.spans, model.labels), split.division, split.former, confidence)


def tokens_over(reader: Reader, raw: str) -> tuple[list[tuple[int, int, Part]], str]:
    """The grammar's tokens over the raw text, and the city or province it named."""
    parsed = reader.read(raw)
    return [(span.start, span.end, span.label) for span in parsed.spans], parsed.city or parsed.prov


def label_text(reader: Reader, model: Model, raw: str) -> Labelled:
    """A raw text under the model's own labels; `reader` gives the grammar's view and has no model itself."""
    tokens, city = tokens_over(reader, raw)
    return model.label(raw[:MAX_LENGTH], [one for one in tokens if one[1] <= MAX_LENGTH], lexicon=nation_lexicon(), city=city)


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


def _confidence(scan: Walk, length: int) -> float:
    """How much of the text its own words explain: 1 when nothing was left to guess."""
    guessed = covered = 0
    for start, end, part, said in scan.tokens:
        if not said:
            guessed += 1
        if part not in _UNEXPLAINED:
            covered += end - start
    return round(max(0.05, min(1.0, covered / max(1, length)) - 0.12 * scan.doubts - 0.06 * guessed), 3)
