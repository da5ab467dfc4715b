"""HTTP message signatures: the public vectors of RFC 9421, and that nothing altered, old or sent twice is taken."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.share.doors import (
    SignedMessage,
    check_signature,
    content_digest,
    fits,
    read_public_key,
    read_signatures,
    sign,
)

ED25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n"
P256 = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
"""
SECRET = b64decode("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==")
BODY = b'{"hello": "world"}'
FIELDS = {
    "host": "example.com",
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest": "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "content-length": "18",
}
REQUEST = SignedMessage("POST", "https", "example.com", "/foo", "?param=Value&Pet=dog", headers=FIELDS)
RESPONSE = SignedMessage(
    status=200,
    headers={
        "content-type": "application/json",
        "content-digest": "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:",
        "content-length": "23",
    },
)
VECTORS: dict[str, tuple[SignedMessage, str, str, Any]] = {
    "B.2.4": (
        RESPONSE,
        'sig-b24=("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
        "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:",
        read_public_key(P256),
    ),
    "B.2.5": (
        REQUEST,
        'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
        "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
        SECRET,
    ),
    "B.2.6": (
        REQUEST,
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
        read_public_key(ED25519),
    ),
}
NOW = 1_790_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HOLDER = Actor("key_abc", "登记系统", "system", "market_regulation")


def signed(body: bytes = BODY, *, leave: str = "", extra: dict[str, str] | None = None, **parameters: Any) -> SignedMessage:
    """A request as a careful system sends it; `leave` is what its signature does not cover."""
    headers = {"host": "city.example", "content-type": "application/json", "content-digest": content_digest(body), **(extra or {})}
    message = SignedMessage("POST", "https", "city.example", "/api/v1/look-up", "?a=1", headers=headers)
    covered = [name for name in ("@method", "@authority", "@path", "@query", "content-digest") if name != leave]
    told = {"created": NOW, "nonce": "n" * 20, "keyid": HOLDER.id, **parameters}
    made = sign(message, covered, {name: value for name, value in told.items() if value is not None}, KEY)
    return replace(message, headers={**headers, **{name.lower(): value for name, value in made.items()}})


class Once:
    """Nonces that are kept nowhere."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def take(self, key_id: str, nonce: str, now: int) -> bool:
        new = (key_id, nonce) not in self.seen
        self.seen.add((key_id, nonce))
        return new


def check(message: SignedMessage, body: bytes = BODY, nonces: Once | None = None, now: int = NOW) -> None:
    check_signature(message, body, HOLDER, KEY.public_key(), nonces=nonces or Once(), now=now)


@pytest.mark.parametrize("name", VECTORS)
def test_the_public_vectors_hold(name: str) -> None:
    message, given_input, value, key = VECTORS[name]
    (found,) = read_signatures({"signature-input": given_input, "signature": value})
    assert fits(message, found, key)
    assert not fits(message, replace(found, value=bytes([found.value[0] ^ 1]) + found.value[1:]), key)
    altered = replace(message, headers={**message.headers, "content-type": "text/plain"})
    assert not fits(altered, found, key)
    assert not fits(message, replace(found, parameters={**found.parameters, "alg": "rsa-pss-sha512"}), key)


def test_what_is_signed_with_the_shared_secret_is_the_vector() -> None:
    message, given_input, value, key = VECTORS["B.2.5"]
    parameters = {"created": 1618884473, "keyid": "test-shared-secret"}
    made = sign(message, ("date", "@authority", "content-type"), parameters, key, label="sig-b25")
    assert made == {"Signature-Input": given_input, "Signature": value}


@given(st.binary(max_size=200), st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=16, max_size=60))
def test_what_we_sign_is_taken_and_nothing_altered_is(body: bytes, nonce: str) -> None:
    message = signed(body, nonce=nonce)
    check(message, body)
    for other in (
        replace(message, method="PUT"),
        replace(message, path="/api/v1/verify"),
        replace(message, query="?a=2"),
        replace(message, authority="elsewhere.example"),
    ):
        with pytest.raises(BadValue):
            check(other, body)
    with pytest.raises(BadValue):
        check(message, body + b"x")


def test_with_a_key_on_p256() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    made = sign(REQUEST, ("@method", "date"), {"created": NOW, "keyid": "x", "alg": "ecdsa-p256-sha256"}, key)
    (found,) = read_signatures({name.lower(): value for name, value in made.items()})
    assert fits(REQUEST, found, read_public_key(pem)) and not fits(replace(REQUEST, method="GET"), found, read_public_key(pem))


@pytest.mark.parametrize("leave", ["@method", "@authority", "@path", "@query", "content-digest"])
def test_what_is_not_covered_is_asked_for(leave: str) -> None:
    with pytest.raises(BadValue, match=f"does not cover {leave}"):
        check(signed(leave=leave))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"created": NOW - 301}, "was not created"),
        ({"created": NOW + 301}, "was not created"),
        ({"created": None}, "was not created"),
        ({"expires": NOW - 1}, "has expired"),
        ({"nonce": "short"}, "has no nonce"),
        ({"nonce": None}, "has no nonce"),
        ({"keyid": "key_other"}, "holds no signature of this key"),
        ({"alg": "hmac-sha256"}, "is not this key's"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadValue, match=says):
        check(signed(**changes))


def test_a_request_is_taken_once() -> None:
    nonces, message = Once(), signed()
    check(message, nonces=nonces)
    with pytest.raises(BadValue, match="used before"):
        check(message, nonces=nonces)
    check(signed(nonce="m" * 20), nonces=nonces)


@pytest.mark.parametrize(
    ("given_input", "value"),
    [
        ("", ""),
        ('a=("@method");created=1;keyid="key_abc"', ""),
        ('a=("@method";req);created=1;keyid="key_abc"', "a=:AAAA:"),
        ("nonsense", "a=:AAAA:"),
        ('a=("@method" "@method");created=1;keyid="key_abc"', "a=:AAAA:"),
        ('a=("@nothing");created=1;keyid="key_abc"', "a=:AAAA:"),
    ],
)
def test_what_cannot_be_read_is_refused_not_passed_over(given_input: str, value: str) -> None:
    headers = {**signed().headers, "signature-input": given_input, "signature": value}
    with pytest.raises(BadValue):
        check(replace(signed(), headers=headers))


@pytest.mark.parametrize("pem", ["", "nonsense", P256.replace("A", "B")])
def test_a_public_key_that_is_none_is_refused(pem: str) -> None:
    with pytest.raises(BadValue, match="public_key"):
        read_public_key(pem)
