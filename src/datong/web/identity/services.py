"""The services that may ask for the city's sign-in: each named, answered for by a department, with the addresses answers may go to."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from urllib.parse import urlsplit

from datong import share
from datong.domain.errors import BadValue, Missing
from datong.store import Row, Session
from datong.web.accounts import secret_hash
from datong.web.clock import text_of
from datong.web.identity import queries

COUNTER = "counter"
"""Officers of every department: a system that any counter may open with what it has before it."""
AUDIENCES = ("officer", "citizen", COUNTER)
KINDS = {"officer": "officer", "citizen": "citizen", COUNTER: "officer"}
"""Audience → the kind of account that may sign in."""
_ID = re.compile(r"[a-z][a-z0-9_-]{2,39}")
_HOSTS_HERE = ("127.0.0.1", "localhost", "::1")


class OidcError(Exception):
    """What the standard answers with: `error` is its word, the text says what was wrong."""

    def __init__(self, error: str, text: str) -> None:
        super().__init__(text)
        self.error = error
        self.text = text


@dataclass(frozen=True)
class NewService:
    """A service to be let in. `redirects`: whole addresses with https (http on this machine alone). `start_url`: where a counter opens
    it."""

    service_id: str
    title: str
    department: str
    audience: str
    redirects: tuple[str, ...]
    start_url: str = ""


@dataclass(frozen=True)
class Service:
    """A service that may ask."""

    service_id: str
    title: str
    department: str
    audience: str
    redirects: tuple[str, ...]
    start_url: str
    secret_hash: str


def add_service(session: Session, new: NewService, now: datetime) -> str:
    """Let a service in; its secret, told this once. Raises BadValue."""
    if not _ID.fullmatch(new.service_id):
        raise BadValue("service", "is no name", "3 to 40 small letters, digits, - and _, a letter first")
    if session.one(queries.TAKEN_SERVICE, {"service_id": new.service_id}):
        raise BadValue("service", "is taken", "choose another name; an ended one is not used again")
    if new.department not in share.installed(session).packs.departments:
        raise BadValue("department", "is unknown", "write a code of departments.yml")
    if new.audience not in AUDIENCES:
        raise BadValue("audience", "is unknown", f"write {' or '.join(AUDIENCES)}")
    if not new.title.strip() or not new.redirects:
        raise BadValue("title" if new.redirects else "redirect", "is missing", "say what it is called and where answers go")
    for address in (*new.redirects, *([new.start_url] if new.start_url else [])):
        _check_address(address)
    secret = secrets.token_urlsafe(32)
    row = {"service_id": new.service_id, "title": new.title.strip(), "department": new.department, "audience": new.audience}
    more = {"redirects": json.dumps(new.redirects), "start_url": new.start_url, "secret_hash": secret_hash(secret), "at": text_of(now)}
    session.run(queries.ADD_SERVICE, row | more)
    return secret


def end_service(session: Session, service_id: str) -> None:
    """From now on it may not ask. Raises Missing."""
    if session.run(queries.END_SERVICE, {"service_id": service_id}) != 1:
        raise Missing("There is no such service in use.")


def services(session: Session) -> tuple[Service, ...]:
    """Every service that may ask."""
    return tuple(_service(row) for row in session.all(queries.ALL_SERVICE))


def services_of(session: Session, department: str) -> tuple[Service, ...]:
    """The systems of a department that its officers can open from a case."""
    return tuple(_service(row) for row in session.all(queries.OPENABLE_SERVICE, {"department": department})) if department else ()


def services_for_counter(session: Session, departments: Collection[str]) -> tuple[Service, ...]:
    """The systems of these departments that any counter may open."""
    found = (_service(row) for row in session.all(queries.COUNTER_SERVICE))
    return tuple(one for one in found if one.department in departments)


def find_service(session: Session, service_id: str) -> Service | None:
    """A service that may ask, or nothing."""
    row = session.one(queries.FIND_SERVICE, {"service_id": service_id[:60]})
    return _service(row) if row else None


def known_service(session: Session, service_id: str, secret: str) -> Service:
    """The service that proves itself by its secret. Raises OidcError."""
    found = find_service(session, service_id)
    fits = compare_digest(secret_hash(secret), found.secret_hash if found else secret_hash(""))
    if found is None or not secret or not fits:
        raise OidcError("invalid_client", "the service and its secret do not belong together")
    return found


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in _HOSTS_HERE
    if not parts.hostname or parts.fragment or "@" in parts.netloc or not (parts.scheme == "https" or here) or not address.isprintable():
        raise BadValue("redirect", "is no address answers may go to", "write it whole, with https, like https://service.example/signed-in")


def _service(row: Row) -> Service:
    return Service(row[0], row[1], row[2], row[3], tuple(json.loads(row[4])), row[5], row[6])
