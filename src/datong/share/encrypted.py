"""Answers encrypted to a key of the asking department's: JWE (RFC 7516), for data that may not lie open on any machine between."""

from __future__ import annotations

from collections.abc import Mapping

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from datong.domain.errors import BadValue

MEDIA_TYPE = "application/jose"
_ALGORITHMS = ["ECDH-ES", "A256GCM"]


def encryption_key(jwk: Mapping[str, str]) -> ECKey:
    """The public key that an asker sent, best a new one for each request. Raises BadValue for any other than a public one of P-256."""
    wrong = BadValue("encrypt_to", "is no public key of P-256", "send a JSON Web Key with kty EC, crv P-256, x and y")
    if jwk.get("crv") != "P-256" or "d" in jwk:
        raise wrong
    try:
        made = ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
        made.public_key  # noqa: B018 - reads the point: one that is not on the curve is refused here
    except (JoseError, KeyError, ValueError, TypeError):
        raise wrong from None
    return made


def encrypt(plain: bytes, key: ECKey, content_type: str = "json") -> str:
    """A text that the holder of the private half alone reads: agreed by ECDH-ES, encrypted by AES-256-GCM."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": content_type, "kid": key.thumbprint()}
    return jwe.encrypt_compact(header, plain, key, algorithms=_ALGORITHMS)
