"""Signed notes (c2sp.org/signed-note 1.0) with Ed25519: text, a blank line, signature lines. Pure.

Keys are written as Go's `golang.org/x/mod/sumdb/note` writes them, so that its tools take ours.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from datong.domain.errors import BadValue, BrokenLedger

ED25519 = b"\x01"
KEY_SIZE = 32
MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100
SECRET_PREFIX = "PRIVATE+KEY+"  # noqa: S105


class NoteKey(Protocol):
    """What can verify one kind of signature line: the log's own, a witness's, one of a national standard."""

    @property
    def name(self) -> str:
        """Whose key it is."""

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the signature (the line's bytes after the key id) is over this text."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key under its name: what a verifier must know of a log."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return key_id_of(self.name, ED25519 + self.public)

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether this is the key's Ed25519 signature over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        """The key as one line of text (vkey)."""
        return key_text(self.name, ED25519 + self.public)

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a vkey; BadValue says what is wrong with it."""
        key = cls(*_read_ed25519("key", text.strip()))
        if str(key) != text.strip():
            raise BadValue("key", "its id does not belong to it", "copy the whole line again")
        return key


class Beside(Protocol):
    """A signer of another kind, whose line stands beside the log's own."""

    def line(self, text: str) -> str:
        """The signature line over a note's text."""


@dataclass(frozen=True)
class Signer:
    """A private key under its name: what only the log's keeper holds. Those `beside` sign what it signs."""

    name: str
    seed: bytes = field(repr=False)
    beside: tuple[Beside, ...] = field(default=(), repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._key().public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """The Ed25519 signature over a text."""
        return self._key().sign(text)

    def secret(self) -> str:
        """The key as one line of text (skey): for its file, and for nothing else."""
        return f"{SECRET_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{base64.b64encode(ED25519 + self.seed).decode()}"

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Read an skey; the key itself never gets into an error text."""
        words = text.strip()
        if not words.startswith(SECRET_PREFIX):
            raise BadValue("ledger key", "is no private key of a signed note", f"it begins with {SECRET_PREFIX}")
        signer = cls(*_read_ed25519("ledger key", words.removeprefix(SECRET_PREFIX)))
        if signer.secret() != words:
            raise BadValue("ledger key", "its id does not belong to it", "restore it from the copy kept in safety")
        return signer

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes


def check_name(name: str) -> str:
    """The name of a key, when it may be one; BadValue otherwise."""
    if not name or "+" in name or any(char.isspace() or ord(char) < 32 for char in name):
        raise BadValue("origin", "cannot name a log's key", "write it like city.example/ledger, without blanks and +")
    return name


def sign_note(text: str, *signers: Signer) -> str:
    """The text with a signature line by each signer."""
    if not text.endswith("\n") or _has_controls(text):
        raise ValueError("a note's text ends with a newline and holds no other control characters")
    lines = []
    for signer in signers:
        lines.append(signature_line(signer.name, signer.verifier.key_id, signer.sign(text.encode())))
        lines.extend(other.line(text) for other in signer.beside)
    return text + "\n" + "".join(lines)


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """A signature as it stands under a note."""
    return f"— {name} {base64.b64encode(key_id + signature).decode()}\n"


def key_id_of(name: str, key: bytes) -> bytes:
    """The four bytes that name a key; `key` is its type (a byte, or 0xff and a longer name) and the public key."""
    return sha256(name.encode() + b"\n" + key).digest()[:4]


def key_text(name: str, key: bytes) -> str:
    """A public key as one line of text (vkey); `key` as in `key_id_of`."""
    return f"{name}+{key_id_of(name, key).hex()}+{base64.b64encode(key).decode()}"


def split_note(note: str) -> tuple[str, list[Signature]]:
    """A note's text and its signatures, none of them checked yet; BrokenLedger when it is no note."""
    if len(note) > MOST_BYTES or _has_controls(note) or not note.endswith("\n"):
        raise BrokenLedger("This is no signed note: it is too long, is cut off, or holds control characters.")
    text, blank, tail = note.rpartition("\n\n")
    lines = tail.removesuffix("\n").split("\n")
    if not blank or not tail or len(lines) > MOST_SIGNATURES:
        raise BrokenLedger("This is no signed note: a text, a blank line and signature lines are wanted.")
    return text + "\n", [_read_signature(line) for line in lines]


def open_note(note: str, keys: Sequence[NoteKey]) -> str:
    """The text of a note that at least one known key has signed, and none wrongly; BrokenLedger otherwise.

    Signatures of unknown keys are passed over, as the specification demands: witnesses and new keys may sign beside.
    """
    text, signers = signers_of(note, keys)
    if not signers:
        raise BrokenLedger("None of the expected keys has signed this note.")
    return text


def signers_of(note: str, keys: Sequence[NoteKey]) -> tuple[str, list[tuple[NoteKey, Signature]]]:
    """A note's text, and which of these keys have signed it; BrokenLedger when one of them has signed something else."""
    text, signatures = split_note(note)
    known = {(key.name, key.key_id): key for key in keys}
    good = []
    for one in signatures:
        key = known.get((one.name, one.key_id))
        if key is None:
            continue
        if not key.verify(text, one.signature):
            raise BrokenLedger(f"The signature of {one.name} does not belong to this text.")
        good.append((key, one))
    return text, good


def decode_base64(text: str) -> bytes | None:
    """Standard base64 in its one right spelling; nothing for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _read_signature(line: str) -> Signature:
    words = line.split(" ")
    blob = decode_base64(words[2]) if len(words) == 3 and words[0] == "—" else None
    if blob is None or len(blob) < 5 or not words[1] or "+" in words[1]:
        raise BrokenLedger("A signature line of the note is malformed.")
    return Signature(words[1], blob[:4], blob[4:])


def read_key(field_name: str, text: str) -> tuple[str, bytes]:
    """The name, and type and key together, of a key written as name+id+key; its id is not held against it. BadValue otherwise."""
    words = text.split("+", 2)
    data = decode_base64(words[2]) if len(words) == 3 else None
    if not data:
        raise BadValue(field_name, "is no key of a signed note", "it reads name+id+key")
    return check_name(words[0]), data


def _read_ed25519(field_name: str, text: str) -> tuple[str, bytes]:
    name, data = read_key(field_name, text)
    if len(data) != 1 + KEY_SIZE or data[:1] != ED25519:
        raise BadValue(field_name, "is no Ed25519 key of a signed note", "it reads name+id+key")
    return name, data[1:]


def _has_controls(text: str) -> bool:
    return any(ord(char) < 32 and char != "\n" for char in text)
