"""Licences to and from wallets of others: OpenID4VCI with a pre-authorised code, OpenID4VP with a DCQL query.

A code, a token, a challenge or a request is a random secret kept as its hash, good once and for minutes. What does not fit is an
`OpenIdError` with the word that the standard has for it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.licences import credential, library, queries, sdjwt
from datong.licences.check import live_state
from datong.licences.credential import Face, Place, vct
from datong.licences.flow import digest_of, list_uri
from datong.licences.jose import ForgedError, PublicKey, compact_json, open_jws, read_json, sign_jws
from datong.licences.keys import CITY, issuer_name, signing_key
from datong.licences.licence import Licence, Verdict
from datong.licences.show import hash_of
from datong.licences.trust import statuses
from datong.licences.uses import NewUse, record_use
from datong.licences.verify import Expect, verify
from datong.store import Session

GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
LIFE = timedelta(minutes=10)
PROOF_LIFE = 600
MOST_ASKED = 5


class OpenIdError(Exception):
    """What the standards answer with: `error` is their word, the text says what was wrong."""

    def __init__(self, error: str, text: str) -> None:
        super().__init__(text)
        self.error = error
        self.text = text


@dataclass(frozen=True)
class Offer:
    """An offer to another wallet, at the moment it was made; `pin` goes another way than the QR."""

    uri: str
    pin: str
    expires_at: str


def metadata(session: Session) -> dict[str, Any]:
    """What this issuer offers (`/.well-known/openid-credential-issuer`)."""
    name = issuer_name(share.installed(session).settings)
    kinds = {code: one for code, one in library.types(session).items() if one.live}
    return {
        "credential_issuer": name,
        "credential_endpoint": f"{name}/api/v1/openid/credential",
        "nonce_endpoint": f"{name}/api/v1/openid/nonce",
        "token_endpoint": f"{name}/api/v1/openid/token",
        "credential_configurations_supported": {
            code: {
                "format": sdjwt.TYP,
                "vct": vct(name, code),
                "cryptographic_binding_methods_supported": ["jwk"],
                "credential_signing_alg_values_supported": ["ES256"],
                "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
                "credential_metadata": {
                    "display": [{"name": one.title_zh, "locale": "zh-CN"}, {"name": one.title_en, "locale": "en"}],
                    "claims": [{"path": [fact.name], "mandatory": fact.required} for fact in one.facts],
                },
            }
            for code, one in kinds.items()
        },
    }


def offer(session: Session, actor: Actor, licence_id: str, *, now: datetime | None = None) -> Offer:
    """The holder takes a licence into another wallet: a code for its QR, and a number to type there. Raises Missing, BadValue."""
    at = share.moment(now)
    licence = library.own(session, actor, licence_id, at)
    if licence.state != "valid":
        raise BadValue("licence", f"is {licence.state}", "a licence that does not hold is not handed on")
    code, pin = secrets.token_urlsafe(24), f"{secrets.randbelow(10**6):06d}"
    _keep(session, "offer", code, _Kept(licence.licence_id, licence.holder, body={"pin": hash_of(code + pin), "tries": 0}), at)
    name = issuer_name(share.installed(session).settings)
    grant = {"pre-authorized_code": code, "tx_code": {"length": 6, "input_mode": "numeric"}}
    said = {"credential_issuer": name, "credential_configuration_ids": [licence.type], "grants": {GRANT: grant}}
    return Offer(f"openid-credential-offer://?credential_offer={quote(compact_json(said))}", pin, share.moment_text(at + LIFE))


def token(session: Session, form: Mapping[str, str], *, now: datetime | None = None) -> dict[str, Any]:
    """Exchange a pre-authorised code, with its number, for an access token. Three wrong numbers end the code."""
    at = share.moment(now)
    if form.get("grant_type") != GRANT:
        raise OpenIdError("unsupported_grant_type", "only the pre-authorised code flow is offered")
    code = form.get("pre-authorized_code", "")
    kept = _open(session, "offer", code, at, "invalid_grant")
    if not secrets.compare_digest(kept.body["pin"], hash_of(code + form.get("tx_code", ""))):
        tries = kept.body["tries"] + 1
        session.run(queries.SET_TICKET, {"body": json.dumps({**kept.body, "tries": tries}), "ticket_hash": hash_of(code)})
        if tries >= 3:
            _use(session, code, at, {})
        raise WrongPinError("invalid_grant", "the number does not fit")
    if not _use(session, code, at, {}):
        raise OpenIdError("invalid_grant", "the code has been used")
    made = secrets.token_urlsafe(24)
    _keep(session, "token", made, _Kept(kept.licence_id, kept.holder), at)
    return {"access_token": made, "token_type": "Bearer", "expires_in": int(LIFE.total_seconds())}


class WrongPinError(OpenIdError):
    """A wrong number: the count of tries must be kept although the request is refused."""


def nonce(session: Session, *, now: datetime | None = None) -> dict[str, str]:
    """A challenge for a wallet's proof of its key."""
    made = secrets.token_urlsafe(18)
    _keep(session, "nonce", made, _Kept(), share.moment(now))
    return {"c_nonce": made}


def hand_over(session: Session, access_token: str, body: Mapping[str, Any], *, now: datetime | None = None) -> dict[str, Any]:
    """The licence for a wallet that has proved its key: signed anew for that key, with the same number, facts and state."""
    at = share.moment(now)
    kept = _open(session, "token", access_token, at, "invalid_token")
    licence = library.newest(session, kept.licence_id, share.city_day(at).isoformat())
    if body.get("credential_configuration_id") != licence.type:
        raise OpenIdError("unknown_credential_configuration", "the token is for another type of licence")
    proofs = body.get("proofs")
    given = proofs.get("jwt") if isinstance(proofs, Mapping) else None
    if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], str):
        raise OpenIdError("invalid_proof", "send one proof of type jwt")
    key = _proved_key(session, given[0], at)
    if licence.state != "valid" or not _use(session, access_token, at, {}):
        raise OpenIdError("credential_request_denied", "the licence is no longer in force, or was handed over already")
    return {"credentials": [{"credential": _copy(session, licence, key, at)}]}


def _proved_key(session: Session, proof: str, at: datetime) -> PublicKey:
    """The wallet's key, once its proof stands: our name, our challenge (used up by it), the right age."""
    try:
        header, raw, signing_input, signature = open_jws(proof)
        if header.get("typ") != "openid4vci-proof+jwt":
            raise ForgedError("type")
        key = PublicKey.from_jwk(header.get("jwk"))
        key.check(signing_input, signature)
        said = read_json(raw)
        aud, challenge, made = said.get("aud"), said.get("nonce"), said.get("iat")
    except (ForgedError, AttributeError):
        raise OpenIdError("invalid_proof", "the proof does not stand") from None
    if aud != issuer_name(share.installed(session).settings) or not isinstance(made, int):
        raise OpenIdError("invalid_proof", "the proof is for another issuer")
    if abs(int(at.timestamp()) - made) > PROOF_LIFE:
        raise OpenIdError("invalid_proof", "the proof is too old")
    _open(session, "nonce", str(challenge), at, "invalid_nonce")
    if not _use(session, str(challenge), at, {}):
        raise OpenIdError("invalid_nonce", "the challenge has been used")
    return key


def _copy(session: Session, licence: Licence, key: PublicKey, at: datetime) -> str:
    """The licence signed for another key; on record with the digest of its own."""
    settings, kind = share.installed(session).settings, library.type_of(session, licence.type)
    rows = session.all(queries.PARTS_OF, {"composite_id": licence.licence_id})
    parts = [library.newest(session, row[0], "") for row in rows]
    places = [(one.type, one.identifier, Place(list_uri(settings, one.list_id), one.list_index)) for one in parts]
    facts, place = credential.facts_of(licence.credential, kind), Place(list_uri(settings, licence.list_id), licence.list_index)
    seconds, name = int(at.timestamp()), issuer_name(settings)
    face = Face(name, kind, licence.identifier, facts, place, seconds, licence.valid_from, licence.valid_until, places)
    text = credential.sign(face, signing_key(session, kind.department, at), key)
    body = {
        "act": "handed_over",
        "licence": licence.licence_id,
        "version": licence.version,
        "kind": licence.type,
        "digest": digest_of(text),
    }
    ledger.append(session, ledger.Line("licence", share.moment_text(at), licence.holder, "", licence.department, body=body))
    return text


def ask(session: Session, actor: Actor, query: Mapping[str, Any], purpose: str, *, now: datetime | None = None) -> dict[str, str]:
    """A verifier asks wallets for licences by a DCQL query; the request's address and its secret number. Raises BadValue."""
    at = share.moment(now)
    share.refuse_stopped(session, actor, now=at)
    if actor.kind == "system" and not actor.agreements:
        raise Forbidden("没有任何协议的密钥不能请求出示 (a key without any agreement asks nobody)")
    _checked_query(query)
    if not purpose.strip() or len(purpose) > 60:
        raise BadValue("purpose", "is missing or too long", "say what it is asked for, in 60 characters")
    number = secrets.token_urlsafe(18)
    body = {"query": query, "nonce": secrets.token_urlsafe(18)}
    _keep(session, "request", number, _Kept(department=actor.department, purpose=purpose.strip(), body=body), at)
    name = issuer_name(share.installed(session).settings)
    uri = f"{name}/api/v1/openid/requests/{number}"
    wallet = f"openid4vp://?client_id={quote(name, safe='')}&request_uri={quote(uri, safe='')}"
    return {"request_id": number, "request_uri": uri, "wallet_uri": wallet, "expires_at": share.moment_text(at + LIFE)}


def request_object(session: Session, number: str, *, now: datetime | None = None) -> str:
    """The request as a wallet fetches it, signed by the city. Raises Missing."""
    at = share.moment(now)
    kept = _waiting(session, number, at)
    name = issuer_name(share.installed(session).settings)
    said = {
        "iss": name, "aud": "https://self-issued.me/v2", "client_id": name, "response_type": "vp_token", "response_mode": "direct_post",
        "response_uri": f"{name}/api/v1/openid/responses/{number}", "nonce": kept.body["nonce"], "state": number,
        "dcql_query": kept.body["query"], "iat": int(at.timestamp()), "exp": int((at + LIFE).timestamp()),
    }  # fmt: skip
    return sign_jws(signing_key(session, CITY, at), {"typ": "oauth-authz-req+jwt"}, compact_json(said))


def respond(session: Session, number: str, vp_token: str, *, now: datetime | None = None) -> Mapping[str, str]:
    """A wallet answers; each licence is verified against the query, and its use goes on record. Raises Missing, OpenIdError."""
    at = share.moment(now)
    kept = _waiting(session, number, at)
    try:
        given = read_json(vp_token.encode())
    except ForgedError:
        given = None
    wanted = {one["id"]: one for one in kept.body["query"]["credentials"]}
    if not isinstance(given, Mapping) or set(given) != set(wanted):
        raise OpenIdError("invalid_request", "vp_token must answer each credential of the query, and nothing else")
    name = issuer_name(share.installed(session).settings)
    asker = Actor("openid", "openid", "system", kept.department)
    answers = {}
    for query_id, texts in given.items():
        if not isinstance(texts, list) or len(texts) != 1 or not isinstance(texts[0], str):
            raise OpenIdError("invalid_request", "send one presentation for each credential of the query")
        verdict = verify(texts[0], statuses(session), now=at, expect=Expect(name, kept.body["nonce"]), state=live_state(session))
        _fits(wanted[query_id], verdict, name)
        licence = library.by_identifier(session, verdict.identifier, "")
        if licence is not None:
            record_use(session, licence, NewUse("protocol", asker, kept.purpose, tuple(verdict.claims), verdict.outcome), at)
        reasons = [{"code": one.code, "zh": one.zh, "en": one.en} for one in verdict.reasons]
        answers[query_id] = {
            "outcome": verdict.outcome,
            "type": verdict.type,
            "identifier": verdict.identifier,
            "claims": dict(verdict.claims),
            "reasons": reasons,
        }
    if not _use(session, number, at, {"answers": answers}):
        raise OpenIdError("invalid_request", "the request has been answered")
    return {}


def result(session: Session, actor: Actor, number: str, *, now: datetime | None = None) -> dict[str, Any]:
    """What wallets answered, for who asked; what was shown is given once and then forgotten. Raises Missing."""
    row = session.one(queries.TICKET, {"ticket_hash": hash_of(number), "kind": "request"})
    if row is None or row[2] != actor.department:
        raise Missing("There is no such request of yours.")
    body = json.loads(row[4])
    if not row[6]:
        return {"state": "waiting" if row[5] > share.moment_text(share.moment(now)) else "lapsed", "answers": {}}
    answers = body.pop("answers", None)
    session.run(queries.SET_TICKET, {"body": json.dumps(body), "ticket_hash": hash_of(number)})
    return {"state": "answered" if answers is not None else "taken", "answers": answers or {}}


def _fits(wanted: Mapping[str, Any], verdict: Verdict, name: str) -> None:
    """A licence that is not genuine, of another type, or lacks what was asked, is no answer."""
    if verdict.outcome == "forged":
        raise OpenIdError("invalid_request", verdict.reasons[0].en)
    if vct(name, verdict.type) not in wanted["meta"]["vct_values"]:
        raise OpenIdError("invalid_request", "the licence is of a type that was not asked for")
    if any(one["path"][0] not in verdict.claims for one in wanted.get("claims", ())):
        raise OpenIdError("invalid_request", "the licence does not show all that was asked for")


def _checked_query(query: Mapping[str, Any]) -> None:
    """The part of DCQL that is spoken here: licences by type, and single facts of them. Raises BadValue for the rest, by name."""
    if strange := set(query) - {"credentials"}:
        raise BadValue("dcql_query", f"{sorted(strange)[0]} is not supported", "ask by credentials alone")
    asked = query.get("credentials")
    if not isinstance(asked, list) or not 1 <= len(asked) <= MOST_ASKED:
        raise BadValue("dcql_query", f"credentials must be a list of 1 to {MOST_ASKED}")
    for one in asked:
        if not isinstance(one, Mapping) or not isinstance(one.get("id"), str) or set(one) - {"id", "format", "meta", "claims"}:
            raise BadValue("dcql_query", "each credential has id, format, meta and claims")
        meta = one.get("meta")
        values = meta.get("vct_values") if isinstance(meta, Mapping) else None
        if one.get("format") != sdjwt.TYP or not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise BadValue("dcql_query", f"format must be {sdjwt.TYP} and meta must hold vct_values")
        for claim in one.get("claims", ()):
            path = claim.get("path") if isinstance(claim, Mapping) else None
            if not isinstance(path, list) or len(path) != 1 or not isinstance(path[0], str) or set(claim) != {"path"}:
                raise BadValue("dcql_query", "a claim is asked for by a path of one name")
    if len({one["id"] for one in asked}) != len(asked):
        raise BadValue("dcql_query", "two credentials have the same id")


@dataclass(frozen=True)
class _Kept:
    """What a secret stands for."""

    licence_id: str = ""
    holder: str = ""
    department: str = ""
    purpose: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


def _keep(session: Session, kind: str, secret: str, kept: _Kept, at: datetime) -> None:
    session.run(queries.SWEEP_TICKETS, {"before": share.moment_text(at - timedelta(days=1))})
    times = {"made_at": share.moment_text(at), "expires_at": share.moment_text(at + LIFE)}
    params = {"ticket_hash": hash_of(secret), "kind": kind, "licence_id": kept.licence_id, "holder": kept.holder}
    rest = {"department": kept.department, "purpose": kept.purpose, "body": json.dumps(kept.body, ensure_ascii=False)}
    session.run(queries.ADD_TICKET, params | times | rest)


def _open(session: Session, kind: str, secret: str, at: datetime, error: str) -> _Kept:
    row = session.one(queries.TICKET, {"ticket_hash": hash_of(secret), "kind": kind})
    if row is None or row[6] or row[5] <= share.moment_text(at):
        raise OpenIdError(error, "it is unknown, used or too old")
    return _Kept(row[0], row[1], row[2], row[3], json.loads(row[4]))


def _waiting(session: Session, number: str, at: datetime) -> _Kept:
    try:
        return _open(session, "request", number, at, "invalid_request")
    except OpenIdError:
        raise Missing("There is no such request, or it is over.") from None


def _use(session: Session, secret: str, at: datetime, body: Mapping[str, Any]) -> bool:
    params = {"at": share.moment_text(at), "by": "openid", "body": json.dumps(body, ensure_ascii=False), "ticket_hash": hash_of(secret)}
    return session.run(queries.USE_TICKET, params) == 1
