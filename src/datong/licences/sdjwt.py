"""Selective disclosure for signed JSON, written from RFC 9901: conceal, present, and verify with every refusal it names.

What may be left out is wrapped in `Hidden`: as the value of an object's entry, or as an element of a list. The signed part then
holds salted hashes in their place, and each disclosure travels beside it, separated by "~".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from datong.licences.jose import (
    DEEPEST,
    ForgedError,
    PublicKey,
    SigningKey,
    b64,
    b64_bytes,
    b64_each,
    compact_json,
    open_jws,
    read_json,
    sign_jws,
    unb64,
)

_SALTS_AT_ONCE = 16
TYP, KB_TYP = "dc+sd-jwt", "kb+jwt"
OLD_TYP = "vc+sd-jwt"
"""What drafts before November 2024 called the same type; still met in the field."""
NEVER_HIDDEN = frozenset(("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"))
"""What SD-JWT VC demands to be shown always."""
_RESERVED = frozenset(("_sd", "...", "_sd_alg"))
_PLAIN = frozenset((str, int, float, bool, type(None)))


@dataclass(frozen=True)
class Hidden:
    """A value that its holder may leave out."""

    value: Any


class Disclosure(NamedTuple):
    """One value that may be shown: its encoded text, its name ("" for an element of a list) and its value."""

    text: str
    name: str
    value: Any
    element: bool = False

    @property
    def digest(self) -> str:
        """What stands for it in the signed part."""
        return digest_of(self.text)


@dataclass(frozen=True)
class Opened:
    """A verified text: what it says in plain, what was disclosed by name, its header, and the holder's proof if there was one."""

    claims: Mapping[str, Any]
    header: Mapping[str, Any]
    shown: tuple[Disclosure, ...]
    binding: Mapping[str, Any] | None = None


def digest_of(text: str) -> str:
    """SHA-256 of an ASCII text, in base64url."""
    return b64(sha256(text.encode("ascii")).digest())


def conceal(claims: Mapping[str, Any], salts: Callable[[], bytes] | None = None) -> tuple[dict[str, Any], list[Disclosure]]:
    """The claims with hashes in the place of everything `Hidden`, and the disclosures. `salts` gives 16 random bytes each."""
    made: list[Disclosure] = []
    packed = _pack(claims, _drawn().__next__ if salts is None else lambda: b64(salts()), made)
    if made:
        packed["_sd_alg"] = "sha-256"
    return packed, made


def _drawn() -> Iterator[str]:
    """Salts as text, of 18 random bytes each: many of them cost one call of the system."""
    while True:
        block = b64(os.urandom(18 * _SALTS_AT_ONCE))
        yield from (block[at : at + 24] for at in range(0, len(block), 24))


def _pack(value: Any, draw: Callable[[], str], made: list[Disclosure]) -> Any:
    if type(value) in _PLAIN:
        return value
    if type(value) is dict or isinstance(value, Mapping):
        plain: dict[str, Any] = {}
        digests = list[str]()
        waiting = list[tuple[str, str, Any]]()
        for name, item in value.items():
            if name in _RESERVED:
                raise ValueError(f"{name!r} is a word of the format itself")
            kind = type(item)
            if kind is Hidden:
                inner = item.value
                if type(inner) not in _PLAIN:
                    digests += _disclose_all(waiting, made)
                    waiting, inner = [], _pack(inner, draw, made)
                waiting.append((draw(), name, inner))
            else:
                plain[name] = item if kind in _PLAIN else _pack(item, draw, made)
        digests += _disclose_all(waiting, made)
        if digests:
            plain["_sd"] = sorted(digests)
        return plain
    if isinstance(value, list | tuple):
        return [
            {"...": _disclose(draw(), _pack(item.value, draw, made), made)} if isinstance(item, Hidden) else _pack(item, draw, made)
            for item in value
        ]
    return value


def _disclose(salt: str, value: Any, made: list[Disclosure]) -> str:
    """Write the disclosure of a list's element down; its digest."""
    coded = b64_bytes(f'["{salt}",{_said(value)}]'.encode())
    made.append(Disclosure(coded.decode(), "", value, True))
    return b64(sha256(coded).digest())


def _disclose_all(waiting: Sequence[tuple[str, str, Any]], made: list[Disclosure]) -> list[str]:
    """Write disclosures down, each a salt, a name and a value; their digests."""
    if not waiting:
        return []
    coded = b64_each([f'["{salt}",{encode_basestring(name)},{_said(value)}]'.encode() for salt, name, value in waiting])
    made += [Disclosure(one, name, value) for one, (_, name, value) in zip(coded, waiting, strict=True)]
    return b64_each([sha256(one.encode()).digest() for one in coded])


def _said(value: Any) -> str:
    return encode_basestring(value) if type(value) is str else compact_json(value)


def issue(key: SigningKey, claims: Mapping[str, Any], salts: Callable[[], bytes] | None = None, typ: str = TYP) -> str:
    """A signed text with all its disclosures."""
    packed, made = conceal(claims, salts)
    signed = sign_jws(key, {"typ": typ}, compact_json(packed))
    return "~".join((signed, *(one.text for one in made), ""))


def disclosures_of(text: str) -> tuple[str, tuple[Disclosure, ...]]:
    """The signed part and the disclosures beside it, as its holder keeps them (nothing is verified)."""
    signed, *rest = text.split("~")
    if not rest or rest[-1]:
        raise ForgedError("form")
    return signed, tuple(read_disclosure(one) for one in rest[:-1])


def read_disclosure(text: str) -> Disclosure:
    """One disclosure; ForgedError when it is not written as the standard has it."""
    parts = read_json(unb64(text))
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        raise ForgedError("disclosure")
    if len(parts) == 2:
        return Disclosure(text, "", parts[1], True)
    if not isinstance(parts[1], str) or parts[1] in _RESERVED:
        raise ForgedError("disclosure")
    return Disclosure(text, parts[1], parts[2])


@dataclass(frozen=True)
class Proof:
    """What a holder signs when she shows something: to whom, on whose challenge, when (seconds)."""

    audience: str
    nonce: str
    at: int


def present(text: str, show: Iterable[Disclosure], holder: SigningKey | None = None, proof: Proof | None = None) -> str:
    """The text with only these disclosures, and the holder's proof when she has a key."""
    signed = text.split("~", 1)[0]
    shown = "~".join((signed, *(one.text for one in show), ""))
    if holder is None or proof is None:
        return shown
    said = {"iat": proof.at, "aud": proof.audience, "nonce": proof.nonce, "sd_hash": digest_of(shown)}
    return shown + sign_jws(holder, {"typ": KB_TYP}, compact_json(said))


def named(disclosures: Iterable[Disclosure], names: Iterable[str]) -> list[Disclosure]:
    """Of an object's own disclosures, those of these names, with everything that stands inside them."""
    wanted, known = set(names), list(disclosures)
    chosen = [one for one in known if one.name in wanted]
    inside: set[str] = set()
    for one in chosen:
        _references(one.value, inside)
    while True:
        more = [one for one in known if one.digest in inside and one not in chosen]
        if not more:
            return [one for one in known if one in chosen]
        chosen += more
        for one in more:
            _references(one.value, inside)


def _references(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        found.update(one for one in value.get("_sd", ()) if isinstance(one, str))
        if isinstance(value.get("..."), str):
            found.add(value["..."])
        for item in value.values():
            _references(item, found)
    elif isinstance(value, list):
        for item in value:
            _references(item, found)


def open_sd_jwt(text: str, key_of: Callable[[Mapping[str, Any]], PublicKey], types: Iterable[str] = (TYP, OLD_TYP)) -> Opened:
    """Verify a text and say what it shows. `key_of` finds the issuer's key by the header. Raises ForgedError with its reason.

    The holder's proof, when there is one, is checked against the key that the issuer wrote in `cnf`; whom it was made for and on
    which challenge is the caller's to compare.
    """
    if not text.isascii():
        raise ForgedError("encoding")
    signed, *rest = text.split("~")
    if not rest:
        raise ForgedError("form")
    header, raw, signing_input, signature = open_jws(signed)
    if header.get("typ") not in tuple(types):
        raise ForgedError("type")
    key_of(header).check(signing_input, signature)
    payload = read_json(raw)
    if not isinstance(payload, dict) or payload.get("_sd_alg", "sha-256") != "sha-256":
        raise ForgedError("algorithm")
    shown = tuple(read_disclosure(one) for one in rest[:-1])
    claims = _Reveal(shown).of(payload)
    binding = _binding(claims, text, rest[-1]) if rest[-1] else None
    return Opened(claims, header, shown, binding)


class _Reveal:
    """Puts disclosures in the place of their hashes; each must be asked for exactly once."""

    def __init__(self, shown: Iterable[Disclosure]) -> None:
        self.by_digest: dict[str, Disclosure] = {}
        for one in shown:
            if one.digest in self.by_digest:
                raise ForgedError("duplicate_disclosure")
            self.by_digest[one.digest] = one
        self.met: set[str] = set()

    def of(self, payload: dict[str, Any]) -> dict[str, Any]:
        found = self._open(payload, 0)
        found.pop("_sd_alg", None)
        if self.by_digest.keys() - self.met:
            raise ForgedError("unknown_disclosure")
        return dict(found)

    def _meet(self, digest: Any) -> Disclosure | None:
        if not isinstance(digest, str):
            raise ForgedError("digest")
        if digest in self.met:
            raise ForgedError("duplicate_digest")
        self.met.add(digest)
        return self.by_digest.get(digest)

    def _open(self, value: Any, depth: int) -> Any:
        if depth > DEEPEST:
            raise ForgedError("depth")
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            return self._list(value, depth)
        return value

    def _object(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        if "..." in value or (depth and "_sd_alg" in value):
            raise ForgedError("reserved_name")
        found = {name: self._open(item, depth + 1) for name, item in value.items() if name != "_sd"}
        hashes = value.get("_sd", [])
        if not isinstance(hashes, list):
            raise ForgedError("digest")
        for digest in hashes:
            disclosure = self._meet(digest)
            if disclosure is None:
                continue
            if disclosure.element:
                raise ForgedError("disclosure")
            if disclosure.name in found or (not depth and disclosure.name in NEVER_HIDDEN):
                raise ForgedError("duplicate_claim" if disclosure.name in found else "reserved_name")
            found[disclosure.name] = self._open(disclosure.value, depth + 1)
        return found

    def _list(self, value: list[Any], depth: int) -> list[Any]:
        found = []
        for item in value:
            if not (isinstance(item, dict) and "..." in item):
                found.append(self._open(item, depth + 1))
                continue
            if len(item) != 1:
                raise ForgedError("reserved_name")
            disclosure = self._meet(item["..."])
            if disclosure is not None:
                if not disclosure.element:
                    raise ForgedError("disclosure")
                found.append(self._open(disclosure.value, depth + 1))
        return found


def _binding(claims: Mapping[str, Any], text: str, proof: str) -> Mapping[str, Any]:
    """The holder's proof, checked by the key in `cnf` and bound to just these disclosures."""
    header, raw, signing_input, signature = open_jws(proof)
    confirmed = claims.get("cnf")
    if header.get("typ") != KB_TYP or not isinstance(confirmed, dict):
        raise ForgedError("binding")
    PublicKey.from_jwk(confirmed.get("jwk")).check(signing_input, signature)
    said = read_json(raw)
    whole = isinstance(said, dict) and all(isinstance(said.get(name), str) for name in ("aud", "nonce", "sd_hash"))
    if not whole or not isinstance(said.get("iat"), int) or isinstance(said["iat"], bool):
        raise ForgedError("binding")
    if said["sd_hash"] != digest_of(text[: len(text) - len(proof)]):
        raise ForgedError("binding")
    return dict(said)
