"""FEEL's words, read on demand: names may hold spaces and signs, so where a name ends depends on the names in scope.

A known name is taken as long as it goes ("monthly income" before "monthly"); an unknown one ends with its first part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from datong.rules.feel.faults import FeelSyntax

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
WORD = re.compile(f"[{_START}][{_PART}]*")
_NAME_PART = re.compile(f"[{_PART}]+|[./\\-'+*]")
_IN_NAME = re.compile(f"[{_PART}]")
_BLANK = re.compile(r"(?:\s|\u200b|\ufeff|//[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_OPERATOR = re.compile(r"\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},:.]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_CLAUSES = ("for", "in", "return", "if", "then", "else", "some", "every", "satisfies", "between", "and", "or")
KEYWORDS = frozenset((*_CLAUSES, "instance", "of", "function", "external", "true", "false", "null"))


@dataclass(frozen=True)
class Token:
    """One word: kind is number, string, at, name, word (a keyword), op or end."""

    kind: str
    value: object
    start: int
    end: int


class Names:
    """The names that are known at a place, with those of the places around it."""

    def __init__(self, names: Iterable[str] = (), around: Names | None = None) -> None:
        self.around = around
        self._by_first: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known here; only one of several parts needs remembering."""
        parts = _NAME_PART.findall(name)
        if len(parts) > 1:
            pattern = re.compile(r"\s*".join(re.escape(part) for part in _joined(parts)))
            self._by_first.setdefault(parts[0], []).append((tidy_name(name), pattern))

    def listed(self) -> list[str]:
        """The names of several parts known here."""
        return [name for group in self._by_first.values() for name, _ in group]

    def longest(self, text: str, at: int, first: str) -> tuple[str, int] | None:
        """The longest known name that stands at a place and where it ends."""
        best: tuple[str, int] | None = None
        scope: Names | None = self
        while scope is not None:
            for name, pattern in scope._by_first.get(first, ()):
                found = pattern.match(text, at)
                if found and (best is None or found.end() > best[1]) and not _goes_on(text, found.end()):
                    best = name, found.end()
            scope = scope.around
        return best


def _joined(parts: list[str]) -> list[str]:
    """Name parts with a blank where two words meet."""
    found = [parts[0]]
    for before, part in pairwise(parts):
        if _IN_NAME.match(before) and _IN_NAME.match(part):
            found.append(" ")
        found.append(part)
    return found


def _goes_on(text: str, at: int) -> bool:
    return bool(_IN_NAME.match(text, at)) and bool(_IN_NAME.match(text, at - 1))


def tidy_name(name: str) -> str:
    """A name with one blank where there are many, as all names are kept."""
    return " ".join(name.split())


def skip_blank(text: str, at: int) -> int:
    """Where the next word begins, behind blanks and comments."""
    found = _BLANK.match(text, at)
    return found.end() if found else at


def next_token(text: str, at: int, names: Names) -> Token:
    """The word at a place. Raises FeelSyntax where there is none."""
    at = skip_blank(text, at)
    if at >= len(text):
        return Token("end", "", at, at)
    char = text[at]
    if char == '"':
        return _string(text, at)
    if char == "@":
        inner = _string(text, skip_blank(text, at + 1))
        return Token("at", inner.value, at, inner.end)
    if found := _NUMBER.match(text, at):
        return Token("number", Decimal(found[0]), at, found.end())
    if found := WORD.match(text, at):
        return _word(text, at, found[0], names)
    if found := _OPERATOR.match(text, at):
        return Token("op", found[0], at, found.end())
    raise FeelSyntax(text, at, f"{char!r} cannot stand here")


def _word(text: str, at: int, first: str, names: Names) -> Token:
    longest = names.longest(text, at, first)
    if longest:
        return Token("name", longest[0], at, longest[1])
    return Token("word" if first in KEYWORDS else "name", first, at, at + len(first))


def _string(text: str, at: int) -> Token:
    found = _STRING.match(text, at)
    if not found:
        raise FeelSyntax(text, at, 'a text in "double quotes" is expected and is not closed')
    value = _ESCAPE.sub(_unescaped, found[1])
    if any("\ud800" <= char <= "\udfff" for char in value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Token("string", value, at, found.end())


def _unescaped(found: re.Match[str]) -> str:
    if code := found[1] or found[2]:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _PLAIN.get(found[3], "\\" + found[3])
