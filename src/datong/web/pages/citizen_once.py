"""Keep a secret from one page to the next, to be shown once: sealed with the visitor's own cookie, which the store does not hold."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from datong.web import sign_ins
from datong.web.door import SESSION_COOKIE
from datong.web.visit import Visit

NONCE = 12


def keep_once(visit: Visit, secret: str, name: str) -> str:
    """Keep a secret under a random id that may stand in an address line; `name` says what it belongs to."""
    assert visit.sign_in is not None
    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(_key(visit)).encrypt(nonce, secret.encode(), name.encode())
    body = {"sealed": sealed.hex(), "name": name}
    return sign_ins.keep_lookup(visit.session, visit.sign_in.token_hash, body, visit.now)


def take_once(visit: Visit, kept_id: str) -> tuple[str, str] | None:
    """The secret and its name, the first time; nothing after that, or at another sign-in."""
    assert visit.sign_in is not None
    body = sign_ins.take_lookup(visit.session, visit.sign_in.token_hash, kept_id)
    if body is None or "sealed" not in body:
        return None
    sealed = bytes.fromhex(body["sealed"])
    name = str(body["name"])
    return AESGCM(_key(visit)).decrypt(sealed[:NONCE], sealed[NONCE:], name.encode()).decode(), name


def _key(visit: Visit) -> bytes:
    return hashlib.blake2b(visit.sent.cookies[SESSION_COOKIE].encode(), digest_size=32, person=b"datong once").digest()
