"""Cosignatures (c2sp.org/tlog-cosignature): a witness's word "I have seen the log grow to just this, and no other way". Pure.

Two kinds, each with a time: Ed25519 (type 0x04) and ML-DSA-44 (type 0x06), which a quantum computer would not break.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from datong.domain.errors import BadValue, BrokenLedger
from datong.ledger.checkpoint import parse_checkpoint
from datong.ledger.note import KEY_SIZE, SECRET_PREFIX, Signature, check_name, key_id_of, key_text, read_key, signature_line

ED25519 = b"\x04"
ML_DSA_44 = b"\x06"
KINDS = {"ed25519": ED25519, "ml-dsa-44": ML_DSA_44}
"""The kinds of a witness's key as a person names them."""
_PUBLIC_SIZES = {ED25519: 32, ML_DSA_44: 1312}
_SIGNATURE_SIZES = {ED25519: 64, ML_DSA_44: 2420}
_TIME_SIZE = 8
_LATEST = 2**63 - 1


@dataclass(frozen=True)
class WitnessKey:
    """A witness's public key under its name."""

    name: str
    public: bytes
    kind: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return key_id_of(self.name, self.kind + self.public)

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether this is the witness's cosignature over a checkpoint's text."""
        seconds = time_of(signature)
        if len(signature) != _TIME_SIZE + _SIGNATURE_SIZES[self.kind] or seconds > _LATEST:
            return False
        try:
            message = _message(self.kind, self.name, seconds, text)
            if self.kind == ED25519:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[_TIME_SIZE:], message)
            else:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature[_TIME_SIZE:], message)
        except (InvalidSignature, BrokenLedger):
            return False
        return True

    def __str__(self) -> str:
        """The key as one line of text (vkey)."""
        return key_text(self.name, self.kind + self.public)

    @classmethod
    def parse(cls, text: str) -> WitnessKey:
        """Read a witness's vkey; BadValue says what is wrong with it."""
        name, data = read_key("key", text.strip())
        kind = data[:1]
        if len(data) != 1 + _PUBLIC_SIZES.get(kind, -1):
            raise BadValue("key", "is no witness's key", "it reads name+id+key, and is of the kind Ed25519 cosignature or ML-DSA-44")
        key = cls(name, data[1:], kind)
        if str(key) != text.strip():
            raise BadValue("key", "its id does not belong to it", "copy the whole line again")
        return key


@dataclass(frozen=True)
class Cosigner:
    """A witness's private key under its name; the seed is 32 bytes for either kind."""

    name: str
    seed: bytes = field(repr=False)
    kind: bytes = ED25519

    @property
    def key(self) -> WitnessKey:
        """The public half."""
        if self.kind == ED25519:
            return WitnessKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())
        return WitnessKey(self.name, MLDSA44PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw(), self.kind)

    def cosign(self, text: str, seconds: int) -> str:
        """The signature line over a checkpoint's text, as of `seconds` since 1970."""
        message = _message(self.kind, self.name, seconds, text)
        if self.kind == ED25519:
            signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)
        else:
            signature = MLDSA44PrivateKey.from_seed_bytes(self.seed).sign(message)
        return signature_line(self.name, self.key.key_id, seconds.to_bytes(_TIME_SIZE, "big") + signature)

    def secret(self) -> str:
        """The key as one line of text: for its file, and for nothing else."""
        return f"{SECRET_PREFIX}{self.name}+{self.key.key_id.hex()}+{base64.b64encode(self.kind + self.seed).decode()}"

    @classmethod
    def parse(cls, text: str) -> Cosigner:
        """Read a witness's private key; the key itself never gets into an error text."""
        words = text.strip()
        if not words.startswith(SECRET_PREFIX):
            raise BadValue("witness key", "is no witness's private key", f"it begins with {SECRET_PREFIX}")
        name, data = read_key("witness key", words.removeprefix(SECRET_PREFIX))
        if data[:1] not in _PUBLIC_SIZES or len(data) != 1 + KEY_SIZE:
            raise BadValue("witness key", "is no witness's private key", "restore it from the copy kept in safety")
        cosigner = cls(check_name(name), data[1:], data[:1])
        if cosigner.secret() != words:
            raise BadValue("witness key", "its id does not belong to it", "restore it from the copy kept in safety")
        return cosigner


def time_of(signature: Signature | bytes) -> int:
    """When a cosignature was made, in seconds since 1970."""
    data = signature.signature if isinstance(signature, Signature) else signature
    return int.from_bytes(data[:_TIME_SIZE], "big")


def _message(kind: bytes, name: str, seconds: int, text: str) -> bytes:
    """The bytes a cosignature of this kind is made over."""
    if kind == ED25519:
        return f"cosignature/v1\ntime {seconds}\n{text}".encode()
    head = parse_checkpoint(text)
    return b"".join(
        (
            b"subtree/v1\n\x00",
            _short(name),
            seconds.to_bytes(8, "big"),
            _short(head.origin),
            (0).to_bytes(8, "big"),
            head.size.to_bytes(8, "big"),
            head.root,
        )
    )


def _short(text: str) -> bytes:
    """A text with its length in one byte before it."""
    data = text.encode()
    if not 0 < len(data) < 256:
        raise BrokenLedger("A name or origin in a cosignature has 1 to 255 bytes.")
    return len(data).to_bytes(1, "big") + data
