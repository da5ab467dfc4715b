"""Read a whole text with the grammar, and remember what comes again: the divisions it begins with, and its end from the first number on.

Both memories hold answers of the grammar itself under everything that answer depended on, so a remembered reading is the reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from datong.domain.address import Part
from datong.fuse.address import parts
from datong.fuse.address.grammar import GAPS, Scan
from datong.fuse.address.lexicon import Hits
from datong.fuse.address.marks import COUNTRY
from datong.fuse.address.tail import BIT, Token

_REMEMBERED = 100_000
_new = tuple.__new__
TailKey = tuple[str, Part | None, int, int, str]
Tail = tuple[tuple[Token, ...], int, str, str]
"""Tokens, doubts, division and former division of the rest of a text."""
Head = tuple[tuple[Token, ...], int, Part | None, int, str, str, int]
"""Tokens and the state after them: seen, before, rank, division, former division, doubts."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What one reader remembers between texts, for one lexicon."""

    heads: dict[str, Head | None] = field(default_factory=dict)
    tails: dict[TailKey, Tail] = field(default_factory=dict)


class Walk(Scan):
    """One reading of one text from its beginning, with what its reader remembers."""

    __slots__ = ("memory",)

    def __init__(self, text: str, hits: Hits, memory: Memory) -> None:
        super().__init__(text, hits)
        self.memory = memory

    def run(self) -> Walk:
        """Read the whole text."""
        text, end = self.text, len(self.text)
        at = self._head() if self.hits and 0 in self.hits else 0
        found = COUNTRY.match(text) if not at and text[:1] == "中" else None
        if found and found.end() < end:
            at = self._add(0, found.end(), parts.COUNTRY)
        while at < end:
            char = text[at]
            if char in GAPS:
                at += 1
            elif char == "0":
                self._tail(at)
                break
            else:
                at = self._step(at)
        return self

    def _head(self) -> int:
        """The divisions under full names that a text begins with: nothing behind them has a say in how they are read."""
        end, hits = 0, self.hits
        while found := hits.get(end):
            after, entries = found[0]
            if not entries.all_full or (self.text[after - 1] == "县" and self.text[after : after + 1] == "城") or self.cuts_own_name(after):
                break
            end = after
        if not end:
            return 0
        key = self.text[:end]
        heads = self.memory.heads
        if key not in heads:
            if len(heads) >= _REMEMBERED:
                heads.clear()
            heads[key] = self._fresh_head(key)
        head = heads[key]
        if head is None:
            return 0
        tokens, self.seen, self.before, self.rank, self.division, self.former, self.doubts = head
        self.tokens += tokens
        return end

    def _fresh_head(self, key: str) -> Head | None:
        """Take each longest name as it stands; None when one does not fit there and the grammar must look closer."""
        scan = Scan(key, {})
        at = 0
        while at < len(key):
            end, entries = self.hits[at][0]
            entry = scan.fitting(at, end, entries)
            if entry is None:
                return None
            at = scan.take_division(at, end, entry)
        return tuple(scan.tokens), scan.seen, scan.before, scan.rank, scan.division, scan.former, scan.doubts

    def _tail(self, at: int) -> None:
        """From the first number on: what follows depends only on the rest of the text and the state here, so it is remembered."""
        tails = self.memory.tails
        later = [start for start in self.hits if start >= at]
        key = (self.text[at:], self.before, self.seen, self.rank, self.division if later else "")
        known = tails.get(key)
        if known is None:
            rest = Scan(key[0], {start - at: [(end - at, entries) for end, entries in self.hits[start]] for start in later})
            rest.before, rest.seen, rest.rank, rest.division = self.before, self.seen, self.rank, key[4]
            rest.run_on()
            known = (tuple(rest.tokens), rest.doubts, rest.division, rest.former)
            if len(tails) >= _REMEMBERED:
                tails.clear()
            tails[key] = known
        tokens, doubts, division, former = known
        for start, end, part, said in tokens:
            self.tokens.append(_new(Token, (start + at, end + at, part, said)))
            self.seen |= BIT[part]
        self.doubts += doubts
        self.former = former or self.former
        self.division = division if later else self.division
