"""The city's own key at its doors: it signs what is sent to other systems, and seals the rows of extracts."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from datong.domain.errors import BadSettings
from datong.settings import Settings, keep_secret

SEAL_SIZE = 12


def city_key(settings: Settings) -> Ed25519PrivateKey:
    """The private key in `keys/doors.key` of the city's home, for its keeper alone; made on first use."""
    found = load_pem_private_key(keep_secret(settings.home / "keys" / "doors.key", _make), None)
    if not isinstance(found, Ed25519PrivateKey):
        raise BadSettings("keys/doors.key is no Ed25519 key: restore it from the copy kept in safety")
    return found


def _make() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def key_id(settings: Settings) -> str:
    """What the city calls its key when it signs."""
    return f"{settings.origin}/doors"


def door_keys(settings: Settings) -> dict[str, object]:
    """The public half as a JSON Web Key Set, for those who check what the city sends."""
    public = city_key(settings).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shown = urlsafe_b64encode(public).rstrip(b"=").decode()
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": shown, "kid": key_id(settings), "use": "sig", "alg": "EdDSA"}]}


def sealer(settings: Settings) -> Callable[[str], str]:
    """What makes a short seal over a text that only this city can make; the key is read once."""
    raw = city_key(settings).private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return lambda text: hmac.digest(raw, b"datong.seal\0" + text.encode(), "sha256").hex()[:SEAL_SIZE]
