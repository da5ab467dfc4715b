"""What the sign-in is signed with, where its parts are found, and who somebody is to a service: another name for each service."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datong import licences, share
from datong.domain.errors import BadSettings
from datong.licences import SigningKey
from datong.settings import Settings, keep_secret
from datong.store import Session

PART = "web.identity.keys"
ORGANISATION = "organisation"
"""Asks a person for an organisation she represents, for which she signs in."""
SCOPES = ("openid", "profile", ORGANISATION)
CLAIMS = ("sub", "name", "department", "unit", "kind", "organisation", "organisation_name")
_SALT_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """The signing key, and the secret from which each service's names of people are made."""

    signing: SigningKey
    salt: bytes


def issuer(settings: Settings) -> str:
    """Whom answers name as their issuer: what discovery is found under."""
    return f"https://{settings.origin}"


def keys(session: Session) -> Keys:
    """The keys in `keys/identity.*` of the city's home, each for its keeper alone; made on first use."""
    found: Keys | None = session.store.parts.get(PART)
    if found is None:
        folder = share.installed(session).settings.home / "keys"
        raw = keep_secret(folder / "identity.key", lambda: SigningKey.new().der())
        salt = keep_secret(folder / "identity.salt", lambda: os.urandom(_SALT_BYTES))
        try:
            signing = SigningKey.from_der(raw)
        except licences.ForgedError:
            raise BadSettings("keys/identity.key is no key of P-256: restore it from the copy kept in safety") from None
        found = session.store.parts[PART] = Keys(SigningKey(signing.key, signing.public.thumbprint()), salt)
    return found


def name_for(session: Session, service_id: str, whose: str) -> str:
    """Who somebody is to one service (pairwise `sub`): always the same there, and nothing two services could compare."""
    return hmac.new(keys(session).salt, f"{service_id}\n{whose}".encode(), hashlib.sha256).hexdigest()[:40]


def with_query(address: str, params: Mapping[str, str]) -> str:
    """An address with parameters, beside those it has."""
    return address + ("&" if "?" in address else "?") + urlencode(params)


def jwks(session: Session) -> dict[str, Any]:
    """The public key as a JSON Web Key Set."""
    key = keys(session).signing
    return {"keys": [{**key.public.jwk(), "kid": key.kid, "use": "sig", "alg": "ES256"}]}


def discovery(settings: Settings) -> dict[str, Any]:
    """What a service reads to find its way (OpenID Connect Discovery 1.0)."""
    base = issuer(settings)
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/identity/authorize",
        "token_endpoint": f"{base}/identity/token",
        "userinfo_endpoint": f"{base}/identity/userinfo",
        "jwks_uri": f"{base}/identity/keys",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(SCOPES),
        "claims_supported": list(CLAIMS),
        "authorization_response_iss_parameter_supported": True,
    }
