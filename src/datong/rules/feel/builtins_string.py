"""Built-in functions of text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from datong.rules.feel.builtin import builtin
from datong.rules.feel.faults import NoValue
from datong.rules.feel.pattern import compiled, replacement_of
from datong.rules.feel.values import text_of

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@builtin("substring", "string: string", "start position: number", "length: number?")
def substring(text: str, start: Decimal, length: Decimal | None) -> str:
    """Part of a text from a place, counted from 1, or from the end when negative."""
    at = int(start)
    if not 1 <= abs(at) <= len(text):
        raise NoValue("the start position lies outside of the text")
    if length is not None and length < 1:
        raise NoValue("the length is 1 at least")
    begin = at - 1 if at > 0 else len(text) + at
    return text[begin:] if length is None else text[begin : begin + int(length)]


@builtin("string length", "string: string")
def string_length(text: str) -> Decimal:
    """How many signs a text has."""
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(text: str) -> str:
    """A text in capitals."""
    return text.upper()


@builtin("lower case", "string: string")
def lower_case(text: str) -> str:
    """A text in small letters."""
    return text.lower()


@builtin("substring before", "string: string", "match: string")
def substring_before(text: str, match: str) -> str:
    """What stands before the first match; empty when there is none."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string", "match: string")
def substring_after(text: str, match: str) -> str:
    """What stands behind the first match; empty when there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string", "match: string")
def contains(text: str, match: str) -> bool:
    """Whether a text holds another."""
    return match in text


@builtin("starts with", "string: string", "match: string")
def starts_with(text: str, match: str) -> bool:
    """Whether a text begins with another."""
    return text.startswith(match)


@builtin("ends with", "string: string", "match: string")
def ends_with(text: str, match: str) -> bool:
    """Whether a text ends with another."""
    return text.endswith(match)


@builtin("matches", "input: string", "pattern: string", "flags: string|null?")
def matches(text: str, pattern: str, flags: str | None) -> bool:
    """Whether a pattern is found in a text."""
    return compiled(pattern, flags or "").search(text) is not None


@builtin("replace", "input: string", "pattern: string", "replacement: string", "flags: string|null?")
def replace(text: str, pattern: str, replacement: str, flags: str | None) -> str:
    """A text with each match of a pattern replaced; $1 is the first group."""
    found = compiled(pattern, flags or "")
    if found.match(""):
        raise NoValue("the pattern matches an empty text")
    return found.sub(replacement_of(replacement, found.groups), text)


@builtin("split", "string: string", "delimiter: string")
def split(text: str, delimiter: str) -> list[str]:
    """The parts of a text between matches of a pattern."""
    parts: list[str] = []
    last = 0
    for found in compiled(delimiter, "").finditer(text):
        if found.end() > found.start():
            parts.append(text[last : found.start()])
            last = found.end()
    return [*parts, text[last:]]


@builtin("string join", "list: list", "delimiter: string|null?")
@builtin("string join", "list: list", "delimiter: string|null", "prefix: string|null", "suffix: string|null")
def string_join(items: list[Any], delimiter: str | None, prefix: str | None = None, suffix: str | None = None) -> str:
    """Texts joined; nulls are left out."""
    if any(one is not None and not isinstance(one, str) for one in items):
        raise NoValue("only texts can be joined")
    return (prefix or "") + (delimiter or "").join(one for one in items if one is not None) + (suffix or "")


@builtin("string", "from: any")
def string(value: Any) -> str:
    """A value as text."""
    if value is None:
        raise NoValue("null has no text")
    return text_of(value)


@builtin("number", "from: string", "grouping separator: string|null?", "decimal separator: string|null?")
def number(text: str, grouping: str | None, point: str | None) -> Decimal:
    """A number from text, with the separators it is written with."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ",") or (grouping is not None and grouping == point):
        raise NoValue("separators are ' ', ',' or '.', and not the same")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if not _NUMBER.fullmatch(plain):
        raise NoValue("the text is no number")
    return Decimal(plain)


@builtin("number", "from: number")
def number_itself(value: Decimal) -> Decimal:
    """A number as it is."""
    return value
