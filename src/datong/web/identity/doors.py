"""What services ask directly: where things are, the public key, a code's exchange, and who a token stands for.

These answer as OAuth and OpenID Connect say, and describe themselves by discovery; they are no part of `/api/v1`.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_plus

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from datong.web import clock
from datong.web.api.keys import secret_in
from datong.web.identity.flow import exchange, told
from datong.web.identity.keys import discovery, jwks
from datong.web.identity.services import OidcError

NO_STORE = {"Cache-Control": "no-store"}
Door = Callable[[Request], Awaitable[Response]]
MOST_FIELDS = 12


def make_discovery(app: FastAPI) -> Door:
    """`GET /.well-known/openid-configuration`."""

    async def found(_: Request) -> Response:
        return JSONResponse(discovery(app.state.settings))

    return found


def make_keys(app: FastAPI) -> Door:
    """`GET /identity/keys`."""

    def read() -> dict[str, Any]:
        with app.state.store.session(read_only=True) as session:
            return jwks(session)

    async def found(_: Request) -> Response:
        return JSONResponse(await run_in_threadpool(read))

    return found


def make_token(app: FastAPI) -> Door:
    """`POST /identity/token`: a code for the signed statement."""

    def give(client: tuple[str, str], form: dict[str, str]) -> Response:
        try:
            with app.state.store.session() as session:
                return JSONResponse(exchange(session, client, form, clock.now()), headers=NO_STORE)
        except OidcError as error:
            return _refused(error)

    async def token(request: Request) -> Response:
        sent = await request.form(max_fields=MOST_FIELDS, max_files=0)
        form = {name: str(value) for name, value in sent.items()}
        return await run_in_threadpool(give, _basic(request.headers.get("authorization", "")), form)

    return token


def make_userinfo(app: FastAPI) -> Door:
    """`GET /identity/userinfo`: who a token stands for."""

    def read(token: str) -> Response:
        try:
            with app.state.store.session(read_only=True) as session:
                return JSONResponse(told(session, token, clock.now()), headers=NO_STORE)
        except OidcError as error:
            return _refused(error)

    async def userinfo(request: Request) -> Response:
        return await run_in_threadpool(read, secret_in(request.headers.get("authorization", "")))

    return userinfo


def _basic(header: str) -> tuple[str, str]:
    """Name and secret of a service as HTTP basic authentication carries them; empty ones for anything else."""
    scheme, _, rest = header.partition(" ")
    try:
        name, _, secret = b64decode(rest.strip(), validate=True).decode().partition(":") if scheme.lower() == "basic" else ("", "", "")
    except (BadBase64, UnicodeDecodeError, ValueError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def _refused(error: OidcError) -> Response:
    status = 401 if error.error in ("invalid_client", "invalid_token") else 400
    scheme = "Bearer" if error.error == "invalid_token" else "Basic"
    ask = {"WWW-Authenticate": f'{scheme} error="{error.error}"'} if status == 401 else {}
    return JSONResponse({"error": error.error, "error_description": error.text}, status, headers=NO_STORE | ask)
