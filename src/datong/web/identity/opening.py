"""Another system opened from a case at our counter: one link, signed, good for minutes, that says which case and which task.

A system that speaks OpenID Connect is started as that standard says (third-party initiated login): it then asks who the officer is. One
that does not reads the same ticket alone. The ticket names no person: the case's number and the task, for one system.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from datong import ledger, licences, share
from datong.domain.access import Actor
from datong.domain.errors import Missing
from datong.store import Session
from datong.web.clock import text_of
from datong.web.identity.keys import issuer, keys, name_for, with_query
from datong.web.identity.services import Service, services_for_counter, services_of

LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Ticket:
    """What is opened: the case and the task that wait for the officer."""

    case_id: str
    task: str
    item: str


def ticket_url(session: Session, actor: Actor, service_id: str, ticket: Ticket, now: datetime) -> str:
    """Where the officer's browser goes. Raises Missing for a system that is not her department's."""
    return _url(session, actor, _among(services_of(session, actor.department), service_id), ticket, now)


def counter_url(session: Session, actor: Actor, service_id: str, ticket: Ticket, *, departments: Mapping[str, str], now: datetime) -> str:
    """Where a counter's browser goes: a system that its department opens to every counter, for an item it has a part in.

    `departments`: each of them → the task of its part (empty while there is no case). Raises Missing. The opening leaves a line: which
    system, which item, which case; nobody's name.
    """
    service = _among(services_for_counter(session, departments), service_id)
    found = replace(ticket, task=departments[service.department])
    body = {"act": "system_opened", "system": service.service_id, "item": found.item, "case": found.case_id, "task": found.task}
    ledger.append(session, ledger.Line("counter", text_of(now), "", actor.id, actor.department, actor.unit, "", body))
    return _url(session, actor, service, found, now)


def _among(services: Sequence[Service], service_id: str) -> Service:
    service = next((one for one in services if one.service_id == service_id), None)
    if service is None:
        raise Missing("没有这个系统 (there is no such system)")
    return service


def _url(session: Session, actor: Actor, service: Service, ticket: Ticket, now: datetime) -> str:
    base = issuer(share.installed(session).settings)
    stated = {
        "iss": base,
        "aud": service.service_id,
        "sub": name_for(session, service.service_id, actor.subject or actor.id),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "jti": secrets.token_urlsafe(12),
        "case": ticket.case_id,
        "task": ticket.task,
        "item": ticket.item,
        "department": actor.department,
    }
    signed = licences.sign_jws(keys(session).signing, {"typ": "case+jwt"}, json.dumps(stated))
    return with_query(service.start_url, {"iss": base, "login_hint": signed})
