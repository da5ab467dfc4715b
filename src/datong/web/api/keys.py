"""Who sent an API request: the key in its Authorization header."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from datong.domain.access import Actor
from datong.store import Session
from datong.web.accounts import key_actor
from datong.web.errors import ProblemError

REMEMBER_SECONDS = 5.0
"""A key that was found is asked for again after this long, so a revoked key works no longer than that."""
MOST_REMEMBERED = 1000
_bearer = HTTPBearer(auto_error=False, description="A key issued to a department's system, scoped to agreements and resources.")


class KeyRing:
    """Remembers the keys seen last, because looking one up costs as much as the question itself."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[float, Actor]] = OrderedDict()

    def holder(self, session: Session, secret: str) -> Actor:
        """The holder of a key. Raises a 401 problem."""
        now = time.monotonic()
        found = self._seen.get(secret)
        if found and now - found[0] < REMEMBER_SECONDS:
            return found[1]
        self._seen.pop(secret, None)
        holder = key_actor(session, secret) if secret else None
        if holder is None:
            raise _no_key()
        self._seen[secret] = (now, holder)
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return holder


def secret_in(header: str) -> str:
    """The secret of an Authorization header; empty when there is none."""
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def require_key(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Actor:
    """FastAPI's dependency of every route with the permission `key`."""
    if credentials is None:
        raise _no_key()
    with request.app.state.store.session(read_only=True) as session:
        return request.app.state.key_ring.holder(session, credentials.credentials)  # type: ignore[no-any-return]


Holder = Annotated[Actor, Depends(require_key)]


def _no_key() -> ProblemError:
    detail = "Send `Authorization: Bearer KEY` with a key that is in use."
    return ProblemError("not-signed-in", detail, headers={"WWW-Authenticate": 'Bearer realm="datong"'})
