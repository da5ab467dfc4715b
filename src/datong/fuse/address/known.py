"""Names a model met when it was taught, found again in a text: the longest first, each with the label it mostly bore."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import ahocorasick

Known = tuple[str, str, bool]
"""Name as folded, its label (two when it bore both often), whether it was met more than once."""


class KnownNames:
    """Finds names of a list in folded texts."""

    def __init__(self, names: Iterable[Known]) -> None:
        """Made once for a model."""
        self.names = tuple(names)
        self._automaton = ahocorasick.Automaton()
        for name, label, often in self.names:
            self._automaton.add_word(name, (len(name), label + ("2" if often else "1")))
        if self.names:
            self._automaton.make_automaton()

    @classmethod
    def of(cls, labelled: Iterable[tuple[str, Iterable[tuple[int, int, str]]]]) -> KnownNames:
        """The names of labelled texts, given as folded text and spans: two characters or more, no digits."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for text, spans in labelled:
            for start, end, label in spans:
                word = text[start:end]
                if len(word) > 1 and "0" not in word:
                    counts[word][label] += 1
        return cls((word, _label(found), found.total() > 1) for word, found in sorted(counts.items()))

    def tags(self, text: str) -> list[str]:
        """One tag a character: the label of the longest known name it lies in, with B, I or E; `-` where there is none."""
        tags = ["-"] * len(text)
        if not self.names:
            return tags
        found = [(last + 1 - length, last + 1, label) for last, (length, label) in self._automaton.iter(text)]
        for start, end, label in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
            if tags[start:end] == ["-"] * (end - start):
                tags[start:end] = ["B" + label, *["I" + label] * (end - start - 2), "E" + label]
        return tags


def _label(found: Counter[str]) -> str:
    label, count = found.most_common(1)[0]
    return label if count * 10 >= found.total() * 7 else "/".join(sorted(name for name, _ in found.most_common(2)))
