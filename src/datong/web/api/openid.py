"""Licences by API: keys and lists of states for verifiers, OpenID4VCI and OpenID4VP for wallets."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response

from datong import licences
from datong.licences import OpenIdError
from datong.web import clock
from datong.web.api.keys import Holder, secret_in
from datong.web.api.schemas import Strict
from datong.web.errors import ProblemError

NO_STORE = {"Cache-Control": "no-store"}
Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,40}$")]
ListId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,59}-[0-9]{1,6}$")]


class PresentationRequestIn(Strict):
    """Which licences are asked for, and what for."""

    purpose: str = Field(min_length=1, max_length=60)
    dcql_query: dict[str, Any]


class PresentationRequestOut(BaseModel):
    """Where a wallet finds the request."""

    request_id: str
    request_uri: str
    wallet_uri: str
    expires_at: str


class PresentationResultOut(BaseModel):
    """What wallets answered; `answers` is given once."""

    state: str
    answers: dict[str, Any]


def licence_keys(request: Request) -> Response:
    """The public keys of the issuing departments, as a JSON Web Key Set. `department` says for whom each may sign."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(licences.jwks(session))


def status_bundle(request: Request) -> Response:
    """Keys and every list of states: what a verifier carries to work without a line, for 24 hours."""
    with request.app.state.store.session() as session:
        return JSONResponse(licences.bundle(session, now=clock.now()))


def status_list(request: Request, list_id: ListId) -> Response:
    """One list of states (Token Status List), signed."""
    with request.app.state.store.session() as session:
        text = licences.status_list(session, list_id, now=clock.now())
    return PlainTextResponse(text, media_type="application/statuslist+jwt")


def issuer_metadata(request: Request) -> Response:
    """What this issuer offers to wallets (OpenID4VCI 1.0)."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(licences.openid_metadata(session))


def vc_issuer(request: Request) -> Response:
    """The issuer's keys where SD-JWT VC looks for them."""
    with request.app.state.store.session(read_only=True) as session:
        found = licences.openid_metadata(session)["credential_issuer"]
        return JSONResponse({"issuer": found, "jwks": licences.jwks(session)})


async def token(request: Request) -> Response:
    """Exchange a pre-authorised code and its number for an access token."""
    form = await request.form(max_fields=10, max_files=0)
    given = {name: str(value) for name, value in form.items()}
    return await run_in_threadpool(_token, request, given)


def _token(request: Request, form: dict[str, str]) -> Response:
    wrong = None
    with request.app.state.store.session() as session:
        try:
            return JSONResponse(licences.openid_token(session, form, now=clock.now()), headers=NO_STORE)
        except OpenIdError as error:
            wrong = error  # the count of wrong numbers is kept: the session ends well
    return _error(wrong)


def nonce(request: Request) -> Response:
    """A challenge for the proof of a wallet's key."""
    with request.app.state.store.session() as session:
        return JSONResponse(licences.openid_nonce(session, now=clock.now()), headers=NO_STORE)


async def credential(request: Request) -> Response:
    """Hand a licence over to a wallet that proves its key."""
    body = await _json(request)
    return await run_in_threadpool(_credential, request, body)


def _credential(request: Request, body: dict[str, Any]) -> Response:
    access = secret_in(request.headers.get("authorization", ""))
    try:
        if not access:
            raise OpenIdError("invalid_token", "send the access token")
        with request.app.state.store.session() as session:
            return JSONResponse(licences.openid_credential(session, access, body, now=clock.now()), headers=NO_STORE)
    except OpenIdError as error:
        return _error(error, 401 if error.error == "invalid_token" else 400)


def ask_presentation(request: Request, body: PresentationRequestIn, holder: Holder) -> Response:
    """Ask wallets for licences by a DCQL query."""
    with request.app.state.store.session() as session:
        made = licences.openid_ask(session, holder, body.dcql_query, body.purpose, now=clock.now())
    return JSONResponse(made, 201)


def presentation_request(request: Request, number: Number) -> Response:
    """The request as a wallet fetches it, signed."""
    with request.app.state.store.session() as session:
        text = licences.openid_request(session, number, now=clock.now())
    return PlainTextResponse(text, media_type="application/oauth-authz-req+jwt")


async def presentation_response(request: Request, number: Number) -> Response:
    """A wallet answers (direct_post): `vp_token` holds a presentation for each credential of the query."""
    form = await request.form(max_fields=10, max_files=0)
    return await run_in_threadpool(_respond, request, number, str(form.get("vp_token", "")))


def _respond(request: Request, number: str, vp_token: str) -> Response:
    try:
        with request.app.state.store.session() as session:
            return JSONResponse(dict(licences.openid_respond(session, number, vp_token, now=clock.now())), headers=NO_STORE)
    except OpenIdError as error:
        return _error(error)


def presentation_result(request: Request, number: Number, holder: Holder) -> Response:
    """What wallets answered to a request of yours; what they showed is given once."""
    with request.app.state.store.session() as session:
        return JSONResponse(licences.openid_result(session, holder, number, now=clock.now()), headers=NO_STORE)


async def _json(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProblemError("bad-json")
    return found


def _error(error: OpenIdError, status: int = 400) -> Response:
    return JSONResponse({"error": error.error, "error_description": error.text}, status, headers=NO_STORE)
