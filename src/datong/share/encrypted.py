"""Answers encrypted to a key of the asking department's: JWE (RFC 7516), for data that may not lie open on any machine between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from datong.domain.errors import BadValue

_ALGORITHMS = ["ECDH-ES", "A256GCM"]


@dataclass(frozen=True)
class EncryptionKey:
    """A public key of P-256 that an asker sent, best a new one for each request."""

    key: ECKey
    media_type = "application/jose"

    @classmethod
    def read(cls, jwk: Mapping[str, str]) -> EncryptionKey:
        """The key of a JSON Web Key. Raises BadValue for any other than a public one of P-256."""
        wrong = BadValue("encrypt_to", "is no public key of P-256", "send a JSON Web Key with kty EC, crv P-256, x and y")
        if jwk.get("crv") != "P-256" or "d" in jwk:
            raise wrong
        try:
            made = ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
            made.public_key  # noqa: B018 - reads the point: one that is not on the curve is refused here
        except (JoseError, KeyError, ValueError, TypeError):
            raise wrong from None
        return cls(made)

    def encrypt(self, plain: bytes, content_type: str = "json") -> str:
        """A text that the holder of the private half alone reads: agreed by ECDH-ES, encrypted by AES-256-GCM."""
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": content_type, "kid": self.key.thumbprint()}
        return jwe.encrypt_compact(header, plain, self.key, algorithms=_ALGORITHMS)
