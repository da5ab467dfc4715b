"""Signed JSON as RFC 7515 writes it, with ES256 alone: one way to write each byte, so that no byte can be changed unseen."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from datong.domain.json_text import compact

_CURVE = SECP256R1()
_ES256 = ECDSA(hashes.SHA256())
_SIZE = 32
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_FILL = (b"", b"\0\0", b"\0")
_BEFORE_POINT = bytes.fromhex("a14403420004")
"""What stands in the PKCS#8 bytes of a key of P-256 before the coordinates of its point, with which they end."""
DEEPEST = 24
"""Levels of lists and objects in one another that are still read."""


class ForgedError(Exception):
    """A signed text is not what its issuer wrote, or not what this standard allows; `why` is one stable word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def b64(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=").decode()


def b64_bytes(raw: bytes) -> bytes:
    """The same as bytes, for what is hashed next."""
    return b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=")


def b64_each(parts: Sequence[bytes]) -> list[str]:
    """The same of many: filled up to groups of three bytes, encoded together, and cut again where each one's own text ends."""
    filled = b"".join([part + _FILL[len(part) % 3] for part in parts])
    whole = b2a_base64(filled, newline=False).translate(_URL_SAFE).decode()
    found, at = [], 0
    for part in parts:
        size = len(part)
        found.append(whole[at : at + (4 * size + 2) // 3])
        at += (size + 2) // 3 * 4
    return found


def unb64(text: str) -> bytes:
    """The bytes of base64url text written in its one canonical form; ForgedError for any other."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, TypeError):
        raise ForgedError("encoding") from None
    if b64(raw) != text:
        raise ForgedError("encoding")
    return raw


def compact_json(value: Any) -> str:
    """A value as JSON without blanks; Chinese stays Chinese."""
    return compact(value)


def read_json(raw: bytes) -> Any:
    """JSON in UTF-8 in which no key stands twice and no number is endless."""
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ForgedError("encoding") from None
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ForgedError("duplicate_key")
    return found


def _no_constant(_: str) -> None:
    raise ForgedError("encoding")


@dataclass(frozen=True)
class PublicKey:
    """A key that signatures are checked with: the point of P-256 as 65 bytes."""

    point: bytes

    @cached_property
    def _key(self) -> EllipticCurvePublicKey:
        return EllipticCurvePublicKey.from_encoded_point(_CURVE, self.point)

    def jwk(self) -> dict[str, str]:
        """As a JSON Web Key."""
        return {"kty": "EC", "crv": "P-256", "x": b64(self.point[1 : 1 + _SIZE]), "y": b64(self.point[1 + _SIZE :])}

    @classmethod
    def from_jwk(cls, jwk: Any) -> PublicKey:
        """The key of a JSON Web Key; ForgedError when it is none of P-256, or no point of the curve."""
        if not isinstance(jwk, Mapping) or jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
            raise ForgedError("key")
        x, y = jwk.get("x"), jwk.get("y")
        if not isinstance(x, str) or not isinstance(y, str) or len(unb64(x)) != _SIZE or len(unb64(y)) != _SIZE:
            raise ForgedError("key")
        made = cls(b"\x04" + unb64(x) + unb64(y))
        try:
            _ = made._key
        except ValueError:
            raise ForgedError("key") from None
        return made

    def thumbprint(self) -> str:
        """The key's own name after RFC 7638."""
        jwk = self.jwk()
        return b64(sha256(f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'.encode()).digest())

    def check(self, signed: bytes, signature: bytes) -> None:
        """Raises ForgedError when the signature (64 bytes) is not this key's over these bytes."""
        if len(signature) != 2 * _SIZE:
            raise ForgedError("signature")
        r, s = int.from_bytes(signature[:_SIZE]), int.from_bytes(signature[_SIZE:])
        try:
            self._key.verify(encode_dss_signature(r, s), signed, _ES256)
        except (InvalidSignature, ValueError):
            raise ForgedError("signature") from None


@dataclass(frozen=True)
class SigningKey:
    """A private key of P-256 and the name it signs under."""

    key: EllipticCurvePrivateKey
    kid: str = ""

    @classmethod
    def new(cls, kid: str = "") -> SigningKey:
        """A new key."""
        return cls(generate_private_key(_CURVE), kid)

    @classmethod
    def from_der(cls, raw: bytes, kid: str = "") -> SigningKey:
        """The key of its PKCS#8 bytes; ForgedError when they are none of P-256."""
        try:
            found = load_der_private_key(raw, None)
        except ValueError:
            raise ForgedError("key") from None
        if not isinstance(found, EllipticCurvePrivateKey) or not isinstance(found.curve, SECP256R1):
            raise ForgedError("key")
        return cls(found, kid)

    def der(self) -> bytes:
        """The key's PKCS#8 bytes."""
        return self._der

    @cached_property
    def _der(self) -> bytes:
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    @cached_property
    def public(self) -> PublicKey:
        """Its public half: as its own bytes end, where they are written in the usual way, which spares asking for it again."""
        if self._der[-70:-64] == _BEFORE_POINT:
            return PublicKey(self._der[-65:])
        return PublicKey(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def sign(self, signed: bytes) -> bytes:
        """A signature of 64 bytes."""
        r, s = decode_dss_signature(self.key.sign(signed, _ES256))
        return r.to_bytes(_SIZE) + s.to_bytes(_SIZE)


def sign_jws(key: SigningKey, header: Mapping[str, Any], payload: str | bytes) -> str:
    """A compact JWS over a payload, with `alg` and the key's name in its header."""
    raw = payload.encode() if isinstance(payload, str) else payload
    usual = len(header) == 1 and "typ" in header
    signed = f"{_usual_header(header['typ'], key.kid) if usual else _header(header, key.kid)}.{b64(raw)}"
    return f"{signed}.{b64(key.sign(signed.encode()))}"


def _header(header: Mapping[str, Any], kid: str) -> str:
    return b64(compact_json({"alg": "ES256", **header} | ({"kid": kid} if kid else {})).encode())


@lru_cache(maxsize=1024)
def _usual_header(typ: str, kid: str) -> str:
    """A header with its type alone: a department's is the same on each of its licences."""
    return _header({"typ": typ}, kid)


def open_jws(text: str) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    """Header, payload, what was signed, and the signature; not yet checked."""
    parts = text.split(".")
    if len(parts) != 3:
        raise ForgedError("form")
    header = read_json(unb64(parts[0]))
    if not isinstance(header, dict) or header.get("alg") != "ES256" or "crit" in header:
        raise ForgedError("algorithm")
    return header, unb64(parts[1]), f"{parts[0]}.{parts[1]}".encode(), unb64(parts[2])
