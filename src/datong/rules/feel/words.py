"""Taking FEEL's words one by one, with the names known where the reader stands; and types, which need no more than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from datong.rules.feel.faults import FeelSyntax
from datong.rules.feel.lex import WORD, Names, Token, next_token, skip_blank, tidy_name
from datong.rules.feel.nodes import Literal, TypeName

_DEPTH = 60
_TYPES_OF_WORDS = ("days and time duration", "years and months duration", "date and time")


class Words:
    """Where the reader stands in a text, and what it may take there."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names
        self.keys = Names()
        """The keys of contexts written so far: they may follow a point, or stand in a filter."""
        self.at = 0
        self.depth = 0
        self.filters = True
        self._seen: Token | None = None

    def peek(self) -> Token:
        """The next word, not taken."""
        if self._seen is None:
            self._seen = next_token(self.text, self.at, self.names)
        return self._seen

    def take(self) -> Token:
        """The next word, taken."""
        token = self.peek()
        self.at, self._seen = token.end, None
        return token

    def mark(self) -> tuple[int, int, Names, bool]:
        """Where the reader stands."""
        return self.at, self.depth, self.names, self.filters

    def back_to(self, mark: tuple[int, int, Names, bool]) -> None:
        """Go back to a mark."""
        self.at, self.depth, self.names, self.filters = mark
        self._seen = None

    def deeper(self) -> None:
        """One level down; too many are refused rather than ending in a crash."""
        self.depth += 1
        if self.depth > _DEPTH:
            raise FeelSyntax(self.text, self.at, f"nested deeper than {_DEPTH} levels")

    def looking_at(self, sign: str) -> bool:
        """Whether the next word is this sign."""
        token = self.peek()
        return token.kind == "op" and token.value == sign

    def take_op(self, sign: str) -> bool:
        """Take a sign if it is next."""
        if self.looking_at(sign):
            self.take()
            return True
        return False

    def take_word(self, word: str) -> bool:
        """Take a keyword if it is next."""
        token = self.peek()
        if token.kind == "word" and token.value == word:
            self.take()
            return True
        return False

    def expect_op(self, sign: str) -> None:
        """Take a sign or say that it is missing."""
        if not self.take_op(sign):
            raise FeelSyntax(self.text, self.peek().start, f"{sign!r} is expected")

    def expect_word(self, word: str) -> None:
        """Take a keyword or say that it is missing."""
        if not self.take_word(word):
            raise FeelSyntax(self.text, self.peek().start, f"{word!r} is expected")

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self.peek().kind != "end":
            raise FeelSyntax(self.text, self.peek().start, "something follows that does not belong here; is a name unknown?")

    @contextmanager
    def scope(self, names: Iterable[str]) -> Iterator[None]:
        """Names known within."""
        outer, self.names, self._seen = self.names, Names(names, self.names), None
        yield
        self.names, self._seen = outer, None

    def declared_name(self, ends: tuple[str, ...]) -> str:
        """A name that is being given, up to one of some signs."""
        start = skip_blank(self.text, self.at)
        if start < len(self.text) and self.text[start] == '"':
            return str(self.take().value)
        found = min((at for end in ends if (at := self.text.find(end, start)) >= 0), default=-1)
        name = tidy_name(self.text[start:found]) if found > start else ""
        if not name or not WORD.match(name):
            raise FeelSyntax(self.text, start, "a name is expected")
        self.at, self._seen = found, None
        return name

    @staticmethod
    def is_number(node: Literal) -> bool:
        """Whether a literal is a number."""
        return isinstance(node.value, Decimal)

    def type_name(self) -> TypeName:
        """A type."""
        self.deeper()
        start = skip_blank(self.text, self.at)
        known = next((name for name in _TYPES_OF_WORDS if _words_at(self.text, start, name)), "")
        if known:
            self.at, self._seen = _words_at(self.text, start, known), None
            self.depth -= 1
            return TypeName(known)
        token = self.take()
        if token.kind not in ("name", "word"):
            raise FeelSyntax(self.text, token.start, "a type is expected")
        name = str(token.value)
        while self.take_op("."):
            name += "." + self.plain_name()
        found = self.generic(name) if self.looking_at("<") else TypeName(name)
        self.depth -= 1
        return found

    def plain_name(self) -> str:
        """A name of one part."""
        token = self.take()
        if token.kind != "name":
            raise FeelSyntax(self.text, token.start, "a name is expected")
        return str(token.value)

    def generic(self, name: str) -> TypeName:
        """`<…>` behind list, range, context or function."""
        self.take()
        arguments: list[TypeName] = []
        members: list[tuple[str, TypeName]] = []
        while not self.take_op(">"):
            if arguments or members:
                self.expect_op(",")
            if name == "context":
                key = self.declared_name((":",))
                self.expect_op(":")
                members.append((key, self.type_name()))
            else:
                arguments.append(self.type_name())
        if name == "function" and self.take_op("->"):
            arguments.append(self.type_name())
        return TypeName(name, tuple(arguments), tuple(members))


def of_properties(text: str, at: int) -> tuple[str, int] | None:
    """A property of two words that stands at a place, and where it ends."""
    for name in ("time offset", "start included", "end included"):
        if end := _words_at(text, at, name):
            return name, end
    return None


def _words_at(text: str, at: int, words: str) -> int:
    """Where words end that stand at a place, with any blanks between; 0 if they do not."""
    for word in words.split():
        at = skip_blank(text, at)
        if not text.startswith(word, at):
            return 0
        at += len(word)
    return 0 if WORD.match(text, at) else at
