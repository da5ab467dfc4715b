"""Read an address text into parts: clean, find known names, split by grammar, put the values together.

Splits are remembered by the text with every digit as 0; the grammar works on exactly that, so that a remembered
answer is the answer. A lexicon name with digits of its own keeps its digits and is remembered apart.
"""

from __future__ import annotations

from functools import cache

from datong.domain.address import ParsedAddress, Part
from datong.fuse.address.clean import MAX_LENGTH, TOO_LONG, clean
from datong.fuse.address.lexicon import Lexicon
from datong.fuse.address.reading import Split, reading
from datong.fuse.address.walk import Memory, Walk

_MASK = str.maketrans("123456789", "000000000")
_REMEMBERED = 200_000


class Reader:
    """Reads addresses. Holds a lexicon and what it remembers; safe to use from several threads."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        """Without a lexicon of the city the nation's divisions are known and the rest is told by endings."""
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


def _confidence(scan: Walk, length: int) -> float:
    """How much of the text its own words explain: 1 when nothing was left to guess."""
    guessed = covered = 0
    for token in scan.tokens:
        guessed += not token.said
        if token.part is not Part.NOISE and token.part is not Part.PERSON:
            covered += token.end - token.start
    return round(max(0.05, min(1.0, covered / max(1, length)) - 0.12 * scan.doubts - 0.06 * guessed), 3)
