"""HTTP message signatures (RFC 9421) with digests of content (RFC 9530): the base that is signed, signing it, checking it.

A small profile: the parts of a request and whole header fields, signed with Ed25519, ECDSA P-256 or HMAC-SHA-256. What the
profile does not know (parameters on components, other algorithms) is refused, never passed over.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from datong.domain.errors import BadValue

_HALF = 32
_INPUT = re.compile(
    r'([a-z*][a-z0-9_.*-]*)=\(((?:"[ -!#-\[\]-~]*"(?: "[ -!#-\[\]-~]*")*)?)\)((?:;[a-z]+=(?:-?\d{1,15}|"(?:[ -!#-\[\]-~]|\\["\\])*"))*)'
)
_PARAMETER = re.compile(r';([a-z]+)=(?:(-?\d{1,15})|"((?:[ -!#-\[\]-~]|\\["\\])*)")')
_DIGEST = re.compile(r"(sha-256|sha-512)=:([A-Za-z0-9+/=]*):")
_HASHES = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
Key = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | bytes
"""What checks a signature: a public key, or a shared secret."""


@dataclass(frozen=True)
class Message:
    """A request (or, with `status`, a response) as far as signatures see it. Names of headers are in lower case."""

    method: str = ""
    scheme: str = "https"
    authority: str = ""
    path: str = ""
    query: str = ""
    """With its question mark; empty when there is none."""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Signed:
    """One signature of a message: its label, what it covers, its parameters, and the value itself."""

    label: str
    covered: tuple[str, ...]
    parameters: Mapping[str, str | int]
    raw: str
    """The covered components and parameters just as they were sent: they are the last line of what is signed."""
    value: bytes

    @property
    def created(self) -> int:
        """When it was made, in seconds since 1970; 0 when it does not say."""
        found = self.parameters.get("created", 0)
        return found if isinstance(found, int) else 0

    def text(self, name: str) -> str:
        """A parameter that is a text; empty when there is none."""
        found = self.parameters.get(name, "")
        return found if isinstance(found, str) else ""


def signature_base(message: Message, covered: Sequence[str], raw: str) -> bytes:
    """What is signed: a line for each covered component, and the parameters. Raises BadValue for a component that is not there."""
    if len(set(covered)) != len(covered):
        raise BadValue("Signature-Input", "names a component twice")
    lines = [f'"{name}": {_component(message, name)}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {raw}']).encode("ascii", "strict")


def _component(message: Message, name: str) -> str:
    query = message.query or "?"
    parts = {
        "@method": message.method,
        "@target-uri": f"{message.scheme}://{message.authority.lower()}{message.path or '/'}{message.query}",
        "@authority": message.authority.lower(),
        "@scheme": message.scheme,
        "@request-target": f"{message.path or '/'}{message.query}",
        "@path": message.path or "/",
        "@query": query,
        "@status": str(message.status),
    }
    if (name == "@status") == bool(message.status) or not name.startswith("@"):
        found = parts.get(name) if name.startswith("@") else message.headers.get(name)
        if found is not None and found.isascii():
            return " ".join(found.split("\n")).strip()
    raise BadValue(
        "Signature-Input", "covers a component that the message does not have, or that is not understood here", f"leave out {name[:40]!r}"
    )


def read_signatures(headers: Mapping[str, str]) -> tuple[Signed, ...]:
    """The signatures a message carries. Raises BadValue when the two headers cannot be read or do not belong together."""
    given, values = headers.get("signature-input", ""), headers.get("signature", "")
    found: list[Signed] = []
    for part in _members(given):
        matched = _INPUT.fullmatch(part)
        if matched is None:
            raise BadValue(
                "Signature-Input", "is not a signature as this service reads them", "see RFC 9421 4.1; components without parameters"
            )
        label, covered, parameters = matched.groups()
        named: dict[str, str | int] = {}
        for name, number, text in _PARAMETER.findall(parameters):
            named[name] = int(number) if number else re.sub(r"\\(.)", r"\1", text)
        value = re.search(rf"(?:^|,)\s*{re.escape(label)}=:([A-Za-z0-9+/]+={{0,2}}):\s*(?:,|$)", values)
        if value is None:
            raise BadValue("Signature", "has no value for a signature that Signature-Input names")
        raw = part[len(label) + 1 :]
        found.append(Signed(label, tuple(re.findall(r'"([^"]*)"', covered)), named, raw, _bytes(value[1])))
    return tuple(found)


def _members(text: str) -> list[str]:
    """The members of a dictionary, parted at commas outside of quotes."""
    parts = re.findall(r'(?:"(?:\\.|[^"\\])*"|[^,"])+', text)
    return [part.strip() for part in parts if part.strip()]


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise BadValue("Signature", "is not Base64") from None


def sign(
    message: Message,
    covered: Sequence[str],
    parameters: Mapping[str, str | int],
    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | bytes,
    *,
    label: str = "datong",
) -> dict[str, str]:
    """The two headers that sign a message."""
    shown = "".join(f";{name}={value}" if isinstance(value, int) else f';{name}="{_quoted(value)}"' for name, value in parameters.items())
    raw = f"({' '.join(f'{chr(34)}{name}{chr(34)}' for name in covered)}){shown}"
    value = b64encode(_made(signature_base(message, covered, raw), key)).decode()
    return {"Signature-Input": f"{label}={raw}", "Signature": f"{label}=:{value}:"}


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _made(base: bytes, key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | bytes) -> bytes:
    if isinstance(key, bytes):
        return hmac.digest(key, base, "sha256")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(base)
    one, two = decode_dss_signature(key.sign(base, ec.ECDSA(hashes.SHA256())))
    return one.to_bytes(_HALF, "big") + two.to_bytes(_HALF, "big")


def fits(message: Message, signed: Signed, key: Key) -> bool:
    """Whether a signature is that key's over this message. The key decides the algorithm; `alg` must not say another."""
    said = signed.text("alg")
    if said and said != algorithm_of(key):
        return False
    base = signature_base(message, signed.covered, signed.raw)
    try:
        if isinstance(key, bytes):
            return hmac.compare_digest(hmac.digest(key, base, "sha256"), signed.value)
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signed.value, base)
            return True
        if len(signed.value) != 2 * _HALF:
            return False
        halves = (int.from_bytes(signed.value[:_HALF], "big"), int.from_bytes(signed.value[_HALF:], "big"))
        key.verify(encode_dss_signature(*halves), base, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def algorithm_of(key: Key) -> str:
    """What RFC 9421 calls the algorithm of a key."""
    if isinstance(key, bytes):
        return "hmac-sha256"
    return "ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else "ecdsa-p256-sha256"


def read_public_key(pem: str) -> ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey:
    """A public key in PEM. Raises BadValue for any but Ed25519 and ECDSA on P-256."""
    try:
        found = load_pem_public_key(pem.encode("ascii", "replace"))
    except (ValueError, UnsupportedAlgorithm):
        raise BadValue("public_key", "is no public key in PEM", "send what `openssl pkey -pubout` writes") from None
    if isinstance(found, ed25519.Ed25519PublicKey):
        return found
    if isinstance(found, ec.EllipticCurvePublicKey) and isinstance(found.curve, ec.SECP256R1):
        return found
    raise BadValue("public_key", "is of a kind that is not taken", "make an Ed25519 key, or one on the curve P-256")


def content_digest(body: bytes) -> str:
    """The Content-Digest header of a body."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def digest_fits(header: str, body: bytes) -> bool:
    """Whether a Content-Digest header holds for a body: at least one digest that is understood, and all of those."""
    found = _DIGEST.findall(header)
    return bool(found) and all(b64encode(_HASHES[name](body).digest()).decode() == value for name, value in found)
