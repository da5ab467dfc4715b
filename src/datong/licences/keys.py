"""The keys that licences are signed with: one for each issuing department, and one of the city for the lists of their states.

The private halves lie in `keys/licences/` of the city's home, each for its keeper alone; the public halves stand in the store and,
since the moment each was first used, in the ledger. A new key for a department (`rotate`) leaves the old one for verifying.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadSettings
from datong.licences import queries
from datong.licences.jose import ForgedError, PublicKey, SigningKey, b64, unb64
from datong.settings import Settings, keep_secret
from datong.store import Session

PART = "licences.keys"
CITY = "city"
"""Under this name the city signs status lists and its requests to wallets."""
_NONCE = 12


@dataclass
class Keys:
    """The keys this process has read, by the department that signs with them."""

    signing: dict[str, SigningKey] = field(default_factory=dict)
    sealing: AESGCM | None = None


def issuer_name(settings: Settings) -> str:
    """What licences of this city name as their issuer."""
    return f"https://{settings.origin}"


def signing_key(session: Session, department: str, now: datetime) -> SigningKey:
    """The key a department signs with; made, written down and put on record when it signs for the first time."""
    keys = _keys(session)
    if (found := keys.signing.get(department)) is not None:
        return found
    row = session.one(queries.NEWEST_KEY, {"department": department})
    kid = row[0] if row else f"{department}-1"
    made = _read_or_make(_folder(session) / f"{kid}.key", kid)
    if row is None:
        _put_on_record(session, department, made, now)
        return made  # kept at hand only once the transaction that names it has ended
    if json.loads(row[1]) != made.public.jwk():
        raise BadSettings(f"keys/licences/{kid}.key is not the key on record: restore it from the copy kept in safety")
    keys.signing[department] = made
    return made


def rotate(session: Session, actor: Actor, department: str, now: datetime) -> str:
    """A new key for a department, from now on; the name of the key. What was signed before is verified by the old one."""
    share.installed(session).must(actor, "admin.keys")
    count = len(session.all(queries.KEYS_OF, {"department": department}))
    kid = f"{department}-{count + 1}"
    made = _read_or_make(_folder(session) / f"{kid}.key", kid)
    _put_on_record(session, department, made, now, actor)
    _keys(session).signing.pop(department, None)
    return kid


def public_keys(session: Session) -> Mapping[str, tuple[str, PublicKey]]:
    """Every key on record: its name → whose it is, and the key."""
    return {kid: (department, PublicKey.from_jwk(json.loads(jwk))) for kid, department, jwk in session.all(queries.ALL_KEYS)}


def jwks(session: Session) -> dict[str, object]:
    """The keys on record as a JSON Web Key Set; `department` says for whom each may sign."""
    keys = [
        {**key.jwk(), "kid": kid, "use": "sig", "alg": "ES256", "department": department}
        for kid, (department, key) in public_keys(session).items()
    ]
    return {"keys": keys}


def seal(session: Session, raw: bytes, about: str) -> str:
    """A holder's key as it lies in the store: readable with the city's wallet key alone, and only for what it belongs to."""
    nonce = os.urandom(_NONCE)
    return b64(nonce + _sealing(session).encrypt(nonce, raw, about.encode()))


def unseal(session: Session, text: str, about: str) -> bytes:
    """A sealed key; BadSettings when the city's wallet key is another than the one it was sealed with."""
    try:
        raw = unb64(text)
        return _sealing(session).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode())
    except Exception as error:
        raise BadSettings("keys/licences/wallet.secret does not open what is kept: restore it from the copy kept in safety") from error


def _keys(session: Session) -> Keys:
    found: Keys = session.store.parts.setdefault(PART, Keys())
    return found


def _folder(session: Session) -> Path:
    return share.installed(session).settings.home / "keys" / "licences"


def _sealing(session: Session) -> AESGCM:
    keys = _keys(session)
    if keys.sealing is None:
        kept = keep_secret(_folder(session) / "wallet.secret", lambda: _line(os.urandom(32)))
        keys.sealing = AESGCM(unb64(kept.decode("ascii").strip()))
    return keys.sealing


def _read_or_make(path: Path, kid: str) -> SigningKey:
    kept = keep_secret(path, lambda: _line(SigningKey.new(kid).der()))
    try:
        return SigningKey.from_der(unb64(kept.decode("ascii").strip()), kid)
    except (ForgedError, UnicodeDecodeError):
        raise BadSettings(f"keys/licences/{path.name} is no key of P-256: restore it from the copy kept in safety") from None


def _line(raw: bytes) -> bytes:
    return f"{b64(raw)}\n".encode("ascii")


def _put_on_record(session: Session, department: str, key: SigningKey, now: datetime, actor: Actor | None = None) -> None:
    at = share.moment_text(now)
    params = {"kid": key.kid, "department": department, "jwk": json.dumps(key.public.jwk()), "made_at": at}
    session.run(queries.ADD_KEY, params)
    body = {"act": "key", "kid": key.kid, "thumbprint": key.public.thumbprint()}
    whose = "" if department == CITY else department
    ledger.append(session, ledger.Line("licence_key", at, actor=actor.id if actor else "", department=whose, body=body))
