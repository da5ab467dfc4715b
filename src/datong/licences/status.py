"""The Token Status List: which licences of a list no longer hold, in a few kilobytes that a verifier carries with her.

A list has `bits` for each licence; 0 is valid, 1 invalid, 2 suspended. The list is deflated and signed, with a day's life.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datong.licences.jose import ForgedError, PublicKey, SigningKey, b64, compact_json, open_jws, read_json, sign_jws, unb64

TYP = "statuslist+jwt"
LIST_BITS = 20
LIST_SIZE = 1 << LIST_BITS
"""Licences in one list."""
BITS = 2
VALID, INVALID, SUSPENDED = 0, 1, 2
LIFE = 24 * 3600
"""Seconds for which a copy of a list may be relied on without a line."""
_WIDTHS = (1, 2, 4, 8)
_LARGEST = 64 << 20


@dataclass(frozen=True)
class StatusList:
    """One list as it was signed. `at` and `until` are seconds."""

    uri: str
    bits: int
    packed: bytes
    at: int
    until: int

    def value(self, index: int) -> int | None:
        """The status at a place; nothing when the list does not reach that far."""
        per_byte = 8 // self.bits
        if index < 0 or index >= len(self.packed) * per_byte:
            return None
        return (self.packed[index // per_byte] >> (index % per_byte * self.bits)) & ((1 << self.bits) - 1)


def pack(values: Iterable[tuple[int, int]], size: int, bits: int = BITS) -> bytes:
    """A list of `size` places in which only these (index, status) are other than 0."""
    per_byte = 8 // bits
    packed = bytearray((size + per_byte - 1) // per_byte)
    for index, value in values:
        if value >> bits or not 0 <= index < size:
            raise ValueError("a status must fit into the bits, and its index into the list")
        packed[index // per_byte] |= value << (index % per_byte * bits)
    return bytes(packed)


def encode(packed: bytes, bits: int = BITS) -> dict[str, Any]:
    """The `status_list` member."""
    return {"bits": bits, "lst": b64(zlib.compress(packed, 9))}


def decode(found: Any) -> tuple[int, bytes]:
    """Bits and packed places of a `status_list` member; ForgedError when it is none."""
    if not isinstance(found, Mapping) or found.get("bits") not in _WIDTHS or not isinstance(found.get("lst"), str):
        raise ForgedError("status_list")
    reader = zlib.decompressobj()
    try:
        packed = reader.decompress(unb64(found["lst"]), _LARGEST)
    except zlib.error:
        raise ForgedError("status_list") from None
    if reader.unconsumed_tail or not reader.eof:
        raise ForgedError("status_list")
    return int(found["bits"]), packed


def sign_list(key: SigningKey, uri: str, packed: bytes, at: int, life: int = LIFE) -> str:
    """A list as its signed text."""
    said = {"sub": uri, "iat": at, "exp": at + life, "ttl": life, "status_list": encode(packed)}
    return sign_jws(key, {"typ": TYP}, compact_json(said))


def open_list(text: str, keys: Mapping[str, PublicKey]) -> StatusList:
    """A signed list, verified. Raises ForgedError with its reason."""
    header, raw, signing_input, signature = open_jws(text)
    if header.get("typ") != TYP:
        raise ForgedError("type")
    key = keys.get(str(header.get("kid", "")))
    if key is None:
        raise ForgedError("issuer")
    key.check(signing_input, signature)
    said = read_json(raw)
    if not isinstance(said, dict) or not isinstance(said.get("sub"), str):
        raise ForgedError("status_list")
    if not all(isinstance(said.get(name), int) for name in ("iat", "exp")):
        raise ForgedError("status_list")
    bits, packed = decode(said.get("status_list"))
    return StatusList(said["sub"], bits, packed, said["iat"], said["exp"])
