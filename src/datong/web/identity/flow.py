"""The way of a sign-in for another service: asked for, agreed to on our own page, exchanged once for a signed statement of who it is.

OpenID Connect Core 1.0, the code flow alone, with PKCE for every service. Codes and tokens are kept as hashes, good once and for minutes.
"""

from __future__ import annotations

import json
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from datong import ledger, licences, share
from datong.domain.access import Actor
from datong.domain.codes import kind_of
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.store import Session
from datong.web.accounts import find_actor, secret_hash
from datong.web.clock import text_of
from datong.web.identity import queries
from datong.web.identity.keys import ORGANISATION, SCOPES, issuer, keys, name_for, with_query
from datong.web.identity.services import KINDS, OidcError, Service, find_service, known_service

PURPOSE = "identity_service"
ASK_LIFE, CODE_LIFE, TOKEN_LIFE = timedelta(minutes=15), timedelta(minutes=1), timedelta(minutes=10)
LONGEST = 500
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True)
class Wanted:
    """What a service sent the browser with."""

    client_id: str
    redirect_uri: str
    response_type: str = "code"
    scope: str = "openid"
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""


@dataclass(frozen=True)
class Asked:
    """A request that waits for the person: which service, what it would be told, and whether she agreed to just that before."""

    request_id: str
    service: Service
    scope: tuple[str, ...]
    before: bool
    organisations: tuple[tuple[str, str], ...] = ()
    """Where she is asked to act for one: those she represents today, by code and name."""


def ask(session: Session, wanted: Wanted, now: datetime) -> tuple[str, str]:
    """Take a request in: its number, or where to send the browser back with what was wrong.

    Raises Missing where the service or its address is unknown: then nobody is sent anywhere.
    """
    service = find_service(session, wanted.client_id)
    if service is None or wanted.redirect_uri not in service.redirects:
        raise Missing("这个服务没有登记，或返回地址与登记的不符 (this service, or where it wants its answer, is not on record)")
    error = _wrong(wanted)
    if error:
        return "", _back(session, wanted.redirect_uri, wanted.state, {"error": error})
    session.run(queries.SWEEP, {"at": text_of(now - timedelta(days=1))})
    number = secrets.token_urlsafe(18)
    row = {"request_id": number, "service_id": service.service_id, "redirect_uri": wanted.redirect_uri, "state": wanted.state}
    scope = " ".join(one for one in SCOPES if one in wanted.scope.split())
    more = {"nonce": wanted.nonce, "challenge": wanted.code_challenge, "scope": scope, "until": text_of(now + ASK_LIFE)}
    session.run(queries.ADD_REQUEST, row | more)
    return number, ""


def waiting(session: Session, actor: Actor, request_id: str, now: datetime) -> Asked:
    """The request as its page shows it. Raises Missing, Forbidden (a service of officers asked by a citizen, or the other way)."""
    service, row = _open(session, actor, request_id, now)
    before = session.one(queries.AGREED, {"account_id": actor.id, "service_id": service.service_id})
    scope = tuple(row["scope"].split())
    if ORGANISATION in scope:
        return Asked(request_id, service, scope, False, acting_for(session, actor, now))
    return Asked(request_id, service, scope, before is not None and before[0] == row["scope"])


def agree(session: Session, actor: Actor, request_id: str, signed_in_at: str, now: datetime, *, organisation: str = "") -> str:
    """She agrees: where her browser goes, with a code that is good once. Where the service asks for an organisation, she names one she
    represents. Raises BadValue otherwise."""
    service, row = _open(session, actor, request_id, now)
    wanted = ORGANISATION in row["scope"].split()
    known = dict(acting_for(session, actor, now)) if wanted else {}
    if wanted != bool(organisation) or (wanted and organisation not in known):
        raise BadValue("organisation", "请选择您代表的企业 (choose an organisation you represent)")
    code, at = secrets.token_urlsafe(32), text_of(now)
    params = {"request_id": request_id, "account_id": actor.id, "signed_in_at": signed_in_at, "code_hash": secret_hash(code)}
    params |= {"organisation": organisation, "organisation_name": known.get(organisation, "")}
    session.run(queries.APPROVE, params | {"until": text_of(now + CODE_LIFE)})
    session.run(queries.KEEP_AGREED, {"account_id": actor.id, "service_id": service.service_id, "scope": row["scope"], "at": at})
    return _back(session, row["redirect_uri"], row["state"], {"code": code})


def refuse(session: Session, actor: Actor, request_id: str, now: datetime) -> str:
    """She does not: where her browser goes, with the standard's word for it."""
    _, row = _open(session, actor, request_id, now)
    session.run(queries.DROP, {"request_id": request_id})
    return _back(session, row["redirect_uri"], row["state"], {"error": "access_denied"})


def exchange(session: Session, client: tuple[str, str], form: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """A code for the signed statement. Raises OidcError. What the service learns of a citizen is a line of her record."""
    service = known_service(session, *client)
    asked = _proven(session, service, form, now)
    actor = find_actor(session, asked["account_id"])
    if actor is None:
        raise OidcError("invalid_grant", "the account is closed")
    token = secrets.token_urlsafe(32)
    params = {"request_id": asked["request_id"], "code_hash": _code_hash(form), "token_hash": secret_hash(token)}
    if session.run(queries.USE_CODE, params | {"until": text_of(now + TOKEN_LIFE)}) != 1:
        raise OidcError("invalid_grant", "the code was used")
    if asked["organisation"] and not _represents(session, actor, asked["organisation"], now):
        raise OidcError("invalid_grant", "the person does not represent this organisation any more")
    _on_record(session, service, actor, asked, text_of(now))
    stated = {"iss": issuer(share.installed(session).settings), "aud": service.service_id, "iat": int(now.timestamp())}
    stated |= {"exp": int((now + TOKEN_LIFE).timestamp()), "auth_time": int(datetime.fromisoformat(asked["signed_in_at"]).timestamp())}
    stated |= {"nonce": asked["nonce"]} if asked["nonce"] else {}
    stated |= _claims(session, service, actor, asked)
    signed = licences.sign_jws(keys(session).signing, {"typ": "JWT"}, json.dumps(stated, ensure_ascii=False))
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": int(TOKEN_LIFE.total_seconds()), "scope": asked["scope"]}
    return answer | {"id_token": signed}


def _proven(session: Session, service: Service, form: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The request a code stands for, when the service shows that it is the one that began it. Raises OidcError."""
    if form.get("grant_type") != "authorization_code":
        raise OidcError("unsupported_grant_type", "write grant_type=authorization_code")
    rows = session.dicts(queries.BY_CODE, {"code_hash": _code_hash(form), "at": text_of(now)})
    if not rows or rows[0]["service_id"] != service.service_id or rows[0]["redirect_uri"] != form.get("redirect_uri"):
        raise OidcError("invalid_grant", "the code is unknown, used, too old, or was given to another address")
    verifier = form.get("code_verifier", "")
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not _VERIFIER.fullmatch(verifier) or not compare_digest(digest, rows[0]["challenge"]):
        raise OidcError("invalid_grant", "code_verifier does not fit the challenge")
    return rows[0]


def _code_hash(form: Mapping[str, str]) -> str:
    return secret_hash(form.get("code", "")[:LONGEST])


def told(session: Session, token: str, now: datetime) -> dict[str, Any]:
    """What a token opens (UserInfo): the same as was stated. Raises OidcError."""
    row = session.dicts(queries.BY_TOKEN, {"token_hash": secret_hash(token[:LONGEST]), "at": text_of(now)}) if token else []
    service = find_service(session, row[0]["service_id"]) if row else None
    actor = find_actor(session, row[0]["account_id"]) if row else None
    if service is None or actor is None:
        raise OidcError("invalid_token", "the token is unknown or too old")
    if row[0]["organisation"] and not _represents(session, actor, row[0]["organisation"], now):
        raise OidcError("invalid_token", "the person does not represent this organisation any more")
    return _claims(session, service, actor, row[0])


def agreed(session: Session, actor: Actor) -> tuple[tuple[str, str, str, str], ...]:
    """The services a person has signed in to this way: number, title, department, when she agreed."""
    rows = session.all(queries.AGREED_OF, {"account_id": actor.id})
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


def withdraw(session: Session, actor: Actor, service_id: str) -> None:
    """No more: tokens end at once, and the next time the page asks again."""
    params = {"account_id": actor.id, "service_id": service_id[:60]}
    session.run(queries.WITHDRAW, params)
    session.run(queries.END_REQUESTS, params)


def _wrong(wanted: Wanted) -> str:
    if wanted.response_type != "code":
        return "unsupported_response_type"
    if "openid" not in wanted.scope.split():
        return "invalid_scope"
    too_long = max(len(wanted.state), len(wanted.nonce)) > LONGEST
    if too_long or wanted.code_challenge_method != "S256" or not _CHALLENGE.fullmatch(wanted.code_challenge):
        return "invalid_request"
    return ""


def _open(session: Session, actor: Actor, request_id: str, now: datetime) -> tuple[Service, dict[str, str]]:
    rows = session.dicts(queries.REQUEST, {"request_id": request_id[:60], "at": text_of(now)})
    service = find_service(session, rows[0]["service_id"]) if rows else None
    if service is None or rows[0]["account_id"] not in ("", actor.id):
        raise Missing("这次登录请求已过期，请回到原来的服务重新开始 (this request has ended; begin again at the service)")
    if KINDS[service.audience] != actor.kind:
        raise Forbidden("这个服务不是为您这类账号开设的 (this service is not for accounts like yours)")
    return service, rows[0]


def _claims(session: Session, service: Service, actor: Actor, asked: Mapping[str, str]) -> dict[str, Any]:
    """Who it is: a name for this service alone; with `profile` how she is called, for an officer her department and unit too; with
    `organisation` the one she acts for, by another name of that service alone, with `profile` what it is called."""
    scope, organisation = asked["scope"].split(), asked["organisation"]
    found: dict[str, Any] = {"sub": name_for(session, service.service_id, actor.subject or actor.id)}
    if organisation:
        found["organisation"] = name_for(session, service.service_id, organisation)
    if "profile" in scope:
        found |= {"name": actor.name, "kind": actor.kind}
        found |= {"department": actor.department, "unit": actor.unit} if actor.kind == "officer" else {}
        found |= {"organisation_name": asked["organisation_name"]} if organisation else {}
    return found


def _on_record(session: Session, service: Service, actor: Actor, asked: Mapping[str, str], at: str) -> None:
    """What the service learnt is a line of the citizen's record, and of the organisation's where she acted for one."""
    profile, organisation = "profile" in asked["scope"].split(), asked["organisation"]
    who, plain = f"identity:{service.service_id}", {"operation": "sign_in", "act": "agreed", "service": service.service_id}
    body: dict[str, Any] = {**plain, "fields": ["name"] if actor.kind == "citizen" and profile else [], "outcome": "found"}
    if organisation:
        body["reason"] = {"kind": "own", "reference": organisation, "text": ""}
        other = {**plain, "fields": ["org_name"] if profile else [], "outcome": "found"}
        ledger.append(session, ledger.Line("identity", at, organisation, who, service.department, "", PURPOSE, other))
    ledger.append(session, ledger.Line("identity", at, actor.subject, who, service.department, "", PURPOSE, body))


def acting_for(session: Session, actor: Actor, now: datetime) -> tuple[tuple[str, str], ...]:
    """The organisations a citizen represents today, by code and name; asked for as her own data, with its line."""
    entries = share.my_data(session, actor, now=now).entries
    links = [link for entry in entries for link in entry.links if link.type == "legal_representative_of" and not link.until]
    return tuple(dict.fromkeys((link.code, link.label) for link in links if _represents(session, actor, link.code, now)))


def used_as(session: Session, actor: Actor, now: datetime) -> tuple[tuple[str, str, str, str], ...]:
    """The record of the organisations she represents: which was signed in with (its name), to which service, of which department, when."""
    found = []
    for code, name in acting_for(session, actor, now):
        page = ledger.lines_of_subject(session, (code,), limit=50, only=ledger.Only(("identity",), (), (), ""))
        for one in page.lines:
            service = find_service(session, str(one.line.body.get("service", "")))
            title = service.title if service else str(one.line.body.get("service", ""))
            found.append((name, title, one.line.department, one.line.at))
    return tuple(sorted(found, key=lambda one: one[3], reverse=True))


def _represents(session: Session, actor: Actor, organisation: str, now: datetime) -> bool:
    return kind_of(organisation) == "organisation" and share.may_act_for(session, actor.subject, organisation, share.city_day(now))


def _back(session: Session, redirect_uri: str, state: str, answer: Mapping[str, str]) -> str:
    params = dict(answer) | ({"state": state} if state else {}) | {"iss": issuer(share.installed(session).settings)}
    return with_query(redirect_uri, params)
