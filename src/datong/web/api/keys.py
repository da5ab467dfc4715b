"""Who sent an API request: the key in its Authorization header, and the signature where the key wants one."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.store import Session, Store
from datong.web import clock
from datong.web.accounts import key_actor, prefix_of_keys
from datong.web.errors import ProblemError

REMEMBER_SECONDS = 5.0
"""A key that was found is asked for again after this long, so a revoked key works no longer than that."""
MOST_REMEMBERED = 1000
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="datong"'}
_bearer = HTTPBearer(auto_error=False, description="A key issued to a department's system, scoped to agreements and resources.")


@dataclass(frozen=True)
class Known:
    """The holder of a key, and the public key that its requests must be signed with (none: they need no signature)."""

    holder: Actor
    signer: share.doors.SignerKey | None
    bounds: share.doors.Bounds = field(default_factory=share.doors.Bounds)
    """From where and when its requests are taken."""

    @cached_property
    def free(self) -> bool:
        """Whether its requests need neither signature nor a certain place or time."""
        return self.signer is None and self.bounds == share.doors.Bounds()


class KeyRing:
    """Remembers the keys seen last, because looking one up costs as much as the question itself; and the nonces of signatures."""

    def __init__(self, store: Store, sandbox: bool = False) -> None:
        """`store` holds the nonces. `sandbox`: whether this is one, where a city's keys are refused by name; a city refuses a sandbox's."""
        self._wrong = prefix_of_keys(not sandbox)
        self._where = "a sandbox with invented people" if sandbox else "the city itself"
        self._seen: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self.nonces = share.doors.Nonces(store)
        self.told: dict[tuple[str, str], int] = {}

    def remembered(self, secret: str) -> Known | None:
        """Whose key this is, when it was seen a moment ago."""
        found = self._seen.get(secret)
        return found[1] if found and time.monotonic() - found[0] < REMEMBER_SECONDS else None

    def known(self, session: Session, secret: str) -> Known:
        """Whose key this is. Raises a 401 problem."""
        now = time.monotonic()
        if (found := self.remembered(secret)) is not None:
            return found
        self._seen.pop(secret, None)
        if secret.startswith(self._wrong):
            raise ProblemError("not-signed-in", f"This is {self._where}; the key was issued elsewhere.", headers=_CHALLENGE)
        holder = key_actor(session, secret) if secret else None
        if holder is None:
            raise _no_key()
        known = Known(holder, share.doors.signer_of(session, holder.id), share.doors.bounds_of(session, holder.id))
        self._seen[secret] = (now, known)
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return known

    def check(self, known: Known, request: Request, body: bytes) -> Actor:
        """The holder, when the request comes from where and when her key is admitted, and needs no signature or carries hers.

        Raises a problem that says what is wrong with it: 403 for the admission, 401 for the signature.
        """
        if why := known.bounds.refusal(request.client.host if request.client else "", clock.now()):
            raise ProblemError("forbidden", f"This key is not admitted: its {why} does not fit.")
        if known.signer is not None:
            now = int(clock.now().timestamp())
            try:
                share.doors.check_signature(message_of(request), body, known.holder, known.signer, nonces=self.nonces, now=now)
            except BadValue as error:
                raise ProblemError("bad-signature", error.message) from None
        return known.holder


def known_parameters(further: tuple[str, ...]) -> Callable[[Request, Actor], Awaitable[None]]:
    """FastAPI's dependency that refuses, by name, a parameter of an address which nobody described: a misspelt one would be passed over
    in silence; whoever has no key is told of that first. `further`: those described beside the function's own."""

    async def check(request: Request, _: Holder) -> None:
        known = (*(one.alias for one in request.scope["route"].dependant.query_params), *further)
        for name in request.query_params:
            if name not in known:
                known_ones = f"leave it out, or choose among {', '.join(known)}" if known else "leave it out"
                raise BadValue("query", "holds a parameter that is not described", known_ones)

    return check


async def admitted(request: Request, known: Known, body: bytes) -> Actor:
    """The holder, once her request is taken: a signature's nonce is written, a refusal is remembered, both beside the event loop."""
    if known.free:
        return known.holder
    state = request.app.state
    try:
        return await run_in_threadpool(state.key_ring.check, known, request, body)
    except ProblemError as error:
        await run_in_threadpool(remember_refused, state.store, state.key_ring, known, error.problem.kind.slug)
        raise


def remember_refused(store: Store, ring: KeyRing, known: Known, why: str) -> None:
    """Write down that a key was not taken, once a minute for each reason, so that nobody fills the record; and raise the alert."""
    minute = int(time.monotonic() // 60)
    if ring.told.get((known.holder.id, why)) == minute:
        return
    ring.told[known.holder.id, why] = minute
    if len(ring.told) > MOST_REMEMBERED:
        ring.told.clear()
    with store.session() as session:
        share.key_refused(session, known.holder, why, now=clock.now())


def message_of(request: Request) -> share.doors.SignedMessage:
    """A request as signatures see it. Several lines of one header are one, with commas between (RFC 9421 2.1)."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
    path = request.scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0] or request.url.path
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    return share.doors.SignedMessage(
        method=request.method,
        scheme=request.url.scheme,
        authority=headers.get("host", ""),
        path=path,
        query=f"?{query}" if query else "",
        headers=headers,
    )


def secret_in(header: str) -> str:
    """The secret of an Authorization header; empty when there is none."""
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


async def require_key(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Actor:
    """FastAPI's dependency of every route with the permission `key`."""
    if credentials is None:
        raise _no_key()
    state = request.app.state
    ring: KeyRing = state.key_ring

    def find() -> Known:
        with state.store.session(read_only=True) as session:
            return ring.known(session, credentials.credentials)

    known = ring.remembered(credentials.credentials)
    if known is None:
        known = await run_in_threadpool(find)
    return await admitted(request, known, await request.body() if known.signer is not None else b"")


Holder = Annotated[Actor, Depends(require_key)]


async def require_signed(
    request: Request, holder: Holder, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Actor:
    """The dependency of operations that are done for a department: its key must want signatures, and this request has borne one."""
    state = request.app.state

    def signs() -> bool:
        with state.store.session(read_only=True) as session:
            return state.key_ring.known(session, credentials.credentials if credentials else "").signer is not None

    if not await run_in_threadpool(signs):
        raise ProblemError("forbidden", "This is done by signed requests only: have a public key put beside yours, and sign.")
    return holder


SignedHolder = Annotated[Actor, Depends(require_signed)]


def _no_key() -> ProblemError:
    detail = "Send `Authorization: Bearer KEY` with a key that is in use."
    return ProblemError("not-signed-in", detail, headers=_CHALLENGE)
