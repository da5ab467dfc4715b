"""Signed requests: the public key of a system, and whether a request is that system's, unaltered, fresh and new."""

from __future__ import annotations

from typing import Protocol

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.share.doors import queries
from datong.share.doors.message import Key, Message, digest_fits, fits, read_public_key, read_signatures
from datong.store import Session, Store

FRESH_SECONDS = 300
"""How far the clock of a signature may be from ours."""
SHORTEST_NONCE = 16
COVERED = ("@method", "@authority", "@path")
"""What every signature covers; `@query` where there is one, `content-digest` where there is a body."""


def put_signer(session: Session, key_id: str, public_key: str, *, by: str, at: str) -> None:
    """Let a key's requests be taken only when signed with this key pair; another public key takes the place of the one before.

    Raises Missing for a key that is not in use, BadValue for a public key that is not taken.
    """
    read_public_key(public_key)
    found = session.one(queries.KEY_EXISTS, {"key_id": key_id})
    if found is None:
        raise Missing(f"There is no key {key_id} in use.")
    session.run(queries.PUT_SIGNER, {"key_id": key_id, "public_key": public_key, "at": at})
    body = {"act": "signer", "key": key_id}
    ledger.append(session, ledger.Line("key", at, "", by, str(found[0]), "", "", body))


def signer_of(session: Session, key_id: str) -> Key | None:
    """The public key that a key's requests must be signed with; nothing when they need no signature."""
    found = session.one(queries.SIGNER, {"key_id": key_id})
    return read_public_key(str(found[0])) if found else None


class Once(Protocol):
    """Something that takes each nonce once."""

    def take(self, key_id: str, nonce: str, now: int) -> bool:
        """Whether this nonce is new; from now on it is not."""
        ...


class Nonces:
    """The nonces of fresh signatures, kept in the store: none is taken twice by any process that serves the city."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cleared = 0

    def take(self, key_id: str, nonce: str, now: int) -> bool:
        """Whether this nonce is new; from now on it is not. Writes, and is durable when it returns."""
        with self._store.session() as session:
            if now - self._cleared >= FRESH_SECONDS:
                session.run(queries.OLD_NONCES, {"before": now - 2 * FRESH_SECONDS})
                self._cleared = now
            return session.run(queries.TAKE_NONCE, {"key_id": key_id, "nonce": nonce, "now": now}) == 1


def check_signature(message: Message, body: bytes, holder: Actor, key: Key, *, nonces: Once, now: int) -> None:
    """Raise BadValue, saying what is wrong, unless the message is signed by its holder, whole, just now, and for the first time."""
    found = [one for one in read_signatures(message.headers) if one.text("keyid") == holder.id]
    if not found:
        raise BadValue("Signature-Input", "holds no signature of this key", f'sign the request and say keyid="{holder.id}"')
    signed = found[0]
    wanted = [*COVERED, *(["@query"] if message.query else []), *(["content-digest"] if body else [])]
    if missing := [name for name in wanted if name not in signed.covered]:
        raise BadValue("Signature-Input", f"does not cover {missing[0]}", f"cover {' '.join(wanted)}")
    if body and not digest_fits(message.headers.get("content-digest", ""), body):
        raise BadValue("Content-Digest", "is not the digest of the body", "send sha-256=:…: over the bytes of the body")
    if abs(signed.created - now) > FRESH_SECONDS or not signed.created:
        raise BadValue("Signature-Input", f"was not created within {FRESH_SECONDS} seconds of now", "set created, and set your clock")
    expires = signed.parameters.get("expires", now)
    if isinstance(expires, int) and expires < now:
        raise BadValue("Signature-Input", "has expired", "sign each request anew")
    nonce = signed.text("nonce")
    if not SHORTEST_NONCE <= len(nonce) <= 128:
        raise BadValue("Signature-Input", "has no nonce of 16 to 128 characters", "add a random nonce to each request")
    if not fits(message, signed, key):
        raise BadValue("Signature", "is not this key's over this request", "check the lines that are signed, one by one")
    if not nonces.take(holder.id, nonce, now):
        raise BadValue("Signature-Input", "carries a nonce that was used before", "draw a new nonce for each request")
