"""Calls to other systems' addresses: only outwards, only where the name leads at this moment, no redirect, no proxy, a short answer.

The name is resolved once and the call goes to just the address that was looked at, so that a name which leads outwards when it is
checked and inwards when it is called gains nothing.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from datong.settings import Settings

TIMEOUT = 10
MOST_READ = 64 * 1024


@dataclass(frozen=True)
class Reply:
    """What a call came to: the status (0: nobody answered, or nobody was called), its headers by small names, why it failed."""

    status: int
    why: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def call(settings: Settings, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
    """One request to an address that `check_url` has let pass."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = outward_address(settings, parts.hostname or "", port)
    except OSError:
        return Reply(0, "the name leads nowhere")
    if not address:
        return Reply(0, "the name leads inwards")
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.hostname or "", port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=TIMEOUT)
    connection._create_connection = lambda _, *more: socket.create_connection((address, port), *more)  # type: ignore[attr-defined]
    try:
        connection.request(method, parts.path or "/", body or None, dict(headers))
        answer = connection.getresponse()
        answer.read(MOST_READ)
        return Reply(answer.status, "" if answer.status < 400 else f"HTTP {answer.status}", {n.lower(): v for n, v in answer.getheaders()})
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Reply(0, type(error).__name__)
    finally:
        connection.close()


def outward_address(settings: Settings, host: str, port: int) -> str:
    """The address to call for a name; "" when one of those it leads to is inside (unless the city's setting allows that).

    Raises OSError when it leads nowhere.
    """
    found = [str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    inward = [one for one in found if not is_outward(one)]
    demo = settings.demo and all(ip_address(one).is_loopback for one in inward)
    return "" if inward and not settings.webhook_inward and not demo else found[0]


def is_outward(address: str) -> bool:
    """Whether an address is of the public network: not of this machine, of a private network, of a link or of nobody."""
    found = ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast
