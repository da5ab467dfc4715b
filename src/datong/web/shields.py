"""What every request passes before a page sees it: headers, size, pace. Pure ASGI, because each layer is paid per call."""

from __future__ import annotations

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_network

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datong.web.errors import KINDS, Problem, problem_json

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"),
)
LARGEST_BODY = 8 * 1024 * 1024
MOST_VISITORS = 20_000


class SafeHeaders:
    """Adds the security headers; pages and API answers are never kept by caches unless they say so themselves."""

    def __init__(self, app: ASGIApp, secure: bool = False, sandbox: bool = False) -> None:
        """`secure`: behind HTTPS; `sandbox`: every answer says that it is about invented people."""
        self.app = app
        self.headers = list(HEADERS) + ([(b"strict-transport-security", b"max-age=31536000")] if secure else [])
        self.headers += [(b"datong-sandbox", b"1")] if sandbox else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                headers += self.headers
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self.app(scope, receive, add)


class BodyLimit:
    """Refuses a body that is too large, before it is read where its length is told, while it is read where not."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        told = next((value for name, value in scope.get("headers", ()) if name == b"content-length"), b"0")
        if not told.isdigit() or int(told) > self.largest:
            await problem_json(Problem(KINDS["too-large"]))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.largest:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


class Pace:
    """A token bucket for each key or address: a burst of one minute's worth, refilled evenly."""

    def __init__(self, app: ASGIApp, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.burst = float(per_minute)
        self.per_second = per_minute / 60
        self.clock = clock
        self.buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or tell the visitor how long to wait."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        wait = max(self.take(visitor, share) for visitor, share in _visitors(scope))
        if wait:
            headers = {"Retry-After": str(wait)}
            detail = f"Wait {wait} s. The limit is {int(self.burst)} requests a minute."
            await problem_json(Problem(KINDS["too-many"], detail, {}, headers))(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def take(self, visitor: str, share: int = 1) -> int:
        """Take one token of a bucket `share` times as large; 0, or the whole seconds until there is one."""
        now = self.clock()
        burst, per_second = self.burst * share, self.per_second * share
        tokens, at = self.buckets.pop(visitor, (burst, now))
        tokens = min(burst, tokens + (now - at) * per_second)
        allowed = tokens >= 1
        self.buckets[visitor] = (tokens - 1 if allowed else tokens, now)
        if len(self.buckets) > MOST_VISITORS:
            self.buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - tokens) / per_second)


def _visitors(scope: Scope) -> list[tuple[str, int]]:
    """The buckets a request draws from: its address, and at the API its key if it shows one (then the address may do ten
    times as much). At the pages a key counts for nothing: it would let somebody try ten times as many passwords."""
    key = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    client = scope.get("client")
    address = "address:" + network_of(client[0] if client else "")
    if key and scope["path"].startswith("/api/"):
        return [("key:" + hashlib.sha256(key).hexdigest(), 1), (address + ":keys", 10)]
    return [(address, 1)]


def network_of(address: str) -> str:
    """An address as the pace counts it: one home holds 2**64 addresses of IPv6, so these count by their network."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return address
