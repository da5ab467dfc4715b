"""XPath's regular expressions, which FEEL uses, as Python's."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

from datong.rules.feel.faults import NoValue

_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.VERBOSE}
_START = r":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u2c00-\u2fef\u3001-\ud7ff"
_SHORT = {"i": _START, "c": _START + r"\-.0-9\u00b7\u0300-\u036f"}
_BLOCKS = {
    "IsBasicLatin": r"\u0000-\u007f",
    "IsLatin-1Supplement": r"\u0080-\u00ff",
    "IsGreek": r"\u0370-\u03ff",
    "IsCyrillic": r"\u0400-\u04ff",
    "IsCJKUnifiedIdeographs": r"\u4e00-\u9fff",
}
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
        return re.compile(re.escape(pattern) if "q" in flags else _translated(pattern), number)
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


def _translated(pattern: str) -> str:
    """\\p{…}, \\i, \\c and class subtraction, which Python lacks."""
    out: list[str] = []
    at = 0
    inside = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            text, at = _escape(pattern, at, inside > 0)
            out.append(text)
            continue
        if char == "[" and inside and pattern[at - 1] == "-":
            end = pattern.index("]", at) if "]" in pattern[at:] else len(pattern)
            opening = _last_open(out)
            out[-1] = ""
            out.insert(opening, f"(?!{_translated(pattern[at : end + 1])})")
            at = end + 1
            continue
        if char == "[" and inside:
            out.append("\\")
        inside += {"[": 0 if inside else 1, "]": -1 if inside else 0}.get(char, 0)
        out.append(char)
        at += 1
    return "".join(out)


def _last_open(out: list[str]) -> int:
    return len(out) - 1 - out[::-1].index("[")


def _escape(pattern: str, at: int, inside: bool) -> tuple[str, int]:
    sign = pattern[at + 1]
    if sign.lower() in _SHORT:
        return _set(_SHORT[sign.lower()], sign.isupper(), inside), at + 2
    if sign in "pP" and pattern[at + 2 : at + 3] == "{":
        end = pattern.find("}", at)
        name = pattern[at + 3 : end]
        members = _BLOCKS.get(name) or _category(name)
        return _set(members, sign == "P", inside), end + 1
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
