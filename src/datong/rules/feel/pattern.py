"""XPath's regular expressions, which FEEL uses, as Python's."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

from datong.rules.feel.faults import NoValue

_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE}
_START = r":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u2c00-\u2fef\u3001-\ud7ff"
_SHORT = {"i": _START, "c": _START + r"\-.0-9\u00b7\u0300-\u036f"}
_BLOCKS = {
    "IsBasicLatin": r"\u0000-\u007f",
    "IsLatin-1Supplement": r"\u0080-\u00ff",
    "IsGreek": r"\u0370-\u03ff",
    "IsCyrillic": r"\u0400-\u04ff",
    "IsCJKUnifiedIdeographs": r"\u4e00-\u9fff",
}
_COUNT = re.compile(r"\{\d+(?:,\d*)?\}")
_ESCAPED = "nrtdDwWsS\\|.?*+(){}[]^$-"
_DOLLAR = re.compile(r"\\(.)|\$(\d+)|(\$|\\)", re.DOTALL)


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """A pattern ready to use. Raises NoValue when it is none, or the flags are unknown."""
    unknown = set(flags) - set("smixq")
    if unknown:
        raise NoValue(f"flags are s, m, i, x and q, not {''.join(sorted(unknown))!r}")
    number = 0
    for flag in flags:
        number |= _FLAGS.get(flag, 0)
    try:
        return re.compile(re.escape(pattern) if "q" in flags else _translated(pattern, flags), number)
    except (re.error, OverflowError, RecursionError):
        raise NoValue("the pattern is no regular expression") from None


def replacement_of(replacement: str, groups: int) -> str:
    """A replacement with $1 for a group, as Python's `sub` takes it. Raises NoValue for a lone $ or backslash."""

    def one(found: re.Match[str]) -> str:
        if found[1] is not None:
            if found[1] not in "\\$":
                raise NoValue("in a replacement a backslash stands before $ or a backslash")
            return "\\\\" if found[1] == "\\" else "$"
        if found[2] is None:
            raise NoValue("in a replacement $ is followed by a group's number")
        digits = found[2]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        rest = found[2][len(digits) :]
        return (f"\\g<{int(digits)}>" if int(digits) <= groups else "") + rest

    return _DOLLAR.sub(one, replacement)


def _translated(pattern: str, flags: str = "") -> str:
    """A pattern as Python has it: \\p{…}, \\i, \\c and class subtraction are written out, and what XPath does not know is refused."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        text, at = _class(pattern, at) if pattern[at] == "[" else _outside(pattern, at, flags)
        out.append(text)
    return "".join(out)


def _outside(pattern: str, at: int, flags: str) -> tuple[str, int]:
    """One sign outside of a class."""
    char = pattern[at]
    if char == "\\":
        return _escape(pattern, at, inside=False)
    if char == "(" and pattern[at + 1 : at + 2] == "?" and pattern[at + 1 : at + 3] != "?:":
        raise NoValue("the pattern uses a group that XPath does not know")
    if char in "{}":
        found = _COUNT.match(pattern, at)
        if not found:
            raise NoValue("the pattern is no regular expression: a brace counts, {2,3}")
        return found[0], found.end()
    if char == "]":
        raise NoValue("the pattern is no regular expression: a class is not opened")
    if "x" in flags and char in " \t\n\r":
        return "", at + 1
    if char == ".":
        return "." if "s" in flags else r"[^\n\r]", at + 1
    return ("$" if "m" in flags else r"\Z") if char == "$" else re.escape(char) if char in "#& ~-" else char, at + 1


def _class(pattern: str, at: int) -> tuple[str, int]:
    """A class in brackets, perhaps with another one taken out of it."""
    at += 1
    negated = pattern[at : at + 1] == "^"
    at += negated
    members: list[str] = []
    without = ""
    while pattern[at : at + 1] != "]" or not members:
        if at >= len(pattern):
            raise NoValue("the pattern is no regular expression: a class is not closed")
        if pattern[at] == "-" and pattern[at + 1 : at + 2] == "[":
            without, at = _class(pattern, at + 1)
            break
        if pattern[at] == "[":
            raise NoValue("the pattern is no regular expression: a bracket within a class is written \\[")
        if pattern[at] == "\\":
            text, at = _escape(pattern, at, inside=True)
        else:
            text, at = (re.escape(pattern[at]) if pattern[at] in "&~|" else pattern[at]), at + 1
        members.append(text)
    if pattern[at : at + 1] != "]":
        raise NoValue("the pattern is no regular expression: a class is not closed")
    made = f"[{'^' if negated else ''}{''.join(members)}]"
    return (f"(?:(?!{without}){made})" if without else made), at + 1


def _escape(pattern: str, at: int, *, inside: bool) -> tuple[str, int]:
    """A backslash and what follows it."""
    sign = pattern[at + 1 : at + 2]
    if sign and sign.lower() in _SHORT:
        return _set(_SHORT[sign.lower()], sign.isupper(), inside), at + 2
    if sign and sign in "pP" and pattern[at + 2 : at + 3] == "{":
        end = pattern.find("}", at)
        name = pattern[at + 3 : end]
        return _set(_BLOCKS.get(name) or _category(name), sign == "P", inside), end + 1
    if not sign or sign not in _ESCAPED + ("" if inside else "123456789"):
        raise NoValue("the pattern is no regular expression: a backslash stands before a sign that needs none")
    return pattern[at : at + 2], at + 2


def _set(members: str, negated: bool, inside: bool) -> str:
    if inside and negated:
        raise NoValue("a negated category cannot stand within a class here")
    return members if inside else f"[{'^' if negated else ''}{members}]"


@lru_cache(maxsize=64)
def _category(name: str) -> str:
    """A Unicode category's signs as the inside of a class."""
    ranges: list[tuple[int, int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(name):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = (ranges[-1][0], code)
            else:
                ranges.append((code, code))
    if not ranges or not name:
        raise NoValue(f"there is no category {name!r}")
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)
