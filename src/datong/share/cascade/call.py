"""One call to the provincial platform: JSON over HTTP, signed with the city's key by RFC 9421; it goes nowhere but to the address set."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from datong.domain.errors import Busy
from datong.settings import Settings
from datong.share.doors.city_key import city_key, key_id
from datong.share.doors.message import Message, content_digest, sign

TIMEOUT = 10
MOST_BYTES = 20_000_000


class _Stay(HTTPRedirectHandler):
    """What is sent goes to the province, nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """No redirect is followed."""


_OPENER = build_opener(_Stay)


def call(settings: Settings, method: str, path: str, payload: dict[str, Any] | None = None) -> Any:
    """The province's answer as JSON. Raises Busy when it cannot be reached, refuses the call, or answers with something else."""
    return signed_call(settings, settings.province_url, method, path, payload, named="The provincial platform")


def signed_call(
    settings: Settings, base: str, method: str, path: str, payload: dict[str, Any] | None = None, *, named: str = "The other system"
) -> Any:
    """The answer as JSON of a system whose address the operator has set. Raises Busy as `call` does."""
    body = json.dumps(payload, ensure_ascii=False).encode() if payload is not None else b""
    url = base.rstrip("/") + path
    try:
        request = Request(url, body or None, _headers(settings, method, url, body), method=method)  # noqa: S310 - the operator's address
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            return json.loads(answer.read(MOST_BYTES))
    except HTTPError as error:
        raise Busy(f"{named} answered HTTP {error.code}.") from None
    except (URLError, OSError, ValueError) as error:
        raise Busy(f"{named} cannot be reached: {type(getattr(error, 'reason', error)).__name__}.") from None


def _headers(settings: Settings, method: str, url: str, body: bytes) -> dict[str, str]:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    headers = {"content-type": "application/json", "content-digest": content_digest(body)} if body else {"accept": "application/json"}
    message = Message(method, parts.scheme, parts.netloc, parts.path or "/", query, headers=headers)
    covered = ["@method", "@authority", "@path", *(["@query"] if query else []), *(["content-digest"] if body else [])]
    said: dict[str, str | int] = {
        "created": int(time.time()),
        "nonce": secrets.token_urlsafe(18),
        "keyid": key_id(settings),
        "alg": "ed25519",
    }
    return {**headers, **sign(message, covered, said, city_key(settings))}
