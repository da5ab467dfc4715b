"""One line of the record, and the two things it leaves: a readable row with a salt, and a leaf that says no more than
that something of this type happened then.

The leaf's digest is SHA-256 over the salt and the line's canonical JSON (RFC 8785 for what a line may hold). Who holds
line and salt can show that they belong to the leaf; once both are erased the leaf gives nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from datong.domain.errors import BadValue
from datong.ledger.merkle import leaf_hash

SALT_SIZE = 16
LARGEST_NUMBER = 2**53 - 1
_CODE = re.compile(r"(?:[a-z][a-z0-9_.-]{0,79})?")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|\+00:00)")


@dataclass(frozen=True)
class Line:
    """What happened, who did it, to whom and why. `type`, `at`, `department` and `purpose` also stand in the public leaf.

    `at` is ISO text in UTC; `type`, `department` and `purpose` are codes (small Latin letters, digits, `_.-`); `body`
    holds text, whole numbers, true, false, null, lists and mappings of these: no fractions, which print differently elsewhere.
    """

    type: str
    at: str
    subject: str = ""
    actor: str = ""
    department: str = ""
    unit: str = ""
    purpose: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredLine:
    """A line as it stands in the record: with its id, its place in the tree and its salt."""

    line_id: str
    leaf_index: int
    line: Line
    salt: bytes = field(repr=False)


class SealedLine(NamedTuple):
    """A line made ready for the record: checked, salted and hashed, but not yet given a place."""

    line: Line
    body: str
    salt: bytes
    entry: bytes
    leaf_hash: bytes

    def __repr__(self) -> str:
        return f"SealedLine({self.line!r})"


def seal(line: Line, salt: bytes) -> SealedLine:
    """Check a line and make its leaf. A value that cannot stand in the record raises BadValue and names its field."""
    if not line.type:
        raise BadValue("type", "is empty", "name what happened, for example read")
    for name, code in (("type", line.type), ("department", line.department), ("purpose", line.purpose)):
        if not _is_code(code):
            raise BadValue(name, "is no code", "write small Latin letters, digits, _ . - and begin with a letter")
    if not _is_time(line.at):
        raise BadValue("at", "is not a time in UTC", "write it like 2026-01-31T08:00:00Z")
    for name, text in (("subject", line.subject), ("actor", line.actor), ("unit", line.unit)):
        if "\x00" in text:
            raise BadValue(name, "holds a NUL character", "leave it out")
    body = canonical_json(line.body, "body")
    try:
        entry = leaf_entry(line, body, salt)
    except UnicodeEncodeError:
        raise BadValue("line", "holds half a character", "send text as valid Unicode") from None
    return SealedLine(line, body, salt, entry, leaf_hash(entry))


def line_json(line: Line, body: str) -> str:
    """The line's canonical JSON; `body` is already canonical."""
    quote = encode_basestring
    return (
        f'{{"actor":{quote(line.actor)},"at":{quote(line.at)},"body":{body},"department":{quote(line.department)},'
        f'"purpose":{quote(line.purpose)},"subject":{quote(line.subject)},"type":{quote(line.type)},"unit":{quote(line.unit)}}}'
    )


def leaf_entry(line: Line, body: str, salt: bytes) -> bytes:
    """The bytes of the line's leaf: canonical JSON of department, digest, purpose, time and type, and nothing else."""
    return entry_around(line, sha256(salt + line_json(line, body).encode()).hexdigest())


def entry_around(line: Line, digest: str) -> bytes:
    """The leaf with this digest: what the public part of a line says."""
    quote = encode_basestring
    return (
        f'{{"department":{quote(line.department)},"digest":"{digest}","purpose":{quote(line.purpose)},'
        f'"time":{quote(line.at)},"type":{quote(line.type)}}}'
    ).encode()


def canonical_json(value: Mapping[str, Any], field_name: str) -> str:
    """The one way to write a value down: keys in order, no blanks, whole numbers only. What has no one written form is refused by name."""
    try:
        return _text(value)
    except _HasNoTextError:
        return _text(_plain(value, field_name))


class _HasNoTextError(Exception):
    """The value holds something out of the ordinary: it is looked at again, slowly, to name it."""


def _text(value: Any) -> str:
    """A value of plain types written down, in one pass."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is dict:
        parts = []
        for key in _ordered(value):
            item = value[key]
            parts.append(f"{encode_basestring(key)}:{encode_basestring(item) if type(item) is str else _text(item)}")
        return f"{{{','.join(parts)}}}"
    if kind is list or kind is tuple:
        return f"[{','.join([encode_basestring(item) if type(item) is str else _text(item) for item in value])}]"
    if kind is int and -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return str(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    raise _HasNoTextError


def _plain(value: Any, where: str) -> Any:
    """The value in plain containers; what has no one written form is refused by name."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if abs(value) > LARGEST_NUMBER:
            raise BadValue(where, "is a number that not every reader can hold", "write it as text")
        return int(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise BadValue(where, "has a key that is not text", "name each value with text")
        return {str(key): _plain(value[key], f"{where}.{key}") for key in value}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{where}[]") for item in value]
    raise BadValue(where, f"is a {type(value).__name__}", "use text, whole numbers, true, false, null, lists and mappings")


def _ordered(keys: Mapping[Any, Any]) -> list[str]:
    """RFC 8785 orders keys by their UTF-16 code units; for most keys that is the order of their characters."""
    try:
        ordered = sorted(keys)
        if "".join(ordered).isascii():
            return ordered
    except TypeError:
        raise _HasNoTextError from None
    return sorted(ordered, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


@lru_cache(maxsize=4096)
def _is_code(text: str) -> bool:
    """Whether a text may be a code; the same few hundred come again and again."""
    return _CODE.fullmatch(text) is not None


@lru_cache(maxsize=64)
def _is_time(text: str) -> bool:
    """Whether a text is a time in UTC; the lines of one answer have one time."""
    return _TIME.fullmatch(text) is not None
