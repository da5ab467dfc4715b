"""A second signature on checkpoints by the national algorithms: SM2 with SM3 (GB/T 32918, GB/T 32905).

The tree stays SHA-256, so that every outside tool verifies it; this line stands beside the log's own, as a signature of the unassigned
type 0xff with a name of its own, and whoever does not know it passes it over. It is there only in a city that made the key.
The arithmetic is a provider's: OpenSSL 3 of the system, or whatever certified module a city must use instead.
"""

from __future__ import annotations

import base64
import ctypes
import ctypes.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from datong.domain.errors import BadSettings, BadValue
from datong.ledger.note import SECRET_PREFIX, check_name, key_id_of, key_text, read_key, signature_line

KIND = b"\xffdatong.example/sm2-sm3"
"""The type byte without an assignment, and the longer name that the specification asks for after it."""
IDENTITY = b"1234567812345678"
"""The signer's identity that GM/T 0009 sets where none is agreed on."""
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_PRIVATE_HEAD = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420")
_PUBLIC_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_HALF = 32


class Sm2Provider(Protocol):
    """What signs and verifies. Private keys are 32 bytes, public keys 65 (0x04, x, y), signatures 64 (r, s)."""

    def public_of(self, private: bytes) -> bytes:
        """The public key of a private one."""

    def sign(self, private: bytes, message: bytes) -> bytes:
        """A signature over a message, with SM3 and the common identity."""

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature is over the message."""


@dataclass(frozen=True)
class Sm2Key:
    """A public key under its name; verifies signature lines like every other kind of key."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return key_id_of(self.name, KIND + self.public)

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether this is the key's signature over the text."""
        return len(signature) == 2 * _HALF and provider().verify(self.public, text.encode(), signature)

    def __str__(self) -> str:
        """The key as one line of text."""
        return key_text(self.name, KIND + self.public)

    @classmethod
    def parse(cls, text: str) -> Sm2Key:
        """Read such a line; BadValue says what is wrong with it."""
        name, data = read_key("key", text.strip())
        key = cls(name, data.removeprefix(KIND))
        if not data.startswith(KIND) or len(key.public) != 1 + 2 * _HALF or str(key) != text.strip():
            raise BadValue("key", "is no SM2 key of a log", "copy the whole line again")
        return key


@dataclass(frozen=True)
class Sm2Signer:
    """A private key under its name."""

    name: str
    private: bytes = field(repr=False)

    @property
    def verifier(self) -> Sm2Key:
        """The public half."""
        return Sm2Key(self.name, provider().public_of(self.private))

    def sign(self, text: str) -> bytes:
        """The bare signature over a text, 64 bytes."""
        return provider().sign(self.private, text.encode())

    def line(self, text: str) -> str:
        """The signature line over a note's text."""
        return signature_line(self.name, self.verifier.key_id, self.sign(text))

    def secret(self) -> str:
        """The key as one line of text: for its file, and for nothing else."""
        return f"{SECRET_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{base64.b64encode(KIND + self.private).decode()}"

    @classmethod
    def parse(cls, text: str) -> Sm2Signer:
        """Read a private key; the key itself never gets into an error text."""
        name, data = read_key("SM2 key", text.strip().removeprefix(SECRET_PREFIX))
        signer = cls(check_name(name), data.removeprefix(KIND))
        if not data.startswith(KIND) or len(signer.private) != _HALF or signer.secret() != text.strip():
            raise BadValue("SM2 key", "is no private SM2 key", "restore it from the copy kept in safety")
        return signer


def new_signer(name: str) -> Sm2Signer:
    """A new key under a name."""
    while True:
        private = os.urandom(_HALF)
        if 0 < int.from_bytes(private, "big") < ORDER - 1:
            return Sm2Signer(check_name(name), private)


@lru_cache(maxsize=1)
def provider() -> Sm2Provider:
    """The provider in use: the system's OpenSSL 3. BadSettings where that has no SM2."""
    return _OpenSsl()


class _OpenSsl:
    """SM2 by the system's libcrypto."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("crypto")
        if name is None:
            raise BadSettings("SM2: the system has no OpenSSL; install its package, or remove keys/ledger-sm2.key from the home")
        self._lib = ctypes.CDLL(name)
        if not hasattr(self._lib, "EVP_PKEY_CTX_set1_id"):
            raise BadSettings("SM2: the system's OpenSSL is older than 3.0; install a newer one")
        for function in ("d2i_AutoPrivateKey", "d2i_PUBKEY", "EVP_MD_CTX_new", "EVP_PKEY_CTX_new", "EVP_sm3"):
            getattr(self._lib, function).restype = ctypes.c_void_p

    def public_of(self, private: bytes) -> bytes:
        """The public key of a private one."""
        with self._private(private) as key:
            size = self._lib.i2d_PUBKEY(key, None)
            if size != len(_PUBLIC_HEAD) + 1 + 2 * _HALF:
                raise BadSettings("SM2: the system's OpenSSL does not know this curve")
            room = ctypes.create_string_buffer(size)
            self._lib.i2d_PUBKEY(key, ctypes.byref(ctypes.cast(room, ctypes.c_void_p)))
        return room.raw[len(_PUBLIC_HEAD) :]

    def sign(self, private: bytes, message: bytes) -> bytes:
        """A signature over a message."""
        with self._private(private) as key, self._context(key) as context:
            if self._lib.EVP_DigestSignInit(context, None, ctypes.c_void_p(self._lib.EVP_sm3()), None, key) != 1:
                raise BadSettings("SM2: the system's OpenSSL cannot sign with it")
            room, size = ctypes.create_string_buffer(80), ctypes.c_size_t(80)
            if self._lib.EVP_DigestSign(context, room, ctypes.byref(size), message, ctypes.c_size_t(len(message))) != 1:
                raise BadSettings("SM2: the system's OpenSSL cannot sign with it")
        return _halves(room.raw[: size.value])

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature is over the message."""
        der = _der(signature)
        with self._key("d2i_PUBKEY", _PUBLIC_HEAD + public) as key:
            if not key.value:
                return False
            with self._context(key) as context:
                begun = self._lib.EVP_DigestVerifyInit(context, None, ctypes.c_void_p(self._lib.EVP_sm3()), None, key) == 1
                told = self._lib.EVP_DigestVerify(context, der, ctypes.c_size_t(len(der)), message, ctypes.c_size_t(len(message)))
        return bool(begun and told == 1)

    @contextmanager
    def _private(self, private: bytes) -> Iterator[Any]:
        with self._key("d2i_AutoPrivateKey", _PRIVATE_HEAD + private) as key:
            if not key.value:
                raise BadSettings("SM2: the system's OpenSSL does not take this key")
            yield key

    @contextmanager
    def _key(self, read: str, der: bytes) -> Iterator[Any]:
        """A key of OpenSSL's from its DER, freed in the end."""
        at = ctypes.c_char_p(der)
        key = ctypes.c_void_p(getattr(self._lib, read)(None, ctypes.byref(at), ctypes.c_long(len(der))))
        try:
            yield key
        finally:
            self._lib.EVP_PKEY_free(key)

    @contextmanager
    def _context(self, key: Any) -> Iterator[Any]:
        """A context that digests with the common identity, freed in the end."""
        context = ctypes.c_void_p(self._lib.EVP_MD_CTX_new())
        inner = ctypes.c_void_p(self._lib.EVP_PKEY_CTX_new(key, None))
        try:
            if self._lib.EVP_PKEY_CTX_set1_id(inner, IDENTITY, len(IDENTITY)) != 1:
                raise BadSettings("SM2: the system's OpenSSL does not take an identity")
            self._lib.EVP_MD_CTX_set_pkey_ctx(context, inner)
            yield context
        finally:
            self._lib.EVP_MD_CTX_free(context)
            self._lib.EVP_PKEY_CTX_free(inner)


def _der(signature: bytes) -> bytes:
    """r and s as OpenSSL wants them."""
    body = b"".join(_integer(signature[at : at + _HALF]) for at in (0, _HALF))
    return b"\x30" + bytes([len(body)]) + body


def _integer(half: bytes) -> bytes:
    short = half.lstrip(b"\x00") or b"\x00"
    whole = b"\x00" + short if short[0] & 0x80 else short
    return b"\x02" + bytes([len(whole)]) + whole


def _halves(der: bytes) -> bytes:
    """r and s, 32 bytes each, from OpenSSL's form."""
    first = 4 + der[3]
    r, s = der[4:first], der[first + 2 :]
    return b"".join(int.from_bytes(one, "big").to_bytes(_HALF, "big") for one in (r, s))
